"""Eve sends again what a mail server and a key signed, ahead of it, with fields beside it, and odd mail of her own.

Of members she has what they signed about her own case or for others, and of Sam a post; DKIM leaves out what
Microsoft 365 leaves out.
"""
# ruff: noqa: RUF001 - letters that look alike are the matter

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, signed, text
from tests.relay.test_borrowed_signatures import MICROSOFT, POST, at, made
from tests.relay.test_eve import EVE, MEMBER, PROVED, TEAM, VICTIM, Scene, unharmed
from tests.relay.test_forged import tokens_prove_nothing
from tests.relay.test_planted_keys import PASSED, crash, key_of, later, second
from tests.relay.test_takeover import PROVED_TEAM
from tests.support.desk import MX
from tests.support.relaying import BEA, CARL, MIA, RITA, RelayDesk, reply
from tests.support.sealing import SAM, head

__all__ = ["second"]
pytestmark = pytest.mark.dovecot
PASS = PROVED_TEAM.decode()
BLANKS = "\r\n " + "\r\n ".join([" " * 70] * 300)
WHOLE = "v=1; d=project.example; h=from:to:cc:subject:date:message-id:in-reply-to:references; b=x"
CLOSE = "!close done\r\n!handler Bea\r\n\r\n"
Make = Callable[[Scene], bytes]


def again(more: str, words: str = "", to: str = "", sender: str = MEMBER) -> Make:
    """What Mia signed about Eve's case, in Rita's, with these fields on top; *to*: by a token or in the thread."""

    def make(s: Scene) -> bytes:
        there = s.to(MIA, to) if to else "security@project.example"
        dated = f"Date: {format_datetime(s.desk.clock)}\r\n"
        return s.head(sender, there, dated + more) + made(s, words or CLOSE + s.hers, *at(s.desk))

    return make


def dkim(value: str = MICROSOFT, name: str = "DKIM-Signature") -> str:
    """A signature that our exchanger found good."""
    return f"{PASS}{name}: {value}\r\n"


def plain(more: str, words: str = "", sender: str = MEMBER, to: str = "team") -> Make:
    """Words to the team under a member's From, with Mia's token."""
    return lambda s: text(words or s.words(), head=s.head(sender, s.to(MIA, to), more))


def ars(value: str) -> Make:
    """A claim that somebody has vouched for Mia."""
    return plain(f"Received: from x by {MX}; Mon, 2 Mar 2026 09:30:00 +0000\r\n{value}\r\n")


def inside(how: Callable[[Scene], bytes]) -> Make:
    """An entity of another shape below Mia's From."""
    return lambda s: s.head(MEMBER, s.to()) + how(s)


def by_two(s: Scene) -> bytes:
    """What Mia signed about this case, within what Sam signed."""
    inner = s.mia(s.case)
    return signed(inner, s.kit.detached(s.kit.stranger, text=inner), head=b"", boundary="two")


def wrapped(s: Scene) -> bytes:
    """A message that Mia forwarded, signed: its words are somebody else's."""
    part = b"Content-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: x\r\n\r\n" + s.words().encode()
    return signed(part, s.kit.detached(s.kit.member, text=part), head=b"", boundary="w")


def odd(version: int) -> Make:
    """A signature whose packet claims another version."""

    def make(s: Scene) -> bytes:
        part = text(s.words())
        packet = bytearray(s.kit.detached(s.kit.member, text=part))
        packet[2] = version
        return signed(part, bytes(packet), head=b"", boundary="v")

    return inside(make)


ROUND: dict[str, Make] = {
    "another case's commands, the exchanger passing": again(dkim()),
    "the same by Mia's token": again(dkim(), to="team"),
    "by the token to the reporter": again(dkim(), to="reporter"),
    "this case in an unsigned field": again(dkim() + "X-Case: EX\r\n"),
    "beside a signature that covers all": again(dkim() + f"DKIM-Signature: {WHOLE}\r\n"),
    "the signature hidden behind blanks": again(dkim(MICROSOFT.replace("d=", f"{BLANKS}d="))),
    "its name in capitals, with a blank": again(dkim(name="DKIM-SIGNATURE ")),
    "of a server below the domain": again(dkim(MICROSOFT.replace("d=", "d=eu."))),
    "with l=0": again(dkim(MICROSOFT.replace("h=", "l=0; h="))),
    "a post for others to the reporter": again(dkim(), POST, "reporter"),
    "the same in the thread": again(dkim(), POST),
    "the same with Rita in Cc": again(f"{dkim()}Cc: {RITA}\r\n", POST),
    "two To fields": again(f"{dkim()}To: {RITA}\r\n", POST),
    "from Bea's proved address": again(dkim(), "", "team", f"Bea <{BEA}>"),
    "the case in other letters": again(dkim(), "{case}\r\n" + POST),
    "vouched for in capitals": ars(
        f"AUTHENTICATION-RESULTS: {MX.upper()}; DMARC=PASS HEADER.FROM=project.example"
    ),
    "by a host in full-width letters": ars(
        "Authentication-Results: ｍｘ.project.example; dmarc=pass header.from=project.example"
    ),
    "by an encoded host": ars(
        "Authentication-Results: =?utf-8?q?mx?=.project.example; dmarc=pass header.from=project.example"
    ),
    "by ARC sets, i=1 and i=2": ars(
        f"ARC-Seal: i=2; cv=pass\r\nARC-Authentication-Results: i=2; {MX}; dmarc=pass header.from=project.example"
    ),
    "by ARC within results": ars(
        "Authentication-Results: mx.else.example; arc=pass (i=1 dmarc=pass fromdomain=project.example)"
    ),
    "a group and a member": plain("", sender=f"Team: {MIA};, <{EVE}>"),
    "Resent-From and Sender": plain(
        f"Resent-From: {MIA}\r\nSender: {MIA}\r\nResent-Sender: {MIA}\r\n", sender=f"Eve <{EVE}>"
    ),
    "ten thousand references": plain("References:" + "\r\n <a@x>" * 10_000 + "\r\n"),
    "by Mia within Sam's": inside(by_two),
    "a message that Mia forwarded": inside(wrapped),
    "a signature of version 6": odd(6),
    "a signature of version 5": odd(5),
    "signed an hour ahead": lambda s: (
        s.head(MEMBER)
        + made(s, CLOSE + s.case, "--faked-system-time", f"{int(s.desk.clock.timestamp()) + 3600}!")
    ),
    "S/MIME around": lambda s: multipart(
        'signed; protocol="application/pkcs7-signature"',
        s.mia(s.hers),
        b"Content-Type: application/pkcs7-signature\r\n\r\nAAAA\r\n",
        head=s.head(MEMBER, s.to()),
    ),
    "one click to unsubscribe": plain(
        f"{PROVED}List-Unsubscribe: <mailto:{VICTIM}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        sender=f"Eve <{EVE}>",
    ),
    "a route and a percent": plain(f"Cc: <@x.example:{VICTIM}>, victor%third.example@project.example\r\n"),
    "an answer to an invitation": lambda s: text(
        f"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nATTENDEE:mailto:{MIA}\nCOMMENT:!close done\nEND:VEVENT\nEND:VCALENDAR\n",
        "calendar; method=REPLY",
        s.head(MEMBER, s.to()),
    ),
    "a challenge": plain(f"Auto-Submitted: auto-replied\r\nReply-To: {VICTIM}\r\n"),
}


def test_nothing_that_is_sent_again_is_obeyed(desk: RelayDesk, kit: Kit) -> None:
    """Thirty-three ways, with tokens off: no command is heard, no clock stops, nobody outside gets a letter."""
    tokens_prove_nothing(desk)
    s = Scene(desk, kit)
    before = len(desk.sink.letters)
    for attempt in ROUND.values():
        raw = attempt(s).replace(
            b"{case}", s.case.translate({n: n + 0xFEE0 for n in range(33, 127)}).encode()
        )
        desk.inbox.append(raw, desk.clock)
    desk.run()
    unharmed(s)
    assert "Your commands" not in desk.about(MIA)
    assert {to for one in desk.sink.letters[before:] for to in one.recipients} <= TEAM
    assert {str(one["handler"]) for one in desk.cases()} == {""}


def test_a_reader_who_was_added_was_not_told(desk: RelayDesk, kit: Kit) -> None:
    """What Mia signed for the team about this case, with Rita in Cc: it keeps no promise to her."""
    s = Scene(desk, kit)
    words = f"{s.case}: I think we should not tell anybody before Thursday."
    desk.comes(s.head(MEMBER, "", f"Cc: {RITA}\r\n") + made(s, words, *at(desk)))
    assert desk.promises()["respond"] == "running"
    desk.wait(timedelta(seconds=5))
    desk.comes(s.head(MEMBER, RITA) + made(s, f"{s.case}: we can confirm it, {RITA}.", *at(desk)))
    assert desk.promises()["respond"] == "team:Mia"


@pytest.mark.parametrize("proved", ["", PASS])
def test_a_mark_of_ours_hides_no_answer(desk: RelayDesk, kit: Kit, proved: str) -> None:
    """A copy of Carl's answer comes first, with the mark of Eve's acknowledgement: the true one reaches Rita."""
    s = Scene(desk, kit)
    raw = reply(desk.copies(CARL)[0], f"Carl <{CARL}>", POST)
    here = f"Received: from x by {MX} id {{}}; Mon, 2 Mar 2026 09:41:00 +0000\r\n"
    desk.comes(f"{proved}{here.format(1)}X-Maild-Mark: {s.mark}\r\n".encode() + raw)
    desk.comes(PASS.encode() + here.format(2).encode() + raw)
    assert len(desk.answers(RITA)) == 1


def dated(raw: bytes, at: datetime) -> bytes:
    """*raw* with another date."""
    return re.sub(rb"Date: [^\r]*", f"Date: {format_datetime(at)}".encode(), raw, count=1)


def test_a_key_beside_what_a_mail_server_signed_is_only_offered(
    desk: RelayDesk, kit: Kit, second: str
) -> None:
    """By an Autocrypt field of Eve's, behind l=0, in an old post; with a field that was signed it is learned."""
    desk.comes(crash(key_of(kit, kit.stranger)))
    hers = b64encode(kit.public(kit.people, second)).decode()
    line = f"Autocrypt: addr={SAM}; prefer-encrypt=mutual; keydata={hers}\r\n".encode()
    by = b"DKIM-Signature: v=1; d=far.example; h=from:to:subject:date:message-id; b=x\r\n"
    short = text("x\r\n", head=head(7) + b"In-Reply-To: <1@far.example>\r\n")
    attempts = (
        (by + line + short, 0),
        (by.replace(b"h=", b"l=0; h=") + later(8, key_of(kit, second)), 0),
        (by + later(9, key_of(kit, second)), 20),
        (by.replace(b"date:", b"") + later(10, key_of(kit, second)), 0),
    )
    for raw, days in attempts:
        desk.comes(PASSED + dated(raw, desk.clock - timedelta(days=days)))
        assert desk.known_key() == kit.stranger
    desk.comes(
        PASSED + by.replace(b"h=", b"h=autocrypt:") + line + dated(short.replace(b"7@", b"11@"), desk.clock)
    )
    assert desk.known_key() == second
