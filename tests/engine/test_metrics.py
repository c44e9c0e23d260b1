"""The desk in numbers: what is counted, where it is shown, and that no name of a person is in it."""

import os
import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from maild.core.figures import MEANING, Figure
from maild.errors import PermanentError, TemporaryError
from maild.gateways.metrics import Metrics
from maild.store import figures
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.daemon import Daemon
from tests.support.dovecot import User
from tests.support.ports import free_ports
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

CONFIG = Path(__file__).parents[2] / "config"
Key = tuple[str, tuple[tuple[str, str], ...]]


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk whose baseline is fixed."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.run()
    return made


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Metrics]:
    """A text file and a port of their own."""
    made = Metrics(tmp_path / "maild.prom", "127.0.0.1", free_ports(1)[0])
    yield made
    made.close()


def read(text: str) -> dict[Key, float]:
    """An exposition, as an independent reader of the format takes it."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def counted(desk: RunningDesk) -> dict[Key, float]:
    """What the database says at the desk's time."""
    with desk.desk() as opened:
        found = opened.ask(figures.counted, desk.clock)
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for one in found}


@pytest.mark.dovecot
def test_the_figures_follow_what_happens(desk: RunningDesk) -> None:
    """A report, spam, three days of silence: cases, quarantine, letters, promises kept, missed and overdue."""
    spam = mails.plain(
        subject="CHEAP PILLS 80% OFF!!! CLICK NOW", sender="w@spam.example", message_id="<s@x>"
    )
    for raw in (mails.plain(date=desk.clock), spam):
        desk.inbox.append(raw, desk.clock)
    desk.run()
    found = counted(desk)
    assert found["maild_cases", (("state", "open"),)] == 1
    assert found["maild_quarantine", (("kind", "quarantine"),)] == 1
    assert found["maild_letters", (("kind", "receipt"), ("state", "sent"))] == 1
    assert found["maild_promises_kept", (("promise", "acknowledge"),)] == 1
    assert found["maild_promises_running", (("promise", "respond"),)] == 1
    assert found["maild_mail_oldest_waiting_seconds", ()] == 0
    desk.wait(timedelta(days=3))
    desk.run()
    found = counted(desk)
    assert found["maild_promises_overdue", (("promise", "respond"),)] == 1
    assert found["maild_folder_read_timestamp_seconds", (("folder", "INBOX"),)] == desk.clock.timestamp()


@pytest.mark.dovecot
def test_a_queue_that_stands_grows_old(desk: RunningDesk, sink: SmtpSink) -> None:
    """While the mail server takes nothing, the age of the oldest letter owed tells since when."""
    sink.always("MAIL", "451 4.3.0 later")
    desk.inbox.append(mails.plain(date=desk.clock), desk.clock)
    desk.run()
    desk.wait(timedelta(hours=2))
    assert counted(desk)["maild_letter_oldest_owed_seconds", ()] == 7200


@pytest.mark.dovecot
def test_no_figure_names_a_person_or_a_case(desk: RunningDesk) -> None:
    """Names and labels hold kinds, states, promises and folders: no address, no subject, no case."""
    desk.inbox.append(mails.plain(date=desk.clock), desk.clock)
    desk.run()
    case = str(desk.cases()[0]["case"])
    text = str(counted(desk).keys())
    assert [word for word in ("@", "reporter", "Overflow", case) if word in text] == []


def test_what_is_shown_is_what_was_counted(shown: Metrics, tmp_path: Path) -> None:
    """Text file and HTTP say the same, in the format that an independent reader understands."""
    shown.show([Figure("maild_cases", 3, {"state": "open"}), Figure("maild_mail_shunted", 0)])
    with urllib.request.urlopen(f"http://127.0.0.1:{shown.port}/metrics", timeout=10) as answer:
        served = read(answer.read().decode())
    assert served == read((tmp_path / "maild.prom").read_text())
    assert served == {("maild_cases", (("state", "open"),)): 3, ("maild_mail_shunted", ()): 0}


def test_the_text_file_can_be_read_by_whoever_collects_it(shown: Metrics, tmp_path: Path) -> None:
    """Also under the service's umask, which keeps everything else to itself."""
    before = os.umask(0o077)
    try:
        shown.show([Figure("maild_mail_shunted", 0)])
    finally:
        os.umask(before)
    assert (tmp_path / "maild.prom").stat().st_mode & 0o777 == 0o644


def test_trouble_in_showing_says_what_to_do(tmp_path: Path) -> None:
    """A port that is taken ends the start; a file that cannot be written is trouble that may pass."""
    first = Metrics(None, "127.0.0.1", free_ports(1)[0])
    try:
        with pytest.raises(PermanentError, match="choose another port"):
            Metrics(None, "127.0.0.1", first.port)
    finally:
        first.close()
    with pytest.raises(TemporaryError, match=r"metrics\.textfile"):
        Metrics(tmp_path / "none" / "maild.prom").show([Figure("maild_mail_shunted", 0)])


def test_old_figures_do_not_outlive_the_service(shown: Metrics, tmp_path: Path) -> None:
    """At the end the text file is taken away: a desk that is down must not look well."""
    shown.show([Figure("maild_mail_shunted", 0)])
    shown.close()
    assert not (tmp_path / "maild.prom").exists()


@pytest.mark.parametrize("name", ["prometheus-rules.yml", "grafana-dashboard.json"])
def test_rules_and_dashboard_ask_for_figures_that_exist(name: str) -> None:
    """Every figure named in the shipped files is one that maild shows."""
    asked = set(re.findall(r"\bmaild_\w+", (CONFIG / name).read_text()))
    assert asked
    assert asked <= set(MEANING)


@pytest.mark.dovecot
def test_the_running_service_shows_them(desk: RunningDesk, tmp_path: Path) -> None:
    """``maild run`` writes the file within its first minute, loops included, and takes it away at its end."""
    desk.clock = datetime.now(UTC)  # noqa: TID251 - the daemon has no other clock
    port = free_ports(1)[0]
    desk.configure(
        inbox='poll = "1s"\n', more=f'[metrics]\ntextfile = "m.prom"\nlisten = "127.0.0.1:{port}"\n'
    )
    daemon, file = Daemon(desk.path), desk.folder / "m.prom"
    try:
        daemon.await_(file.exists)
        found = read(file.read_text())
        assert found["maild_started_timestamp_seconds", ()] > 0
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            assert b"maild_database_bytes" in answer.read()
        assert daemon.end() == 0
    finally:
        daemon.close()
    assert not file.exists()
