"""Held mail by mail: one letter a day lists it, and one word of the answer releases or rejects each.

A word holds a token that only its reader got, so whoever writes it back has read his letter; the From line is
not what proves him. It does no more than moving the mail with a mail client would do (ruling 21).
"""

import re
from collections.abc import Iterable
from datetime import date, datetime

from maild.core.candidates.mail import Chosen
from maild.core.candidates.times import HeldMail
from maild.core.cases.authority import Standing
from maild.core.cases.incoming import Incoming
from maild.core.change import Change, Note, OweLetter, Verdict
from maild.core.decision import Decision
from maild.core.journal import What
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Detail, Held
from maild.core.mail.facts import Facts
from maild.core.policy import Policy
from maild.core.values import ids
from maild.core.values.about import About
from maild.core.values.people import Member
from maild.core.writing import notice, owing

RELEASE, REJECT = "release", "reject"
MOST = 50
"""Mails that one letter names; the rest is counted, and comes the next day."""
MAX_WORDS = 100
_LENGTH = 12
_WORD = re.compile(rf"(?:{RELEASE}|{REJECT})-[a-z2-7]{{{_LENGTH}}}")


def word(action: str, envelope: int, member: Member, secret: bytes) -> str:
    """The word by which *member* releases or rejects a held mail."""
    return f"{action}-{ids.token(secret, f'held:{envelope}', member.contact, action)[:_LENGTH]}"


def said(facts: Facts) -> frozenset[str]:
    """The words on top of a mail, up to its first other line: what it quotes says nothing."""
    found: list[str] = []
    for line in facts.text.splitlines():
        bare = line.strip().lower()
        if _WORD.fullmatch(bare):
            found.append(bare)
        elif bare or len(found) == MAX_WORDS:
            break
    return frozenset(found)


def chosen(facts: Facts, held: Iterable[int], policy: Policy) -> tuple[Chosen, ...]:
    """The *held* mails that a member's mail has words for; none of somebody else's words are heard."""
    words = said(facts)
    member = policy.team.claimed_by(facts.author.address) if words and facts.author else None
    if member is None or facts.automatic:
        return ()
    return tuple(
        Chosen(one, action == RELEASE, member.name)
        for one in held
        if (action := _action(one, member, words, policy.desk.secret))
    )


def _action(envelope: int, member: Member, words: frozenset[str], secret: bytes) -> str:
    """What *words* do to a held mail; of two that contradict each other the one that loses nothing."""
    return next((one for one in (RELEASE, REJECT) if word(one, envelope, member, secret) in words), "")


def obey(mail: Incoming) -> Decision | None:
    """What follows from a member's words about held mail; ``None`` when the mail holds none that are his.

    A word for what is held no more proves nobody; from a member who is proved otherwise it is no report.
    """
    picked, member = mail.known.chosen, mail.policy.team.claimed_by(mail.reporter)
    late = mail.author.standing is Standing.TEAM and bool(said(mail.facts))
    if member is None or not (picked or late):
        return None
    name = keys.notice(About.HELD_WORDS, mail.event.arrival.identity)
    counts: dict[str, Detail] = {
        "released": sum(one.release for one in picked),
        "rejected": sum(not one.release for one in picked),
        "unknown": len(said(mail.facts)) - len(picked),
    }
    told = notice.to_one(name, "", About.HELD_WORDS, member.contact, mail.policy, counts)
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
    told = Note("", What.HELD_MAIL_LISTED, {"day": today.isoformat(), "mails": len(held.mails)})
    return [told, *(_letter(person, held, today, policy) for person in people)]


def _letter(person: Member, held: HeldMail, today: date, policy: Policy) -> OweLetter:
    """Which mails it lists; what is to be read of them is looked up when the letter is composed."""
    says = Held(
        today.isoformat(),
        held.mails[:MOST],
        max(0, len(held.mails) - MOST),
        held.kept[:MOST],
        max(0, len(held.kept) - MOST),
    )
    key = keys.daily(LetterKind.HELD, today, person.contact)
    return owing.letter(LetterKind.HELD, key, person.contact, says, policy.desk)
