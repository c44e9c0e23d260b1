"""``maild report``: the figures of a desk as text, JSON and one page of HTML."""

import json
import re
from datetime import timedelta

import pytest

from maild.config.style import allowed
from tests.support import mails
from tests.support.commanding import command
from tests.support.desk import MX
from tests.support.golden import golden
from tests.support.running import RunningDesk

pytestmark = pytest.mark.dovecot
PARTS = ("inflow", "times", "promises", "handlers", "open")


@pytest.fixture
def walked(desk: RunningDesk) -> RunningDesk:
    """A case that Anna answered in two hours, and a second one that nobody looked at for three days."""
    for number in (1, 2):
        sender, subject = f"r{number}@reporter.example", f"Overflow in the quokka parser {number}"
        desk.inbox.append(mails.plain(subject, sender=sender, message_id=f"<{number}@x>"), desk.clock)
    desk.run()
    desk.wait(timedelta(hours=2))
    desk.inbox.append(
        mails.plain(
            sender="Anna <anna@project.example>",
            to="r1@reporter.example",
            Cc="security@project.example",
            text="We have looked at it, and it is as you say.\n",
            message_id="<a@project.example>",
            In_Reply_To="<1@x>",
            Authentication_Results=f"{MX}; dmarc=pass header.from=project.example",
        ),
        desk.clock,
    )
    desk.run()
    desk.wait(timedelta(days=3))
    desk.run()
    return desk


def test_the_figures_of_a_desk(walked: RunningDesk) -> None:
    """Inflow by kind, time to the first answer, promises by month, who handled what, open cases by age."""
    found = json.loads(command(walked.path, "report", "--json").out)
    assert set(found) == {"since", "until", *PARTS}
    assert {"kind": "report", "messages": 2} in found["inflow"]
    first = found["times"][0]
    assert (first["severity"], first["step"], first["cases"]) == ("all", "first answer", 1)
    assert (first["median_hours"], first["p90_hours"]) == (2.0, 2.0)
    assert found["times"][1] == {
        "severity": "all",
        "step": "fix",
        "cases": 0,
        "median_hours": None,
        "p90_hours": None,
    }
    month = found["promises"][0]
    assert (month["month"], month["missed"] >= 1, month["kept"] >= 3) == ("2026-03", True, True)
    assert sum(row["cases"] for row in found["handlers"]) == 2
    assert sum(row["cases"] for row in found["open"]) == 2


def test_people_read_the_same_without_a_word_of_a_report(walked: RunningDesk) -> None:
    """Each part with its title, on 80 columns; no subject and no reporter's address."""
    said = command(walked.path, "report")
    assert said.status == 0
    golden("pages/report.txt", said.out)
    assert max(map(len, said.out.splitlines())) <= 80
    assert len(re.findall(r"^[A-Z].*:$", said.out, re.MULTILINE)) == len(PARTS)
    assert not re.search(r"quokka|reporter\.example|None\b(?!\.)", said.out)


def test_as_one_page_of_html(walked: RunningDesk) -> None:
    """A new file with every part and a bar beside each count: no script, nothing fetched, no word of a report."""
    file = walked.folder / "report.html"
    assert command(walked.path, "report", "--html", str(file)).status == 0
    page = file.read_text()
    assert allowed() in page.replace("&#39;", "'")
    assert page.count("<h2>") == len(PARTS)
    assert "<rect" in page
    assert not re.search(r"<script|src=|quokka|reporter\.example", page)
    assert command(walked.path, "report", "--html", str(file)).status == 1


def test_since_leaves_out_what_is_older(walked: RunningDesk) -> None:
    """Of a day to come nothing is counted but the open cases of now."""
    found = json.loads(command(walked.path, "report", "--since", "2099-01-01", "--json").out)
    assert (found["inflow"], found["promises"], found["handlers"]) == ([], [], [])
    assert sum(row["cases"] for row in found["open"]) == 2


def test_an_empty_desk_has_a_report_too(desk: RunningDesk) -> None:
    """Nothing is divided by nothing."""
    assert command(desk.path, "report").status == 0
    assert command(desk.path, "report", "--html", str(desk.folder / "r.html")).status == 0
