"""What ``taken`` in answer to an escalation is about: the cases and the held mail that its letter names."""

from datetime import timedelta

from maild.core.cases import readers, vouched
from maild.core.cases.authority import Proved
from maild.core.cases.incoming import Incoming
from maild.core.changes.promises import TakeClocks
from maild.core.values.case import Case
from maild.core.words.command import Obeyed
from maild.core.words.reading import Word

TAKEN = timedelta(days=1)
"""How long escalation waits for somebody who has taken a case."""


def about(mail: Incoming, case: Case, word: Word) -> list[Case]:
    """The cases that *word* is about.

    A token proves its member for one case only, and a signature for those that its text names: which letter
    is answered stands outside of it (ruling 14).
    """
    every = word.name == "taken" and not _by_token(mail)
    listed = mail.known.listed.cases if mail.known.listed and every else ()
    return [case, *(one for one in listed if one.id != case.id and _meant(mail, one))]


def _meant(mail: Incoming, case: Case) -> bool:
    """Whether it was written about *case* too: named in it, or told by what was signed of what it answers."""
    if case.id in mail.facts.text or case.id in readers.signed_subject(mail):
        return True
    proved = mail.author.proved
    if proved is Proved.SIGNATURE and not vouched.holds(mail):
        return False
    by_exchanger = proved in (Proved.SIGNATURE, Proved.EXCHANGER)
    return not (by_exchanger and readers.may_answer_another(mail.facts))


def beside(mail: Incoming, case: Case, word: Word) -> list[Obeyed]:
    """What comes of *word* beside its cases: the held mail that it takes, and what it leaves as it is."""
    done = [held(mail)] if takes_held(mail, word) else []
    left = _left(mail, case) if word.name == "taken" else []
    how = "mention it in a signed message, or reply to a message of that case"
    return [*done, *([Obeyed(f"taken: not done for {', '.join(left)}; {how}.")] if left else [])]


def takes_held(mail: Incoming, word: Word) -> bool:
    """Whether *word* is about held mail."""
    listed = mail.known.listed
    return word.name == "taken" and listed is not None and bool(listed.held) and not _by_token(mail)


def held(mail: Incoming) -> Obeyed:
    """The ladders of the held mail that the answered letter tells of wait."""
    assert mail.known.listed
    until = mail.event.arrival.at + TAKEN
    taken = TakeClocks("", until, mail.author.authority, mail.known.listed.held)
    when = f"{until:%Y-%m-%d %H:%M} UTC"
    said = f"The messages in quarantine are yours to look at; their escalation is paused until {when}."
    return Obeyed(said, (taken,))


def _left(mail: Incoming, case: Case) -> list[str]:
    listed = mail.known.listed
    if listed is None:
        return []
    held = ["the messages in quarantine"] if listed.held and _by_token(mail) else []
    cases = (one for one in listed.cases if one.id != case.id)
    return [*(one.id for one in cases if _by_token(mail) or not _meant(mail, one)), *held]


def _by_token(mail: Incoming) -> bool:
    return mail.author.proved is Proved.TOKEN
