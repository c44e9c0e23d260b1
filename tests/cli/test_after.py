"""What comes after: the timeline, the figures, the post-mortem; on a real database."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest

from maild.cli.sheet import cell
from tests.support import mails
from tests.support.commanding import Said, command
from tests.support.desk import MX
from tests.support.running import RunningDesk

pytestmark = pytest.mark.dovecot
PROCESS = '\n[disclosure]\nbranches = ["2.0"]\n'


def word(desk: RunningDesk, *words: str) -> Said:
    """One command of the operator."""
    return command(desk.path, *words)


@pytest.fixture
def walked(desk: RunningDesk) -> RunningDesk:
    """A case that was answered in time, and half fixed; a second one that nobody looked at."""
    desk.configure(more=PROCESS)
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    desk.wait(timedelta(hours=1))
    desk.inbox.append(
        mails.plain(
            sender="Anna <anna@project.example>",
            to="rita@reporter.example",
            Cc="security@project.example",
            text="We have looked at it, and it is as you say.\n",
            message_id="<a@project.example>",
            In_Reply_To="<one@reporter.example>",
            Authentication_Results=f"{MX}; dmarc=pass header.from=project.example",
        ),
        desk.clock,
    )
    desk.run()
    case = str(desk.cases()[0]["case"])
    for words in (
        ("verdict", case, "vulnerability"),
        ("severity", case, "important"),
        ("affects", case, "=HYPERLINK(1)"),
        ("branch", case, "2.0", "fixed"),
    ):
        said = word(desk, *words)
        assert said.status == 0, said.err
    return desk


def case_of(desk: RunningDesk) -> str:
    """The number of the first case."""
    return str(desk.cases()[0]["case"])


def test_the_timeline_in_every_form(walked: RunningDesk) -> None:
    """The same rows as table, JSON and CSV, oldest first; what was recorded with its value."""
    case = case_of(walked)
    rows = json.loads(word(walked, "timeline", case, "--json").out)
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert rows[0]["what"] == "opened"
    (affects,) = [row for row in rows if row["what"] == "recorded: affects"]
    assert affects["detail"] == "=HYPERLINK(1)"
    assert affects["by"].startswith("operator:")
    (branch,) = [row for row in rows if row["what"] == "recorded: branch 2.0"]
    assert branch["detail"] == "fixed"
    sheet = list(csv.DictReader(io.StringIO(word(walked, "timeline", case, "--csv").out)))
    assert [row["what"] for row in sheet] == [row["what"] for row in rows]
    assert "'=HYPERLINK(1)" in [row["detail"] for row in sheet]
    assert "Affects recorded by" in word(walked, "timeline", case).out
    assert word(walked, "timeline", "EX-000000").status == 1


def test_the_timeline_holds_no_address(walked: RunningDesk) -> None:
    """Neither the reporter's nor that of an outsider in copy."""
    walked.inbox.append(
        mails.plain(
            message_id="<2@reporter.example>",
            In_Reply_To="<one@reporter.example>",
            Cc="eve@elsewhere.example",
        ),
        walked.clock,
    )
    walked.run()
    out = word(walked, "timeline", case_of(walked), "--json").out
    assert "recorded: outsider" in out
    assert "@" not in out


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM", "'@SUM"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("a=1", "a=1"),
        ("", ""),
        (None, None),
        (-1, -1),
    ],
)
def test_no_cell_is_a_formula(value: object, written: object) -> None:
    """What a spreadsheet would run stands behind an apostrophe; numbers are numbers."""
    assert cell(value) == written


def test_the_figures_of_a_desk(walked: RunningDesk) -> None:
    """Counted from the opening on: the answer after an hour, the fix; spam is left out, and so is what is older."""
    walked.inbox.append(
        mails.plain(sender="tim@x.example", message_id="<t@x.example>", text="Another.\n"), walked.clock
    )
    walked.run()
    found = json.loads(word(walked, "statistics", "--json").out)
    everything, important, none = found["cases"]
    assert (everything["severity"], everything["cases"]) == ("all", 2)
    assert (important["severity"], important["cases"], important["answered_hours"]) == ("Important", 1, 1.0)
    assert important["fixed_hours"] > 1
    assert important["announced_hours"] is None
    assert (none["severity"], none["answered_hours"]) == ("none yet", None)
    kept = {row["promise"]: row for row in found["promises"]}
    assert kept["respond"]["kept"] == 1
    assert found["verdicts"] == [{"verdict": "vulnerability", "reason": None, "cases": 1}]
    (month,) = found["months"]
    assert (month["reports"], month["judged"], month["confirmed"]) == (2, 1, 1)
    assert month["confirmed_percent"] == 100.0
    assert "Important" in word(walked, "statistics").out
    second = str(walked.cases()[1]["case"])
    assert word(walked, "close", second, "--spam").status == 0
    assert json.loads(word(walked, "statistics", "--json").out)["cases"][0]["cases"] == 1
    later = json.loads(word(walked, "statistics", "--since", "2099-01-01", "--json").out)
    assert later["cases"][0]["cases"] == 0


def test_an_empty_desk_has_figures_too(desk: RunningDesk) -> None:
    """Nothing is divided by nothing."""
    desk.run()
    said = word(desk, "statistics")
    assert (said.status, "No promises were kept or missed yet." in said.out) == (0, True)


def test_a_post_mortem_begins_with_what_is_known(walked: RunningDesk) -> None:
    """Markdown with the timeline and questions as headings; cells stay cells."""
    out = word(walked, "postmortem", case_of(walked)).out
    assert out.startswith(f"# {case_of(walked)}: ")
    assert "Reported as: Overflow in the parser" in out
    assert re.search(r"^\| [-0-9: ]{16} \| Case opened for a report received ", out, re.MULTILINE)
    assert "| Affects recorded by " in out
    assert "=HYPERLINK(1). |" in out
    assert len([line for line in out.splitlines() if line.startswith("## ") and line.endswith("?")]) == 8
    assert word(walked, "postmortem", "EX-000000").status == 1


def test_of_a_sealed_case_no_word_is_in_it(walked: RunningDesk) -> None:
    """Neither subject nor versions nor why it was closed."""
    case = case_of(walked)
    assert word(walked, "close", case, "--reason", "unannounced the quokka was fixed").status == 0
    with walked.desk() as opened:
        opened.ask(lambda c: c.exec_driver_sql("UPDATE `case` SET sealed = 1, subject = ''"))
        opened.ask(lambda c: c.exec_driver_sql("UPDATE fact SET value = '(sealed)' WHERE name = 'affects'"))
    out = word(walked, "postmortem", case).out
    assert "quokka" not in out
    assert "HYPERLINK" not in out
    assert "Overflow" not in out
    assert "Reported as" not in out
    assert re.search(r"\| Closed by \w+ \(operator\)\. \|", out)
