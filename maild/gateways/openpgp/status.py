"""What gpg's status lines mean (its ``doc/DETAILS``): whether plaintext may be used, and who signed.

Never the exit code and never a wrapper's *ok*: both say yes to truncated or added text and no to good
mail. Lines are split on the line feed alone, as gpg writes them; user ids may hold anything else.

What differs between versions (seen with 2.2.40, 2.4.7 and 2.4.9):

- 2.4 repeats its exit code as a last line, ``FAILURE gpg-exit``: whenever anything was logged as an error,
  such as a signature by an unknown key. It is left out here, as the exit code is.
- A recipient whose session key could not be had: 2.2 says ``NO_SECKEY`` or ``ERROR pkdecrypt_failed``; 2.4
  says ``NO_SECKEY`` for each, and one ``ERROR pkdecrypt_failed`` with the last cause if none fitted.
- Of an authenticated packet (tag 20) that was tampered with, 2.2 says ``DECRYPTION_OKAY`` and ``GOODMDC``,
  and writes out what came before; only ``NODATA`` tells. 2.4 says ``BADMDC`` and ``DECRYPTION_FAILED``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from maild.core.mail.opened import Decryption, Made, Signature, SignatureStatus

MAX_LINES = 2000
MAX_AHEAD = timedelta(hours=1)
"""How far in the future a signature may be dated (clocks differ)."""

_PREFIX = b"[GNUPG:] "
_ONCE = ("BEGIN_DECRYPTION", "DECRYPTION_OKAY", "END_DECRYPTION", "PLAINTEXT")
_NEVER = ("DECRYPTION_FAILED", "BADMDC", "ERROR", "UNEXPECTED", "FAILURE", "NODATA")
_EXIT = ("FAILURE", "gpg-exit")
_NO_SESSION_KEY = "pkdecrypt_failed"
_NO_SECRET_KEY = 17  # GPG_ERR_NO_SECKEY of libgpg-error
_WEAK_HASHES = {"1": "MD5", "2": "SHA-1", "3": "RIPEMD-160"}  # RFC 9580 §9.5
_TEXT_MODES = frozenset({"74", "75"})  # "t" and "u" (RFC 9580 §5.9)
_BINARY = "00"
"""The type of a signature over bytes, as VALIDSIG writes it; another one is over lines of text."""
_SYSTEM_ERROR = 1 << 15
_AGENT_CODES = frozenset({11, 31, 62, 77, 78, 80, 85, 86, 99, 173, 177, 198, *range(257, 282)})
"""libgpg-error codes that speak of the agent and not of the message: no agent, no pinentry, no answer."""
_VERDICTS = {
    "GOODSIG": SignatureStatus.GOOD,
    "EXPSIG": SignatureStatus.EXPIRED,
    "EXPKEYSIG": SignatureStatus.EXPIRED,
    "REVKEYSIG": SignatureStatus.REVOKED,
    "BADSIG": SignatureStatus.BAD,
    "ERRSIG": SignatureStatus.BAD,
}
_UNSIGNED = Signature()
_HEX = re.compile(r"[0-9A-F]{8,64}")


@dataclass(frozen=True, slots=True)
class Line:
    """One status line: its keyword and its arguments, percent-escapes still on."""

    keyword: str
    arguments: tuple[str, ...] = ()

    def argument(self, index: int) -> str:
        """The argument at *index*, empty when there are not so many."""
        return self.arguments[index] if index < len(self.arguments) else ""


@dataclass(frozen=True, slots=True)
class Decrypted:
    """What a decryption gave: the plaintext if it may be used, and why not if it may not.

    ``reason`` is a fixed phrase without any word of the mail; ``signature`` judges what was signed inside.
    """

    decryption: Decryption
    plaintext: bytes = field(default=b"", repr=False)
    signature: Signature = _UNSIGNED
    reason: str = ""


def parse_status(status: bytes) -> tuple[Line, ...]:
    """The status lines in *status*, but for the exit code; ``UNEXPECTED`` stands for what is too much."""
    found: list[Line] = []
    for raw in status.split(b"\n"):
        if not raw.startswith(_PREFIX):
            continue
        if len(found) == MAX_LINES:
            return (*found, Line("UNEXPECTED"))
        keyword, *arguments = raw[len(_PREFIX) :].decode("latin-1").split(" ")
        if (keyword, *arguments[:1]) == _EXIT:
            continue
        found.append(Line(keyword, tuple(arguments)))
    return tuple(found)


def count(lines: Iterable[Line], *keywords: str) -> int:
    """How many of *lines* have one of the *keywords*."""
    return sum(line.keyword in keywords for line in lines)


def usable(lines: tuple[Line, ...], output: bytes, killed: str) -> str:
    """Why the plaintext *output* may not be used; empty when they may (all rules hold)."""
    if killed:
        return "output too large" if killed == "output" else "too many packets"
    if any(count(lines, keyword) != 1 for keyword in _ONCE):
        return "not decrypted" if not count(lines, "DECRYPTION_OKAY") else "more than one message inside"
    if any(line.keyword in _NEVER and not _of_one_recipient(line) for line in lines):
        return "decryption reported a fault"
    if not (count(lines, "GOODMDC") or _aead(lines)):
        return "no integrity protection"
    return "" if _complete(lines, output) else "plaintext incomplete"


def unsealed(lines: tuple[Line, ...], output: bytes, killed: str) -> str:
    """Why the text of a message that was signed or literal only may not be used; empty when it may."""
    if killed:
        return "output too large"
    if count(lines, "PLAINTEXT") != 1 or count(lines, "BEGIN_DECRYPTION", *_NEVER):
        return "no PGP data"
    return "" if _complete(lines, output) else "plaintext incomplete"


def _of_one_recipient(line: Line) -> bool:
    """Whether *line* only says that one recipient's session key could not be had; another's may fit."""
    return line.keyword == "ERROR" and line.argument(0) == _NO_SESSION_KEY


def _aead(lines: tuple[Line, ...]) -> bool:
    infos = [line for line in lines if line.keyword == "DECRYPTION_INFO"]
    return len(infos) == 1 and infos[0].argument(2) not in ("", "0")


def _complete(lines: tuple[Line, ...], output: bytes) -> bool:
    """Whether *output* has the length announced, if one was; in a text gpg makes CRLF one character."""
    lengths = {line.argument(0) for line in lines if line.keyword == "PLAINTEXT_LENGTH"}
    if not lengths:
        return True
    text = any(line.keyword == "PLAINTEXT" and line.argument(0) in _TEXT_MODES for line in lines)
    announced = next(iter(lengths))
    if len(lengths) > 1 or not (announced.isascii() and announced.isdigit() and len(announced) < 12):
        return False
    missing = int(announced) - len(output)
    return 0 <= missing <= output.count(b"\n") if text else missing == 0


def failure(lines: tuple[Line, ...], reason: str, named: bool = True) -> tuple[Decryption, str]:
    """What kept a ciphertext closed, for *reason* of ``usable``; the word and the reason.

    *named* says whether one of our keys stands among the recipients: what it could not open is damaged.
    """
    tried = count(lines, "BEGIN_DECRYPTION", "DECRYPTION_OKAY")
    if count(lines, "NO_SECKEY") and not count(lines, "DECRYPTION_OKAY", "DECRYPTION_KEY"):
        errors = [line for line in lines if line.keyword == "ERROR"]
        if all(_of_one_recipient(line) and not (named and _code(line) != _NO_SECRET_KEY) for line in errors):
            return Decryption.NO_KEY, "not encrypted to our key"
    if count(lines, "NODATA") and not tried:
        return Decryption.FAILED, "no PGP data"
    return Decryption.FAILED, reason


def agent_trouble(lines: tuple[Line, ...]) -> bool:
    """Whether the agent or the key folder failed, and not the message: worth trying again later."""
    for line in lines:
        if line.keyword not in ("ERROR", "FAILURE"):
            continue
        where, number = line.argument(0), _code(line)
        if where.startswith(("add_keyblock_resource", "keydb_")):
            return True
        if where.startswith("pkdecrypt") and (number in _AGENT_CODES or number & _SYSTEM_ERROR):
            return True
    return False


def locked_out(lines: tuple[Line, ...], named: bool, passphrase: bool) -> bool:
    """Whether no key opened the message, perhaps only because the agent forgot the passphrase.

    *named* says whether one of our keys stands among the recipients, *passphrase* whether one is at hand.
    """
    if count(lines, "DECRYPTION_KEY"):
        return False
    return not named or (passphrase and agent_trouble(lines))


def _code(line: Line) -> int:
    """The libgpg-error code of an ``ERROR`` or ``FAILURE`` line, its source cut off; 0 when it has none."""
    code = line.argument(1)
    return int(code) & 0xFFFF if code.isascii() and code.isdigit() and len(code) < 12 else 0


def verdicts(lines: tuple[Line, ...], now: datetime) -> tuple[Signature, ...]:
    """The verdict on each signature in *lines*; *now* bounds how far ahead one may be dated."""
    return tuple(_judged(group, now) for group in _groups(lines))


def _groups(lines: tuple[Line, ...]) -> list[list[Line]]:
    """The lines of each signature: from its ``NEWSIG`` up to the next."""
    groups: list[list[Line]] = []
    for line in lines:
        if line.keyword == "NEWSIG":
            groups.append([])
        elif groups:
            groups[-1].append(line)
        elif line.keyword in _VERDICTS:
            groups.append([line])
    return groups


def _judged(group: list[Line], now: datetime) -> Signature:
    said = [line for line in group if line.keyword in _VERDICTS]
    valid = [line for line in group if line.keyword == "VALIDSIG"]
    if len(said) != 1 or len(valid) > 1:
        return Signature(SignatureStatus.BAD)
    status = _VERDICTS[said[0].keyword]
    if said[0].keyword == "ERRSIG":
        return Signature(_unchecked(said[0], group), why=_why_unchecked(said[0], group))
    fingerprint = _primary(valid[0]) if valid else ""
    if status is SignatureStatus.GOOD and not (fingerprint and _sound(valid[0], now)):
        status = SignatureStatus.BAD
    if status is not SignatureStatus.GOOD:
        why = _why(group, valid)
        return Signature(status, fingerprint if status is not SignatureStatus.BAD else "", why=why)
    name = Made(valid[0].argument(0).upper(), int(valid[0].argument(2)))
    return Signature(status, fingerprint, made=(name,), lines=valid[0].argument(8) != _BINARY)


def _unchecked(line: Line, group: list[Line]) -> SignatureStatus:
    """A signature that gpg could not check: its key is unknown, or something is wrong with it."""
    unknown = line.argument(5) == "9" and count(group, "NO_PUBKEY") > 0
    weak = line.argument(2) in _WEAK_HASHES
    return SignatureStatus.UNKNOWN_KEY if unknown and not weak else SignatureStatus.BAD


def _why_unchecked(line: Line, group: list[Line]) -> str:
    """The weak hash, or the id of the key that is not known."""
    if weak := _WEAK_HASHES.get(line.argument(2)):
        return f"made with {weak}, which is no longer accepted"
    unknown = _unchecked(line, group) is SignatureStatus.UNKNOWN_KEY
    name = line.argument(0).upper()
    return f"made with key {name}" if unknown and _HEX.fullmatch(name) else ""


def _why(group: list[Line], valid: list[Line]) -> str:
    """The weak hash of a signature, or the day on which it or its key expired."""
    if valid and (weak := _WEAK_HASHES.get(valid[0].argument(7))):
        return f"made with {weak}, which is no longer accepted"
    said = {line.keyword for line in group}
    if "EXPSIG" in said and valid and (day := _day(valid[0].argument(3))):
        return f"the signature expired on {day}"
    days = [_day(line.argument(0)) for line in group if line.keyword == "KEYEXPIRED"]
    return f"the key expired on {min(days)}" if "EXPKEYSIG" in said and all(days) and days else ""


def _day(seconds: str) -> str:
    """The day (UTC) of a Unix time in a status line; empty when it is none."""
    sound = seconds.isascii() and seconds.isdigit() and 0 < len(seconds) < 12
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d}" if sound and int(seconds) else ""


def _primary(valid: Line) -> str:
    """The fingerprint of the primary key (field 10), empty unless it is a whole one."""
    text = valid.argument(9).upper()
    whole = len(text) in (40, 64) and all(letter in "0123456789ABCDEF" for letter in text)
    return text if whole else ""


def _sound(valid: Line, now: datetime) -> bool:
    """Whether a valid signature is made with a sound hash and not dated in the future."""
    made = valid.argument(2)
    if valid.argument(7) in _WEAK_HASHES or not (made.isascii() and made.isdigit() and len(made) < 12):
        return False
    return int(made) <= (now + MAX_AHEAD).timestamp()
