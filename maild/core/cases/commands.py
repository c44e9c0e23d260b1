"""What each word of the team does. One function a word; a word that cannot be obeyed changes nothing.

Words that change state need a good signature with the case named inside the signed text; with the author's
address alone only ``!status``, ``!handler me`` and ``taken`` are heard (ruling 19).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from maild.core.candidates.said import CaseCandidates, MemberCandidates
from maild.core.cases import absence, closing, elsewhere, handling, heading, looking, outsidercommands, taking
from maild.core.cases import keys as reporter_keys
from maild.core.cases.applied import applied
from maild.core.cases.authority import signed_in_place, signer
from maild.core.cases.freshness import named
from maild.core.cases.incoming import Incoming
from maild.core.change import CaseReopened, Change, MergeCase
from maild.core.decision import Decision
from maild.core.disclosure import (
    drafts,
    opening,
    preparing,
    recording,
    stages,
)
from maild.core.disclosure import outward as outward_texts
from maild.core.disclosure.joining import differences, joined
from maild.core.due import embargo, law, olddates, publication, reporterdate, watch
from maild.core.event import Doubt, MemberSaid, OperatorSaid
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Notice
from maild.core.policy import Policy
from maild.core.promises import clocks, pausing
from maild.core.values.case import Case, CaseState
from maild.core.values.noticekind import NoticeKind
from maild.core.words import reading
from maild.core.words.binding import bound
from maild.core.words.command import Command, Obeyed
from maild.core.words.reading import Word
from maild.core.writing import notice, owing


def obey(mail: Incoming, case: Case, said: tuple[Word, ...]) -> list[Change]:
    """Carry out the words of a member's mail to the team, and answer him by one short letter."""
    signed = proved_inside(mail, case)
    results, known = [], {case.id: case}
    orders = [(word, about) for word in said for about in taking.about(mail, case, word)]
    for word, about in orders:
        here = known.get(about.id, about)
        results.append(_one(mail, here, word, signed))
        known[about.id] = applied(here, results[-1].changes, mail.event.arrival.at)
    results += [more for word in said for more in taking.beside(mail, case, word)]
    changes = [change for result in results for change in result.changes]
    return [*changes, *_answer(mail, case, results)]


def obey_apart(mail: Incoming, said: tuple[Word, ...]) -> list[Change]:
    """The words of a member's mail that belongs to no case: about himself, or about held mail."""
    results = [_one_apart(mail, word) for word in said]
    changes = [change for result in results for change in result.changes]
    return [*changes, *_answer(mail, None, results)]


def _one_apart(mail: Incoming, word: Word) -> Obeyed:
    if taking.takes_held(mail, word):
        return taking.held(mail)
    if not word.own:
        return Obeyed(f"!{word.name}: not done; reply to a message of the case that it is about")
    if signer(mail.event.opened, mail.policy) is None:
        return Obeyed(f"!{word.name}: not done; {_sign(mail)}")
    name = mail.author.member.name if mail.author.member else ""
    by, at = mail.author.authority, mail.event.arrival.at
    return _absence(word, name, by, mail.policy, at, mail.known.handles)


def _absence(
    word: Word, name: str, by: str, policy: Policy, now: datetime, handles: Sequence[Case]
) -> Obeyed:
    if word.name == "back":
        return Obeyed(*absence.back(name, by, policy.team, now))
    return Obeyed(*absence.away(name, word.rest, by, policy, now, handles))


def of_member(event: MemberSaid, known: MemberCandidates, policy: Policy, now: datetime) -> Decision:
    """An operator's word about a member; what could not be obeyed is the refusal."""
    result = _absence(event.word, event.member, event.by, policy, now, known.handles)
    return Decision(result.changes, refusal="" if result.changes else result.said, said=result.said)


def proved_inside(mail: Incoming, case: Case) -> bool:
    """Whether the text is signed by the member and names the case (or a token of it) inside.

    In a mail that a person had to let in the signature was no proof, or was used before.
    """
    signed = signer(mail.event.opened, mail.policy) is not None
    return signed and named(mail, case) and not mail.event.released


def _sign(mail: Incoming) -> str:
    """What a member whose command needs a signature is asked to do."""
    if not signed_in_place(mail.event.opened, mail.policy):
        return "sign your message"
    why = "a signature within the text, or on a file alone, does not cover the whole message"
    return f"{why}; sign with PGP/MIME"


def _one(mail: Incoming, case: Case, word: Word, signed: bool) -> Obeyed:
    does = WORDS.get(word.name)
    if does is None:
        return Obeyed(f"!{word.name}: no such command; {reading.meant(word.name)}")
    if word.own and signer(mail.event.opened, mail.policy):
        signed = True  # it is about its author: there is no case to name
    if not word.free and not signed:
        return Obeyed(f"!{word.name}: not done; {_sign(mail)} and mention {case.id} in its text")
    member, opened = mail.author.member, mail.event.opened
    signing = signer(opened, mail.policy)
    command = Command(
        word=word,
        case=case,
        by=mail.author.authority,
        name=member.name if member else "",
        now=mail.event.arrival.at,
        policy=mail.policy,
        other=mail.known.named,
        people=mail.known.reporters or mail.known.correspondents,
        mail=mail.event.arrival.envelope,
        identity=mail.event.arrival.identity,
        contact=member.contact if member else "",
        below=mail.below,
        attached=mail.attached,
        signer=signing.name if signing and signed else "",
        named=mail.known.announced,
        guests=tuple(guest for guest in mail.guests if guest != mail.reporter),
        other_guests=mail.known.other_guests,
        told=mail.told,
        offered=mail.known.offered,
        mails=mail.known.mails,
        waiting=mail.known.waiting,
        passed=mail.known.passed,
        handles=mail.known.handles,
        doubtful=mail.event.arrival.doubt is not Doubt.NONE,
        encrypted=mail.facts.sealed,
    )
    return does(command)


def by_operator(event: OperatorSaid, known: CaseCandidates, policy: Policy, now: datetime) -> Decision:
    """The same words from the command line; what could not be obeyed is the refusal."""
    does = WORDS.get(event.word.name)
    if known.case is None or does is None:
        return Decision(refusal=f"there is no case {event.case_id}; `maild cases --all` lists them")
    if known.case.joined_to:
        return Decision(refusal=f"!{event.word.name}: not done; {known.case.gone_on}")
    about = (event.word, known.case, event.by, "", now, policy, known.other, known.people)
    command = Command(
        *about,
        guests=known.guests,
        other_guests=known.other_guests,
        told=known.told,
        offered=known.offered,
        mails=known.mails,
        passed=known.passed,
    )
    result = does(command)
    done = result.informed or bool(result.changes)
    return Decision(result.changes, refusal="" if done else result.said, said=result.said)


def _answer(mail: Incoming, case: Case | None, results: list[Obeyed]) -> list[Change]:
    """One letter with what each command did; of an encrypted case encrypted, or with no word of the case."""
    member = mail.author.member
    if member is None:
        return []
    encrypted = case is not None and (case.sealed or mail.facts.sealed)
    said = [result.said for result in results]
    if case is not None and encrypted and not member.fingerprint:
        done = (result.informed or bool(result.changes) for result in results)
        said = [f"{case.id}: {'done' if one else 'not done'}." for one in done]
    letter = owing.letter(
        LetterKind.NOTICE,
        keys.words(mail.event.arrival.identity),
        member.contact,
        Notice(NoticeKind.WORDS, {"said": said}),
        mail.policy.desk,
        case_id=case.id if case else "",
        sealed=encrypted and bool(member.fingerprint),
        in_reply_to=mail.facts.message_id,
    )
    return [letter]


def _status(command: Command) -> Obeyed:
    running = ", ".join(_running(command))
    answered = "answered" if command.case.answered else "not answered yet"
    who = command.case.handler or "nobody"
    case, process = command.case, command.policy.process
    lines = [f"{case.id}: {case.state}, {answered}, handled by {who}; {running or 'no promise runs'}."]
    if len(case.reporters) > 1:
        numbered = (f"{number} {one}" for number, one in enumerate(case.reporters, 1))
        lines.append(f"  reporters: {', '.join(numbered)}")
    lines += [f"  [{'x' if done else ' '}] {step}" for done, step in stages.steps(case, process)]
    lines += outward_texts.approval(case, command.policy.team)
    lines += watch.lines(case, command.policy, command.now)
    return Obeyed("\n".join(lines), informed=True)


def _running(command: Command) -> Iterator[str]:
    """Each promise that runs; of several reporters it says to which."""
    people = command.case.reporters
    for clock in command.case.running():
        several = len(people) > 1 and clock.reporter in people
        whose = f" (reporter {people.index(clock.reporter) + 1} of {len(people)})" if several else ""
        yield heading.promised(clock, command.now) + whose


def _pause(command: Command) -> Obeyed:
    given = reading.until(command.word.rest, command.now)
    if given is None or not given[0]:
        return Obeyed("!pause: say why and how long: !pause waiting for the vendor until 2026-12-24")
    if clocks.owes_answer(command.case, command.policy) or not command.case.answered:
        return Obeyed("!pause: not done; the reporter has not been answered yet")
    reason, end = given
    moved = pausing.pause(command.case, reason, end, command.by, command.policy, command.now)
    if not moved:
        return Obeyed("!pause: no running promise can be paused (any longer) for this reason")
    names = {clock.id: clock.promise for clock in command.case.clocks}
    waits = [f"{names[one.clock]} until {one.paused_until:%Y-%m-%d %H:%M} UTC" for one in moved]
    name = keys.notice(NoticeKind.PAUSED, command.case.id, command.now.isoformat())
    told = notice.tell(name, command.case.id, NoticeKind.PAUSED, command.policy, {"waits": waits})
    kept = (replace(one, reason=command.private(reason)) for one in moved)
    return Obeyed(f"{command.case.id} is paused: {', '.join(waits)}.", (*kept, *told))


def _resume(command: Command) -> Obeyed:
    moved = pausing.resume(command.case, command.by, command.policy, command.now)
    return Obeyed(
        f"The promises of {command.case.id} are running again." if moved else "Nothing was paused.", moved
    )


def _reopen(command: Command) -> Obeyed:
    if command.case.state is CaseState.OPEN:
        return Obeyed(f"{command.case.id} is open.")
    if command.case.joined_to:
        return Obeyed(f"!{command.word.name}: not done; {command.case.gone_on}")
    started = clocks.reopened(command.case, command.now, command.policy)
    return Obeyed(
        f"{command.case.id} is open again.", (CaseReopened(command.case.id, command.now, "by word"), *started)
    )


def _duplicate(command: Command) -> Obeyed:
    if command.other is None or command.other.id == command.case.id:
        return Obeyed("!duplicate: give the number of another case that exists: !duplicate EX-7KQ2M9")
    if command.other.state is CaseState.CLOSED:
        return Obeyed(f"!duplicate: {command.other.id} is closed; reopen it first")
    merged = MergeCase(command.case.id, command.other.id, command.now, command.by)
    said = f"{command.case.id} is joined to {command.other.id}; the promises to its reporters go on."
    said = "\n".join((said, *(f"Note: {one}" for one in differences(command, command.other))))
    return Obeyed(said, (*joined(command, command.other), merged))


def _of_author(command: Command) -> Obeyed:
    return _absence(command.word, command.name, command.by, command.policy, command.now, command.handles)


DOES = {
    "status": _status,
    "pause": _pause,
    "resume": _resume,
    "not-spam": _reopen,
    "reopen": _reopen,
    "duplicate": _duplicate,
    "away": _of_author,
    "back": _of_author,
}
"""The function of each command here (`core.words.table`)."""
WORDS: Mapping[str, Callable[[Command], Obeyed]] = bound(
    DOES,
    closing.DOES,
    handling.DOES,
    looking.DOES,
    reporter_keys.DOES,
    elsewhere.DOES,
    outsidercommands.DOES,
    recording.DOES,
    drafts.DOES,
    embargo.DOES,
    preparing.DOES,
    publication.DOES,
    olddates.DOES,
    opening.DOES,
    law.DOES,
    reporterdate.DOES,
)
"""What each command of the table does."""
