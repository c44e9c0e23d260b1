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
from maild.core.values.address import normal
from maild.core.values.noticekind import NoticeKind
from maild.core.values.rule import Happening
from maild.core.words.command import Command, Obeyed
from maild.core.writing import notice, reporter

TRACKS = {"public": "in public", "private": "in private", "urgent": "urgently"}
RELEASES = {"next": "with the next release", "out-of-band": "in a release of its own"}
_CVE = re.compile(r"CVE-\d{4}-\d{4,19}")


def fact(command: Command, name: str, value: str, item: str = "") -> SetFact:
    """The change that records *value*: a word of a scale, a name or an instant."""
    return SetFact(command.case.id, name, value, command.by, item)


def _free(command: Command, name: str, text: str, said: str, item: str = "") -> Obeyed:
    """Record free *text*; of an encrypted case only which message has it (ruling 24)."""
    if command.case.sealed and command.mail is None:
        refused = f"{command.case.id} is encrypted; send it in an encrypted message to the team"
        return Obeyed(f"!{command.word.name}: {refused}")
    return Obeyed(said, (fact(command, name, command.private(text), item),))


def _stage(command: Command) -> Obeyed:
    wanted, process = command.word.rest.lower(), command.policy.process
    if why := stages.refusal(command.case, wanted, process):
        return Obeyed(f"!stage {wanted}: not done; {why}")
    end = command.case.record.embargo
    if wanted == "announced" and end and command.now < end:
        until = f"the embargo lasts until {end:%Y-%m-%d %H:%M} UTC; if it is out, say !leaked"
        return Obeyed(f"!stage announced: not done; {until}")
    applied = clocks.applied(
        command.case, command.case.record.value(SEVERITY), wanted, command.now, command.policy
    )
    if wanted == "announced":
        applied += clocks.of_case(command.case, Happening.ANNOUNCED, command.now, command.by, command.policy)
    moved = (fact(command, STAGE, wanted), *applied)
    if wanted != "announced":
        return Obeyed(f"{command.case.id} is now at the stage {wanted}.", moved)
    note = f"A draft of the closing note to the reporter {where(command)}; !send sends it."
    return Obeyed(f"{command.case.id} is now at the stage {wanted}. {note}", (*moved, *closing_note(command)))


def _verdict(command: Command) -> Obeyed:
    given, _, reason = command.word.rest.partition(" ")
    verdict = given.lower()
    if verdict not in VERDICTS:
        return Obeyed(f"!verdict: give one of {', '.join(VERDICTS)}")
    changes = [*judged(command, verdict), *_without_reason(command)]
    if verdict in (VULNERABILITY, "spam"):
        return Obeyed(f"{command.case.id} is {VERDICTS[verdict]}.", tuple(changes))
    drafted = draft(command, Draft(verdict, reason.strip()))
    said = f"{command.case.id} is {VERDICTS[verdict]}."
    return Obeyed(f"{said} {_draft_is(command, reason.strip())}", (*changes, *drafted))


def _draft_is(command: Command, reason: str = "") -> str:
    return f"A draft of the answer {where(command, reason)}; !send sends it."


def judged(command: Command, verdict: str) -> list[Change]:
    """The verdict, and the promises that it keeps."""
    kept = clocks.of_case(command.case, Happening.VERDICT, command.now, command.by, command.policy)
    return [fact(command, VERDICT, verdict), *kept]


def _without_reason(command: Command) -> list[Change]:
    """A verdict in other words takes the policy's reason back."""
    return [fact(command, REASON, "")] if command.case.record.value(REASON) else []


def not_a_bug(command: Command) -> Obeyed:
    """``!not-a-bug REASON``: the published sentence of a configured reason is drafted as the answer."""
    reasons = command.policy.process.reasons
    name = command.word.rest.strip().lower()
    if not reasons:
        return Obeyed("!not-a-bug: no reasons are configured ([[not_a_bug]] in maild.toml); see !verdict")
    if name not in reasons:
        return Obeyed(f"!not-a-bug: give one of {', '.join(reasons)}")
    verdict = reasons[name].verdict
    changes = [*judged(command, verdict), fact(command, REASON, name)]
    changes += draft(command, Draft("not-a-bug", reasons[name].text), published=True)
    said = f"{command.case.id} is {VERDICTS[verdict]} ({name})."
    return Obeyed(f"{said} {_draft_is(command)}", tuple(changes))


def _severity(command: Command) -> Obeyed:
    scale = command.policy.process.severities
    given = next((one for one in scale if one.lower() == command.word.rest.lower()), "")
    if not given:
        return Obeyed(f"!severity: give one of {', '.join(scale)}")
    handling = command.policy.process.handled(given)
    stage = command.case.record.value(STAGE)
    changes: list[Change] = [fact(command, SEVERITY, given)]
    changes += clocks.applied(command.case, given, stage, command.now, command.policy)
    if not command.case.record.value(TRACK):
        changes.append(fact(command, TRACK, handling.track))
    branches = " and ".join(command.policy.process.branches_for(given))
    fixes = f"fixed{f' on {branches}' if branches else ''} {RELEASES[handling.release]}"
    said = f"{command.case.id} is rated {given}: to be handled {TRACKS[handling.track]}, and {fixes}."
    late, told = _overdue(command, changes)
    public = handling.track == "public" and not command.case.record.value(OPEN)
    asks = " Your policy handles such cases in public: !in-the-open REASON does that." if public else ""
    return Obeyed(said + asks + late, (*changes, *told))


def _overdue(command: Command, changes: Sequence[Change]) -> tuple[str, list[Change]]:
    """What is said of promises that begin overdue: to the author of the word, and to the handlers."""
    begun = [one for one in changes if isinstance(one, StartClock) and one.waits]
    if not begun:
        return "", []
    first = min(begun, key=lambda one: one.due)
    case, until = command.case, f"{command.now + clocks.NOTICE:%Y-%m-%d %H:%M} UTC"
    names = " and ".join(dict.fromkeys(one.promise for one in begun))
    said = f" That makes {names} overdue since {first.due:%Y-%m-%d %H:%M} UTC; escalation begins at {until}."
    facts: dict[str, Detail] = {
        "promise": names,
        "due": first.due.isoformat(),
        "until": (command.now + clocks.NOTICE).isoformat(),
    }
    name = keys.notice(NoticeKind.OVERDUE_ALREADY, case.id, command.now.isoformat())
    people = [one for one in notice.concerned(case, "", command.policy) if one != command.contact]
    return said, notice.to_people(name, case.id, NoticeKind.OVERDUE_ALREADY, people, command.policy, facts)


def _track(command: Command) -> Obeyed:
    given = command.word.rest.lower()
    if given not in TRACKS:
        return Obeyed(f"!track: give one of {', '.join(TRACKS)}")
    if given == "public" and not command.case.answered:
        return Obeyed("!track public: not done; the reporter has not been answered yet")
    return Obeyed(f"{command.case.id} is on the {given} track.", (fact(command, TRACK, given),))


def _affects(command: Command) -> Obeyed:
    if not command.word.rest:
        return Obeyed("!affects: say which versions: !affects 4.0 to 4.2.1")
    return _free(
        command, AFFECTS, command.word.rest, f"The affected versions of {command.case.id} are recorded."
    )


def _whose(rest: str) -> tuple[str, str]:
    """The name in ``NAME for ADDRESS`` and the address, which may be missing."""
    *name, word, address = rest.split() if len(rest.split()) > 2 else ("", "", "")
    return (" ".join(name), normal(address)) if word.lower() == "for" and "@" in address else (rest, "")


def _credit(command: Command) -> Obeyed:
    name, address = _whose(command.word.rest)
    people = command.case.reporters
    if not name:
        return Obeyed("!credit: say how the reporter wants to be named, or: !credit nobody")
    if address and address not in people:
        return Obeyed(f"!credit: not done; {address} is not a reporter of {command.case.id}")
    if len(people) > 1 and not address:
        return Obeyed(f"!credit: not done; say for whom: !credit NAME for ADDRESS ({', '.join(people)})")
    item = reporter.item(command.case.id, address, command.policy) if len(people) > 1 else ""
    whose = f"How {address or 'the reporter'} wants to be credited in {command.case.id} is recorded."
    return _free(command, CREDIT, name, whose, item)


def _branch(command: Command) -> Obeyed:
    given = command.word.rest.split(maxsplit=2)
    known = command.policy.process.branches
    if len(given) < 2 or given[1].lower() not in ("fixed", WAIVED) or (known and given[0] not in known):
        some = f" (branches: {', '.join(known)})" if known else ""
        return Obeyed(f"!branch: write !branch NAME fixed, or !branch NAME waived REASON{some}")
    name, state = given[0], given[1].lower()
    if state == WAIVED and len(given) < 3:
        return Obeyed(f"!branch {name} waived: say why it gets no fix")
    kept = f"{state}: {given[2]}" if len(given) == 3 and not command.case.sealed else state
    done = (fact(command, BRANCH, kept, name), *_fixed(command, name))
    return Obeyed(f"Branch {name} of {command.case.id}: {state}.", done)


def _fixed(command: Command, name: str) -> list[Change]:
    """What it does to the promises when *name* was the last branch without a fix or a reason for none."""
    case = command.case
    wanted = command.policy.process.branches_for(case.record.value(SEVERITY))
    if set(wanted) - {name, *case.record.items(BRANCH)}:
        return []
    return clocks.of_case(case, Happening.FIXED, command.now, command.by, command.policy)


def _done(command: Command) -> Obeyed:
    checklist = command.policy.process.checklist
    step = command.word.rest.lower()
    if step not in checklist:
        return Obeyed(f"!done: give one of {', '.join(checklist)}")
    return Obeyed(f"Done in {command.case.id}: {checklist[step]}.", (fact(command, DONE, "done", step),))


def _cve(command: Command) -> Obeyed:
    given, _, reason = command.word.rest.partition(" ")
    if given.lower() == "request":
        return Obeyed(f"A CVE id for {command.case.id} has been requested.", (fact(command, CVE, REQUESTED),))
    if given.lower() == "none":
        said = f"{command.case.id} gets no CVE id."
        return (
            Obeyed(said, (fact(command, CVE, "none"),))
            if reason
            else Obeyed("!cve none: say why: !cve none REASON")
        )
    if not _CVE.fullmatch(given.upper()):
        return Obeyed("!cve: write !cve request, !cve CVE-2026-12345, or !cve none REASON")
    warning = "please do not name it in public before the announcement"
    said = f"{given.upper()} is recorded for {command.case.id}; {warning}."
    return Obeyed(said, (fact(command, CVE, given.upper()),))


def _cvss(command: Command) -> Obeyed:
    vector = command.word.rest.strip()
    try:
        kind = CVSS4 if vector.startswith("CVSS:4.0/") else CVSS3
        score = kind(vector).scores()[0] if kind is CVSS3 else kind(vector).base_score
    except CVSSError:
        return Obeyed(
            "!cvss: a vector of CVSS 3.1 or 4.0, such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
        )
    return Obeyed(f"The team's CVSS of {command.case.id} is {score}.", (fact(command, CVSS, vector),))


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
