"""Letters to lists that hold an old date: prepared by maild, approved by two members, sent at once."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from maild.core.change import Change, OweLetter
from maild.core.disclosure import sending
from maild.core.disclosure.listed import frame, unmet
from maild.core.disclosure.olddates import MOVED, RELEASED, Old, old
from maild.core.disclosure.outward import EYES, approvers, other_key, outdated, unsent
from maild.core.disclosure.preparing import prepare
from maild.core.facts.change import SetFact
from maild.core.facts.record import MAILD
from maild.core.facts.table import FOLLOWUP
from maild.core.letters.payloads import Prepared
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.targets import Predisclosure
from maild.core.words.command import Command
from maild.core.words.reading import Word

_MOVED = """Subject: New date for the coming announcement

The issue that we wrote to you about will become public on
{now}, not on {told}. Until then, please
keep it to yourselves as before."""
_RELEASED = """Subject: The issue is public earlier than we told you

The issue that we wrote to you about is public now. We had told you that
it would become public on {told}. You are free to publish
your updates."""
_WITHDRAWN = """Subject: No announcement on the date that we told you

The issue that we wrote to you about will not be announced on
{told}. Please keep what you know to yourselves until you
hear from us again."""


def prepared(cases: Iterable[Case], policy: Policy, now: datetime) -> list[Change]:
    """The text for each list that holds an old date, once a date, to the members who approve it."""
    return [change for case in cases for change in _together(_of_case(case, policy, now))]


def _of_case(case: Case, policy: Policy, now: datetime) -> Iterator[Change]:
    for one in old(case):
        listed = policy.targets.listed(one.item)
        if listed and listed.key and _wanted(case, one, listed, policy, now):
            yield from _prepared(case, one, listed, policy, now)


def _together(changes: Iterable[Change]) -> list[Change]:
    """*changes* with one letter to each member for all the texts of a case, which one reply can approve."""
    made = list(changes)
    texts: dict[str, list[OweLetter]] = {}
    for one in made:
        if isinstance(one, OweLetter):
            texts.setdefault(one.recipient, []).append(one)
    others = (one for one in made if not isinstance(one, OweLetter))
    return [*others, *(_one_letter(several) for several in texts.values())]


def _one_letter(several: list[OweLetter]) -> OweLetter:
    first, *rest = [one.says for one in several if isinstance(one.says, Prepared)]
    also = tuple((one.item, one.digest) for one in rest)
    return replace(several[0], says=replace(first, also=also))


def _wanted(case: Case, one: Old, listed: Predisclosure, policy: Policy, now: datetime) -> bool:
    """Whether nobody has prepared a letter with what is so now, and the list may be told it."""
    if case.record.value(FOLLOWUP, one.item) == one.mark:
        return False
    if one.why != MOVED:
        return True
    by_hand = unsent(case, one.item) and not outdated(case, one.item)
    return not by_hand and not unmet(listed, case, policy.process, now)


def _prepared(case: Case, one: Old, listed: Predisclosure, policy: Policy, now: datetime) -> Iterator[Change]:
    text = _text(one)
    command = Command(Word("predisclose", one.item), case, MAILD, "", now, policy, below=text, rests=text)
    if one.why == MOVED and one.now:
        lines, date = frame(listed, case, told=True), one.now.isoformat()
    else:
        lines, date = ("" if one.why == RELEASED else f"TLP:{listed.tlp}"), ""
    made = prepare(command, one.item, lines, date).changes
    yield from made
    if made:
        yield SetFact(case.id, FOLLOWUP, one.mark, MAILD, one.item)


def _text(one: Old) -> str:
    """The letter's own words: dates, and nothing else of the case."""
    told, now = (f"{at:%Y-%m-%d %H:%M} UTC" if at else "" for at in (one.told, one.now))
    words = {MOVED: _MOVED, RELEASED: _RELEASED}.get(one.why, _WITHDRAWN)
    return words.format(told=told, now=now)


def due(cases: Iterable[Case], policy: Policy, doubt: str) -> list[Change]:
    """The approved letters about what has no instant ahead any more: withdrawn, or public already.

    One about a date that moved goes the way of every letter to a list. Nothing leaves while the mailbox
    cannot be read: a member may be withdrawing it.
    """
    if doubt == sending.BLIND:
        return []
    found = ((case, one, policy.targets.listed(one.item)) for case in cases for one in old(case))
    return [
        change
        for case, one, listed in found
        if listed and one.why != MOVED and _approved(case, one, listed, policy)
        for change in sending.to_list(listed, case, policy, one.why)
    ]


def _approved(case: Case, one: Old, listed: Predisclosure, policy: Policy) -> bool:
    ready = case.record.value(FOLLOWUP, one.item) == one.mark and unsent(case, one.item)
    two = len(approvers(case.record, one.item, policy.team)) >= EYES
    return ready and two and not other_key(case, listed)
