"""MIME structure read from raw bytes, within limits.

The standard library re-serialises parts unfaithfully and can be driven into minutes of work or deep
recursion by hostile structure; signatures need the exact bytes. So parts here are slices of the bytes as
they came: ``Part.raw`` of a signed part is what was signed (RFC 3156 §5).
"""

import quopri
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from maild.core.mail.base64 import coded_until, unbase64
from maild.core.mail.boundaries import MAX_GUESSED, guessed, text_type
from maild.core.mail.charset import decode_bytes, page_label, says_nothing
from maild.core.mail.headers import MAX_BLOCK, Headers, parse_headers
from maild.core.mail.parameters import parameter, parameters
from maild.core.mail.repaired import repaired
from maild.core.mail.uuencoded import ENCODINGS, unuuencoded

MAX_PARTS = 200
MAX_DEPTH = 20
TOO_LONG, TOO_MANY, TOO_DEEP = "header block too long", "too many parts", "parts nested too deep"
TNEF = "winmail.dat is not unpacked"
TNEF_TYPES, TNEF_NAME = ("application/ms-tnef", "application/vnd.ms-tnef"), "winmail.dat"
UNMARKED = "multipart without a boundary"
TOO_LARGE = "too large to look through: only the beginning was"
UNREAD = frozenset({TOO_LONG, TOO_MANY, TOO_DEEP, TNEF, UNMARKED, TOO_LARGE})
"""The faults that leave a part of the mail unread."""

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_HEADER_LINE = re.compile(rb"(?:\xef\xbb\xbf)?(?:[!-9;-~]+[ \t]*:|>?From )")
"""Some programs write a byte order mark before the first one."""
_HIGH = bytes(range(0x80, 0x100))
_ENCODING = re.compile(r"[\s\"']*(quoted.?printable|base.?64|[a-z0-9_-]+)", re.IGNORECASE)
_ENCODINGS = {"q": "quoted-printable", "b": "base64"}  # however they are spelled, by their first letter
_SOFT_BREAK = re.compile(rb"=[ \t]{1,80}(?=\r?\n)")  # blanks that a relay left (RFC 2045 §6.7, rule 3)
_TYPE = re.compile(r"\s*([a-z0-9.+_-]+/[a-z0-9.+_-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One MIME entity: a slice of *source* from *start* to *end*, its body beginning at *body_start*.

    ``edge`` and ``kind`` are its boundary and its type where its head names none that fits.
    """

    source: bytes = field(repr=False)
    start: int
    body_start: int
    end: int
    headers: Headers = field(repr=False)
    children: tuple["Part", ...] = ()
    edge: str = ""
    kind: str = ""

    @property
    def raw(self) -> bytes:
        """The entity exactly as it came, headers included, without the line break before the delimiter."""
        return self.source[self.start : self.end]

    @property
    def body(self) -> bytes:
        """The body exactly as it came, its transfer encoding still on."""
        return self.source[self.body_start : self.end]

    @cached_property
    def content_type(self) -> str:
        """Type and subtype in lower case; ``text/plain`` when missing or broken (RFC 2045 §5.2)."""
        if self.kind:
            return self.kind
        match = _TYPE.match(self.headers.get("Content-Type"))
        return match[1].lower() if match else "text/plain"

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parameters of Content-Type."""
        return parameters(self.headers.get("Content-Type"))

    @cached_property
    def disposition(self) -> str:
        """``attachment``, ``inline`` or an empty string."""
        kind = self.headers.get("Content-Disposition").split(";")[0].strip().lower()
        return "" if "=" in kind else kind

    @cached_property
    def filename(self) -> str:
        """The file name as the sender wrote it, decoded; never to be used as a path."""
        value = self.headers.get("Content-Disposition")
        bare = "=" in value.partition(";")[0]  # its first word is missing
        given = parameters(f";{value}" if bare else value)
        return parameter(given, "filename") or parameter(self.parameters, "name")

    @property
    def encoding(self) -> str:
        """The transfer encoding, in lower case; quotes and comments that some programs write left aside."""
        found = _ENCODING.match(self.headers.get("Content-Transfer-Encoding"))
        name = found[1].lower() if found else ""
        return _ENCODINGS.get(name[0], name) if name.endswith(("printable", "64")) else name

    @property
    def boundary(self) -> str:
        """What stands between its parts, if it is a multipart."""
        return self.edge or parameter(self.parameters, "boundary")

    @property
    def amended(self) -> bool:
        """Whether its own head would have a mail program show something else, or nothing."""
        return bool(self.edge or self.kind)

    @property
    def content(self) -> bytes:
        """The body with its transfer encoding taken off; broken encodings yield what could be read."""
        return self.first(sys.maxsize)

    def first(self, size: int) -> bytes:
        """The first *size* bytes of ``content``; what is long is copied or decoded no further than needed."""
        if self.encoding == "base64":
            end = coded_until(self.source, self.body_start, self.end)
            if end == self.body_start and self.filename:
                return self.body[:size]
            return unbase64(self.source, self.body_start, end, size)[:size]
        if self.encoding == "quoted-printable":
            return quopri.decodestring(_SOFT_BREAK.sub(b"=", self.body))[:size]
        if self.encoding in ENCODINGS:
            return unuuencoded(self.body)[:size]
        return self.source[self.body_start : min(self.end, self.body_start + size)]

    @property
    def text(self) -> str:
        """``content`` as text in the charset it names (ruling 35), and what stands behind it unencoded."""
        return self._decoded(self.content) + self._behind()

    def beginning(self, size: int) -> str:
        """``text`` as far as about *size* bytes of the content go, without decoding what is beyond."""
        content = self.first(size + 1)
        if len(content) <= size:
            return self._decoded(content) + self._behind()
        cut = content[: size - size % 4]
        return self._decoded(cut[: cut.rfind(b"\n") + 1] or cut.rstrip(_HIGH))  # not within a character

    def _decoded(self, content: bytes) -> str:
        label = self.parameters.get("charset", "")
        if self.content_type == "text/html" and says_nothing(label):
            label = page_label(content) or label
        return decode_bytes(content, label)

    def _behind(self) -> str:
        """What a list or gateway that cannot read base64 wrote below it."""
        if self.encoding != "base64":
            return ""
        footer = self.source[coded_until(self.source, self.body_start, self.end) : self.end]
        return "\n" + decode_bytes(footer) if footer.strip() else ""

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in the order they stand."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def leaves(self) -> tuple["Part", ...]:
        """The parts that hold content, in the order they stand."""
        return tuple(part for part in self.walk() if not part.children)


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole mail: its outermost part, and what could not be read (empty when all could)."""

    root: Part
    faults: tuple[str, ...] = ()


def parse(source: bytes, max_parts: int = MAX_PARTS, max_depth: int = MAX_DEPTH) -> Tree:
    """*source* as a tree of parts; what goes beyond the limits stays closed in its part and is a fault."""
    return _Reader(repaired(source), max_parts, max_depth).read()


def outermost(source: bytes) -> Headers:
    """The header fields of *source* as ``parse`` reads them, without a look at what is below them."""
    end, _ = _Reader(source, MAX_PARTS, MAX_DEPTH).split(0, len(source))
    return parse_headers(source[: min(end, MAX_BLOCK)], source)


class _Reader:
    """The budget of one parse: how many parts are left, and the faults met."""

    def __init__(self, source: bytes, max_parts: int, max_depth: int) -> None:
        self.source = source
        self.left = max_parts
        self.max_depth = max_depth
        self.faults: list[str] = []

    def read(self) -> Tree:
        root = self.part(0, len(self.source), 0)
        if any(part.content_type in TNEF_TYPES or part.filename.lower() == TNEF_NAME for part in root.walk()):
            self.faults.append(TNEF)
        return Tree(root, tuple(dict.fromkeys(self.faults)))

    def part(self, start: int, end: int, depth: int) -> Part:
        self.left -= 1
        block_end, body_start = self.split(start, end)
        if block_end - start > MAX_BLOCK:
            self.faults.append(TOO_LONG)
        headers = parse_headers(self.source[start : min(block_end, start + MAX_BLOCK)], self.source)
        part = self.marked(Part(self.source, start, body_start, end, headers), depth)
        spans = self.spans(part, depth)
        if not spans:
            return part
        children = tuple(self.part(a, b, depth + 1) for a, b in spans if self.left > 0)
        if len(children) < len(spans):
            self.faults.append(TOO_MANY)
        return replace(part, children=children)

    def marked(self, part: Part, depth: int) -> Part:
        """*part* with a boundary that its body has, or as the text that it is where there is none."""
        bare = not depth and bool(part.headers.fields) and not part.headers.has("Content-Type")
        if bare:
            edge = self.guess(part)
            closed = edge and b"--" + edge.encode() + b"--" in part.body
            return replace(part, edge=edge, kind="multipart/mixed") if closed else part
        if not part.content_type.startswith("multipart/") or self.fits(part) or not part.body.strip():
            return part
        if edge := self.guess(part):
            return replace(part, edge=edge)
        self.faults.append(UNMARKED)
        return replace(part, kind=text_type(self.source, part.body_start, part.end))

    def fits(self, part: Part) -> bool:
        """Whether the boundary that *part* names opens a part in it."""
        boundary = part.boundary.encode("utf-8", "surrogateescape")
        if not boundary or len(boundary) > MAX_GUESSED:
            return False
        edges = (one for one in self.edges(part, boundary) if self.break_before(one.start()) >= 0)
        return (
            any(not one[1] for one in edges) or not part.body.replace(b"--" + boundary + b"--", b"").strip()
        )

    def guess(self, part: Part) -> str:
        """The boundary by which *part* can be taken apart, as text; empty when there is none."""
        return decode_bytes(guessed(self.source, part.body_start, part.end))

    def split(self, start: int, end: int) -> tuple[int, int]:
        """Where the header block ends and where the body starts."""
        for stop in (b"\r\n", b"\n"):
            if self.source.startswith(stop, start, end):
                return start, start + len(stop)
        if not _HEADER_LINE.match(self.source, start, end):
            return start, start
        match = _BLANK_LINE.search(self.source, start, end)
        return (match.start(), match.end()) if match else (end, end)

    def spans(self, part: Part, depth: int) -> list[tuple[int, int]]:
        """The spans of the parts inside *part*: none for a leaf, and none beyond the limits."""
        if not part.content_type.startswith("multipart/"):
            return []
        if depth >= self.max_depth:
            self.faults.append(TOO_DEEP)
            return []
        return self.slices(part, part.boundary.encode("utf-8", "surrogateescape"))

    def edges(self, part: Part, boundary: bytes) -> Iterator[re.Match[bytes]]:
        """Where the body of *part* holds *boundary* before the end of a line."""
        # Begins with plain bytes, which are found many times faster than a line break or a start.
        pattern = re.compile(rb"--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
        return pattern.finditer(self.source, part.body_start, part.end)

    def slices(self, part: Part, boundary: bytes) -> list[tuple[int, int]]:
        """Spans between the delimiters of *boundary* (RFC 2046 §5.1.1); one more than allowed is enough."""
        found: list[tuple[int, int]] = []
        opened: int | None = None
        for match in self.edges(part, boundary):
            line_break = self.break_before(match.start())
            if line_break < 0:
                continue
            if opened is not None:
                found.append((opened, max(opened, line_break)))
            opened = None if match[1] else self.after_line(match.end())
            if opened is None or len(found) > self.left:
                break
        if opened is not None and opened < part.end and len(found) <= self.left:
            self.faults.append("multipart not closed")
            found.append((opened, part.end))
        return found

    def break_before(self, position: int) -> int:
        """Where the line break right before *position* begins; -1 where there is none."""
        if position == 0:
            return 0
        if self.source[position - 1] != ord("\n"):
            return -1
        return position - 2 if self.source[position - 2 : position - 1] == b"\r" else position - 1

    def after_line(self, position: int) -> int:
        """The start of the line after *position*."""
        newline = self.source.find(b"\n", position)
        return len(self.source) if newline < 0 else newline + 1
