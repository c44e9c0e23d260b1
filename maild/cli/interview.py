"""``maild init`` at a terminal: one thing after the other, each tried as it is given.

What was given is kept beside the configuration until the desk is set up (without the password). In a second
run Enter takes the answer of the first.
"""

import re
from pathlib import Path
from typing import Any

import click

from maild.app import trying
from maild.app.init import Answers, Login
from maild.app.trying import Held, Server
from maild.cli import output
from maild.cli.asklogin import login
from maild.cli.askteam import team
from maild.cli.draft import Draft
from maild.cli.questions import account, prefix, server, split, state_folder
from maild.cli.said import Said
from maild.config import providers
from maild.config.providers import OWN, Provider
from maild.config.template import Beneath, Value
from maild.core.mail.evidence import Evidence, evidence, is_desk
from maild.core.mail.text import harmless
from maild.core.values.address import ADDRESS
from maild.errors import MaildError
from maild.gateways.imap import LoginRefused

EMPTY = "the inbox is empty, so nothing shows yet which lists deliver to it or who vouches for authors"
IMAP = "The IMAP server (HOST or HOST:PORT)"


def interview(said: Said, path: Path) -> Answers:
    """All that goes into the configuration at *path*, asked at a terminal and tried."""
    draft, state = Draft(path), str(said.state or state_folder(path))
    draft.offer()
    address = draft.ask("address", "The published address (security@...)", check=_address)
    domain = address.rpartition("@")[2]
    name = said.name or f"{domain} security"
    output.tell(f'The desk writes as "{name}"; desk.name in the configuration changes that.')
    provider = _provider(said, draft)
    held, way_in, way = _mailbox(said, draft, provider, address)
    seen = evidence(held.heads, address)
    _show(held, seen)
    values: dict[str, Value] = {
        "desk.address": address,
        "desk.name": name,
        "desk.prefix": prefix(domain),
        "desk.state": state,
        "policy.preset": said.preset,
        "inbox.provider": provider.key,
        **way_in,
        **_sent(said, provider, held),
        **_lists(said, draft, address, seen),
        **_results(said, draft, provider, seen),
        **_way_out(said, draft, provider, held, way),
    }
    people, keys = team(said, draft, address)
    return Answers(values, people, [*said.team_key, *keys], way)


def _provider(said: Said, draft: Draft) -> Provider:
    names = providers.names()
    wrong = f"one of {', '.join(names)}"
    if not said.provider:
        output.tell(f"Mailbox providers: {', '.join(names)}.")
    chosen = said.provider or draft.ask(
        "provider",
        "Who keeps the mailbox?",
        OWN,
        lambda text: "" if text in names else wrong,
    )
    found = providers.provider(chosen)
    output.tell("")
    output.tell(f"{found.name[:1].upper()}{found.name[1:]}: maild logs in with {found.login}.")
    for one in found.todo:
        output.tell(one, "  - ")
    output.tell("")
    return found


def _mailbox(
    said: Said, draft: Draft, provider: Provider, address: str
) -> tuple[Held, dict[str, Value], Login]:
    """The mailbox, its keys, and what it lets us in with; asked until it does."""
    known, user, given = provider.below.get("inbox", {}), draft.given.get("user", address), said.imap or ""
    while True:
        if not given and "host" not in known:
            given = draft.ask("imap", IMAP, f"mail.{address.rpartition('@')[2]}", _host)
        user = said.user or user
        way = login(said, draft.ask, provider, user)
        try:
            held = trying.imap(_server(said, known, given, said.imap_tls, user, way))
        except MaildError as error:
            _wrong(
                error,
                again=not (
                    (said.imap or known.get("host")) and said.user and (said.password_file or said.grant)
                ),
            )
            if isinstance(error, LoginRefused):
                user = said.user or draft.ask("user", "The user name there", user, _anything)
            else:
                given = said.imap or ""
            continue
        keys = server("inbox", given, held.server.tls, provider.below)
        return held, {**keys, **account("inbox", said, user, way)}, way


def _way_out(said: Said, draft: Draft, provider: Provider, held: Held, way: Login) -> dict[str, Value]:
    """The keys of the submission server, tried with the login of the mailbox."""
    known, user = provider.below.get("smtp", {}), held.server.username
    given = said.smtp or ("" if "host" in known else draft.given.get("smtp", held.server.host))
    who = ("", Login()) if said.smtp_open else (user, way)
    while True:
        try:
            found = trying.submission(_server(said, known, given, said.smtp_tls, *who))
        except MaildError as error:
            _wrong(error, again=not (said.smtp or "host" in known))
            given = draft.ask("smtp", "The SMTP server (HOST or HOST:PORT)", held.server.host, _host)
            continue
        click.echo(f"Letters will be sent through {found.host}, port {found.port}.")
        port = {"smtp.port": found.port} if given and not split(given)[1] and found.tls == "starttls" else {}
        keys = server("smtp", given, found.tls, provider.below)
        return {**keys, **port, **account("smtp", said, *who)}


def _server(said: Said, known: dict[str, Any], given: str, tls: str | None, user: str, way: Login) -> Server:
    """The server as it is to be tried: what was said, else what is known of the provider."""
    host, port = split(given) if given else (known["host"], known["port"])
    ca_file = str(said.ca_file.absolute()) if said.ca_file else ""
    form: Any = tls or (None if given else known["tls"])
    return Server(host, port, form, ca_file, user, way.password, way.token)


def _wrong(error: MaildError, again: bool) -> None:
    """Tell what is wrong, to ask *again*; what is known or an option says is not asked, so the run ends."""
    if not again:
        raise error
    output.tell(str(error), "  ")
    if "ca_file" in str(error):
        output.tell("If it is your own authority, begin again with `maild init --ca-file FILE`.", "  ")


def _show(held: Held, seen: Evidence) -> None:
    """What the mailbox holds, as far as it matters."""
    looked = f"{output.counted(seen.total, 'message')} looked at, the newest" if seen.total else EMPTY
    output.tell(f"Logged in: {output.counted(len(held.folders), 'folder')}; {looked}.")
    rows = (
        ("results written by", seen.writers),
        ("mailing lists", seen.lists),
        ("other recipients", seen.to),
        ("people of your domain", seen.people),
    )
    for label, counted in rows:
        if counted:
            output.tell(
                f"{label}: {', '.join(f'{harmless(name, 80)} ({n})' for name, n in counted[:5])}", "  "
            )
    for use, name in (("junk", held.folders.junk), ("sent messages", held.folders.sent)):
        output.tell(f"the folder for {use}: {harmless(name, 80) or 'the server names none'}", "  ")


def _sent(said: Said, provider: Provider, held: Held) -> dict[str, Value]:
    """The folder that the server names for sent messages is read; ``--sent -`` says no."""
    if said.sent:
        return {"inbox.sent": said.sent.removeprefix("-")}
    known = "sent" in provider.below.get("inbox", {})
    return {"inbox.sent": Beneath("\\Sent") if known else held.folders.sent}


def _lists(said: Said, draft: Draft, address: str, seen: Evidence) -> dict[str, Value]:
    """Relay, or observe where a list delivers to the team; relay beside a list only when it is said twice."""
    found, lists = seen.delivered_by, list(said.own_list)
    if found and not is_desk(found, address) and not lists:
        lists = [found]
    mode = said.mode or "relay"
    if found and not said.mode:
        told = harmless(found, 80)
        output.tell("")
        output.tell(f"{told} delivers most of this mail. If the team reads it there, let maild only watch.")
        choices = "observe: maild watches; relay: maild sends the team its copies"
        mode = draft.ask("mode", f"Mode ({choices})", "observe", _mode)
        twice = "Everybody on the list then gets each report twice. Relay all the same?"
        mode = "observe" if mode == "relay" and not click.confirm(twice) else mode
    return {"desk.mode": mode, **({"desk.own_lists": lists} if lists else {})}


def _results(said: Said, draft: Draft, provider: Provider, seen: Evidence) -> dict[str, Value]:
    """Whose word counts on who wrote a message; known of a provider, proposed for a server of one's own."""
    if said.authserv_id:
        return {"trust.authserv_id": list(said.authserv_id)}
    if provider.key != OWN or not seen.writers:
        return {}
    question = "Which of these hosts is your own mail server? Its word on authors counts (- for none)"
    shown = [harmless(host, 80) for host, _ in seen.writers]
    wrong = f"one of {', '.join(shown)}, or -: nobody else wrote results into the newest messages"
    chosen = draft.ask(
        "authserv_id", question, shown[0], lambda text: "" if text in (*shown, "-", "") else wrong
    )
    return {"trust.authserv_id": [chosen]} if chosen not in ("", "-") else {}


def _address(text: str) -> str:
    return "" if ADDRESS.fullmatch(text) else "an email address, such as security@example.org"


def _host(text: str) -> str:
    return (
        "" if re.fullmatch(r"[^\s:]+(?::\d{1,5})?", text) else "HOST or HOST:PORT, such as mail.example.org"
    )


def _anything(text: str) -> str:
    return "" if text else "an answer, please"


def _mode(text: str) -> str:
    return "" if text in ("observe", "relay") else "observe or relay"
