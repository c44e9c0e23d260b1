"""Encrypted mail in a closed case: what it says counts once it was decrypted (ruling 12)."""

from dataclasses import replace

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.change import CaseReopened
from maild.core.changes.promises import StartClock
from maild.core.decision import Decision
from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, Form, Opened
from maild.core.values.case import CaseState
from maild.core.values.rule import Happening, Rule
from tests.support import mails
from tests.support.deciding import SEALED, arrived, case, opened_later
from tests.support.members import RELAY

ANSWER = Rule("answer", RELAY.rules[0].limit, Happening.QUESTION, frozenset({Happening.REPLY}))
ASKED = replace(RELAY, rules=(*RELAY.rules, ANSWER))
KEY = b"""MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
Thanks!\r
--b\r
Content-Type: application/pgp-keys; name=key.asc\r
Content-Disposition: attachment; filename=key.asc\r
\r
-----BEGIN PGP PUBLIC KEY BLOCK-----\r
--b--\r
"""


def inside(raw: bytes, state: CaseState, decryption: Decryption = Decryption.OK) -> Decision:
    """What follows when *raw* was found in a reporter's encrypted message."""
    one = case(state=state, sealed=True)
    whole = Opened(parse(raw), Form.PGP_MIME, decryption)
    return opened_later(SEALED, whole, MailCandidates("EX-777777", current=one), policy=ASKED)


def reopened(decision: Decision) -> bool:
    """Whether the case is open again."""
    return any(isinstance(one, CaseReopened) for one in decision.changes)


def asked(decision: Decision) -> bool:
    """Whether the promise to answer a question begins to run."""
    begun = [one for one in decision.changes if isinstance(one, StartClock)]
    return any(one.promise == "answer" for one in begun)


def test_before_it_is_decrypted_it_reopens_nothing() -> None:
    """Nobody knows yet whether it says more than thanks."""
    closed = case(state=CaseState.CLOSED, sealed=True)
    decision = arrived(SEALED, MailCandidates("EX-777777", by_reference=closed), policy=ASKED)
    assert not reopened(decision)
    assert not asked(decision)


@pytest.mark.parametrize("raw", [mails.plain(text="Thanks a lot!\n"), KEY])
@pytest.mark.parametrize("state", CaseState)
def test_a_bare_thanks_reopens_nothing_and_asks_nothing(raw: bytes, state: CaseState) -> None:
    """Encrypted as unencrypted; the public key that comes with it changes nothing."""
    decision = inside(raw, state)
    assert not reopened(decision)
    assert not asked(decision)


@pytest.mark.parametrize("decryption", [Decryption.OK, Decryption.NO_KEY])
def test_anything_else_reopens_the_case_and_asks(decryption: Decryption) -> None:
    """Also what could not be decrypted: it may say anything."""
    text = "It still crashes.\n" if decryption is Decryption.OK else ""
    for state in CaseState:
        decision = inside(mails.plain(text=text), state, decryption)
        assert reopened(decision) is (state is CaseState.CLOSED)
        assert asked(decision)


def test_an_unencrypted_thanks_asks_nothing_either() -> None:
    """The promise to answer questions does not begin with it."""
    raw = mails.plain(text="Thanks!\n", In_Reply_To="<1@x>")
    assert not asked(arrived(raw, MailCandidates("EX-777777", by_reference=case()), policy=ASKED))
    more = mails.plain(text="Does it affect 1.8 as well?\n", In_Reply_To="<1@x>")
    assert asked(arrived(more, MailCandidates("EX-777777", by_reference=case()), policy=ASKED))


def test_the_report_itself_is_no_question() -> None:
    """An encrypted report asks nothing beside what every report starts."""
    whole = Opened(parse(mails.plain(text="It crashes.\n")), Form.PGP_MIME, Decryption.OK)
    known = MailCandidates("EX-777777", current=case(sealed=True), opens=True)
    assert not asked(opened_later(SEALED, whole, known, policy=ASKED))
