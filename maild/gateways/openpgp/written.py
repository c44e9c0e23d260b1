"""What gpg wrote, taken only when its status says that all of it was done."""

from maild.errors import PermanentError, TemporaryError
from maild.gateways.openpgp import status
from maild.gateways.openpgp.runner import Finished


def sealed(done: Finished, *, signed: bool) -> bytes:
    """The ciphertext of a run that encrypts, and signs too when *signed*.

    Raises ``PermanentError`` when a recipient's key cannot be used or it was too much,
    ``TemporaryError`` when the desk's own cannot be used for now.
    """
    lines = status.parse_status(done.status)
    complete = status.count(lines, "END_ENCRYPTION") == 1 and not status.count(lines, "INV_RECP", "FAILURE")
    if status.count(lines, "INV_RECP"):
        raise PermanentError("a recipient's key cannot be used")
    if done.killed:
        raise PermanentError("too large to be encrypted")
    if not complete or (signed and not status.count(lines, "SIG_CREATED")):
        raise TemporaryError("the desk's key does not sign, or gpg does not encrypt")
    return done.output


def signature(done: Finished) -> bytes:
    """The signature of a run that signs. ``TemporaryError`` when there is not exactly one."""
    if status.count(status.parse_status(done.status), "SIG_CREATED") != 1:
        raise TemporaryError("the desk's key does not sign")
    return done.output
