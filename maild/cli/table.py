"""The team's commands as shell commands, made from their table."""

from collections.abc import Callable, Iterator

import click

from maild.app import operator
from maild.app.desk import Desk
from maild.cli import completing, output
from maild.cli.context import CASE, desk
from maild.core.words.row import Proof, Row, Typed
from maild.core.words.table import TABLE

Said = Callable[[Desk, str, str, str], str]


def typed() -> Iterator[click.Command]:
    """The commands that take a case (or, about oneself, a member) and what the table shows as arguments."""
    for row in TABLE:
        if row.typed is Typed.SAME:
            yield _command(row)


def _command(row: Row) -> click.Command:
    about, said = ("MEMBER", operator.of_member) if row.proof is Proof.OWN else ("CASE", operator.say)
    offers = completing.members if row.proof is Proof.OWN else completing.cases
    kind = CASE if about == "CASE" else click.STRING
    params: list[click.Parameter] = [
        click.Argument(["about"], type=kind, metavar=about, shell_complete=offers)
    ]
    if row.arguments:
        more = completing.after(row.name)
        params.append(click.Argument(["rest"], nargs=-1, metavar=row.arguments, shell_complete=more))
    return click.Command(row.name, params=params, help=row.help, callback=_callback(row, said))


def _callback(row: Row, said: Said) -> Callable[..., None]:
    def command(about: str, rest: tuple[str, ...] = ()) -> None:
        with desk() as opened:
            output.told(said(opened, about, row.name, " ".join(rest)))

    return command
