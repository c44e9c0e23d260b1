"""What the configuration says together, beyond the faults that keep it from being loaded at all."""

from collections.abc import Iterator

from maild.app import policy
from maild.app.check import proving
from maild.app.check.line import Line, fault, ok, warning
from maild.app.desk import now
from maild.config import Config


def look(config: Config) -> Iterator[Line]:
    """The file, whether the team can be recognised, and options without effect."""
    file = config.file
    yield ok("configuration", str(config.path))
    yield from proving.of_team(config)
    if file.screening.quarantine and file.desk.mode == "observe":
        yield warning(
            "quarantine",
            "the folder is not used: observe mode never moves messages",
            'remove screening.quarantine, or set desk.mode = "relay"',
        )
    yield from _security_txt(config)


def _security_txt(config: Config) -> Iterator[Line]:
    """The end of the published security.txt, where one is configured."""
    expires = config.file.policy.security_txt_expires
    anew = (
        "set policy.security_txt_expires to a later day, then publish what `maild policy security-txt` prints"
    )
    if expires is None:
        return
    if gone := policy.expiry_fault(expires, now()):
        yield fault("policy", gone, anew)
    elif soon := policy.expires_soon(expires, now()):
        yield warning("policy", soon, anew)
    else:
        yield ok("policy", f"security.txt is valid until {expires}")
