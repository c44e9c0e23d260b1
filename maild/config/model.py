"""The sections of ``maild.toml`` and what each key must be. Key names are a contract with operators."""

import ipaddress
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from maild.core.cases.people import Role
from maild.core.mail.address import normal
from maild.core.policy import EnvelopeSender, Inbound, Mode
from maild.core.promises.duration import Length, parse_duration, parse_length
from maild.core.promises.rule import Happening

_ADDRESS = re.compile(r"[^\s@<>,;\"()]+@[^\s@<>,;\"()]+\.[^\s@<>,;\"()]+|[^\s@<>,;\"()]+@localhost")


def _address(value: object) -> str:
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value.strip()):
        raise ValueError("a mail address such as security@project.org")
    return normal(value)


def _optional_address(value: object) -> str:
    return "" if value == "" else _address(value)


def _duration(value: object) -> timedelta:
    if not isinstance(value, str):
        raise ValueError('a duration in quotes, such as "24h"')
    return parse_duration(value)


def _length(value: object) -> object:
    return parse_length(value) if isinstance(value, str) else value


def _zero_or_duration(value: object) -> timedelta:
    return timedelta(0) if value in ("0", "0h") else _duration(value)


def _away(value: object) -> tuple[datetime, datetime]:
    """``2026-12-20..2027-01-03``: both days included, UTC."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", value) if isinstance(value, str) else None
    if not match:
        raise ValueError('two days, such as "2026-12-20..2027-01-03"')
    first, last = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in match.groups())
    if last < first:
        raise ValueError("two days, the earlier one first")
    return first, last + timedelta(days=1)


def _day(value: object) -> date | None:
    """``2027-06-01``, with or without quotes; empty means none."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if value in ("", None):
        return None
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError('a day, such as "2027-06-01"')
    return date.fromisoformat(value)


def _fingerprint(value: object) -> str:
    text = re.sub(r"\s", "", value).upper() if isinstance(value, str) else "?"
    if text and not re.fullmatch(r"[0-9A-F]{40}|[0-9A-F]{64}", text):
        raise ValueError("the full fingerprint, 40 hexadecimal digits (gpg --fingerprint shows it)")
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a name at all; a folder of zones
        raise ValueError('a time zone such as "Europe/Berlin" or "UTC"') from None
    return name


def _clock_time(value: object) -> time | None:
    if value == "":
        return None
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('a time of day such as "08:00", or "" for never')
    return time.fromisoformat(value)


def _subaddress(value: object) -> str:
    if isinstance(value, bool):
        return "+" if value else ""
    if isinstance(value, str) and len(value) <= 1:
        return value
    raise ValueError('one separator such as "+", or false when the server has no such addresses')


MailAddress = Annotated[str, BeforeValidator(_address)]
LengthText = Annotated[Length, BeforeValidator(_length)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Fingerprint = Annotated[str, BeforeValidator(_fingerprint)]
HttpsUrl = Annotated[str, Field(pattern=r"^(https://[\x21-\x7e]+)?$")]
LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
Tls = Literal["implicit", "starttls", "none"]
Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=0)]


class Section(BaseModel):
    """Unknown keys are faults: a misspelt option must not be silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DeskSection(Section):
    """``[desk]``."""

    name: Annotated[str, Field(min_length=1)]
    address: MailAddress
    aliases: tuple[MailAddress, ...] = ()
    prefix: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,9}$")] = "SEC"
    state: str = "/var/lib/maild"
    mode: Mode = Mode.RELAY
    subaddress: Annotated[str, BeforeValidator(_subaddress)] = "+"
    own_lists: tuple[str, ...] = ()
    zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    policy_url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""


class ServerSection(Section):
    """What ``[inbox]`` and ``[smtp]`` share. TLS may be absent on the loopback interface only."""

    host: Annotated[str, Field(min_length=1)]
    port: Port | None = None
    tls: Tls = "implicit"
    ca_file: str = ""
    username: str = ""
    password_file: str = ""
    token_file: str = ""
    timeout: Duration = timedelta(seconds=30)

    @model_validator(mode="after")
    def _sealed_transport(self) -> Self:
        if self.tls == "none" and not _loopback(self.host):
            raise ValueError(
                'tls "implicit" or "starttls" ("none" only for a server on the loopback interface)'
            )
        return self

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        if self.password_file and self.token_file:
            raise ValueError("password_file or token_file, not both")
        return self


class InboxSection(ServerSection):
    """``[inbox]``."""

    folders: Annotated[tuple[str, ...], Field(min_length=1)] = ("INBOX",)
    sent: str = ""
    junk: str = ""
    poll: Duration = timedelta(seconds=60)
    max_size: Annotated[int, Field(ge=100_000)] = 25_000_000


class SmtpSection(ServerSection):
    """``[smtp]``."""

    envelope: EnvelopeSender = EnvelopeSender.DESK


class OpenPgpSection(Section):
    """``[openpgp]``."""

    home: str = ""
    key: Fingerprint = ""
    passphrase_file: str = ""
    inbound: Inbound = Inbound.ACCEPTED


class MemberSection(Section):
    """``[[team]]``."""

    name: Annotated[str, Field(min_length=1)]
    addresses: Annotated[tuple[MailAddress, ...], Field(min_length=1)]
    contact: Annotated[str, BeforeValidator(_optional_address)] = ""
    published: Annotated[str, BeforeValidator(_optional_address)] = ""
    fingerprint: Fingerprint = ""
    key_file: str = ""
    roles: Annotated[tuple[Role, ...], Field(min_length=1)] = (Role.HANDLER,)
    away: tuple[Annotated[tuple[datetime, datetime], BeforeValidator(_away)], ...] = ()


class LimitsSection(Section):
    """``[limits]``."""

    receipts_per_address_day: Count = 5
    receipts_per_domain_hour: Count = 30
    receipts_per_hour: Count = 100


class PolicySection(Section):
    """``[policy]``: the preset beneath this file, and what the public page says beside the promises."""

    preset: str = "rust-2015"
    without: tuple[str, ...] = ()
    version: str = ""
    contact: Annotated[str, BeforeValidator(_optional_address)] = ""
    forum: str = ""
    list: str = ""
    supported: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    out_of_scope: tuple[str, ...] = ()
    safe_testing: tuple[str, ...] = ()
    bounty: str = ""
    templates: str = ""
    key_url: HttpsUrl = ""
    canonical: HttpsUrl = ""
    languages: Annotated[tuple[LanguageTag, ...], Field(min_length=1)] = ("en",)
    security_txt_expires: Annotated[date | None, BeforeValidator(_day)] = None


class CalendarSection(Section):
    """``[[calendar]]``: what working time is."""

    name: Annotated[str, Field(min_length=1)]


class PromisesSection(Section):
    """``[promises]``, the short form: the three promises of the seed."""

    acknowledge: LengthText = Length(24, "h")
    respond: LengthText = Length(48, "h")
    update: LengthText = Length(5, "d")


class PromiseSection(Section):
    """``[[promise]]``: one promise as data; its ``id`` may be one of the seed's, which it then replaces."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    limit: LengthText
    starts: Happening
    met_by: Annotated[tuple[Happening, ...], Field(min_length=1)]
    every: bool = False
    calendar: str = ""
    warn_at: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = ()
    ladder: str = "default"
    public: bool = True
    max_pause: Duration = timedelta(days=30)


class RungSection(Section):
    """``[[ladder.rung]]``."""

    who: Annotated[tuple[str, ...], Field(min_length=1)]
    mode: Literal["any", "all"] = "all"
    after: Annotated[timedelta, BeforeValidator(_zero_or_duration)] = timedelta(0)
    repeat_every: Duration | None = None
    quiet_hours: Annotated[str, Field(pattern=r"^(\d\d:\d\d-\d\d:\d\d)?$")] = ""


class LadderSection(Section):
    """``[[ladder]]``: named steps of who is told when a promise has lapsed."""

    name: Annotated[str, Field(min_length=1)]
    rung: Annotated[tuple[RungSection, ...], Field(min_length=1)]


class EscalationSection(Section):
    """``[escalation]``."""

    backup_after: Duration = timedelta(hours=24)
    digest_at: Annotated[time | None, BeforeValidator(_clock_time)] = time(8)


class AlertSection(Section):
    """``[alert]``: where to say that mail itself is down; an empty name says it to nobody."""

    socket: str = ""


class ScreeningSection(Section):
    """``[screening]``."""

    quarantine: str = ""
    threshold: float | None = None
    weights: dict[str, float] = {}
    ham_words: tuple[str, ...] = ()
    project_names: tuple[str, ...] = ()
    upstream_spam_header: str = ""


class TrustSection(Section):
    """``[trust]``."""

    authserv_id: str = ""
    local_submission: bool = False


class File(Section):
    """The whole file."""

    desk: DeskSection
    inbox: InboxSection
    smtp: SmtpSection
    openpgp: OpenPgpSection = OpenPgpSection()
    team: tuple[MemberSection, ...]
    limits: LimitsSection = LimitsSection()
    promises: PromisesSection = PromisesSection()
    policy: PolicySection = PolicySection()
    calendar: tuple[CalendarSection, ...] = ()
    promise: tuple[PromiseSection, ...] = ()
    ladder: tuple[LadderSection, ...] = ()
    escalation: EscalationSection = EscalationSection()
    alert: AlertSection = AlertSection()
    screening: ScreeningSection = ScreeningSection()
    trust: TrustSection = TrustSection()


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
