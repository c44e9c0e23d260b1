"""``maild explain``: what would be done with a mail, and why, changing nothing."""

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
    """Explain what maild would do with FILE and why: a message, a folder, a Maildir, an mbox, or -."""
    from rich.progress import track

    found = [(file, sys.stdin.buffer.read)] if file == "-" else list(mails(Path(file)))
    with explaining(configured()) as look:
        if file == "-" or (len(found) == 1 and found[0][0] == Path(file).name):
            output.record(look(found[0][1]()), as_json)
            return
        for name, read in track(found, "explaining", disable=not sys.stderr.isatty()):
            click.echo(output.encoded({"file": name, **look(read())}, None))
