"""Throw-away keys: the desk's, a member's and a reporter's; made by gpg, gone with their folders."""

import logging
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import gnupg

from maild.demo.servers import PATIENCE
from maild.errors import PermanentError
from maild.gateways.openpgp import ALGORITHMS, prepare_home

logging.getLogger("gnupg").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Keys:
    """Three fingerprints; ``people`` is the key folder of everybody but the desk."""

    people: Path
    desk: str
    member: str
    reporter: str

    def seal(self, text: bytes, at: datetime, *recipients: str, signer: str = "") -> bytes:
        """*text* encrypted to *recipients* and, when *signer* is given, signed at the time *at*; armored."""
        done = gnupg.GPG(gnupghome=str(self.people)).encrypt(
            text, list(recipients), sign=signer or None, always_trust=True, extra_args=_played(at)
        )
        if not done.ok:
            raise PermanentError(f"gpg does not encrypt ({done.status or 'no reason given'})")
        return bytes(done.data)

    def public(self, fingerprint: str) -> str:
        """A public key, armored."""
        return str(gnupg.GPG(gnupghome=str(self.people)).export_keys(fingerprint))


def _played(at: datetime) -> list[str]:
    """What tells gpg the time of the story: a signature from another time counts for nothing."""
    return ["--faked-system-time", f"{int(at.timestamp())}!"]


def has_gpg() -> bool:
    """Whether gpg is installed."""
    return shutil.which("gpg") is not None


def make_keys(desk_home: Path, people: Path, at: datetime) -> Keys:
    """The desk's key in *desk_home*, the others in *people* beside it, all made as if it were *at*."""
    for home in (desk_home, people):
        prepare_home(home)
    desk = _make(desk_home, at, "Heron security", "security@heron.example")
    member = _make(people, at, "Ana Acosta", "ana@heron.example")
    reporter = _make(people, at, "Bo Berg", "bo@berg.example")
    public = gnupg.GPG(gnupghome=str(desk_home)).export_keys(desk)
    gnupg.GPG(gnupghome=str(people)).import_keys(public)
    return Keys(people, desk, member, reporter)


def _make(home: Path, at: datetime, name: str, address: str) -> str:
    """A key without passphrase that signs, with a subkey that encrypts; its fingerprint."""
    tool = gnupg.GPG(gnupghome=str(home), options=_played(at))
    wanted = tool.gen_key_input(
        **ALGORITHMS,
        name_real=name,
        name_email=address,
        expire_date="1y",
        no_protection=True,
    )
    made = tool.gen_key(wanted)
    if not made.fingerprint:
        raise PermanentError(f"gpg could not create a key ({made.status or 'no reason given'})")
    return str(made.fingerprint)


def stop_agents(*homes: Path) -> None:
    """End the agents that gpg started for *homes*, and remove their sockets."""
    program = shutil.which("gpgconf")
    for home in homes:
        if program is None or not home.is_dir():
            continue
        for word in (("--kill", "gpg-agent"), ("--remove-socketdir",)):
            command = [program, "--homedir", str(home), *word]
            with suppress(subprocess.TimeoutExpired):  # an agent that is left ends when its folder is gone
                subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE)
