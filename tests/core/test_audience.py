"""The audience of a mail as one table: where it goes, what clock it meets, who is told (rulings 14 to 18).

Every kind of mail of a case x a server with plus-addresses or without x relay or observe x how its author is
proved. Each row of the table stands for the cells that it names; together they are all there are.
"""

import re
from dataclasses import replace
from itertools import product

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.candidates.said import CaseCandidates
from maild.core.change import OweLetter
from maild.core.changes.promises import MeetClock
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import Delivery, LetterSettled
from maild.core.letters.kinds import LetterKind
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened, Signature
from maild.core.policy import Policy
from tests.support import mails
from tests.support.deciding import CASE, RITA, arrived, case, good, letters, token, verdict
from tests.support.desk import NOW
from tests.support.members import (
    ADDRESS,
    OBSERVE,
    RELAY,
    TEAM,
    Way,
    audiences,
    decided,
    mail,
    opened,
    policy,
    to,
)

PROOFS = ("signed", "authenticated", "token", "none")
MODES = {"relay": RELAY, "observe": OBSERVE}
REPORTERS_KEY = "5" * 40
CLOCKS = {1: "acknowledge", 2: "respond"}
"""The promises of the usual case that run."""

# verdict: what the mail is taken for. to him: what goes to the reporter. copies: who gets one, and where a
# reply to it would go. at once / later: the promises met by the mail, or when a server took what it led to.
TABLE = """
mail      plus  mode     proof               | verdict  to him  copies  at once  later  told
report    *     relay    *                   | report  receipt  team>reporter  -  acknowledge  -
report    *     observe  *                   | report  receipt  -  -  acknowledge  -
reporter  *     relay    *                   | correspondence  -  team>reporter  -  -  -
reporter  *     observe  *                   | correspondence  -  -  -  -  -
answer    *     relay    signed/authenticated/token| correspondence  answer  others>reporter  -  acknowledge respond  -
answer    *     observe  signed/authenticated| correspondence  -  -  acknowledge respond  -  -
internal  *     relay    signed/authenticated/token| correspondence  -  others>team  -  -  -
internal  *     observe  signed/authenticated| correspondence  -  -  -  -  -
fresh     yes   relay    signed/authenticated/token| correspondence  -  others>team  -  -  -
fresh     no    relay    signed/authenticated| report  -  others>team  -  -  -
fresh     *     observe  signed/authenticated| report  -  -  -  -  -
fresh     *     observe  none/token          | report  -  -  -  -  receipt-by-hand unverified-member
unclear   *     relay    signed/authenticated| correspondence  -  others>team  -  -  unclear-audience
unclear   *     observe  signed/authenticated| correspondence  -  -  -  -  -
fresh     yes   relay    none                | held  -  -  -  -  unverified-member your-mail-held
fresh     no    relay    none/token          | held  -  -  -  -  unverified-member your-mail-held
answer/internal    *  relay    none          | held  -  -  -  -  unverified-member your-mail-held
unclear   *     relay    none/token          | held  -  -  -  -  unverified-member your-mail-held
answer/internal/unclear  *  observe  none/token | correspondence  -  -  -  -  unverified-member
"""
"""``report``: a mail of no case. ``reporter``: his later mail. ``answer``: a member's reply to such a mail.
``internal``: a reply among the team. ``fresh``: a member's new mail. ``unclear``: known thread, no token."""


def cells() -> list[tuple[str, str, str, str]]:
    """Every cell there is."""
    return list(product(KINDS, ("yes", "no"), MODES, PROOFS))


def reporters(raw: bytes, proof: str, mode: Policy, found: MailCandidates) -> Decision:
    """A mail of Rita's, signed by her remembered key, from a proved domain, or neither."""
    domain = "mx.project.example; dmarc=pass header.from=reporter.example"
    if proof == "authenticated":
        raw = f"Authentication-Results: {domain}\r\n".encode() + raw
    found_good = good(REPORTERS_KEY) if proof == "signed" else Signature()
    found = replace(found, known_key=REPORTERS_KEY)
    return arrived(raw, found, opened=Opened(parse(raw), signature=found_good), policy=mode)


def report(plus: bool, proof: str, mode: Policy) -> Decision:
    """A mail of no case."""
    return reporters(mails.plain(), proof, policy(Way(plus=plus), mode), MailCandidates(CASE))


def reporter(plus: bool, proof: str, mode: Policy) -> Decision:
    """A later mail of the reporter's."""
    raw = mails.plain(message_id="<two@reporter.example>")
    return reporters(
        raw, proof, policy(Way(plus=plus), mode), MailCandidates("X-777777", by_token=token(case()))
    )


def answer(plus: bool, proof: str, mode: Policy) -> Decision:
    """A member's reply to a mail of the reporter's; where a list delivers, to him with the desk in Cc."""
    if mode is RELAY:
        return decided(Way("reporter", plus, proof))
    return decided(Way("", plus, proof), mode=mode, to=RITA, Cc="security@project.example")


def internal(plus: bool, proof: str, mode: Policy) -> Decision:
    """A member's reply to a mail of the team's own."""
    return decided(Way("team" if mode is RELAY else "", plus, proof), mode=mode)


def fresh(plus: bool, proof: str, mode: Policy) -> Decision:
    """A member's new mail: to the case's team address where there is one, else to the desk."""
    if mode is RELAY and plus:
        return decided(Way("team", plus, proof))
    way = Way("", plus, proof)
    raw = mail(way, message_id="<new@home.example>")
    found = MailCandidates("EX-777777")
    return arrived(raw, found, opened=opened(raw, way), policy=policy(way, mode))


def unclear(plus: bool, proof: str, mode: Policy) -> Decision:
    """A member's mail of a known thread that bears no token of his."""
    return decided(Way("", plus, proof), mode=mode)


KINDS = {one.__name__: one for one in (report, reporter, answer, internal, fresh, unclear)}


def seen(kind: str, plus: str, mode: str, proof: str) -> tuple[str, ...]:
    """What became of the mail of one cell, in the columns of the table."""
    decision = KINDS[kind](plus == "yes", proof, MODES[mode])
    return (
        str(verdict(decision)),
        " ".join(one.kind for one in _to_him(decision)) or "-",
        _copies(decision),
        _met(decision) or "-",
        " ".join(_later(one, MODES[mode]) for one in _to_him(decision)) or "-",
        " ".join(sorted(str(one.facts["about"]) for one in letters(decision, LetterKind.NOTICE))) or "-",
    )


def _to_him(decision: Decision) -> list[OweLetter]:
    owed = [change for change in decision.changes if isinstance(change, OweLetter)]
    return [one for one in owed if RITA in (one.recipient, one.reporter)]


def _copies(decision: Decision) -> str:
    """Who gets a copy, and where a reply to it goes."""
    people = {frozenset(): "", frozenset(TEAM): "team", frozenset(TEAM - {ADDRESS}): "others"}
    where = ">".join(str(one) for one in audiences(decision))
    return ">".join(word for word in (people[frozenset(to(decision))], where) if word) or "-"


def _met(decision: Decision) -> str:
    """The promises that are kept; the usual case's first clock is *acknowledge*, its second *respond*."""
    return " ".join(CLOCKS[c.clock] for c in decision.changes if isinstance(c, MeetClock))


def _later(letter: OweLetter, mode: Policy) -> str:
    """What its acceptance by a server keeps."""
    event = LetterSettled(7, letter.kind, CASE, RITA, Delivery.SENT, by=str(letter.facts.get("by", "")))
    return _met(decide(event, CaseCandidates(case()), mode, NOW))


def rows() -> dict[tuple[str, str, str, str], tuple[str, ...]]:
    """The table, its stars and bars written out; a cell that stands in two rows is a mistake."""
    found: dict[tuple[str, str, str, str], tuple[str, ...]] = {}
    for line in TABLE.strip().splitlines()[1:]:
        left, _, right = line.partition("|")
        named = [word.split("/") for word in left.split()]
        for cell in cells():
            if all(names == ["*"] or one in names for one, names in zip(cell, named, strict=True)):
                assert cell not in found, cell
                found[cell] = tuple(re.split(r" {2,}", right.strip()))
    return found


def test_the_table_is_complete() -> None:
    """Each of the cells has its one row."""
    assert sorted(rows()) == sorted(cells())


@pytest.mark.parametrize("cell", cells(), ids=" ".join)
def test_audience(cell: tuple[str, str, str, str]) -> None:
    """The mail of this cell goes, keeps and tells what its row says."""
    assert seen(*cell) == rows()[cell]
