"""What must never be in a letter to an outsider; looked for in every part and header, decoded and opened."""

import asyncio
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maild.core.cases.words import NAMES
from maild.core.mail.mime import Part, parse
from maild.core.mail.opened import Decryption
from maild.engine.opener import open_mail
from maild.gateways.openpgp import OpenPGP
from tests.support.smtpsink import Letter

if TYPE_CHECKING:
    from tests.support.sealing import SealedDesk

CLIENT = {
    "user-agent",
    "x-mailer",
    "received",
    "x-originating-ip",
    "sender",
    "authentication-results",
    "autocrypt",
}
"""Headers by which a member's own client or server could be known."""
SECRET = re.compile(r"\binternal\w*", re.IGNORECASE)
"""The tests' members use such a word only for what is between them."""
_WORD = re.compile(rf"^\s*!(?:{'|'.join(NAMES)})\b", re.IGNORECASE | re.MULTILINE)
_BLOCK = re.compile(r"=~=~=|for the team only|^(?:Case|Came|Next|Team):\s", re.MULTILINE)


def assert_nothing_internal(sent: Letter, desk: "SealedDesk") -> None:
    """No address or client of a member, block, word to maild or internal text in a letter to an outsider."""
    with desk.desk() as opened:
        team = opened.policy.team
        private = opened.policy.private_addresses
        home = opened.policy.desk
    guests = {p["address"] for one in desk.cases() for p in one["participants"] if p["side"] == "guest"}
    outside = [one for one in sent.recipients if not team.claimed_by(one) and one not in guests]
    if not outside:
        return
    root = _opened(sent.raw, desk)
    for headers, words in _everything(sent.raw, root):
        names = {name.lower() for name, _ in headers}
        assert not names & CLIENT, names & CLIENT
        for one in private:
            assert one not in words.lower(), f"a private address: {one}"
        assert not _WORD.search(words), "a word to maild"
        assert not _BLOCK.search(words), "a piece of the header block"
        assert not SECRET.search(words), "internal text"
    assert f"<{home.address}>" in dict(parse(sent.raw).root.headers.fields)["From"]


def _opened(raw: bytes, desk: "SealedDesk") -> Part:
    """What the reader sees of the letter: the tests hold everybody's keys."""
    tree = parse(raw)
    if "multipart/encrypted" not in tree.root.content_type:
        return tree.root
    pgp = OpenPGP(desk.kit.people, desk.kit.stranger, keyrings=[desk.kit.desk / "pubring.kbx"])
    found = asyncio.run(open_mail(tree, pgp))
    assert found.decryption is Decryption.OK, "a letter that its reader cannot open"
    return found.tree.root


def _everything(raw: bytes, root: Part) -> Iterator[tuple[tuple[tuple[str, str], ...], str]]:
    """The headers and texts of the letter and of all its parts, as they are and decoded."""
    yield parse(raw).root.headers.fields, raw.decode("latin-1")
    for part in root.walk():
        yield (
            part.headers.fields,
            "\n".join(f"{name}: {part.headers.text(name)}" for name, _ in part.headers.fields),
        )
        yield (), part.text
        if part.content_type == "message/rfc822":
            yield from _everything(part.content, parse(part.content).root)
        yield (), part.content.decode("utf-16-le", "ignore")
