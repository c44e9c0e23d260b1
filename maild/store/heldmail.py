"""Mail held as probable spam, for the daily letter about it and for the words in its answers."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from maild.core.candidates.times import HeldMail, HeldOne
from maild.core.cases.heldorders import HeldList
from maild.core.change import Verdict
from maild.core.journal import What
from maild.core.letters import payloads
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Held
from maild.core.mail.headers import MAX_BLOCK
from maild.core.screening.fold import fold
from maild.store import daily, mails
from maild.store.dialect import beginning, hundredths
from maild.store.schema import envelope, letter, raw
from maild.store.views import WAITING, View, outside, quarantine

LISTED = What.HELD_MAIL_LISTED
MOST_READ = 2000
"""Held mails whose heads are read for one letter: the likeliest of those that were listed least often."""
PIECE = 500
_ENCODED = (b"=?", b"xn--", b"\0")
"""Marks of a head that may say more than its letters do: encoded words, names in other scripts."""
_QUARANTINED = (
    select(envelope.c.id, envelope.c.score)
    .join(raw, raw.c.envelope_id == envelope.c.id)
    .where(envelope.c.verdict == Verdict.QUARANTINE)
    .order_by(envelope.c.id)
)

_LIKELIEST = (
    envelope.c.verdict == Verdict.QUARANTINE,
    hundredths(func.coalesce(envelope.c.score, 0.0)),
    envelope.c.id,
)


def held(connection: Connection) -> HeldMail:
    """The mail that is held as probable spam, and of which there is still something to look at."""
    times = _times(connection)
    rows = [(times[number], score or 0.0, number) for number, score in connection.execute(_QUARANTINED)]
    near = sorted(rows)[:MOST_READ]
    heads = dict(_heads(connection, [number for _, _, number in near]))
    found = tuple(_one(number, score, heads[number], listed) for listed, score, number in near)
    kept = mails.kept_since(connection, daily.at(connection, LISTED))
    told = daily.told(connection, LISTED)
    return HeldMail(found, told, tuple(kept), len(rows) - len(near))


def numbers(connection: Connection, above: float | None = None, likeliest: bool = False) -> list[int]:
    """Every mail that waits for a person's word, with a higher score than *above*, the oldest first.

    The *likeliest* reports first: then unproved mail of the team comes before all.
    """
    order = _LIKELIEST if likeliest else (envelope.c.at, envelope.c.id)
    query = select(envelope.c.id).where(WAITING).order_by(*order)
    if above is not None:
        query = query.where(hundredths(func.coalesce(envelope.c.score, 0.0)) > above)
    return list(connection.execute(query).scalars())


def rows(connection: Connection, some: Sequence[int], words: Sequence[str] = ()) -> View:
    """The rows of ``views.quarantine`` of these mails, in their order, but for those that lack the *words*.

    Only heads that say all they say in ASCII are looked through for them; others may hold them encoded.
    """
    if words:
        query = select(raw.c.envelope_id, beginning(raw.c.content, MAX_BLOCK))
        heads = connection.execute(query.where(raw.c.envelope_id.in_(some)))
        lacking = {number for number, head in heads if _lacks(head or b"", words)}
        some = [number for number in some if number not in lacking]
    found = {row["mail"]: row for row in quarantine(connection, some)}
    return [found[number] for number in some if number in found]


def _lacks(content: bytes, words: Sequence[str]) -> bool:
    """Whether the head of a mail certainly has not all of these *words*: folded, letters and digits."""
    head = content.partition(b"\r\n\r\n")[0].lower()
    if not head.isascii() or any(mark in head for mark in _ENCODED):
        return False
    bare = head.replace(b"'", b"")
    return not all(word.encode() in bare for word in words)


def any_held(connection: Connection) -> bool:
    """Whether anything is held."""
    return connection.execute(_QUARANTINED.limit(1)).first() is not None


def releasable(connection: Connection) -> tuple[int, ...]:
    """Every mail for which the list of held mail has had a word."""
    numbers = connection.execute(_QUARANTINED).scalars()
    return (*numbers, *mails.kept_since(connection, None))


def answered(
    connection: Connection, references: Sequence[str], contact: str, senders: bool = True
) -> HeldList | None:
    """The daily list to the member at *contact* that a mail with these *references* answers.

    Without *senders* they are left out, as they have to be read from every mail that is held.
    """
    is_list = letter.c.message_id.in_(references[:50]) & (letter.c.kind == LetterKind.HELD)
    query = select(letter.c.facts).where(is_list, letter.c.recipient == contact).order_by(letter.c.id.desc())
    facts = connection.execute(query.limit(1)).scalar() if references else None
    if facts is None:
        return None
    says = payloads.read(LetterKind.HELD, facts)
    listed = dict(zip(says.mails, says.groups, strict=False)) if isinstance(says, Held) else {}
    numbers = list(connection.execute(_QUARANTINED).scalars())
    read = {number: head["from"] for number, head in _heads(connection, numbers if senders else ())}
    return HeldList(listed, dict.fromkeys(numbers, "") | read)


def _one(number: int, score: float, head: dict[str, str], times: int) -> HeldOne:
    return HeldOne(number, round(score, 2), head["from"], fold(head["subject"]), times)


def _heads(connection: Connection, numbers: Sequence[int]) -> Iterator[tuple[int, dict[str, str]]]:
    """Author and subject of these mails, a piece at a time, as they may be many."""
    for start in range(0, len(numbers), PIECE):
        these = raw.c.envelope_id.in_(numbers[start : start + PIECE])
        query = select(raw.c.envelope_id, beginning(raw.c.content, MAX_BLOCK)).where(these)
        for number, head in connection.execute(query):
            yield number, outside(head or b"")


def _times(connection: Connection) -> Counter[int]:
    """On how many days a letter has listed each mail."""
    query = select(letter.c.facts).where(letter.c.kind == LetterKind.HELD)
    days = {facts["day"]: facts for facts in connection.execute(query).scalars()}
    found = Counter[int]()
    for facts in days.values():
        says = payloads.read(LetterKind.HELD, facts)
        if isinstance(says, Held):
            found.update([*says.mails, *(one for others in says.groups for one in others)])
    return found
