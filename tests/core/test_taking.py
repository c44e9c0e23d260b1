"""``taken`` in answer to an escalation: what it takes, and what it leaves because only a token proves it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from maild.core.candidates.mail import Listed
from maild.core.cases import taking
from maild.core.cases.authority import Proved
from maild.core.changes.promises import TakeClocks
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.words.reading import Word
from tests.support import mails
from tests.support.desk import NOW, POLICY

TAKEN, STATUS = Word("taken", ""), Word("status", "")
HERE, OTHER = (cast(Any, SimpleNamespace(id=name)) for name in ("EX-222222", "EX-333333"))


def mail(proved: Proved, listed: Listed | None, text: str = "", vouched: bool = False, **fields: str) -> Any:
    """A member's answer with this text, proved so, to an escalation letter that tells of these."""
    facts = read_facts(
        parse(mails.plain(sender="anna@project.example", text=text, **fields)), POLICY, FolderRole.INBOX
    )
    author = SimpleNamespace(proved=proved, authority="team:Mia")
    known, event = (
        SimpleNamespace(listed=listed, opens=True),
        SimpleNamespace(arrival=SimpleNamespace(at=NOW)),
    )
    return SimpleNamespace(author=author, known=known, event=event, facts=facts, vouched=vouched)


BOTH = Listed((HERE, OTHER), ())
WITH_HELD = Listed((HERE, OTHER), (7, 8))
STRONG = [one for one in Proved if one not in (Proved.TOKEN, Proved.SIGNATURE)]


@pytest.mark.parametrize("proved", STRONG)
def test_a_proved_member_takes_every_case_of_the_letter(proved: Proved) -> None:
    """The case that was answered comes first, each once; another command is about this case alone."""
    assert taking.about(mail(proved, BOTH), HERE, TAKEN) == [HERE, OTHER]
    assert taking.about(mail(proved, BOTH), OTHER, TAKEN) == [OTHER, HERE]
    assert taking.about(mail(proved, BOTH), HERE, STATUS) == [HERE]
    assert taking.about(mail(proved, None), HERE, TAKEN) == [HERE]


def test_a_token_takes_its_own_case_and_says_what_it_leaves() -> None:
    """The others of the letter, and the held messages, are named with what would take them."""
    assert taking.about(mail(Proved.TOKEN, BOTH), HERE, TAKEN) == [HERE]
    (said,) = taking.beside(mail(Proved.TOKEN, WITH_HELD), HERE, TAKEN)
    assert "not done for EX-333333, the messages in quarantine; mention it" in said.said
    (said,) = taking.beside(mail(Proved.TOKEN, BOTH), HERE, TAKEN)
    assert "not done for EX-333333; mention it in a signed message" in said.said
    assert said.changes == ()


def test_a_signature_takes_what_its_text_names() -> None:
    """Which letter is answered stands outside the signature, where anybody may have put it."""
    signed = Proved.SIGNATURE
    for names in (mail(signed, BOTH, "taken EX-222222 EX-333333"), mail(signed, BOTH, vouched=True)):
        assert taking.about(names, HERE, TAKEN) == [HERE, OTHER]
        assert taking.beside(names, HERE, TAKEN) == []
    one = mail(signed, BOTH, "taken EX-222222")
    assert taking.about(one, HERE, TAKEN) == [HERE]
    (said,) = taking.beside(one, HERE, TAKEN)
    assert "not done for EX-333333; mention it in a signed message" in said.said


@pytest.mark.parametrize("proved", STRONG)
def test_nothing_is_left_where_more_than_a_token_proves(proved: Proved) -> None:
    """With held messages in the letter their escalation waits a day; without there is nothing to say."""
    assert taking.beside(mail(proved, BOTH), HERE, TAKEN) == []
    (said,) = taking.beside(mail(proved, WITH_HELD), HERE, TAKEN)
    assert said.changes == (TakeClocks("", NOW + taking.TAKEN, "team:Mia", (7, 8)),)


@pytest.mark.parametrize("proved", Proved)
def test_another_command_takes_nothing(proved: Proved) -> None:
    """Nor does an answer to something else than an escalation."""
    assert taking.beside(mail(proved, WITH_HELD), HERE, STATUS) == []
    assert taking.beside(mail(proved, None), HERE, TAKEN) == []
    assert taking.beside(mail(proved, Listed((HERE,), ())), HERE, TAKEN) == []


def test_what_a_mail_server_signed_says_which_letter_is_answered() -> None:
    """An older "taken" with a further In-Reply-To, or with one that was not signed, takes what it names alone."""
    for h, twice, wanted in (
        ("from:in-reply-to:subject", "", [HERE, OTHER]),
        ("from:in-reply-to:subject", "<b@x>", [HERE]),
        ("from:subject", "", [HERE]),
        ("from", "", [HERE]),
    ):
        answers = {"In_Reply_To": "<a@x>" + (f"\nIn-Reply-To: {twice}" if twice else "")}
        signed = {"DKIM_Signature": f"v=1; d=project.example; h={h}; b=x"}
        assert taking.about(mail(Proved.EXCHANGER, BOTH, **answers, **signed), HERE, TAKEN) == wanted
    about = {
        "subject": "Re: EX-333333 is late",
        "DKIM_Signature": "v=1; d=project.example; h=from:subject; b=x",
    }
    assert taking.about(mail(Proved.EXCHANGER, BOTH, **about), HERE, TAKEN) == [HERE, OTHER]
