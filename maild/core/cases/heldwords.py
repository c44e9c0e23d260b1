"""Held mail by mail: one letter a day lists it, and one word of the answer releases or rejects each.

A word holds a token that only its reader got, so whoever writes it back has read his letter; the From line is
not what proves him. It does no more than moving the mail with a mail client would do (ruling 21).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from maild.core.candidates.mail import Chosen
from maild.core.candidates.times import HeldMail
from maild.core.cases.authority import Standing
from maild.core.cases.heldlist import MOST, lines
from maild.core.cases.heldorders import HeldList, HeldOrder, read
from maild.core.cases.incoming import Incoming
from maild.core.change import Change, OweLetter, Verdict
from maild.core.changes.team import DayTold
from maild.core.decision import Decision
from maild.core.journal import What
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Detail, Held
from maild.core.mail.facts import Facts
from maild.core.policy import Policy
from maild.core.values import ids
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Member
from maild.core.writing import notice, owing

RELEASE, REJECT = "release", "reject"
MOST_AT_ONCE = 500
"""Mails that one answer releases or rejects: all of it is done in one transaction."""
MAX_WORDS = 100
_LENGTH = 12
_WORD = re.compile(rf"(?:{RELEASE}|{REJECT})-[a-z2-7]{{{_LENGTH}}}")


def word(action: str, envelope: int, member: Member, secret: bytes) -> str:
    """The word by which *member* releases or rejects a held mail."""
    return f"{action}-{ids.token(secret, f'held:{envelope}', member.contact, action)[:_LENGTH]}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What stands on top of a mail about held mail: words of the daily list, and orders about several."""

    words: frozenset[str] = frozenset()
    orders: tuple[HeldOrder, ...] = ()

    def __len__(self) -> int:
        return len(self.words) + len(self.orders)


def said(facts: Facts) -> Spoken:
    """The words on top of a mail, up to its first other line: what it quotes says nothing."""
    words: list[str] = []
    orders: list[HeldOrder] = []
    for line in facts.text.splitlines():
        bare = line.strip().lower()
        order = read(bare)
        if _WORD.fullmatch(bare):
            words.append(bare)
        elif order:
            orders.append(order)
        if len(words) + len(orders) == MAX_WORDS or (bare and not order and bare not in words):
            break
    return Spoken(frozenset(words), tuple(orders))


def reader(facts: Facts, policy: Policy) -> Member | None:
    """The member whose words a mail may hold; what a machine wrote, or is probably forged, holds none."""
    doubtful = facts.automatic or facts.authentication.dmarc_failed
    return policy.team.claimed_by(facts.author.address) if facts.author and not doubtful else None


def chosen(
    facts: Facts, held: Iterable[int], policy: Policy, answers: HeldList | None = None
) -> tuple[Chosen, ...]:
    """The *held* mails that a member's mail has words for; none of somebody else's words are heard.

    *answers*: the daily list that it answers, whose lines may stand for several mails.
    """
    spoken, member = said(facts), reader(facts, policy)
    if member is None or not spoken:
        return ()
    picked = _by_words(spoken, held, member, policy.desk.secret, answers)
    if answers:
        # A release wins over a rejection, whichever was said of more mails at once.
        ordered = answers.picked(spoken.orders)
        picked = {one: picked.get(one, False) or ordered.get(one, False) for one in {**ordered, **picked}}
        picked |= answers.rest(spoken.orders, picked)
    return tuple(Chosen(one, picked[one], member.name) for one in sorted(picked)[:MOST_AT_ONCE])


def _by_words(
    spoken: Spoken, held: Iterable[int], member: Member, secret: bytes, answers: HeldList | None
) -> dict[int, bool]:
    """What the list's own words do; one that rejects is about all that its line stands for."""
    if not spoken.words:
        return {}
    here = frozenset(held)
    acts = {one: act for one in here if (act := _action(one, member, spoken.words, secret))}
    rejected = [one for one, act in acts.items() if act == REJECT]
    alike = [other for one in rejected for other in (answers.lines.get(one, ()) if answers else ())]
    return {
        **{one: False for one in alike if one in here},
        **{one: act == RELEASE for one, act in acts.items()},
    }


def _action(envelope: int, member: Member, words: frozenset[str], secret: bytes) -> str:
    """What *words* do to a held mail; of two that contradict each other the one that loses nothing."""
    return next((one for one in (RELEASE, REJECT) if word(one, envelope, member, secret) in words), "")


def obey(mail: Incoming) -> Decision | None:
    """What follows from a member's words about held mail; ``None`` when the mail holds none that are his.

    A word for what is held no more proves nobody; from a member who is proved otherwise it is no report.
    """
    picked, member = mail.known.chosen, mail.policy.team.claimed_by(mail.reporter)
    spoken = said(mail.facts)
    late = bool(spoken) and (mail.author.standing is Standing.TEAM or mail.known.answers_list)
    if member is None or not (picked or late):
        return None
    name = keys.notice(NoticeKind.HELD_WORDS, mail.event.arrival.identity)
    counts: dict[str, Detail] = {
        "released": sum(one.release for one in picked),
        "rejected": sum(not one.release for one in picked),
        "unknown": max(0, len(spoken) - len(picked)),
        "full": len(picked) == MOST_AT_ONCE,
    }
    told = notice.to_one(name, "", NoticeKind.HELD_WORDS, member.contact, mail.policy, counts)
    kept = mail.keep(Verdict.CORRESPONDENCE, "words about held mail")
    return Decision((kept, told), chosen=picked)


def day(policy: Policy, now: datetime) -> date | None:
    """The day, in the desk's zone, whose letter is due by *now*; ``None`` before its hour, or without one."""
    here = now.astimezone(policy.zone)
    at = policy.held_digest_at
    return here.date() if at and here.time() >= at else None


def tell(held: HeldMail, policy: Policy, now: datetime) -> list[Change]:
    """The letters of the day to everybody who is there, when something is held or was kept without a case."""
    today = day(policy, now)
    if today is None or not (held.mails or held.kept) or held.told == today.isoformat():
        return []
    people = [member for member in policy.team.members if not member.absent(now)] or list(policy.team.members)
    listed = lines(held.mails)[:MOST]
    mails = len(held.mails) + held.more
    told = DayTold(What.HELD_MAIL_LISTED, today, {"mails": mails})
    says = Held(
        today.isoformat(),
        tuple(line.mail for line in listed),
        mails - sum(1 + len(line.others) for line in listed),
        held.kept[:MOST],
        max(0, len(held.kept) - MOST),
        tuple(line.others for line in listed),
    )
    return [told, *(_letter(person, says, today, policy) for person in people)]


def _letter(person: Member, says: Held, today: date, policy: Policy) -> OweLetter:
    """Which mails it lists; what is to be read of them is looked up when the letter is composed."""
    key = keys.daily(LetterKind.HELD, today, person.contact)
    return owing.letter(LetterKind.HELD, key, person.contact, says, policy.desk)
