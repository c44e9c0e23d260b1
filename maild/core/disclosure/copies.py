"""Copies of an announcement in the inbox: in time they start and meet clocks, early they are a leak.

So is a notice of a platform, proved as its sender, that its report is public before we announced anything.

What is asked of a mail proves little: our announcement's own Message-ID; else the mark of the place (its
List-Id, or an address among the recipients), the words its subject has, and the CVE id of the case. So it is
used for nothing else: anybody could make a clock start or end early, or raise the alarm. The handlers are
told of each copy with the number of its mail, and a person looks.
"""

import re
from datetime import datetime

from maild.core.candidates.mail import MailCandidates
from maild.core.change import Change
from maild.core.disclosure.sending import on_the_ladder
from maild.core.event import MailArrived
from maild.core.facts.change import SetFact
from maild.core.facts.record import MAILD
from maild.core.facts.table import ANNOUNCED_AT, CVE, ENDED, SEEN_AT, SEEN_EARLY, STAGE, TRACK
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.mail.disclosed import says_public
from maild.core.mail.facts import Facts, FolderRole
from maild.core.mail.lists import named
from maild.core.mail.platforms import report_name
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.noticekind import NoticeKind
from maild.core.values.targets import Announcement
from maild.core.writing import notice


def arrived(event: MailArrived, known: MailCandidates, policy: Policy) -> list[Change]:
    """What follows from a mail because it is a copy of an announcement, each once a case and place."""
    found = _recognised(event.facts, known, policy)
    if found is None:
        return []
    case, place = found
    at, mail = event.arrival.at, event.arrival.envelope
    if _early(case, at):
        return [] if case.record.value(SEEN_EARLY, place.id) else _leak(case, place.id, at, mail, policy)
    if not _first(event, case, place):
        return []
    name = keys.notice(NoticeKind.COPY_SEEN, case.id, place.id)
    starts = any(one.after == place.id for one in policy.targets.announcement)
    follows = "starts" if starts else "kept" if place.max_lag and not place.mailed else ""
    facts: dict[str, Detail] = {"place": place.id, "at": at.isoformat(), "mail": mail, "follows": follows}
    people = notice.concerned(case, "", policy)
    told = notice.to_people(name, case.id, NoticeKind.COPY_SEEN, people, policy, facts)
    return [SetFact(case.id, SEEN_AT, at.isoformat(), MAILD, place.id), *told]


def looks_like_one(event: MailArrived, known: MailCandidates, policy: Policy) -> bool:
    """Whether it is the first copy from its place, by a machine, and no letter of ours for certain.

    It speaks for a report as much as any, and opens no case: it is held, so that a person looks all the same.
    """
    found = None if event.released else _recognised(event.facts, known, policy)
    if found is None or not event.facts.by_machine or _early(found[0], event.arrival.at):
        return False
    return _first(event, *found)


def _first(event: MailArrived, case: Case, place: Announcement) -> bool:
    """Whether the place was not seen yet; whoever answers an announcement did not publish it."""
    return not event.facts.references and not case.record.value(SEEN_AT, place.id)


def _recognised(facts: Facts, known: MailCandidates, policy: Policy) -> tuple[Case, Announcement] | None:
    if facts.role is FolderRole.SENT or facts.sealed:
        return None
    places = policy.targets.announcement
    if known.announcement:
        case, address = known.announcement
        return next(((case, one) for one in places if one.to == address), None)
    return next(((case, one) for one in places for case in known.announced if _copy(facts, one, case)), None)


def _copy(facts: Facts, place: Announcement, case: Case) -> bool:
    """Whether the mail is marked as one of *place* and names the CVE id of the case.

    A place without a mark (a blog that mails) has at least its own words in the subject, and a machine mails.
    """
    cve = re.compile(rf"(?<![\w-]){re.escape(case.record.value(CVE))}(?![\w-])", re.IGNORECASE)
    if place.marks:
        there = {one.address for one in facts.recipients} | named(facts.headers)
        marked = any(mark.lower() in there or mark.lower().replace("@", ".") in there for mark in place.marks)
    else:
        marked = bool(place.subject) and facts.by_machine
    return (
        marked
        and place.subject.lower() in facts.subject.lower()
        and bool(cve.search(facts.subject) or cve.search(facts.text))
    )


def _early(case: Case, at: datetime) -> bool:
    """Whether nothing may be known yet: before the instant or while there is none, and nothing is out.

    What is mended in public, and has no instant, may be seen at any time.
    """
    end, record = case.record.embargo, case.record
    if record.value(STAGE) in ("announced", "closed") or record.items(ANNOUNCED_AT) or record.value(ENDED):
        return False
    return at < end if end else record.value(TRACK) != "public"


def public_elsewhere(
    event: MailArrived, about: Case | None, opened: Case | None, known: MailCandidates, policy: Policy
) -> list[Change]:
    """What follows when a platform, proved, says that its report is public before we said so.

    The case is the one that the notice *opened*, or that it is *about*. Anybody can have a platform of their
    own: one that names a report says nothing of a case about something else, whatever it answers.
    """
    facts, case = event.facts, about or opened
    author = facts.author if facts.authentication.author else None
    place = says_public(facts.headers, author.address, facts.text) if author else ""
    at = event.arrival.at
    if not place or case is None or not _early(case, at) or case.record.value(SEEN_EARLY, place):
        return []
    of_it = opened is not None or (known.by_report is not None and known.by_report.id == case.id)
    if author and report_name(facts.headers, author.address) and not of_it:
        return []
    return _leak(case, place, at, event.arrival.envelope, policy, platform=True)


def _leak(
    case: Case, place: str, at: datetime, mail: int, policy: Policy, platform: bool = False
) -> list[Change]:
    """Everybody on the ladder is paged; whether the embargo is over is for people to say (``!leaked``)."""
    people = on_the_ladder(policy)
    name = keys.notice(NoticeKind.SEEN_EARLY, case.id, place)
    end = case.record.embargo
    facts: dict[str, Detail] = {
        "place": place,
        "at": at.isoformat(),
        "mail": mail,
        "embargo": end.isoformat() if end else "",
        "platform": platform,
    }
    told = notice.to_people(name, case.id, NoticeKind.SEEN_EARLY, people, policy, facts)
    return [SetFact(case.id, SEEN_EARLY, at.isoformat(), MAILD, place), *told]
