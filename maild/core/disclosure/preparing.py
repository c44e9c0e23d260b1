"""Texts for outsiders, prepared by a word (``!predisclose``, ``!announce``) and approved by two members."""

import re
from collections.abc import Iterator
from datetime import datetime

from maild.core.candidates.said import CaseCandidates
from maild.core.change import Change, OweLetter
from maild.core.decision import Decision
from maild.core.disclosure import files, sending
from maild.core.disclosure.dated import names_date
from maild.core.disclosure.listed import CVE_ID, crowded, frame, unmet
from maild.core.disclosure.outward import (
    EYES,
    IN_MAIL,
    UNSET,
    Outward,
    Terms,
    approvers,
    goes_at,
    judged_since,
    other_key,
    outdated,
    outward,
    stands,
    terms,
    unapproved,
)
from maild.core.disclosure.secrecy import PUBLIC
from maild.core.event import TextPrepared
from maild.core.facts.change import SetFact
from maild.core.facts.table import (
    APPROVED,
    CVE,
    PREPARED,
    PREPARED_AT,
    PREPARED_DATE,
    PREPARED_FOR,
    PREPARED_FRAME,
    PREPARED_KEY,
    PREPARED_TEXT,
    STAGE,
)
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Prepared
from maild.core.mail.answer import Answer, tells
from maild.core.mail.text import disarmed
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.targets import ANNOUNCEMENT
from maild.core.words.command import Command, Obeyed
from maild.core.words.reading import Word, stray
from maild.core.writing import owing

LOST = (
    "your message may be from before a backup was restored. Look at the text again (!status names what is"
    " prepared), and approve it in a new message, five minutes after the restore or later"
)
"""Whatever two approved then, what has become another since may have been lost."""
_LETTER = r"[^\s<>()\[\],;:\"']"
_ADDRESS = re.compile(f"(?<!{_LETTER}){_LETTER}+@{_LETTER}+")


def prepared(event: TextPrepared, known: CaseCandidates, policy: Policy, now: datetime) -> Decision:
    """A text from the command line; approving it is still the members' own."""
    if known.case is None:
        return Decision(refusal=f"there is no case {event.case_id}; `maild cases --all` lists them")
    if known.case.joined_to:
        return Decision(refusal=f"nothing was prepared; {known.case.gone_on}")
    listed = event.item != ANNOUNCEMENT
    word = Word("predisclose", event.item) if listed else Word("announce")
    command = Command(
        word,
        known.case,
        event.by,
        "",
        now,
        policy,
        below=event.text,
        rests=event.rests,
        named=known.announced,
    )
    result = predisclose(command) if listed else announce(command)
    return Decision(result.changes, refusal="" if result.changes else result.said, said=result.said)


def predisclose(command: Command) -> Obeyed:
    """``!predisclose LIST``: the text below becomes the letter to a list, with date, TLP and terms added."""
    name, case = _rest(command), command.case
    one = command.policy.targets.listed(name)
    if one is None:
        known = ", ".join(each.id for each in command.policy.targets.predisclosure)
        return Obeyed(f"!predisclose: {f'give one of {known}' if known else 'no list is configured'}")
    if lacks := [*unmet(one, case, command.policy.process, command.now), *crowded(command.below, case)]:
        return Obeyed(f"!predisclose {name}: not done; missing: {'; '.join(lacks)}")
    at = case.record.embargo
    return prepare(command, name, frame(one, case, told=bool(command.rests)), at.isoformat() if at else "")


def announce(command: Command) -> Obeyed:
    """``!announce``: the text below becomes the announcement; ``!announce now`` sends the approved one."""
    if _rest(command).lower() == "now":
        return sending.now(command)
    if not command.policy.targets.mailed():
        return Obeyed("!announce: no list is configured that it could be mailed to")
    if sending.begun(command.case, command.policy):
        return Obeyed(f"!announce: not done; the announcement of {command.case.id} is out already")
    cve = command.case.record.value(CVE).upper()
    if CVE_ID.fullmatch(cve) and cve not in command.below.upper() and command.below:
        return Obeyed(f"!announce: not done; the text does not name {cve}")
    at = command.case.record.embargo
    return prepare(
        command,
        ANNOUNCEMENT,
        "",
        at.isoformat() if at and names_date(command.below, command.policy.phrases) else "",
    )


def approve(command: Command) -> Obeyed:
    """``!approve DIGEST``: a member stands for exactly this text, by his own signature over both."""
    if not command.signer:
        return Obeyed("!approve: not done; only a member's own PGP signature approves, no command can")
    if command.doubtful:
        return Obeyed(f"!approve: not done; {LOST}")
    digest, case = _rest(command).lower(), command.case
    found = [item for item, given in case.record.items(PREPARED).items() if given == digest]
    if not found:
        known = ", ".join(f"{item} {given}" for item, given in case.record.items(PREPARED).items())
        return Obeyed(
            f"!approve: not done; no text of {case.id} has this digest. Prepared: {known or 'none'}"
        )
    item = found[0]
    if lacks := _void_by_now(command, item):
        return Obeyed(f"!approve: not done; missing: {lacks[0]}")
    names = approvers(case.record, item, command.policy.team)
    if command.signer in names:
        return Obeyed(f"You had approved this text for {item}; it counts once.", informed=True)
    count = len(names) + 1
    said = f"Approved for {item}: {count} of {EYES}." + ("" if count < EYES else f" {_goes(command, item)}")
    member = next(one for one in command.policy.team.members if one.name == command.signer)
    approval = SetFact(case.id, APPROVED, stands(digest, member), command.by, f"{item}/{member.name}")
    return Obeyed(said, (approval,))


def _void_by_now(command: Command, item: str) -> list[str]:
    """What has become another since the text was prepared, so that nobody can approve it any more."""
    listed = command.policy.targets.listed(item)
    if outdated(command.case, item) or judged_since(command.case, item):
        return unapproved(command.case, item, command.policy.team)
    return other_key(command.case, listed) if listed else []


def _goes(command: Command, item: str) -> str:
    at = command.case.record.embargo
    one = command.policy.targets.listed(item)
    if one:
        due = goes_at(command.case.record, item, command.policy.targets, command.now)
        return f"It goes out on {due:%Y-%m-%d %H:%M} UTC." if due else "It goes out now."
    if item == ANNOUNCEMENT and (at is not None and sending.asks(command.case, at, command.now)):
        return "Nothing goes out by itself now: say !announce now, signed."
    return f"It goes out on {at:%Y-%m-%d %H:%M} UTC." if at else "It goes out at the instant of !embargo."


def _rest(command: Command) -> str:
    """What stands behind the word, without the case that may be named there."""
    return " ".join(command.word.rest.replace(command.case.id, " ").split())


def prepare(command: Command, item: str, frame: str, date: str) -> Obeyed:
    """The text is kept, every approval of another one is void, and the members get it with its digest."""
    case, word = command.case, command.word.name
    made = _made(command, item, frame)
    if not command.below or made is None:
        return Obeyed(f"!{word}: write the text below the command, its subject first (Subject: …)")
    if fault := _fault(command, item, made):
        return Obeyed(f"!{word}: not done; {fault}")
    new = {
        PREPARED: made.digest,
        PREPARED_TEXT: command.rests or f"{IN_MAIL}{command.mail}",
        PREPARED_FRAME: frame,
        PREPARED_DATE: date,
        PREPARED_KEY: made.terms.key,
        PREPARED_FOR: made.terms.instant,
        PREPARED_AT: made.terms.prepared,
    }
    changes: list[Change] = [SetFact(case.id, name, value, command.by, item) for name, value in new.items()]
    if case.record.value(PREPARED, item) != made.digest:
        changes += _void(command, item)
    text = "text of the announcement" if item == ANNOUNCEMENT else f"text for the list {item}"
    digests = f"The {text} is prepared, and the members get it for approval. Its digest: {made.digest}"
    return Obeyed(digests + _files_told(command, made), (*changes, *_shown(command, item, made)))


def _files_told(command: Command, made: Outward) -> str:
    """What becomes of the files that came with the text."""
    count = len(files.along(command.attached))
    if not count or command.rests:
        return ""
    how = "they go along, and the digest names them" if made.files else "not sent; files go to lists only"
    return f"\nFiles attached to it: {count}; {how}."


def _made(command: Command, item: str, frame: str) -> Outward | None:
    """The letter; prepared again without any change it stays the one that was, with its approvals."""
    case, targets = command.case, command.policy.targets
    listed, at, before = targets.listed(item), case.record.embargo, terms(case.record, item)
    attached = files.lines(files.along(command.attached)) if not command.rests else ()
    key, instant = listed.fingerprint if listed else "", at.isoformat() if at else UNSET
    if (key, instant) == (before.key, before.instant) and not judged_since(case, item):
        same = outward(case.id, item, command.below, frame, targets, before, attached)
        if same and same.digest == case.record.value(PREPARED, item):
            return same
    anew = Terms(key, instant, command.now.isoformat())
    return outward(case.id, item, command.below, frame, targets, anew, attached)


def _void(command: Command, item: str) -> Iterator[Change]:
    for name in command.case.record.items(APPROVED):
        if name.startswith(f"{item}/"):
            yield SetFact(command.case.id, APPROVED, "", command.by, name)


def _tag(command: Command, item: str) -> str:
    one = command.policy.targets.listed(item)
    return one.subject_tag if one else ""


def _fault(command: Command, item: str, made: Outward) -> str:
    """What is wrong with a text whoever approves it; empty when nothing is."""
    whole = f"{made.subject}\n{made.text}"
    if not made.subject.removeprefix(_tag(command, item)).strip():
        return "the text begins with a line for its subject (Subject: …)"
    if disarmed(whole) != whole:
        return "it holds characters that nobody sees, who approves it"
    if _internal(command, made):
        return "it, or a file with it, holds what is for the team only (a case number, a word, an address)"
    others = [one for one in command.named if one.id != command.case.id and not _public(one)]
    # Which encrypted case has the id is told in no unencrypted letter.
    private = {one.id for one in others if one.sealed and not command.case.sealed}
    if named := ["an encrypted case" if one.id in private else one.id for one in others]:
        return f"it names the CVE id of {', '.join(named)}, which is not announced"
    return ""


def _public(case: Case) -> bool:
    return case.record.value(STAGE) in PUBLIC


def _internal(command: Command, made: Outward) -> bool:
    whole = f"{made.subject}\n{made.text}"
    desk = command.policy.desk
    private = [
        one for one in _ADDRESS.findall(whole) if desk.owns(one) and desk.subaddress in one.partition("@")[0]
    ]
    return (
        command.case.id in whole
        or bool(desk.subaddress and private)
        or stray(made.text)
        or tells(
            Answer(whole, files.along(command.attached)), command.policy.private_addresses, _own(command)
        )
    )


def _own(command: Command) -> tuple[str, ...]:
    """The addresses of whoever wrote it, with which they may sign a patch."""
    return next((one.addresses for one in command.policy.team.members if one.name == command.name), ())


def _shown(command: Command, item: str, made: Outward) -> Iterator[OweLetter]:
    """The exact text to every member: what came encrypted to those with a key, who alone can approve."""
    desk, case = command.policy.desk, command.case
    for member in command.policy.team.members:
        if command.sealed and not member.fingerprint:
            continue
        address = member.addresses[0]
        says = Prepared(item, made.digest, None if command.rests else command.mail)
        key = keys.prepared(case.id, item, made.digest, command.now, address)
        yield owing.letter(
            LetterKind.PREPARED, key, address, says, desk, case_id=case.id, sealed=command.sealed
        )


DOES = {"predisclose": predisclose, "announce": announce, "approve": approve}
"""The function of each command here (`core.words.table`)."""
