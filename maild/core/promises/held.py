"""The look at held mail: a promise without a case, begun by the quarantine and kept by a person's word.

It follows the verdict, whoever gave it: a rule, a bounce, the command line, a move between folders.
"""

from dataclasses import replace
from datetime import datetime

from maild.core.change import Change, Keep, Verdict
from maild.core.changes.promises import MeetClock, StartClock, StopClock
from maild.core.decision import Decision
from maild.core.policy import Policy
from maild.core.values.case import Clock
from maild.core.values.rule import Happening, Rule

WAITS = frozenset({Verdict.QUARANTINE, Verdict.HELD})
"""The verdicts that wait for a person's look."""
JUDGED_BY_PEOPLE = WAITS | {Verdict.REJECTED}
"""What a person may release or reject; a verdict on a case's mail is not taken back so."""


def follow(
    decision: Decision,
    running: tuple[Clock, ...],
    since: datetime,
    now: datetime,
    looked: str,
    policy: Policy,
) -> Decision:
    """*decision* with what its verdicts do to the clocks of held mail.

    *running*: those of the mail it is about. A mail that is put aside waits *since* then (aware UTC).
    *looked*: the person who looked, empty where a mail only turned out to be something else.
    """
    changes: list[Change] = []
    for kept in (one for one in decision.changes if isinstance(one, Keep)):
        own = [clock for clock in running if clock.mail == kept.envelope]
        if kept.verdict in WAITS:
            begun = {clock.promise for clock in own}
            changes += [start(kept.envelope, rule, since) for rule in rules(policy) if rule.id not in begun]
        elif kept.verdict is not Verdict.WAITING:
            changes += [_end(clock, now, looked) for clock in own]
    return replace(decision, changes=(*decision.changes, *changes))


def rules(policy: Policy) -> tuple[Rule, ...]:
    """The promises about held mail."""
    return tuple(rule for rule in policy.rules if rule.starts is Happening.HELD)


def start(envelope: int, rule: Rule, since: datetime) -> StartClock:
    """The promise *rule* begins to run for a held mail."""
    end = rule.due(since)
    return StartClock("", rule.id, "", since, end, rule.next_look(since, end, since), mail=envelope)


def _end(clock: Clock, now: datetime, looked: str) -> Change:
    if looked:
        return MeetClock(clock.id, "", now, looked, what=Happening.LOOKED)
    return StopClock(clock.id, "", now, "no longer held")
