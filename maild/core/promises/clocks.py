"""Starting, keeping and restoring the clocks of a case (rulings 7-9 and 12).

What a happening does is in the rules of the policy: it keeps every running promise that it meets, and starts
those that begin with it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from maild.core.change import Change
from maild.core.changes.promises import MeetClock, RestoreClock, StartClock, StopClock
from maild.core.facts.table import SEVERITY, STAGE
from maild.core.policy import Policy
from maild.core.promises import pausing
from maild.core.values.case import Case, Clock
from maild.core.values.rule import Happening, Rule

NOTICE = timedelta(hours=4)
"""How long people have when a word starts a promise that is overdue already."""


def start(case_id: str, rule: Rule, reporter: str, at: datetime, letter: int | None = None) -> StartClock:
    """The promise *rule* begins to run for *reporter* at the instant *at* (aware UTC)."""
    end = rule.due(at)
    return StartClock(case_id, rule.id, reporter, at, end, rule.next_look(at, end, at), letter)


def open_clocks(case_id: str, reporter: str, at: datetime, policy: Policy) -> tuple[StartClock, ...]:
    """The promises that a new report starts."""
    begun = (rule for rule in policy.rules if rule.starts is Happening.REPORT and rule.fits("", ""))
    return tuple(start(case_id, rule, reporter, at) for rule in begun)


def applied(case: Case, severity: str, stage: str, now: datetime, policy: Policy) -> list[Change]:
    """What a new severity or stage does: promises that apply no more stop, those that do now begin to run.

    One that begins with the report counts from it, less the time that the case was paused; any other from the
    word. Where that makes it overdue at once, people get ``NOTICE`` before anybody is called.
    """
    there = {clock.promise for clock in case.running()}
    kept = {clock.promise for clock in case.clocks if clock.met} - {r.id for r in policy.rules if r.every}
    gone = [c for c in case.running() if (r := policy.rule(c.promise)) and not r.fits(severity, stage)]
    changes: list[Change] = [StopClock(c.id, case.id, now, "does not apply") for c in gone]
    for rule in (one for one in policy.rules if one.id not in there | kept and one.conditional):
        if rule.fits(severity, stage):
            changes += [_begun_late(case, rule, reporter, now, policy) for reporter in case.reporters]
    return changes


def _begun_late(case: Case, rule: Rule, reporter: str, now: datetime, policy: Policy) -> StartClock:
    """A promise that a word starts; with a pause under way it waits as the others do."""
    if rule.starts is not Happening.REPORT:
        return pausing.begun(case, rule, start(case.id, rule, reporter, now), now, policy)
    began = start(case.id, rule, reporter, case.opened)
    end = rule.paused(began.due, (began.due, began.due + paused_for(case, now, policy)))
    look = rule.next_look(began.started, end, now)
    late = replace(began, due=end, look=look, waits=now + NOTICE if end <= now else None)
    return pausing.begun(case, rule, late, now, policy)


def paused_for(case: Case, now: datetime, policy: Policy) -> timedelta:
    """How long the promises of *case* were paused before *now*, as far as their deadlines show."""
    known = ((one, policy.rule(one.promise)) for one in case.clocks)
    due = ((pausing.so_far(one, rule, now), rule, one.started) for one, rule in known if rule)
    moved = (min(at - rule.due(started), rule.max_pause) for at, rule, started in due)
    return max(moved, default=timedelta(0))


def replied(
    case: Case,
    reporter: str,
    at: datetime,
    by: str,
    policy: Policy,
    letter: int | None = None,
    brief: bool = False,
) -> list[Change]:
    """A person wrote to *reporter*; a *brief* answer is none in detail: it keeps what a receipt keeps."""
    return happened(case, kind_of_answer(case, reporter, policy, brief), reporter, at, by, policy, letter)


def kind_of_answer(case: Case, reporter: str, policy: Policy, brief: bool) -> Happening:
    """What an answer to *reporter* counts as."""
    detailed = [c for c in case.running(reporter=reporter) if _wants_detail(policy.rule(c.promise))]
    return Happening.RECEIPT if brief and detailed else Happening.REPLY


def still_owed(changes: list[Change], also: Happening, policy: Policy) -> list[Change]:
    """*changes* of an act that is *also* something else: a promise that this keeps does not even begin."""
    kept = {rule.id for rule in policy.rules if also in rule.met_by}
    return [one for one in changes if not (isinstance(one, StartClock) and one.promise in kept)]


def owes_answer(case: Case, policy: Policy) -> bool:
    """Whether a reporter of *case* still waits for the first answer of a person (ruling 12)."""
    waiting = any(_wants_detail(policy.rule(clock.promise)) for clock in case.running())
    return bool(case.reporters) and (waiting or not case.answered)


def _wants_detail(rule: Rule | None) -> bool:
    """Whether the promise is the first answer of a person, which has to say something."""
    return rule is not None and rule.first_answer


def next_promise(policy: Policy, at: datetime) -> str:
    """The instant by which a person has promised to write, for the receipt; empty when nobody has."""
    rules = [r for r in policy.rules if r.starts is Happening.REPORT and r.public and r.fits("", "")]
    by_person = [rule.due(at) for rule in rules if rule.first_answer]
    return min(by_person).isoformat() if by_person else ""


def happened(
    case: Case,
    what: Happening,
    reporter: str,
    at: datetime,
    by: str,
    policy: Policy,
    letter: int | None = None,
) -> list[Change]:
    """What *what*, done by *by* for *reporter* at *at*, does to the clocks of *case*."""
    running = case.running(reporter=reporter)
    severity, stage = case.record.value(SEVERITY), case.record.value(STAGE)
    begun = [
        rule
        for rule in policy.rules
        if rule.starts is what and rule.fits(severity, stage) and _starts(rule, running)
    ]
    # An answer seen late (an older one in the Sent folder) never sets a younger update back.
    if any(c.started >= at for c in running if c.promise in {rule.id for rule in begun if rule.every}):
        return []
    met = [c for c in running if _keeps(c, what, at, policy)]
    kept: list[Change] = [MeetClock(c.id, case.id, at, by, letter, what) for c in met]
    new = ((rule, start(case.id, rule, reporter, at, letter)) for rule in begun)
    # What runs anew waits on with its pause; what a question starts does not: they asked knowing no pause.
    waits = (pausing.begun(case, rule, one, at, policy) if rule.every else one for rule, one in new)
    return [*kept, *waits]


def _keeps(clock: Clock, what: Happening, at: datetime, policy: Policy) -> bool:
    """Whether *what* at the instant *at* keeps the promise of *clock*.

    Nothing that was done before a question answers it. A promise that the configuration knows no more is kept
    by an answer: nobody is to be called for it for ever.
    """
    rule = policy.rule(clock.promise)
    if rule is None:
        return what is Happening.REPLY
    return what in rule.met_by and (rule.starts is Happening.REPORT or clock.started < at)


def _starts(rule: Rule, running: tuple[Clock, ...]) -> bool:
    """A recurring promise runs anew each time; any other only while it does not run already."""
    return rule.every or all(clock.promise != rule.id for clock in running)


def reopened(case: Case, at: datetime, policy: Policy) -> list[Change]:
    """What a case that is opened again owes: the updates if somebody has answered, else the first answer."""
    begins = Happening.REPLY if case.answered else Happening.REPORT
    severity, stage = case.record.value(SEVERITY), case.record.value(STAGE)
    about = [rule for rule in policy.rules if rule.fits(severity, stage)]
    owed = [r for r in about if r.starts is begins and Happening.REPLY in r.met_by]
    if begins is Happening.REPORT:
        owed = [rule for rule in owed if Happening.RECEIPT not in rule.met_by]
    owed += [rule for rule in about if rule not in owed and _owed_again(rule, case)]
    return [start(case.id, rule, reporter, at) for reporter in case.reporters for rule in owed]


def _owed_again(rule: Rule, case: Case) -> bool:
    """Whether a promise about the steps of the case runs anew: it was not kept, or only by the closing."""
    steps = {Happening.VERDICT, Happening.FIXED, Happening.ANNOUNCED, Happening.CLOSED} & rule.met_by
    met = any(one.promise == rule.id and one.met for one in case.clocks)
    return rule.starts is Happening.REPORT and bool(steps) and (not met or Happening.CLOSED in rule.met_by)


def receipt_bounced(case: Case, reporter: str, policy: Policy) -> list[Change]:
    """The receipt came back: what it had met runs to its old due instant again, unless a person wrote."""
    kept = {rule.id for rule in policy.rules if Happening.RECEIPT in rule.met_by}
    met = [c for c in case.clocks if c.promise in kept and c.reporter == reporter and c.met]
    return [] if case.answered else [RestoreClock(clock.id, case.id, "receipt bounced") for clock in met]


def of_case(case: Case, what: Happening, at: datetime, by: str, policy: Policy) -> list[Change]:
    """What a step of the case itself does to the promises to each of its reporters."""
    people = case.reporters or ("",)
    return [one for reporter in people for one in happened(case, what, reporter, at, by, policy)]


def answer_bounced(case: Case, letter: int, at: datetime) -> list[Change]:
    """An answer came back: what it had met runs again to its original due instant, what it started ends."""
    met = [RestoreClock(c.id, case.id, "answer bounced") for c in case.clocks if c.met_letter == letter]
    begun = [StopClock(c.id, case.id, at, "answer bounced") for c in case.clocks if c.start_letter == letter]
    return [*begun, *met]


def stop_all(case: Case, at: datetime, reason: str) -> list[Change]:
    """No promise of a closed case goes on."""
    return [StopClock(clock.id, case.id, at, reason) for clock in case.running()]


def ended(case: Case, at: datetime, by: str, policy: Policy, reason: str) -> list[Change]:
    """The case is closed: what that keeps is kept, and every other promise stops."""
    kept = [one for one in of_case(case, Happening.CLOSED, at, by, policy) if isinstance(one, MeetClock)]
    met = {one.clock for one in kept}
    return [*kept, *(StopClock(c.id, case.id, at, reason) for c in case.running() if c.id not in met)]
