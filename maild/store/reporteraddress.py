"""Another address for a reporter of a case: what was theirs goes on under it (ruling 16)."""

from datetime import datetime

from sqlalchemy import Connection, insert, update

from maild.core.change import MoveReporter
from maild.core.journal import What
from maild.core.values.ids import named
from maild.core.values.people import Audience, Side
from maild.store import journal
from maild.store.database import secret
from maild.store.schema import clock, fact, message, participant


def reporter(connection: Connection, change: MoveReporter, now: datetime) -> None:
    """Carry out *change*: the participant, the promises, the messages and the facts about this reporter."""
    person = (participant.c.address == change.old) & (participant.c.side == Side.REPORTER)
    here = person & (participant.c.case_id == change.case_id)
    moved = update(participant).where(here).values(address=change.new, token=change.token)
    if not connection.execute(moved).rowcount:
        row = {"case_id": change.case_id, "address": change.new, "token": change.token, "since": now}
        row |= {"side": Side.REPORTER, "audience": Audience.REPORTER}
        connection.execute(insert(participant), row)
    theirs = (clock.c.case_id == change.case_id) & (clock.c.reporter == change.old)
    connection.execute(update(clock).where(theirs).values(reporter=change.new))
    if change.old:
        wrote = (message.c.case_id == change.case_id) & (message.c.author == change.old)
        connection.execute(update(message).where(wrote).values(author=change.new))
        before, after = (named(secret(connection), change.case_id, one) for one in (change.old, change.new))
        about = (fact.c.case_id == change.case_id) & (fact.c.item == before)
        connection.execute(update(fact).where(about).values(item=after))
    journal.write(connection, now, change.case_id, What.REPORTER_MOVED, {"by": change.by})
