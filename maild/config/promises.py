"""The promises, ladders and calendars of a file as the core's values."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maild.config.model import File, LadderSection, PromiseSection, RungSection
from maild.core.policy import Promise
from maild.core.values.calendar import WALL, Calendar
from maild.core.values.duration import Length, least, words
from maild.core.values.people import Role
from maild.core.values.rule import Closed, Happening, Ladder, Rule, Rung
from maild.errors import Problem

WORKING = ("wd", "wh", "wm")


def closed(file: File) -> Closed:
    """When the intake is closed, from midnight to midnight in the desk's zone."""
    zone = ZoneInfo(file.desk.zone)
    ends = (
        (datetime.combine(day, time(), zone).astimezone(UTC) for day in span) for span in file.desk.closed
    )
    return tuple((start, end) for start, end in ends)


def rules(file: File, calendars: Mapping[str, Calendar]) -> tuple[Rule, ...]:
    """The promises in force, the seed's three first: the preset and the file in one (``presets.layered``).

    What waits in quarantine is looked at also while the intake is closed.
    """
    waits = closed(file)
    made = (_rule(section, calendars) for section in file.promise)
    found = {one.id: one if one.starts is Happening.HELD else replace(one, closed=waits) for one in made}
    first = [name for name in Promise if name in found]
    return tuple(found[name] for name in dict.fromkeys((*first, *found)))


def ladders(file: File) -> dict[str, Ladder]:
    """The ladders by name; without one called *default* it is coordinator, then backup."""
    seed_ladder = (Rung((Role.COORDINATOR,)), Rung((Role.BACKUP,), file.escalation.backup_after))
    return {"default": seed_ladder} | {section.name: _ladder(section) for section in file.ladder}


def faults(raw: dict[str, Any]) -> Iterator[Problem]:
    """What no single key of promises and ladders shows; *raw* may be malformed anywhere."""
    known = _people(_tables(raw.get("team")))
    for table, key in (("promise", "id"), ("ladder", "name")):
        yield from _twice(table, key, _tables(raw.get(table)))
    for number, ladder in enumerate(_tables(raw.get("ladder"))):
        for at, rung in enumerate(_tables(ladder.get("rung"))):
            yield from _rung_faults(f"ladder.{number}.rung.{at}", rung, known)
    ladders = {str(one.get("name")) for one in _tables(raw.get("ladder"))} | {"default"}
    calendars = {str(one.get("name")) for one in _tables(raw.get("calendar"))}
    for number, promise in enumerate(_tables(raw.get("promise"))):
        yield from _promise_faults(f"promise.{number}", promise, ladders, calendars)


def in_time(file: File) -> Iterator[Problem]:
    """Held mail has to be looked at in less time than *acknowledge* gives: a report among it is released."""
    limits = {section.id: section for section in file.promise if section.starts is Happening.REPORT}
    first = limits.get(Promise.ACKNOWLEDGE)
    days = {one.name: one.shortest_day for one in file.calendar}
    for number, section in enumerate(file.promise):
        if section.starts is not Happening.HELD or first is None:
            continue
        time = least(first.limit, days.get(first.calendar, timedelta(days=1)))
        if section.limit.elapsed is None or section.limit.elapsed >= time:
            wanted = f'elapsed time, shorter than "{Promise.ACKNOWLEDGE}" can take: {words(time)}'
            limit = repr(written(section.limit))
            yield Problem(f"promise.{number}.limit", limit, f'for "{section.id}" {wanted}')


def written(length: Length) -> str:
    """*length* as an operator writes it."""
    return f"{length.amount}{length.unit}"


def _people(members: list[dict[str, Any]]) -> set[str]:
    """Every word that a rung may name somebody by; who has no roles in the file is a handler."""
    roles = {role for m in members for role in _texts(m.get("roles", [Role.HANDLER]))}
    return {str(m.get("name", "")).lower() for m in members} | roles


def _twice(table: str, key: str, tables: list[dict[str, Any]]) -> Iterator[Problem]:
    names = [str(one.get(key)) for one in tables]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield Problem(
                f"{table}.{number}.{key}", repr(name), "another name, because this one is used above"
            )


def _rung_faults(key: str, rung: dict[str, Any], known: set[str]) -> Iterator[Problem]:
    for word in _texts(rung.get("who")):
        if word.lower() not in known:
            yield Problem(f"{key}.who", repr(word), "a member's name, or a role that somebody has")
    hours = rung.get("quiet_hours")
    try:
        never = isinstance(hours, str) and len(set(_hours(hours) or (0, 1))) == 1
    except ValueError:
        never = True
    if never:
        yield Problem(f"{key}.quiet_hours", repr(hours), 'two different times, such as "22:00-07:00"')


def _promise_faults(
    key: str, promise: dict[str, Any], ladders: set[str], calendars: set[str]
) -> Iterator[Problem]:
    ladder, calendar, limit = (promise.get(name) for name in ("ladder", "calendar", "limit"))
    if isinstance(ladder, str) and ladder not in ladders:
        yield Problem(f"{key}.ladder", repr(ladder), "the name of a [[ladder]]")
    if isinstance(calendar, str) and calendar and calendar not in calendars:
        yield Problem(f"{key}.calendar", repr(calendar), "the name of a [[calendar]]")
    if (promise.get("starts") == Happening.HELD) is not (promise.get("met_by") == [Happening.LOOKED]):
        wanted = '["looked"] together with starts = "held", and only then: quarantine has no case'
        yield Problem(f"{key}.met_by", repr(promise.get("met_by")), wanted)
    elif promise.get("starts") == Happening.HELD and promise.get("public") is not False:
        wanted = "false, because the page does not promise it"
        yield Problem(f"{key}.public", repr(promise.get("public", True)), wanted)
    if _working(limit) and not calendar:
        yield Problem(f"{key}.limit", repr(limit), "a calendar that defines working time")


def _working(limit: object) -> bool:
    return isinstance(limit, str) and limit.strip().endswith(WORKING)


def _hours(text: str) -> tuple[time, time] | None:
    """``22:00-07:00``; ``ValueError`` when these are no times of a day."""
    start, _, end = text.partition("-")
    return (time.fromisoformat(start), time.fromisoformat(end)) if end else None


def _rule(section: PromiseSection, calendars: Mapping[str, Calendar]) -> Rule:
    return Rule(
        id=section.id,
        limit=section.limit,
        starts=section.starts,
        met_by=frozenset(section.met_by),
        every=section.every,
        calendar=calendars.get(section.calendar, WALL),
        warn_at=section.warn_at,
        ladder=section.ladder,
        public=section.public,
        max_pause=section.max_pause,
        pause_on=section.pause_on,
        severities=frozenset(section.applies.severity),
        stages=frozenset(section.applies.state),
    )


def _ladder(section: LadderSection) -> Ladder:
    return tuple(_rung(rung) for rung in section.rung)


def _rung(section: RungSection) -> Rung:
    quiet = _hours(section.quiet_hours)
    return Rung(section.who, section.after, section.mode == "all", section.repeat_every, quiet)


def _tables(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
