"""``maild explain``: what would be done with a mail, and why, changing nothing."""

import json
import sys
from pathlib import Path

import click

from maild.app.explain import explaining, mails
from maild.cli import output
from maild.cli.context import as_json, configured


@click.command()
@click.argument("file")
@as_json
def explain(file: str, as_json: bool) -> None:
    """Explain FILE (a mail, ``-`` for standard input, a folder of mails, a Maildir or an mbox)."""
    from rich.progress import track

    given = "-" if file == "-" else Path(file)
    single = file == "-" or (Path(file).is_file() and not _is_mbox(Path(file)))
    with explaining(configured()) as look:
        if single:
            raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            output.record(look(raw), as_json)
            return
        found = list(mails(Path(str(given))))
        for name, read in track(found, "explaining", disable=not sys.stderr.isatty()):
            click.echo(json.dumps({"file": name, **look(read())}, ensure_ascii=False))


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "
