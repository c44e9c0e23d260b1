"""The operator's words: ``maild …``. Typed words in, tables or JSON out, exit statuses from sysexits(3)."""

from maild.cli.main import main

__all__ = ["main"]
