"""From a prepared text to the public, on a real mailbox with real signatures: approved by two, sent at the instant."""

import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import Connection, delete

from maild.app import forecast, operator
from maild.app.check import keys
from maild.config import Config
from maild.core.disclosure.outward import outward, terms
from maild.core.event import SweepDue
from maild.core.facts.table import APPROVED, PREPARED
from maild.core.values.ids import token
from maild.core.values.targets import ANNOUNCEMENT
from maild.engine.dispatcher import Dispatcher
from maild.engine.handler import handle
from maild.store import facts, letterbytes
from maild.store.letters import Letter as OwedLetter
from maild.store.schema import fact
from maild.store.situation import Situation
from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import multipart, pgp_mime, signed, text
from tests.support import bounces, mails
from tests.support.relaying import (
    BEA,
    CARL,
    MIA,
    RITA,
    RelayDesk,
    header,
    letter_text,
    plain_text,
    read_by,
    reply,
    told_of_commands,
)
from tests.support.sealing import key_file, report
from tests.support.smtpsink import DROP, Letter

pytestmark = pytest.mark.dovecot
DISTROS, ANNOUNCE, OSS = "distros@lists.example", "announce@lists.example", "oss@lists.example"
TARGETS = f"""
[disclosure]
namespace = "https://heron.example"

[[predisclosure]]
id = "distros"
to = "{DISTROS}"
key = "distros.asc"
min_severity = "Important"
subject_tag = "[vs]"
readers = 693

[[announcement]]
id = "announce"
kind = "list"
to = "{ANNOUNCE}"

[[announcement]]
id = "oss"
kind = "oss-security"
to = "{OSS}"

[[announcement]]
id = "blog"
kind = "blog"
"""
PUBLIC = "Subject: quokka overflow in heron, CVE-2026-12345\r\n\r\nA quokka overflows a buffer. Update to 2.0.4.\r\n"
AHEAD = "Subject: quokka overflow in heron\r\n\r\nThe quokka overflow; patches are at https://heron.example/p.\r\n"
CANARY = b"quokka"


class Publisher:
    """A desk that publishes, and what its members say in signed mail."""

    def __init__(self, desk: RelayDesk, kit: Kit) -> None:
        self.desk, self.kit, self.number = desk, kit, 0
        (desk.folder / "distros.asc").write_bytes(
            armor(kit.public(kit.people, kit.stranger), "PUBLIC KEY BLOCK")
        )
        desk.path.write_text(desk.path.read_text() + TARGETS)
        self.keys = {MIA: kit.member, BEA: kit.backup}

    def says(
        self,
        words: str,
        who: str = MIA,
        key: str = "",
        sealed: bool = False,
        named: bool = True,
        files: tuple[bytes, ...] = (),
    ) -> str:
        """A member says *words* to the team, with *files* attached; what maild answers him."""
        self.number += 1
        self.desk.wait(timedelta(seconds=1))
        case = self.case
        with self.desk.desk() as opened:
            to = token(opened.policy.desk.secret, case, who, "team")
        lines = (
            f"From: Member <{who}>",
            f"To: security+{to}@project.example",
            f"Subject: words {self.number}",
            f"Message-ID: <w{self.number}@home.example>",
            "MIME-Version: 1.0",
        )
        head = "".join(f"{line}\r\n" for line in lines).encode()
        part = text(f"{words}\r\n" + (f"-- \r\n{who}\r\n{case}, {self.number}\r\n" if named else ""))
        part = multipart("mixed", part, *files, head=b"") if files else part
        by = key or self.keys[who]
        before = len(self.desk.to(who))
        if sealed:
            self.desk.comes(pgp_mime(self.kit.sealed_by(by, text=part), head=head))
        else:
            self.desk.comes(signed(part, self.kit.detached(by, text=part), head=head))
        return told_of_commands(self.kit, self.desk.to(who)[before:], self.keys.get(who, ""))

    @property
    def case(self) -> str:
        """The only case."""
        return str(self.desk.one()["case"])

    def prepared(self, item: str) -> str:
        """The digest of the prepared text."""
        rows = self.desk.one()["disclosure"]
        return next((r["value"] for r in rows if (r["what"], r["item"]) == ("prepared", item)), "")

    def embargo(self, ahead: timedelta) -> datetime:
        """The instant of the announcement is set; which it is."""
        at = (self.desk.clock + ahead).replace(second=0, microsecond=0)
        said = self.desk.word("embargo", self.case, f"{at:%Y-%m-%d}", f"{at:%H:%M}", "UTC")
        assert said.status == 0, said.err
        return at

    def judged(self) -> datetime:
        """The case is a vulnerability with a CVE id, announced in ten days."""
        for words in (("verdict", "vulnerability"), ("severity", "important"), ("cve", "CVE-2026-12345")):
            assert self.desk.word(words[0], self.case, *words[1:]).status == 0
        return self.embargo(timedelta(days=10))

    def approve(self, item: str) -> None:
        """Both members approve the text."""
        for who in (MIA, BEA):
            assert "Approved" in self.says(f"!approve {self.prepared(item)}", who)

    def embargo_moved(self, ahead: timedelta) -> datetime:
        """The instant is moved to a later one; which it is."""
        at = (self.desk.clock + ahead).replace(second=0, microsecond=0)
        said = self.desk.word("embargo", self.case, f"{at:%Y-%m-%d}", f"{at:%H:%M}", "UTC", "more time")
        assert said.status == 0, said.err
        return at

    def ready(self) -> None:
        """The case is judged, and two have approved its announcement."""
        self.judged()
        self.says(f"!announce\r\n\r\n{PUBLIC}")
        self.approve("announcement")

    def at(self, instant: datetime) -> None:
        """It is that time, and the desk runs."""
        self.desk.clock = instant
        self.desk.run()
        assert self.desk.trouble == ""

    def passed(self, ago: timedelta, text: str = PUBLIC) -> None:
        """The instant was so long ago, and two approved *text* for that instant.

        Dovecot stamps no mail with a time to come, so the clock stays and the record is another.
        """
        at = (self.desk.clock - ago).isoformat()
        with self.desk.desk() as opened:
            record = opened.ask(facts.of_case, self.case)
            before, targets = terms(record, ANNOUNCEMENT), opened.policy.targets
            source = text.replace("\r\n", "\n")
            old, new = (
                outward(self.case, ANNOUNCEMENT, source, "", targets, one)
                for one in (before, replace(before, instant=at))
            )
            assert old
            assert new
            assert old.digest == record.value(PREPARED, ANNOUNCEMENT)
            for what in (
                f"value='{at}' WHERE name IN ('embargo', 'prepared-for')",
                f"value=replace(value, '{old.digest}', '{new.digest}') WHERE name IN ('prepared', 'approved')",
            ):
                opened.ask(lambda c, what=what: c.exec_driver_sql(f"UPDATE fact SET {what}"))

    def shown(self, who: str) -> Letter:
        """The last text that a member was shown to approve."""
        rows = {row["message_id"]: row["kind"] for row in self.desk.view("outbox", True)}
        return [one for one in self.desk.to(who) if rows[header(one, "Message-ID")] == "prepared"][-1]

    def outside(self) -> list[str]:
        """Who outside got a letter, in order."""
        return [
            to for one in self.desk.sink.letters for to in one.recipients if to.endswith("@lists.example")
        ]


@pytest.fixture
def publisher(desk: RelayDesk, kit: Kit) -> Publisher:
    """Who publishes."""
    return Publisher(desk, kit)


def test_the_road_of_a_sealed_case_to_the_public(desk: RelayDesk, kit: Kit, publisher: Publisher) -> None:
    """Sealed to the list 72 h ahead, signed in clear to the public at the instant, no word of it before."""
    desk.comes(report(kit, 1, key_file(kit.public(kit.people, kit.stranger))))
    at = publisher.judged()
    publisher.says(f"!predisclose distros\r\n\r\n{AHEAD}", sealed=True)
    publisher.says(f"!announce\r\n\r\n{PUBLIC}", BEA, sealed=True)
    publisher.approve("distros")
    publisher.approve("announcement")
    publisher.at(at - timedelta(hours=72, seconds=1))
    assert publisher.outside() == []
    publisher.at(at - timedelta(hours=72))
    (early,) = desk.to(DISTROS)
    assert header(early, "Subject") == "[vs] ..."
    opened = read_by(kit, early)
    told = plain_text(opened)
    assert opened.protected["subject"] == "[vs] quokka overflow in heron"
    for line in ("patches are at", f"Public from: {at:%Y-%m-%d %H:%M} UTC", "TLP:AMBER", "CVE-2026-12345"):
        assert line in told
    publisher.at(at - timedelta(seconds=1))
    assert publisher.outside() == [DISTROS]
    assert not any(CANARY in one.raw or b"CVE-2026-12345" in one.raw for one in desk.sink.letters)
    assert CANARY.decode() not in desk.log.getvalue()
    assert b"A quokka overflows" not in b"".join(
        p.read_bytes() for p in (desk.folder / "state").glob("maild.db*")
    )
    publisher.at(at)
    publisher.at(at + timedelta(seconds=20))
    assert publisher.outside() == [DISTROS, ANNOUNCE, OSS]
    for to in (ANNOUNCE, OSS):
        (public,) = desk.to(to)
        assert header(public, "Subject") == "quokka overflow in heron, CVE-2026-12345"
        assert letter_text(public).strip() == "A quokka overflows a buffer. Update to 2.0.4."
        assert read_by(kit, public).signature.fingerprint == kit.desk_key
        assert header(public, "To") == to
        assert header(public, "Auto-Submitted") == ""
        assert publisher.case.encode() not in public.raw
    stage = {row["what"]: row["value"] for row in desk.one()["disclosure"]}["stage"]
    assert stage == "announced"
    publisher.at(at + timedelta(days=1))
    assert len(publisher.outside()) == 3


def test_members_see_exactly_what_they_approve(desk: RelayDesk, kit: Kit, publisher: Publisher) -> None:
    """Each member with a key gets the text sealed; the SHA-256 of the file in it is the digest."""
    desk.comes(mails.plain(date=desk.clock))
    publisher.judged()
    publisher.says(f"!announce\r\n\r\n{PUBLIC}")
    for who, key in ((MIA, kit.member), (BEA, kit.backup)):
        opened = read_by(kit, publisher.shown(who), key)
        (file,) = [one for one in opened.tree.root.leaves if one.filename]
        assert file.filename == "announcement.txt"
        assert sha256(file.content).hexdigest() == publisher.prepared("announcement")
        assert "A quokka overflows a buffer." in file.text
        assert f"!approve {publisher.prepared('announcement')}" in plain_text(opened)
    assert "A quokka overflows a buffer." in letter_text(publisher.shown(CARL))


PATCH = b"diff --git a/heron.c b/heron.c\n-quokka\n+wombat\n"


def patch(content: bytes = PATCH) -> bytes:
    """A patch, as a client attaches it."""
    top = b'Content-Type: text/x-patch; name="fix.patch"\r\nContent-Disposition: attachment; filename="fix.patch"'
    return top + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64encode(content) + b"\r\n"


def test_patches_go_along_with_the_letter_to_a_list(desk: RelayDesk, kit: Kit, publisher: Publisher) -> None:
    """They are in the digest, the members see them, the list gets them byte for byte; a member's key stays."""
    desk.comes(report(kit, 1, key_file(kit.public(kit.people, kit.stranger))))
    at = publisher.judged()
    words, own = f"!predisclose distros\r\n\r\n{AHEAD}", key_file(kit.public(kit.people, kit.member))
    publisher.says(words, sealed=True, files=(patch(b"another"),))
    first = publisher.prepared("distros")
    said = publisher.says(words, sealed=True, files=(patch(), own))
    assert "Files attached to it: 1" in said
    assert publisher.prepared("distros") != first
    named, fix = [
        one for one in read_by(kit, publisher.shown(BEA), kit.backup).tree.root.leaves if one.filename
    ]
    assert f"file: {sha256(PATCH).hexdigest()} fix.patch" in named.text
    assert sha256(named.content).hexdigest() == publisher.prepared("distros")
    assert (fix.filename, fix.content) == ("fix.patch", PATCH)
    publisher.approve("distros")
    publisher.at(at - timedelta(hours=72))
    (early,) = desk.to(DISTROS)
    (sent,) = [one for one in read_by(kit, early).tree.root.leaves if one.filename]
    assert (sent.filename, sent.content) == ("fix.patch", PATCH)


def test_an_announcement_has_no_files(desk: RelayDesk, publisher: Publisher) -> None:
    """Its author is told so."""
    desk.comes(mails.plain(date=desk.clock))
    publisher.judged()
    assert "not sent; files go to lists only" in publisher.says(
        f"!announce\r\n\r\n{PUBLIC}", files=(patch(),)
    )


def test_a_text_replaced_before_it_was_shown_flags_nothing(
    desk: RelayDesk, kit: Kit, publisher: Publisher
) -> None:
    """Two files in a row: only the second is shown, and no key is called useless for that."""
    desk.comes(report(kit, 1, key_file(kit.public(kit.people, kit.stranger))))
    publisher.judged()
    for title in ("first", "second"):
        (desk.folder / "advisory.toml").write_text(
            f'id = "HERON-1"\ntitle = "{title}"\nsummary = "A quokka."\npublished = 2026-03-20T16:00:00Z\n'
            '[[affected]]\npackage = "heron"\n'
        )
        assert desk.word("announce", publisher.case, str(desk.folder / "advisory.toml")).status == 0
    desk.run()
    assert "unsealable" not in desk.flags()
    states = [row["state"] for row in desk.view("outbox", True) if row["kind"] == "prepared"]
    assert sorted(states) == ["failed", "failed", "sent", "sent"]
    assert "second" in plain_text(read_by(kit, publisher.shown(MIA), kit.member))


def test_forged_foreign_and_lonely_approvals_send_nothing(
    desk: RelayDesk, kit: Kit, publisher: Publisher
) -> None:
    """A reporter's key, another text's digest, the same member twice, an unnamed case, and the operator."""
    desk.comes(mails.plain(date=desk.clock))
    at = publisher.judged()
    publisher.says(f"!announce\r\n\r\n{PUBLIC}")
    old = publisher.prepared("announcement")
    publisher.says(f"!announce\r\n\r\n{PUBLIC.replace('2.0.4', '2.0.5')}")
    digest = publisher.prepared("announcement")
    assert old != digest
    assert "not done" in publisher.says(f"!approve {digest}", key=kit.stranger)
    assert publisher.says(f"!approve {digest}", BEA, named=False) == ""
    assert "has this digest" in publisher.says(f"!approve {old}", BEA)
    assert "1 of 2" in publisher.says(f"!approve {digest}")
    assert "counts once" in publisher.says(f"!approve {digest}")
    publisher.at(at)
    assert publisher.outside() == []
    asked = [one for one in desk.about("carl@phone.example") if "NOT announced: something is missing" in one]
    assert len(asked) == 1
    publisher.at(at + timedelta(seconds=20))
    assert "2 of 2" in publisher.says(f"!approve {digest}", BEA)
    publisher.at(at + timedelta(minutes=2))
    assert publisher.outside()[:1] == [ANNOUNCE]
    assert "2.0.5" in letter_text(desk.to(ANNOUNCE)[0])


def test_stopped_over_the_instant_the_desk_asks(desk: RelayDesk, publisher: Publisher) -> None:
    """On the next start nothing is sent, the ladder is paged once, and a member's signed word sends it."""
    desk.comes(mails.plain(date=desk.clock))
    publisher.ready()
    publisher.passed(timedelta(hours=7))
    publisher.at(desk.clock)
    publisher.at(desk.clock + timedelta(seconds=20))
    assert publisher.outside() == []
    for who in ("carl@phone.example", BEA, MIA):
        assert sum("NOT announced: the time has passed" in one for one in desk.about(who)) == 1
    assert "is being sent now" in publisher.says("!announce now", BEA)
    publisher.at(desk.clock + timedelta(seconds=20))
    assert publisher.outside() == [ANNOUNCE, OSS]


def test_an_advisory_from_the_command_line_is_kept_sealed(
    desk: RelayDesk, kit: Kit, publisher: Publisher
) -> None:
    """The file becomes the text; it rests sealed to the desk, needs the same approvals, and goes out whole."""
    desk.comes(report(kit, 1, key_file(kit.public(kit.people, kit.stranger))))
    at = publisher.judged()
    (desk.folder / "advisory.toml").write_text(
        'id = "HERON-2026-001"\ntitle = "quokka overflow"\nsummary = "A quokka overflows a buffer."\n'
        "published = 2026-03-20T16:00:00Z\n"
        '[[affected]]\npackage = "heron"\nfixed = "2.0.4"\n'
    )
    said = desk.word("announce", publisher.case, str(desk.folder / "advisory.toml"))
    assert said.status == 0, said.err
    assert publisher.prepared("announcement") in said.out
    said = desk.word("predisclose", publisher.case, "distros", str(desk.folder / "advisory.toml"))
    assert said.status == 0, said.err
    assert b"quokka" not in b"".join(p.read_bytes() for p in (desk.folder / "state").glob("maild.db*"))
    desk.run()
    publisher.approve("announcement")
    with desk.desk() as opened:
        coming = {row["what"]: row["people"] for row in forecast.coming(opened, publisher.case, 20)}
    assert coming["announcement announce"] == ["Mia", "Bea"]
    assert coming["predisclosure distros"] == []
    publisher.at(at)
    (public,) = desk.to(ANNOUNCE)
    words = letter_text(public)
    assert header(public, "Subject") == "quokka overflow (HERON-2026-001, CVE-2026-12345)"
    assert "heron before 2.0.4" in words
    assert "Published" not in words


def test_a_letter_to_the_public_that_bounces_or_is_refused_is_told(
    desk: RelayDesk, publisher: Publisher
) -> None:
    """The ladder hears which list did not get it; it waits for a person, and goes out once he lets it go."""
    desk.comes(mails.plain(date=desk.clock))
    at = publisher.judged()
    publisher.says(f"!announce\r\n\r\n{PUBLIC}")
    publisher.approve("announcement")
    desk.sink.always(f"RCPT {ANNOUNCE}", "550 5.1.1 no such list")
    publisher.at(at)
    desk.run()
    for who in ("carl@phone.example", BEA, MIA):
        assert sum("The letter to the list announce was not delivered" in one for one in desk.about(who)) == 1
    assert publisher.outside() == []
    (held,) = [row for row in desk.view("outbox", True) if row["kind"] == "announcement"]
    assert held["state"] == "held"
    desk.sink.always(f"RCPT {ANNOUNCE}", "")
    with desk.desk() as opened:
        operator.send(opened, held["letter"], in_clear=False)
    desk.run()
    assert publisher.outside() == [ANNOUNCE, OSS]


def test_a_server_that_hangs_up_leaves_an_announcement_to_a_person(
    desk: RelayDesk, publisher: Publisher
) -> None:
    """Nobody knows whether it went out: it is parked and told, and not sent a second time by itself."""
    desk.comes(mails.plain(date=desk.clock))
    publisher.ready()
    publisher.passed(timedelta(0))
    desk.sink.always("DOT", DROP)
    publisher.at(desk.clock)
    desk.sink.always("DOT", "")
    assert [row["state"] for row in desk.view("outbox", True) if row["kind"] == "announcement"] == ["parked"]
    publisher.at(desk.clock + timedelta(hours=1))
    assert any("The letter to the list announce was not delivered" in one for one in desk.about(BEA))
    assert publisher.outside() == [ANNOUNCE]


def test_check_says_whether_lists_can_be_sealed_to(desk: RelayDesk, publisher: Publisher) -> None:
    """A usable key, a file that holds none, and no key at all each have their line."""
    with desk.desk() as opened:
        assert ("ok", "distros: its key encrypts") in lines(opened.config)
    (desk.folder / "distros.asc").write_text("no key\n")
    with desk.desk() as opened:
        assert any(mark == "fault" and "distros.asc" in text for mark, text in lines(opened.config))
    desk.path.write_text(desk.path.read_text().replace('key = "distros.asc"', ""))
    with desk.desk() as opened:
        assert ("warning", "distros has no key, so nothing will be sent to it") in lines(opened.config)
        assert "publishing" not in {one.what for one in keys.look(opened.config)}
    bea = f'fingerprint = "{publisher.kit.backup}"\nkey_file = "bea.asc"\n'
    desk.path.write_text(desk.path.read_text().replace(bea, ""))
    with desk.desk() as opened:
        assert "publishing" in {one.what for one in keys.look(opened.config) if one.state == "fault"}


def lines(config: Config) -> list[tuple[str, str]]:
    """What ``maild check`` says of the lists."""
    return [(one.state, one.text) for one in keys.look(config) if one.what == "predisclosure"]


def test_what_was_owed_when_the_process_died_asks_too(desk: RelayDesk, publisher: Publisher) -> None:
    """Owed at the instant and not begun for hours: held, told, and sent once a person lets it go."""
    desk.comes(mails.plain(date=desk.clock))
    publisher.ready()
    publisher.passed(timedelta(0))
    with desk.desk() as opened:
        opened.ask(handle, SweepDue(), opened.policy, desk.clock)
    publisher.at(desk.clock + timedelta(hours=3))
    desk.run()
    assert publisher.outside() == []
    assert sum("The letter to the list announce was not delivered" in one for one in desk.about(BEA)) == 1
    (held,) = [row for row in desk.view("outbox", True) if row["kind"] == "announcement"]
    assert held["state"] == "held"
    with desk.desk() as opened:
        operator.send(opened, held["letter"], in_clear=False)
    desk.run()
    assert publisher.outside()[:1] == [ANNOUNCE]


def test_an_announcement_that_comes_back_is_told(desk: RelayDesk, publisher: Publisher) -> None:
    """A bounce of the letter to a list is a letter to everybody on the ladder."""
    desk.comes(mails.plain(date=desk.clock))
    publisher.ready()
    publisher.passed(timedelta(0))
    publisher.at(desk.clock)
    (public,) = desk.to(ANNOUNCE)
    desk.comes(bounces.postfix(public))
    for who in ("carl@phone.example", BEA, MIA):
        assert sum("The letter to the list announce was not delivered" in one for one in desk.about(who)) == 1


def other_key(desk: RelayDesk, kit: Kit) -> None:
    """Somebody puts a key of theirs in the place of the list's."""
    (desk.folder / "distros.asc").write_bytes(armor(kit.public(kit.people, kit.old_key), "PUBLIC KEY BLOCK"))


def test_a_key_file_swapped_between_two_approvals_gets_nothing(
    desk: RelayDesk, kit: Kit, publisher: Publisher
) -> None:
    """The second approval is refused, and nothing leaves; with the list's own key back, it does."""
    desk.comes(mails.plain(date=desk.clock))
    at = publisher.judged()
    own = (desk.folder / "distros.asc").read_bytes()
    publisher.says(f"!predisclose distros\r\n\r\n{AHEAD}")
    assert f"key: {kit.stranger}" in plain_text(read_by(kit, publisher.shown(MIA), kit.member))
    assert "1 of 2" in publisher.says(f"!approve {publisher.prepared('distros')}")
    other_key(desk, kit)
    assert "the list's present key" in publisher.says(f"!approve {publisher.prepared('distros')}", BEA)
    publisher.at(at - timedelta(hours=72))
    assert publisher.outside() == []
    (desk.folder / "distros.asc").write_bytes(own)
    assert "2 of 2" in publisher.says(f"!approve {publisher.prepared('distros')}", BEA)
    desk.run()
    assert publisher.outside() == [DISTROS]


def test_a_key_file_swapped_while_its_letter_waits_gets_nothing(
    desk: RelayDesk, kit: Kit, publisher: Publisher
) -> None:
    """Put off by the server, then sealed to another key at the next try: it is held, also after a person's word."""
    desk.comes(mails.plain(date=desk.clock))
    at = publisher.judged()
    publisher.says(f"!predisclose distros\r\n\r\n{AHEAD}")
    publisher.approve("distros")
    desk.sink.always(f"RCPT {DISTROS}", "451 4.7.1 later")
    publisher.at(at - timedelta(hours=72))
    desk.sink.always(f"RCPT {DISTROS}", "")
    other_key(desk, kit)
    publisher.at(desk.clock + timedelta(minutes=2))
    (held,) = [row for row in desk.view("outbox", True) if row["kind"] == "predisclosure"]
    assert held["state"] == "held"
    with desk.desk() as opened:
        operator.send(opened, held["letter"], in_clear=False)
    desk.run()
    assert publisher.outside() == []


def test_one_member_alone_announces_nothing_early_by_moving_the_instant(
    desk: RelayDesk, publisher: Publisher
) -> None:
    """Moved forward by a signed word, it waits at the new instant; by a command it is not moved at all."""
    desk.comes(mails.plain(date=desk.clock))
    publisher.ready()
    soon = (desk.clock + timedelta(hours=2)).replace(second=0, microsecond=0)
    said = desk.word("embargo", publisher.case, f"{soon:%Y-%m-%d}", f"{soon:%H:%M}", "UTC", "now")
    assert said.status == 1
    assert "in a signed message" in said.err
    told = " ".join(publisher.says(f"!embargo {soon:%Y-%m-%d %H:%M} UTC").split())
    assert "have not approved the announcement for this time" in told
    publisher.at(soon)
    publisher.at(soon + timedelta(seconds=20))
    assert publisher.outside() == []
    for who in ("carl@phone.example", BEA, MIA):
        assert sum("NOT announced: this time was not approved" in one for one in desk.about(who)) == 1


def test_a_list_whose_key_is_of_no_use_gets_nothing(desk: RelayDesk, publisher: Publisher) -> None:
    """Sealed or not at all: the letter is held, people hear of it, and not even a person sends it in clear."""
    (desk.folder / "distros.asc").write_text("no key\n")
    desk.comes(mails.plain(date=desk.clock))
    at = publisher.judged()
    publisher.says(f"!predisclose distros\r\n\r\n{AHEAD}")
    publisher.approve("distros")
    publisher.at(at - timedelta(hours=72))
    desk.run()
    assert publisher.outside() == []
    assert sum("The letter to the list distros was not delivered" in one for one in desk.about(MIA)) == 1
    (held,) = [row for row in desk.view("outbox", True) if row["kind"] == "predisclosure"]
    assert held["state"] == "held"
    said = desk.word("send", str(held["letter"]), "--in-clear")
    assert said.status == 1
    assert "encrypted, or not at all" in said.err


def test_what_telling_many_costs_is_shown(desk: RelayDesk, publisher: Publisher) -> None:
    """693 readers who leak once in a thousand times let every second embargo slip."""
    assert "50.0 % of embargoes leak" in " ".join(desk.word("policy", "show").out.split())


@pytest.mark.parametrize("munged", [False, True])
def test_the_lists_own_copy_starts_the_blogs_clock(
    desk: RelayDesk, publisher: Publisher, munged: bool
) -> None:
    """As the list sends it, even with a From of its own: kept as ours, no case, seen; the blog's time counts from it."""
    desk.comes(mails.plain(date=desk.clock))
    publisher.ready()
    publisher.passed(timedelta(0))
    publisher.at(desk.clock)
    (public,) = desk.to(ANNOUNCE)
    head, _, body = public.raw.partition(b"\r\n\r\n")
    if munged:
        head = re.sub(rb"(?m)^From: .*\r\n(?:[ \t].*\r\n)*", b"From: via <announce@lists.example>\r\n", head)
    desk.wait(timedelta(minutes=5))
    desk.comes(b"List-Id: <announce.lists.example>\r\n" + head + b"\r\n\r\n" + body)
    facts = {(row["what"], row["item"]): row["value"] for row in desk.one()["disclosure"]}
    assert facts["seen-at", "announce"] > facts["announced-at", "announce"]
    assert desk.about(MIA).count('The announcement was seen at "announce"') == 1
    due = datetime.fromisoformat(facts["seen-at", "announce"]) + timedelta(hours=6)
    assert f"blog: due {due:%Y-%m-%d %H:%M} UTC, not out yet" in publisher.says("!status")
    assert "seen-early" not in {what for what, _ in facts}


def test_a_letter_that_waits_follows_an_instant_that_is_moved(desk: RelayDesk, publisher: Publisher) -> None:
    """Owed, composed and put off by the server, it still does not leave before the later instant; then it does."""
    desk.comes(mails.plain(date=desk.clock))
    publisher.ready()
    publisher.passed(timedelta(0))
    desk.sink.always(f"RCPT {ANNOUNCE}", "451 4.7.1 later")
    publisher.at(desk.clock)
    desk.sink.always(f"RCPT {ANNOUNCE}", "")
    at = publisher.embargo_moved(timedelta(days=3))
    publisher.at(desk.clock + timedelta(minutes=2))
    publisher.at(at - timedelta(seconds=1))
    assert publisher.outside() == []
    publisher.at(at)
    assert publisher.outside() == [ANNOUNCE, OSS]
    (public,) = desk.to(ANNOUNCE)
    assert datetime.strptime(header(public, "Date"), "%a, %d %b %Y %H:%M:%S %z") == at


def test_what_is_withdrawn_while_a_letter_is_composed_is_heeded(
    desk: RelayDesk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An approval that is gone before the bytes are committed counts no more: the letter is held, and people hear."""
    desk.comes(mails.plain(date=desk.clock))
    publisher.ready()
    right = Dispatcher.made

    async def meanwhile(self: Dispatcher, letter: OwedLetter, so: Situation) -> object:
        made = await right(self, letter, so)
        if letter.recipient == ANNOUNCE:
            await self.parts.database.run(Connection.execute, delete(fact).where(fact.c.name == APPROVED))
        return made

    monkeypatch.setattr(Dispatcher, "made", meanwhile)
    publisher.passed(timedelta(0))
    publisher.at(desk.clock)
    assert publisher.outside() == []
    held = [row for row in desk.view("outbox") if row["kind"] == "announcement"]
    assert [(row["to"], row["state"]) for row in held] == [(ANNOUNCE, "held")]


def test_an_early_notice_that_waits_is_none_after_the_instant(desk: RelayDesk, publisher: Publisher) -> None:
    """The server was down from the lead until after the instant, or the instant moved: the list gets no stale letter."""
    desk.comes(mails.plain(date=desk.clock))
    at = publisher.judged()
    publisher.says(f"!predisclose distros\r\n\r\n{AHEAD}")
    publisher.approve("distros")
    desk.sink.always(f"RCPT {DISTROS}", "451 4.7.1 later")
    publisher.at(at - timedelta(hours=72))
    desk.sink.always(f"RCPT {DISTROS}", "")
    publisher.at(at + timedelta(seconds=1))
    assert publisher.outside() == []
    assert sum("The letter to the list distros was not delivered" in one for one in desk.about(BEA)) == 1


@pytest.mark.parametrize(("composed", "state"), [(False, "held"), (True, "parked")])
def test_killed_while_it_was_being_sent_an_announcement_asks(
    desk: RelayDesk, publisher: Publisher, composed: bool, state: str
) -> None:
    """Claimed and not begun for hours: held. Being handed in: nobody knows whether it went out. Told once, sent by neither."""
    desk.comes(mails.plain(date=desk.clock))
    publisher.ready()
    publisher.passed(timedelta(0))
    with desk.desk() as opened:
        opened.ask(handle, SweepDue(), opened.policy, desk.clock)
        opened.ask(lambda c: c.exec_driver_sql("UPDATE letter SET state='sending' WHERE kind='announcement'"))
        ((letter_id,),) = opened.ask(
            lambda c: c.exec_driver_sql("SELECT id FROM letter WHERE kind='announcement'").all()
        )
        if composed:
            opened.ask(letterbytes.fix, letter_id, b"the final bytes")
    publisher.at(desk.clock + timedelta(hours=3))
    desk.run()
    assert publisher.outside() == []
    assert [r["state"] for r in desk.view("outbox", True) if r["kind"] == "announcement"] == [state]
    assert sum("The letter to the list announce was not delivered" in one for one in desk.about(BEA)) == 1


@pytest.mark.parametrize("item", ["distros", "announcement"])
def test_after_a_restore_nothing_goes_out_a_second_time(
    desk: RelayDesk, publisher: Publisher, item: str
) -> None:
    """The backup knows of the approvals and not of the letter: two approve anew, or nothing leaves; old mail does not count."""
    desk.comes(mails.plain(date=desk.clock))
    at = publisher.judged()
    publisher.says(
        f"!predisclose distros\r\n\r\n{AHEAD}" if item == "distros" else f"!announce\r\n\r\n{PUBLIC}"
    )
    assert "1 of 2" in publisher.says(f"!approve {publisher.prepared(item)}")
    assert desk.word("backup", str(desk.folder / "copy.db")).status == 0
    assert "2 of 2" in publisher.says(f"!approve {publisher.prepared(item)}", BEA)
    when = at - timedelta(hours=72) if item == "distros" else at
    publisher.at(when)
    publisher.at(when + timedelta(seconds=20))
    before = publisher.outside()
    assert before
    desk.clock = when + timedelta(seconds=40)
    assert desk.word("restore", str(desk.folder / "copy.db")).status == 0
    publisher.at(when + timedelta(minutes=1))
    publisher.at(when + timedelta(minutes=2))
    assert publisher.outside() == before
    assert [row for row in desk.one()["disclosure"] if row["what"] == "approved"] == []


def out(desk: RelayDesk, publisher: Publisher) -> str:
    """It is announced; the Message-ID of the list's letter."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    publisher.ready()
    publisher.passed(timedelta(0))
    publisher.at(desk.clock)
    publisher.at(desk.clock + timedelta(seconds=20))
    return header(desk.to(ANNOUNCE)[0], "Message-ID")


def answering(what: str, number: int, sender: str, **more: str) -> bytes:
    """An answer to an announcement."""
    about = {
        "message_id": f"<a{number}@elsewhere.example>",
        "subject": "Re: quokka overflow in heron",
        **more,
    }
    return mails.plain(sender=sender, In_Reply_To=what, References=what, text=f"Answer {number}.", **about)


def test_answers_on_the_list_join_nothing_and_are_told_of_once(desk: RelayDesk, publisher: Publisher) -> None:
    """Strangers, a robot, a member and the reporter's name on the list: kept, passed on to nobody, no case."""
    to = out(desk, publisher)
    before = len(desk.sink.letters)
    listed = {"to": ANNOUNCE, "List_Id": "<announce.lists.example>", "Precedence": "list"}
    for number, who in enumerate(("ed@x.example", "bot@ci.example", CARL, RITA, "eva@y.example")):
        desk.comes(answering(to, number, who, **listed))
    assert len(desk.cases()) == 1
    assert not any(b"Answer" in one.raw for one in desk.sink.letters[before:])
    told = [header(one, "Subject") for one in desk.sink.letters[before:]]
    assert len([one for one in told if "Replies to the announcement are arriving" in one]) == len(told) == 1
    assert desk.view("quarantine") == []


def test_an_answer_to_the_desk_itself_is_held_for_a_look(desk: RelayDesk, publisher: Publisher) -> None:
    """It may tell of a fix that is none: a person sees it, and it is in no case; the reporter's own joins his."""
    to = out(desk, publisher)
    before = len(desk.sink.letters)
    desk.comes(answering(to, 1, "ed@x.example"))
    assert len(desk.view("quarantine")) == 1
    assert desk.sink.letters[before:] == []
    desk.comes(answering(to, 2, RITA), RITA)
    assert any("Answer 2" in letter_text(one) for one in desk.copies(CARL))
    assert len(desk.cases()) == 1


def test_an_answer_to_an_early_notice_goes_to_the_team_and_not_to_the_reporter(
    desk: RelayDesk, publisher: Publisher
) -> None:
    """Every member has it; what he answers to his copy stays inside."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    at = publisher.judged()
    publisher.says(f"!predisclose distros\r\n\r\n{AHEAD}")
    publisher.approve("distros")
    publisher.at(at - timedelta(hours=72))
    (early,) = desk.to(DISTROS)
    desk.clock = datetime.now(UTC)  # noqa: TID251 - Dovecot stamps no mail with a time to come
    desk.comes(answering(header(early, "Message-ID"), 1, "dora@distro.example"))
    copy = desk.copies(CARL)[-1]
    assert "Answer 1" in letter_text(copy)
    assert "goes to the TEAM only" in letter_text(copy)
    answers = len(desk.answers(RITA))
    desk.comes(reply(copy, CARL, "We will send the patch for 1.8 as well, wait for it please."), CARL)
    assert len(desk.answers(RITA)) == answers
