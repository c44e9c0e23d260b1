"""What the gate has to know of a case for one reader: which mail they may know the words of."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, func, select

from maild.core.cases.forwarded import HANDED_ON
from maild.core.change import Verdict
from maild.core.disclosure.outward import IN_MAIL
from maild.core.facts.table import ANNOUNCED_AT, PREPARED_TEXT, TABLE
from maild.core.journal import What
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Side
from maild.store import journal
from maild.store.letterbytes import OF_LETTER
from maild.store.letters import BOUNCED, OWED, PARKED, SENDING, SENT
from maild.store.schema import case, envelope, fact, letter, letter_bytes, message, participant

MOST = 60
"""Messages of a case, the newest first, whose words are compared with a letter's."""
ELSEWHERE = 20
"""Messages of the team in all other cases, the newest first, and as many of others: new ones are mixed up."""

PREPARED_THERE = 5
"""Texts for the public of other cases, which have to be decrypted."""
AT_ONCE = 500
"""Addresses or tokens that are asked for in one statement: a log may hold thousands."""
_READER: BindParameter[str] = bindparam("reader")
_THERE = (
    select(participant.c.token)
    .where(participant.c.case_id == bindparam("this"), participant.c.address == _READER)
    .limit(1)
)
_ANY: BindParameter[list[str]] = bindparam("named", expanding=True)
_NAMED = select(participant.c.address).where(
    participant.c.side == Side.REPORTER, participant.c.address.in_(_ANY)
)
_LISTS = (LetterKind.ESCALATION, LetterKind.REMINDER, LetterKind.DIGEST, LetterKind.HELD)
_TO_READ = frozenset({NoticeKind.STOPPED, NoticeKind.GUEST, NoticeKind.TOLD})
"""Notices that are no secret: why an answer was held, which shows a line of that, and rules for outsiders."""
_INSIDE = tuple(row.name for row in TABLE if row.inside)
_OUT = (LetterKind.ANSWER, LetterKind.RECEIPT, LetterKind.ASKKEY, LetterKind.ANNOUNCEMENT)
_PUBLIC = letter.c.kind == LetterKind.ANNOUNCEMENT
_ENVELOPE = letter.c.facts["envelope"].as_integer()
_BY = letter.c.facts["by"].as_string()
_ANSWERS = select(letter.c.recipient, letter.c.state, letter.c.sealed, _ENVELOPE.label("mail")).where(
    letter.c.kind == LetterKind.ANSWER, _ENVELOPE.is_not(None)
)
_APART = (
    select(envelope.c.id)
    .where(envelope.c.verdict == Verdict.CORRESPONDENCE, envelope.c.case_id.is_(None))
    .order_by(envelope.c.id.desc())
    .limit(ELSEWHERE)
)
"""What the team wrote and belongs to no case: from the desk's own mailbox, or about several cases."""
_MAILS = (
    select(message.c.envelope_id, message.c.author, message.c.authority)
    .where(message.c.envelope_id.is_not(None))
    .order_by(message.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class Words:
    """Envelopes by what the reader may know of them, and letters that were sent unencrypted.

    ``shared`` came from the reader; of ``answered`` they got the words, encrypted; ``sent`` are the letters
    that they got, as they got them; ``copies`` are the team's. ``elsewhere`` stayed within the team in
    another case, or came from somebody else there or here; ``usual`` are the answers that were sent there.
    ``told`` is what maild told the team, and ``said`` the same where it was encrypted; ``reasons`` are those
    for which the case was closed or paused; ``handed_on`` are reports that members forwarded.
    ``typed`` and ``prepared`` are reasons of other cases, and texts for the public that were handed in there.
    """

    internal: tuple[int, ...]
    shared: tuple[int, ...]
    copies: tuple[bytes, ...]
    answered: tuple[int, ...] = ()
    sent: tuple[bytes, ...] = ()
    elsewhere: tuple[int, ...] = ()
    usual: tuple[bytes, ...] = ()
    told: tuple[bytes, ...] = ()
    said: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    handed_on: tuple[int, ...] = ()
    typed: tuple[str, ...] = ()
    prepared: tuple[str, ...] = ()


def answered_lately(connection: Connection, this: int, within: timedelta) -> tuple[int, ...]:
    """The messages by which the author of the answer *this* told its reader something *within* that time.

    Only since the reader last wrote: "Yes." may answer two questions in a row.
    """
    own = connection.execute(select(letter).where(letter.c.id == this)).one()
    here = message.c.case_id == own.case_id
    asked = select(func.max(message.c.id)).where(here, message.c.author == own.recipient).scalar_subquery()
    since = select(message.c.envelope_id).where(here, message.c.id > func.coalesce(asked, 0))
    before = (letter.c.id < this) & (letter.c.owed >= own.owed - within) & _ENVELOPE.in_(since)
    same = (letter.c.case_id == own.case_id) & (letter.c.recipient == own.recipient)
    goes = letter.c.state.in_((OWED, SENDING, SENT, PARKED)) & (own.facts["by"] == _BY)
    return tuple(row.mail for row in connection.execute(_ANSWERS.where(before, same, goes)))


def moved(connection: Connection, case_id: str, reader: str) -> bool:
    """Whether nobody of the case has the address of *reader* any more."""
    return connection.execute(_THERE, {"this": case_id, "reader": reader}).first() is None


def parts(named: Collection[str]) -> Iterator[list[str]]:
    """What is *named*, in as many pieces as it takes statements to ask for it."""
    every = sorted(named)
    return (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE))


def reporters(connection: Connection, named: Collection[str]) -> frozenset[str]:
    """The addresses among *named* at which reporters are answered, of whatever case."""
    found = (connection.execute(_NAMED, {"named": part}).scalars() for part in parts(named))
    return frozenset(one for part in found for one in part)


def others_reporters(connection: Connection, named: Collection[str], case_id: str) -> frozenset[str]:
    """The same without whoever takes part in this case."""
    here = select(participant.c.address).where(participant.c.case_id == case_id)
    return reporters(connection, named) - frozenset(connection.execute(here).scalars())


def by_team(connection: Connection, envelope: int) -> bool:
    """Whether somebody of the team wrote the message of this *envelope*."""
    query = select(message.c.authority).where(message.c.envelope_id == envelope)
    return (connection.execute(query).scalar() or "").startswith("team")


def foreign_words(connection: Connection, case_id: str, guest: str, team: frozenset[str]) -> Words:
    """What was said in other cases lately, which no *guest* of this one knows but by what came here."""
    of_team = message.c.authority.startswith("team")
    here = _MAILS.where(message.c.case_id == case_id, ~of_team).limit(MOST)
    return Words(
        (),
        tuple(row.envelope_id for row in connection.execute(here)),
        (),
        sent=_sent(connection, letter.c.case_id == case_id, MOST),
        elsewhere=_elsewhere(connection, case_id, {guest, *team}),
        usual=_sent(connection, letter.c.case_id != case_id, MOST),
        typed=tuple(_typed_elsewhere(connection, case_id)),
        prepared=_prepared_elsewhere(connection, case_id),
    )


def words(connection: Connection, case_id: str, reader: str, team: frozenset[str]) -> Words:
    """Which mail stayed within the team, in this case and lately in others, and what its *reader* knows."""
    people = select(participant.c.address, participant.c.side).where(participant.c.case_id == case_id)
    guests = {row.address for row in connection.execute(people) if row.side == Side.GUEST}
    answered = connection.execute(_ANSWERS.where(letter.c.case_id == case_id)).all()
    out = {row.mail for row in answered}  # what was written for a reporter, though it may not have left yet
    out |= _returned(connection, case_id)
    theirs = {row.mail for row in answered if row.recipient == reader and row.state in (SENT, BOUNCED)}
    rows = connection.execute(_MAILS.where(message.c.case_id == case_id).limit(MOST * 4)).all()
    handed = {row.envelope_id for row in rows if row.authority.startswith(HANDED_ON)}
    inside = [r for r in rows if r.authority.startswith(("team", HANDED_ON)) or r.author in guests]
    internal = [row.envelope_id for row in inside if row.envelope_id not in out]
    known = {reader, *team}  # a member who was not recognised says it again
    others = [row for row in rows if row not in inside and row.author not in known]
    closed = {row.mail for row in answered if row.sealed} & theirs
    return Words(
        tuple(internal[:MOST]),
        tuple([e.envelope_id for e in rows if e.author == reader and e.envelope_id not in handed][:MOST]),
        _copies(connection, case_id),
        tuple([row.envelope_id for row in rows if row.envelope_id in closed][:MOST]),
        _sent(connection, (letter.c.recipient == reader) | _PUBLIC, MOST),
        (*(row.envelope_id for row in others[:ELSEWHERE]), *_elsewhere(connection, case_id, {reader, *team})),
        _sent(connection, letter.c.case_id != case_id, MOST),
        *_told(connection, case_id),
        tuple(_reasons(connection, case_id)),
        tuple(handed),
        tuple(_typed_elsewhere(connection, case_id)),
        _prepared_elsewhere(connection, case_id),
    )


def _returned(connection: Connection, case_id: str) -> set[int]:
    """Answers that were given back to their authors, who were asked to write them again."""
    named = keys.returned("")
    given_back = select(letter.c.dedupe).where(letter.c.case_id == case_id, letter.c.dedupe.startswith(named))
    identities = [one.removeprefix(named) for one in connection.execute(given_back).scalars()]
    query = select(envelope.c.id).where(envelope.c.identity.in_(_ANY))
    return {
        mail for part in parts(identities) for mail in connection.execute(query, {"named": part}).scalars()
    }


def _told(connection: Connection, case_id: str) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """The newest notices about the case, and as many letters about others, about all, or about the desk.

    Of those that were sent encrypted, what people or commands said in them.
    """
    notice, here = letter.c.kind == LetterKind.NOTICE, letter.c.case_id == case_id
    drafts = letter.c.kind == LetterKind.DRAFT
    about = ((notice | drafts) & here, letter.c.kind.in_(_LISTS) | (notice & here.is_not(True)))
    query = select(letter_bytes.c.content, letter.c.facts, letter.c.sealed).join(letter_bytes, OF_LETTER)
    newest = [query.where(one).order_by(letter.c.id.desc()).limit(MOST) for one in about]
    rows = [row for one in newest for row in connection.execute(one)]
    kept = [row for row in rows if row.facts.get("about") not in _TO_READ]
    said = [str(line) for row in kept if row.sealed for line in row.facts.get("said", ())]
    return tuple(row.content for row in kept if not row.sealed), ("\n".join(said),)


def _reasons(connection: Connection, *case_ids: str) -> Iterator[str]:
    """Why the cases were closed, or their promises paused: also where a command said so."""
    for one in case_ids:
        for what in (What.CLOSED, What.PROMISE_PAUSED):
            yield from (str(row.get("reason") or "") for row in journal.details(connection, one, what))


def _typed_elsewhere(connection: Connection, case_id: str) -> Iterator[str]:
    """What the team has worded for itself in other cases lately, by mail or on the command line."""
    facts = select(fact.c.value).where(fact.c.case_id != case_id, fact.c.name.in_(_INSIDE))
    yield from connection.execute(facts.order_by(fact.c.at.desc()).limit(MOST)).scalars()
    newest = select(case.c.id).where(case.c.id != case_id).order_by(case.c.opened.desc()).limit(ELSEWHERE)
    joined = select(case.c.id).where(case.c.joined_to == case_id)
    there = {*connection.execute(newest).scalars(), *connection.execute(joined).scalars()}
    yield from _reasons(connection, *there)


def _prepared_elsewhere(connection: Connection, case_id: str) -> tuple[str, ...]:
    """Texts for the public that were handed in on the command line in other cases, and are not out."""
    out = select(fact.c.case_id).where(fact.c.name == ANNOUNCED_AT)
    texts = select(fact.c.value).where(fact.c.case_id != case_id, fact.c.case_id.not_in(out))
    texts = texts.where(fact.c.name == PREPARED_TEXT, ~fact.c.value.startswith(IN_MAIL))
    return tuple(connection.execute(texts.order_by(fact.c.at.desc()).limit(PREPARED_THERE)).scalars())


def _elsewhere(connection: Connection, case_id: str, known: set[str]) -> tuple[int, ...]:
    """What the team has said among themselves in other cases lately, and what others have written there."""
    out = select(_ENVELOPE).where(letter.c.kind == LetterKind.ANSWER, _ENVELOPE.is_not(None))
    team = message.c.authority.startswith("team")
    other = _MAILS.where(message.c.case_id != case_id)
    queries = (
        other.where(team, message.c.envelope_id.not_in(out)),
        other.where(~team, message.c.author.not_in(known) | message.c.authority.startswith(HANDED_ON)),
    )
    found = [connection.execute(query.limit(ELSEWHERE)) for query in queries]
    apart = connection.execute(_APART).scalars()
    return (*(row.envelope_id for rows in found for row in rows), *apart)


def _sent(connection: Connection, which: ColumnElement[bool], most: int) -> tuple[bytes, ...]:
    """Letters to outsiders that were sent unencrypted, as they were, the newest first."""
    clear = letter.c.kind.in_(_OUT) & letter.c.state.in_((SENT, BOUNCED)) & ~letter.c.sealed
    return _newest(connection, which & clear, most)


def _copies(connection: Connection, case_id: str) -> tuple[bytes, ...]:
    of_case = (letter.c.case_id == case_id) & (letter.c.kind == LetterKind.COPY)
    return _newest(connection, of_case & ~letter.c.sealed, MOST)


def _newest(connection: Connection, which: ColumnElement[bool], most: int) -> tuple[bytes, ...]:
    query = select(letter_bytes.c.content).join(letter, OF_LETTER).where(which)
    return tuple(connection.execute(query.order_by(letter.c.id.desc()).limit(most)).scalars())
