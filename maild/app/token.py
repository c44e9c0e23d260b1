"""``maild token``: the desk's first OAuth token, and the next one in time."""

import fcntl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from maild.app.desk import now
from maild.app.owner import become_owner
from maild.config import Config
from maild.config.oauth import OAuthSection
from maild.core.values.token import Token
from maild.errors import Refused, TemporaryError
from maild.gateways.oauth import tokenfile

if TYPE_CHECKING:
    from maild.gateways.oauth.grants import Application

AGAIN = "authorize again: maild token authorize"
PATIENCE = 600.0
"""Seconds for a person in a browser."""
ALONE = ("client-credentials", "service-account")
SECRETS = ("client_secret_file", "certificate_file", "account_file")
"""The keys of ``[oauth]`` that name files with secrets."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a person is spoken to: *say* prints, *sleep* waits; the browser comes back to *port* (0: any)."""

    say: Callable[[str], object]
    sleep: Callable[[float], object] = time.sleep
    port: int = 0
    clock: Callable[[], datetime] = now


def authorize(config: Config, asking: Asking) -> Token:
    """The first token, or the next one after a refusal. ``PermanentError`` when somebody says no."""
    token = granted(application(config), asking)
    keep(config, token)
    return token


def keep(config: Config, token: Token) -> None:
    """Put *token* where the desk reads it; we become the owner of the state folder, who has it."""
    with _alone(config):
        tokenfile.write(config.token_path, token)


def refresh(config: Config, at_once: bool = False, clock: Callable[[], datetime] = now) -> Token:
    """The token, renewed when it is due or *at_once*; what went wrong is in its file, for the daemon to tell.

    ``GrantRefused`` when only a person can help, ``TemporaryError`` when the next try may.
    """
    from maild.gateways.oauth import grants

    app = application(config)
    with _alone(config):
        token = tokenfile.read(config.token_path)
        if token is None and app.section.grant not in ALONE:
            raise Refused("there is no OAuth token yet: maild token authorize")
        if token and not at_once and not token.due(clock()):
            return token
        try:
            fresh = grants.renewed(app, token, clock()) if token else grants.alone(app, clock())
        except (grants.GrantRefused, TemporaryError) as error:
            if token:
                why = error.why if isinstance(error, grants.GrantRefused) else ""
                tokenfile.write(config.token_path, token.failed(clock(), why))
            raise
        tokenfile.write(config.token_path, fresh)
        return fresh


def application(config: Config) -> "Application":
    """The application of ``[oauth]`` with its secrets. ``Refused`` without one, or without the extra."""
    section = config.file.oauth
    if not section.grant:
        raise Refused("oauth.grant is not set: this desk logs in without OAuth (maild help oauth)")
    ca_file = str(config.beside(section.ca_file)) if section.ca_file else ""
    mailbox = config.file.inbox.username or config.file.desk.address
    secrets = {name: config.secret(getattr(section, name)) for name in SECRETS}
    return known(section, mailbox, secrets, ca_file)


def known(
    section: OAuthSection, mailbox: str, secrets: Mapping[str, str], ca_file: str = ""
) -> "Application":
    """The application of *section*, with the contents of its files by key. ``Refused`` without the extra."""
    installed()
    from maild.gateways.oauth.grants import Application

    secret, certificate, account = (secrets.get(name, "") for name in SECRETS)
    return Application(section, mailbox, secret, certificate, account, ca_file)


def installed() -> None:
    """``Refused`` where the extra is missing."""
    try:
        import maild.gateways.oauth.grants  # noqa: F401
    except ImportError as error:
        raise Refused(f"OAuth needs more packages: pip install 'maild[oauth]' ({error.name})") from None


def granted(app: "Application", asking: Asking) -> Token:
    """The first token of *app*, where the grant wants it with a person's consent.

    ``GrantRefused`` when the provider or the person says no, ``TemporaryError`` when the next try may help.
    """
    from maild.gateways.oauth import grants

    if app.section.grant in ALONE:
        return grants.alone(app, asking.clock())
    if app.section.grant == "authorization-code":
        return _by_browser(app, asking)
    invitation = grants.invited(app)
    asking.say(f"Open {invitation.url} on any device, log in as {app.mailbox}, and enter {invitation.code}")

    def wait(seconds: float) -> datetime:
        asking.sleep(seconds)
        return asking.clock()

    return grants.by_device(app, invitation, wait)


def _by_browser(app: "Application", asking: Asking) -> Token:
    from maild.gateways.oauth import grants
    from maild.gateways.oauth.redirect import Redirect

    state, verifier = token_urlsafe(24), token_urlsafe(48)
    with Redirect(asking.port, state) as redirect:
        asking.say(f"Open this address in a browser, and log in as {app.mailbox}:")
        asking.say(grants.consent_url(app, redirect.url, state, verifier))
        port = redirect.url.rpartition(":")[2]
        asking.say(f"From another machine, open a tunnel first: ssh -L {port}:127.0.0.1:{port} THIS-HOST")
        code = redirect.code(PATIENCE)
    return grants.by_code(app, redirect.url, code, verifier, asking.clock())


@contextmanager
def _alone(config: Config) -> Iterator[None]:
    """One of us at a time: two that use the same refresh token would revoke each other's."""
    become_owner(config.state)
    config.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with config.token_path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
