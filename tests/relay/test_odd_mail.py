"""Eve again, with mail that is odd in charset, heads, nesting and addresses, and with what many people look at.

She has tokens of members and of her own case; everything that the team lists, explains or shows is looked through.
"""
# ruff: noqa: RUF001 - letters that look alike are the matter

import base64
import mailbox
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, text
from tests.relay.test_eve import EVE, MEMBER, PROVED, TEAM, VICTIM, Scene, unharmed
from tests.support import mails
from tests.support.desk import MX
from tests.support.relaying import CARL, RITA, RelayDesk, header, letter_text

pytestmark = pytest.mark.dovecot
ESC = "\x1b]0;pwned\x07\x1b[2J"
SCRIPT = "<script>alert(1)</script>"
PAYLOAD = f"{ESC}\u202e{SCRIPT}\u2066"
CARLS = f"Carl <{CARL}>"
Make = Callable[[Scene], bytes]


def in_charset(name: str, content: bytes, sender: str = CARLS) -> Make:
    """The command in a charset, under a member's From, with a token of theirs."""
    kind = f"Content-Type: text/plain; charset={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    return lambda s: s.head(sender, s.to(CARL)) + kind + base64.b64encode(content) + b"\r\n"


def under(sender: bytes, more: bytes = b"") -> Make:
    """A command under a From of these bytes, with Mia's token."""
    return lambda s: text(
        s.words(), head=s.head("FROM", s.to(), "").replace(b"From: FROM", more + b"From: " + sender)
    )


def showing(field: bytes) -> Make:
    """A report of Eve's with this field on top."""
    return lambda s: (
        field + b"\r\n" + text("It crashes, proof of concept attached.\r\n", head=s.head(f"Eve <{EVE}>"))
    )


def word(text_: str) -> str:
    """An encoded word."""
    return f"=?utf-8?b?{base64.b64encode(text_.encode()).decode()}?="


def calendar(method: str, s: Scene) -> bytes:
    """An invitation or an answer to one, that names others."""
    lines = (
        "BEGIN:VCALENDAR",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{s.number}",
        f"ORGANIZER:mailto:{VICTIM}",
    )
    more = (
        f"ATTENDEE;RSVP=TRUE:mailto:{VICTIM}",
        f"DESCRIPTION:!close {s.case}",
        f"SUMMARY:{PAYLOAD}",
        "END:VEVENT",
    )
    body = "\r\n".join((*lines, *more, "END:VCALENDAR"))
    return f"Content-Type: text/calendar; method={method}\r\n\r\n{body}\r\n".encode()


OBEY = b"!close done\r\n!handler Mia\r\n"
ATTEMPTS: dict[str, Make] = {
    "UTF-7": in_charset("utf-7", b"+ACE-close done\r\n+ACE-handler Mia\r\n"),
    "UTF-7 said by a page": lambda s: (
        s.head(CARLS, s.to(CARL))
        + b"Content-Type: text/html\r\n\r\n<meta charset=utf-7>+ACE-close done<br>+ADw-script+AD4-"
    ),
    "ISO-2022-JP that shifts over the command": in_charset(
        "iso-2022-jp", b"\x1b$B!!\x1b(B!close done\r\n\x1b(J!handler Mia"
    ),
    "ISO-2022-JP without an end": in_charset("iso-2022-jp", b"\x1b$B\x1b(B" + OBEY + b"\x1b$B"),
    "HZ": in_charset("hz-gb-2312", b"~{!!~}" + OBEY),
    "GB18030 with marks that turn": in_charset(
        "gb18030", "\u202e!close done\r\n!handler Mia".encode("gb18030")
    ),
    "EBCDIC": in_charset("cp037", OBEY.decode().encode("cp037")),
    "UTF-16 without a label": in_charset("", OBEY.decode().encode("utf-16")),
    "UTF-8, overlong": in_charset("utf-8", b"\xc0\xa1close done\r\n" + OBEY),
    "a lone CR before a From of Mia's": under(
        b"Eve <eve@elsewhere.example>\rFrom: Mia <mia@project.example>"
    ),
    "a lone CR before results": under(
        MEMBER.encode(),
        b"X-A: b\rAuthentication-Results: " + MX.encode() + b"; dmarc=pass header.from=project.example\r\n",
    ),
    "folded by a blank line": under(MEMBER.encode(), b"X-A: b\r\n \r\n\t\r\n"),
    "folded within the address": under(b"Mia\r\n <mia@\r\n project.example>"),
    "a vertical tab and a form feed": under(b"Eve <eve@elsewhere.example>\x0bFrom: mia@project.example\x0c"),
    "a Cyrillic letter in the address": under("Mia <mi\u0430@project.example>".encode()),
    "a Cyrillic letter in the domain": under("Mia <mia@pr\u043eject.example>".encode()),
    "the same as Punycode": under(b"Mia <mia@xn--prject-u0g.example>"),
    "a full stop of Chinese": under("Mia <mia@project\u3002example>".encode()),
    "full-width letters": under("Mia <ｍｉａ＠ｐｒｏｊｅｃｔ．ｅｘａｍｐｌｅ>".encode()),
    "soft hyphens and joiners": under("Mia <mi\u00ada@proj\u200dect.example>".encode()),
    "a dotted capital I": under("Mia <MİA@project.example>".encode()),
    "Latin-1 in the name": under(b'"M\xedA \xa0" <mia@project.example>'),
    "the address as an encoded word": under(word(MEMBER).encode()),
    "an encoded word with a line end": under(
        word(f"x\r\nFrom: {MEMBER}").encode() + b" <eve@elsewhere.example>"
    ),
    "message/partial": lambda s: (
        s.head(MEMBER, s.to())
        + b"Content-Type: message/partial; id=a; number=1; total=1\r\n\r\n"
        + s.head(MEMBER, s.to())
        + s.mia()
    ),
    "message/external-body": lambda s: (
        s.head(CARLS, s.to(CARL))
        + b'Content-Type: message/external-body; access-type=URL; URL="https://x.example/"\r\n\r\n'
        + s.mia()
    ),
    "signed, in a message, in a message": lambda s: (
        s.head(MEMBER, s.to())
        + b"Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n"
        + s.head(MEMBER, s.to())
        + s.mia(s.hers)
    ),
    "signed within signed": lambda s: multipart(
        "signed",
        s.mia(),
        b"Content-Type: application/pgp-signature\r\n\r\nx\r\n",
        head=s.head(CARLS, s.to(CARL)),
    ),
    "one boundary for two levels": lambda s: (
        s.head(CARLS, s.to(CARL))
        + b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\n"
        + OBEY
        + b"--m--\r\n"
    ),
    "a boundary with a lone CR": lambda s: (
        s.head(CARLS, s.to(CARL))
        + b'Content-Type: multipart/mixed; boundary="a\rb"\r\n\r\n--a\rb\r\n\r\n'
        + OBEY
        + b"--a\rb--\r\n"
    ),
    **{
        f"a calendar, {method}": (
            lambda s, method=method: multipart(
                "alternative",
                text("!close done\r\n"),
                calendar(method, s),
                head=s.head(f"Eve <{EVE}>", "", PROVED),
            )
        )
        for method in ("REQUEST", "REPLY", "COUNTER", "CANCEL")
    },
    "receipts wanted elsewhere": showing(
        f"Disposition-Notification-To: {VICTIM}\r\nReturn-Receipt-To: {VICTIM}".encode()
    ),
    "a subject that a terminal obeys": showing(f"Subject: {word(PAYLOAD)}".encode()),
    "the same, raw": showing(b"Subject: " + PAYLOAD.encode()),
    "C1 controls in Latin-1": showing(b"Subject: a\x9b2Jb\x9d0;x\x9c"),
    "a name that a terminal obeys": under(f"{word(PAYLOAD)} <{EVE}>".encode(), PROVED.encode()),
    "a Message-ID that one obeys": showing(f"X-A: b\r\nReferences: <{PAYLOAD}@x>".encode()),
    "file names": lambda s: multipart(
        "mixed",
        text("Proof of concept attached.\r\n"),
        f"Content-Type: x/y; name=\"{word(PAYLOAD)}\"\r\nContent-Disposition: attachment; filename*=utf-8''..%2F..%2F%1B%5B2J%E2%80%AE.exe\r\n\r\nx".encode(),
        head=s.head(f"Eve <{EVE}>", "", PROVED + f"Subject: {word('Overflow ' + PAYLOAD)}\r\n"),
    ),
    "Markdown, a template and a formula": showing(
        b"Subject: =HYPERLINK(1) {{ desk.secret }} {% include '/etc/passwd' %} [x](javascript:1) %s %n"
    ),
}


def clean(said: str) -> bool:
    """Whether nothing in it moves a cursor or turns a line."""
    return not [one for one in said if unicodedata.category(one) in ("Cc", "Cf") and one not in "\n\t\u00ad"]


def looked_at(desk: RelayDesk, folder: Path) -> dict[str, str]:
    """What operators get to read of it all."""
    case = [str(one["case"]) for one in desk.cases()]
    every = [
        ("mail",),
        ("mail", "--json"),
        ("quarantine",),
        ("quarantine", "--json"),
        ("cases",),
        ("cases", "--json"),
    ]
    every += [("outbox",), ("status",), ("when",), ("access",), *(("show", one) for one in case)]
    every += [("timeline", one) for one in case]
    page = folder / "report.html"
    every += [("report", "--html", str(page)), ("policy", "render")]
    said = {" ".join(words): (done := desk.word(*words)).out + done.err for words in every}
    return said | {"page": page.read_text(), "log": desk.log.getvalue()}


def test_no_odd_mail_is_obeyed_or_shown_raw(desk: RelayDesk, kit: Kit, tmp_path: Path) -> None:
    """Nobody is a member by it, nothing is closed, nobody else is written to, and no listing or page holds a control."""
    s = Scene(desk, kit)
    before = len(desk.sink.letters)
    box = mailbox.mbox(tmp_path / "all.mbox")
    explained = {}
    for name, make in ATTEMPTS.items():
        raw = make(s)
        desk.inbox.append(raw, desk.clock)
        box.add(raw)
        file = tmp_path / "one.eml"
        file.write_bytes(raw)
        done = desk.word("explain", str(file))
        explained[f"explain {name}"] = done.out + done.err
    box.close()
    desk.run()
    assert (desk.trouble, desk.view("shunted")) == ("", [])
    unharmed(s)
    assert {one["handler"] for one in desk.cases()} & {"Mia"} == set()
    said = explained | looked_at(desk, tmp_path)
    page = tmp_path / "replay.html"
    done = desk.word("replay", str(tmp_path / "all.mbox"), "--html", str(page))
    said |= {"replay": done.out + done.err, "replayed": page.read_text() if page.exists() else ""}
    assert [name for name, one in said.items() if not clean(one)] == []
    assert [name for name in ("page", "replayed", "policy render") if SCRIPT in said[name]] == []
    to = {one for sent in desk.sink.letters[before:] for one in sent.recipients}
    assert to <= TEAM | {EVE, RITA}, to
    for sent in desk.sink.letters[before:]:
        assert clean(letter_text(sent).replace("\r", "")), header(sent, "Subject")


def test_a_flood_in_others_names_writes_to_each_once(desk: RelayDesk) -> None:
    """A hundred reports in the names of ten people: each gets one acknowledgement at most, within the hour's limit."""
    for at in range(100):
        about = {
            "sender": f"V <v{at % 10}@third.example>",
            "message_id": f"<f{at}@x>",
            "subject": f"Overflow {at}",
        }
        desk.inbox.append(
            mails.plain(date=desk.clock, text=f"Proof of concept {at}: it crashes.\n", **about), desk.clock
        )
    desk.run()
    got = [len(desk.to(f"v{at}@third.example")) for at in range(10)]
    assert max(got) <= 5, got
    assert desk.trouble == ""
