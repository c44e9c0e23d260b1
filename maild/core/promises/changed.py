"""What a changed configuration means for promises that run: one rule, told by ``check`` and at each reload.

A deadline stays as it was when its promise began, whatever the limit is now. A promise that was taken out
runs on without reminders until somebody answers the reporter or closes the case. A new one begins with the
next report, or with the word or event that starts it.
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
            found[clock.promise, "is no longer configured, and ends with a reply or the case"] += 1
        elif clock.id not in paused and rule.due(clock.started) != clock.due:
            found[clock.promise, f"has another limit now ({rule.words}); {stays}"] += 1
    return [f"{name} (running: {count}) {what}" for (name, what), count in found.items()]
