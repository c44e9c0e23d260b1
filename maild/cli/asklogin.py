"""How maild logs in at the provider: with a password, or with an OAuth token that is got on the spot."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import click
from pydantic import ValidationError

from maild.app import token as oauth
from maild.app.init import Login
from maild.cli import output
from maild.cli.draft import Check
from maild.cli.said import Said, ask, hidden
from maild.cli.token import PORT
from maild.config.oauth import TENANT, OAuthSection
from maild.config.providers import Provider
from maild.errors import MaildError, Refused

PASSWORD = "password"  # noqa: S105 - a word to type
WAYS = {
    PASSWORD: "with a password that you type",
    "client-credentials": "the application by itself",
    "device-code": "a person allows it on any device",
    "authorization-code": "a person allows it in a browser",
    "service-account": "the administrator has delegated the domain",
}
QUESTIONS = {"client_id": "The application (client) id", "tenant": "The directory (tenant) id"}
FILES = {
    "authorization-code": "A file with the application's secret",
    "client-credentials": "A file with the application's certificate and its key (PEM), or with its secret",
    "service-account": "The JSON file of the service account",
}
COPIES = {
    "client_secret_file": "secrets/oauth-secret",
    "certificate_file": "secrets/oauth.pem",
    "account_file": "secrets/service-account.json",
}
"""Where the contents of such a file go, by the key that names it."""


class Ask(Protocol):
    """Asks for what no option says, and checks the answer."""

    def __call__(self, key: str, question: str, default: str = "", check: Check = ...) -> str:
        """The answer."""


def without_draft(key: str, question: str, default: str = "", check: Check = lambda _: "") -> str:
    """The answer, kept nowhere. ``Refused`` says which option is missing, or what is wrong."""
    answer = ask(question, default or None, f"--{key.replace('_', '-')}")
    if wrong := check(answer):
        raise Refused(f"{question}: {wrong}")
    return answer


def login(said: Said, asks: Ask, provider: Provider | None, user: str) -> Login:
    """What *user* logs in with; *provider* is ``None`` where no more is known than that it takes passwords.

    ``MaildError`` when the provider gives no token, and nobody is asked what else to try.
    """
    if said.token_file:
        return Login(token=said.token_file.read_text("utf-8").strip())
    if said.password_file:
        return Login(said.password_file.read_text("utf-8").rstrip("\n"))
    grant = said.grant or (_way(said, asks, provider) if provider else PASSWORD)
    if grant == PASSWORD:
        return Login(hidden(f"The password of {user} (hidden; Enter for none)"))
    oauth.installed()
    while True:
        try:
            return _by_grant(said, asks, provider.below.get("oauth", {}) if provider else {}, grant, user)
        except MaildError as error:
            if not said.asking or said.client_id or said.oauth_file:
                raise  # what options say is not asked again
            output.tell(str(error), "  ")


def _way(said: Said, asks: Ask, provider: Provider) -> str:
    """How maild logs in at *provider*; a password, where it takes some and nobody is asked."""
    ways = (*((PASSWORD,) if provider.passwords else ()), *provider.grants)
    if ways == (PASSWORD,) or (PASSWORD in ways and not said.asking):
        return PASSWORD
    if not said.asking:
        raise Refused(f"--grant or --token-file is missing: {provider.name} takes no passwords")
    output.tell("How does maild log in?")
    for way in ways:
        output.tell(f"{way}: {WAYS[way]}", "  ")
    wrong = f"one of {', '.join(ways)}"
    return asks("grant", "The way to log in", ways[0], lambda text: "" if text in ways else wrong)


def _by_grant(said: Said, asks: Ask, known: Mapping[str, Any], grant: str, user: str) -> Login:
    """The application's keys and secret, and its first token where it can be had now."""
    keys = {"grant": grant, **said.oauth}
    for key, question in QUESTIONS.items():
        if key not in keys and _wanted(key, grant, {**known, **keys}):
            keys[key] = asks(key, question, check=_anything)
    secrets = _secret(said, asks, grant)
    keys |= {key: COPIES[key] for key in secrets}
    app = oauth.known(_section({**known, **keys}), user, secrets)
    alone = said.asking or grant in oauth.ALONE
    first = oauth.granted(app, oauth.Asking(click.echo, port=PORT)) if alone else None
    files = {COPIES[key]: text for key, text in secrets.items()}
    values = {f"oauth.{key}": value for key, value in keys.items()}
    return Login(token=first.access if first else "", values=values, files=files, first=first)


def _wanted(key: str, grant: str, known: Mapping[str, Any]) -> bool:
    """Whether an application of this *grant* has such a key."""
    if key == "tenant":
        return TENANT in known.get("token_url", "")
    return grant != "service-account"


def _section(keys: Mapping[str, Any]) -> OAuthSection:
    try:
        return OAuthSection(**keys)
    except ValidationError as error:
        missing = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise Refused(f"the application still needs {missing}") from None


def _secret(said: Said, asks: Ask, grant: str) -> dict[str, str]:
    """The text of the application's file, by the key that it belongs to; what it holds says which."""
    if grant not in FILES:
        return {}
    file = said.oauth_file or Path(asks("oauth_file", FILES[grant], check=_readable)).expanduser()
    text = file.read_text("utf-8").strip()
    if text.startswith("{"):
        return {"account_file": text}
    return {"certificate_file" if "-----BEGIN" in text else "client_secret_file": text}


def _readable(text: str) -> str:
    try:
        return "" if Path(text).expanduser().read_text("utf-8").strip() else f"{text} is empty"
    except OSError as error:
        return f"{text}: {error.strerror}"
    except UnicodeError:
        return f"{text} is not a text"


def _anything(text: str) -> str:
    return "" if text else "an answer, please"
