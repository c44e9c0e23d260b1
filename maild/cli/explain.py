"""``maild explain``: what would be done with a mail, and why, changing nothing."""

import sys
from pathlib import Path

import click

from maild.app.explain import explaining, mails
from maild.cli import explained, listing, output
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
            seen = look(found[0][1]())
            if as_json:
                click.echo(output.encoded(seen))
            else:
                listing.printed(explained.page(seen, listing.width()))
            return
        rows = []
        for name, read in track(found, "explaining", transient=True, disable=not sys.stderr.isatty()):
            seen = look(read())
            if as_json:
                click.echo(output.encoded({"file": name, **seen}, None))
            rows.append(explained.row(name, seen))
    if not as_json:
        output.rows(rows, False, "No message is there.", "explain")
