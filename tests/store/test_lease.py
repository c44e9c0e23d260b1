"""The lease: one works, who was overtaken writes nothing, and times are the database's."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from maild.config.share import shipped
from maild.core.change import OpenCase
from maild.core.decision import Decision
from maild.core.letters.kinds import LetterKind
from maild.errors import Deposed
from maild.store import lease, letterbytes, letters, record
from maild.store.database import Database, get_setting, put_setting
from maild.store.lease import Lease
from maild.store.place import Place, Server
from maild.store.schema import journal, letter
from tests.store.test_outbox import CASE, RECEIPT
from tests.support.desk import DESK, NOW
from tests.support.postgres import Cluster

RAN_OUT = """UPDATE setting SET value = jsonb_set(value::jsonb, '{until}', '1')::text WHERE name = 'lease'"""


@pytest.fixture
def url(cluster: Cluster) -> str:
    """A database with maild's tables, and no lease."""
    return cluster.url(cluster.emptied())


@pytest.fixture
def one(url: str, tmp_path: Path) -> Iterator[Database]:
    """The desk as one host has it open."""
    with closing(opened(url, tmp_path / "one")) as made:
        yield made


@pytest.fixture
def other(url: str, tmp_path: Path) -> Iterator[Database]:
    """The desk as another host has it open."""
    with closing(opened(url, tmp_path / "other")) as made:
        yield made


def opened(url: str, state: Path) -> Database:
    """The database at *url*."""
    return Place(state, Server(url, str)).open(shipped("migrations"))


def taken(database: Database, holder: str) -> int:
    """The term in which *holder* has the desk from now on, or 0; its transactions are checked then."""
    mine = Lease(holder, lambda: 0.0)
    mine.term = database.call(lease.take, mine)
    if mine.term:
        database.lease = mine
    return mine.term


def ran_out(database: Database) -> None:
    """The holder said nothing for as long as the lease is good."""
    mine, database.lease = database.lease, None
    database.call(lambda connection: connection.execute(text(RAN_OUT)))
    database.lease = mine


def test_one_has_the_desk_at_a_time(one: Database, other: Database) -> None:
    """Whoever comes second gets nothing until the first says nothing any more; each holder is a term of its own."""
    assert taken(one, "a") == 1
    assert taken(other, "b") == 0
    ran_out(one)
    assert taken(other, "b") == 2


def test_who_was_overtaken_writes_nothing(one: Database, other: Database) -> None:
    """Its next transaction ends before its first statement, whatever it was about to write."""
    taken(one, "a")
    one.call(put_setting, "word", "first")
    ran_out(one)
    taken(other, "b")
    with pytest.raises(Deposed):
        one.call(put_setting, "word", "second")
    assert other.call(get_setting, "word") == "first"


def test_a_lease_that_ran_out_is_kept_while_nobody_took_it(one: Database, other: Database) -> None:
    """A holder that was held up goes on where nobody came meanwhile."""
    taken(one, "a")
    ran_out(one)
    one.call(lease.renew)
    assert taken(other, "b") == 0


def test_work_that_takes_long_keeps_the_desk(one: Database, other: Database) -> None:
    """What a holder did for longer than the lease is good is a sign of life, and it is sure of it again."""
    taken(one, "a")
    assert one.lease
    one.lease.uptime = lambda: 60.0
    one.call(lambda connection: connection.execute(text(RAN_OUT)))
    assert taken(other, "b") == 0
    assert one.lease.sure == 60.0 + lease.LENGTH.total_seconds()


def test_a_lease_is_not_renewed_by_each_transaction(one: Database, other: Database) -> None:
    """Within a third of its time nothing more is written than the transaction itself writes."""
    taken(one, "a")
    assert one.lease
    one.lease.sure = lease.LENGTH.total_seconds()
    one.call(lambda connection: connection.execute(text(RAN_OUT)))
    assert taken(other, "b") == 2


def test_who_hands_it_on_waits_for_nobody(one: Database, other: Database) -> None:
    """A daemon that ends well gives the desk up at once, and is out itself."""
    taken(one, "a")
    one.call(lease.give_up)
    assert taken(other, "b") == 2
    with pytest.raises(Deposed):
        one.call(put_setting, "a", "b")


def test_the_same_process_may_have_it_again(one: Database) -> None:
    """After a reload of the configuration the desk is still its own, in a new term."""
    taken(one, "a")
    one.lease = None
    assert taken(one, "a") == 2


def test_commands_need_no_term(one: Database, other: Database) -> None:
    """A person's command takes its turn among the daemon's transactions, and is not the holder."""
    taken(one, "a")
    other.call(put_setting, "word", "said")
    assert one.call(get_setting, "word") == "said"
    assert other.call(lease.holder) == "a"


def test_a_row_that_is_gone_is_made_anew(one: Database) -> None:
    """Whoever deletes it by hand stops nobody."""
    taken(one, "a")
    one.lease = None
    one.call(lambda connection: connection.execute(text("DELETE FROM setting WHERE name = 'lease'")))
    assert taken(one, "a") == 1


def test_what_a_holder_is_sure_of_ends_by_its_own_clock() -> None:
    """The time since boot decides, which nobody can set and which goes on while the machine is suspended."""
    at = [0.0]
    mine = Lease("a", lambda: at[0], term=1, sure=10.0)
    assert mine.holds()
    at[0] = 10.0
    assert not mine.holds()


def test_each_host_is_listed_with_what_it_does(one: Database) -> None:
    """Who works and who stands by, by the database's clock; who works and is silent works no more."""
    one.call(lease.seen, "alpha", True, "1")
    one.call(lease.seen, "beta", False, "1")
    assert [(host.name, host.works) for host in one.call(lease.hosts)] == [("alpha", True), ("beta", False)]
    late = """UPDATE setting SET value = jsonb_set(value::jsonb, '{seen}', '1')::text WHERE name = 'host:alpha'"""
    one.call(lambda connection: connection.execute(text(late)))
    assert [host.name for host in one.call(lease.hosts)] == ["beta"]


def test_a_term_that_was_lost_and_given_again_is_another_holders(one: Database, other: Database) -> None:
    """After a failover that lost the last commits, two hosts may have the same number: one of them is out."""
    taken(one, "a")
    lost = """UPDATE setting SET value = '{"term": 0, "holder": "", "until": 0}' WHERE name = 'lease'"""
    other.call(lambda connection: connection.execute(text(lost)))
    assert taken(other, "b") == 1
    with pytest.raises(Deposed):
        one.call(put_setting, "a", "b")


def test_letters_and_the_journal_carry_the_term(one: Database, other: Database) -> None:
    """A letter under way is of the term that claimed it; rows of the journal are, too, but for a command's."""
    taken(one, "a")
    one.call(record.record, Decision((OpenCase(CASE, NOW, False, "subject"),)), DESK, NOW)
    one.call(letters.owe, RECEIPT, DESK, NOW)
    other.call(letters.owe, replace(RECEIPT, dedupe="another"), DESK, NOW)
    one.call(letters.claim, NOW, 1)
    ran_out(one)
    taken(other, "b")
    other.call(letters.claim, NOW, 1)
    found = other.call(
        lambda connection: list(connection.execute(select(letter.c.term).order_by(letter.c.id)).scalars())
    )
    assert found == [1, 2]
    rows = other.call(
        lambda connection: list(connection.execute(select(journal.c.term).order_by(journal.c.id)).scalars())
    )
    assert rows == [1, 1, None]


def test_only_letters_of_an_earlier_term_are_in_doubt(one: Database, other: Database) -> None:
    """What this term has under way is its own to settle; what no term is known of is in doubt, too."""
    taken(one, "a")
    one.call(record.record, Decision((OpenCase(CASE, NOW, False, "subject"),)), DESK, NOW)
    for number in range(3):
        one.call(letters.owe, replace(RECEIPT, dedupe=f"{number}"), DESK, NOW)
    for found in one.call(letters.claim, NOW, 2):
        one.call(letterbytes.fix, found.id, b"the final bytes")
    one.call(lambda connection: connection.execute(update(letter).where(letter.c.id == 1).values(term=None)))
    ran_out(one)
    taken(other, "b")
    (mine,) = other.call(letters.claim, NOW, 1)
    other.call(letterbytes.fix, mine.id, b"the final bytes")
    doubtful = other.call(letters.in_doubt, [LetterKind.RECEIPT])
    assert [found.id for found in doubtful] == [1, 2]
    assert other.call(letters.recover) == 2
    assert other.call(letters.count, letters.SENDING) == 1


def test_a_lease_made_anew_counts_on(one: Database) -> None:
    """Terms never begin again while a letter or the journal remembers one."""
    taken(one, "a")
    ran_out(one)
    one.lease = None
    assert taken(one, "b") == 2
    one.call(record.record, Decision((OpenCase(CASE, NOW, False, "subject"),)), DESK, NOW)
    one.lease = None
    one.call(lambda connection: connection.execute(text("DELETE FROM setting WHERE name = 'lease'")))
    assert taken(one, "c") == 3


def test_hosts_with_another_configuration_are_named(one: Database) -> None:
    """Only those that run now, and that said which they have."""
    one.call(lease.seen, "alpha", True, "1", "aaaa")
    one.call(lease.seen, "beta", False, "1", "bbbb")
    one.call(lease.seen, "old", False, "1")
    assert one.call(lease.configured_otherwise, "aaaa") == ["beta"]
    assert one.call(lease.configured_otherwise, "bbbb") == ["alpha"]
    late = "to_jsonb((value::json ->> 'seen')::bigint - 11000000)"
    late = f"UPDATE setting SET value = jsonb_set(value::jsonb, '{{seen}}', {late})::text WHERE name = 'host:beta'"
    one.call(lambda connection: connection.execute(text(late)))
    assert one.call(lease.configured_otherwise, "aaaa") == []
