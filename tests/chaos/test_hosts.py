"""Two hosts of one desk in PostgreSQL, struck again and again, and the books balance (python -m tests.chaos.hosts: 300)."""

import random
from pathlib import Path

import pytest

from tests.chaos.hosts import HostStorm
from tests.chaos.pair import Pair
from tests.chaos.world import RoughSink
from tests.openpgp.kit import Kit
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.postgres import Cluster
from tests.support.smtpsink import running

pytestmark = pytest.mark.dovecot
BLOWS = 10


def test_the_books_balance_after_a_storm_over_two_hosts(
    tmp_path: Path, inbox: User, certificate: Certificate, kit: Kit, cluster: Cluster, chance: random.Random
) -> None:
    """Whoever works dies, is stopped or cut off: nothing is lost, told twice or written in a term that was over."""
    with running(RoughSink(certificate, chance)) as sink:
        storm = HostStorm(Pair(tmp_path, inbox, sink, kit, cluster, chance), chance)
        books = storm.run(BLOWS)
    print(storm.figures())
    assert not books.faults, str(books)
    assert sum(storm.pair.blows.values()) >= BLOWS
    assert books.figures["escalations: respond, step 2"] >= BLOWS // 2
