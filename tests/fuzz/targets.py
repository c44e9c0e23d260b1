"""What the fuzzers throw bytes at, and the one sentence that must hold.

*Whatever the bytes, a message or something unreadable with a reason, in bounded time and memory.*
"""

import json
from collections.abc import Callable

from maild.core.mail.armor import blocks
from maild.core.mail.charset import decode_bytes
from maild.core.mail.facts import FolderRole, identity, read_facts
from maild.core.mail.mime import MAX_DEPTH, MAX_PARTS, Part, parse
from maild.core.mail.offered import MAX_KEYS, offered
from maild.core.mail.opened import Decryption, SignatureStatus
from maild.core.mail.packets import scan, scan_key
from maild.core.mail.sealed import find_sealed, leaks_secret_key
from maild.core.mail.signed import find_signed
from maild.engine.opener import without_keys
from maild.gateways.openpgp import status
from tests.support.desk import NOW, POLICY, SECRET
from tests.support.phrases import PHRASES

MAX_LAYERS = MAX_DEPTH + 1
BLANKS = b" \t\r\n"
"""What may change when a damaged head is mended."""


def envelope(raw: bytes) -> None:
    """The envelope parser: every mail becomes a tree of all it says, within limits, its facts and an identity."""
    tree = parse(raw)
    parts = list(tree.root.walk())
    assert len(parts) <= MAX_PARTS
    assert _depth(tree.root) <= MAX_LAYERS
    assert tree.root.raw.translate(None, BLANKS) == raw.translate(None, BLANKS)
    assert all(0 <= part.start <= part.body_start <= part.end <= len(tree.root.raw) for part in parts)
    assert all(tree.faults)
    facts = read_facts(tree, POLICY, FolderRole.INBOX)
    shown = [
        facts.subject,
        facts.message_id,
        *(part.filename for part in parts),
        *(part.text for part in parts),
    ]
    json.dumps([*shown, *(a.address for a in facts.recipients)], ensure_ascii=False).encode()
    assert len(identity(tree, SECRET)) == 64


def shape(raw: bytes) -> None:
    """The recogniser of shapes: a ciphertext or a reason why it stays closed, and what opening says of it."""
    tree = parse(raw)
    sealed = find_sealed(tree, PHRASES)
    if sealed:
        assert not (sealed.refused and sealed.ciphertext)
        word, reason = scan(sealed.ciphertext).foreseen(frozenset())
        assert (word is Decryption.OK) == (not reason)
    opened = without_keys(tree, PHRASES, NOW)
    assert opened.decryption in (Decryption.NONE, Decryption.OK) or opened.reasons
    signed, reasons = find_signed(tree.root)
    assert signed is None or (raw.find(signed.data) >= 0 and len(signed.attempts) <= 2)
    assert all(reasons)
    assert (
        len(offered(tree.root.headers, tree, read_facts(tree, POLICY, FolderRole.INBOX).author)) <= MAX_KEYS
    )
    leaks_secret_key(tree)
    found = blocks(decode_bytes(raw))
    assert all(0 <= block.start < block.end <= len(raw) for block in found)
    scan(raw)
    scan_key(raw)


def status_lines(raw: bytes) -> None:
    """The reader of gpg's status: plaintext only with every line in place, a good signature only whole."""
    lines = status.parse_status(raw)
    assert len(lines) <= status.MAX_LINES + 1
    if not status.usable(lines, b"hello", ""):
        assert status.count(lines, "DECRYPTION_OKAY") == status.count(lines, "PLAINTEXT") == 1
        assert not status.count(lines, "DECRYPTION_FAILED", "BADMDC", "UNEXPECTED", "FAILURE", "NODATA")
        assert {line.argument(0) for line in lines if line.keyword == "ERROR"} <= {"pkdecrypt_failed"}
    assert status.usable(lines, b"hello", "output")
    for one in status.verdicts(lines, NOW):
        good = one.status is SignatureStatus.GOOD
        assert not good or len(one.fingerprint) in (40, 64)
        assert not good or b"VALIDSIG " in raw
    word, reason = status.failure(lines, "x")
    assert reason
    assert word is not Decryption.OK
    status.unsealed(lines, b"hello", "")
    status.agent_trouble(lines)


TARGETS: dict[str, Callable[[bytes], None]] = {"envelope": envelope, "shape": shape, "status": status_lines}


def _depth(part: Part) -> int:
    return 1 + max(map(_depth, part.children), default=0)
