"""Eve, who did not build the defences: other cases, nesting, words, marks, oddities.

Eve reported a case of her own, so she has a letter of the desk with a token and a mark; she knows the tokens of
members, and signed mail of Mia's that the desk has never seen.
"""

import base64
from collections.abc import Callable
from functools import cached_property

import pytest

from maild.core.values.ids import token
from maild.core.words.row import Proof
from maild.core.words.table import ROWS
from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, pgp_mime, signed, text
from tests.relay.test_forged import tokens_prove_nothing
from tests.relay.test_meant_for_us import old_key
from tests.support import mails
from tests.support.desk import MX
from tests.support.relaying import BEA, CARL, MIA, RITA, RelayDesk, header, letter_text

pytestmark = pytest.mark.dovecot
EVE = "eve@elsewhere.example"
VICTIM = "victor@third.example"
TEAM = {MIA, BEA, CARL, "carl@phone.example"}
PROVED = f"Authentication-Results: {MX}; dmarc=pass header.from=elsewhere.example\r\n"


class Scene:
    """Rita's case, which is under attack, and Eve's own."""

    def __init__(self, desk: RelayDesk, kit: Kit) -> None:
        self.desk, self.kit, self.number = desk, kit, 0
        desk.comes(mails.plain(date=desk.clock))
        self.case = str(desk.one()["case"])
        hers = {"sender": f"Eve <{EVE}>", "message_id": "<eve@elsewhere.example>"}
        desk.comes(mails.plain(date=desk.clock, subject="Crash in the writer, exploit attached", **hers))
        self.hers = next(str(one["case"]) for one in desk.cases() if one["case"] != self.case)
        with desk.desk() as opened:
            self.secret = opened.policy.desk.secret

    def to(self, who: str = MIA, audience: str = "team", case: str = "") -> str:
        """The desk's address with somebody's token."""
        return f"security+{token(self.secret, case or self.case, who, audience)}@project.example"

    def head(self, sender: str, to: str = "", more: str = "") -> bytes:
        """The head of a mail into Rita's thread."""
        self.number += 1
        lines = (
            f"{more}From: {sender}",
            f"To: {to or 'security@project.example'}",
            "In-Reply-To: <one@reporter.example>",
            f"Message-ID: <s{self.number}@x>",
            "MIME-Version: 1.0",
        )
        subject = "" if "Subject:" in more else "Subject: Re: Overflow\r\n"
        return ("".join(f"{line}\r\n" for line in lines) + subject).encode()

    def words(self, case: str = "") -> str:
        """Words to the team, with a case named."""
        self.number += 1
        return f"!close done\r\n!handler Mia\r\n\r\n{case or self.case} {self.number}\r\n"

    def mia(self, case: str = "", *how: str) -> bytes:
        """What Mia has just signed about a case, as a whole entity."""
        part = text(self.words(case))
        self.number += 1
        made = self.kit.detached(self.kit.member, *how, text=part)
        return signed(part, made, head=b"", boundary=f"m{self.number}")

    @cached_property
    def mark(self) -> str:
        """The mark of the receipt that Eve got."""
        return header(self.desk.to(EVE)[0], "X-Maild-Mark")


MEMBER = f"Mia <{MIA}>"
SPAM = "CHEAP PILLS 80% OFF!!! CLICK"


def _coded(s: Scene, charset: str, encoded: bytes) -> bytes:
    kind = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return s.head(f"Carl <{CARL}>", s.to(CARL)) + kind.encode() + base64.b64encode(encoded) + b"\r\n"


ATTEMPTS: dict[str, Callable[[Scene], bytes]] = {
    "her own token under Mia's From": lambda s: text(
        s.words(), head=s.head(MEMBER, s.to(EVE, "reporter", s.hers))
    ),
    "Mia's signed word about another case, with a token of this one": lambda s: (
        s.head(MEMBER, s.to()) + s.mia(s.hers)
    ),
    "the same by References": lambda s: s.head(MEMBER) + s.mia(s.hers),
    "the same, this case named outside the signature": lambda s: (
        s.head(MEMBER, s.to(), f"Subject: [{s.case}] x\r\nX-Case: {s.case}\r\n") + s.mia(s.hers)
    ),
    "Mia's signed mail attached to hers": lambda s: multipart(
        "mixed",
        text("See below.\r\n"),
        b"Content-Type: message/rfc822\r\n\r\n" + s.head(MEMBER, s.to()) + s.mia(),
        head=s.head(f"Eve <{EVE}>", s.to()),
    ),
    "Mia's signed mail as the whole of hers": lambda s: (
        s.head(f"Eve <{EVE}>", s.to()) + b"Content-Type: message/rfc822\r\n\r\n" + s.head(MEMBER) + s.mia()
    ),
    "Mia's signed mail in a digest under Mia's From": lambda s: multipart(
        "digest", s.head(MEMBER, s.to()) + s.mia(), head=s.head(MEMBER, s.to())
    ),
    "Mia's signed mail encrypted within an attachment of hers": lambda s: pgp_mime(
        s.kit.encrypt(
            text=multipart(
                "mixed", text(s.words()), b"Content-Type: message/rfc822\r\n\r\n" + s.mia(), head=b""
            )
        ),
        head=s.head(MEMBER, s.to()),
    ),
    "the desk's own From with the mark of her receipt": lambda s: text(
        s.words(), head=s.head("Security <security@project.example>", s.to(), f"X-Maild-Mark: {s.mark}\r\n")
    ),
    "Mia's From with the mark of her receipt": lambda s: text(
        s.words(), head=s.head(MEMBER, "", f"X-Maild-Mark: {s.mark}\r\n")
    ),
    "the desk's own From, vouched for by the exchanger": lambda s: text(
        s.words(),
        head=s.head(
            "security@project.example",
            s.to(),
            f"Authentication-Results: {MX}; dmarc=pass header.from=project.example\r\n",
        ),
    ),
    "Reply-To is Mia, From proved as hers": lambda s: text(
        s.words(), head=s.head(f"Eve <{EVE}>", s.to(), f"{PROVED}Reply-To: {MIA}\r\n")
    ),
    "Return-Path is Mia": lambda s: text(s.words(), head=s.head("", s.to(), f"Return-Path: <{MIA}>\r\n")),
    "two Subjects and two Dates, one far ahead": lambda s: text(
        s.words(),
        head=s.head(
            MEMBER,
            "",
            f"Subject: [{s.case}] x\r\nSubject: {s.hers}\r\n"
            "Date: Mon, 02 Mar 2099 09:30:00 +0000\r\nDate: Thu, 01 Jan 1970 00:00:00 +0000\r\n",
        ),
    ),
    "two Content-Types, the second one signed": lambda s: (
        s.head(MEMBER, s.to(), "Content-Type: text/plain\r\n") + s.mia(s.hers)
    ),
}
CODED: dict[str, Callable[[Scene], bytes]] = {
    "words in UTF-7": lambda s: _coded(s, "utf-7", f"+ACE-close done\n\n{s.case}\n".encode()),
    "words in UTF-16 that say they are Latin-1": lambda s: _coded(
        s, "iso-8859-1", f"!close done\n\n{s.case}\n".encode("utf-16")
    ),
    "words in HTML beside another text": lambda s: multipart(
        "alternative",
        text("Fine with me.\r\n"),
        text(f"<p>!close done</p><p>{s.case}</p>", "html"),
        head=s.head(f"Carl <{CARL}>", s.to(CARL)),
    ),
}
"""Words with Carl's token, in a text that other programs show in another way."""
DMARC = (
    "dmarc=FAIL header.from=project.example",
    "dmarc = fail header.from=project.example",
    "dmarc=fail (p=none dis=none) header.from=project.example",
    "spf=pass smtp.mailfrom=project.example;\n dmarc=fail\n header.from=project.example",
    "dmarc=fail header.from=project.example; dmarc=pass header.from=elsewhere.example",
    "dmarc=fail",
    "dmarc(2.0)= fail header.from=project.example",
)


def unharmed(s: Scene) -> None:
    """Nothing of what Eve wants has come about in Rita's case."""
    desk = s.desk
    (number,) = (at for at, one in enumerate(desk.cases()) if one["case"] == s.case)
    one = desk.cases()[number]
    assert (desk.trouble, desk.view("shunted"), one["state"], one["answered"]) == ("", [], "open", False)
    assert desk.promises(number) == {"acknowledge": "receipt", "respond": "running"}
    assert desk.answers(RITA) == []


def test_no_attempt_is_obeyed(desk: RelayDesk, kit: Kit) -> None:
    """Nothing is obeyed or passed on, no clock stops, nobody outside gets a letter, no key is known.

    Tokens are off: with Mia's own token and her address alone in From there would be nothing to forge.
    """
    tokens_prove_nothing(desk)
    s = Scene(desk, kit)
    before = len(desk.sink.letters)
    for attempt in ATTEMPTS.values():
        desk.inbox.append(attempt(s), desk.clock)
    desk.run()
    unharmed(s)
    assert {to for one in desk.sink.letters[before:] for to in one.recipients} <= TEAM
    assert {str(one["handler"]) for one in desk.cases()} == {""}
    assert (desk.known_key(MIA), desk.known_key(EVE)) == ("", "")


@pytest.mark.parametrize("results", DMARC)
def test_no_shape_of_dmarc_fail_is_outweighed(desk: RelayDesk, results: str) -> None:
    """However our exchanger writes it, Carl's token under Carl's From does not outweigh it."""
    desk.comes(mails.plain(date=desk.clock))
    with desk.desk() as opened:
        secret = opened.policy.desk.secret
    to = f"security+{token(secret, str(desk.one()['case']), CARL, 'reporter')}@project.example"
    stolen = {"sender": f"Carl <{CARL}>", "to": to, "message_id": "<c@x>", "text": "We fix it.\n"}
    desk.comes(mails.plain(**stolen, Authentication_Results=f"{MX};\n {results}"))
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"]
    assert desk.answers(RITA) == []


def test_an_expired_signature_is_none(desk: RelayDesk, kit: Kit) -> None:
    """Made five minutes ago to be good for one, by Mia's key, the case named inside: it is held."""
    tokens_prove_nothing(desk)
    key = old_key(desk, kit)
    s = Scene(desk, kit)
    part, at = text(s.words()), f"{int(desk.clock.timestamp()) - 300}!"
    short = ("--faked-system-time", at, "--default-sig-expire", "seconds=60")
    desk.comes(signed(part, kit.detached(key, *short, text=part), head=s.head(MEMBER)))
    unharmed(s)
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"]


SIGNED_ONLY = [row.name for row in ROWS.values() if row.proof is not Proof.ADDRESS]


def test_a_token_obeys_no_word_that_needs_a_signature(desk: RelayDesk, kit: Kit) -> None:
    """Every such word of the table, in every coding, and the orders about held mail."""
    s = Scene(desk, kit)
    desk.inbox.append(mails.plain(subject=SPAM, sender="win@spam.example", message_id="<p@x>"), desk.clock)
    desk.run()
    (spam,) = (row["mail"] for row in desk.view("quarantine"))
    words = [f"!{name} {EVE} {s.hers} unannounced until 2099-01-01" for name in SIGNED_ONLY]
    words += [f"!open {spam}", "!send anyway", "!answered", "!told", "!in-the-open", f"!reporter {EVE}"]
    words += [f"!guest {EVE} until 2099-01-01", f"release {spam}-99", "reject from @spam.example"]
    for number, word in enumerate(words):
        about = {"sender": f"Carl <{CARL}>", "to": s.to(CARL), "message_id": f"<w{number}@x>"}
        desk.inbox.append(mails.plain(**about, text=f"{word}\n\n{s.case}\n"), desk.clock)
    for attempt in CODED.values():
        desk.inbox.append(attempt(s), desk.clock)
    people = _outsiders(desk)
    desk.run()
    unharmed(s)
    told = "\n".join(letter_text(one) for one in desk.to("carl@phone.example"))
    assert [name for name in SIGNED_ONLY if f"!{name}: not done" not in told] == []
    assert [row["mail"] for row in desk.view("quarantine")] == [spam]
    assert {to for one in desk.sink.letters for to in one.recipients} <= TEAM | {RITA, EVE}
    assert _outsiders(desk) == people


def _outsiders(desk: RelayDesk) -> list[list[str]]:
    """Who takes part in each case beside the team."""
    return [
        [one["address"] for one in case["participants"] if one["side"] != "member"] for case in desk.cases()
    ]
