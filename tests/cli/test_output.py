"""Printing: whatever a mail put into a value, no terminal obeys it."""

import json

import pytest

from maild.cli import output

HOSTILE = "a\x1b[2J\x9b31m\u202eb\x07"


@pytest.mark.parametrize("as_json", [False, True])
def test_no_listing_moves_a_cursor(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a table nor a record, and JSON escapes it all, so that programs lose nothing."""
    output.rows([{"from": HOSTILE}], as_json, "")
    output.record({"from": HOSTILE, "rows": [{"id": HOSTILE}]}, as_json)
    said = capsys.readouterr().out
    assert [letter for letter in said if letter != "\n" and not letter.isprintable()] == []
    assert "[2J" in said


def test_json_stays_the_same_value() -> None:
    """What is escaped is read back as it was."""
    assert json.loads(output.encoded({"from": HOSTILE})) == {"from": HOSTILE}


def test_an_address_with_letters_that_only_look_plain_is_told_apart(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two rows that look the same do not read the same; JSON holds the addresses alone."""
    two = [{"from": "rita@reporter.example"}, {"from": "r\u0456ta@reporter.example"}]
    output.rows(two, False, "")
    assert "r\u0456ta@reporter.example (\u0456 is U+0456)" in capsys.readouterr().out
    output.rows(two, True, "")
    assert json.loads(capsys.readouterr().out) == two
