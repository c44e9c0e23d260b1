"""What opening a mail gave: which form it had, whether it could be read, who signed it.

The words are a contract: ``maild explain --json`` prints them.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from maild.core.mail.mime import Part, Tree

OTHER_AUTHOR = "inner From differs from outer From"
LEAKED_KEY = "a secret key is attached"


class Form(StrEnum):
    """How the ciphertext was packed."""

    NONE = "none"
    PGP_MIME = "pgp-mime"
    INLINE = "inline"
    MANGLED = "mangled"
    ATTACHMENT = "attachment"


class Decryption(StrEnum):
    """What became of the ciphertext."""

    NONE = "none"
    OK = "ok"
    NO_KEY = "no-key"
    SYMMETRIC = "symmetric"
    REFUSED = "refused"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"


class SignatureStatus(StrEnum):
    """The verdict on the signature as a whole (several signatures in any order give the same one)."""

    NONE = "none"
    GOOD = "good"
    BAD = "bad"
    UNKNOWN_KEY = "unknown-key"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """The name of a good signature: the fingerprint of the key that made it, and when (Unix time).

    Both are part of what was signed (RFC 9580 §5.2.3.11). The bytes of a signature, and whatever is derived
    from them, can be changed by anybody without making it a bad one.
    """

    key: str
    at: int


@dataclass(frozen=True, slots=True)
class Signature:
    """A verdict and, when the key is known, the full fingerprint of its *primary* key (upper case hex).

    ``clear`` marks a signature on text in the clear, or on a ciphertext from outside: its status may be
    shown, but nothing is ever accepted because of it. ``made`` names every good signature over the text.
    ``why`` says in words why it is not good, where that is known: its hash, its date, a missing key.
    ``lines``: it was made over a text, where ends of lines do not count (RFC 9580 §5.2.1, type 1).
    """

    status: SignatureStatus = SignatureStatus.NONE
    fingerprint: str = ""
    clear: bool = False
    made: tuple[Made, ...] = field(default=(), compare=False)
    why: str = field(default="", compare=False)
    lines: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail after opening: ``tree`` is the innermost readable mail (the outer one when nothing opened).

    ``protected`` holds the protected header fields of the outermost cryptographic payload, lower-case name
    to decoded text (``subject``, ``from``, ``date``), empty when there are none. ``reasons`` are short
    fixed phrases without any word of the mail. Of a mail that was opened in pieces, ``labels`` says of each
    part of ``tree`` how it came, and ``closed`` why pieces stayed closed. ``unpacked`` are the files out of a
    winmail.dat; ``answers`` is the text of the mail that it answers, where that came encrypted; ``ciphers``
    are the digests of the ciphertexts that were opened.
    """

    tree: Tree = field(repr=False)
    form: Form = Form.NONE
    decryption: Decryption = Decryption.NONE
    signature: Signature = Signature()
    protected: dict[str, str] = field(default_factory=dict, repr=False)
    reasons: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    unpacked: tuple[Part, ...] = field(default=(), repr=False)
    answers: str = field(default="", repr=False)
    ciphers: tuple[str, ...] = field(default=(), repr=False)

    @property
    def sealed(self) -> bool:
        """Whether the mail came encrypted, opened or not (S/MIME has no form, but is not readable either)."""
        return self.form is not Form.NONE or self.decryption is not Decryption.NONE
