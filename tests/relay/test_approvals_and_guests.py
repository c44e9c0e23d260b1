"""An insider: one person who wants to count twice, and copies that tell a guest too much."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from maild.core.values.ids import token
from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, pgp_mime, signed, text
from tests.relay.test_eve import Scene
from tests.relay.test_publishing import AHEAD, ANNOUNCE, DISTROS, PUBLIC, Publisher
from tests.relay.test_takeover import PROVED_TEAM
from tests.support import bounces, mails
from tests.support.relaying import BEA, CARL, MIA, RelayDesk, header, letter_text

pytestmark = pytest.mark.dovecot
FIXER = "fixer@vendor.example"


class Insider:
    """Mia, who has approved a text and now wants to be Bea as well."""

    def __init__(self, desk: RelayDesk, kit: Kit) -> None:
        self.desk, self.kit, self.number = desk, kit, 0
        desk.comes(mails.plain(date=desk.clock))
        self.publisher = Publisher(desk, kit)
        self.publisher.judged()
        self.publisher.says(f"!announce\r\n\r\n{PUBLIC}")
        self.case = self.publisher.case
        self.digest = self.publisher.prepared("announcement")
        self.publisher.says(self.word)

    @property
    def word(self) -> str:
        """The command that counts once."""
        self.number += 1
        return f"!approve {self.digest}\r\n\r\n{self.case} {self.number}"

    def head(self, sender: str, who: str = MIA) -> bytes:
        """The head of a mail to the team."""
        self.number += 1
        with self.desk.desk() as opened:
            to = token(opened.policy.desk.secret, self.case, who, "team")
        lines = (f"From: {sender}", f"To: security+{to}@project.example", f"Subject: a{self.number}")
        ids = (f"Message-ID: <i{self.number}@home.example>", "MIME-Version: 1.0")
        return "".join(f"{line}\r\n" for line in (*lines, *ids)).encode()

    def signs(self, words: str, key: str, sender: str, who: str = MIA) -> bytes:
        """Words that a key signed, under a From."""
        part = text(f"{words}\r\n")
        return signed(part, self.kit.detached(key, text=part), head=self.head(sender, who))

    def nested(self) -> bytes:
        """What Bea signed, within what Mia signs with the command on top."""
        part = text(f"Lunch is at noon.\r\n\r\n{self.case}\r\n")
        inner = signed(part, self.kit.detached(self.kit.backup, text=part), head=b"", boundary="in")
        outer = multipart("mixed", text(self.word), inner, head=b"", boundary="ou")
        made = self.kit.detached(self.kit.member, text=outer)
        return signed(outer, made, head=self.head(BEAS, BEA), boundary="oo")

    def both(self) -> bytes:
        """Signed by Mia and a stranger in one signature, under Bea's From."""
        part = text(f"{self.word}\r\n")
        keys = ("--local-user", self.kit.member, "--local-user", self.kit.stranger, "--detach-sign")
        return signed(part, self.kit.gpg(self.kit.people, *keys, feed=part), head=self.head(BEAS, BEA))

    def quoting(self) -> bytes:
        """What Bea signed in the clear against it, below the command, under her From."""
        words = f"I say that !approve {self.digest} is wrong {self.case}\n".encode()
        clear = self.kit.gpg(self.kit.people, "--local-user", self.kit.backup, "--clearsign", feed=words)
        return text(f"{self.word}\r\n\r\n{clear.decode()}", head=self.head(BEAS, BEA))


BEAS, MIAS = f"Bea <{BEA}>", f"Mia <{MIA}>"
TWICE: dict[str, Callable[[Insider], bytes]] = {
    "under Bea's From": lambda i: i.signs(i.word, i.kit.member, BEAS, BEA),
    "the same, vouched for": lambda i: PROVED_TEAM + i.signs(i.word, i.kit.member, BEAS, BEA),
    "under Carl's From": lambda i: i.signs(i.word, i.kit.member, f"Carl <{CARL}>", CARL),
    "under a tag of hers": lambda i: i.signs(i.word, i.kit.member, "Mia <mia+bea@project.example>"),
    "in capitals": lambda i: i.signs(i.word, i.kit.member, f"MIA <{MIA.upper()}>"),
    "two authors": lambda i: i.signs(i.word, i.kit.member, f"{MIAS}, {BEAS}"),
    "the command twice": lambda i: i.signs(f"!approve {i.digest}\r\n{i.word}", i.kit.member, MIAS),
    "around what Bea signed": lambda i: i.nested(),
    "two keys in a signature": lambda i: i.both(),
    "signed and encrypted by a stranger": lambda i: (
        PROVED_TEAM + pgp_mime(i.kit.sealed_by(i.kit.stranger, text=text(i.word)), head=i.head(BEAS, BEA))
    ),
    "unsigned, vouched for": lambda i: PROVED_TEAM + text(i.word, head=i.head(BEAS, BEA)),
    "above what Bea signed in the clear": lambda i: PROVED_TEAM + i.quoting(),
    "quoted by Bea": lambda i: i.signs(
        f"No.\r\n\r\n> !approve {i.digest}\r\n\r\n{i.case}", i.kit.backup, BEAS, BEA
    ),
    "below words of Bea's": lambda i: i.signs(f"No.\r\n\r\n{i.word}", i.kit.backup, BEAS, BEA),
    "Bea's for another case": lambda i: i.signs(
        f"!approve {i.digest}\r\n\r\nEX-222222", i.kit.backup, BEAS, BEA
    ),
    "Bea's for two cases": lambda i: i.signs(f"{i.word}\r\nEX-222222", i.kit.backup, BEAS, BEA),
}


def test_nobody_approves_twice(desk: RelayDesk, kit: Kit) -> None:
    """In sixteen ways: Mia stays the only one who approved, and at the instant nothing goes out."""
    insider = Insider(desk, kit)
    for one in TWICE.values():
        desk.inbox.append(one(insider), desk.clock)
        desk.wait(timedelta(seconds=1))
    desk.run()
    assert (desk.trouble, desk.view("shunted")) == ("", [])
    stand = [row["item"] for row in desk.one()["disclosure"] if row["what"] == "approved"]
    assert stand == ["announcement/Mia"]
    insider.publisher.passed(timedelta(0))
    desk.run()
    assert insider.publisher.outside() == []


def test_an_approval_held_back_is_of_its_own_preparation(desk: RelayDesk, kit: Kit) -> None:
    """Bea signed it, another text came and the first again; it counts for nothing, nor does one who has left."""
    insider = Insider(desk, kit)
    held_back = insider.signs(insider.word, kit.backup, BEAS, BEA)
    for words in (PUBLIC.replace("2.0.4", "2.0.5"), PUBLIC):
        insider.publisher.says(f"!announce\r\n\r\n{words}")
    digest = insider.publisher.prepared("announcement")
    insider.publisher.says(f"!approve {digest}")
    desk.comes(held_back)
    stand = [row["item"] for row in desk.one()["disclosure"] if row["what"] == "approved"]
    assert (digest != insider.digest, stand) == (True, ["announcement/Mia"])
    assert "2 of 2" in insider.publisher.says(f"!approve {digest}", BEA)
    desk.path.write_text(desk.path.read_text().replace('name = "Bea"', 'name = "Zoe"'))
    insider.publisher.passed(timedelta(0))
    desk.run()
    assert insider.publisher.outside() == []
    assert any("NOT announced" in one for one in desk.about(BEA))


@pytest.mark.parametrize("place", [DISTROS, ANNOUNCE])
def test_whoever_reads_a_list_cannot_say_that_it_got_nothing(desk: RelayDesk, kit: Kit, place: str) -> None:
    """All its readers have the mark: what such a report says is told as a claim, and changes nothing."""
    desk.comes(mails.plain(date=desk.clock))
    publisher = Publisher(desk, kit)
    at = publisher.judged()
    item, words = ("distros", AHEAD) if place == DISTROS else ("announcement", PUBLIC)
    publisher.says(f"!{'predisclose distros' if place == DISTROS else 'announce'}\r\n\r\n{words}")
    publisher.approve(item)
    publisher.at(at - timedelta(hours=72) if place == DISTROS else at)
    publisher.at(desk.clock + timedelta(seconds=30))
    before, facts = publisher.outside(), desk.one()["disclosure"]
    desk.comes(bounces.postfix(desk.to(place)[0], to="security@project.example"))
    assert (publisher.outside(), desk.one()["disclosure"]) == (before, facts)
    (told,) = [one for one in desk.to(BEA) if "was not delivered" in header(one, "Subject")]
    said = " ".join(letter_text(told).split())
    assert "according to a delivery report" in said
    assert "Anyone who received it can send such a report" in said


def carls(desk: RelayDesk, s: Scene, number: int, *parts: bytes) -> None:
    """Carl writes to the team in Eve's case."""
    top = f"From: Carl <{CARL}>\r\nTo: {s.to(CARL, 'team', s.hers)}\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    raw = multipart("mixed", *parts, head=f"{top}Message-ID: <g{number}@x>\r\n".encode())
    desk.comes(raw, "project.example")


def test_a_guest_reads_nothing_of_another_case(desk: RelayDesk, kit: Kit) -> None:
    """A copy of Rita's case attached or pasted, or a token of it, in Eve's: her guest's copy waits, the rest goes."""
    s = Scene(desk, kit)
    assert desk.word("guest", s.hers, FIXER, "until", "2099-12-24").status == 0
    ritas = next(one for one in desk.copies(CARL) if s.case in header(one, "Subject"))
    internal = "Nobody may hear that the vendor of it pays for our work until next spring.\r\n"
    in_ritas = text(internal, head=f"From: Carl <{CARL}>\r\nTo: {s.to(CARL)}\r\n".encode())
    desk.comes(in_ritas.replace(b"To:", b"Message-ID: <in@x>\r\nTo:", 1), "project.example")
    before = len(desk.to(FIXER))
    attached = b"Content-Type: message/rfc822\r\n\r\n" + ritas.raw
    carls(desk, s, 1, text("See the other one.\r\n"), attached)
    carls(desk, s, 2, text(f"As they wrote to {s.to(CARL)}.\r\n"))
    carls(desk, s, 3, text(internal))
    assert len(desk.to(FIXER)) == before
    waits = "Please look at your message again"
    assert sum(waits in one for one in desk.about("carl@phone.example")) == 3
    carls(desk, s, 4, text("Can you have a look at the writer, please?\r\n"))
    assert len(desk.to(FIXER)) == before + 1


@pytest.mark.parametrize("words", [("guest",), ("tell", "they", "ask")])
def test_rules_of_a_joined_case_let_nobody_into_the_other(desk: RelayDesk, words: tuple[str, ...]) -> None:
    """They waited at the server: a guest of the joined case is none there and hears nothing; who may know still may."""
    desk.comes(mails.plain(date=desk.clock))
    first = str(desk.one()["case"])
    about = {"sender": "Tim <tim@third.example>", "message_id": "<t1@third.example>"}
    desk.comes(mails.plain(date=desk.clock, text="A quokka makes it crash.\n", **about))
    second = next(str(one["case"]) for one in desk.cases() if one["case"] != first)
    desk.sink.always(f"RCPT {FIXER}", "451 4.7.1 later")
    assert desk.word(words[0], second, FIXER, "until", "9d", *words[1:]).status == 0
    desk.run()
    assert desk.word("duplicate", second, first).status == 0
    desk.sink.always(f"RCPT {FIXER}", "")
    for _ in range(3):
        desk.wait(timedelta(minutes=6))
        desk.run()
    assert len(desk.to(FIXER)) == (0 if words[0] == "guest" else 1)
