"""``maild init``: from nothing to a desk that passes its own check, on real servers and a real gpg."""

import json
import os
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config import load
from maild.config.share import shipped
from maild.config.template import filled
from tests.openpgp.kit import PASSPHRASE, Kit
from tests.support.certificate import Certificate
from tests.support.commanding import Said, command
from tests.support.dovecot import PASSWORD, User
from tests.support.smtpsink import SmtpSink, running

TEMPLATE = (shipped("config") / "maild.toml").read_text("utf-8")
PEOPLE = ("--coordinator", "Mia <mia@project.example>", "--backup", "Bea <bea@project.example>")


class Place:
    """Where a desk is founded: an empty folder, a mailbox, an SMTP server, keys; one password for all."""

    def __init__(self, folder: Path, inbox: User, sink: SmtpSink, kit: Kit, certificate: Certificate) -> None:
        self.path = folder / "desk" / "maild.toml"
        self.inbox, self.kit = inbox, kit
        self.password, self.ca = folder / "password", folder / "ca.pem"
        self.password.write_text(PASSWORD + "\n")
        self.ca.write_text(inbox.server.certificate.cert.read_text() + certificate.cert.read_text())
        self.servers = (
            *("--address", "security@project.example", "--user", inbox.name, "--ca-file", str(self.ca)),
            *("--imap", f"localhost:{inbox.server.imaps}", "--sent", "Sent", "--state", "state"),
            *("--smtp", f"localhost:{sink.port}", "--smtp-tls", "starttls"),
        )

    def init(self, *words: str, people: tuple[str, ...] = PEOPLE) -> Said:
        """``maild init`` with all that it has to know, and *words*."""
        return command(
            self.path, "init", *self.servers, "--password-file", str(self.password), *people, *words
        )

    def key_file(self, fingerprint: str, name: str = "key.asc") -> str:
        """A public key of the kit's people as a file."""
        file = self.path.parent.with_name(name)
        file.write_bytes(self.kit.public(self.kit.people, fingerprint))
        return str(file)

    def tree(self) -> dict[str, tuple[int, bytes]]:
        """Every file of the founded desk that a person or gpg may keep, with its mode."""
        found = [one for one in self.path.parent.rglob("*") if one.is_file() and "maild." not in one.name]
        found = [self.path, *(one for one in found if one.name not in ("random_seed", "trustdb.gpg"))]
        return {
            str(one.relative_to(self.path.parent)): (one.stat().st_mode & 0o777, one.read_bytes())
            for one in found
        }


@pytest.fixture(scope="module")
def kit() -> Iterator[Kit]:
    made = Kit()
    yield made
    made.remove()


@pytest.fixture
def place(inbox: User, certificate: Certificate, kit: Kit) -> Iterator[Place]:
    folder = kit.root / f"place-{inbox.name}"  # a short path, for the agent's socket
    folder.mkdir()
    with running(SmtpSink(certificate, users={inbox.name: PASSWORD})) as sink:
        made = Place(folder, inbox, sink, kit, certificate)
        yield made
        kit.end(made.path.parent / "state" / "gnupg")


def test_a_desk_is_founded(place: Place) -> None:
    """One command makes configuration, secrets, key and database, prints the public key, and its check finds no fault."""
    said = place.init("--team-key", place.key_file(place.kit.member))
    assert said.status == 0, said
    config = load(place.path)
    assert config.file.openpgp.key in said.out
    assert "BEGIN PGP PUBLIC KEY BLOCK" in said.out
    shown = " ".join(said.out.split())
    assert f"{config.file.team[0].name} is recognized by signature (every command)" in shown
    assert (config.file.team[0].fingerprint, config.file.desk.prefix) == (place.kit.member, "PROJECT")
    states = {line["what"]: line["state"] for line in json.loads(command(place.path, "check", "--json").out)}
    looked_at = ("configuration", "database", "openpgp", "imap", "smtp")
    assert {name: states[name] for name in looked_at} == dict.fromkeys(looked_at, "ok")
    assert "fault" not in states.values()
    assert (place.path.parent / "state" / "maild.db").is_file()
    modes = {name: mode for name, (mode, _) in place.tree().items() if "/" not in name or "secrets" in name}
    assert modes == {"maild.toml": 0o640, "secrets/imap-password": 0o600, "secrets/pgp-passphrase": 0o600}


def test_every_comment_stays(place: Place) -> None:
    """What is written differs from the shipped file in values only: each line of explanation is there."""
    place.init()
    text = place.path.read_text()
    lost = [line for line in TEMPLATE.splitlines() if line.startswith("# ") and line not in text.splitlines()]
    assert lost == []
    assert "CHANGE-ME" not in text.replace("while a CHANGE-ME is left", "")


def test_again_it_changes_nothing(place: Place) -> None:
    """A second run, with other answers too, leaves every file as it is, and checks."""
    place.init()
    before = place.tree()
    place.password.write_text("another\n")
    said = place.init("--name", "Somebody else")
    assert (said.status, place.tree() == before) == (0, True)
    assert "was not changed" in said.out
    assert "--name" in said.out
    assert "had no effect" in said.out


def test_a_folder_of_others_is_named_before_anything_is_asked(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not write there hears what to do, and nothing is made; a desk that is there is still checked."""
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    said = place.init()
    assert said.status == 1
    assert "run `maild init` as root" in " ".join(said.err.split())
    assert not place.path.exists()
    monkeypatch.undo()
    place.init("--key", "none")
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    assert "was not changed" in place.init("--key", "none").out


def test_on_a_terminal_it_asks_before_it_writes_anew(place: Place) -> None:
    """No keeps all; yes writes the new answers, keeps the old file beside, and shows no password."""
    place.init("--key", "none")
    before = place.path.read_text()
    words = ["-m", "maild", "--config", str(place.path), "init", *place.servers, *PEOPLE, "--key", "none"]
    for answer, said in (("n", "was not changed"), ("y", "The password of")):
        terminal = pexpect.spawn(sys.executable, [*words, "--name", "Anew"], timeout=60, encoding="utf-8")
        terminal.expect("Replace it")
        terminal.sendline(answer)
        terminal.expect(said)
        if answer == "n":
            assert place.path.read_text() == before
        else:
            terminal.sendline(PASSWORD)
        terminal.expect(pexpect.EOF)
        assert PASSWORD not in str(terminal.before)
        terminal.close()
    (old,) = place.path.parent.glob("maild.toml.before-*")
    assert (old.read_text(), load(place.path).file.desk.name) == (before, "Anew")


def test_what_is_missing_is_made_when_it_is_asked_for(place: Place) -> None:
    """A desk founded without a key stays so, until ``--key make`` says otherwise; then only that is added."""
    place.init("--key", "none")
    before = place.path.read_text()
    place.init()
    assert place.path.read_text() == before
    assert place.init("--key", "make").status == 0
    after = place.path.read_text()
    assert len(set(after.splitlines()) - set(before.splitlines())) == 2
    assert load(place.path).file.openpgp.key


def test_a_line_that_the_operator_took_away(place: Place) -> None:
    """Where the key would have no line it is said which to add; nothing was made, and the file is as it was."""
    place.init("--key", "none")
    text = place.path.read_text().replace('#key = ""\n', "", 1)
    place.path.write_text(text)
    said = place.init("--key", "make")
    assert (said.status, place.path.read_text()) == (1, text)
    assert "no line for openpgp.key" in said.err
    assert not (place.path.parent / "state" / "gnupg" / "private-keys-v1.d").exists()


def test_it_asks_for_what_no_option_says(place: Place, inbox: User) -> None:
    """Without a word it asks: a new operator answers, and has the same desk."""
    answers = [
        *("security@project.example", "Project security", f"localhost:{inbox.server.imaps}"),
        *(
            "localhost",
            inbox.name,
            "Sent",
            PASSWORD,
            "Mia <mia@project.example>",
            "Bea <bea@project.example>",
        ),
        *(place.key_file(place.kit.member), "", ""),
    ]
    options = ("--ca-file", str(place.ca), "--smtp-tls", "starttls", "--state", "state")
    said = command(place.path, "init", *options, stdin="\n".join([*answers, ""]).encode())
    config = load(place.path)
    assert (config.file.desk.name, config.file.inbox.username) == ("Project security", inbox.name)
    assert config.file.team[0].fingerprint == place.kit.member
    assert PASSWORD not in said.out
    assert said.status == 69  # nobody listens on localhost:587, and the check says so
    assert "smtp" in said.out


def test_a_key_that_nobody_can_seal_to_is_refused(place: Place) -> None:
    """Expired, only for signing, secret, of nobody: each is named with its file, and nothing is written."""
    kit = place.kit
    mia = "Mia <mia@project.example>"
    old = kit.key(kit.people, mia, "--faked-system-time", "20200101T000000", expires="1d")
    before = kit.prints(kit.people)
    unprotected = ("--pinentry-mode", "loopback", "--passphrase", "")
    kit.gpg(
        kit.people, *unprotected, "--quick-gen-key", "Mia 2 <mia@project.example>", "ed25519", "sign", "0"
    )
    (signs,) = kit.prints(kit.people) - before
    secret = place.path.parent.with_name("secret.asc")
    secret.write_bytes(kit.gpg(kit.people, "--armor", "--export-secret-keys", kit.member))
    for file, word in (
        (place.key_file(old, "old.asc"), "expired on 2020-01-02"),
        (place.key_file(signs, "signs.asc"), "nothing can be encrypted"),
        (str(secret), "secret key"),
        (place.key_file(kit.stranger, "stranger.asc"), "no member has that address"),
        (str(place.password), "no usable key"),
    ):
        said = place.init("--team-key", file)
        assert (said.status, place.path.exists()) == (1, False)
        assert f"{file}: " in said.err
        assert word in said.err


def test_an_answer_that_cannot_be_leaves_nothing(place: Place) -> None:
    """The configuration's own words for the fault, status 78, and no half file for the next run to find."""
    said = place.init(
        people=("--coordinator", "Mia <mia@project.example>", "--backup", "Mia <mia@project.example>")
    )
    assert (said.status, place.path.exists()) == (78, False)
    assert "two different people" in said.err


def test_your_own_key(place: Place) -> None:
    """A secret key from a file becomes the desk's; with its passphrase the desk opens mail."""
    home = place.kit.home("own-" + place.inbox.name)
    theirs = place.path.parent / "state" / "gnupg"
    theirs.mkdir(0o700, parents=True)
    for folder in (home, theirs):  # quick, for the test's sake
        (folder / "gpg-agent.conf").write_text("s2k-count 65536\n")
    own = place.kit.key(home, "Own <security@project.example>", passphrase=PASSPHRASE)
    loopback = ("--pinentry-mode", "loopback", "--passphrase", PASSPHRASE)
    key, word = place.path.parent.with_name("own.asc"), place.path.parent.with_name("own.word")
    key.write_bytes(place.kit.gpg(home, *loopback, "--armor", "--export-secret-keys", own))
    word.write_text(PASSPHRASE)
    said = place.init("--key", str(key), "--passphrase-file", str(word))
    assert said.status == 0, said
    assert load(place.path).file.openpgp.key == own
    assert "decrypts and signs" in " ".join(said.out.split())


@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
        lambda text: "CHANGE" not in text
    ),
    number=st.integers(1, 65535),
    names=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3),
)
def test_any_value_arrives_as_it_is(name: str, number: int, names: list[str]) -> None:
    """Whatever the characters, what is filled in is what TOML reads, and the tables of others are untouched."""
    team = [
        {"name": name, "addresses": names, "roles": ["handler"]},
        {"name": "B", "addresses": [], "roles": []},
    ]
    read = tomllib.loads(
        filled(TEMPLATE, {"desk.name": name, "inbox.port": number, "policy.languages": names}, team)
    )
    assert (read["desk"]["name"], read["inbox"]["port"], read["policy"]["languages"]) == (name, number, names)
    assert (read["team"], read["smtp"]["host"]) == (team, "CHANGE-ME")
