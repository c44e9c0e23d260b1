"""Mail that SMTP can carry: no line above 998 octets (RFC 5321 §4.5.3.1.6; ruling 37)."""

import binascii
import re
from base64 import encodebytes

from maild.core.mail.mime import Part

LONGEST = 998
"""Octets of a line, without its end."""
_FOLD = 900
_SIGNED = re.compile(rb"-----BEGIN PGP SIGNED MESSAGE-----")


def too_long(raw: bytes, start: int = 0, end: int | None = None) -> bool:
    """Whether a line of *raw* is longer than a server has to take; in steps of a line's length."""
    stop = len(raw) if end is None else end
    while stop - start > LONGEST:
        newline = raw.rfind(b"\n", start, min(start + LONGEST + 2, stop))
        if newline < start:
            return True
        start = newline + 1
    return False


def unfit(part: Part) -> bool:
    """Whether *part* has to be written anew: SMTP cannot carry it, or its head does not say what it is."""
    return _uncarried(part) or any(one.amended for one in part.walk())


def _uncarried(part: Part) -> bool:
    """Whether lines are too long, or a byte is zero, which servers refuse (RFC 5321 §2.3.8, §4.1.2)."""
    zero = part.source.find(b"\0", part.body_start, part.end) >= 0
    return zero or too_long(part.source, part.body_start, part.end)


def is_signed(root: Part) -> bool:
    """Whether encoding it anew would break somebody's signature."""
    parts = any(part.content_type == "multipart/signed" for part in root.walk())
    return parts or _SIGNED.search(root.source, root.start, root.end) is not None


def carried(part: Part) -> bytes:
    """*part* as a MIME entity that says the same in lines that are short enough."""
    if not part.children:
        return _leaf(part)
    boundary = part.boundary.encode()
    # Encoded anew it is signed no longer: the original beside it is.
    kind = "multipart/mixed" if part.content_type == "multipart/signed" else part.content_type
    pieces = [f'Content-Type: {kind}; boundary="'.encode(), boundary, b'"\r\n\r\n']
    for child in part.children:
        pieces += [b"--", boundary, b"\r\n", carried(child), b"\r\n"]
    return b"".join((*pieces, b"--", boundary, b"--\r\n"))


def original(part: Part) -> bytes:
    """*part* whole, byte for byte, as an attached file: whoever checks its signature needs it so."""
    head = b'Content-Type: application/octet-stream; name="original.eml"\r\n'
    head += b'Content-Disposition: attachment; filename="original.eml"\r\n'
    return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + in_base64(part.raw)


def fields(part: Part, encoding: bool = True) -> bytes:
    """The Content header fields of *part*, folded; without its transfer encoding where that is given anew."""
    wanted = [(name, value) for name, value in part.headers.fields if name.lower().startswith("content-")]
    if part.kind:
        wanted = [one for one in wanted if one[0].lower() != "content-type"]
        wanted.append(("Content-Type", f'{part.kind}; charset="{_charset(part)}"'))
    kept = [one for one in wanted if encoding or one[0].lower() != "content-transfer-encoding"]
    return b"".join(_folded(f"{name}: {value}".encode("utf-8", "replace")) for name, value in kept)


def _charset(part: Part) -> str:
    """The charset that its head names all the same, without what could end the parameter."""
    named = part.parameters.get("charset", "")
    return "".join(one for one in named if one.isalnum() or one in "-_.:")[:40] or "utf-8"


def _folded(line: bytes) -> bytes:
    """*line* as a header field of short lines; a word that no line can hold is cut."""
    out, width = b"", 0
    for word in line.split(b" "):
        short = word[:_FOLD]
        if out and width + len(short) > _FOLD:
            out, width = out + b"\r\n " + short, len(short)
        else:
            out, width = (out + b" " + short if out else short), width + len(short) + 1
    return out + b"\r\n"


def _leaf(part: Part) -> bytes:
    if not _uncarried(part):
        return fields(part) + b"\r\n" + part.body
    if part.content_type.startswith("message/"):  # which must not be encoded (RFC 2046 §5.2.1)
        return original(part)
    text = part.content_type.startswith("text/")
    how = b"quoted-printable" if text else b"base64"
    encoded = _quoted(part.content) if text else in_base64(part.content)
    return fields(part, encoding=False) + b"Content-Transfer-Encoding: " + how + b"\r\n\r\n" + encoded


def _quoted(content: bytes) -> bytes:
    lines = content.replace(b"\r\n", b"\n")
    return binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")


def in_base64(content: bytes) -> bytes:
    """*content* in base64, in lines as mail has them."""
    return encodebytes(content).replace(b"\n", b"\r\n")
