"""The team's words about the road to disclosure. One function a word; each records what people decided."""

import re
from collections.abc import Sequence

from cvss import CVSS3, CVSS4, CVSSError

from maild.core.change import Change
from maild.core.changes.promises import StartClock
from maild.core.disclosure import stages
from maild.core.disclosure.drafts import closing_note, draft, where
from maild.core.disclosure.verdicts import VERDICTS, VULNERABILITY
from maild.core.facts.change import SetFact
from maild.core.facts.record import REQUESTED, WAIVED
from maild.core.facts.table import (
    AFFECTS,
    BRANCH,
    CREDIT,
    CVE,
    CVSS,
    DONE,
    OPEN,
    REASON,
    SEVERITY,
    STAGE,
    TRACK,
    VERDICT,
)
from maild.core.letters import keys
from maild.core.letters.payloads import Detail, Draft
from maild.core.promises import clocks
from maild.core.values.about import About
from maild.core.values.address import normal
from maild.core.values.rule import Happening
from maild.core.words.order import Obeyed, Order
from maild.core.writing import notice, reporter

TRACKS = {"public": "in public", "private": "in private", "urgent": "urgently"}
RELEASES = {"next": "with the next release", "out-of-band": "in a release of its own"}
_CVE = re.compile(r"CVE-\d{4}-\d{4,19}")


def fact(order: Order, name: str, value: str, item: str = "") -> SetFact:
    """The change that records *value*: a word of a scale, a name or an instant."""
    return SetFact(order.case.id, name, value, order.by, item)


def _free(order: Order, name: str, text: str, said: str, item: str = "") -> Obeyed:
    """Record free *text*; of an encrypted case only which message has it (ruling 24)."""
    if order.case.sealed and order.mail is None:
        return Obeyed(
            f"!{order.word.name}: {order.case.id} is encrypted; send it in an encrypted message to the team"
        )
    return Obeyed(said, (fact(order, name, order.private(text), item),))


def _stage(order: Order) -> Obeyed:
    wanted, process = order.word.rest.lower(), order.policy.process
    if why := stages.refusal(order.case, wanted, process):
        return Obeyed(f"!stage {wanted}: not done; {why}")
    end = order.case.record.embargo
    if wanted == "announced" and end and order.now < end:
        until = f"the embargo lasts until {end:%Y-%m-%d %H:%M} UTC; if it is out, say !leaked"
        return Obeyed(f"!stage announced: not done; {until}")
    applied = clocks.applied(order.case, order.case.record.value(SEVERITY), wanted, order.now, order.policy)
    if wanted == "announced":
        applied += clocks.of_case(order.case, Happening.ANNOUNCED, order.now, order.by, order.policy)
    moved = (fact(order, STAGE, wanted), *applied)
    if wanted != "announced":
        return Obeyed(f"{order.case.id} is now at the stage {wanted}.", moved)
    note = f"A draft of the closing note to the reporter {where(order)}; !send sends it."
    return Obeyed(f"{order.case.id} is now at the stage {wanted}. {note}", (*moved, *closing_note(order)))


def _verdict(order: Order) -> Obeyed:
    given, _, reason = order.word.rest.partition(" ")
    verdict = given.lower()
    if verdict not in VERDICTS:
        return Obeyed(f"!verdict: one of {', '.join(VERDICTS)}")
    changes = [*judged(order, verdict), *_without_reason(order)]
    if verdict in (VULNERABILITY, "spam"):
        return Obeyed(f"{order.case.id} is {VERDICTS[verdict]}.", tuple(changes))
    drafted = draft(order, Draft(verdict, reason.strip()))
    said = f"{order.case.id} is {VERDICTS[verdict]}."
    return Obeyed(f"{said} {_draft_is(order, reason.strip())}", (*changes, *drafted))


def _draft_is(order: Order, reason: str = "") -> str:
    return f"A draft of the answer {where(order, reason)}; !send sends it."


def judged(order: Order, verdict: str) -> list[Change]:
    """The verdict, and the promises that it keeps."""
    kept = clocks.of_case(order.case, Happening.VERDICT, order.now, order.by, order.policy)
    return [fact(order, VERDICT, verdict), *kept]


def _without_reason(order: Order) -> list[Change]:
    """A verdict in other words takes the policy's reason back."""
    return [fact(order, REASON, "")] if order.case.record.value(REASON) else []


def not_a_bug(order: Order) -> Obeyed:
    """``!not-a-bug REASON``: the published sentence of a configured reason is drafted as the answer."""
    reasons = order.policy.process.reasons
    name = order.word.rest.strip().lower()
    if not reasons:
        return Obeyed("!not-a-bug: no reasons are configured ([[not_a_bug]] in maild.toml); see !verdict")
    if name not in reasons:
        return Obeyed(f"!not-a-bug: one of {', '.join(reasons)}")
    verdict = reasons[name].verdict
    changes = [*judged(order, verdict), fact(order, REASON, name)]
    changes += draft(order, Draft("not-a-bug", reasons[name].text), published=True)
    said = f"{order.case.id} is {VERDICTS[verdict]} ({name})."
    return Obeyed(f"{said} {_draft_is(order)}", tuple(changes))


def _severity(order: Order) -> Obeyed:
    scale = order.policy.process.severities
    given = next((one for one in scale if one.lower() == order.word.rest.lower()), "")
    if not given:
        return Obeyed(f"!severity: one of {', '.join(scale)}")
    handling = order.policy.process.handled(given)
    stage = order.case.record.value(STAGE)
    changes: list[Change] = [fact(order, SEVERITY, given)]
    changes += clocks.applied(order.case, given, stage, order.now, order.policy)
    if not order.case.record.value(TRACK):
        changes.append(fact(order, TRACK, handling.track))
    branches = ", ".join(order.policy.process.branches_for(given))
    fixes = f"fixed{f' on {branches}' if branches else ''} {RELEASES[handling.release]}"
    said = f"{order.case.id} is {given}: handled {TRACKS[handling.track]}, {fixes}."
    late, told = _overdue(order, changes)
    public = handling.track == "public" and not order.case.record.value(OPEN)
    asks = " Your policy handles such cases in public: !in-the-open REASON does that." if public else ""
    return Obeyed(said + asks + late, (*changes, *told))


def _overdue(order: Order, changes: Sequence[Change]) -> tuple[str, list[Change]]:
    """What is said of promises that begin overdue: to the author of the word, and to the handlers."""
    begun = [one for one in changes if isinstance(one, StartClock) and one.waits]
    if not begun:
        return "", []
    first = min(begun, key=lambda one: one.due)
    case, until = order.case, f"{order.now + clocks.NOTICE:%Y-%m-%d %H:%M} UTC"
    names = " and ".join(dict.fromkeys(one.promise for one in begun))
    said = f" That makes {names} overdue since {first.due:%Y-%m-%d %H:%M} UTC; escalation begins at {until}."
    facts: dict[str, Detail] = {
        "promise": names,
        "due": first.due.isoformat(),
        "until": (order.now + clocks.NOTICE).isoformat(),
    }
    name = keys.notice(About.OVERDUE_ALREADY, case.id, order.now.isoformat())
    people = [one for one in notice.concerned(case, "", order.policy) if one != order.contact]
    return said, notice.to_people(name, case.id, About.OVERDUE_ALREADY, people, order.policy, facts)


def _track(order: Order) -> Obeyed:
    given = order.word.rest.lower()
    if given not in TRACKS:
        return Obeyed(f"!track: one of {', '.join(TRACKS)}")
    if given == "public" and not order.case.answered:
        return Obeyed("!track public: not done; the reporter has not been answered yet")
    return Obeyed(f"{order.case.id} is on the {given} track.", (fact(order, TRACK, given),))


def _affects(order: Order) -> Obeyed:
    if not order.word.rest:
        return Obeyed("!affects: say which versions: !affects 4.0 to 4.2.1")
    return _free(order, AFFECTS, order.word.rest, f"The affected versions of {order.case.id} are recorded.")


def _whose(rest: str) -> tuple[str, str]:
    """The name in ``NAME for ADDRESS`` and the address, which may be missing."""
    *name, word, address = rest.split() if len(rest.split()) > 2 else ("", "", "")
    return (" ".join(name), normal(address)) if word.lower() == "for" and "@" in address else (rest, "")


def _credit(order: Order) -> Obeyed:
    name, address = _whose(order.word.rest)
    people = order.case.reporters
    if not name:
        return Obeyed("!credit: say how the reporter wants to be named, or: !credit nobody")
    if address and address not in people:
        return Obeyed(f"!credit: not done; {address} is not a reporter of {order.case.id}")
    if len(people) > 1 and not address:
        return Obeyed(f"!credit: not done; say for whom: !credit NAME for ADDRESS ({', '.join(people)})")
    item = reporter.item(order.case.id, address, order.policy) if len(people) > 1 else ""
    whose = f"How {address or 'the reporter'} wants to be credited in {order.case.id} is recorded."
    return _free(order, CREDIT, name, whose, item)


def _branch(order: Order) -> Obeyed:
    given = order.word.rest.split(maxsplit=2)
    known = order.policy.process.branches
    if len(given) < 2 or given[1].lower() not in ("fixed", WAIVED) or (known and given[0] not in known):
        some = f" (branches: {', '.join(known)})" if known else ""
        return Obeyed(f"!branch: !branch NAME fixed, or !branch NAME waived REASON{some}")
    name, state = given[0], given[1].lower()
    if state == WAIVED and len(given) < 3:
        return Obeyed(f"!branch {name} waived: say why it gets no fix")
    kept = f"{state}: {given[2]}" if len(given) == 3 and not order.case.sealed else state
    done = (fact(order, BRANCH, kept, name), *_fixed(order, name))
    return Obeyed(f"Branch {name} of {order.case.id}: {state}.", done)


def _fixed(order: Order, name: str) -> list[Change]:
    """What it does to the promises when *name* was the last branch without a fix or a reason for none."""
    case = order.case
    wanted = order.policy.process.branches_for(case.record.value(SEVERITY))
    if set(wanted) - {name, *case.record.items(BRANCH)}:
        return []
    return clocks.of_case(case, Happening.FIXED, order.now, order.by, order.policy)


def _done(order: Order) -> Obeyed:
    checklist = order.policy.process.checklist
    step = order.word.rest.lower()
    if step not in checklist:
        return Obeyed(f"!done: one of {', '.join(checklist)}")
    return Obeyed(f"Done in {order.case.id}: {checklist[step]}.", (fact(order, DONE, "done", step),))


def _cve(order: Order) -> Obeyed:
    given, _, reason = order.word.rest.partition(" ")
    if given.lower() == "request":
        return Obeyed(f"A CVE id for {order.case.id} has been requested.", (fact(order, CVE, REQUESTED),))
    if given.lower() == "none":
        said = f"{order.case.id} gets no CVE id."
        return Obeyed(said, (fact(order, CVE, "none"),)) if reason else Obeyed("!cve none: say why")
    if not _CVE.fullmatch(given.upper()):
        return Obeyed("!cve: !cve request, !cve CVE-2026-12345, or !cve none REASON")
    said = (
        f"{given.upper()} is recorded for {order.case.id}; name it in no public text before the announcement."
    )
    return Obeyed(said, (fact(order, CVE, given.upper()),))


def _cvss(order: Order) -> Obeyed:
    vector = order.word.rest.strip()
    try:
        kind = CVSS4 if vector.startswith("CVSS:4.0/") else CVSS3
        score = kind(vector).scores()[0] if kind is CVSS3 else kind(vector).base_score
    except CVSSError:
        return Obeyed(
            "!cvss: a vector of CVSS 3.1 or 4.0, such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
        )
    return Obeyed(f"The team's CVSS of {order.case.id} is {score}.", (fact(order, CVSS, vector),))


DOES = {
    "stage": _stage,
    "verdict": _verdict,
    "not-a-bug": not_a_bug,
    "severity": _severity,
    "track": _track,
    "affects": _affects,
    "branch": _branch,
    "done": _done,
    "cve": _cve,
    "cvss": _cvss,
    "credit": _credit,
}
"""The function of each command here (`core.words.table`)."""
