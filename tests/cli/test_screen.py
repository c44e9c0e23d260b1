"""``maild screen``: the rules measured on anybody's mail, wherever it lies."""

import json
import mailbox
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SPAM
from tests.support import mails
from tests.support.commanding import command
from tests.support.desk import GOOD_CONFIG

MISSED = mails.plain(subject="Lunch", message_id="<m@x>")
WRONG = mails.plain(subject="Your parcel is waiting", message_id="<w@x>")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A desk that has never run."""
    path = tmp_path / "maild.toml"
    path.write_text(GOOD_CONFIG)
    (tmp_path / "secret").write_text("sesame\n")
    (tmp_path / "secret").chmod(0o600)
    return path


@pytest.fixture
def sorted_mail(tmp_path: Path) -> Path:
    """Two folders: ham (one of it looks like a lure) and spam (one of it does not)."""
    for label, raws in (("ham", [mails.plain(), WRONG]), ("spam", [SPAM, MISSED])):
        folder = tmp_path / "mail" / label
        folder.mkdir(parents=True)
        for number, raw in enumerate(raws):
            (folder / f"{number}.eml").write_bytes(raw)
    return tmp_path / "mail"


def screened(config: Path, *words: str) -> dict[str, Any]:
    """The figures as JSON."""
    said = command(config, "screen", *words, "--json")
    assert (said.status, said.err) == (0, "")
    found: dict[str, Any] = json.loads(said.out)
    return found


def test_the_confusion_table_and_what_went_wrong(config: Path, sorted_mail: Path) -> None:
    """Verdicts by label, the rules that decided, and both kinds of mistake by name."""
    found = screened(config, str(sorted_mail / "ham"), str(sorted_mail / "spam"), "--labels", "ham,spam")
    assert found["confusion"] == {
        "ham": {"report": 1, "quarantine": 1},
        "spam": {"report": 1, "quarantine": 1},
    }
    assert found["held_share"] == {"ham": 0.5, "spam": 0.5}
    assert {(one["mail"], one["verdict"]) for one in found["wrong"]} == {
        ("ham/1.eml", "quarantine"),
        ("spam/1.eml", "report"),
    }
    fired = {row["reason"]: row for row in found["reasons"]}
    assert fired["parcel"] == {"reason": "parcel", "ham": 1, "spam": 0, "unsorted": 0, "held": 1}


def test_folders_called_ham_and_spam_need_no_labels(config: Path, sorted_mail: Path) -> None:
    """What lies elsewhere is unsorted: counted, and nothing is said of it being wrong."""
    (sorted_mail / "loose.eml").write_bytes(SPAM)
    found = screened(config, str(sorted_mail))
    assert found["confusion"]["spam"] == {"report": 1, "quarantine": 1}
    assert found["confusion"]["unsorted"] == {"report": 0, "quarantine": 1}
    assert "loose.eml" not in str(found["wrong"])


@pytest.mark.parametrize("kind", ["maildir", "mbox", "mail"])
def test_mail_is_read_wherever_it_lies(config: Path, tmp_path: Path, kind: str) -> None:
    """A Maildir, an mbox, or one mail."""
    path = tmp_path / kind
    if kind == "mail":
        path.write_bytes(SPAM)
    else:
        box = mailbox.Maildir(str(path)) if kind == "maildir" else mailbox.mbox(str(path))
        box.add(message_from_bytes(SPAM))
        box.close()
    assert screened(config, str(path), "--labels", "spam")["confusion"] == {
        "spam": {"report": 0, "quarantine": 1}
    }


def test_the_settings_of_the_configuration_count(config: Path, sorted_mail: Path) -> None:
    """So the effect of a setting is seen before it is in force."""
    config.write_text(GOOD_CONFIG + "[screening]\nthreshold = 99.0\n")
    assert screened(config, str(sorted_mail / "ham"), "--labels", "ham")["held_share"] == {"ham": 0.0}


def test_tables_for_eyes(config: Path, sorted_mail: Path) -> None:
    """The same figures, readable."""
    said = command(config, "screen", str(sorted_mail))
    assert said.status == 0
    assert "50.0%" in said.out
    assert "ham/1.eml" in said.out


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--labels", "eggs"), "neither ham nor spam"),
        (("--labels", "ham,spam"), "1 paths and 2 labels"),
    ],
)
def test_wrong_labels_are_refused(
    config: Path, sorted_mail: Path, words: tuple[str, ...], fault: str
) -> None:
    """With what is wanted instead."""
    said = command(config, "screen", str(sorted_mail), *words)
    assert said.status != 0
    assert fault in said.err


def test_no_mail_is_said(config: Path, tmp_path: Path) -> None:
    """An empty folder is no success."""
    (tmp_path / "empty").mkdir()
    said = command(config, "screen", str(tmp_path / "empty"))
    assert (said.status, "no messages were found" in said.err) == (1, True)
