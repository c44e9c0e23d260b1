"""``maild advisory``: nothing of it goes out before the announcement, and drafts stay with the desk."""

import json
from pathlib import Path

import pytest

from tests.support import mails
from tests.support.relaying import RelayDesk

pytestmark = pytest.mark.dovecot
TEXT = """\
id = "HERON-2026-001"
title = "Heap overflow in the PNG reader"
summary = "A crafted file makes heron write past its buffer."
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


def advisory(desk: RelayDesk, case: str, *words: str) -> tuple[int, str, str]:
    """What the command said of the advisory."""
    said = desk.word("advisory", case, str(desk.folder / "advisory.toml"), *words)
    return said.status, said.out, said.err


def test_nothing_goes_out_before_the_announcement(desk: RelayDesk, case: str) -> None:
    """Every form is refused; afterwards each is printed."""
    for form in ("text", "markdown", "osv", "csaf", "cve", "openvex"):
        status, out, err = advisory(desk, case, "--format", form)
        assert (status, out) == (1, "")
        assert "is not announced" in err
    with desk.desk() as opened:
        opened.ask(
            lambda c: c.exec_driver_sql(f"INSERT INTO fact VALUES ('{case}','stage','','announced','x',0)")
        )
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
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    public = [file.name for file in files if "CVE-2026-12345" in file.read_text()]
    assert public == ["cve.json", "heron-2026-001.json"] or public == ["heron-2026-001.json"]
    assert (
        json.loads((folder / "heron-2026-001.json").read_text())["document"]["tracking"]["status"] == "draft"
    )


def test_a_faulty_advisory_names_every_fault(desk: RelayDesk, case: str) -> None:
    """Bad vector, instant without a zone, unknown key: all at once, status 78."""
    faulty = TEXT.replace("T16:00:00Z", "T16:00:00") + '\n[[affected]]\npackage = "x"\nversion = "1"\n'
    (desk.folder / "advisory.toml").write_text('vector = "CVSS:9"\n' + faulty)
    status, _, err = advisory(desk, case, "--draft")
    assert status == 78
    assert all(word in err for word in ("vector", "an instant with its zone", "affected.1.version"))
