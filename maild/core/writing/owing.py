"""The one place where a letter is made: its token, and who its reader is, follow from its kind."""

from maild.core.change import OweLetter
from maild.core.letters.kinds import LetterKind, Reader, row
from maild.core.letters.payloads import Payload
from maild.core.values import ids
from maild.core.values.desk import Desk
from maild.core.values.people import Audience

_TOKENS = {
    Reader.TEAM: Audience.TEAM.value,
    Reader.REPORTER: Audience.REPORTER.value,
    Reader.OUTSIDE: "outside",
    Reader.DESK: "canary",
}
"""Where a reply goes, as tokens name it."""


def letter(  # noqa: PLR0913 - a letter has as many sides
    kind: LetterKind,
    key: str,
    to: str,
    says: Payload,
    desk: Desk,
    *,
    case_id: str = "",
    audience: Audience | None = None,
    guest: bool = False,
    sealed: bool = False,
    held: str = "",
    reporter: str = "",
    in_reply_to: str = "",
    references: tuple[str, ...] = (),
) -> OweLetter:
    """The letter of *kind* to the address *to*.

    *audience*: where a reply goes, of a copy, whose reader takes part by name already; *guest*: the reader
    is let in and not of the team. *held*, *reporter* and *sealed* are as in ``OweLetter``.
    """
    reader = row(kind).reader
    whose = reporter if reader is Reader.REPORTER and reporter else to
    return OweLetter(
        dedupe=key,
        kind=kind,
        case_id=case_id,
        recipient=to,
        token=ids.token(desk.secret, case_id, whose, audience.value if audience else _TOKENS[reader]),
        says=says,
        sealed=sealed,
        held=held,
        reporter=reporter,
        in_reply_to=in_reply_to,
        references=references,
        internal=reader is Reader.TEAM and audience is None and not guest,
    )
