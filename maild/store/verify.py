"""Whether the database agrees with itself: one finding a fault, with what to do about it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from maild.core.change import Verdict
from maild.core.letters import kinds
from maild.core.policy import Policy
from maild.core.values.people import Side
from maild.core.values.rule import Happening
from maild.store import envelopes, ledger, letters, sound
from maild.store.database import get_setting
from maild.store.schema import case, clock, envelope, letter, location, message, participant, raw

OK = "ok"
WARNING = "warning"
FAULT = "fault"
RESTORE = "stop maild and put the last good backup back (`maild restore FILE`)"
ASK = "keep a copy of the database (`maild backup FILE`) and report this as a bug of maild"
SOME = 5
"""How many numbers a line names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``ok``, ``warning`` or ``fault``, and a sentence with the mending step."""

    what: str
    state: str
    text: str


Found = Iterator[tuple[str, str]]
"""States and texts; nothing when all is well."""


def findings(connection: Connection, policy: Policy) -> list[Finding]:
    """Every check, in an order in which a later one can rely on those before."""
    found = []
    for what, (good, look) in LOOKS.items():
        faults = [Finding(what, state, text) for state, text in look(connection, policy)]
        found += faults or [Finding(what, OK, good)]
        if what == "file" and faults:
            break  # nothing that is read from a damaged file means anything
    return found


def _file(connection: Connection, policy: Policy) -> Found:  # noqa: ARG001 - every look has both
    for one in sound.of(connection).damage(connection, SOME):
        yield FAULT, f"{one}; {RESTORE}"


def _links(connection: Connection, policy: Policy) -> Found:  # noqa: ARG001 - every look has both
    for (table, parent), count in Counter(sound.of(connection).orphans(connection)).items():
        yield (
            FAULT,
            f"rows of {table} ({count}) belong to a {parent} that is not there; {ASK}, then {RESTORE}",
        )


def _secret(connection: Connection, policy: Policy) -> Found:  # noqa: ARG001 - every look has both
    if not get_setting(connection, "secret"):
        yield FAULT, f"the secret that all names are derived from is missing; {RESTORE}"


def _journal(connection: Connection, policy: Policy) -> Found:  # noqa: ARG001 - every look has both
    engine = sound.of(connection)
    if engine.guarded(connection) != engine.guards:
        yield FAULT, f"the journal is no longer append-only: somebody removed its guard; {RESTORE}"
    if fault := ledger.verify(connection).fault:
        yield FAULT, f"{fault}: somebody changed the database by hand, or it is damaged; {RESTORE}"


def _without_clock(connection: Connection, policy: Policy) -> Found:
    """Every promise that begins with a report has a clock for each reporter of each open case."""
    people = select(participant.c.case_id, participant.c.address).join(
        case, case.c.id == participant.c.case_id
    )
    people = people.where(case.c.state == "open", participant.c.side == Side.REPORTER).distinct()
    joined = {row.id: row.joined_to for row in connection.execute(select(case.c.id, case.c.joined_to))}
    there = connection.execute(select(clock.c.case_id, clock.c.reporter, clock.c.promise)).all()
    has = {(_last(joined, row.case_id), row.reporter, row.promise) for row in there}
    begun = [rule.id for rule in policy.rules if rule.starts is Happening.REPORT]
    for row in connection.execute(people):
        for promise in begun:
            if (row.case_id, row.address, promise) not in has:
                yield (
                    WARNING,
                    f"case {row.case_id}: there is no deadline for {promise}. That is right if it is "
                    f"newer than the case; otherwise keep it in mind yourself (`maild show {row.case_id}`)",
                )


def _last(joined: dict[str, str | None], case_id: str) -> str:
    """The case that *case_id* was joined to in the end; what was met before stays where it was."""
    for _ in joined:
        into = joined.get(case_id)
        if not into:
            break
        case_id = into
    return case_id


def _without_promise(connection: Connection, policy: Policy) -> Found:
    known = [rule.id for rule in policy.rules]
    running = clock.c.met.is_(None) & clock.c.stopped.is_(None) & clock.c.promise.not_in(known)
    for name, count in connection.execute(
        select(clock.c.promise, func.count()).where(running).group_by(clock.c.promise)
    ):
        yield (
            WARNING,
            f"deadlines run ({count}) for {name}, a promise that is not in maild.toml: they are escalated in "
            f"the default order and end with an answer. Put the promise back, or close the cases",
        )


def _letters(connection: Connection, policy: Policy) -> Found:  # noqa: ARG001 - every look has both
    yield from _rows(
        connection,
        letter.c.id,
        letter.c.kind.in_(kinds.of_case()) & letter.c.case_id.is_(None),
        f"letters of no case: %s; {ASK}",
    )


def _mail(connection: Connection, policy: Policy) -> Found:  # noqa: ARG001 - every look has both
    done = envelope.c.state == envelopes.DONE
    no_raw = envelope.c.id.not_in(select(raw.c.envelope_id))
    rows: tuple[tuple[ColumnElement[bool], str], ...] = (
        (done & envelope.c.verdict.is_(None), f"handled messages without a verdict: %s; {ASK}"),
        (
            done & (envelope.c.verdict == Verdict.REPORT) & envelope.c.case_id.is_(None),
            f"reports without a case: %s; `maild export NUMBER` shows each message, and {ASK}",
        ),
        (~done & no_raw, f"messages that are still to be handled have no text: %s; {RESTORE}"),
    )
    for where, text in rows:
        yield from _rows(connection, envelope.c.id, where, text)
    lost = message.c.envelope_id.is_(None) & (message.c.authority != "maild")
    yield from _rows(
        connection, message.c.id, lost, f"messages of a case that were never received: %s; {ASK}"
    )
    yield from _rows(
        connection,
        location.c.uid,
        location.c.envelope_id.is_(None),
        f"places in the mailbox (UIDs) without a message: %s; {ASK}",
    )


def _waiting(connection: Connection, policy: Policy) -> Found:  # noqa: ARG001 - every look has both
    """What is whole and yet waits for somebody."""
    if count := envelopes.count(connection, envelopes.SHUNTED):
        yield WARNING, f"messages set aside ({count}): `maild shunted`, then `maild retry`"
    if count := letters.count(connection, letters.PARKED):
        yield WARNING, f"letters that may have been sent already ({count}): `maild outbox`, then `maild send`"


def _rows(connection: Connection, number: ColumnElement[int], where: ColumnElement[bool], text: str) -> Found:
    found = list(connection.execute(select(number).where(where).order_by(number)).scalars())
    if found:
        more = f" and {len(found) - SOME} more" if len(found) > SOME else ""
        yield FAULT, text % (", ".join(str(one) for one in found[:SOME]) + more)


LOOKS: dict[str, tuple[str, Callable[[Connection, Policy], Found]]] = {
    "file": ("the file is not damaged", _file),
    "rows": ("every row that names another one finds it", _links),
    "secret": ("the desk's secret is there", _secret),
    "journal": ("the journal is complete, and every deadline agrees with it", _journal),
    "promises": ("every promise to a reporter has its deadline", _without_clock),
    "clocks": ("every running deadline belongs to a promise", _without_promise),
    "letters": ("every letter to or about a reporter has its case", _letters),
    "mail": ("every message has its text, its verdict and its place in the mailbox", _mail),
    "waiting": ("nothing is set aside, and no letter waits because it may have been sent", _waiting),
}
