"""Starting, meeting and restoring the clocks of a case (rulings 7-9 and 12)."""

from datetime import datetime

from maild.core.cases.case import Case
from maild.core.decision import Change, MeetClock, RestoreClock, StartClock, StopClock
from maild.core.policy import Policy, Promise


def start(
    case_id: str, promise: Promise, reporter: str, at: datetime, policy: Policy, letter: int | None = None
) -> StartClock:
    """*promise* begins to run for *reporter* at the instant *at* (aware UTC)."""
    return StartClock(case_id, promise, reporter, at, at + policy.promises[promise], letter)


def open_clocks(case_id: str, reporter: str, at: datetime, policy: Policy) -> tuple[StartClock, ...]:
    """The two promises that every new report starts."""
    promises = (Promise.ACKNOWLEDGE, Promise.RESPOND)
    return tuple(start(case_id, promise, reporter, at, policy) for promise in promises)


def answered(
    case: Case,
    reporter: str,
    at: datetime,
    by: str,
    policy: Policy,
    letter: int | None = None,
    brief: bool = False,
) -> list[Change]:
    """A person wrote to *reporter*: every running promise to him is met, and *update* starts anew.

    A *brief* answer is none in detail: *respond* runs on. An answer seen late (an older one in the Sent
    folder) never sets a younger *update* back.
    """
    running = case.running(reporter=reporter)
    if brief and case.running(Promise.RESPOND, reporter=reporter):
        early = case.running(Promise.ACKNOWLEDGE, reporter=reporter)
        return [MeetClock(clock.id, case.id, at, by, letter) for clock in early]
    if any(clock.promise is Promise.UPDATE and clock.started >= at for clock in running):
        return []
    changes: list[Change] = [MeetClock(clock.id, case.id, at, by, letter) for clock in running]
    return [*changes, start(case.id, Promise.UPDATE, reporter, at, policy, letter)]


def answer_bounced(case: Case, letter: int, at: datetime) -> list[Change]:
    """An answer came back: what it had met runs again to its original due instant, what it started ends."""
    met = [RestoreClock(c.id, case.id, "answer bounced") for c in case.clocks if c.met_letter == letter]
    begun = [StopClock(c.id, case.id, at, "answer bounced") for c in case.clocks if c.start_letter == letter]
    return [*begun, *met]


def receipt_accepted(case: Case, reporter: str, at: datetime) -> list[Change]:
    """The receipt was accepted by SMTP: *acknowledge* is met, and nothing else (ruling 1)."""
    return [
        MeetClock(c.id, case.id, at, "receipt") for c in case.running(Promise.ACKNOWLEDGE, reporter=reporter)
    ]


def receipt_bounced(case: Case, reporter: str) -> list[Change]:
    """The receipt came back: *acknowledge* runs again to its original due instant, unless a person wrote."""
    met = [c for c in case.clocks if c.promise is Promise.ACKNOWLEDGE and c.reporter == reporter and c.met]
    return [] if case.answered else [RestoreClock(clock.id, case.id, "receipt bounced") for clock in met]


def stop_all(case: Case, at: datetime, reason: str) -> list[Change]:
    """No promise of a closed case goes on."""
    return [StopClock(clock.id, case.id, at, reason) for clock in case.running()]
