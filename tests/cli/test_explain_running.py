"""``maild explain`` on a desk that knows something, and never writes to it."""

import json
from typing import Any

import pytest

from tests.support import mails
from tests.support.commanding import command
from tests.support.running import RunningDesk

pytestmark = pytest.mark.dovecot


def explained(desk: RunningDesk, raw: bytes) -> dict[str, Any]:
    """The explanation of one mail."""
    found: dict[str, Any] = json.loads(command(desk.path, "explain", "-", "--json", stdin=raw).out)
    return found


@pytest.mark.parametrize(
    ("about", "by"),
    [
        ({"References": "<one@reporter.example>"}, "references"),
        ({"subject": "about @CASE@"}, "subject"),
        ({"In_Reply_To": "@LETTER@"}, "token"),
        ({}, "none"),
    ],
)
def test_a_mail_of_a_known_thread_is_recognised(seen: RunningDesk, about: dict[str, str], by: str) -> None:
    """With the case and what tied it; no second receipt, no new promise."""
    oldest = seen.cases()[0]
    names = {"@CASE@": oldest["case"], "@LETTER@": oldest["letters"][0]["message_id"]}
    filled = {key: names["@CASE@"].join(value.split("@CASE@")) for key, value in about.items()}
    filled = {key: names["@LETTER@"].join(value.split("@LETTER@")) for key, value in filled.items()}
    found = explained(seen, mails.plain(**{"message_id": "<new@reporter.example>", **filled}))
    assert found["thread"] == {"case": oldest["case"] if by != "none" else None, "by": by}
    assert found["acknowledgement"]["send"] is (by == "none")
    assert bool(found["promises"]) is (by == "none")


def test_explaining_writes_nothing(seen: RunningDesk) -> None:
    """The database is the same, byte for byte, after a hundred mails of which nobody ever heard."""
    file = seen.folder / "state" / "maild.db"
    before = file.read_bytes()
    for number in range(5):
        explained(seen, mails.plain(message_id=f"<{number}@x>"))
    assert file.read_bytes() == before
    assert len(seen.cases()) == 2
