"""``maild check`` as a doctor: every fault in the table is found, and the step it names mends it."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from maild.app import check as doctor
from maild.app.check import submission
from tests.cli.faults import FAULTS, Fault
from tests.cli.patient import Patient
from tests.openpgp.kit import Kit
from tests.support.certificate import Certificate
from tests.support.commanding import command
from tests.support.daemon import ROOT
from tests.support.dovecot import Dovecot
from tests.support.sealing import SealedDesk
from tests.support.smtpsink import SmtpSink, running

pytestmark = pytest.mark.dovecot


@pytest.fixture(scope="module")
def kit() -> Iterator[Kit]:
    """Keys of all kinds."""
    made = Kit()
    yield made
    made.remove()


def run_mend(patient: Patient, mend: str) -> None:
    """Do what the mending step says, as an operator would type it: its commands, one after the other."""
    gpg = r"gpg --homedir \S+ (?:--cert-digest-algo \S+ )?--quick-(?:set-expire|add-key) [^;]+"
    found = re.findall(rf"(chmod 700 \S+|{gpg})", mend)
    assert found, mend
    for step in found:
        words = shlex.split(step)
        if words[0] == "gpg":
            words[1:1] = ["--batch", "--pinentry-mode", "loopback", "--passphrase", ""]
        subprocess.run(words, check=True, capture_output=True)


@pytest.fixture(scope="module")
def ward(
    dovecot: Dovecot, certificate: Certificate, kit: Kit, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Patient]:
    """One well desk for all faults: each mends what it broke."""
    home = Path(tempfile.mkdtemp(prefix="wd", dir="/tmp"))
    shutil.copytree(kit.desk, home / "h", ignore=shutil.ignore_patterns("S.*"))
    inbox = dovecot.user()
    with running(SmtpSink(certificate, users={"desk": "sesame"})) as sink, ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        stack.callback(kit.end, home / "h")
        (home / "h" / "gpg-agent.conf").write_text("s2k-count 65536\n")  # quick passphrases
        desk = SealedDesk(tmp_path_factory.mktemp("ward"), inbox, sink, certificate, kit, home / "h")
        yield Patient(desk, kit, home / "h", desk.path.read_text(), stack)
        inbox.log_out()


@pytest.fixture
def patient(ward: Patient) -> Iterator[Patient]:
    """The same desk, well again afterwards."""
    with ExitStack() as stack:
        one = Patient(ward.desk, ward.kit, ward.home, ward.well, stack)
        yield one
        ward.desk.path.write_text(ward.well)


def ill(patient: Patient, fault: Fault) -> list[doctor.Line]:
    """The lines that tell this fault."""
    found = [one for one in patient.lines(fault.look) if one.state == fault.state and one.what == fault.what]
    return [one for one in found if fault.words in f"{one.text}; {one.mend}"]


def test_a_well_desk_has_no_fault(ward: Patient) -> None:
    """Nothing is wrong before anything is broken, so what is found later was broken by the table."""
    assert [one for one in ward.lines("") if one.state == doctor.FAULT] == []


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_found_and_its_step_mends_it(patient: Patient, name: str) -> None:
    """Broken: a line with a way out. The way taken: the line is gone and there is no other fault."""
    fault = FAULTS[name]
    assert ill(patient, fault) == [], "it was there before"
    fault.break_(patient)
    found = ill(patient, fault)
    assert found, [str(one) for one in patient.lines(fault.look)]
    assert all(one.mend for one in found)
    if fault.typed:
        run_mend(patient, found[0].mend)
    for mend in reversed(patient.undo):
        mend()
    assert ill(patient, fault) == []
    assert [one for one in patient.lines(fault.look) if one.state == doctor.FAULT] == []


def test_there_are_more_than_forty() -> None:
    """The table holds at least the forty faults that were promised."""
    assert len(FAULTS) >= 40


@pytest.mark.parametrize(("ahead", "state"), [("+0", "ok"), ("+2h", "fault")])
def test_a_clock_that_is_not_the_servers_is_found(patient: Patient, ahead: str, state: str) -> None:
    """Two hours before the mail server, in a process whose clock is moved: told, with NTP as the way."""
    words = ["faketime", "-f", ahead, sys.executable, "-m", "maild", "--config", str(patient.desk.path)]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*words, "check", "--json"], capture_output=True, timeout=120, env=settings, check=False
    )
    (line,) = [one for one in json.loads(done.stdout) if one["what"] == "clock"]
    assert line["state"] == state, line
    assert ("NTP" in line["mend"]) == (state == "fault")


def test_a_test_letter_is_sent_on_request(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """``check --letter`` hands one letter to the server, from the desk, and says what it answered.

    A second one flies to the desk's own address with a tag, and nobody brings it back here.
    """
    monkeypatch.setattr(submission, "PATIENCE", 0)
    before = len(patient.desk.sink.letters)
    said = command(patient.desk.path, "check", "--letter", "op@project.example", "--json")
    (line,) = [one for one in json.loads(said.out) if one["what"] == "letter"]
    assert line["state"] == "ok", line
    sent, tagged = patient.desk.sink.letters[before:]
    assert (sent.envelope_from, sent.recipients) == ("security@project.example", ("op@project.example",))
    assert tagged.recipients[0].startswith("security+check-")
    (line,) = [one for one in json.loads(said.out) if one["what"] == "address"]
    assert "desk.subaddress = false" in line["mend"]


def test_a_refused_test_letter_is_a_fault(patient: Patient) -> None:
    """What the server will not take is told with what to do, and status 69."""
    patient.desk.sink.answer("RCPT", "550 5.1.1 nobody")
    said = command(patient.desk.path, "check", "--letter", "op@project.example")
    assert said.status == os.EX_UNAVAILABLE
    assert "ask the provider why" in " ".join(said.out.split())
