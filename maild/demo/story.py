"""What happens in the demo, hour by hour: who writes what, and where it arrives."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes

from maild.demo import mails
from maild.demo.keys import Keys
from maild.demo.servers import Handed

STEP = timedelta(hours=1)
LAST = 130
"""The hour at which the demo ends: five days after the first answer, and a little more."""

ANSWERED, UNANSWERED, LOOKED = 8, 5, 6
"""The hours of the first answer, of the report that gets none, and of a look at the quarantine."""


@dataclass(frozen=True, slots=True)
class Props:
    """What a scene may use: the instant, the keys (``None`` without gpg), the letters that went out."""

    now: datetime
    keys: Keys | None
    letters: list[Handed]

    @property
    def sealing(self) -> Keys:
        """The keys, in a scene that is only played with them."""
        assert self.keys is not None
        return self.keys


@dataclass(frozen=True, slots=True)
class Scene:
    """A mail that arrives in *folder* at an hour; ``name`` is its file's name, ``what`` tells people."""

    hour: int
    name: str
    who: str
    what: str
    write: Callable[[Props], bytes]
    folder: str = "INBOX"
    age: timedelta = timedelta(0)


def scenes(with_keys: bool) -> list[Scene]:
    """The story in order; without gpg nothing in it is encrypted."""
    return [scene for scene in _SCENES if with_keys or scene.name not in _SEALED]


def _receipt(props: Props) -> str:
    """The Message-ID of the first letter that went out: the receipt for the first report."""
    return str(message_from_bytes(props.letters[0].raw)["Message-ID"]) if props.letters else ""


def _case(props: Props, reporter: str) -> str:
    """The case number in the acknowledgement that the *reporter* got; empty without one."""
    theirs = (message_from_bytes(one.raw) for one in props.letters if one.recipients[0] in reporter)
    named = (re.search(r"\[([A-Z0-9-]+)\]", str(one["Subject"])) for one in theirs)
    return next((found[1] for found in named if found), "")


_SEALED = {"sealed-report", "sealed-answer"}
_SCENES = (
    Scene(
        0,
        "old-mail",
        "Otto Old",
        "wrote a month ago, before maild first runs",
        lambda props: mails.old(props.now),
        age=timedelta(days=30),
    ),
    Scene(1, "report", "Rita Reed", "reports a flaw, unencrypted", lambda props: mails.overflow(props.now)),
    Scene(
        2,
        "out-of-office",
        "Rita Reed",
        "is away, and an automatic answer to the acknowledgement comes back",
        lambda props: mails.away(props.now, _receipt(props)),
    ),
    Scene(
        3,
        "sealed-report",
        "Bo Berg",
        "reports a flaw, encrypted to the desk's key (PGP/MIME)",
        lambda props: mails.sealed(props.now, props.sealing),
    ),
    Scene(4, "spam", "Growth Team", "sells links", lambda props: mails.spam(props.now)),
    Scene(
        UNANSWERED,
        "unanswered-report",
        "Priya Pillai",
        "reports a flaw, unencrypted; the team will overlook it",
        lambda props: mails.escape(props.now),
    ),
    Scene(
        ANSWERED,
        "answer",
        "the team",
        "answers Rita from the desk's own account (a copy is in Sent)",
        lambda props: mails.answer(props.now),
        "Sent",
    ),
    Scene(
        26,
        "sealed-answer",
        "Ana Acosta",
        "answers Bo directly, encrypted and signed, with the desk in Cc",
        lambda props: mails.sealed_answer(props.now, props.sealing, _case(props, mails.BO)),
    ),
)
