"""The promises, ladders and calendars of a file as the core's values."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from maild.config.model import File, LadderSection, PromiseSection, RungSection
from maild.core.cases.people import Role
from maild.core.promises.calendar import WALL, Calendar
from maild.core.promises.rule import Ladder, Rule, Rung, seed
from maild.errors import Problem

WORKING = ("wd", "wh")


def rules(file: File, calendars: dict[str, Calendar]) -> tuple[Rule, ...]:
    """The promises in force: the three of the seed, then what ``[[promise]]`` adds or replaces."""
    found = {
        rule.id: rule for rule in seed(file.promises.acknowledge, file.promises.respond, file.promises.update)
    }
    found |= {section.id: _rule(section, calendars) for section in file.promise}
    return tuple(found.values())


def ladders(file: File) -> dict[str, Ladder]:
    """The ladders by name; without one called *default* it is coordinator, then backup."""
    seed_ladder = (Rung((Role.COORDINATOR,)), Rung((Role.BACKUP,), file.escalation.backup_after))
    return {"default": seed_ladder} | {section.name: _ladder(section) for section in file.ladder}


def faults(raw: dict[str, Any]) -> Iterator[Problem]:
    """What no single key of promises and ladders shows; *raw* may be malformed anywhere."""
    members = _tables(raw.get("team"))
    known = {str(m.get("name", "")).lower() for m in members} | {
        r for m in members for r in _texts(m.get("roles"))
    }
    ladders = {str(one.get("name")) for one in _tables(raw.get("ladder"))} | {"default"}
    calendars = {str(one.get("name")) for one in _tables(raw.get("calendar"))}
    for number, ladder in enumerate(_tables(raw.get("ladder"))):
        for at, rung in enumerate(_tables(ladder.get("rung"))):
            for word in _texts(rung.get("who")):
                if word.lower() not in known:
                    yield Problem(
                        f"ladder.{number}.rung.{at}.who",
                        repr(word),
                        "a member's name, or a role somebody has",
                    )
    for number, promise in enumerate(_tables(raw.get("promise"))):
        if promise.get("ladder", "default") not in ladders:
            yield Problem(f"promise.{number}.ladder", repr(promise.get("ladder")), "the name of a [[ladder]]")
        limit, calendar = str(promise.get("limit", "")), str(promise.get("calendar", ""))
        if calendar and calendar not in calendars:
            yield Problem(f"promise.{number}.calendar", repr(calendar), "the name of a [[calendar]]")
        if limit.endswith(WORKING) and not calendar:
            yield Problem(f"promise.{number}.limit", repr(limit), "a calendar that says what working time is")


def _rule(section: PromiseSection, calendars: dict[str, Calendar]) -> Rule:
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
    )


def _ladder(section: LadderSection) -> Ladder:
    return tuple(_rung(rung) for rung in section.rung)


def _rung(section: RungSection) -> Rung:
    start, _, end = section.quiet_hours.partition("-")
    quiet = (time.fromisoformat(start), time.fromisoformat(end)) if end else None
    return Rung(section.who, section.after, section.mode == "all", section.repeat_every, quiet)


def _tables(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
