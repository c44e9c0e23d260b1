"""What a desk has told nobody outside, by its own database: every token, block line and internal text.

Looked for in each letter to an outsider, in every decoding that people's clients undo; the decodings are the
standard library's, so that a fault of maild's own reading shows here.
"""

import html
import io
import quopri
import re
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.parser import BytesHeaderParser
from typing import Any

from sqlalchemy import Connection, select

from maild.core.letters.kinds import LetterKind
from maild.core.mail.body import readable
from maild.core.mail.copy import FENCE, FENCE_END
from maild.core.mail.mime import parse
from maild.core.mail.reply import own_text
from maild.errors import MaildError
from maild.store import envelopes
from maild.store.schema import letter, letter_bytes, message, participant
from tests.openpgp.kit import Kit
from tests.support.leaks import opened
from tests.support.phrases import PHRASES
from tests.support.smtpsink import Letter

RUN = 8
DEPTH = 4
_TAGS = re.compile(r"<[^<>]{1,500}>")


@dataclass
class Secrets:
    """What must not be read outside: tokens with whose they are, lines, and texts; by reader what they know."""

    tokens: dict[str, str] = field(default_factory=dict)
    lines: set[str] = field(default_factory=set)
    internal: list[str] = field(default_factory=list)
    known: dict[str, list[str]] = field(default_factory=dict)
    to_reporters: set[str] = field(default_factory=set)

    def in_letter(self, reader: str, texts: list[str]) -> str:
        """The secret that stands in *texts* for *reader*; empty when none does."""
        whole = "\n".join(texts)
        bare = re.sub(r"\s+", "", whole).lower()
        for token, whose in self.tokens.items():
            if whose != reader and token in bare:
                return f"a token of {whose}"
        said, own = _words(whole), set(_runs(" ".join(self.known.get(reader, ()))))
        joined = f" {' '.join(said)} "
        for line in self.lines:
            if f" {' '.join(_words(line))} " in joined:
                return f"a line of the block: {line}"
        secret = {run for one in self.internal for run in _runs(one)} - own
        found = next((run for run in _runs(whole) if run in secret), None)
        return f"internal words: {' '.join(found)}" if found else ""


def assert_kept(desk: Any, sent: list[Letter], kit: Kit | None) -> None:
    """No letter of *desk* to a reporter tells one of its secrets; *kit* holds the keys of who gets encrypted ones.

    What a member looked at and let go is theirs to say.
    """
    try:
        with desk.desk() as here:
            secrets: Secrets = here.ask(gathered)
            team = {one for m in here.policy.team.members for one in (m.contact, *m.addresses)}
    except MaildError:
        return  # the test left a configuration or a database that cannot be read
    for one in sent:
        reader = one.recipients[0] if one.recipients else ""
        name = str(BytesHeaderParser().parsebytes(one.raw)["Message-ID"])
        if reader in team or name not in secrets.to_reporters:
            continue
        found = secrets.in_letter(reader, list(forms(opened(one.raw, kit).raw)))
        assert not found, found


def gathered(connection: Connection) -> Secrets:
    """The secrets of the desk, and which letters went to reporters."""
    found = Secrets()
    for row in connection.execute(select(participant.c.token, participant.c.address)):
        found.tokens[row.token] = row.address
    rows = connection.execute(select(letter, letter_bytes.c.content).outerjoin(letter_bytes)).all()
    for row in rows:
        if row.kind == LetterKind.COPY and row.content and not row.sealed:
            found.lines |= _block(row.content)
        if row.kind == LetterKind.ANSWER:  # a reason that a member gave for its reader
            said = [value for value in row.facts.values() if isinstance(value, str)]
            found.known.setdefault(row.recipient, []).extend(said)
    found.to_reporters = {row.message_id for row in rows if row.reporter and not row.looked}
    _mails(connection, found, {row.facts.get("envelope") for row in rows if row.kind == LetterKind.ANSWER})
    return found


def _mails(connection: Connection, found: Secrets, answered: set[int | None]) -> None:
    """The words of mail that stayed within the team; and of all other, for those who wrote or were sent it."""
    sent = []
    for row in connection.execute(select(message).where(message.c.envelope_id.is_not(None))):
        mail = envelopes.get(connection, row.envelope_id)
        text = readable(parse(mail.content).root) if mail and not mail.purged else ""
        if mail and row.authority.startswith("forwarded by "):  # a member's note, and the report below it
            found.internal.append(own_text(text, PHRASES))
            found.known.setdefault(row.author, []).extend(_attached(mail.content))
        elif not row.authority.startswith("team"):
            found.known.setdefault(row.author, []).append(text)
        elif row.envelope_id in answered:
            sent.append(text)
        else:
            found.internal.append(own_text(text, PHRASES))
    for whose in set(found.tokens.values()):
        found.known[whose] = [*found.known.get(whose, ()), *sent]


def _attached(raw: bytes) -> Iterator[str]:
    """The texts of the messages that are attached to the mail *raw*."""
    parts = (one for one in message_from_bytes(raw).walk() if one.get_content_type() == "message/rfc822")
    for one in parts:
        yield from (text for text in forms(one.get_payload(0).as_bytes()))


def _block(raw: bytes) -> set[str]:
    """The lines of the block of a copy that say enough to be known again."""
    text = next((part.text for part in parse(raw).root.leaves), "")
    if FENCE not in text:
        return set()
    lines = text.partition(FENCE)[2].partition(FENCE_END)[0].splitlines()
    return {one.strip() for one in lines if len(_words(one)) >= 5}


def forms(raw: bytes, depth: int = 0) -> Iterator[str]:
    """Every text of the mail *raw*, in every decoding: headers, parts, files, archives, mails within."""
    try:
        whole = message_from_bytes(raw)
    except RecursionError:  # nested deeper than the library goes
        yield raw.decode("latin-1")
        return
    for part in whole.walk():
        yield from (f"{name}: {value}" for name, value in part.items())
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield from _of_file(content, depth)


def _of_file(content: bytes, depth: int) -> Iterator[str]:
    if depth > DEPTH:
        return
    for inner in _inside(content):
        yield from _of_file(inner, depth + 1)
    for charset in ("utf-8", "utf-16-le", "utf-16-be"):
        text = content.decode(charset, "ignore")
        yield from (text, html.unescape(_TAGS.sub("", text)), re.sub(r"\\(.)", r"\1", text))
    for _ in range(2):
        content = quopri.decodestring(content)
        yield content.decode("utf-8", "ignore")
    if re.match(rb"\s*(From |[A-Za-z-]+:)", content) and depth:
        yield from forms(content, depth + 1)


def _inside(content: bytes) -> Iterator[bytes]:
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from (archive.read(one) for one in archive.namelist()[:20])
        elif content.startswith(b"\x1f\x8b"):
            yield zlib.decompress(content, 31)
        elif content[257:262] == b"ustar":
            with tarfile.open(fileobj=io.BytesIO(content)) as rolled:
                files = (rolled.extractfile(one) for one in rolled if one.isfile())
                yield from (one.read() for one in files if one)
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, tarfile.TarError, zlib.error):
        return


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text)
    return re.findall(r"\w+", "".join(one for one in plain if unicodedata.category(one) != "Cf").lower())


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    some = _words(text)
    return (tuple(some[at : at + RUN]) for at in range(len(some) - RUN + 1))
