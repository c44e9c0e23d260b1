"""The commands that only look."""

import click

from maild.app import history, hosts, operator
from maild.app.desk import Desk, now
from maild.cli import casepage, completing, deskpage, listing, output
from maild.cli.context import CASE, as_json, desk
from maild.core.mail.text import disarmed
from maild.errors import Refused
from maild.store import figures, mails, standing, views
from maild.store.overview import ANYBODY, overview

NO_HOSTS = "No hosts to list: only a desk in PostgreSQL can have several (maild help postgresql)."


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also closed cases.")
@click.option(
    "--first",
    type=click.Choice(["known"]),
    help="known: first the cases of authors with an earlier confirmed report.",
)
@as_json
def cases(everything: bool, first: str | None, as_json: bool) -> None:
    """List the open cases, most urgent first."""
    with desk() as opened:
        name = "all cases" if everything else "cases"
        found = opened.ask(views.cases, everything)
        if first:
            known = {row["case"]: opened.ask(standing.of_case, row["case"]) for row in found}
            found.sort(key=lambda row: not ((one := known[row["case"]]) and one.confirmed))
        output.rows(found, as_json, "No open cases.", name)


@click.command()
@click.argument("case", type=CASE, shell_complete=completing.cases)
@as_json
def show(case: str, as_json: bool) -> None:
    """Show everything about CASE except the text of its messages."""
    with desk() as opened:
        found = opened.ask(views.show, case.upper())
        if found is None:
            raise Refused(f"there is no case {case.upper()}; `maild cases --all` lists them")
        if as_json:
            output.record(found, as_json)
            return
        told, act = history.story(opened, case), _act(opened, case.upper())
    listing.printed(casepage.page(found, act, told, now(), listing.width()))


def _act(opened: Desk, case: str) -> casepage.Act | None:
    """The next promise of an open case, and the name of whoever has to act."""
    names = {a: one.name for one in opened.policy.team.members for a in (*one.addresses, one.contact)}
    for row in opened.ask(overview).cases:
        if row.case_id == case:
            turn = names.get(row.turn, row.turn)
            return casepage.Act(
                row.promise, row.due, "nobody has taken it" if turn == ANYBODY else f"{turn}'s turn"
            )
    return None


@click.command()
@click.argument("case", type=CASE, shell_complete=completing.cases, required=False, default="")
@click.option("--all", "everything", is_flag=True, help="All of them, not only the newest 50.")
@click.option("--kept", is_flag=True, help="Only what was kept without a case.")
@as_json
def mail(case: str, everything: bool, kept: bool, as_json: bool) -> None:
    """List the messages that were received: what each was taken for, why, and whether you can release it.

    With CASE, the messages of that case. `maild release NUMBER` opens a case for a message that has none.
    """
    if case and (everything or kept):
        raise Refused("name a case, or --all, or --kept")
    with desk() as opened:
        if case and opened.ask(views.show, case.upper()) is None:
            raise Refused(f"there is no case {case.upper()}; `maild cases --all` lists them")
        found = opened.ask(mails.listed, mails.Wanted(everything, kept, case.upper()))
        output.rows(found, as_json, "No messages.", "mail")


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also letters that were sent.")
@as_json
def outbox(everything: bool, as_json: bool) -> None:
    """List the letters that were not sent yet, are waiting for a person, or failed."""
    with desk() as opened:
        output.rows(opened.ask(views.outbox, everything), as_json, "No letters waiting.", "outbox")


@click.command()
@as_json
@click.option("--hosts", "of_hosts", is_flag=True, help="Which host works on the desk, and which stand by.")
@click.argument("case", type=CASE, shell_complete=completing.cases, required=False)
def status(case: str | None, of_hosts: bool, as_json: bool) -> None:
    """Show the state of the desk, or of CASE."""
    if case and of_hosts:
        raise Refused("give CASE or --hosts, not both")
    with desk() as opened:
        if of_hosts:
            output.rows(hosts.listed(opened, now()), as_json, NO_HOSTS, "hosts")
            return
        if case:
            said = operator.say(opened, case, "status", "")
            if as_json:
                output.record({"case": case.upper(), "status": said}, as_json)
            else:
                output.told(disarmed(said))
            return
        found = opened.ask(views.status, now())
        if as_json:
            counted = opened.ask(figures.counted, now())
            found["figures"] = [{"name": f.name, **f.labels, "value": f.value} for f in counted]
            output.record(found, as_json)
            return
    listing.printed(deskpage.page(found, now()))
