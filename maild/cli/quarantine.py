"""The commands about the quarantine: what is in it, and what a person says of it."""

from collections.abc import Callable
from typing import Any

import click

from maild.app import held, operator
from maild.app.held import Wanted
from maild.cli import output
from maild.cli.context import NUMBER, as_json, desk
from maild.core.screening.said import sentence
from maild.errors import Refused

EMPTY = "The quarantine is empty."
_FILTERS = (
    click.option("--from", "sender", default="", help="Only those with this in the sender's address."),
    click.option("--subject", default="", help="Only those with this in the subject."),
    click.option("--score-above", "above", type=float, help="Only those with a higher score, such as 4.5."),
)


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """Give *command* the options that pick some of the quarantine."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def _wanted(mails: tuple[int, ...], options: dict[str, Any]) -> Wanted:
    """What the options say; usage is shown when there is neither a number nor an option."""
    wanted = Wanted(**options)
    if not mails and not wanted:
        raise click.UsageError("give the numbers of messages, or --from, --subject, --score-above or --all")
    return wanted


@click.command()
@filtered
@click.option("--all", "everything", is_flag=True, help="All of them, not one page.")
@click.option(
    "--page",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help=f"Which page, of {held.PAGE} messages; default: 1.",
)
@as_json
def quarantine(
    sender: str, subject: str, above: float | None, everything: bool, page: int | None, as_json: bool
) -> None:
    """List the messages in quarantine: why each is there, and until when somebody has to look at it.

    A page at a time, the likeliest reports first; --all and --json: all of them, the oldest first.
    """
    if everything and page:
        raise Refused("give --all or --page, not both")
    filters = Wanted(sender, subject, above)
    with desk() as opened:
        if page or not (everything or as_json):
            some, count = held.page(opened, filters, page or 1)
            _show(some, as_json, "No such messages." if filters or count else EMPTY)
            _tell_more(some, count, page or 1, as_json)
        elif as_json:
            output.stream(held.listed(opened, filters))
        else:
            _show(list(held.listed(opened, filters)), as_json, "No such messages." if filters else EMPTY)


def _show(some: list[dict[str, Any]], as_json: bool, empty: str) -> None:
    told = [{**row, "reasons": [sentence(one) for one in row["reasons"]]} for row in some]
    output.rows(some if as_json else told, as_json, empty, "quarantine")


def _tell_more(some: list[dict[str, Any]], count: int | None, page: int, as_json: bool) -> None:
    """That there are others than those on this *page*."""
    if as_json:
        return
    if count is None:
        click.echo(
            f"{output.counted(len(some), 'message')}, and there are more: --page {page + 1}, or --all."
        )
    elif len(some) < count:
        click.echo(f"{len(some)} of {output.counted(count, 'message')}; --page shows others, --all all.")


@click.command()
@click.argument("mails", nargs=-1, type=NUMBER, metavar="[NUMBER]...")
@filtered
@click.option("--all", "everything", is_flag=True, help="Everything in quarantine as probable spam.")
def release(mails: tuple[int, ...], **options: Any) -> None:
    """Open a case for each message that has none; its promises count from when it arrived.

    Name messages by number, or those in quarantine by --from, --subject, --score-above or --all.
    """
    wanted = _wanted(mails, options)
    with desk() as opened:
        for mail in held.numbers(opened, mails, wanted):
            operator.release(opened, mail)
            click.echo(f"Message {mail} is released.")


@click.command()
@click.argument("mails", nargs=-1, type=NUMBER, metavar="[NUMBER]...")
@filtered
@click.option("--all", "everything", is_flag=True, help="Everything in quarantine as probable spam.")
def reject(mails: tuple[int, ...], **options: Any) -> None:
    """Record that messages in quarantine are spam; they are kept, but no longer listed.

    Name messages by number, or those in quarantine by --from, --subject, --score-above or --all.
    """
    wanted = _wanted(mails, options)
    with desk() as opened:
        for mail in held.numbers(opened, mails, wanted):
            operator.reject(opened, mail)
            click.echo(f"Message {mail} is rejected.")
