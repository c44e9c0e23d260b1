"""The commands that change something, each through the handler that mail goes through."""

import click

from maild.app import access as knowing
from maild.app import operator
from maild.cli import completing, output
from maild.cli.context import CASE, NUMBER, as_json, desk
from maild.core.cases.closing import UNANNOUNCED, UNREACHABLE
from maild.errors import Refused
from maild.store import views


@click.command()
@click.argument("case", type=CASE, shell_complete=completing.cases)
@click.argument("words", nargs=-1, metavar="[REASON]")
@click.option("--reason", default="done", show_default=True, help="The same as REASON.")
@click.option("--spam", is_flag=True, help="It was spam; nobody has to be answered first.")
@click.option("--unreachable", is_flag=True, help="The reporter cannot be reached.")
@click.option("--unannounced", is_flag=True, help="A vulnerability that is not announced; give a REASON.")
def close(
    case: str, words: tuple[str, ...], reason: str, spam: bool, unreachable: bool, unannounced: bool
) -> None:
    """Close CASE; refused while its reporter, or a vulnerability's announcement, is waiting."""
    reason = " ".join(words) or reason
    if spam + unreachable + unannounced > 1:
        raise Refused("give at most one of --spam, --unreachable and --unannounced")
    how = UNREACHABLE if unreachable else UNANNOUNCED if unannounced else ""
    given = "" if how and reason == "done" else reason
    with desk() as opened:
        click.echo(operator.close(opened, case, f"{how} {given}".strip(), spam))


@click.command("open")
@click.argument("mail", type=NUMBER)
def open_(mail: int) -> None:
    """Show the team what MAIL quotes or forwards encrypted, once you trust its sender."""
    with desk() as opened:
        click.echo(operator.open_mail(opened, mail))


@click.command()
@click.argument("mail", type=NUMBER, required=False)
@click.option("--all", "everything", is_flag=True, help="The whole backlog.")
@as_json
def adopt(mail: int | None, everything: bool, as_json: bool) -> None:
    """List the backlog (what was in the mailbox before the first start), or take in MAIL from it."""
    if mail is not None and everything:
        raise Refused("give one message or --all, not both")
    with desk() as opened:
        if mail is None and not everything:
            output.rows(opened.ask(views.backlogged), as_json, "There is no backlog.", "adopt")
            return
        count = operator.adopt(opened, mail)
        click.echo(f"{output.counted(count, 'message')} of the backlog will be taken in at the next poll.")


@click.command()
@click.argument("letters", nargs=-1, type=NUMBER, metavar="[NUMBER]...")
@click.option("--in-clear", is_flag=True, help="Send it unencrypted. Anyone on the way can read it.")
@click.option("--parked", is_flag=True, help="Every letter that may or may not have been sent.")
@click.option("--was-sent", is_flag=True, help="Send nothing; record that it was sent before.")
def send(letters: tuple[int, ...], in_clear: bool, parked: bool, was_sent: bool) -> None:
    """Send LETTERS that are waiting for a person (`maild outbox` shows why)."""
    if bool(letters) == parked or (in_clear and was_sent):
        raise Refused(
            "give the numbers of letters, or --parked; and at most one of --in-clear and --was-sent"
        )
    with desk() as opened:
        waiting = [row["letter"] for row in opened.ask(views.outbox) if row["state"] == "parked"]
        for letter in waiting if parked else letters:
            operator.send(opened, letter, in_clear, was_sent)
            click.echo(
                f"Letter {letter} {'is recorded as sent' if was_sent else 'will be sent in the next round'}."
            )


@click.command()
@click.argument("case", type=CASE, shell_complete=completing.cases, required=False, default="")
@as_json
def access(case: str, as_json: bool) -> None:
    """Show who can see CASE, or every open case: since when, until when, and why.

    The team sees every case. "in copy" means that they were in To or Cc of a message, intended or not.
    """
    with desk() as opened:
        output.rows(knowing.who(opened, case.upper()), as_json, "Only the operator.", "access")
