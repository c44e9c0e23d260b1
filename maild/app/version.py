"""What this maild is, and what it stands on."""

import platform
import re
import sqlite3
from importlib import metadata
from pathlib import Path

from maild import __version__
from maild.errors import MaildError
from maild.gateways.openpgp import gpg_version


def version() -> str:
    """The versions of maild; of Python, SQLite, gpg; of the libraries that it names: three lines."""
    libraries = (
        re.match(r"[\w.-]+", one) for one in metadata.requires("maild") or () if "extra ==" not in one
    )
    names = sorted(match.group() for match in libraries if match)
    base = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_gpg()}"
    return f"maild {__version__}\n{base}\n{', '.join(f'{name} {metadata.version(name)}' for name in names)}"


def _gpg() -> str:
    try:
        return f"gpg {'.'.join(str(part) for part in gpg_version(Path('/')))}"  # it reads no key folder
    except MaildError:
        return "no gpg"
