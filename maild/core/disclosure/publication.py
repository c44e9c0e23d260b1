"""The clocks after an announcement: the blog, the CVE record. Inside only, no promise to a reporter.

They run from when the list's copy was seen (else from when the SMTP server took it), are met by a copy that
is seen or by a member's word, and climb the team's ladder when they are missed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.core.candidates import Climbed, DueClock
from maild.core.cases import notice
from maild.core.cases.about import About
from maild.core.cases.case import Case, Clock
from maild.core.cases.order import Obeyed, Order
from maild.core.change import Change
from maild.core.disclosure import embargo
from maild.core.disclosure.targets import Announcement
from maild.core.facts.change import SetFact
from maild.core.facts.record import MAILD
from maild.core.facts.table import ANNOUNCED_AT, PUBLISHED_LATE, SEEN_AT
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.policy import Policy
from maild.core.promises import ladder

WARN_AT = (0.5, 0.8)
"""The shares of the time at which the handlers are reminded."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A place where people have to publish, since when its time runs (aware UTC), and when it was out."""

    place: Announcement
    since: datetime
    lag: timedelta
    out: datetime | None

    @property
    def due(self) -> datetime:
        """When it has to be out."""
        return self.since + self.lag

    @property
    def reminders(self) -> tuple[datetime, ...]:
        """When the handlers are reminded, in order."""
        return tuple(self.since + share * self.lag for share in WARN_AT)


def publications(case: Case, policy: Policy) -> Iterator[Publication]:
    """The places whose time runs, or ran, in the order of the configuration."""
    for place in policy.targets.announcement:
        since = out_at(case, place.after)
        if since and place.max_lag and not place.mailed:
            yield Publication(place, since, place.max_lag, out_at(case, place.id))


def out_at(case: Case, place: str) -> datetime | None:
    """When the announcement was out at a place: seen (or said so), else when its letter was taken."""
    text = case.record.value(SEEN_AT, place) or case.record.value(ANNOUNCED_AT, place)
    return datetime.fromisoformat(text) if text else None


def published(order: Order) -> Obeyed:
    """``!published PLACE [INSTANT]``: a member saw it there."""
    place, _, when = order.word.rest.strip().partition(" ")
    case, names = order.case, [one.id for one in order.policy.targets.announcement]
    if place.lower() not in names:
        known = f"one of {', '.join(names)}" if names else "no [[announcement]] is configured"
        return Obeyed(f"!published: {known}")
    at = embargo.instant(when) if when.strip() else order.now
    if at is None or at > order.now:
        return Obeyed("!published: an instant with a zone that has passed, or none for now")
    end = case.record.embargo
    if end and at < end and embargo.runs(case):
        return Obeyed(
            f"!published: the embargo lasts until {end:%Y-%m-%d %H:%M} UTC; if it is out, say !leaked"
        )
    said = f"{case.id} is out at {place.lower()} since {at:%Y-%m-%d %H:%M} UTC."
    return Obeyed(said, (SetFact(case.id, SEEN_AT, at.isoformat(), order.by, place.lower()),))


def remind(case: Case, policy: Policy, now: datetime) -> list[Change]:
    """Reminders of what is not out yet, then the ladder, a rung at a time; each told once."""
    missing = [one for one in publications(case, policy) if one.out is None]
    return [change for one in missing for change in _remind(case, one, policy, now)]


def _remind(case: Case, one: Publication, policy: Policy, now: datetime) -> list[Change]:
    passed = sum(at <= now for at in one.reminders)
    if now < one.due:
        people = notice.concerned(case, "", policy)
        return _tell(case, one, people, f"{passed}", policy) if passed else []
    step = ladder.next_step(late(case, one), policy, now)
    if step is None:
        return []
    people = [person.contact for person in step.people]
    climbed = SetFact(case.id, PUBLISHED_LATE, str(step.rung), MAILD, one.place.id)
    return [*_tell(case, one, people, f"rung-{step.rung}", policy, missed=True), climbed]


def late(case: Case, one: Publication) -> DueClock:
    """The same as a clock of the ladder's, with the rung that was told last."""
    told = case.record.fact(PUBLISHED_LATE, one.place.id)
    rungs = (Climbed(int(told.value), told.at),) if told else ()
    return DueClock(Clock(0, case.id, name(one), "", one.since, one.due), rungs, case.handler)


def name(one: Publication) -> str:
    """What a list of coming things calls it; no promise can be called so."""
    return f"published: {one.place.id}"


def _tell(
    case: Case, one: Publication, people: list[str], step: str, policy: Policy, missed: bool = False
) -> list[Change]:
    key = keys.notice(About.PUBLICATION, case.id, one.place.id, one.due.isoformat(), step)
    facts: dict[str, Detail] = {
        "place": one.place.id,
        "since": one.since.isoformat(),
        "due": one.due.isoformat(),
        "late": missed,
    }
    return notice.to_people(key, case.id, About.PUBLICATION, people, policy, facts)


def lines(case: Case, policy: Policy, now: datetime) -> list[str]:
    """Each place with its time, for ``!status``."""
    return [
        f"  {one.place.id}: due {one.due:%Y-%m-%d %H:%M} UTC, {_state(one, now)}"
        for one in publications(case, policy)
    ]


def _state(one: Publication, now: datetime) -> str:
    if one.out:
        return f"out {one.out:%Y-%m-%d %H:%M} UTC{' (late)' if one.out > one.due else ''}"
    return "missed" if now >= one.due else "not out yet"


DOES = {"published": published}
"""The function of each command here (`core.words.table`)."""
