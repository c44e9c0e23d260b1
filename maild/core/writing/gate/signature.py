"""The desk's own signature on a letter: a file that names its author, and may."""

from maild.core.mail.mime import Part, parse


def without_our_signature(raw: bytes) -> bytes:
    """*raw* without the desk's own signature, which is a file that names its author."""
    root = parse(raw).root
    if root.content_type != "multipart/signed" or len(root.children) != 2:
        return raw
    head, signed = root.source[: root.body_start], root.children[0]
    return head.replace(b"multipart/signed", b"multipart/x-seen", 1) + _inner(root, signed)


def _inner(root: Part, signed: Part) -> bytes:
    edge = root.parameters.get("boundary", "").encode()
    return b"\r\n--" + edge + b"\r\n" + signed.raw + b"\r\n--" + edge + b"--\r\n"
