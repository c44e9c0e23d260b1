"""Reactions and recalls: nobody has written a word, so nothing is answered, relayed or reopened by them."""

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.change import CaseReopened, OpenCase, OweLetter
from maild.core.mail.gestures import REACTION, RECALL, gesture
from maild.core.mail.mime import parse
from maild.core.values.case import CaseState
from tests.support import mails
from tests.support.deciding import RITA, arrived, case, met, token
from tests.support.members import RELAY, Way, decided
from tests.support.phrases import PHRASES

QUOTED = (
    "________________________________\nFrom: Desk <security@project.example>\nSent: Monday\n\nIt crashes.\n"
)
PAGE = {"Content_Type": "text/html; charset=utf-8"}
GMAIL = (
    "Anna reacted via Gmail\n\nOn Mon, Desk wrote:\n> hi\n--b\nContent-Type: text/vnd.google.email-reaction+json"
    '\n\n{"emoji": "👍", "version": 1}\n--b--\n'
)
REACTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "Outlook": (f"Anna Member reacted to your message:\n{QUOTED}", {}),
    "Outlook, with the picture's name": (f"[like]  Anna Member reacted to your message:\n\n{QUOTED}", {}),
    "Outlook, as a page": (
        '<table><tr><td><img alt="0" src=""></td><td><span>Anna</span> <span>reacted to your message:</span>'
        "</td></tr></table><hr><div><b>From:</b> Desk</div><div>It crashes.</div>",
        PAGE,
    ),
    "an emoji in front": (f"👍 Anna reacted to your message:\n\n{QUOTED}", {}),
    "German": ("Anna hat auf Ihre Nachricht reagiert:\n\nVon: Desk\n", {}),
    "French": ("Anna a réagi à votre message :\n\nDe : Desk\n", {}),
    "Gmail": (
        f"--b\nContent-Type: text/plain\n\n{GMAIL}",
        {"Content_Type": "multipart/alternative; boundary=b"},
    ),
    "Gmail, without its part": ("Anna reacted via Gmail\n\nOn Mon, Desk <d@x.example> wrote:\n> hi\n", {}),
    "a field": ("👍\n", {"X_MS_Reactions": "like"}),
}
RECALLS: dict[str, tuple[str, dict[str, str]]] = {
    "English": ('Anna would like to recall the message, "Re: Overflow".\n', {"subject": "Recall: Overflow"}),
    "German": ('Anna möchte die Nachricht "Re: Overflow" zurückrufen.\n', {"subject": "Rückruf: Overflow"}),
    "French": ("Anna souhaite rappeler le message « Overflow ».\n", {"subject": "Rappel : Overflow"}),
}
GESTURES = {**REACTIONS, **{f"recall, {name}": row for name, row in RECALLS.items()}}
WORDS: dict[str, tuple[str, dict[str, str]]] = {
    "words below": (f"Anna reacted to your message:\nand I add that 1.2 has the fix.\n\n{QUOTED}", {}),
    "a sentence": ("Our bot reacted to your message by closing it; sorry for that.\n", {}),
    "a recall with words": (
        'I would like to recall the message, "Overflow".\nHere is the right patch.\n',
        {"subject": "Recall: Overflow"},
    ),
    "a field that forbids reactions": ("We can reproduce it.\n", {"X_MS_Reactions": "disallow"}),
}


def said(text: str, about: dict[str, str]) -> str:
    """What the mail is taken for."""
    root = parse(mails.plain(**{"text": text, **about})).root
    return gesture(root.headers, root, PHRASES)


@pytest.mark.parametrize("name", GESTURES)
def test_a_gesture_is_known(name: str) -> None:
    """In the words of programs, and by their marks."""
    assert said(*GESTURES[name]) == (REACTION if name in REACTIONS else RECALL)


@pytest.mark.parametrize(
    ("disposition", "found"),
    [("inline; filename=like.png", REACTION), ("attachment", REACTION), ("attachment; filename=a.patch", "")],
)
def test_a_file_beside_a_gesture_is_an_answer(disposition: str, found: str) -> None:
    """A picture that the program shows within it is none."""
    text = (
        "--b\nContent-Type: text/plain\n\nAnna Member reacted to your message:\n"
        f"--b\nContent-Type: image/png\nContent-Disposition: {disposition}\n\nx\n--b--\n"
    )
    assert said(text, {"Content_Type": "multipart/mixed; boundary=b"}) == found


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("like", REACTION),
        ("Heart;Anna", REACTION),
        ("allow", ""),
        ("Disallow", ""),
        ("deny", ""),
        (" ", ""),
    ],
)
def test_a_field_that_names_an_emoji_is_a_gesture(field: str, found: str) -> None:
    """One that only allows them is on everybody's mail."""
    assert said("We can reproduce it.\n", {"X_MS_Reactions": field}) == found


@pytest.mark.parametrize("name", WORDS)
def test_words_are_never_taken_for_a_gesture(name: str) -> None:
    """Whoever adds a line of their own has written."""
    assert said(*WORDS[name]) == ""


@pytest.mark.parametrize("name", GESTURES)
def test_a_members_gesture_is_no_answer(name: str) -> None:
    """It keeps no promise and goes nowhere; without a thread it opens no case."""
    text, about = GESTURES[name]
    decision = decided(Way(), text, **about)
    assert met(decision) == []
    assert not any(isinstance(change, OweLetter) for change in decision.changes)
    alone = decided(Way(audience=""), text, **about)
    assert not any(isinstance(change, OpenCase | OweLetter) for change in alone.changes)


@pytest.mark.parametrize("name", GESTURES)
def test_a_reporters_gesture_reopens_nothing(name: str) -> None:
    """A closed case stays closed."""
    text, about = GESTURES[name]
    raw = mails.plain(**{"text": text, **about})
    closed = case(state=CaseState.CLOSED, reporters=(RITA,))
    decision = arrived(raw, MailCandidates("EX-777777", by_token=token(closed)), policy=RELAY)
    assert not any(isinstance(change, CaseReopened) for change in decision.changes)
