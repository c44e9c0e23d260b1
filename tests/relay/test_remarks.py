"""What the team reads of a report that resembles another one, on a real desk."""

import sqlite3
from contextlib import closing

import pytest

from tests.support import mails
from tests.support.relaying import BEA, MIA, RelayDesk, plain_text, read_by
from tests.support.sealing import report

pytestmark = pytest.mark.dovecot


def block(desk: RelayDesk, member: str) -> str:
    """The newest copy of a member, as he reads it."""
    return plain_text(read_by(desk.kit, desk.copies(member)[-1]))


def words(desk: RelayDesk, member: str) -> str:
    """The same on one line."""
    return " ".join(block(desk, member).split())


def test_a_like_report_names_the_other_case(desk: RelayDesk) -> None:
    """In everybody's copy, with what they share; a sealed one leaves only hashes, named in no clear copy."""
    desk.comes(mails.plain(text="CVE-2026-12345 is in 2.4.1.\n", date=desk.clock))
    (first,) = [one["case"] for one in desk.cases()]
    assert "Possibly missing" not in block(desk, MIA)
    assert "Related" not in block(desk, MIA)
    desk.comes(report(desk.kit, words="The wombat of cve-2026-12345 once more."))
    assert f"possibly {first} (the same advisory id: CVE-2026-12345)" in words(desk, BEA)
    (sealed,) = [one["case"] for one in desk.cases() if one["case"] != first]
    text, who = "cve-2026-12345 is known to me too.\n", "tim@third.example"
    desk.comes(mails.plain("Again", text, who, message_id="<3@x.example>", date=desk.clock))
    assert f"{first} (the same advisory id: CVE-2026-12345)" in words(desk, MIA)
    assert f"{sealed} (the same advisory id)" in words(desk, MIA)
    flagged = {one["case"]: "possibly-related" in one["flags"] for one in desk.cases()}
    assert sorted(flagged.values()) == [False, True, True]
    with closing(sqlite3.connect(desk.folder / "state" / "maild.db")) as raw:
        assert all(len(row[0]) == 64 for row in raw.execute("SELECT digest FROM feature"))
