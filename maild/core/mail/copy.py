"""The team's copy of a mail: a short header block on top, the mail itself untouched below.

The block stands between two fences. Whatever of it comes back in an answer is cut out between them, and an
answer that still holds a piece of a fence is held: nothing internal reaches a reporter.
"""

from collections.abc import Iterable

from maild.core.mail import wire
from maild.core.mail.mime import Part

FENCE = "=~=~= for the team only =~=~="
FENCE_END = "=~=~= the message itself follows =~=~="
FENCE_ENDS = (FENCE_END, "=~=~= the mail itself follows =~=~=")
"""As it is written, and as older versions wrote it in copies that are still answered."""
_INTERNAL = "=~=~="


def block(lines: tuple[tuple[str, str], ...]) -> str:
    """The header block of the labels and values in *lines*, fences included."""
    width = max((len(label) for label, _ in lines), default=0)
    told = [f"{label + ':':<{width + 1}} {value}" for label, value in lines]
    return "\n".join((FENCE, *told, FENCE_END, ""))


def content(
    lines: tuple[tuple[str, str], ...], original: Part, reference: str, files: Iterable[bytes] = ()
) -> bytes:
    """The copy as one MIME entity, as ``pieces``."""
    return b"".join(pieces(lines, original, reference, files))


def pieces(
    lines: tuple[tuple[str, str], ...], original: Part, reference: str, files: Iterable[bytes] = ()
) -> tuple[bytes | memoryview, ...]:
    """The copy in pieces: the block, then *original* with its own Content headers, byte for byte.

    *files* are what was unpacked from it, as contents of their own. What SMTP cannot carry so, and what other
    programs would not show so, is written anew, with the signed original as a file beside it (ruling 37).
    Not joined: a mail may be long, and every copy of it counts.
    """
    edge = f"\r\n--=-c{reference}".encode()
    text = block(lines).encode("utf-8", "replace").replace(b"\n", b"\r\n")
    head = f'Content-Type: multipart/mixed; boundary="=-c{reference}"\r\n'.encode()
    first = b"\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    if wire.unfit(original):
        shown: list[bytes | memoryview] = [b"\r\n", wire.carried(original)]
        if wire.is_signed(original):
            shown += [edge, b"\r\n", wire.original(original)]
    else:
        body = memoryview(original.source)[original.body_start : original.end]
        shown = [b"\r\n", wire.fields(original), b"\r\n", body]
    shown += [piece for one in files for piece in (edge, b"\r\n", one)]
    return head, edge, first, text, edge, *shown, edge, b"--\r\n"


def without_block(text: str, instead: str = "") -> str:
    """*text* with every quoted or bare header block cut out, from fence to fence, and *instead* in its place.

    A block without its end stays: ``internal`` finds it, where a stranger's fence would else eat the answer.
    """
    kept: list[str] = []
    opened: int | None = None
    for line in text.splitlines():
        if opened is not None and any(end in line for end in FENCE_ENDS):
            mark = ">" if kept[opened].lstrip().startswith(">") else ""
            del kept[opened:]
            kept += [mark + instead] if instead else []
            opened = None
            continue
        if FENCE in line and opened is None:
            opened = len(kept)
        kept.append(line)
    return "\n".join(kept)


def fenced(text: str) -> str:
    """What stands in *text* between the first fence and its end, whichever version wrote it."""
    below = text.partition(FENCE)[2]
    return min((below.partition(end)[0] for end in FENCE_ENDS), key=len)


def internal(text: str) -> bool:
    """Whether *text* still holds a piece of what is for the team only."""
    return _INTERNAL in text
