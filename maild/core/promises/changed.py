"""What a changed configuration means for promises that run: one rule, told by ``check`` and at each reload.

A deadline stays as it was when its promise began, whatever the limit is now. A promise that was taken out
runs on without reminders until somebody answers the reporter or closes the case; one about messages in
quarantine until they are released or rejected. A new one begins with the next report, or with the word or
event that starts it.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from maild.core.policy import Policy
from maild.core.values.case import Clock


def lines(running: Iterable[Clock], paused: Collection[int], policy: Policy) -> list[str]:
    """One line a promise whose *running* clocks are not what they would be now; *paused*: the ever paused."""
    found: Counter[tuple[str, str]] = Counter()
    stays = "the deadlines stay as they were"
    for clock in running:
        rule = policy.rule(clock.promise)
        if rule is None:
            end = "a reply or the case" if clock.mail is None else "the release or rejection of its message"
            found[clock.promise, f"is no longer configured, and ends with {end}"] += 1
        elif clock.id not in paused and rule.due(clock.started) != clock.due:
            found[clock.promise, f"has another limit now ({rule.words}); {stays}"] += 1
    return [f"{name} (running: {count}) {what}" for (name, what), count in found.items()]
