"""The commands that change something, each through the handler that mail goes through."""

import click

from maild.app import access as knowing
from maild.app import operator
from maild.cli import output
from maild.cli.context import NUMBER, as_json, desk
from maild.errors import Refused
from maild.store import views


@click.command()
@click.argument("case")
@click.option("--reason", default="done", show_default=True, help="Why it is closed, in a word or two.")
@click.option("--spam", is_flag=True, help="It was no report at all; may be closed unanswered.")
def close(case: str, reason: str, spam: bool) -> None:
    """Close CASE; refused while its reporter waits for a first answer."""
    with desk() as opened:
        click.echo(operator.close(opened, case, reason, spam))


@click.command()
@click.argument("mails", nargs=-1, type=NUMBER, required=True)
def release(mails: tuple[int, ...]) -> None:
    """Release MAILS that have no case: each becomes one, its promises counted from its arrival."""
    with desk() as opened:
        for mail in mails:
            operator.release(opened, mail)
            click.echo(f"mail {mail} is released.")


@click.command()
@click.argument("mails", nargs=-1, type=NUMBER, required=True)
def reject(mails: tuple[int, ...]) -> None:
    """Say that quarantined MAILS are spam; they are kept, and leave the list."""
    with desk() as opened:
        for mail in mails:
            operator.reject(opened, mail)
            click.echo(f"mail {mail} is rejected.")


@click.command()
@click.argument("mail", type=NUMBER, required=False)
@click.option("--all", "everything", is_flag=True, help="All of the backlog.")
@as_json
def adopt(mail: int | None, everything: bool, as_json: bool) -> None:
    """Take in MAIL of the backlog (what stood in the mailbox before the first run); without MAIL, list it."""
    if mail is not None and everything:
        raise Refused("name one mail or --all, not both")
    with desk() as opened:
        if mail is None and not everything:
            output.rows(opened.ask(views.backlogged), as_json, "There is no backlog.")
            return
        count = operator.adopt(opened, mail)
        click.echo(
            f"{count} mail(s) of the backlog will be taken in by the next poll (or `maild run --once`)."
        )


@click.command()
@click.argument("letters", nargs=-1, type=NUMBER)
@click.option("--in-clear", is_flag=True, help="Send it unsealed. Whoever carries it can read it.")
@click.option("--parked", is_flag=True, help="Every letter of which it is not known whether it went out.")
@click.option("--was-sent", is_flag=True, help="Send nothing: it went out before the desk was restored.")
def send(letters: tuple[int, ...], in_clear: bool, parked: bool, was_sent: bool) -> None:
    """Let LETTERS go that are held or parked (`maild outbox` shows why)."""
    if bool(letters) == parked or (in_clear and was_sent):
        raise Refused("name letters or --parked, to be sent (perhaps --in-clear) or --was-sent")
    with desk() as opened:
        waiting = [row["letter"] for row in opened.ask(views.outbox) if row["state"] == "parked"]
        for letter in waiting if parked else letters:
            operator.send(opened, letter, in_clear, was_sent)
            click.echo(f"letter {letter} {'counts as sent' if was_sent else 'goes out with the next round'}.")


@click.command()
@click.argument("case", required=False, default="")
@as_json
def access(case: str, as_json: bool) -> None:
    """Show who can see CASE, or each open case: since when, until when, and why.

    The team sees every case. "in copy" is who was in To or Cc of a mail of the case, meant or not.
    """
    with desk() as opened:
        output.rows(knowing.who(opened, case.upper()), as_json, "Nobody but the operator.")
