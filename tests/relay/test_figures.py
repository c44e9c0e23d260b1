"""No stranger's word, and nothing of an encrypted case, in what many people read."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from maild.engine.metering import Meter
from maild.gateways.metrics import Metrics
from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, pgp_mime, text
from tests.support.relaying import BEA, RelayDesk, letter_text
from tests.support.sealing import entity, head, key_file

pytestmark = pytest.mark.dovecot
CANARY = "quokka"
WORDS = (
    ("status", "--json"),
    ("ledger", "--json"),
    ("ledger", "--csv"),
    ("ledger", "verify"),
    ("report",),
    ("report", "--json"),
    ("statistics",),
    ("policy", "show"),
    ("policy", "render"),
    ("policy", "suggest"),
)
FIELDS = (
    f"From: {CANARY.title()} <{CANARY}@{CANARY}.example>",
    f"Subject: Overflow in the {CANARY} parser, proof of concept",
    f"Message-ID: <{CANARY}.1@{CANARY}.example>",
    f"Reply-To: {CANARY}-2@{CANARY}.example",
    f"List-Id: <{CANARY}.lists.example>",
    f"X-Mailer: {CANARY}",
    f"User-Agent: {CANARY}",
    f"X-{CANARY}: {CANARY}",
    f"Organization: {CANARY}",
    f"Received: from {CANARY}.example ({CANARY} [192.0.2.1]) by mx.project.example; now",
    f"Authentication-Results: mx.project.example; dmarc=fail header.from={CANARY}.example",
)


def strange(number: int, *fields: str) -> bytes:
    """A report with the word in every place that a stranger fills, names of parts and charsets too."""
    name = f'Content-Type: application/{CANARY}; name="{CANARY}.{CANARY}"\r\nContent-ID: <{CANARY}>'
    odd = f"Content-Type: text/plain; charset={CANARY}\r\nContent-Transfer-Encoding: {CANARY}\r\n\r\n{CANARY}"
    top = "".join(f"{one}\r\n" for one in fields).replace(f"{CANARY}.1@", f"{CANARY}.{number}@")
    parts = (text(f"It is the {CANARY}.\r\n"), f"{name}\r\n\r\n{CANARY}".encode(), odd.encode())
    return multipart("mixed", *parts, head=top.encode(), boundary=f"{CANARY}{number}")


def test_no_strangers_word_is_in_any_figure(desk: RelayDesk, kit: Kit, tmp_path: Path) -> None:
    """A report, spam, a bounce, an absence and an encrypted report, all late: no figure, alarm or log line tells one."""
    raws = [
        strange(1, *FIELDS),
        strange(2, *FIELDS[:1], f"Subject: CHEAP {CANARY} PILLS 80% OFF!!! CLICK", FIELDS[2]),
        strange(
            3, "From: MAILER-DAEMON@" + CANARY + ".example", "Subject: Undelivered Mail", "Return-Path: <>"
        ),
        strange(4, FIELDS[0], f"Subject: Out of office: {CANARY}", "Auto-Submitted: auto-replied"),
        strange(5, FIELDS[0], FIELDS[1], FIELDS[2]),
    ]
    for raw in raws:
        desk.inbox.append(raw, desk.clock)
    key = key_file(kit.public(kit.people, kit.stranger))
    inside = entity(f"The {CANARY} writes past its buffer.", f"About {CANARY}", key)
    desk.inbox.append(pgp_mime(kit.encrypt(text=inside), head=head()), desk.clock)
    desk.run()
    assert len(desk.cases()) >= 2
    desk.wait(timedelta(days=6))
    desk.run()
    figures = tmp_path / "maild.prom"
    with desk.desk() as opened:
        asyncio.run(Meter(opened.parts, Metrics(figures), {}).read())
    said = {"figures": figures.read_text(), "log": desk.log.getvalue()}
    page = tmp_path / "report.html"
    for words in (*WORDS, ("report", "--html", str(page))):
        done = desk.word(*words)
        assert done.status in (0, 1), (words, done.err)
        said[" ".join(words)] = done.out + done.err
    said["page"] = page.read_text()
    for who in ("carl@phone.example", BEA):
        said |= {f"{who} {at}": letter_text(one) for at, one in enumerate(desk.to(who)) if escalates(one.raw)}
    assert [name for name, one in said.items() if CANARY in one.lower()] == []


def escalates(raw: bytes) -> bool:
    """Whether a letter is one of those that people are paged with."""
    return b"Nobody has replied" in raw or b"overdue" in raw.lower()
