"""What ``maild init`` has to know: from its options, and asked for where they say nothing."""

import os
import re
import sys
from pathlib import Path

import click

from maild.app import init as founding
from maild.app.desk import now
from maild.app.init import PASSWORD, Answers, Login, OwnKey, Person
from maild.app.trying import STARTTLS_PORTS
from maild.cli import output
from maild.cli.asklogin import login, without_draft
from maild.cli.said import Said, ask, hidden
from maild.config import load, providers
from maild.config.load import SYSTEM_FILE
from maild.config.presets import Table
from maild.config.template import Beneath, Value
from maild.errors import MaildError, Refused

OWN_KEY = "A file with the desk's secret key (leave empty to make a new key)"
PEOPLE = '("NAME <ADDRESS>")'
COORDINATOR = "Coordinator, told when a promise is overdue"
BACKUP = "Backup, told a day later"


def answers(said: Said, path: Path) -> Answers:
    """All that goes into the configuration at *path*. ``Refused`` when root has no folder for its state."""
    state = said.state or str(state_folder(path))
    address = said.address or ask("The published address (security@...)", option="--address")
    domain = address.rpartition("@")[2]
    name = said.name or _perhaps(said, "The name under which the desk writes", f"{domain} security")
    known = providers.provider(said.provider).below if said.provider else {}
    imap, smtp = said.imap or "", said.smtp or ""
    if "host" not in known.get("inbox", {}):
        imap = imap or ask("The IMAP server (HOST or HOST:PORT)", f"mail.{domain}", "--imap")
        smtp = smtp or _perhaps(said, "The SMTP server (HOST or HOST:PORT)", re.sub(r":\d+$", "", imap))
    user = said.user or _perhaps(said, "The user name for both servers", address)
    sent = said.sent or (ask("The folder for sent messages (- for none)", "Sent") if said.asking else "")
    way = login(said, without_draft, providers.provider(said.provider) if said.provider else None, user)
    values: dict[str, Value] = {
        "desk.address": address,
        "desk.name": name,
        "desk.prefix": prefix(domain),
        "desk.state": state,
        "policy.preset": said.preset,
        "inbox.sent": sent.removeprefix("-"),
        **server("inbox", imap, said.imap_tls, known),
        **server("smtp", smtp, said.smtp_tls, known),
        **account("inbox", said, user, way),
        **account("smtp", said, "" if said.smtp_open else user, way),
        **_further(said, known),
    }
    people = _people(said)
    return Answers(values, people, [*said.team_key, *(_key_files() if said.asking else ())], way)


def own_key(said: Said) -> OwnKey | None:
    """The desk's secret key, when it is to be taken from a file; ``None`` for one to be made.

    It is tried; what somebody types is asked for until it works.
    """
    while True:
        name = said.key or (ask(OWN_KEY, "") if said.asking else "")
        if name in ("", "make"):
            return None
        try:
            own = _from_file(said, Path(name).expanduser())
            founding.try_key(own, now())
        except MaildError as error:
            if said.key or not sys.stdin.isatty():
                raise
            output.tell(str(error), "  ")
        else:
            return own


def _from_file(said: Said, file: Path) -> OwnKey:
    if not file.is_file():
        raise Refused(f"{file}: no such file; --key takes make, none, or a file with your secret key")
    if said.passphrase_file:
        return OwnKey(file.read_bytes(), _line(said.passphrase_file))
    return OwnKey(file.read_bytes(), hidden("Its passphrase (leave empty if it has none)") or None)


def server(section: str, given: str, tls: str | None, known: Table) -> dict[str, Value]:
    """The keys of one server; its port only when it was said, and nothing that the provider knows."""
    if not given:
        return {f"{section}.host": Beneath(known[section]["host"])}
    host, port = split(given)
    tls = tls or ("starttls" if port in STARTTLS_PORTS else "implicit")
    values: dict[str, Value] = {f"{section}.host": host, f"{section}.tls": tls}
    return values | ({f"{section}.port": port} if port else {})


def split(given: str) -> tuple[str, int]:
    """HOST or HOST:PORT as both; 0 where no port was said."""
    match = re.fullmatch(r"(.+):(\d{1,5})", given)
    return (match.group(1), int(match.group(2))) if match else (given, 0)


def account(section: str, said: Said, user: str, way: Login) -> dict[str, Value]:
    """How maild proves who it is there (no *user*: not at all), and the server to maild."""
    file = PASSWORD if user and way.password else ""
    values: dict[str, Value] = {f"{section}.username": user, f"{section}.password_file": file}
    if said.token_file and user:
        values[f"{section}.token_file"] = str(said.token_file.absolute())
    return values | ({f"{section}.ca_file": str(said.ca_file.absolute())} if said.ca_file else {})


def _further(said: Said, known: Table) -> dict[str, Value]:
    """What else of the mailbox was said."""
    rows: tuple[tuple[str, Value], ...] = (
        ("inbox.provider", said.provider or ""),
        ("desk.mode", said.mode or ""),
        ("desk.own_lists", list(said.own_list)),
        ("trust.authserv_id", list(said.authserv_id)),
        ("inbox.sent", Beneath("\\Sent") if "sent" in known.get("inbox", {}) and not said.sent else ""),
    )
    return {key: value for key, value in rows if value}


def prefix(domain: str) -> str:
    """Case numbers begin with the domain's own name: ``EXAMPLE-7KQ2M9``."""
    label = re.sub(r"[^A-Z0-9]", "", domain.partition(".")[0].upper())[:10]
    return label if re.match(r"[A-Z]", label) else "SEC"


def state_folder(path: Path) -> Path:
    """The state folder that goes with the configuration at *path*."""
    folder = path.absolute().parent
    if before := _state_of(path):
        return before
    if os.geteuid() != 0:
        return folder / "state"
    state = Path("/var/lib/maild" if folder == SYSTEM_FILE.parent else f"/var/lib/maild-{folder.name}")
    if not state.is_dir():
        raise Refused(
            f"{state} does not exist: run `maild install-service` first, or name a folder with --state"
        )
    return state


def _state_of(path: Path) -> Path | None:
    """The state folder of the configuration that is at *path* already, if it can be read."""
    try:
        return load(path).state if path.exists() else None
    except MaildError:
        return None


def _people(said: Said) -> list[Person]:
    coordinator = said.coordinator or ask(f"{COORDINATOR} {PEOPLE}", option="--coordinator")
    backup = said.backup or ask(f"{BACKUP} {PEOPLE}", option="--backup")
    first = [person(coordinator, "handler", "coordinator"), person(backup, "backup")]
    return first + [person(one, "handler") for one in said.handler]


def person(text: str, *roles: str) -> Person:
    """``NAME <ADDRESS>`` as somebody of the team; ``click.BadParameter`` for anything else."""
    match = re.fullmatch(r"\s*([^<>]+?)\s*<\s*([^\s<>]+@[^\s<>]+)\s*>\s*", text)
    if not match:
        raise click.BadParameter(f"{text!r}: expected {PEOPLE}")
    return Person(match.group(1), match.group(2), roles)


def _key_files() -> list[Path]:
    found: list[Path] = []
    while more := ask("A file with a member's public key (leave empty when done)", ""):
        found.append(Path(more))
    return found


def _perhaps(said: Said, question: str, default: str) -> str:
    """Asked only when somebody answers anyway."""
    return ask(question, default) if said.asking else default


def _line(file: Path) -> str:
    return file.read_text("utf-8").rstrip("\n")
