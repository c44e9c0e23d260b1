"""An answer to Tim, in whose head or structure something leads or tells elsewhere: it goes to Tim alone, or waits.

Rita has another case; what the team has said among themselves stands where only programs look.
"""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.openpgp.mails import multipart, text
from tests.relay.test_last_look import INTERNAL
from tests.relay.test_meanwhile import DOMAIN, TIM, among_us, copy_with, reported, team_of, two
from tests.support.desk import MX
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, header, letter_text, reply
from tests.support.smtpsink import Letter

__all__ = ["reported", "two"]
pytestmark = pytest.mark.dovecot
EVE = "eve@elsewhere.example"
WORDS = "Thank you, number {}."
Way = Callable[[Letter, Letter], dict[str, str]]

PLACES: dict[str, Way] = {
    "Bcc to another reporter": lambda t, r: {"Bcc": RITA},
    "Cc to another reporter, by a group": lambda t, r: {"Cc": f"all: {RITA}, {EVE};"},
    "Bcc to another case": lambda t, r: {"Bcc": header(r, "Reply-To")},
    "Cc to the team of another case": lambda t, r: {"Cc": team_of(r)},
    "Reply-To": lambda t, r: {"Reply_To": EVE},
    "Mail-Followup-To and Mail-Reply-To": lambda t, r: {"Mail_Followup_To": EVE, "Mail_Reply_To": EVE},
    "Resent-To": lambda t, r: {"Resent_To": EVE, "Resent_Bcc": RITA},
    "Apparently-To": lambda t, r: {"Apparently_To": EVE},
    "Delivered-To another case": lambda t, r: {"Delivered_To": header(r, "Reply-To")},
    "X-Original-To another case": lambda t, r: {"X_Original_To": header(r, "Reply-To")},
    "receipts asked for": lambda t, r: {"Disposition_Notification_To": EVE, "Return_Receipt_To": EVE},
    "Errors-To and Return-Path": lambda t, r: {"Errors_To": EVE, "Return_Path": f"<{EVE}>"},
    "a list's fields": lambda t, r: {"List_Post": f"<mailto:{EVE}>", "List_Reply_To": EVE},
    "another case in References": lambda t, r: {"References": header(r, "Message-ID")},
    "another case in both": lambda t, r: {
        "In_Reply_To": header(r, "Message-ID"),
        "References": header(r, "Message-ID"),
    },
    "another case's subject": lambda t, r: {"subject": header(r, "Subject")},
    "the words as subject": lambda t, r: {"subject": INTERNAL},
    "Thread-Topic": lambda t, r: {"Thread_Topic": INTERNAL, "Thread_Index": "AdJ4"},
    "Comments and Keywords": lambda t, r: {"Comments": INTERNAL, "Keywords": INTERNAL},
    "Organization": lambda t, r: {"Organization": INTERNAL},
    "a display name": lambda t, r: {"sender": f'"{INTERNAL}" <{CARL}>'},
    "an encoded display name": lambda t, r: {
        "sender": f"=?utf-8?q?{quote(INTERNAL, safe='').replace('%', '=')[:60]}?= <{CARL}>"
    },
    "the name of the addressee": lambda t, r: {"to": f'"{INTERNAL}" <{header(t, "Reply-To")}>'},
    "a Message-ID of words": lambda t, r: {"message_id": f"<{INTERNAL.replace(' ', '.')}@home.example>"},
    "a Message-ID of a colleague": lambda t, r: {
        "message_id": f"<{MIA.replace('@', '-at-')}.1@home.example>"
    },
    "fields of the client": lambda t, r: {
        "X_Mailer": "Snout",
        "X_Originating_IP": "[10.1.2.3]",
        "Autocrypt": f"addr={CARL}; keydata=AAAA",
        "Face": "iVBORw0KGgo",
        "X_MS_Has_Attach": INTERNAL,
    },
}


def page(before: bytes, *parts: bytes, kind: str = "mixed", behind: bytes = b"") -> bytes:
    """A multipart with something above and below its parts."""
    raw = multipart(kind, *parts, head=b"", boundary="wb")
    return raw.replace(b"\r\n\r\n--wb", b"\r\n\r\n" + before + b"\r\n--wb", 1) + behind


TOLD = INTERNAL.encode()
BODIES: dict[str, Callable[[str], bytes]] = {
    "above the parts": lambda t: page(TOLD, text(t)),
    "below the parts": lambda t: page(b"", text(t), behind=TOLD),
    "another text": lambda t: page(b"", text(t), text(f"<p>{INTERNAL}</p>", "html"), kind="alternative"),
    "a calendar beside": lambda t: page(
        b"",
        text(t),
        text(f"BEGIN:VCALENDAR\nSUMMARY:{INTERNAL}\nEND:VCALENDAR\n", "calendar"),
        kind="alternative",
    ),
    "a parameter of the text": lambda t: text(t).replace(
        b"charset=utf-8", b'charset=utf-8; x-note="' + TOLD + b'"'
    ),
    "a boundary": lambda t: page(b"", text(t)).replace(b"wb", INTERNAL.replace(" ", "_")[:60].encode()),
    "fields of the part": lambda t: page(
        b"", b"Content-Description: " + TOLD + b"\r\nContent-Location: " + TOLD + b"\r\n" + text(t)
    ),
    "a style": lambda t: text(f"<style>/* {INTERNAL} */</style><p>{t}</p>", "html"),
    "hidden in the page": lambda t: text(f"<p>{t}</p><p hidden>{INTERNAL}</p>", "html"),
    "a table of one row a word": lambda t: text(
        f"<p>{t}</p><table>" + "".join(f"<tr><td>{one}</td></tr>" for one in INTERNAL.split()) + "</table>",
        "html",
    ),
    "a notice of delivery": lambda t: page(
        b"", text(t), b"Content-Type: message/delivery-status\r\n\r\nDiagnostic-Code: smtp; " + TOLD
    ),
    "the head of a mail": lambda t: page(
        b"", text(t), b"Content-Type: text/rfc822-headers\r\n\r\nSubject: " + TOLD + b"\r\n"
    ),
    "a file elsewhere": lambda t: page(
        b"", text(t), b'Content-Type: message/external-body; access-type=URL; URL="' + TOLD + b'"\r\n\r\n'
    ),
    "a file name alone": lambda t: page(
        b"", text(t), b'Content-Type: image/png; name="' + TOLD + b'.png"\r\n\r\n\x89PNG'
    ),
}


def outside(desk: RelayDesk) -> list[Letter]:
    """The letters that went to anybody outside the team."""
    return [
        one
        for one in desk.sink.letters
        if not one.recipients[0].endswith(("@project.example", "@phone.example"))
    ]


def test_it_goes_to_its_reporter_alone_or_waits(two: RelayDesk) -> None:
    """No letter to anybody else, at most one for each answer, and of the words of the team nothing."""
    ritas, tims = copy_with(two, "crafted file"), copy_with(two, "quokka")
    among_us(two, team_of(ritas))
    before = len(outside(two))
    for number, way in enumerate(PLACES.values(), 1):
        raw = reply(tims, f"Carl <{CARL}>", WORDS.format("x" * number), **way(tims, ritas))
        two.inbox.append(
            f"Authentication-Results: {MX}; dmarc=pass header.from={DOMAIN}\r\n".encode() + raw, two.clock
        )
    for number, body in enumerate(BODIES.values(), 1):
        raw = reply(tims, f"Carl <{CARL}>", "x", message_id=f"<b{number}@home.example>")
        top = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
        kept = b"\r\n".join(one for one in top if not one.lower().startswith((b"content-", b"mime-version")))
        two.inbox.append(kept + b"\r\nMIME-Version: 1.0\r\n" + body(WORDS.format("y" * number)), two.clock)
    two.run()
    sent = outside(two)[before:]
    assert (two.trouble, two.view("shunted")) == ("", [])
    assert {to for one in sent for to in one.recipients} <= {TIM, RITA}
    said = [letter_text(one).strip() for one in sent]
    assert len(said) == len(set(said)) >= len(BODIES)
    assert [
        one for one in sent if any(word in one.raw for word in (b"vendor", b"spring", b"10.1.2.3", b"Snout"))
    ] == []
