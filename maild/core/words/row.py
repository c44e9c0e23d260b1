"""One command of the team, as the table has it."""

from dataclasses import dataclass
from enum import StrEnum


class Proof(StrEnum):
    """What has to prove who gives a command by mail (rulings 14 and 19)."""

    SIGNATURE = "signature"
    """A member's signature over a text that names the case."""
    ADDRESS = "address"
    """An authenticated From is enough: it changes at most who has taken the case."""
    OWN = "own"
    """A member's signature; the command is about its author, so there is no case to name."""


class Group(StrEnum):
    """What a command is for; the headings of `maild help`."""

    DESK = "desk"
    CASES = "cases"
    MAIL = "mail"
    DISCLOSURE = "disclosure"
    POLICY = "policy"
    UPKEEP = "upkeep"


class Typed(StrEnum):
    """How a command is given in a shell."""

    SAME = "same"
    """`maild NAME CASE ARGUMENTS` (of a member: `maild NAME MEMBER ARGUMENTS`), made from the table."""
    OTHER = "other"
    """The `maild` command of this name takes other arguments, and is written by hand."""
    NEVER = "never"
    """Only a member can give it, by mail."""


@dataclass(frozen=True, slots=True)
class Row:
    """A command: its name, its arguments as people are shown them, and one line of help.

    ``unsigned``: arguments, in lower case, with which an authenticated From is enough. ``told``: what stands
    behind it is meant for people outside, or is theirs; behind all others it is the team's own.
    """

    name: str
    group: Group
    arguments: str
    help: str
    proof: Proof = Proof.SIGNATURE
    unsigned: frozenset[str] = frozenset()
    typed: Typed = Typed.SAME
    told: bool = False

    @property
    def usage(self) -> str:
        """How it is written in a message."""
        return f"!{self.name} {self.arguments}".rstrip()
