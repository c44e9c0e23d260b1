"""The one way to a reporter, for an ordinary reply and for ``!send`` alike.

Whatever a member says to a reporter is sealed by the same rule, held by the same rule when there is no key,
shown to the other members, and counts towards the promises by the same rule (rulings 9, 18 and 19).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from maild.core.candidates.mail import Correspondent
from maild.core.change import Change, OweLetter
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, Reply, Sent, SentCopy
from maild.core.mail.answer import Answer, tells
from maild.core.mail.length import word_count
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Member
from maild.core.words.reading import stray
from maild.core.writing import notice, owing, reporter
from maild.core.writing.copying import Shown, to_team
from maild.core.writing.reporter import Own

HELD_NO_KEY = "no key to encrypt it with"


@dataclass(frozen=True, slots=True)
class Said:
    """What a member says to a reporter, in a mail of their own or by a draft that they send.

    ``answer`` and ``copy`` begin the keys of its letters. Each reporter is sent what ``says`` makes of facts
    of their own, the other members and the ``guests`` what ``shows`` does; the ``author`` gets no copy.
    ``encrypted``: so did the mail come that the copies show whole, and it stays so.
    """

    answer: str
    copy: str
    says: Callable[[Own], Reply | Sent]
    shows: Copy | SentCopy
    author: Member | None = None
    guests: tuple[str, ...] = ()
    encrypted: bool = False


def brief(text: str, policy: Policy) -> bool:
    """Whether *text* is too short to be an answer in detail."""
    return word_count(text) < policy.respond_min_words


def private(given: Answer, policy: Policy, author: Member | None) -> bool:
    """Whether *given* holds what only the team may read: a command, a copy's header block, an address.

    With their own address its *author* may sign a patch.
    """
    own = author.addresses if author else ()
    return tells(given, policy.private_addresses, own) or stray(given.text)


def answers(said: Said, case: Case, people: Iterable[Correspondent], policy: Policy) -> list[Change]:
    """The letters to *people*, the copies for the others, and what the author is told if it is held."""
    letters = [_answer(said, case, to, policy) for to in people]
    shown = Shown(said.copy, case.id, case.sealed or said.encrypted, said.shows)
    copies = to_team(shown, said.author, said.guests, policy)
    return [*letters, *_told(said, letters, case, policy), *copies]


def _answer(said: Said, case: Case, to: Correspondent, policy: Policy) -> OweLetter:
    """The letter to one reporter, sealed if they wrote encrypted or have a key that is to be used."""
    sealed = case.sealed or to.seals
    whose = reporter.own(case, to.address, policy)
    return owing.letter(
        LetterKind.ANSWER,
        keys.to(said.answer, to.address),
        whose.address,
        said.says(whose),
        policy.desk,
        case_id=case.id,
        sealed=sealed,
        held=HELD_NO_KEY if sealed and not to.has_key else "",
        reporter=whose.address,
        in_reply_to=to.last_id,
    )


def _told(said: Said, letters: list[OweLetter], case: Case, policy: Policy) -> list[Change]:
    """The author hears of an answer that is held."""
    if said.author is None or not any(one.held for one in letters):
        return []
    name = keys.notice(NoticeKind.ANSWER_HELD, said.copy)
    return [notice.to_one(name, case.id, NoticeKind.ANSWER_HELD, said.author.contact, policy)]
