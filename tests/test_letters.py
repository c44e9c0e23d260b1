"""The templates of letters: whatever maild may have to say, there are words for it, and it starts with them only."""

import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from maild.config.letters import Letters, _wrapped, standard
from maild.config.share import shipped
from maild.core.letters.payloads import Receipt, fields
from maild.core.values.asked import Asked
from maild.core.values.case import Flag
from maild.core.values.noticekind import NoticeKind
from maild.core.writing.asof import Known, facts
from maild.core.writing.notice import SILENT
from maild.errors import ConfigError
from tests.support.deciding import RITA, case
from tests.support.desk import NOW, POLICY

SHIPPED = shipped("config") / "letters"


@pytest.mark.parametrize("about", [*NoticeKind, *(flag for flag in Flag if flag not in SILENT)])
def test_no_letter_turns_out_to_have_no_words_only_when_it_is_owed(about: str, tmp_path: Path) -> None:
    """The start is refused, and the file named, when the template of any notice is missing."""
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "letters"))
    (folder / "notice" / f"{about}.txt").unlink()
    with pytest.raises(ConfigError) as refused:
        Letters([folder]).check()
    assert [problem.key for problem in refused.value.problems] == [f"letters/notice/{about}.txt"]


def test_a_template_that_breaks_later_is_found_at_the_next_look(tmp_path: Path) -> None:
    """What was compiled once is read again when its file has changed, so that a start never trusts an older one."""
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "letters"))
    letters = Letters([folder])
    letters.check()
    (folder / "askkey.txt").write_text("A key\n\n{% if %}\n")
    os.utime(folder / "askkey.txt", (1, 1))
    with pytest.raises(ConfigError) as refused:
        letters.check()
    assert [problem.key for problem in refused.value.problems] == ["letters/askkey.txt"]


def test_a_process_compiles_the_shipped_templates_once() -> None:
    """A desk that is opened again, as after a reload, goes on with the same ones."""
    assert standard() is standard()


def test_no_template_is_shipped_that_nothing_tells() -> None:
    """Every notice among the templates is one that the code can tell, but the two that lay others out."""
    told = {*NoticeKind, *(flag for flag in Flag if flag not in SILENT), "layout", "plain"}
    assert {path.stem for path in (SHIPPED / "notice").glob("*.txt")} == told


def test_no_line_ends_inside_an_instant() -> None:
    """A day and its time stand on one line, however the letter around them is filled, and no odd space is left."""
    text = " ".join(["word"] * 12) + " {{ at | utc }} and so on"
    environment = Letters([SHIPPED])._environment
    found = _wrapped(environment.from_string(text).render(at="2026-10-06T09:00:00+02:00"))
    assert "Tuesday 6 October 2026, 07:00 UTC" in found
    assert len(found.splitlines()) > 1


def test_the_acknowledgement_asks_for_what_the_policy_wants() -> None:
    """Each question on its line, in place of the list that stands there otherwise."""
    given = {**fields(Receipt("2026-10-06T07:00:00+00:00")), "case_id": "EX-7KQ2M9", "late": False}
    given |= {"confirm_due": "", "answer_due": "", "closed_until": ""}
    policy = replace(POLICY, asks=(Asked("version", "Which release?"), Asked("steps", "Which steps?")))
    found = Letters([SHIPPED]).render("receipt", given, policy).text
    assert "- Which release?\n- Which steps?\n" in found
    assert "these help most" not in found
    assert "these help most" in Letters([SHIPPED]).render("receipt", given, POLICY).text


def test_the_acknowledgement_says_that_the_intake_is_closed() -> None:
    """Until when, from what is so at the instant at which it leaves."""
    policy = replace(POLICY, closed=((NOW, NOW + timedelta(days=30)),))
    for at, there in ((NOW, True), (NOW + timedelta(days=31), False)):
        known = Known(case())
        given = facts(Receipt(NOW.isoformat()), known, RITA, policy, at)
        text = Letters([SHIPPED]).render("receipt", {**given, "case_id": "EX-7KQ2M9"}, policy).text
        assert ("new reports until Wednesday 1 April 2026" in " ".join(text.split())) is there


def test_no_template_can_name_the_secret_of_the_desk(tmp_path: Path) -> None:
    """Every token is made with it, and a template may be of the desk's own."""
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "letters"))
    (folder / "askkey.txt").write_text("A key\n\nIt is {{ desk.secret }}, {{ desk }}.\n")
    words = Letters([folder]).render("askkey", {"case_id": "EX-1"}, POLICY)
    assert str(POLICY.desk.secret) not in words.text
