"""What to do with a key that a reporter offers (ruling 25): remembered, merged, or offered to the team.

Whoever holds a key can sign it and encrypt with it: neither proves whose it is.
"""

from maild.core.cases import freshness, readers, vouched
from maild.core.cases.authority import Standing
from maild.core.cases.incoming import Incoming
from maild.core.change import (
    Change,
    ClearFlag,
    SetFlag,
    UseSignature,
)
from maild.core.changes.keys import ForgetKey, OfferKey, RememberKey, UseKey
from maild.core.letters import keys as letter_keys
from maild.core.letters.payloads import Detail
from maild.core.mail.offered import OfferedKey, Source
from maild.core.values.case import Case, Flag
from maild.core.words.command import Command, Obeyed
from maild.core.writing import notice
from maild.core.writing.answering import HELD_NO_KEY


def offered(mail: Incoming, case: Case, keys: tuple[OfferedKey, ...]) -> list[Change]:
    """Changes for the *keys* that an outsider's mail in *case* offered."""
    if mail.author.standing is not Standing.OUTSIDE or not mail.reporter:
        return []
    known = mail.known.known_key
    refused = [change for key in keys if key.refused for change in _refused(mail, case, key)]
    usable = [key for key in keys if key.can_encrypt and key.names_author and not key.refused]
    same = [key for key in keys if known and key.fingerprint == known]
    if same:
        return [*refused, *_again(mail, case, same[0])]
    return [*refused, *(_learned(mail, case, usable[0]) if usable else ())]


def _again(mail: Incoming, case: Case, key: OfferedKey) -> list[Change]:
    """The known key once more, merged with what was kept of it."""
    if key.revoked:
        gone = ForgetKey(case.id, mail.reporter, key.fingerprint, HELD_NO_KEY)
        return [gone, *_tell(case, Flag.KEY_REVOKED, key.fingerprint, mail)]
    if mail.facts.authentication.dmarc_failed or not key.can_encrypt:
        return []
    return [_remember(mail, case, key, proved=False)]


def _learned(mail: Incoming, case: Case, key: OfferedKey) -> list[Change]:
    """A key that was not known: taken, where something speaks for it, else offered."""
    known, forged = mail.known.known_key, mail.facts.authentication.dmarc_failed
    sealed = case.sealed or mail.facts.sealed
    # An old post of theirs, sent again by somebody else, must not bring back a key that they gave up.
    by_key = mail.author.authority == "reporter" and not mail.known.replayed and freshness.fresh(mail)
    by_exchanger = _vouched(mail, key)
    opens = mail.known.opens and not known and mail.known.their_key in ("", key.fingerprint)
    if not forged and (by_key or opens or (by_exchanger and not sealed)):
        used = [UseSignature(mail.facts.signatures, mail.event.arrival.envelope)] if by_key else []
        return [*used, _remember(mail, case, key, proved=by_key or by_exchanger)]
    offer = OfferKey(
        case_id=case.id,
        address=mail.reporter,
        fingerprint=key.fingerprint,
        source=key.source,
        seals=_seals(mail, key),
        minimal=key.minimal,
        envelope=mail.event.arrival.envelope,
    )
    return [offer, *_tell(case, Flag.KEY_CHANGED if known else Flag.KEY_OFFERED, key.fingerprint, mail)]


def _vouched(mail: Incoming, key: OfferedKey) -> bool:
    """Whether our exchanger vouches for a key: its word is for what their mail server signed, and lately.

    Autocrypt is a field that hardly any server signs, so that anybody may add one to what they once wrote.
    """
    if not mail.facts.authentication.author:
        return False
    signed = readers.replayable(mail.facts)
    if signed is None:
        return True
    there = signed.whole and (key.source is Source.ATTACHED or "autocrypt" in signed.fields)
    return there and "date" in signed.fields and vouched.lately(mail)


def _refused(mail: Incoming, case: Case, key: OfferedKey) -> list[Change]:
    """The team reads why a key that came by mail was not taken."""
    envelope = mail.event.arrival.envelope
    shown = OfferKey(case.id, mail.reporter, "", key.source, False, b"", envelope, key.refused)
    return [shown, *_tell(case, Flag.KEY_REFUSED, key.refused, mail)]


def _remember(mail: Incoming, case: Case, key: OfferedKey, proved: bool) -> RememberKey:
    return RememberKey(
        case.id, mail.reporter, key.fingerprint, key.source, _seals(mail, key), key.minimal, proved
    )


def _seals(mail: Incoming, key: OfferedKey) -> bool:
    """Autocrypt alone encrypts only with prefer-encrypt=mutual or when they wrote encrypted."""
    return mail.facts.sealed or key.mutual or key.source is Source.ATTACHED


def _tell(case: Case, what: Flag, about: str, mail: Incoming) -> list[Change]:
    """The case is flagged, and the handlers hear of each key once."""
    name = letter_keys.notice(case.id, what, about)
    facts: dict[str, Detail] = {"why" if what is Flag.KEY_REFUSED else "fingerprint": about}
    return [SetFlag(case.id, what), *notice.tell(name, case.id, what, mail.policy, facts)]


def usekey(command: Command) -> Obeyed:
    """``!usekey FINGERPRINT``: a member vouches for a key that was offered in the case."""
    wanted = command.word.rest.replace(" ", "").upper().removeprefix("0X")
    found = [one for one in command.offered if wanted and one.fingerprint == wanted]
    if not found:
        there = ", ".join(dict.fromkeys(one.fingerprint for one in command.offered))
        if not there:
            return Obeyed(f"!usekey: no key that is not in use yet was offered in {command.case.id}")
        return Obeyed(f"!usekey: give the whole fingerprint of a key offered in {command.case.id}: {there}")
    used = [UseKey(command.case.id, one.address, one.fingerprint, command.by) for one in found]
    flags = (Flag.KEY_CHANGED, Flag.KEY_OFFERED)
    cleared = [ClearFlag(command.case.id, flag) for flag in flags if flag in command.case.flags]
    said = f"Answers to {found[0].address} are encrypted to {wanted} from now on."
    return Obeyed(f"{said} What is held for want of a key: `maild outbox`.", (*used, *cleared))


DOES = {"usekey": usekey}
