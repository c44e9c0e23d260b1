"""What the published policy says of embargo, early notice and announcement, and what guards its times."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from maild.config import Config
from maild.config.lint import Guard
from maild.config.publishing import AnnouncementSection, PredisclosureSection
from maild.core.values.duration import Length, words
from maild.core.values.targets import Announcement

HOURS = timedelta(hours=72)
"""Up to here a length is said in hours, as policies do."""


def facts(config: Config) -> dict[str, Any]:
    """What the page may say; times where file or preset give one: maild's defaults are nobody's promise."""
    file, targets = config.file, config.policy(b"").targets
    first = next((one.to for one in targets.announcement if one.mailed), "")
    told = {one.id: one for one in file.announcement}
    mailed = {one.id: one.to for one in targets.announcement}
    return {
        "closed": [{"from": start, "until": end} for start, end in file.desk.closed],
        "asks": [one.question for one in file.ask],
        "tracker": file.disclosure.tracker,
        "list": file.policy.list or first,
        "embargo": {"cap": _words(_cap(config)), "since": file.disclosure.embargo_from},
        "told_before": [_list(one, config) for one in file.predisclosure],
        "places": [_place(one, told[one.id], mailed) for one in targets.announcement],
    }


def _list(one: PredisclosureSection, config: Config) -> dict[str, Any]:
    checklist, given = config.file.disclosure.checklist, "lead" in one.model_fields_set
    return {
        "id": one.id,
        "words": _words(one.lead) if given else "",
        "severity": one.min_severity,
        "track": one.only_if.track,
        "when": [checklist[step] for step in one.only_if.done],
    }


def _place(one: Announcement, told: AnnouncementSection, mailed: dict[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "to": one.to,
        "after": mailed.get(one.after, "") or one.after,
        "words": _words(one.max_lag) if "max_lag" in told.model_fields_set else "",
    }


def guards(config: Config) -> tuple[Guard, ...]:
    """The times that a clock, or a refusal, stands behind; the page has to name those that were given."""
    return tuple(_guards(config))


def _guards(config: Config) -> Iterator[Guard]:
    file = config.file
    if cap := _cap(config):
        yield Guard(_length(cap), "disclosure.longest_embargo is set")
    for one in file.predisclosure:
        given = "lead" in one.model_fields_set
        yield Guard(_length(one.lead), f'the list "{one.id}" is told by then', given)
    told = {one.id: one for one in file.announcement}
    for place in config.policy(b"").targets.announcement:
        if place.max_lag:
            given = "max_lag" in told[place.id].model_fields_set
            yield Guard(_length(place.max_lag), f'a clock runs for "{place.id}"', given)


def rows(config: Config) -> list[tuple[str, Any]]:
    """What is in force, for ``policy show``: dotted key and value."""
    file = config.file
    found: list[tuple[str, Any]] = [
        ("disclosure.longest_embargo", file.disclosure.longest_embargo),
        ("disclosure.embargo_from", file.disclosure.embargo_from),
        ("regulatory.preset", file.regulatory.preset),
    ]
    sections = (("predisclosure", file.predisclosure), ("announcement", file.announcement))
    for name, section in ((name, one) for name, tables in sections for one in tables):
        values = {key: value for key, value in section if key not in ("id", "only_if")}
        found += [(f"{name}.{section.id}.{key}", value) for key, value in values.items()]
    for one in file.predisclosure:
        found += [(f"predisclosure.{one.id}.only_if.{key}", value) for key, value in one.only_if]
    return found


def _cap(config: Config) -> timedelta | None:
    """The longest embargo that any case can have, where file or preset give one."""
    section = config.file.disclosure
    if "longest_embargo" not in section.model_fields_set:
        return None
    return max((section.longest_embargo, *(one.embargo for one in section.handling if one.embargo)))


def _words(length: timedelta | None) -> str:
    return words(_length(length)) if length else ""


def _length(length: timedelta) -> Length:
    seconds = int(length.total_seconds())
    if length > HOURS and seconds % 86400 == 0:
        return Length(seconds // 86400, "d")
    size, unit = next(
        (size, unit) for size, unit in ((3600, "h"), (60, "m"), (1, "s")) if seconds % size == 0
    )
    return Length(seconds // size, unit)
