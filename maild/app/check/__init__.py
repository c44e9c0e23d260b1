"""``maild check``: can this desk run? One line a thing, and how to fix what is wrong.

Each module looks at one thing and yields lines; an error that ends a look early is its last line.
"""

from collections.abc import Callable, Iterator

from maild.app.check import configuration, database, keys, mailbox, place, submission, token
from maild.app.check.line import ACCEPTED, FAULT, OK, WARNING, Line, accepted, fault, from_error
from maild.config import Config
from maild.errors import ConfigError, MaildError

__all__ = ["ACCEPTED", "FAULT", "OK", "WARNING", "Line", "check", "of_faults"]

LOOKS: tuple[tuple[str, Callable[[Config], Iterator[Line]], str], ...] = (
    ("configuration", configuration.look, ""),
    ("place", place.look, "give the user that runs maild read and write access there"),
    (
        "database",
        database.look,
        "make sure that the disk has room and no other program holds the file",
    ),
    ("openpgp", keys.look, "make sure that gpg is installed and `gpg --version` works"),
    ("oauth", token.look, "`maild token authorize` gets a new token"),
    (
        "imap",
        mailbox.look,
        "compare inbox.host, port and tls with your provider's; is the server up?",
    ),
    (
        "smtp",
        submission.look,
        "compare smtp.host, port and tls with your provider's; is the server up?",
    ),
)
"""In the order in which a message meets them; the last text of each is the advice when an error has none."""


def check(config: Config, only: str = "") -> list[Line]:
    """Every line, or those of the one look named."""
    looks = [one for one in LOOKS if only in ("", one[0])]
    found = [line for what, look, mend in looks for line in _looked(what, look, mend, config)]
    return [accepted(one, config.file.accepted) for one in found]


def of_faults(error: ConfigError) -> list[Line]:
    """A configuration that cannot be used, one line a fault."""
    return [
        fault("configuration", f"{one.key} = {one.value}", f"expected {one.wanted}") for one in error.problems
    ]


def _looked(what: str, look: Callable[[Config], Iterator[Line]], mend: str, config: Config) -> Iterator[Line]:
    try:
        yield from look(config)
    except MaildError as error:
        yield from_error(what, error, mend)
    except OSError as error:
        yield fault(what, f"{error.filename or what}: {error.strerror or error}", mend)
