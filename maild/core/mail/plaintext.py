"""What came out of a ciphertext, as a mail again: MIME where it is MIME, else a text or a file."""

import re

from maild.core.mail.headers import parse_headers
from maild.core.mail.mime import Tree, parse
from maild.core.mail.opened import Form

_HEADERS = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,200}\r?\n")
_CHARSET = re.compile(r"[A-Za-z0-9_.:-]{1,40}")


def plaintext_tree(form: Form, plaintext: bytes, charset: str = "") -> Tree:
    """*plaintext* as a tree of parts.

    PGP/MIME holds a MIME entity. What was sealed as text or as a file is one only when it begins with
    header fields of which one is Content-Type (gateways that mangle PGP/MIME leave just that).
    """
    if form is Form.PGP_MIME or _is_entity(plaintext):
        return parse(plaintext)
    if _is_text(plaintext):
        named = charset if _CHARSET.fullmatch(charset) else "utf-8"
        return parse(f"Content-Type: text/plain; charset={named}\r\n\r\n".encode("ascii") + plaintext)
    head = b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n\r\n"
    return parse(head + plaintext)


def _is_entity(plaintext: bytes) -> bool:
    match = _HEADERS.match(plaintext[: 64 * 1024])
    return match is not None and parse_headers(plaintext[: match.end()]).has("Content-Type")


def _is_text(plaintext: bytes) -> bool:
    """No NUL in it; any charset may be text, and a file with binary content nearly always has a NUL."""
    return b"\x00" not in plaintext
