"""``maild advisory``: nothing of it goes out before the announcement, and drafts stay with the desk."""

import json
from pathlib import Path

import pytest

from tests.support import mails
from tests.support.relaying import RelayDesk

FORMS = ("text", "markdown", "html", "osv", "csaf", "cve", "openvex")
pytestmark = pytest.mark.dovecot
TEXT = """\
id = "HERON-2026-001"
title = "Heap overflow in the PNG reader"
summary = "A crafted file makes heron write past its buffer (cve-2026-12345)."
references = ["https://heron.example/security/1", "https://www.cve.org/CVERecord?id=CVE-2026-12345"]
cve = "CVE-2026-12345"
severity = "Important"
published = 2026-03-20T16:00:00Z
[[affected]]
package = "heron"
introduced = "1.0"
fixed = "2.0.4"
[[credit]]
name = "Rita Reporter"
"""


@pytest.fixture
def case(desk: RelayDesk) -> str:
    """A case, and its advisory beside the configuration."""
    desk.path.write_text(desk.path.read_text() + '\n[disclosure]\nnamespace = "https://heron.example"\n')
    (desk.folder / "advisory.toml").write_text(TEXT)
    desk.comes(mails.plain(date=desk.clock))
    return str(desk.one()["case"])


def record(desk: RelayDesk, case: str, name: str, value: str) -> None:
    """Put a fact there, as a word would have."""
    row = f"INSERT OR REPLACE INTO fact VALUES ('{case}','{name}','','{value}','x',0)"
    with desk.desk() as opened:
        opened.ask(lambda connection: connection.exec_driver_sql(row))


def advisory(desk: RelayDesk, case: str, *words: str) -> tuple[int, str, str]:
    """What the command said of the advisory."""
    said = desk.word("advisory", case, str(desk.folder / "advisory.toml"), *words)
    return said.status, said.out, said.err


def test_nothing_goes_out_before_the_announcement(desk: RelayDesk, case: str) -> None:
    """Every form is refused; afterwards each is printed."""
    for form in FORMS:
        status, out, err = advisory(desk, case, "--format", form)
        assert (status, out) == (1, "")
        assert "is not announced" in err
    file = desk.folder / "public.html"
    assert advisory(desk, case, "--output", str(file))[0] == 1
    assert not file.exists()
    record(desk, case, "stage", "announced")
    record(desk, case, "embargo", "2099-03-20T16:00:00+00:00")
    status, out, err = advisory(desk, case)
    assert (status, out) == (1, "")
    assert "the embargo of" in err
    record(desk, case, "embargo", "2026-03-02T09:00:00+00:00")
    assert [advisory(desk, case, "--format", form)[0] for form in FORMS] == [0] * len(FORMS)
    assert advisory(desk, case, "--format", "html", "--output", str(file))[0] == 0
    assert "<h1>Heap overflow in the PNG reader (HERON-2026-001, CVE-2026-12345)</h1>" in file.read_text()
    status, out, _ = advisory(desk, case, "--format", "osv")
    assert status == 0
    assert json.loads(out)["aliases"] == ["CVE-2026-12345"]


def test_drafts_stay_with_the_desk_and_name_no_reserved_id(desk: RelayDesk, case: str) -> None:
    """``--draft`` writes every form into the state folder, 0600, without the CVE id where the public reads."""
    status, out, err = advisory(desk, case, "--draft")
    assert status == 0, err
    folder = Path(out.split("drafts are in ")[1].strip())
    assert folder.is_relative_to(desk.folder / "state")
    files = sorted(folder.iterdir())
    assert len(files) == len(FORMS)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert [file.name for file in files if "CVE-2026-12345" in file.read_text().upper()] == []
    assert (
        json.loads((folder / "heron-2026-001.json").read_text())["document"]["tracking"]["status"] == "draft"
    )
    record(desk, case, "stage", "announced")
    advisory(desk, case, "--draft")
    assert "CVE-2026-12345" in (folder / "text.txt").read_text()


def test_an_id_that_only_the_case_knows_is_in_no_draft_either(desk: RelayDesk, case: str) -> None:
    """Where the advisory speaks of it freely, or is named by it, without saying that it is the CVE id."""
    text = TEXT.replace("HERON-2026-001", "CVE-2026-777777").replace('cve = "CVE-2026-12345"\n', "")
    (desk.folder / "advisory.toml").write_text(text.replace("cve-2026-12345", "CVE-2026-77777"))
    record(desk, case, "cve", "CVE-2026-77777")
    _, out, _ = advisory(desk, case, "--draft")
    folder = Path(out.split("drafts are in ")[1].strip())
    for file in folder.iterdir():
        assert "CVE-2026-77777" not in file.read_text().replace("id=CVE-2026-12345", ""), file.name


def test_a_draft_goes_nowhere_else(desk: RelayDesk, case: str, tmp_path: Path) -> None:
    """Not to a file that is named, not through a link out of the state folder, not into what others can read."""
    status, _, err = advisory(desk, case, "--draft", "--output", str(tmp_path / "draft.txt"))
    assert (status, "state folder only" in err) == (1, True)
    folder = desk.folder / "state" / "advisories"
    assert not folder.exists()
    outside = tmp_path / "outside"
    outside.mkdir()
    folder.symlink_to(outside)
    status, _, err = advisory(desk, case, "--draft")
    assert (status, "is a link" in err, list(outside.iterdir())) == (1, True, [])
    folder.unlink()
    (folder / case).mkdir(parents=True, mode=0o755)
    (folder / case / "text.txt").symlink_to(outside / "text.txt")
    (folder / case / "osv.json").write_text("old")
    (folder / case / "osv.json").chmod(0o644)
    assert advisory(desk, case, "--draft")[0] == 0
    assert list(outside.iterdir()) == []
    assert (folder / case).stat().st_mode & 0o777 == 0o700
    assert (folder / case / "osv.json").stat().st_mode & 0o777 == 0o600


def test_a_faulty_advisory_names_every_fault(desk: RelayDesk, case: str) -> None:
    """Bad vector, instant without a zone, unknown key: all at once, status 78."""
    faulty = TEXT.replace("T16:00:00Z", "T16:00:00") + '\n[[affected]]\npackage = "x"\nversion = "1"\n'
    (desk.folder / "advisory.toml").write_text('vector = "CVSS:9"\n' + faulty)
    status, _, err = advisory(desk, case, "--draft")
    assert status == 78
    assert all(word in err for word in ("vector", "a time with its zone", "affected.1.version"))
