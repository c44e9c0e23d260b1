"""What a file is, by its first bytes and its name: readable, an archive, known and harmless, or neither.

Nothing is believed of a declared type. Archives are looked into by the standard library, within a budget.
"""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from zlib import error as zlib_error

MOST_BYTES = 8_000_000
"""Bytes of one letter that are looked at, archives unpacked; what is beyond waits for a person."""
MOST_FILES = 500
MOST_DEPTH = 4
MOST_STREAMS, MOST_BEGINNINGS, MOST_INFLATED = 2_000, 100_000, 32_000_000
"""Compressed streams in files of a letter, what begins like one, and the bytes that come of all of them."""
_HEAD = 1000
"""Bytes within which the name in a compressed file ends."""

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0", b"8BPS")
_CAPTURES = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"M<\xb2\xa1", b"\xa1\xb2<M", b"\n\r\r\n")
_PROGRAMS = (b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"MZ", b"\0asm", b"MDMP")
_SOUNDS = (b"OggS", b"ID3", b"fLaC", b"\x1a\x45\xdf\xa3")
KNOWN = (b"%PDF-", *_PICTURES, *_CAPTURES, *_PROGRAMS, *_SOUNDS)
"""How files begin that hold no mail: pictures, PDF, packet captures, core dumps, programs, films."""
_CLOSED = (b"\xd0\xcf\x11\xe0", b"\x78\x9f\x3e\x22", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
"""Outlook messages and old office files, winmail.dat, archives that the library does not open."""
_CIPHERTEXT = (
    *(b"-----BEGIN PGP MESSAGE", b"-----BEGIN AGE ENCRYPTED FILE", b"-----BEGIN CMS", b"$ANSIBLE_VAULT;"),
    *(b"-----BEGIN ENCRYPTED", b"U2FsdGVkX1"),
)
"""How files begin that are encrypted: PGP, age, S/MIME, Ansible, a private key, OpenSSL."""
_ENCRYPTED_BELOW = re.compile(
    r"^[> \t]{0,8}-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE|CMS)-----[ \t\r]*+$", re.MULTILINE
)
_LOCKED = re.compile(rb"/Encrypt\s*(?:\d{1,10}\s+\d{1,5}\s+R\b|<<)")
"""What names the encryption of a PDF (ISO 32000-1 §7.6.1)."""
_LATER = rb"\x03-\x06\x30\x4e-\x9f\xac-\xd7"
"""High bytes of other alphabets than Latin: from Greek to Arabic, kana, Chinese, Korean."""
_LITTLE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\0|[\0-\xff][" + _LATER + rb"]|[\x10-\x30]\x20){16,}+")
_BIG = re.compile(rb"(?:\0[\x20-\x7e\xa0-\xff]|[" + _LATER + rb"][\0-\xff]|\x20[\x10-\x30]){16,}+")
"""Letters in UTF-16 within a picture, a PDF or a core dump."""
_LETTER = rb"(?:[\t\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2})"
_PRINTED = re.compile(_LETTER + rb"{8,}+(?:\r?\n" + _LETTER + rb"++)*+")
"""Lines of text within any file, in UTF-8."""
_CHARSETS = (
    *(
        "cp1251",
        "koi8-r",
        "cp866",
        "gb18030",
        "cp932",
        "euc-jp",
        "big5",
        "cp949",
        "cp1253",
        "cp1250",
        "iso8859-2",
    ),
    *("cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp850", "mac-roman", "cp874"),
)
"""In what else than UTF-8 and Windows-1252 a text may be that does not say so."""
_MOSTLY, _HARDLY = 0.66, 0.1
"""The share of zeros among the bytes that make letters wide, and among those that are the letters."""


class Is(Enum):
    """What a file is to the gate."""

    TEXT = auto()
    KNOWN = auto()
    PRIVATE = auto()
    UNREADABLE = auto()


@dataclass(slots=True)
class Budget:
    """What is left to look at; ``unread`` names what was not, ``private`` what names its author."""

    bytes: int = MOST_BYTES
    files: int = MOST_FILES
    streams: int = MOST_STREAMS
    beginnings: int = MOST_BEGINNINGS
    steps: int = MOST_INFLATED
    unread: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    over: bool = False

    def takes(self, size: int) -> bool:
        """Whether *size* more bytes may be looked at."""
        self.bytes -= size
        self.files -= 1
        return self.holds()

    def tries(self) -> bool:
        """Whether one more beginning of a stream may be looked at."""
        self.beginnings -= 1
        return self.holds()

    def inflates(self, size: int, letters: int) -> bool:
        """Whether a stream of *size* bytes, some of them *letters*, may be looked at."""
        self.steps -= size
        self.streams -= bool(letters)
        self.bytes -= letters
        return self.holds()

    def holds(self) -> bool:
        """Whether nothing is used up."""
        if self.steps <= 0 or min(self.bytes, self.files, self.streams, self.beginnings) < 0:
            self.over = True
        return not self.over

    def inside(self) -> "Budget":
        """What is left, for what stands within a text; it notes nothing here."""
        return replace(self, unread=[], private=[])

    def spent(self, inner: "Budget") -> None:
        """What *inner* has used up is gone here too, apart from files: a list of hashes holds none."""
        self.bytes, self.streams, self.steps = inner.bytes, inner.streams, inner.steps
        self.beginnings, self.over = inner.beginnings, inner.over
        self.private += inner.private


def holds_ciphertext(text: str) -> bool:
    """Whether something encrypted stands among the words of *text*."""
    return _ENCRYPTED_BELOW.search(text) is not None


def wide(content: bytes) -> str:
    """What stands in UTF-16 within *content*, whatever it is."""
    found = [one.decode("utf-16-le", "ignore") for one in _LITTLE.findall(content)]
    return "\n".join((*found, *(one.decode("utf-16-be", "ignore") for one in _BIG.findall(content))))


def strings(content: bytes) -> str:
    """The lines of text that stand within *content*, whatever it is."""
    return b"\n".join(_PRINTED.findall(content)).decode("utf-8", "ignore")


def otherwise(content: bytes) -> list[str]:
    """A text that is not in UTF-8, in each alphabet that it may be in; in none where it is, but for UTF-7."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return [content.decode(one, "ignore") for one in _CHARSETS]
    return [content.decode("utf-7", "ignore")] if b"+" in content and content.isascii() else []


def is_known(content: bytes) -> bool:
    """Whether it begins as a kind of file that holds no mail and no notes."""
    films = content[4:8] == b"ftyp" or (
        content[:4] == b"RIFF" and content[8:12] in (b"WEBP", b"AVI ", b"WAVE")
    )
    return content.startswith(KNOWN) or films


def is_text(content: bytes) -> bool:
    """Whether it reads as text: no NUL and hardly a control character, or UTF-16."""
    start = content[:65536]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or is_wide(start) or is_widest(start):
        return True
    odd = sum(start.count(bytes([one])) for one in (*range(1, 7), *range(14, 27), *range(28, 32), 127))
    return b"\0" not in content and odd * 100 <= len(start)


def is_widest(content: bytes) -> bool:
    """Whether three of four bytes are zero and the fourth is not, as in UTF-32."""
    return len(content) > 7 and _zeros(content, 4) == [False, True, True, True]


def is_wide(content: bytes) -> bool:
    """Whether every second byte of it is mostly zero, and no other, as in UTF-16 of Western words."""
    return len(content) > 3 and _zeros(content, 2) == [False, True]


def _zeros(content: bytes, width: int) -> list[bool | None]:
    """Of each of *width* bytes whether it is mostly zero, or hardly ever; ``None`` where it is as it comes.

    In no order. A database or a disk image, whose pages are empty at first, is no text of either kind.
    """
    start = content[:4096]
    parts = [start[at::width] for at in range(width)]
    shares = sorted(part.count(0) / len(part) for part in parts)
    return [True if share > _MOSTLY else False if share < _HARDLY else None for share in shares]


def closed(content: bytes) -> bool:
    """Whether it begins as something that may hold a mail and that nothing here opens."""
    locked = content.startswith(b"%PDF-") and _LOCKED.search(content) is not None
    return locked or content.startswith(_CLOSED) or content.lstrip().startswith(_CIPHERTEXT)


def unpacked(name: str, content: bytes, budget: Budget) -> Iterator[tuple[str, bytes]] | None:
    """The files inside an archive; ``None`` when it is none. What cannot be unpacked is noted as unread."""
    for begins, opener in _OPENERS.items():
        if content.startswith(begins):
            return _safely(opener(name, content, budget), name, budget)
    if content[257:262] == b"ustar":
        return _safely(_tar(name, content, budget), name, budget)
    if zipfile.is_zipfile(io.BytesIO(content)):  # behind a program that unpacks it, or a picture
        return _safely(_zip(name, content, budget), name, budget)
    return None


def _safely(found: Iterator[tuple[str, bytes]], name: str, budget: Budget) -> Iterator[tuple[str, bytes]]:
    try:
        yield from found
    except (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, OSError, EOFError, RuntimeError):
        budget.unread.append(name)
    except (ValueError, NotImplementedError, zlib_error):
        budget.unread.append(name)


def _zip(name: str, content: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield name, archive.comment
        for one in archive.infolist():
            if one.flag_bits & 1 or not budget.takes(one.file_size):
                budget.unread.append(f"{name}: {one.filename}")
                if budget.files < 0:
                    return
                continue
            with archive.open(one) as file:
                yield one.filename, file.read(one.file_size + 1)
            if not one.flag_bits & 0x800 and not one.filename.isascii():
                yield "", one.filename.encode("cp437", "ignore")  # what the library took it for
            if one.comment:
                yield one.filename, one.comment


def _tar(name: str, content: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
        for one in archive:
            if said := " ".join(value for value in one.pax_headers.values() if " " in value):
                yield one.name, said.encode("utf-8", "surrogateescape")
            if not one.isfile():
                yield one.name, one.linkname.encode("utf-8", "surrogateescape")
            elif budget.takes(one.size) and (file := archive.extractfile(one)) is not None:
                yield one.name, file.read()
            else:
                budget.unread.append(f"{name}: {one.name}")
                if budget.files < 0:
                    return


def _named(content: bytes) -> str:
    """The name that gzip keeps of a file (RFC 1952 §2.3); empty where it keeps none."""
    if content[:2] != b"\x1f\x8b" or content[3:4] not in (b"\x08", b"\x09"):
        return ""
    return content[10:_HEAD].partition(b"\0")[0].decode("latin-1")


def _stream(read: Callable[[io.BytesIO], io.BufferedIOBase]) -> "Callable[..., Iterator[tuple[str, bytes]]]":
    """One compressed file: what is inside, as far as the budget goes."""

    def opened(name: str, content: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
        if kept := _named(content):
            yield kept, b""
        inside = read(io.BytesIO(content)).read(max(0, budget.bytes) + 1)
        if budget.takes(len(inside)):
            yield name.rpartition(".")[0], inside
        else:
            budget.unread.append(name)

    return opened


_OPENERS = {
    b"PK\3\4": _zip,
    b"PK\5\6": _zip,
    b"\x1f\x8b": _stream(lambda raw: gzip.GzipFile(fileobj=raw)),
    b"BZh": _stream(bz2.BZ2File),
    b"\xfd7zXZ\0": _stream(lzma.LZMAFile),
}
