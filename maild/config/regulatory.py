"""``[regulatory]``: the duties of a law as data, a preset beneath the file's own steps; off by default."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from maild.config.fields import Duration, Number, Section, Words
from maild.config.share import shipped
from maild.core.values.duty import FIXED, START, Duties, Step
from maild.errors import Problem

_TAKEN = (START, FIXED)


class StepSection(Section):
    """``[[regulatory.step]]``: due so long after what."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")]
    after: Duration
    since: Annotated[str, Field(alias="from")] = START
    what: Words
    warn_at: tuple[Annotated[Number, Field(gt=0, lt=1)], ...] = (0.5, 0.9)


class RegulatorySection(Section):
    """``[regulatory]``."""

    preset: str = ""
    note: str = ""
    step: tuple[StepSection, ...] = ()


def names() -> tuple[str, ...]:
    """The presets that are shipped."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def duties(section: RegulatorySection) -> Duties:
    """The duties in force: the preset's steps, those of the file in place of the ones of the same name."""
    below = _preset(section.preset) if section.preset else RegulatorySection()
    steps = {one.name: one for one in (*below.step, *section.step)}
    found = tuple(Step(one.name, one.after, one.since, one.what, one.warn_at) for one in steps.values())
    return Duties(found, section.note or below.note)


def faults(raw: dict[str, Any]) -> Iterator[Problem]:
    """A preset that does not exist, steps that nothing can start; *raw* may be malformed anywhere."""
    given = raw.get("regulatory", {})
    if not isinstance(given, dict):
        return
    preset, steps = given.get("preset", ""), given.get("step", [])
    there = isinstance(preset, str) and preset in names()
    if preset != "" and not there:
        yield Problem("regulatory.preset", repr(preset), f'one of {", ".join(names())}, or "" for none')
    own = [one for one in steps if isinstance(one, dict)] if isinstance(steps, list) else []
    below = [one.name for one in _preset(preset).step] if there else []
    known = {*_TAKEN, *below, *(str(one.get("name")) for one in own)}
    seen: set[str] = set()
    for number, one in enumerate(own):
        name, since = str(one.get("name")), one.get("from", START)
        if name in _TAKEN or name in seen:
            wanted = "a name that nothing else has, and not start or fixed"
            yield Problem(f"regulatory.step.{number}.name", repr(name), wanted)
        if not isinstance(since, str) or since == name or since not in known:
            wanted = f"one of {', '.join(sorted(known - {name}))}"
            yield Problem(f"regulatory.step.{number}.from", repr(since), wanted)
        seen.add(name)


def _folder() -> Path:
    return shipped("config") / "regulatory"


@cache
def _preset(name: str) -> RegulatorySection:
    return RegulatorySection.model_validate(tomllib.loads((_folder() / f"{name}.toml").read_text("utf-8")))
