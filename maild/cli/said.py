"""What the options of ``maild init`` say, and questions for what they do not."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from maild.errors import Refused


@dataclass(frozen=True, slots=True)
class Said:
    """The options of ``init``; ``None`` or empty where nothing was said."""

    address: str | None
    name: str | None
    imap: str | None
    imap_tls: str | None
    smtp: str | None
    smtp_tls: str | None
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
    provider: str | None = None
    mode: str | None = None
    own_list: Sequence[str] = ()
    authserv_id: Sequence[str] = ()
    token_file: Path | None = None
    grant: str | None = None
    client_id: str | None = None
    tenant: str | None = None
    token_url: str | None = None
    oauth_file: Path | None = None

    @property
    def asking(self) -> bool:
        """Without an address somebody sits there who answers; with it only what must be known is asked."""
        return self.address is None

    @property
    def oauth(self) -> Mapping[str, str]:
        """The keys of ``[oauth]`` that options say."""
        keys = {"client_id": self.client_id, "tenant": self.tenant, "token_url": self.token_url}
        return {key: value for key, value in keys.items() if value}


def ask(question: str, default: str | None = None, option: str = "") -> str:
    """The answer; ``Refused`` with the *option* to give where nobody is there to answer."""
    try:
        return str(click.prompt(question, default, show_default=bool(default))).strip()
    except click.Abort:
        raise _nobody(option or question) from None


def hidden(question: str) -> str:
    """An answer that is not shown."""
    try:
        return str(click.prompt(question, "", hide_input=sys.stdin.isatty(), show_default=False))
    except click.Abort:
        raise _nobody("--password-file") from None


def _nobody(option: str) -> Exception:
    """Somebody at a terminal went away; or there is no terminal, and an option was needed."""
    if sys.stdin.isatty():
        return click.Abort()
    return Refused(f"{option} is missing, and there is no terminal to ask on")
