"""What is read of a mail before its transaction, or before a letter carries it on, and what is gone by then."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from maild.core.mail.address import Address
from maild.core.mail.mime import parse
from maild.core.mail.offered import offered
from maild.core.screening.vocabulary import Vocabulary
from maild.engine import arriving, carrying
from maild.engine.opening import Opening
from maild.errors import PermanentError
from maild.store.envelopes import Envelope
from tests.support import mails
from tests.support.desk import NOW, POLICY

RITA = Address("rita@reporter.example", "Rita")
GONE = Envelope(7, "i", "inbox", NOW, False, False, "kept", 0, mails.plain(), purged=True)
THERE = replace(GONE, purged=False)


def test_the_words_of_the_screening_are_read_before_the_transaction() -> None:
    """They take a moment, in which nobody else could write."""
    screening = replace(POLICY.screening, words=Vocabulary(POLICY.screening.words.texts))
    assert arriving._looked({}, replace(POLICY, screening=screening)) == {}
    assert "lexicon" in vars(screening.words)


@pytest.mark.parametrize("envelope", [None, GONE])
def test_a_mail_that_is_gone_is_told_as_that(envelope: Envelope | None) -> None:
    """Never there, or its bytes deleted: the error says so, and nothing is read of it."""
    found = arriving._look(7, envelope, POLICY)
    assert isinstance(found, PermanentError)
    assert str(found) == "there is no message 7"


@pytest.mark.parametrize(("envelope", "case"), [(None, True), (GONE, True), (THERE, False)])
async def test_what_a_letter_carries_on_may_have_been_deleted(
    monkeypatch: pytest.MonkeyPatch, envelope: Envelope | None, case: bool
) -> None:
    """The mail or its case: then there is no letter, and the reason says why."""

    async def kept(*_: object) -> tuple[Envelope | None, object, bool]:
        return envelope, object() if case else None, True

    async def straight(work: Any) -> Any:
        return await work

    monkeypatch.setattr(carrying, "ask", straight)
    parts: Any = SimpleNamespace(policy=POLICY, database=SimpleNamespace(run=kept))
    letter: Any = SimpleNamespace(case_id="EX-222222")
    with pytest.raises(PermanentError, match="was deleted"):
        await carrying.carrying(7, letter, parts, None, looked=False)


@pytest.mark.parametrize(("pgp", "author"), [(None, True), (object(), False), (None, False)])
async def test_no_key_is_looked_at_without_gpg_or_an_author(pgp: Any, author: bool) -> None:
    """A desk without keys, or a mail by nobody who could be known again: what it attaches stays there."""
    header = b"Autocrypt: addr=rita@reporter.example; keydata=mDMEZQ==\r\n"
    tree: Any = parse(header + mails.plain())
    assert offered(tree.root.headers, tree, RITA)
    opening: Any = Opening(SimpleNamespace(policy=POLICY), pgp)  # type: ignore[arg-type]  # its policy alone
    assert await opening.examine(tree, SimpleNamespace(tree=tree), RITA if author else None, b"") == ()
