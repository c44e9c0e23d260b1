"""``maild init`` at a terminal, against real servers: each answer is tried as it is given, and kept."""

import json
import sys
from io import StringIO

import pexpect
import pytest

from maild.cli.questions import state_folder
from maild.config import load
from maild.core.mail.evidence import evidence
from maild.core.mail.headers import parse_headers
from tests.cli.test_init import PASSPHRASE, PEOPLE, Place, kit, place  # noqa: F401 - fixtures
from tests.openpgp.kit import Kit
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.commanding import command
from tests.support.dovecot import PASSWORD, User
from tests.support.shaped import Shape
from tests.support.smtpsink import SmtpSink, running

LIST = "team@lists.project.example"


class Talk:
    """An operator at a terminal."""

    answers = 0
    """How many were given, without passwords and the lines about people."""

    def __init__(self, here: Place, *words: str, first: str = "", size: tuple[int, int] = (60, 200)) -> None:
        """*first*: what the program does before it starts; *size* in lines and columns."""
        options = ("--ca-file", str(here.ca), "--state", "state", *words)
        begun = ["-c", f"{first}\nfrom maild.cli.main import main\nmain()"] if first else ["-m", "maild"]
        arguments = [*begun, "--config", str(here.path), "init", *options]
        self.shown = StringIO()
        self.terminal = pexpect.spawn(
            sys.executable, arguments, timeout=240, encoding="utf-8", dimensions=size
        )
        self.terminal.logfile_read = self.shown

    def says(self, question: str, answer: str) -> None:
        """Wait for *question*, then type *answer*."""
        self.answers += not question.startswith(("The password", "Coordinator", "Backup"))
        self.terminal.expect(question)
        self.terminal.sendline(answer)

    def ends(self) -> str:
        """Everything until the end."""
        self.terminal.expect(pexpect.EOF)
        self.terminal.close()
        return str(self.terminal.before)


@pytest.fixture
def talks(place: Place) -> Place:  # noqa: F811
    """A place whose mailbox holds some mail, vouched for by a host."""
    for number in range(3):
        raw = mails.plain(
            message_id=f"<{number}@x>", Authentication_Results="mx.project.example; dmarc=pass header.from=x"
        )
        place.inbox.append(raw)
    return place


def begins(talk: Talk) -> None:
    """The first answers of everybody."""
    talk.says("published address", "security")
    talk.says("an email address", "security@project.example")
    talk.says("Who keeps the mailbox", "elsewhere")
    talk.says("one of fastmail, google", "self-hosted")


def people(talk: Talk) -> None:
    """Who is on the team."""
    talk.says("Coordinator", "Mia")
    talk.says("NAME <ADDRESS>, such as", "Mia <security@project.example>")
    talk.says("an address of their own", "Mia <mia@project.example> /nowhere.asc")
    talk.says("/nowhere.asc: No such file", "Mia <mia@project.example>")
    talk.says("Backup", "Mia <mia@project.example>")
    talk.says("someone other than Mia", "Bea <bea@project.example>")
    talk.says("Another handler", "Bea <b@project.example>")
    talk.says("someone other than Bea", "")


def test_every_wrong_answer_is_caught_where_it_is_given(talks: Place) -> None:
    """A host that is none, a wrong user, password, port, key: told and asked again; in the end a desk that checks."""
    talk = Talk(talks, "--key", "none")
    begins(talk)
    talk.says("IMAP server", "localhost:1")
    talk.says("The password of security@", PASSWORD)
    talk.terminal.expect("connection refused on port 1")
    talk.says("IMAP server", f"localhost:{talks.inbox.server.imaps}")
    talk.says("The password of security@", PASSWORD)
    talk.terminal.expect("refuses the login")
    talk.says("user name there", talks.inbox.name)
    talk.says("The password of", "wrong")
    talk.terminal.expect("refuses the login")
    talk.says("user name there", "")
    talk.says("The password of", PASSWORD)
    talk.terminal.expect("results written by: mx.project.example")
    talk.says("your own mail server", "mx.elsewhere.example")
    talk.says("one of mx.project.example, or -", "")
    talk.terminal.expect("localhost:465: ")
    talk.says("SMTP server", "localhost:1")
    talk.terminal.expect("connection refused on port 1")
    talk.says("SMTP server", talks.servers[talks.servers.index("--smtp") + 1])
    people(talk)
    said = talk.ends()
    file = load(talks.path).file
    assert (file.inbox.port, file.inbox.tls, file.inbox.sent) == (
        talks.inbox.server.imaps,
        "implicit",
        "Sent",
    )
    assert (file.smtp.tls, file.inbox.provider, file.desk.mode) == ("starttls", "self-hosted", "relay")
    assert file.trust.authserv_id == ("mx.project.example",)
    assert PASSWORD not in said
    assert not talks.path.with_name("maild.toml.answers").exists()
    assert green(talks)


def green(here: Place) -> bool:
    """Whether `maild check` finds no fault."""
    return "fault" not in {row["state"] for row in json.loads(command(here.path, "check", "--json").out)}


PLAYED = {
    "google": "Gmail",
    "fastmail": "Fastmail",
    "icloud": "iCloud",
    "migadu": "Migadu",
    "proton": "Proton",
    "zoho": "Zoho",
    "self-hosted": "rspamd",
}
MOST = 8


@pytest.mark.parametrize("provider", PLAYED)
def test_at_most_eight_answers_beside_a_line_a_person(
    provider: str,
    inbox: User,
    certificate: Certificate,
    kit: Kit,  # noqa: F811
) -> None:
    """Each provider's heads, behind a list, and relay all the same, which asks most: a desk that checks.

    It says by which result Mia's message is proved, and that Bea has sent none.
    """
    address = f"security-{provider}@project.example"
    user, folder = inbox.server.user(address), kit.root / f"p-{provider}"
    folder.mkdir()
    shape = Shape("", PLAYED[provider], provider)
    for number in range(3):
        listed = {"List_Post": f"<mailto:{LIST}>", "message_id": f"<{number}@x>"}
        user.append(shape.lies(mails.plain(to=address, **listed), published=True))
    user.append(shape.lies(mails.plain(sender="Mia <mia@project.example>", to=address), published=True))
    with running(SmtpSink(certificate, users={address: PASSWORD})) as sink:
        here = Place(folder, user, sink, kit, certificate)
        own = provider == "self-hosted"
        talk = Talk(
            here,
            *(() if own else ("--imap", f"localhost:{user.server.imaps}")),
            "--smtp",
            f"localhost:{sink.port}",
        )
        talk.says("published address", address)
        talk.says("Who keeps the mailbox", provider)
        if provider == "google":
            talk.says("way to log in", "")
        if own:
            talk.says("IMAP server", f"localhost:{user.server.imaps}")
        talk.says("The password of", PASSWORD)
        talk.says("Mode", "relay")
        talk.says("Relay all the same", "y")
        if own:
            talk.says("your own mail server", "")
        talk.says("Coordinator", f"Mia <mia@project.example> {here.key_file(kit.member, f'{provider}.asc')}")
        talk.says("Backup", "Bea <bea@project.example>")
        talk.says("Another handler", "")
        talk.says("desk's secret key", "")
        said = " ".join(talk.ends().split())
        assert "is proved by your mail server: dmarc=pass" in said
        assert (
            f"no message from Bea is among the newest 50 in the inbox: let each send one to {address}" in said
        )
        assert green(here)
        kit.end(here.path.parent / "state" / "gnupg")
    file = load(here.path).file
    assert (file.inbox.provider, file.desk.mode, file.desk.own_lists) == (provider, "relay", (LIST,))
    assert file.team[0].fingerprint == kit.member
    assert talk.answers <= MOST
    user.log_out()


def test_what_was_given_is_kept_when_the_operator_goes_away(talks: Place) -> None:
    """A second run offers the answers of the first; the password was never written down."""
    talk = Talk(talks)
    begins(talk)
    talk.says("IMAP server", f"localhost:{talks.inbox.server.imaps}")
    talk.says("The password of", "wrong")
    talk.terminal.expect("refuses the login")
    talk.terminal.expect("user name there")
    talk.terminal.sendeof()
    talk.ends()
    kept = talks.path.with_name("maild.toml.answers")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "wrong" not in kept.read_text()
    assert not talks.path.exists()
    again = Talk(talks)
    again.terminal.expect("answers of the last run")
    again.terminal.expect_exact("[security@project.example]")
    again.terminal.close(force=True)


def test_a_list_that_delivers_means_observe_and_relay_is_said_twice() -> None:
    """The evidence names the list, and who else gets mail there."""
    raw = mails.plain(to="security@project.example, info@project.example", List_Post=f"<mailto:{LIST}>")
    found = evidence([parse_headers(raw)] * 3, "security@project.example")
    assert (found.total, found.for_desk, found.delivered_by) == (3, 3, LIST)
    assert found.to == (("info@project.example", 3),)


def test_without_a_terminal_the_missing_option_is_named(place: Place) -> None:  # noqa: F811
    """No prompt waits for nobody: the first thing that no option says is named."""
    said = command(
        place.path,
        "init",
        "--state",
        "state",
        "--address",
        "security@project.example",
        "--provider",
        "google",
    )
    assert said.status == 1
    assert "--password-file is missing, and there is no terminal to ask on" in said.err
    assert not place.path.exists()


def test_a_provider_by_option(place: Place) -> None:  # noqa: F811
    """Its hosts stand in comments: the file says who, the provider says where."""
    people = ("--coordinator", "Mia <mia@project.example>", "--backup", "Bea <bea@project.example>")
    words = ("--address", "security@project.example", "--provider", "proton", "--key", "none", *people)
    command(place.path, "init", "--state", "state", "--password-file", str(place.password), *words)
    config = load(place.path)
    assert (config.file.inbox.host, config.file.inbox.port, config.file.smtp.port) == (
        "127.0.0.1",
        1143,
        1025,
    )
    assert config.origins["inbox.host"] == "provider proton"
    assert config.file.trust.results_below
    assert config.file.smtp.username == "security@project.example"


def test_the_desks_key_is_asked_for_until_it_works(place: Place) -> None:  # noqa: F811
    """No file, no key, a passphrase that is another: each told at once; a second run knows the state folder."""
    home = place.kit.home("typed-" + place.inbox.name)
    (home / "gpg-agent.conf").write_text("s2k-count 65536\n")
    own = place.kit.key(home, "Own <security@project.example>", passphrase=PASSPHRASE)
    loopback = ("--pinentry-mode", "loopback", "--passphrase", PASSPHRASE)
    key = place.path.parent.with_name("typed.asc")
    key.write_bytes(place.kit.gpg(home, *loopback, "--armor", "--export-secret-keys", own))
    servers = place.servers[2 : place.servers.index("--ca-file")] + place.servers[6:-4]
    smtp = place.servers[-4:]
    words = (*servers, *smtp, "--provider", "self-hosted", "--password-file", str(place.password), *PEOPLE)
    talk = Talk(place, *[word for word in words if word not in ("--state", "state")])
    talk.says("published address", "security@project.example")
    talk.terminal.expect("the inbox is empty")
    talk.says("Another handler", "")
    talk.says("desk's secret key", "/nowhere.asc")
    talk.terminal.expect("/nowhere.asc: no such file")
    talk.says("desk's secret key", str(place.password))
    talk.says("Its passphrase", "")
    talk.terminal.expect("0 secret keys instead of one")
    for wrong, told in (("", "the key has a passphrase"), ("other", "does not open the key")):
        talk.says("desk's secret key", str(key))
        talk.says("Its passphrase", wrong)
        talk.terminal.expect(told)
    talk.says("desk's secret key", str(key))
    talk.says("Its passphrase", PASSPHRASE)
    talk.ends()
    assert load(place.path).file.openpgp.key == own
    assert green(place)
    assert state_folder(place.path) == place.path.parent / "state"
