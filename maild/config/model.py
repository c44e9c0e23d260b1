"""The sections of ``maild.toml``. Key names are a contract with operators."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from maild.config.calendars import CalendarSection
from maild.config.database import DatabaseSection
from maild.config.fields import (
    Count,
    Duration,
    Fingerprint,
    Flag,
    HttpsUrl,
    LanguageTag,
    LengthText,
    MailAddress,
    Number,
    Section,
    Whole,
    Words,
    is_loopback,
    to_authserv_ids,
    to_away,
    to_clock_time,
    to_closed,
    to_day,
    to_keep,
    to_never_or_duration,
    to_optional_address,
    to_subaddress,
    to_zero_or_duration,
    to_zone,
)
from maild.config.oauth import OAuthSection
from maild.config.publishing import AnnouncementSection, PredisclosureSection
from maild.config.regulatory import RegulatorySection
from maild.config.reports import AskSection, ReasonSection
from maild.config.servers import CanarySection, InboxSection, SmtpSection
from maild.core.values.desk import Inbound, Mode
from maild.core.values.duration import Length
from maild.core.values.people import Role
from maild.core.values.process import SEED
from maild.core.values.rule import Happening


class DeskSection(Section):
    """``[desk]``."""

    name: Words
    address: MailAddress
    aliases: tuple[MailAddress, ...] = ()
    prefix: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,9}$")] = "SEC"
    state: Words = "/var/lib/maild"
    mode: Mode = Mode.RELAY
    subaddress: Annotated[str, BeforeValidator(to_subaddress)] = "+"
    respond_min_words: Annotated[Whole, Field(ge=1, le=1000)] = 5
    own_lists: tuple[Words, ...] = ()
    zone: Annotated[str, AfterValidator(to_zone)] = "UTC"
    policy_url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    closed: Annotated[tuple[tuple[date, date], ...], BeforeValidator(to_closed)] = ()


class OpenPgpSection(Section):
    """``[openpgp]``."""

    home: str = ""
    key: Fingerprint = ""
    passphrase_file: str = ""
    inbound: Inbound = Inbound.ACCEPTED


class MemberSection(Section):
    """``[[team]]``."""

    name: Words
    addresses: Annotated[tuple[MailAddress, ...], Field(min_length=1)]
    contact: Annotated[str, BeforeValidator(to_optional_address)] = ""
    published: Annotated[str, BeforeValidator(to_optional_address)] = ""
    fingerprint: Fingerprint = ""
    key_file: str = ""
    roles: Annotated[tuple[Role, ...], Field(min_length=1)] = (Role.HANDLER,)
    away: tuple[Annotated[tuple[datetime, datetime], BeforeValidator(to_away)], ...] = ()


class LimitsSection(Section):
    """``[limits]``."""

    receipts_per_address_day: Count = 5
    receipts_per_domain_hour: Count = 30
    receipts_per_hour: Count = 100
    team_letters_per_hour: Count = 1000
    followups_per_hour: Count = 20
    database_mb: Annotated[Whole, Field(ge=1)] = 10_000


class PolicySection(Section):
    """``[policy]``: the preset beneath this file, and what the public page says beside the promises."""

    preset: str = "rust-2015"
    without: tuple[Words, ...] = ()
    version: str = ""
    contact: Annotated[str, BeforeValidator(to_optional_address)] = ""
    forum: str = ""
    list: str = ""
    supported: tuple[Words, ...] = ()
    scope: tuple[Words, ...] = ()
    out_of_scope: tuple[Words, ...] = ()
    safe_testing: tuple[Words, ...] = ()
    bounty: str = ""
    tool_found: Literal["", "private", "public"] = ""
    templates: str = ""
    key_url: HttpsUrl = ""
    canonical: HttpsUrl = ""
    languages: Annotated[tuple[LanguageTag, ...], Field(min_length=1)] = ("en",)
    security_txt_expires: Annotated[date | None, BeforeValidator(to_day)] = None


class PromisesSection(Section):
    """``[promises]``, the short form: the three promises of the seed."""

    acknowledge: LengthText = Length(24, "h")
    respond: LengthText = Length(48, "h")
    update: LengthText = Length(5, "d")


class AppliesSection(Section):
    """``[promise.applies]``: the severities and stages of cases that a promise is about; empty: all."""

    severity: tuple[Words, ...] = ()
    state: tuple[Words, ...] = ()


class PromiseSection(Section):
    """``[[promise]]``: one promise as data; its ``id`` may be one of the seed's, which it then replaces."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    limit: LengthText
    starts: Happening
    met_by: Annotated[tuple[Happening, ...], Field(min_length=1)]
    every: Flag = False
    calendar: str = ""
    warn_at: tuple[Annotated[Number, Field(gt=0, lt=1)], ...] = ()
    ladder: str = "default"
    public: Flag = True
    max_pause: Duration = timedelta(days=30)
    applies: AppliesSection = AppliesSection()
    pause_on: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")], ...] = ("any",)


class RungSection(Section):
    """``[[ladder.rung]]``."""

    who: Annotated[tuple[Words, ...], Field(min_length=1)]
    mode: Literal["any", "all"] = "all"
    after: Annotated[timedelta, BeforeValidator(to_zero_or_duration)] = timedelta(0)
    repeat_every: Duration | None = None
    quiet_hours: Annotated[str, Field(pattern=r"^(\d\d:\d\d-\d\d:\d\d)?$")] = ""


class LadderSection(Section):
    """``[[ladder]]``: named steps of who is told when a promise has lapsed."""

    name: Words
    rung: Annotated[tuple[RungSection, ...], Field(min_length=1)]


class EscalationSection(Section):
    """``[escalation]``."""

    backup_after: Duration = timedelta(hours=24)
    digest_at: Annotated[time | None, BeforeValidator(to_clock_time)] = time(8)
    held_digest_at: Annotated[time | None, BeforeValidator(to_clock_time)] = time(8)


class AlertSection(Section):
    """``[alert]``: where to say that mail itself is down; an empty name says it to nobody."""

    socket: str = ""


class MetricsSection(Section):
    """``[metrics]``: where the desk's figures are shown."""

    textfile: str = ""
    listen: Annotated[str, Field(pattern=r"^(\S+:\d{1,5})?$")] = ""

    @model_validator(mode="after")
    def _at_home(self) -> Self:
        if self.listen and not is_loopback(self.listen.rpartition(":")[0]):
            raise ValueError('an address on the loopback interface, such as "127.0.0.1:9555"')
        return self


class RetentionSection(Section):
    """``[retention]``: how long texts are kept; ``None`` is for ever."""

    keep_closed: Annotated[timedelta | None, BeforeValidator(to_keep)] = timedelta(days=730)
    keep_spam: Annotated[timedelta | None, BeforeValidator(to_keep)] = timedelta(days=90)


class StageSection(Section):
    """``[[disclosure.stage]]``."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,29}$")]
    needs: tuple[Words, ...] = ()


class HandlingSection(Section):
    """``[[disclosure.handling]]``: how cases of one severity are handled."""

    severity: str
    track: Literal["public", "private", "urgent"] = "private"
    branches: tuple[Words, ...] = ()
    embargo: Duration | None = None
    release: Literal["out-of-band", "next"] = "next"
    stale_after: Duration | None = None


class DisclosureSection(Section):
    """``[disclosure]``: the road from report to announcement."""

    severities: Annotated[tuple[Words, ...], Field(min_length=1)] = SEED.severities
    branches: tuple[Words, ...] = ()
    longest_embargo: Duration = SEED.longest_embargo
    embargo_from: Literal["report", "fix"] = "report"
    idle_after: Annotated[timedelta | None, BeforeValidator(to_never_or_duration)] = timedelta(0)
    unreachable_asks: Annotated[Whole, Field(ge=1, le=20)] = SEED.unreachable_asks
    unreachable_after: Duration = SEED.unreachable_after
    tracker: HttpsUrl = ""
    namespace: HttpsUrl = ""
    cna: Annotated[str, Field(pattern=r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$")] = ""
    checklist: dict[str, str] = Field(default_factory=lambda: dict(SEED.checklist))
    stage: tuple[StageSection, ...] = tuple(StageSection(name=s.name, needs=s.needs) for s in SEED.stages)
    handling: tuple[HandlingSection, ...] = ()


class ScreeningSection(Section):
    """``[screening]``."""

    quarantine: str = ""
    threshold: Annotated[Number, Field(ge=0)] | None = None
    weights: dict[str, Number] = Field(default_factory=dict)
    ham_words: tuple[Words, ...] = ()
    project_names: tuple[Words, ...] = ()
    upstream_spam_header: str = ""


class TrustSection(Section):
    """``[trust]``."""

    authserv_id: Annotated[tuple[str, ...], BeforeValidator(to_authserv_ids)] = ()
    local_submission: Flag = False
    hops: tuple[Words, ...] = ()
    results_below: Flag = False
    tokens: Literal["on", "off"] = "on"


class AcceptedSection(Section):
    """``[[accepted]]``: a warning of ``maild check`` that somebody looked at and lives with."""

    what: Words
    text: Words
    reason: Words


class File(Section):
    """The whole file."""

    desk: DeskSection
    inbox: InboxSection
    smtp: SmtpSection
    oauth: OAuthSection = OAuthSection()
    database: DatabaseSection = DatabaseSection()
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
    retention: RetentionSection = RetentionSection()
    canary: CanarySection = CanarySection()
    metrics: MetricsSection = MetricsSection()
    disclosure: DisclosureSection = DisclosureSection()
    predisclosure: tuple[PredisclosureSection, ...] = ()
    announcement: tuple[AnnouncementSection, ...] = ()
    regulatory: RegulatorySection = RegulatorySection()
    ask: tuple[AskSection, ...] = ()
    not_a_bug: tuple[ReasonSection, ...] = ()
    screening: ScreeningSection = ScreeningSection()
    trust: TrustSection = TrustSection()
    accepted: tuple[AcceptedSection, ...] = ()
