"""Delivery reports and other machines' mail as weapons, also within a joined case."""

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, signed, text
from tests.relay.test_eve import EVE, MEMBER, TEAM, Scene, unharmed
from tests.relay.test_takeover import CARLS, RITAS, Attempt, named
from tests.support import bounces
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, header, letter_text

pytestmark = pytest.mark.dovecot
DAEMON = b"From: MAILER-DAEMON@mx.project.example (Mail Delivery System)"


def dsn(s: Scene, about: str, **how: str) -> bytes:
    """A delivery report about the first letter that somebody got, in the shape that Postfix gives it."""
    s.number += 1
    (letter,) = s.desk.to(about)[:1]
    raw = bounces.postfix(letter, **how)
    return raw.replace(b"Message-Id: <", f"Message-Id: <d{s.number}.".encode())


def bare_head(s: Scene, about: str = RITA) -> str:
    """The head of a letter without its mark."""
    (letter,) = s.desk.to(about)[:1]
    return f"From: security@project.example\r\nMessage-ID: {header(letter, 'Message-ID')}\r\nTo: {about}"


def marked(s: Scene, mark: str) -> str:
    """The head of Rita's letter with another mark."""
    return f"{bare_head(s)}\r\nX-Maild-Mark: {mark}"


def unmarked(s: Scene, **more: str) -> dict[str, str]:
    """A report without any mark."""
    return {"envelope_id": "", "returned": bare_head(s), **more}


WEAPONS: dict[str, Attempt] = {
    "our Message-ID alone": lambda s: dsn(s, RITA, **unmarked(s)),
    "words in its text": lambda s: dsn(s, RITA, **unmarked(s)).replace(
        b"no such user\r\n\r\n", f"no such user\r\n\r\n{s.words()}\r\n".encode(), 1
    ),
    "words on top, from Carl with his token": lambda s: (
        dsn(s, RITA, **unmarked(s, to=s.to(CARL)))
        .replace(DAEMON, f"From: {CARLS}".encode())
        .replace(f"<{RITA}>: 550".encode(), f"!close done\r\n!handler Carl\r\n\r\n{s.case}\r\n".encode(), 1)
    ),
    "nested in a mail of Carl's with his token": lambda s: multipart(
        "mixed",
        text(s.words()),
        b"Content-Type: message/rfc822\r\n\r\n" + dsn(s, RITA, **unmarked(s)),
        head=s.head("MAILER-DAEMON@mx.project.example", s.to(CARL)),
    ),
    "nested twice": lambda s: multipart(
        "mixed",
        text("x"),
        b"Content-Type: message/rfc822\r\n\r\n"
        + multipart(
            "mixed",
            text("y"),
            b"Content-Type: message/rfc822\r\n\r\n" + dsn(s, RITA, **unmarked(s)),
            head=s.head("postmaster@x.example"),
        ),
        head=s.head("postmaster@x.example"),
    ),
    "Rita's as the author of her own bounce": lambda s: dsn(s, RITA, **unmarked(s)).replace(
        DAEMON, f"From: {RITAS}".encode()
    ),
    "her own mark cut and joined to Rita's letter": lambda s: dsn(
        s,
        RITA,
        envelope_id="",
        returned=marked(s, f"{rmark(s, RITA).partition('.')[0]}.{rmark(s, EVE).partition('.')[2]}"),
    ),
    "her own mark, twice, Rita's letter's name first": lambda s: dsn(
        s, RITA, envelope_id="", returned=f"{marked(s, rmark(s, RITA)[:-1])}\r\nX-Maild-Mark: {rmark(s, EVE)}"
    ),
    "her own letter, Rita's token as its recipient": lambda s: dsn(s, EVE, to=s.to(RITA, "reporter")),
    "her own letter, Rita's report in its references": lambda s: dsn(s, EVE).replace(
        b"Auto-Submitted:",
        b"In-Reply-To: <one@reporter.example>\r\nReferences: <one@reporter.example>\r\nAuto-Submitted:",
        1,
    ),
    "her own letter, failed for Rita": lambda s: dsn(s, EVE).replace(
        f"rfc822; {EVE}".encode(), f"rfc822; {RITA}".encode()
    ),
    "two reports in one": lambda s: (
        dsn(s, EVE)
        .replace(
            b"Content-Type: message/delivery-status", b"Content-Type: message/delivery-status\r\nX: y", 1
        )
        .replace(
            f"Final-Recipient: rfc822; {EVE}".encode(),
            f"Final-Recipient: rfc822; {RITA}\r\nAction: failed\r\n\r\nFinal-Recipient: rfc822; {EVE}".encode(),
        )
    ),
    "a feedback report": lambda s: multipart(
        'report; report-type="feedback-report"',
        text(s.words()),
        b"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nOriginal-Rcpt-To: "
        + RITA.encode()
        + b"\r\n",
        b"Content-Type: message/rfc822\r\n\r\n" + bare_head(s).encode() + b"\r\n\r\nx",
        head=s.head("abuse@x.example"),
    ),
    "a read receipt": lambda s: multipart(
        'report; report-type="disposition-notification"',
        text(s.words()),
        b"Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; "
        + RITA.encode()
        + b"\r\nOriginal-Message-ID: "
        + header(s.desk.to(RITA)[0], "Message-ID").encode()
        + b"\r\nDisposition: automatic-action/MDN-sent-automatically; deleted\r\n",
        head=s.head(RITAS),
    ),
    "an absence of Rita's": lambda s: named(
        s,
        RITAS,
        "In-Reply-To: <one@reporter.example>",
        "Auto-Submitted: auto-replied",
        "Subject: Out of Office: Overflow",
        body="!close done\n\nI left.\n",
    ),
    "an absence of Carl's with his token": lambda s: named(
        s,
        CARLS,
        f"To: {s.to(CARL, 'reporter')}",
        "Auto-Submitted: auto-replied",
        "Subject: Out of Office: Overflow",
        body="!close done\n\nI left, call 555.\n",
    ),
    "X-Failed-Recipients": lambda s: named(
        s,
        "postmaster@mx.project.example",
        f"X-Failed-Recipients: {RITA}",
        "Return-Path: <>",
        f"In-Reply-To: {header(s.desk.to(RITA)[0], 'Message-ID')}",
        body="It failed.\n",
    ),
    "a challenge": lambda s: named(
        s,
        "challenge@boxbe.example",
        f"In-Reply-To: {header(s.desk.to(RITA)[0], 'Message-ID')}",
        "Return-Path: <>",
        "Subject: Please verify your message",
        body="Click.\n",
    ),
    "success, with a mark invented": lambda s: dsn(
        s, RITA, envelope_id="", returned=marked(s, "a" * 16 + "." + "b" * 26)
    ).replace(b"Action: failed", b"Action: delivered"),
    "a mark with another alphabet": lambda s: dsn(
        s, RITA, envelope_id="", returned=marked(s, rmark(s, RITA)[:-1] + "\uff41")
    ),
}


def rmark(s: Scene, who: str) -> str:
    """The mark of the first letter that somebody got."""
    return header(s.desk.to(who)[0], "X-Maild-Mark")


def test_no_report_of_a_machine_is_a_weapon(desk: RelayDesk, kit: Kit) -> None:
    """Rita's promises, flags and handler stay as they were, and nobody outside gets a letter."""
    s = Scene(desk, kit)
    before = len(desk.sink.letters)
    for one in WEAPONS.values():
        desk.inbox.append(one(s), desk.clock)
    desk.run()
    unharmed(s)
    case = next(one for one in desk.cases() if one["case"] == s.case)
    assert (case["flags"], case["handler"]) == ([], "")
    assert {to for sent in desk.sink.letters[before:] for to in sent.recipients} <= TEAM


def test_a_bounce_of_one_reporter_says_nothing_of_another(desk: RelayDesk, kit: Kit) -> None:
    """Eve's letter comes back in the case that she shares with Rita: only when Rita's does too it ends so."""
    s = Scene(desk, kit)
    assert desk.word("duplicate", s.hers, s.case).status == 0
    for number, (who, done) in enumerate(((EVE, "not done"), (RITA, "is closed"))):
        desk.comes(bounces.postfix(desk.to(who)[0]))
        part = text(f"!close unreachable\r\n\r\n{s.case} {number}\r\n")
        desk.comes(signed(part, kit.detached(kit.member, text=part), head=s.head(MEMBER, s.to())))
        assert done in letter_text(desk.to(MIA)[-1])
