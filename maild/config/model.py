"""The sections of ``maild.toml`` and what each key must be. Key names are a contract with operators."""

import ipaddress
import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from maild.core.cases.people import Role
from maild.core.mail.address import normal
from maild.core.policy import EnvelopeSender, Inbound, Mode
from maild.core.promises.duration import parse_duration

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


def _fingerprint(value: object) -> str:
    text = re.sub(r"\s", "", value).upper() if isinstance(value, str) else "?"
    if text and not re.fullmatch(r"[0-9A-F]{40}|[0-9A-F]{64}", text):
        raise ValueError("the full fingerprint, 40 hexadecimal digits (gpg --fingerprint shows it)")
    return text


def _subaddress(value: object) -> str:
    if isinstance(value, bool):
        return "+" if value else ""
    if isinstance(value, str) and len(value) <= 1:
        return value
    raise ValueError('one separator such as "+", or false when the server has no such addresses')


MailAddress = Annotated[str, BeforeValidator(_address)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Fingerprint = Annotated[str, BeforeValidator(_fingerprint)]
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
    fingerprint: Fingerprint = ""
    key_file: str = ""
    roles: Annotated[tuple[Role, ...], Field(min_length=1)] = (Role.HANDLER,)


class LimitsSection(Section):
    """``[limits]``."""

    receipts_per_address_day: Count = 5
    receipts_per_domain_hour: Count = 30
    receipts_per_hour: Count = 100


class PromisesSection(Section):
    """``[promises]``."""

    acknowledge: Duration = timedelta(hours=24)
    respond: Duration = timedelta(hours=48)
    update: Duration = timedelta(days=5)


class EscalationSection(Section):
    """``[escalation]``."""

    backup_after: Duration = timedelta(hours=24)


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
    escalation: EscalationSection = EscalationSection()
    screening: ScreeningSection = ScreeningSection()
    trust: TrustSection = TrustSection()


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
