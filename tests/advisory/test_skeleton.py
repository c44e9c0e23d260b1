"""The file of an advisory to begin with: filled in from the case, and one that maild reads."""

from datetime import UTC, datetime
from pathlib import Path

from maild.config.advisory import read
from maild.core.disclosure.advisory import Advisory, Publisher
from maild.core.disclosure.advisory.skeleton import skeleton
from maild.core.facts.record import Disclosure, Fact
from tests.support.desk import NOW

INSTANT = datetime(2026, 12, 1, 16, tzinfo=UTC)


def record(*facts: tuple[str, str, str]) -> Disclosure:
    """What was recorded: name, item and value of each."""
    return Disclosure(tuple(Fact(name, value, "team:Anna", NOW, item) for name, item, value in facts))


def as_read(folder: Path, text: str) -> Advisory:
    """The advisory in the file *text*."""
    (folder / "advisory.toml").write_text(text, "utf-8")
    return read(folder / "advisory.toml", Publisher("Heron", "https://heron.example", ""))


def test_what_was_recorded_is_filled_in(tmp_path: Path) -> None:
    """Ids, severity, vector, the date, the branches with a fix, how the reporter is credited."""
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    known = record(
        ("cve", "", "CVE-2026-12345"),
        ("severity", "", "Important"),
        ("cvss", "", vector),
        ("affects", "", "1.8 to\n2.0.3"),
        ("branch", "2.0", "fixed"),
        ("branch", "1.8", "waived: end of life"),
        ("embargo", "", INSTANT.isoformat()),
        ("credit", "", 'Rita "R" Reporter \\ \u2028\x07'),
    )
    text = skeleton("EX-7KQ2M9", known, NOW)
    found = as_read(tmp_path, text)
    assert (found.id, found.cve, found.severity, found.vector) == (
        "EX-7KQ2M9",
        "CVE-2026-12345",
        "Important",
        vector,
    )
    assert (found.published, len(found.affected)) == (INSTANT, 1)
    assert [one.name for one in found.credits] == ['Rita "R" Reporter \\ \u2028\x07']
    assert "# recorded: affects 1.8 to 2.0.3\n# the branch 2.0\n" in text


def test_without_anything_recorded_it_is_a_file_to_fill_in(tmp_path: Path) -> None:
    """A CVE id that was only requested is none."""
    found = as_read(tmp_path, skeleton("EX-7KQ2M9", record(("cve", "", "requested")), NOW))
    assert (found.cve, found.credits, found.title) == ("", (), "TITLE")
    assert found.published == NOW.replace(microsecond=0)


def test_of_an_encrypted_case_nobodys_words_are_in_it() -> None:
    """What stands for them is left out."""
    known = record(("affects", "", "(sealed, in mail 7)"), ("credit", "", "(sealed, in mail 7)"))
    assert "sealed" not in skeleton("EX-7KQ2M9", known, NOW)


def test_what_a_comment_says_is_one_harmless_line(tmp_path: Path) -> None:
    """Control characters and marks of direction in what was recorded break no file and reach no terminal."""
    for odd in ("4.0\x1b[31m", "4.0\0", "4.0\u202e", "4.0\x85[evil]", "4.0\u2028[evil]", "4.0\r[evil]"):
        text = skeleton("EX-7KQ2M9", record(("affects", "", odd), ("branch", odd, "fixed")), NOW)
        assert as_read(tmp_path, text).title == "TITLE"
        assert set("\x1b\0\u202e\x85\u2028\r").isdisjoint(text)
