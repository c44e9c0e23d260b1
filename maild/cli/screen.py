"""``maild screen``: how the rules would do on your own mail."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from maild.app.screening import figures, judge, labelled, rules_in_force
from maild.cli import output
from maild.cli.context import as_json, config_path
from maild.core.screening.measure import HAM, SPAM
from maild.core.screening.said import sentence


class _Labels(click.ParamType[tuple[str, ...]]):
    """``ham`` or ``spam``, or several with commas between."""

    name = "ham|spam"

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> tuple[str, ...]:
        labels = tuple(one.strip() for one in str(value).split(","))
        if not set(labels) <= {HAM, SPAM}:
            self.fail(f"{value} is neither ham nor spam", param, context)
        return labels


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "--labels",
    type=_Labels(),
    multiple=True,
    help="One label for all, or one for each PATH (ham,spam). Without it, folders named ham or spam decide.",
)
@as_json
def screen(paths: tuple[Path, ...], labels: tuple[tuple[str, ...], ...], as_json: bool) -> None:
    """Try the screening rules on the messages at PATH (a folder, a Maildir, an mbox, one message).

    Prints what would be quarantined, which rules decided, and what was wrong or nearly wrong. Only the rules
    count here; really, encrypted messages, replies and known people are never quarantined.
    """
    from rich.progress import track

    policy = rules_in_force(config_path())
    mails = list(labelled(paths, tuple(one for several in labels for one in several)))
    shown = track(mails, "screening", transient=True, disable=not sys.stderr.isatty())
    found = figures((judge(mail, policy) for mail in shown), policy)
    click.echo(output.encoded(found)) if as_json else tables(found)


def tables(found: Mapping[str, Any]) -> None:
    """The figures for eyes."""
    number = output.counted(found["mails"], "message")
    click.echo(f"{number}; from a score of {found['threshold']:g} they are quarantined.\n")
    shares = [
        {"label": label, **verdicts, "held": f"{found['held_share'][label]:.1%}"}
        for label, verdicts in found["confusion"].items()
    ]
    output.rows(shares, False, "", "screened")
    fired = [{**one, "said": sentence(one["reason"])} for one in found["reasons"]]
    for title, rows, none, name in (
        ("Rules that fired", fired, "None.", "rules"),
        ("Wrong, nearest to right first", found["wrong"], "Nothing.", "screened messages"),
        ("Ham that was nearly quarantined", found["nearest"], "None.", "screened messages"),
    ):
        click.echo(f"\n{title}:")
        output.rows(rows, False, none, name)
