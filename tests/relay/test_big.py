"""Big mails: their letters are made one after another, so that memory is that of one."""

import asyncio

import pytest

from maild.core.mail.copy import FENCE_END
from maild.engine import carrying, dispatcher, relaying
from tests.openpgp.kit import Kit
from tests.support import mails
from tests.support.relaying import BEA, CARL, MIA, RelayDesk
from tests.support.sealing import report

pytestmark = pytest.mark.dovecot


@pytest.mark.parametrize(("heavy", "at_once"), [(10, 1), (1_000_000, 3)])
def test_letters_of_a_big_mail_are_made_one_by_one(
    desk: RelayDesk, monkeypatch: pytest.MonkeyPatch, heavy: int, at_once: int
) -> None:
    """From the limit on one waits for the other; below it they do not."""
    under_way: list[int] = [0]
    most: list[int] = [0]
    usual = relaying.copy_letter

    async def counted(*about: object) -> object:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        await asyncio.sleep(0)
        found = await usual(*about)  # type: ignore[arg-type]  # handed on as they came
        under_way[0] -= 1
        return found

    monkeypatch.setattr(dispatcher, "HEAVY", heavy)
    monkeypatch.setattr(relaying, "copy_letter", counted)
    desk.comes(mails.plain(date=desk.clock))
    assert most == [at_once]
    assert [len(desk.copies(who)) for who in (MIA, BEA, CARL)] == [1, 1, 1]


COPIES = "SELECT recipient, content FROM letter JOIN letter_bytes ON letter_id = id WHERE kind = 'copy'"


def test_a_mail_is_kept_once_however_many_have_a_copy(desk: RelayDesk) -> None:
    """Of a copy that was sent in clear its top stays, as it went out; of an encrypted one its head; the mail stays."""
    desk.comes(mails.plain(date=desk.clock, text="A long trace.\n" * 20_000))
    with desk.desk() as opened, opened.database.transaction() as connection:
        kept = connection.exec_driver_sql(COPIES).all()
        (mail,) = connection.exec_driver_sql("SELECT length(content) FROM raw").scalars()
    contents = dict(kept)
    assert (len(kept), mail > 250_000) == (3, True)
    heads = [contents[who] for who in (MIA, BEA)]
    assert all(head.endswith(b"\r\n\r\n") and head.count(b"\r\n\r\n") == 1 for head in heads)
    assert contents[CARL].endswith(FENCE_END.encode())
    assert len(contents[CARL]) < 5_000
    (sent,) = desk.copies(CARL)
    assert contents[CARL] in sent.raw


def test_a_mail_is_opened_once_for_all_of_its_copies(
    desk: RelayDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One decryption and one reading for three members; nothing of it is kept when they are made."""
    opened: list[int] = []
    usual, forgotten = carrying.carrying, carrying.Carrying.forget
    left: list[object] = []

    async def counted(mail: int, *about: object) -> object:
        opened.append(mail)
        return await usual(mail, *about)  # type: ignore[arg-type]  # handed on as they came

    def seen(self: carrying.Carrying) -> None:
        forgotten(self)
        left.append(self._reading)

    monkeypatch.setattr(carrying, "carrying", counted)
    monkeypatch.setattr(carrying.Carrying, "forget", seen)
    desk.comes(report(kit, 1))
    assert opened == [1]
    assert [len(desk.copies(who)) for who in (MIA, BEA)] == [1, 1]
    assert set(left) == {None}
