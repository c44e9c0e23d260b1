"""The commands that only look."""

import click

from maild.app import operator
from maild.app.desk import now
from maild.cli import output
from maild.cli.context import as_json, desk
from maild.errors import Refused
from maild.store import figures, mails, views


@click.command()
@click.option("--all", "everything", is_flag=True, help="Closed cases too.")
@as_json
def cases(everything: bool, as_json: bool) -> None:
    """List the open cases, the most urgent first."""
    with desk() as opened:
        output.rows(opened.ask(views.cases, everything), as_json, "No open case.")


@click.command()
@click.argument("case")
@as_json
def show(case: str, as_json: bool) -> None:
    """Show everything about CASE but the text of its mails."""
    with desk() as opened:
        found = opened.ask(views.show, case.upper())
        if found is None:
            raise Refused(f"there is no case {case.upper()}; `maild cases --all` lists them")
        output.record(found, as_json)


@click.command()
@as_json
def quarantine(as_json: bool) -> None:
    """List the mail that is held as probable spam or unproved, why, and until when to look at it."""
    with desk() as opened:
        output.rows(opened.ask(views.quarantine), as_json, "The quarantine is empty.")


@click.command()
@click.argument("case", required=False, default="")
@click.option("--all", "everything", is_flag=True, help="Not only the newest 50.")
@click.option("--kept", is_flag=True, help="Only what was kept without a case.")
@as_json
def mail(case: str, everything: bool, kept: bool, as_json: bool) -> None:
    """List the mail that was received: what it was taken for, why, and whether it can be released.

    With CASE, the mail of that case. `maild release ID` makes a case of a message that has none.
    """
    if case and (everything or kept):
        raise Refused("name a case, or --all, or --kept")
    with desk() as opened:
        if case and opened.ask(views.show, case.upper()) is None:
            raise Refused(f"there is no case {case.upper()}; `maild cases --all` lists them")
        found = opened.ask(mails.listed, mails.Wanted(everything, kept, case.upper()))
        output.rows(found, as_json, "No mail.")


@click.command()
@click.option("--all", "everything", is_flag=True, help="Letters already sent too.")
@as_json
def outbox(everything: bool, as_json: bool) -> None:
    """List the letters owed, under way or failed."""
    with desk() as opened:
        output.rows(opened.ask(views.outbox, everything), as_json, "Nothing is owed.")


@click.command()
@as_json
@click.argument("case", required=False)
def status(case: str | None, as_json: bool) -> None:
    """Show the desk in figures, or say where CASE stands."""
    with desk() as opened:
        if case:
            said = operator.say(opened, case, "status", "")
            output.record({"case": case.upper(), "status": said}, as_json)
            return
        found = opened.ask(views.status, now())
        if as_json:
            counted = opened.ask(figures.counted, now())
            found["figures"] = [{"name": f.name, **f.labels, "value": f.value} for f in counted]
        output.record(found, as_json)
