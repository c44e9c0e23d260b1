"""What must never be in a letter to an outsider; looked for in every part and header, decoded and opened."""

import asyncio
import re
from collections.abc import Iterator

from maild.core.mail.mime import Part, parse
from maild.core.mail.opened import Decryption
from maild.core.words.table import NAMES
from maild.engine.opener import open_mail
from maild.gateways.openpgp import OpenPGP
from tests.openpgp.kit import Kit
from tests.support.phrases import PHRASES
from tests.support.smtpsink import Letter

PRIVATE = frozenset(
    {
        "anna@project.example",
        "bea@project.example",
        "carl@phone.example",
        "carl@project.example",
        "mia@project.example",
    }
)
"""The addresses of the members of every desk in the tests."""
GUESTS = "@vendor.example"
"""Where the guests of the tests are: they get the team's copies, and are told so."""
DESK = "security@project.example"

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
RECEIPT = b"Auto-Submitted: auto-replied"
NAMED = frozenset({"carl@project.example", "bea@project.example"})
"""The coordinator and the backup contact: an acknowledgement names them where no page does."""
_WORD = re.compile(rf"^\s*!(?:{'|'.join(NAMES)})\b", re.IGNORECASE | re.MULTILINE)
_SIGNED = re.compile(r"(?im)^[> \t]*(?:From|Signed-off-by): [^<\n]*<[^>\n]*>\s*$")
"""How a member signs a patch: where there is one, their own address is theirs to give."""
_BLOCK = re.compile(r"=~=~=|for the team only|^(?:Case|Came|Next|Team):\s", re.MULTILINE)


def assert_nothing_internal(
    sent: Letter, kit: Kit | None = None, private: frozenset[str] = PRIVATE, desk: str = DESK
) -> None:
    """No address or client of a member, block, word to maild or internal text in a letter to an outsider.

    *kit* holds the keys of whoever gets sealed letters.
    """
    if all(one in private or one.endswith(GUESTS) for one in sent.recipients):
        return
    for headers, words in everything(sent.raw, opened(sent.raw, kit)):
        names = {name.lower() for name, _ in headers}
        assert not names & CLIENT, names & CLIENT
        shown = _SIGNED.sub("", words) if b"diff --git" in sent.raw else words
        for one in private - NAMED if RECEIPT in sent.raw else private:
            assert not re.search(rf"(?<![a-z0-9]){re.escape(one)}", shown.lower()), (
                f"a private address: {one}"
            )
        assert not _WORD.search(words), "a word to maild"
        assert not _BLOCK.search(words), "a piece of the header block"
        assert not SECRET.search(words), "internal text"
    assert f"<{desk}>" in dict(parse(sent.raw).root.headers.fields)["From"]


def opened(raw: bytes, kit: Kit | None) -> Part:
    """What the reader sees of the letter: the tests hold everybody's keys."""
    tree = parse(raw)
    if "multipart/encrypted" not in tree.root.content_type:
        return tree.root
    assert kit, "a sealed letter of a desk without keys"
    pgp = OpenPGP(kit.people, kit.stranger, keyrings=[kit.desk / "pubring.kbx"])
    found = asyncio.run(open_mail(tree, pgp, PHRASES))
    assert found.decryption is Decryption.OK, "a letter that its reader cannot open"
    return found.tree.root


def everything(raw: bytes, root: Part) -> Iterator[tuple[tuple[tuple[str, str], ...], str]]:
    """The headers and texts of the letter and of all its parts, as they are and decoded."""
    yield parse(raw).root.headers.fields, raw.decode("latin-1")
    for part in root.walk():
        yield (
            part.headers.fields,
            "\n".join(f"{name}: {part.headers.text(name)}" for name, _ in part.headers.fields),
        )
        yield (), part.text
        if part.content_type == "message/rfc822":
            yield from everything(part.content, parse(part.content).root)
        yield (), part.content.decode("utf-16-le", "ignore")
