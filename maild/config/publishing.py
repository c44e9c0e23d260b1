"""``[[predisclosure]]`` and ``[[announcement]]``: who outside hears of a case, and when."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from maild.config.fields import Count, Duration, Flag, MailAddress, Section, Words
from maild.core.mail.keyname import fingerprint
from maild.core.values.address import normal
from maild.core.values.process import SEED
from maild.core.values.targets import ANNOUNCEMENT, MAILED, Announcement, Kind, Predisclosure, Targets
from maild.errors import Problem

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Track = Literal["public", "private", "urgent"]
MOST_KEY = 1_000_000
"""Bytes of a key file that are looked at for its fingerprint."""
LAGS = {Kind.BLOG: timedelta(hours=6), Kind.CVE: timedelta(hours=1)}
"""How long after the list the others are out at most, where the file does not say."""


class OnlyIfSection(Section):
    """``only_if``: a case on one of these tracks, with each of these steps of the checklist done."""

    track: tuple[Track, ...] = ()
    done: tuple[Words, ...] = ()


class PredisclosureSection(Section):
    """``[[predisclosure]]``: a list that is told before the instant, always sealed."""

    id: Name
    to: MailAddress
    key: str = ""
    lead: Duration = timedelta(hours=72)
    max_window: Duration = timedelta(days=14)
    min_severity: str = ""
    only_if: OnlyIfSection = OnlyIfSection()
    subject_tag: Annotated[str, Field(max_length=40)] = ""
    requires_date: Flag = True
    tlp: Literal["RED", "AMBER+STRICT", "AMBER", "GREEN"] = "AMBER"
    terms: str = ""
    readers: Count = 0

    @model_validator(mode="after")
    def _in_window(self) -> Self:
        if self.id == ANNOUNCEMENT:
            raise ValueError(f"an id other than {ANNOUNCEMENT}, which is reserved")
        if self.lead > self.max_window:
            raise ValueError("a lead no longer than max_window")
        return self


class AnnouncementSection(Section):
    """``[[announcement]]``: where a case is announced, in the order of the file."""

    id: Name
    kind: Kind
    to: MailAddress | Literal[""] = ""
    after: str = ""
    max_lag: Duration | None = None
    marks: tuple[Words, ...] = ()
    subject: str = ""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.kind in MAILED and not self.to:
            raise ValueError(f"the list's address in to (kind {self.kind} is sent by mail)")
        if self.kind not in MAILED and self.to:
            raise ValueError(f"no address in to (people publish what is of kind {self.kind})")
        return self


def targets(
    lists: tuple[PredisclosureSection, ...],
    places: tuple[AnnouncementSection, ...],
    beside: Callable[[str], Path] = Path,
) -> Targets:
    """Everybody outside who hears of a case; *beside* finds the files that the sections name."""
    return Targets(tuple(_listed(one, beside) for one in lists), tuple(_announced(places)))


def _listed(one: PredisclosureSection, beside: Callable[[str], Path]) -> Predisclosure:
    plain = one.model_dump(exclude={"only_if"})
    name = _fingerprint(beside(one.key)) if one.key else ""
    return Predisclosure(**plain, tracks=one.only_if.track, done=one.only_if.done, fingerprint=name)


def _fingerprint(file: Path) -> str:
    """That of the key in *file*; empty when there is none, which ``maild check`` tells."""
    try:
        with file.open("rb") as source:
            return fingerprint(source.read(MOST_KEY))
    except OSError:
        return ""


def _announced(places: tuple[AnnouncementSection, ...]) -> Iterator[Announcement]:
    """What is mailed comes after what was mailed before it, the rest after the first list of all."""
    mailed = [one.id for one in places if one.kind in MAILED]
    for one in places:
        plain = one.model_dump(exclude={"after", "max_lag", "marks"})
        lag = one.max_lag or LAGS.get(one.kind)
        marks = one.marks or ((one.to,) if one.to else ())
        before = ["", *mailed][mailed.index(one.id)] if one.id in mailed else mailed[0]
        yield Announcement(**plain, after=one.after or before, max_lag=lag, marks=marks)


def faults(raw: dict[str, Any], folder: Path) -> Iterator[Problem]:
    """Names twice, places after nothing, lists that are our own; *raw* may be malformed anywhere."""
    lists, places = _tables(raw, "predisclosure"), _tables(raw, "announcement")
    for key, tables in (("predisclosure", lists), ("announcement", places)):
        yield from _twice(key, tables)
        yield from _ourselves(key, tables, raw)
    for number, one in enumerate(lists):
        yield from _unknown(f"predisclosure.{number}", one, raw)
        name = one.get("key")
        if isinstance(name, str) and name and not _is_file(folder / name):
            yield Problem(f"predisclosure.{number}.key", repr(name), "a file with the list's public key")
    yield from _order(places)
    yield from _heard_twice(places)
    told = {normal(one["to"]) for one in lists if isinstance(one.get("to"), str)}
    for number, one in enumerate(places):
        if isinstance(one.get("to"), str) and normal(one["to"]) in told:
            wanted = "an address that no [[predisclosure]] has"
            yield Problem(f"announcement.{number}.to", repr(one["to"]), wanted)


def _twice(key: str, tables: list[dict[str, Any]]) -> Iterator[Problem]:
    names = [one.get("id") for one in tables]
    for number, name in enumerate(names):
        if isinstance(name, str) and name in names[:number]:
            yield Problem(f"{key}.{number}.id", repr(name), "an id that nothing else has")


def _heard_twice(places: list[dict[str, Any]]) -> Iterator[Problem]:
    """A list that stands there twice would get the announcement twice."""
    given = [normal(one["to"]) if isinstance(one.get("to"), str) else "" for one in places]
    for number, to in enumerate(given):
        if to and to in given[:number]:
            yield Problem(f"announcement.{number}.to", repr(to), "an address that no other place has")


def _ourselves(key: str, tables: list[dict[str, Any]], raw: dict[str, Any]) -> Iterator[Problem]:
    """What goes to the desk or one of its team is no letter to the outside."""
    desk = raw.get("desk")
    table = desk if isinstance(desk, dict) else {}
    given = [table.get("address"), *_list(table.get("aliases")), *_list(table.get("own_lists"))]
    for member in _tables(raw, "team"):
        given += [*_list(member.get("addresses")), member.get("contact")]
    own = {normal(one) for one in given if isinstance(one, str) and one}
    for number, one in enumerate(tables):
        to = one.get("to")
        if isinstance(to, str) and normal(to) in own:
            yield Problem(f"{key}.{number}.to", repr(to), "an address outside the desk and its team")


def _unknown(path: str, one: dict[str, Any], raw: dict[str, Any]) -> Iterator[Problem]:
    """Severities and steps that the road does not know."""
    road = raw.get("disclosure")
    given = road if isinstance(road, dict) else {}
    scale, least = _list(given.get("severities", list(SEED.severities))), one.get("min_severity", "")
    if least and least not in scale:
        wanted = f"one of disclosure.severities: {', '.join(map(str, scale))}"
        yield Problem(f"{path}.min_severity", repr(least), wanted)
    checklist = given.get("checklist", SEED.checklist)
    steps = list(checklist) if isinstance(checklist, dict) else list(SEED.checklist)
    only = one.get("only_if")
    for step in _list(only.get("done")) if isinstance(only, dict) else []:
        if step not in steps:
            yield Problem(f"{path}.only_if.done", repr(step), f"a step of the checklist: {', '.join(steps)}")


def _order(places: list[dict[str, Any]]) -> Iterator[Problem]:
    names = [str(one.get("id")) for one in places]
    for number, one in enumerate(places):
        after = one.get("after", "")
        if after and after not in names[:number]:
            wanted = "the id of an earlier announcement"
            yield Problem(f"announcement.{number}.after", repr(after), wanted)
    kinds = [one.get("kind") for one in places]
    if kinds and kinds[0] not in MAILED:
        yield Problem("announcement.0.kind", repr(kinds[0]), "a list, whose subscribers are told first")


def _tables(raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [one for one in _list(raw.get(key)) if isinstance(one, dict)]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (ValueError, OSError):  # a NUL in the name; a folder of somebody else's
        return False
