"""What a letter to one reporter may say of them: their own facts, never the case's or another reporter's.

A case may have several reporters, when two reports of the same thing were joined. Each reads the subject of
their own first message and their own credit. ``Own`` is what their letters are filled from, and it is made
here only: nothing else of the case reaches the maker of such a letter.
"""

from dataclasses import dataclass, field

from maild.core.facts.table import CREDIT, tellable
from maild.core.mail.address import sender
from maild.core.mail.mime import Part, parse
from maild.core.mail.text import harmless
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.ids import named

NO_SUBJECT = "your report"
"""What stands for a subject that is not to be told, or is not known."""


@dataclass(frozen=True, slots=True)
class Own:
    """One reporter of a case: where they are written to, and how the announcement names them."""

    address: str = field(repr=False)
    credit: str = field(default="", repr=False)


def own(case: Case, address: str, policy: Policy) -> Own:
    """The facts of the reporter at *address*; of an encrypted case no credit, which people worded."""
    tells = tellable(CREDIT, announced=True, encrypted=case.sealed)
    return Own(address, credit(case, address, policy) if tells else "")


def credit(case: Case, address: str, policy: Policy) -> str:
    """How the reporter at *address* wants to be named, as far as that is known to be about them."""
    each = case.record.items(CREDIT)
    if each:
        return each.get(item(case.id, address, policy), "")
    return case.record.value(CREDIT) if case.reporters == (address,) else ""


def item(case_id: str, address: str, policy: Policy) -> str:
    """The item under which a credit is that of the reporter at *address*."""
    return named(policy.desk.secret, case_id, address)


def credits_of(case: Case) -> str:
    """How all reporters of *case* are named, for the team; ``nobody`` only where each wants that."""
    given = list(case.record.items(CREDIT).values()) or [case.record.value(CREDIT)]
    return "; ".join(dict.fromkeys(one for one in given if one != "nobody")) or next(iter(given))


def all_asked(case: Case) -> bool:
    """Whether it is known of each reporter of *case* how they want to be named."""
    each = case.record.items(CREDIT)
    return len(each) >= len(case.reporters) if each else bool(case.record.value(CREDIT))


def subject(root: Part, policy: Policy) -> str:
    """The subject of a reporter's first message *root*; of one that a member forwarded, the report's own."""
    author = sender(root.headers)
    if author is not None and policy.team.claimed_by(author.address):
        attached = [part for part in root.leaves if part.content_type == "message/rfc822"]
        root = parse(attached[0].content).root if len(attached) == 1 else root
        author = sender(root.headers)
        if author is None or policy.team.claimed_by(author.address):
            return NO_SUBJECT
    return harmless(root.headers.text("Subject")) or NO_SUBJECT
