"""The mails that are fed to the desk: of each it is known what has to become of it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

from tests.openpgp.kit import Kit
from tests.openpgp.mails import pgp_mime
from tests.support import mails
from tests.support.desk import MX
from tests.support.relaying import reply
from tests.support.sealing import entity
from tests.support.smtpsink import Letter

MARK = "X-Chaos"
"""The header by which the books know a mail again, whatever became of the rest of it."""
KINDS = (
    *("plain",) * 8,
    *("sealed",) * 3,
    *("spam",) * 3,
    *("broken",) * 2,
    *("automatic", "bounce", "list", "gone"),
)
"""The kinds in their proportions. *gone*: a report whose author's server refuses every letter for good."""
GONE = "gone.example"
BROKEN = sorted((Path(__file__).parents[1] / "roads/120-broken-mails/mails").glob("*.eml"))


@dataclass(frozen=True, slots=True)
class Fed:
    """One mail: the name it is known by, its kind, who wrote it, and its bytes."""

    name: str
    kind: str
    author: str
    raw: bytes = field(repr=False)


def feed(count: int, kit: Kit, chance: random.Random) -> Iterator[Fed]:
    """*count* mails in a mixed order, with every kind among each twenty."""
    for start in range(0, count, len(KINDS)):
        kinds = list(KINDS)
        chance.shuffle(kinds)
        for number, kind in enumerate(kinds[: count - start], start):
            yield one(number, kind, kit)


def one(number: int, kind: str, kit: Kit) -> Fed:
    """The mail of this number."""
    name = f"{number:06d}"
    author = f"r{number}@{GONE if kind == 'gone' else f'reporter{number % 40}.example'}"
    return Fed(name, kind, author, _raw(name, number, kind, author, kit))


def _raw(name: str, number: int, kind: str, author: str, kit: Kit) -> bytes:
    head = f"{MARK}: {name}\r\n".encode()
    about = {"sender": f"R {name} <{author}>", "message_id": f"<{name}@reporter.example>"}
    about |= {"subject": f"Overflow {name} in the parser"}
    words = f"Report {name}: a crafted file makes the parser write past its buffer.\n"
    match kind:
        case "sealed":
            outside = (
                f"From: {about['sender']}\r\nTo: security@project.example\r\nSubject: ...\r\n"
                f"Message-ID: {about['message_id']}\r\nDate: {formatdate()}\r\nMIME-Version: 1.0\r\n"
            )
            sealed = kit.encrypt(text=entity(words, f"Overflow {name}"))
            return pgp_mime(sealed, head=head + outside.encode())
        case "spam":
            about["subject"] = f"CHEAP PILLS {number}% OFF!!! CLICK NOW"
            return head + mails.plain(**about, text="Click here.\n")
        case "automatic":
            about["subject"] = f"Out of office {name}"
            return head + mails.plain(**about, text="I am away.\n", Auto_Submitted="auto-replied")
        case "bounce":
            return head + _bounce(name)
        case "list":
            return head + mails.plain(**about, text=words, List_Id="<talk.lists.example>")
        case "broken":
            broken = BROKEN[number % len(BROKEN)].read_bytes().replace(b"\x00", b"?")
            return head + broken + f"\r\n{words}".encode()  # else every thirteenth were the same mail
    return head + mails.plain(**about, text=words)


def _bounce(name: str) -> bytes:
    """A delivery report about a letter that was never ours."""
    kind = f'multipart/report; report-type=delivery-status; boundary="b{name}"'
    text = (
        f"--b{name}\nContent-Type: text/plain\n\nNot delivered.\n"
        f"--b{name}\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.far.example\n\n"
        f"Final-Recipient: rfc822; x{name}@far.example\nAction: failed\nStatus: 5.1.1\n\n--b{name}--\n"
    )
    about = {"sender": "MAILER-DAEMON@mx.far.example", "message_id": f"<{name}@mx.far.example>"}
    return mails.plain(subject="Undelivered", text=text, Return_Path="<>", Content_Type=kind, **about)


def answer(copy: Letter, name: str) -> Fed:
    """What a member answers to his *copy* of the report *name*; our mail exchanger vouches for him."""
    words = f"ANSWER-{name}: thank you, we can reproduce this and work on a correction."
    proof = f"{MARK}: a{name}\r\nAuthentication-Results: {MX}; dmarc=pass header.from=bea@project.example\r\n"
    raw = reply(copy, "Bea <bea@project.example>", words)
    return Fed(f"a{name}", "answer", "bea@project.example", proof.encode() + raw)


__all__ = ["KINDS", "MARK", "Fed", "answer", "feed", "one"]
