"""The published policy: what is in force and whence, the page, security.txt, and what is really kept."""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel

from maild.app import outside
from maild.app.publishing import cost
from maild.config import Config
from maild.config.lint import Fault, lint
from maild.config.page import FORMATS, Page
from maild.config.share import shipped
from maild.core.policy import Policy
from maild.core.values.calendar import Calendar
from maild.core.values.duration import Length
from maild.core.values.people import Member
from maild.core.values.rule import Happening, Rule, Rung
from maild.errors import Refused

WARN_BEFORE = timedelta(days=30)
LONGEST = timedelta(days=365)
"""RFC 9116 §2.5.5: Expires should lie less than a year ahead."""


def shown(config: Config) -> list[dict[str, str]]:
    """What is in force: key, value as an operator writes it, and where it comes from."""
    rows = [
        *_section("policy", config.file.policy),
        ("desk.policy_url", config.file.desk.policy_url),
        ("openpgp.inbound", config.file.openpgp.inbound),
    ]
    for promise in config.file.promise:
        rows += _section(f"promise.{promise.id}", promise, ("id",))
    for calendar in config.file.calendar:
        rows += _section(f"calendar.{calendar.name}", calendar, ("name",))
    if all(one.name != "default" for one in config.file.ladder):
        rows.append(("escalation.backup_after", config.file.escalation.backup_after))
    for ladder in config.file.ladder:
        rows.append((f"ladder.{ladder.name}.rung", [_given(rung) for rung in ladder.rung]))
    rows += outside.rows(config)
    for listed in config.file.predisclosure:
        lead = f"{listed.to} is told {written(listed.lead)} ahead, "
        rows.append((f"predisclosure.{listed.id}", lead + cost(listed)))
    return [{"key": k, "value": written(v), "from": config.origins.get(k, "default")} for k, v in rows]


def _section(path: str, section: Any, without: tuple[str, ...] = ()) -> list[tuple[str, Any]]:
    return [(f"{path}.{key}", value) for key, value in section if key not in without]


def _given(section: Any) -> dict[str, Any]:
    """The keys of a section that are not at their default."""
    return {key: value for key, value in section if value != type(section).model_fields[key].default}


def written(value: object) -> str:
    """*value* as it stands in a file, without quotes: ``24h``, ``reply, receipt``, ``true``."""
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write(value)
    return "" if value is None else str(value)


def _is_span(value: tuple[object, ...]) -> bool:
    """Whether these are the opening and the closing of working hours."""
    return len(value) == 2 and all(isinstance(one, time) for one in value)


def _exact(length: timedelta) -> str:
    """Whole units; hours up to two days, as promises are commonly written."""
    seconds = int(length.total_seconds())
    sizes = ((86400, "d"), (3600, "h"), (60, "m")) if seconds > 2 * 86400 else ((3600, "h"), (60, "m"))
    size, unit = next(((size, unit) for size, unit in sizes if seconds % size == 0), (1, "s"))
    return f"{seconds // size}{unit}"


_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: str(value).lower()),
    (Length, lambda value: f"{value.amount}{value.unit}"),
    (timedelta, _exact),
    (Enum, lambda value: str(value.value)),
    (Mapping, lambda value: " ".join(f"{key}={written(inner)}" for key, inner in value.items())),
    (BaseModel, lambda value: " ".join(f"{key}={told}" for key, inner in value if (told := written(inner)))),
    (list, lambda value: "; ".join(written(one) for one in value)),
    (time, lambda value: f"{value:%H:%M}"),
    (tuple, lambda value: ("-" if _is_span(value) else ", ").join(written(one) for one in value)),
)


def rendered(config: Config, form: str, now: datetime) -> str:
    """The page in one of ``FORMATS``; ``Refused`` with every fault when the lint finds one."""
    policy = config.policy(b"")
    waits = longest_waits(policy.rules, now)
    if config.file.openpgp.inbound == "required" and not config.file.openpgp.key:
        raise Refused('openpgp.inbound is "required", but there is no openpgp.key to encrypt to')
    page = _page(config).render(form, _facts(config, policy, waits))
    refuse(f"the page as {form}", lint(page, policy.rules, waits, outside.guards(config)))
    return page


def linted(config: Config, page: str | None, now: datetime) -> list[tuple[str, Fault]]:
    """The faults of *page*, else of the page in each format, with the format's name."""
    policy = config.policy(b"")
    waits = longest_waits(policy.rules, now)
    facts, also = _facts(config, policy, waits), outside.guards(config)
    pages = {form: _page(config).render(form, facts) for form in FORMATS} if page is None else {"page": page}
    return [(form, fault) for form, text in pages.items() for fault in lint(text, policy.rules, waits, also)]


def refuse(what: str, faults: tuple[Fault, ...]) -> None:
    """``Refused`` with *faults*, if there are any."""
    if faults:
        lines = "\n".join(f"  {fault}" for fault in faults)
        raise Refused(f"{what} has {len(faults)} {'fault' if len(faults) == 1 else 'faults'}\n{lines}")


def _page(config: Config) -> Page:
    own = config.file.policy.templates
    if own and not config.beside(own).is_dir():
        raise Refused(f"policy.templates = {own!r}: a folder beside {config.path.name}")
    return Page([*([config.beside(own)] if own else []), shipped("config") / "page"])


def _facts(config: Config, policy: Policy, waits: Mapping[str, int]) -> dict[str, Any]:
    """What the templates may use: the keys of ``[policy]``, and what follows from the rest of the file."""
    file = config.file
    public = [rule for rule in policy.rules if rule.public]
    return {
        **dict(file.policy),
        **outside.facts(config),
        "desk": file.desk,
        "policy_url": file.desk.policy_url,
        "language": file.policy.languages[0],
        "team_size": len(file.team),
        "ham_words": file.screening.ham_words,
        "promises": [_promise(rule, waits) for rule in public],
        "has_updates": any(rule.every and not rule.conditional for rule in public),
        "has_handler": any(Happening.HANDLER in rule.met_by for rule in public),
        "ladders": _ladders(policy, public),
        "inbound": file.openpgp.inbound,
        "fingerprint": " ".join(_fours(file.openpgp.key)),
    }


def _promise(rule: Rule, waits: Mapping[str, int]) -> dict[str, Any]:
    days = waits.get(rule.id)
    return {
        "id": rule.id,
        "words": rule.words,
        "starts": rule.starts,
        "met_by": rule.met_by,
        "every": rule.every,
        "only": _only(rule),
        "working": days is not None,
        "wait": f"{days} day{'' if days == 1 else 's'}",
        "calendar": rule.calendar.name if days is not None else "",
    }


def _only(rule: Rule) -> str:
    """Which reports the promise is about, for a reader; empty: all of them."""
    severe = f"for reports that we rate {' or '.join(sorted(rule.severities))}" if rule.severities else ""
    stage = f"while the matter is {' or '.join(sorted(rule.stages))}" if rule.stages else ""
    return ", ".join(part for part in (severe, stage) if part)


def _ladders(policy: Policy, public: list[Rule]) -> list[dict[str, Any]]:
    """Each ladder behind a public promise once (without one the default), and which promises it is about."""
    by_ladder: dict[Any, list[str]] = {}
    for rule in public:
        by_ladder.setdefault(policy.ladder(rule.id), []).append(rule.words)
    if not public:
        by_ladder[policy.ladders["default"]] = []
    return [
        {"about": about, "rungs": [_rung(rung, policy) for rung in ladder]}
        for ladder, about in by_ladder.items()
    ]


def _rung(rung: Rung, policy: Policy) -> dict[str, Any]:
    found: dict[str, Member] = {m.name: m for word in rung.who for m in policy.team.named(word)}
    people = [{"name": name, "address": one.shown} for name, one in found.items()]
    return {"people": people, "everybody": rung.everybody}


def _fours(fingerprint: str) -> list[str]:
    return [fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4)]


def longest_waits(rules: tuple[Rule, ...], now: datetime) -> dict[str, int]:
    """By promise in working time: the longest it can take by the wall clock, in days, in the year to come."""
    working = [rule for rule in rules if rule.limit.working]
    longest = {rule.id: max(rule.wait(at) for at in _turns(rule.calendar, now)) for rule in working}
    return {name: math.ceil(wait / timedelta(days=1)) for name, wait in longest.items()}


def _turns(calendar: Calendar, now: datetime) -> Iterator[datetime]:
    """Each closing, and a minute after each opening: between two of them no start waits longer."""
    for day in (now.date() + timedelta(days=number) for number in range(366)):
        for opens, closes in calendar.spans(day):
            last = day + timedelta(days=1) if closes == time() else day
            yield datetime.combine(day, opens, calendar.zone).astimezone(UTC) + timedelta(minutes=1)
            yield datetime.combine(last, closes, calendar.zone).astimezone(UTC)


def security_txt(config: Config, now: datetime) -> str:
    """The security.txt of the desk (RFC 9116); ``Refused`` while it would not be a valid one."""
    desk, policy, key = config.file.desk, config.file.policy, config.file.openpgp.key
    if trouble := expiry_fault(policy.security_txt_expires, now):
        raise Refused(trouble)
    assert policy.security_txt_expires is not None
    if desk.policy_url.startswith("http:"):
        raise Refused(f"desk.policy_url = {desk.policy_url}: security.txt takes https:// only (RFC 9116)")
    encryption = policy.key_url or (f"openpgp4fpr:{key}" if key else "")
    if config.file.openpgp.inbound == "discouraged":
        encryption = ""
    fields = (
        ("Contact", f"mailto:{quote(desk.address, safe='@+')}"),
        ("Expires", f"{policy.security_txt_expires.isoformat()}T00:00:00Z"),
        ("Encryption", encryption),
        ("Policy", desk.policy_url),
        ("Preferred-Languages", ", ".join(policy.languages)),
        ("Canonical", policy.canonical),
    )
    return "".join(f"{name}: {value}\n" for name, value in fields if value)


def expiry_fault(expires: date | None, now: datetime) -> str:
    """Why no security.txt can be written with this end; empty when it can."""
    if expires is None:
        latest = (now + LONGEST).date()
        return f"policy.security_txt_expires is missing: a day less than a year ahead, {latest} at the latest"
    left = datetime.combine(expires, time(), UTC) - now
    if left <= timedelta(0):
        return f"policy.security_txt_expires = {expires}: is past; give a later day and publish the file anew"
    if left > LONGEST:
        return f"policy.security_txt_expires = {expires}: a day less than a year ahead (RFC 9116)"
    return ""


def expires_soon(expires: date | None, now: datetime) -> str:
    """A warning from 30 days before the published security.txt ends; empty otherwise."""
    if expires is None:
        return ""
    left = datetime.combine(expires, time(), UTC) - now
    if timedelta(0) < left <= WARN_BEFORE:
        days = f"{left.days} day{'' if left.days == 1 else 's'}"
        return f"security.txt expires on {expires}, in {days}: set a later day and publish it again"
    return ""
