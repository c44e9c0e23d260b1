"""The one way to a reporter, for an ordinary reply and for ``!send`` alike.

Whatever a member says to a reporter is sealed by the same rule, held by the same rule when there is no key,
shown to the other members, and counts towards the promises by the same rule (rulings 9, 18 and 19).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from maild.core import ids
from maild.core.candidates import Correspondent
from maild.core.cases import notice
from maild.core.cases.about import About
from maild.core.cases.case import Case
from maild.core.cases.people import Audience, Member
from maild.core.change import Change, OweLetter
from maild.core.letters.copying import Shown, to_team
from maild.core.letters.kinds import LetterKind
from maild.core.mail.answer import Answer, tells
from maild.core.policy import Policy
from maild.core.words.reading import stray

HELD_NO_KEY = "no key to seal it with"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a member says to a reporter: a mail of their own, or a draft that they send.

    ``answer`` and ``copy`` tell its letters from all others. ``says`` is where the text comes from. ``by`` is
    the authority it is said with; a ``brief`` reply is too short to be an answer in detail.
    """

    answer: str
    copy: str
    says: Mapping[str, object] = field(repr=False)
    by: str
    brief: bool = False
    author: Member | None = None
    guests: tuple[str, ...] = ()


def brief(text: str, policy: Policy) -> bool:
    """Whether *text* is too short to be an answer in detail."""
    return len(text.split()) < policy.respond_min_words


def private(given: Answer, policy: Policy) -> bool:
    """Whether *given* holds what only the team may read: a command, a copy's header block, an address."""
    return tells(given, policy.private_addresses) or stray(given.text)


def answers(reply: Reply, case: Case, people: Iterable[Correspondent], policy: Policy) -> list[Change]:
    """The letters to *people*, the copies for the others, and what the author is told if it is held."""
    letters = [_answer(reply, case, to, policy) for to in people]
    facts = {**reply.says, "by": reply.by}
    shown = Shown(reply.copy, case.id, Audience.REPORTER, case.sealed, facts)
    copies = to_team(shown, reply.author, reply.guests, policy)
    return [*letters, *_told(reply, letters, case, policy), *copies]


def _answer(reply: Reply, case: Case, to: Correspondent, policy: Policy) -> OweLetter:
    """The letter to one reporter, sealed if they wrote encrypted or have a key that is to be used."""
    sealed = case.sealed or to.seals
    return OweLetter(
        dedupe=f"{reply.answer}:{to.address}",
        kind=LetterKind.ANSWER,
        case_id=case.id,
        recipient=to.address,
        token=ids.token(policy.desk.secret, case.id, to.address, Audience.REPORTER),
        facts={**reply.says, "by": reply.by, "brief": reply.brief},
        sealed=sealed,
        held=HELD_NO_KEY if sealed and not to.has_key else "",
        reporter=to.address,
        in_reply_to=to.last_id,
        internal=False,
    )


def _told(reply: Reply, letters: list[OweLetter], case: Case, policy: Policy) -> list[Change]:
    """The author hears of an answer that is held."""
    if reply.author is None or not any(one.held for one in letters):
        return []
    name = f"notice:{About.ANSWER_HELD}:{reply.copy}"
    return [notice.to_one(name, case.id, About.ANSWER_HELD, reply.author.contact, policy)]
