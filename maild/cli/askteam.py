"""Who is on the team: one line a person, with the file of their key, and each looked at as it is given."""

from collections.abc import Callable
from pathlib import Path

import click

from maild.app import init as founding
from maild.app.desk import now
from maild.app.init import Person
from maild.cli import output
from maild.cli.draft import Draft
from maild.cli.questions import BACKUP, COORDINATOR, person
from maild.cli.said import Said
from maild.core.values.address import ADDRESS, normal
from maild.errors import Refused

EACH = (
    "One person on each line: NAME <ADDRESS>, and behind it, if you have it, the file with their public key, "
    "such as Carl Example <carl@example.org> carl.asc"
)


def team(said: Said, draft: Draft, address: str) -> tuple[list[Person], list[Path]]:
    """The people of the desk at *address*, and the files of their keys."""
    people: list[Person] = []
    keys: list[Path] = []
    output.tell("")
    output.tell(EACH)

    def add(key: str, question: str, given: str | None, *roles: str) -> bool:
        line = given or draft.ask(key, question, check=_check(people, address, key.startswith("handler")))
        if line:
            who, file = _parted(line)
            people.append(person(who, *roles))
            keys.extend([file] if file else [])
        return bool(line)

    add("coordinator", COORDINATOR, said.coordinator, "handler", "coordinator")
    add("backup", BACKUP, said.backup, "backup")
    people += [person(one, "handler") for one in said.handler]
    while add(f"handler{len(people)}", "Another handler, or Enter", None, "handler"):
        pass
    return people, keys


def _check(people: list[Person], address: str, optional: bool) -> Callable[[str], str]:
    """What is wrong with a line, beside the *people* that there are; Enter is well where it is *optional*."""

    def wrong(text: str) -> str:
        if optional and not text:
            return ""
        line, file = _parted(text)
        try:
            found = person(line)
        except click.BadParameter:
            return "NAME <ADDRESS>, such as Carl Example <carl@example.org>"
        return _taken(found, people, address) or (_key(file, found) if file else "")

    return wrong


def _taken(found: Person, people: list[Person], address: str) -> str:
    """What speaks against this person."""
    if not ADDRESS.fullmatch(found.address):
        return f"{found.address} is not an email address, such as carl@example.org"
    if normal(found.address) == normal(address):
        return f"an address of their own: {address} is the desk's"
    for one in people:
        if normal(one.address) == normal(found.address) or one.name == found.name:
            return f"someone other than {one.name}"
    return ""


def _key(file: Path, owner: Person) -> str:
    """What is wrong with the key in *file*."""
    try:
        founding.team_key(file, [owner], now())
    except Refused as error:
        return str(error)
    return ""


def _parted(line: str) -> tuple[str, Path | None]:
    """The person, and the file behind them."""
    who, mark, file = line.rpartition(">")
    return (
        (f"{who}{mark}", Path(file.strip()).expanduser() if file.strip() else None) if mark else (line, None)
    )
