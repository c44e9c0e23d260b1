"""``maild explain``: what would be done with a mail, and why, changing nothing."""

import sys
from pathlib import Path
from typing import Any

import click

from maild.app.explain import explaining, mails
from maild.cli import output
from maild.cli.context import as_json, configured
from maild.core.screening.said import sentence

_WHY = ("screening", "acknowledgement")
"""The sections whose reasons people are told."""


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
            output.record(seen if as_json else _in_words(seen), as_json)
            return
        for name, read in track(found, "explaining", disable=not sys.stderr.isatty()):
            click.echo(output.encoded({"file": name, **look(read())}, None))


def _in_words(seen: dict[str, Any]) -> dict[str, Any]:
    """What is *seen*, its reasons as sentences."""
    told = {name: seen[name] | {"reasons": [sentence(one) for one in seen[name]["reasons"]]} for name in _WHY}
    return seen | told
