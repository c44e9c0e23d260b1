"""What a copy of a mail is made of: the block on top for its reader, and the mail, read once for all of them."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.values.people import Audience
from maild.engine import relaying
from maild.engine.carrying import _failed
from tests.support import mails
from tests.support.deciding import case
from tests.support.desk import ANNA, NOW, POLICY


@pytest.mark.parametrize(("reader", "whole"), [(ANNA.contact, True), ("vendor@lib.example", False)])
def test_a_guest_is_not_told_what_is_the_teams_own_business(reader: str, whole: bool) -> None:
    """A member reads what comes next; a guest of the case does not."""
    tree = parse(mails.plain())
    opened = Opened(tree)
    facts = read_facts(tree, POLICY, FolderRole.INBOX, opened)
    mail: Any = SimpleNamespace(facts=facts, opened=opened, known_key=b"", case=case())
    parts: Any = SimpleNamespace(policy=POLICY, now=lambda: NOW)
    letter: Any = SimpleNamespace(recipient=reader, case_id=case().id, kind="copy", token="t")
    labels = {label for label, _ in relaying._block(mail, None, Audience.REPORTER, letter, parts)}
    assert ("Next" in labels) is whole


async def test_a_mail_whose_reading_failed_is_read_anew_for_the_next_copy() -> None:
    """After an error or when it was broken off; not while it is read, and not once it was."""

    async def ends(how: BaseException | None) -> None:
        if how:
            raise how

    fine, broken = asyncio.create_task(ends(None)), asyncio.create_task(ends(ValueError()))
    never = asyncio.Event()
    stopped, waits = asyncio.create_task(never.wait()), asyncio.create_task(never.wait())
    stopped.cancel()
    await asyncio.wait((fine, broken, stopped))
    assert [_failed(one) for one in (fine, broken, stopped, waits)] == [False, True, True, False]  # type: ignore[arg-type]  # tasks of nothing
    waits.cancel()
