"""Finding, reading and checking ``maild.toml``; what the rest of maild gets is a checked ``Config``."""

import json
import os
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from maild.config import check, disclosure, lines, presets, promises, providers, publishing, regulatory
from maild.config.calendars import build
from maild.config.model import File
from maild.config.servers import ServerSection
from maild.config.words import common_names, phrases, words
from maild.core.policy import CanaryPolicy, Limits, Policy
from maild.core.screening import THRESHOLD, ScreeningPolicy
from maild.core.values.asked import Asked
from maild.core.values.calendar import Calendar
from maild.core.values.desk import Desk, Mode
from maild.core.values.people import Member, Team
from maild.errors import MISSING, ConfigError, Problem

YEARS = range(2025, 2046)
"""The years whose holidays are looked up: no promise made today is due later."""
SYSTEM_FILE = Path("/etc/maild/maild.toml")


@dataclass(frozen=True, slots=True)
class Config:
    """A checked configuration: the sections in force, and the file, whose folder relative names start from.

    ``calendars`` are those of the file by name, with the days off of ``YEARS``; ``origins`` says by dotted
    path what comes from the file and what from its preset.
    """

    file: File
    path: Path
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        """The folder that holds the database and, by default, the keys."""
        return self.beside(self.file.desk.state)

    @property
    def digest(self) -> str:
        """What is the same on every host of a desk; where figures and alerts go may differ."""
        alike = self.file.model_dump(mode="json", exclude={"metrics": True, "alert": True, "desk": {"state"}})
        return sha256(json.dumps(alike, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def pgp_home(self) -> Path:
        """GNUPGHOME of the desk."""
        return self.beside(self.file.openpgp.home) if self.file.openpgp.home else self.state / "gnupg"

    @property
    def token_path(self) -> Path:
        """The file with the OAuth token, which ``maild token`` keeps fresh."""
        return self.state / "oauth-token.json"

    def by_oauth(self, server: ServerSection) -> bool:
        """Whether *server*, of ``[inbox]`` or ``[smtp]``, takes that token, having no secret of its own.

        A submission server without a user name wants no login. The canary's account is somebody else's.
        """
        own = server.password_file or server.token_file
        ours = server is self.file.inbox or (server is self.file.smtp and server.username)
        return bool(self.file.oauth.grant and ours and not own)

    def beside(self, name: str) -> Path:
        """*name* as a path; a relative one starts at the configuration's folder."""
        return (self.path.parent / name).absolute()

    def secret(self, name: str) -> str:
        """The first line of the secret file *name*; an empty name is an empty secret."""
        if not name:
            return ""
        return find_secret(self.path.parent, name).read_text("utf-8").rstrip("\n")

    def login(self, server: ServerSection) -> tuple[str, str, str]:
        """User name, password and token for *server*, read anew each time (a token file is refreshed)."""
        return server.username, self.secret(server.password_file), self.secret(server.token_file)

    def policy(self, secret: bytes) -> Policy:
        """The policy of this file, its names keyed by the desk's *secret*."""
        desk, file = self.file.desk, self.file
        return Policy(
            desk=Desk(
                name=desk.name,
                address=desk.address,
                secret=secret,
                aliases=desk.aliases,
                prefix=desk.prefix,
                mode=desk.mode,
                subaddress=desk.subaddress,
                own_lists=desk.own_lists,
                policy_url=desk.policy_url,
                envelope_sender=file.smtp.envelope,
                inbound=file.openpgp.inbound,
                fingerprint=file.openpgp.key,
            ),
            team=Team(tuple(_members(file))),
            rules=promises.rules(file, self.calendars),
            ladders=promises.ladders(file),
            zone=ZoneInfo(desk.zone),
            digest_at=file.escalation.digest_at,
            held_digest_at=file.escalation.held_digest_at,
            canary=_canary(file),
            process=disclosure.process(file.disclosure, file.not_a_bug),
            targets=publishing.targets(file.predisclosure, file.announcement, self.beside),
            duties=regulatory.duties(file.regulatory),
            closed=promises.closed(file),
            asks=tuple(Asked(one.field, one.question, one.marks) for one in file.ask),
            limits=Limits(
                file.limits.receipts_per_address_day,
                file.limits.receipts_per_domain_hour,
                file.limits.receipts_per_hour,
                file.limits.team_letters_per_hour,
                file.limits.followups_per_hour,
                file.limits.database_mb * 1_000_000,
            ),
            screening=_screening(file),
            phrases=phrases(),
            common_names=common_names(),
            authserv_ids=file.trust.authserv_id,
            local_submission=file.trust.local_submission,
            trusted_hops=file.trust.hops,
            results_below=file.trust.results_below,
            tokens=file.trust.tokens == "on",
            respond_min_words=desk.respond_min_words,
            keep_closed=file.retention.keep_closed,
            keep_spam=file.retention.keep_spam,
        )


def find(given: str | None) -> Path:
    """The configuration to use: *given*, else ``$MAILD_CONFIG``, else the system's."""
    return Path(given or os.environ.get("MAILD_CONFIG") or SYSTEM_FILE)


def load(path: Path) -> Config:
    """The checked configuration at *path*; ``ConfigError`` with every fault when there is one."""
    layers = providers.laid(presets.layered(_read(path)))
    raw = layers.raw
    problems = [
        *layers.problems,
        *check.across(raw),
        *promises.faults(raw),
        *disclosure.faults(raw),
        *publishing.faults(raw, path.parent),
        *regulatory.faults(raw),
        *_secrets(path.parent, raw),
    ]
    file: File | None = None
    calendars: dict[str, Calendar] = {}
    try:
        file = File.model_validate(raw)
        problems += promises.in_time(file)
        problems += _built(file, path.absolute().parent, calendars)
    except ValidationError as error:
        problems += check.from_pydantic(error, set(check.names(File)))
    if problems or file is None:
        known = lines.lines(_text(path))
        found = (replace(one, line=lines.nearest(one.key, known)) for one in dict.fromkeys(problems))
        raise ConfigError(str(path), tuple(found))
    return Config(file, path.absolute(), calendars, layers.origins)


def _built(file: File, folder: Path, calendars: dict[str, Calendar]) -> Iterator[Problem]:
    """Build the calendars of *file* into *calendars*; the faults of those that cannot be used."""
    for number, section in enumerate(file.calendar):
        try:
            calendars[section.name] = build(section, folder, YEARS)
        except ValueError as error:
            key, value = ("ical", section.ical) if section.ical else ("days_off", section.name)
            yield Problem(f"calendar.{number}.{key}", repr(value), str(error))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except FileNotFoundError:
        wanted = "a file (`maild init` writes it; config/maild.toml has every option explained)"
        said = f"there is no configuration at {path}; `maild init` makes one, and --config FILE names another"
        if path == SYSTEM_FILE and Path(SYSTEM_FILE.name).is_file():
            said += f". There is one in this folder: --config {SYSTEM_FILE.name}"
        raise ConfigError(str(path), (Problem("file", MISSING, wanted),), said) from None
    except OSError as error:
        wanted = "a file that this user may read"
        said = f"{path} cannot be read: {error.strerror}"
        raise ConfigError(str(path), (Problem("file", str(error.strerror), wanted),), said) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(str(path), (Problem("file", str(error), "a readable TOML file"),)) from None


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def find_secret(folder: Path, name: str) -> Path:
    """Where the secret *name* is: absolute, else a credential of this service, else in *folder*.

    The last resort is a credential of the running service: an encrypted one is nowhere else.
    """
    credential = name.replace("/", "_")  # as systemd names the files of a folder (LoadCredential=)
    unit = "maild.service" if folder.name == "maild" else f"maild@{folder.name}.service"
    own = os.environ.get("CREDENTIALS_DIRECTORY")
    if own and _is_file(Path(own) / credential):
        return Path(own) / credential
    running = Path("/run/credentials") / unit / credential
    return running if not _is_file(folder / name) and _is_file(running) else folder / name


_SECRET_KEYS = (
    "password_file",
    "token_file",
    "passphrase_file",
    "client_secret_file",
    "certificate_file",
    "account_file",
    "ca_file",
)


def _secrets(folder: Path, raw: dict[str, Any]) -> Iterator[Problem]:
    for section in ("inbox", "smtp", "canary", "openpgp", "oauth", "database"):
        table = raw.get(section)
        for key in _SECRET_KEYS:
            name = table.get(key) if isinstance(table, dict) else None
            if isinstance(name, str) and name:
                yield from _secret_file(f"{section}.{key}", folder, name)
    team = raw.get("team")
    for number, member in enumerate(team if isinstance(team, list) else []):
        name = member.get("key_file") if isinstance(member, dict) else None
        if isinstance(name, str) and name and not _is_file(folder / name):
            yield Problem(f"team.{number}.key_file", repr(name), "a file with the member's public key")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (ValueError, OSError):  # a NUL in the name; a folder of somebody else's
        return False


def _secret_file(key: str, folder: Path, name: str) -> Iterator[Problem]:
    path = find_secret(folder, name)
    try:
        with path.open("rb"):
            mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        yield Problem(key, repr(name), f"a readable file ({getattr(error, 'strerror', None) or error})")
        return
    if not key.endswith("ca_file") and mode & stat.S_IRWXO:
        yield Problem(key, repr(name), f"a file that others cannot read (chmod 600 {path})")


def _members(file: File) -> Iterator[Member]:
    for member in file.team:
        contact = member.contact or member.addresses[0]
        roles, key = frozenset(member.roles), member.fingerprint
        yield Member(member.name, member.addresses, contact, roles, key, member.away, member.published)


def _canary(file: File) -> CanaryPolicy:
    """Daily where maild is the list; where another list delivers, its members would get every canary."""
    given = file.canary
    every = given.every
    if every is None:
        every = timedelta(days=1) if file.desk.mode is Mode.RELAY else timedelta(0)
    sender = (given.sender or given.username) if given.host else ""
    return CanaryPolicy(every or None, given.within, sender)


def _screening(file: File) -> ScreeningPolicy:
    given = file.screening
    return ScreeningPolicy(
        words=words(),
        threshold=THRESHOLD if given.threshold is None else given.threshold,
        weights=given.weights,
        ham_words=given.ham_words,
        project_names=given.project_names,
        upstream_spam_header=given.upstream_spam_header,
        own_lists=(file.desk.address, *file.desk.aliases, *file.desk.own_lists),
    )
