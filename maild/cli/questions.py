"""What ``maild init`` has to know: from its options, and asked for where they say nothing."""

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from maild.app.init import PASSWORD, Answers, OwnKey, Person
from maild.config.load import SYSTEM_FILE
from maild.config.template import Value
from maild.errors import Refused

PEOPLE = '("NAME <ADDRESS>")'


@dataclass(frozen=True, slots=True)
class Said:
    """The options of ``init``; ``None`` or empty where nothing was said."""

    address: str | None
    name: str | None
    imap: str | None
    imap_tls: str
    smtp: str | None
    smtp_tls: str
    smtp_open: bool
    user: str | None
    password_file: Path | None
    ca_file: Path | None
    sent: str | None
    coordinator: str | None
    backup: str | None
    handler: Sequence[str]
    team_key: Sequence[Path]
    key: str | None
    passphrase_file: Path | None
    preset: str
    state: str | None

    @property
    def asking(self) -> bool:
        """Without an address somebody sits there who answers; with it only what must be known is asked."""
        return self.address is None


def answers(said: Said, path: Path) -> Answers:
    """All that goes into the configuration at *path*. ``Refused`` when root has no folder for its state."""
    state = said.state or str(_state(path))
    address = said.address or _ask("The published address (security@...)")
    domain = address.rpartition("@")[2]
    name = said.name or _perhaps(said, "The name under which the desk writes", f"{domain} security")
    imap = said.imap or _ask("The IMAP server (HOST or HOST:PORT)", f"mail.{domain}")
    smtp = said.smtp or _perhaps(said, "The SMTP server (HOST or HOST:PORT)", re.sub(r":\d+$", "", imap))
    user = said.user or _perhaps(said, "The user name for both servers", address)
    sent = said.sent or (_ask("The folder for sent messages (- for none)", "Sent") if said.asking else "")
    password = _password(said, user)
    values: dict[str, Value] = {
        "desk.address": address,
        "desk.name": name,
        "desk.prefix": _prefix(domain),
        "desk.state": state,
        "policy.preset": said.preset,
        "inbox.sent": sent.removeprefix("-"),
        **_server("inbox", imap, said.imap_tls),
        **_server("smtp", smtp, said.smtp_tls),
        **_login("inbox", said, user, password),
        **_login("smtp", said, "" if said.smtp_open else user, "" if said.smtp_open else password),
    }
    people = _people(said)
    return Answers(values, password, people, [*said.team_key, *(_key_files() if said.asking else ())])


def own_key(said: Said) -> OwnKey | None:
    """The desk's secret key, when it is to be taken from a file; ``None`` for one to be made."""
    name = said.key or (
        _ask("A file with the desk's secret key (leave empty to make a new key)", "") if said.asking else ""
    )
    if name in ("", "make"):
        return None
    file = Path(name)
    if not file.is_file():
        raise Refused(f"{file}: no such file; --key takes make, none, or a file with your secret key")
    if said.passphrase_file:
        return OwnKey(file.read_bytes(), _line(said.passphrase_file))
    return OwnKey(file.read_bytes(), _hidden("Its passphrase (leave empty if it has none)") or None)


def _server(section: str, host: str, tls: str) -> dict[str, Value]:
    """The keys of one server; its port only when it was said."""
    match = re.fullmatch(r"(.+):(\d+)", host)
    values: dict[str, Value] = {f"{section}.host": match.group(1) if match else host, f"{section}.tls": tls}
    return values | ({f"{section}.port": int(match.group(2))} if match else {})


def _login(section: str, said: Said, user: str, password: str) -> dict[str, Value]:
    """How maild proves who it is there, and the server to maild."""
    file = PASSWORD if password else ""
    values: dict[str, Value] = {f"{section}.username": user, f"{section}.password_file": file}
    return values | ({f"{section}.ca_file": str(said.ca_file.absolute())} if said.ca_file else {})


def _prefix(domain: str) -> str:
    """Case numbers begin with the domain's own name: ``EXAMPLE-7KQ2M9``."""
    label = re.sub(r"[^A-Z0-9]", "", domain.partition(".")[0].upper())[:10]
    return label if re.match(r"[A-Z]", label) else "SEC"


def _state(path: Path) -> Path:
    """The state folder that goes with the configuration at *path*."""
    folder = path.absolute().parent
    if os.geteuid() != 0:
        return folder / "state"
    state = Path("/var/lib/maild" if folder == SYSTEM_FILE.parent else f"/var/lib/maild-{folder.name}")
    if not state.is_dir():
        raise Refused(
            f"{state} does not exist: run `maild install-service` first, or name a folder with --state"
        )
    return state


def _password(said: Said, user: str) -> str:
    if said.password_file:
        return _line(said.password_file)
    return _hidden(f"The password of {user} (leave empty if there is none)")


def _people(said: Said) -> list[Person]:
    coordinator = said.coordinator or _ask(f"Coordinator: who is told when a promise is overdue {PEOPLE}")
    backup = said.backup or _ask(f"Backup: who is told a day later, somebody else {PEOPLE}")
    first = [_person(coordinator, "handler", "coordinator"), _person(backup, "backup")]
    return first + [_person(one, "handler") for one in said.handler]


def _person(text: str, *roles: str) -> Person:
    match = re.fullmatch(r"\s*([^<>]+?)\s*<\s*([^\s<>]+@[^\s<>]+)\s*>\s*", text)
    if not match:
        raise click.BadParameter(f"{text!r}: expected {PEOPLE}")
    return Person(match.group(1), match.group(2), roles)


def _key_files() -> list[Path]:
    found: list[Path] = []
    while more := _ask("A file with a member's public key (leave empty when done)", ""):
        found.append(Path(more))
    return found


def _perhaps(said: Said, question: str, default: str) -> str:
    """Asked only when somebody answers anyway."""
    return _ask(question, default) if said.asking else default


def _ask(question: str, default: str | None = None) -> str:
    return str(click.prompt(question, default, show_default=bool(default))).strip()


def _hidden(question: str) -> str:
    return str(click.prompt(question, "", hide_input=sys.stdin.isatty(), show_default=False))


def _line(file: Path) -> str:
    return file.read_text("utf-8").rstrip("\n")
