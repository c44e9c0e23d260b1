"""Names that maild gives: case ids, tokens, Message-IDs, and the mark that proves a letter is ours.

All are HMACs under the desk's secret of what they name. They cannot be guessed or derived from one another,
and after a restore from backup the same mail gets the same names again.
"""

import hmac
from base64 import b32encode
from collections.abc import Iterator

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Case ids are read out on the telephone: no 0/O, no 1/I/L."""

_NUMBER = 6
"""Letters of a case id behind its prefix."""

MARK_HEADER = "X-Maild-Mark"
TOKEN_LENGTH = 20
REFERENCE_LENGTH = 16


def digest(secret: bytes, *what: str) -> bytes:
    """The HMAC-SHA256 of the words *what* (each length-prefixed, so that no two lists collide)."""
    text = "".join(f"{len(word)}:{word}" for word in what)
    return hmac.digest(secret, text.encode("utf-8", "surrogatepass"), "sha256")


def author(secret: bytes, who: str) -> str:
    """The keyed hash by which the author with this address, or this name on a platform, is known again."""
    return digest(secret, "author", who).hex()


def _base32(raw: bytes, length: int) -> str:
    return b32encode(raw).decode("ascii").lower()[:length]


def case_ids(secret: bytes, prefix: str, identity: str) -> Iterator[str]:
    """Case ids for the report *identity*, e.g. ``EX-7KQ2M9``: the first that is not taken is its own."""
    for attempt in range(1000):
        number = int.from_bytes(digest(secret, "case", identity, str(attempt))[:8], "big")
        letters = []
        for _ in range(_NUMBER):
            number, index = divmod(number, len(_ALPHABET))
            letters.append(_ALPHABET[index])
        yield f"{prefix}-{''.join(letters)}"


def is_number(text: str) -> bool:
    """Whether *text* (upper case) is what stands behind the prefix of a case id."""
    return len(text) == _NUMBER and set(text) <= set(_ALPHABET)


def token(secret: bytes, case_id: str, participant: str, audience: str) -> str:
    """The token of one participant and audience of a case: lower case, never derivable from another."""
    return _base32(digest(secret, "token", case_id, participant, audience), TOKEN_LENGTH)


def reference(secret: bytes, dedupe: str) -> str:
    """The short name of the letter with this dedupe key."""
    return _base32(digest(secret, "letter", dedupe), REFERENCE_LENGTH)


def mark(secret: bytes, letter: str) -> str:
    """The value of the ``X-Maild-Mark`` header for the letter named *letter*."""
    return f"{letter}.{_base32(digest(secret, 'mark', letter), 26)}"


def marked(secret: bytes, value: str) -> str:
    """The letter that a mark names, or an empty string when the mark is not ours."""
    given = value.strip()
    letter = given.partition(".")[0]
    # Bytes, since a stranger's mark may hold any letters and only ASCII texts can be compared as they are.
    expected = mark(secret, letter).encode("utf-8", "surrogatepass")
    return letter if letter and hmac.compare_digest(expected, given.encode("utf-8", "surrogatepass")) else ""


def message_id(secret: bytes, dedupe: str, case_token: str, domain: str) -> str:
    """The Message-ID of a letter: its case token, its own reference, the desk's domain (RFC 5322 §3.6.4)."""
    return f"<{case_token}.{reference(secret, dedupe)}@{domain}>"


def named(secret: bytes, case_id: str, address: str) -> str:
    """The keyed name of an address in a case: the journal holds no addresses."""
    return digest(secret, "outsider", case_id, address).hex()[:16]
