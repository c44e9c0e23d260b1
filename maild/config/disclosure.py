"""The road to disclosure of a file as the core's value, and what no single key of it shows."""

from collections.abc import Iterable, Iterator
from typing import Any

from maild.config.model import DisclosureSection
from maild.config.reports import ReasonSection
from maild.core.disclosure.stages import CONDITIONS
from maild.core.values.process import SEED, Handling, Process, Reason, Stage
from maild.errors import Problem

ENDS = ("announced", "closed")
"""Stages that every road has: the program moves cases there itself."""


def process(section: DisclosureSection, reasons: Iterable[ReasonSection] = ()) -> Process:
    """The road in force, with the *reasons* that an answer may give."""
    return Process(
        stages=tuple(Stage(one.name, one.needs) for one in section.stage),
        checklist=section.checklist,
        severities=section.severities,
        handling={
            one.severity: Handling(one.track, one.branches, one.embargo, one.release, one.stale_after)
            for one in section.handling
        },
        branches=section.branches,
        longest_embargo=section.longest_embargo,
        embargo_from=section.embargo_from,
        tracker=section.tracker,
        idle_after=section.idle_after or None,
        unreachable_asks=section.unreachable_asks,
        unreachable_after=section.unreachable_after,
        reasons={one.reason: Reason(one.says, one.verdict, one.link) for one in reasons},
    )


def faults(raw: dict[str, Any]) -> Iterator[Problem]:
    """Needs that nothing can meet, severities that do not exist; *raw* may be malformed anywhere."""
    given = raw.get("disclosure", {})
    if not isinstance(given, dict):
        return
    yield from _applies(raw, given)
    checklist = given.get("checklist", SEED.checklist)
    known = {*CONDITIONS, *(checklist if isinstance(checklist, dict) else ())}
    stages = [one for one in _list(given.get("stage")) if isinstance(one, dict)]
    for number, stage in enumerate(stages):
        for need in _list(stage.get("needs")):
            if need not in known:
                wanted = f"one of {', '.join(sorted(known))}"
                yield Problem(f"disclosure.stage.{number}.needs", repr(need), wanted)
    names = [one.get("name") for one in stages]
    if stages and tuple(names[-2:]) != ENDS:
        yield Problem("disclosure.stage", repr(names[-2:]), 'the last two stages "announced" and "closed"')
    scale = _scale(given)
    for number, one in enumerate(_list(given.get("handling"))):
        if isinstance(one, dict) and one.get("severity") not in scale:
            wanted = f"one of disclosure.severities: {', '.join(map(str, scale))}"
            yield Problem(f"disclosure.handling.{number}.severity", repr(one.get("severity")), wanted)


def _applies(raw: dict[str, Any], given: dict[str, Any]) -> Iterator[Problem]:
    """Promises about severities and stages that do not exist."""
    stages = [one.get("name") for one in _list(given.get("stage")) if isinstance(one, dict)]
    known = {
        "severity": _scale(given),
        "state": stages or [stage.name for stage in SEED.stages],
    }
    for number, promise in enumerate(one for one in _list(raw.get("promise")) if isinstance(one, dict)):
        applies = promise.get("applies")
        given_for = applies if isinstance(applies, dict) else {}
        for key, names in known.items():
            for wanted in _list(given_for.get(key)):
                if wanted not in names:
                    words = f"one of {', '.join(map(str, names))}"
                    yield Problem(f"promise.{number}.applies.{key}", repr(wanted), words)


def _scale(given: dict[str, Any]) -> list[Any]:
    return _list(given.get("severities", list(SEED.severities)))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
