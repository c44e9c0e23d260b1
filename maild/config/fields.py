"""The kinds of values in ``maild.toml``, each with what is wanted when it is something else."""

import ipaddress
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from maild.core.values.address import normal
from maild.core.values.duration import Length, parse_duration, parse_length

_ADDRESS = re.compile(r"[^\s@<>,;\"()]+@[^\s@<>,;\"()]+\.[^\s@<>,;\"()]+|[^\s@<>,;\"()]+@localhost")


def _address(value: object) -> str:
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value.strip()):
        raise ValueError("an email address such as security@project.org")
    return normal(value)


LAST_YEAR = 9000


def to_optional_address(value: object) -> str:
    """One mail address, or an empty text."""
    return "" if value == "" else _address(value)


def _duration(value: object) -> timedelta:
    if not isinstance(value, str):
        raise ValueError('a duration in quotes, such as "24h"')
    return parse_duration(value)


def _length(value: object) -> object:
    return parse_length(value) if isinstance(value, str) else value


def to_zero_or_duration(value: object) -> timedelta:
    """A duration; ``0`` is allowed."""
    return timedelta(0) if value in ("0", "0h") else _duration(value)


def to_keep(value: object) -> timedelta | None:
    """How long something is kept; ``forever`` means for ever."""
    try:
        return None if value == "forever" else _duration(value)
    except ValueError:
        raise ValueError('a duration in quotes, such as "365d", or "forever"') from None


def to_never_or_duration(value: object) -> timedelta | None:
    """A duration; ``"0"`` or an empty text means never, which is zero here; ``None`` is left to the mode."""
    return timedelta(0) if value in ("", "0", "0h") else _duration(value)


def to_authserv_ids(value: object) -> tuple[str, ...]:
    """One name of a mail exchanger, or a list of them; ``*`` may stand in all but the last two labels."""
    given = [value] if isinstance(value, str) else value
    names = [one.strip() for one in given if isinstance(one, str)] if isinstance(given, list) else None
    if names is None or not isinstance(given, list) or len(names) != len(given):
        raise ValueError('a name or a list of names, such as ["mx1.example.org", "mx*.provider.example"]')
    for name in names:
        labels = name.split(".")
        if "*" in name and (len(labels) < 3 or "*" in "".join(labels[-2:]) or not all(labels)):
            raise ValueError('a pattern that ends in a whole domain, such as "mx*.provider.example"')
    return tuple(name for name in names if name)


def to_away(value: object) -> tuple[datetime, datetime]:
    """``2026-12-20..2027-01-03``: both days included, UTC."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", value) if isinstance(value, str) else None
    if not match:
        raise ValueError('two days, such as "2026-12-20..2027-01-03"')
    first, last = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in match.groups())
    if last < first:
        raise ValueError("two days, the earlier one first")
    if last.year > 9000:
        raise ValueError("two days before the year 9000")
    return first, last + timedelta(days=1)


def to_day(value: object) -> date | None:
    """``2027-06-01``, with or without quotes; empty means none."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if value in ("", None):
        return None
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError('a day, such as "2027-06-01"')
    return date.fromisoformat(value)


def to_closed(value: object) -> tuple[tuple[date, date], ...]:
    """``2026-07-01/2026-08-03``, or several: the first day that is closed, and the day of reopening."""
    given = [value] if isinstance(value, str) and value else value or []
    if not isinstance(given, list):
        raise ValueError('two days, such as "2026-07-01/2026-08-03", or a list of such')
    return tuple(_span(one) for one in given)


def _span(value: object) -> tuple[date, date]:
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)", value) if isinstance(value, str) else None
    if not match:
        raise ValueError('two days, such as "2026-07-01/2026-08-03"')
    first, reopens = (date.fromisoformat(day) for day in match.groups())
    if not first < reopens or reopens.year > LAST_YEAR:
        raise ValueError(f"two days before the year {LAST_YEAR}, the earlier one first")
    return first, reopens


def _words(value: str) -> str:
    if not value.strip():
        raise ValueError("a text that is not empty")
    return value


def _fingerprint(value: object) -> str:
    text = re.sub(r"\s", "", value).upper() if isinstance(value, str) else "?"
    if text and not re.fullmatch(r"[0-9A-F]{40}|[0-9A-F]{64}", text):
        raise ValueError("the full fingerprint, 40 hexadecimal digits (gpg --fingerprint shows it)")
    return text


def to_zone(name: str) -> str:
    """Zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a name at all; a folder of zones
        raise ValueError('a time zone such as "Europe/Berlin" or "UTC"') from None
    return name


def to_clock_time(value: object) -> time | None:
    """Clock time."""
    if value == "":
        return None
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('a time of day such as "08:00", or "" for never')
    return time.fromisoformat(value)


def to_subaddress(value: object) -> str:
    """The separator of tokens; ``true`` means ``+``, ``false`` none."""
    if isinstance(value, bool):
        return "+" if value else ""
    if isinstance(value, str) and re.fullmatch(r"[^\w\s@]?|_", value):
        return value
    raise ValueError('one separator such as "+", or false when the server has no such addresses')


MailAddress = Annotated[str, BeforeValidator(_address)]
LengthText = Annotated[Length, BeforeValidator(_length)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Fingerprint = Annotated[str, BeforeValidator(_fingerprint)]
HttpsUrl = Annotated[str, Field(pattern=r"^(https://[\x21-\x7e]+)?$")]
LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
Tls = Literal["implicit", "starttls", "none"]
Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]
Port = Annotated[Whole, Field(ge=1, le=65535)]
Count = Annotated[Whole, Field(ge=0)]
Words = Annotated[str, AfterValidator(_words)]
"""A name, or an item of a list: an empty one would be a folder, a list or a person that is not there."""


class Section(BaseModel):
    """Unknown keys are faults: a misspelt option must not be silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def is_loopback(host: str) -> bool:
    """Whether *host* is this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
