"""The sections of ``maild.toml`` about mail servers: the inbox, the way out, the canary's."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from maild.config.fields import (
    Duration,
    MailAddress,
    Port,
    Section,
    Tls,
    Whole,
    Words,
    is_loopback,
    to_never_or_duration,
    to_optional_address,
)
from maild.core.values.desk import EnvelopeSender

SENT = "\\Sent"
"""Stands for the folder of sent messages that the server names."""


class ServerSection(Section):
    """What ``[inbox]`` and ``[smtp]`` share. TLS may be absent on the loopback interface only."""

    host: Words
    port: Port | None = None
    tls: Tls = "implicit"
    ca_file: str = ""
    username: str = ""
    password_file: str = ""
    token_file: str = ""
    timeout: Duration = timedelta(seconds=30)

    @model_validator(mode="after")
    def _sealed_transport(self) -> Self:
        if self.tls == "none" and not is_loopback(self.host):
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

    provider: str = ""
    folders: Annotated[tuple[Words, ...], Field(min_length=1)] = ("INBOX",)
    sent: str = ""
    junk: str | None = None
    only_to: tuple[MailAddress, ...] = ()
    poll: Duration = timedelta(seconds=60)
    max_size: Annotated[Whole, Field(ge=100_000, le=1_000_000_000)] = 25_000_000

    @property
    def named(self) -> bool:
        """Whether the operator says which folders are read; else the server's names decide (RFC 6154)."""
        return self.junk is not None and self.sent != SENT

    def junk_of(self, found: str) -> str:
        """The folder to read as junk, where the server names *found* so; empty for none."""
        taken = (*self.folders, self.sent)
        return self.junk if self.junk is not None else ("" if found in taken else found)

    def sent_of(self, found: str) -> str:
        """The folder of sent messages, where the server names *found* so; empty for none."""
        return (found or SENT) if self.sent == SENT else self.sent


class SmtpSection(ServerSection):
    """``[smtp]``."""

    envelope: EnvelopeSender = EnvelopeSender.DESK


class CanarySection(ServerSection):
    """``[canary]``: without a host it leaves by the desk's own submission server."""

    host: str = ""
    every: Annotated[timedelta | None, BeforeValidator(to_never_or_duration)] = None
    within: Duration = timedelta(minutes=15)
    sender: Annotated[str, BeforeValidator(to_optional_address)] = ""

    @model_validator(mode="after")
    def _somebody_sends(self) -> Self:
        if self.host and not (self.sender or "@" in self.username):
            raise ValueError("sender, the outside account's address")
        return self
