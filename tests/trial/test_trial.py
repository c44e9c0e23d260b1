"""A new operator on a bare Debian: README's commands, and what the service then does and cannot do."""

import json
import re
import time
from pathlib import Path

import pytest

from tests.openpgp.mails import pgp_mime
from tests.trees.readme import commands
from tests.trees.tree import RELEASES
from tests.trial.conftest import Trial

pytestmark = pytest.mark.nspawn

PROBE = Path(__file__).parent / "probe.py"
QUICK = "[Service]\nWatchdogSec=10s\nRestartSec=1s\n"
"""The unit as it is shipped, but nobody waits a minute in a test."""


def report(trial: Trial, number: int) -> bytes:
    """A sealed report of Sam's, to the key that the desk publishes."""
    kit = trial.kit
    kit.gpg(kit.people, "--import", feed=trial.key().encode())
    inside = b"Content-Type: text/plain\r\n\r\nIt writes past its buffer.\r\n"
    sealed = kit.gpg(kit.people, "-r", "<security@example.org>", "--encrypt", feed=inside)
    head = (
        "From: Sam <sam@reporter.example>\r\nTo: security@example.org\r\nSubject: ...\r\n"
        f"Message-ID: <r{number}@reporter.example>\r\n"
    )
    return pgp_mime(sealed, head=head.encode()).replace(b"\r\n", b"\n")


def send(trial: Trial, raw: bytes) -> None:
    """As any mail client hands it in."""
    trial.machine.run("sendmail -f sam@reporter.example security@example.org", feed=raw.decode())


def letters(trial: Trial) -> list[str]:
    """What lies in Sam's mailbox, as it arrived."""
    listed = trial.machine.run("ls /srv/mail/sam/Maildir/new/* 2>/dev/null || true").split()
    return [trial.machine.run(f"cat {one}") for one in listed]


def receipts(trial: Trial, number: int) -> list[str]:
    """Those that answer one report."""
    return [one for one in letters(trial) if f"In-Reply-To: <r{number}@reporter.example>" in one]


def test_from_nothing_to_an_acknowledged_sealed_report(
    trial: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    """With at most twelve commands of README a sealed report is acknowledged, within ten minutes of machine time."""
    begin = time.monotonic()
    send(trial, report(trial, 1))
    (receipt,) = trial.await_(lambda: receipts(trial, 1), "a receipt for the sealed report", 60)
    trial.type(commands()[-1])
    seconds = trial.seconds + time.monotonic() - begin
    case = re.search(r"EXAMPLE-[0-9A-Z]{6}", trial.said["maild cases"])
    assert case
    assert case.group() in receipt
    assert "Auto-Submitted: auto-replied" in receipt
    assert "past its buffer" not in receipt
    assert trial.machine.run("maild show --json " + case.group()).count('"sealed": true') <= 1
    assert len(commands()) <= 12
    assert seconds < 600
    with capsys.disabled():
        print(f"\n{trial.release}: {len(commands())} commands and a receipt: {seconds:.0f} s")


def test_the_unit_is_clean_and_little_exposed(trial: Trial, capsys: pytest.CaptureFixture[str]) -> None:
    """Systemd finds nothing wrong with the installed units, and an exposure of 1.5 at most."""
    files = "/etc/systemd/system/maild.service /etc/systemd/system/maild-failed@.service"
    assert trial.machine.run(f"systemd-analyze verify --recursive-errors=no {files}") == ""
    said = trial.machine.run(
        "systemd-analyze security --offline=true --threshold=15 /etc/systemd/system/maild.service"
    )
    with capsys.disabled():
        print("\n" + said.strip().splitlines()[-1])
    found = re.search(r"exposure level for maild.service: ([0-9.]+)", said)
    assert found
    assert float(found.group(1)) <= 1.5


def probed(trial: Trial, sandboxed: bool) -> dict[str, list[str]]:
    """What the probe found, run by the installed unit with nothing changed but what it runs; or outside it."""
    machine = trial.machine
    machine.run("cat >/srv/probe.py", feed=PROBE.read_text())
    if not sandboxed:
        return json.loads(
            machine.run("setpriv --reuid maild --regid maild --clear-groups python3 /srv/probe.py")
        )
    unit = machine.run("cat /etc/systemd/system/maild.service")
    unit = re.sub(r"^ExecStart=.*", "ExecStart=/usr/bin/python3 /srv/probe.py", unit, flags=re.MULTILINE)
    unit = re.sub(r"^Type=.*", "Type=oneshot\nRuntimeDirectoryPreserve=yes", unit, flags=re.MULTILINE)
    unit = re.sub(r"^(Restart=|OnFailure=).*\n", "", unit, flags=re.MULTILINE)
    machine.run("cat >/run/systemd/system/maild-probe.service && systemctl daemon-reload", feed=unit)
    machine.run("systemctl start maild-probe || (journalctl -u maild-probe; false)")
    return json.loads(machine.run("journalctl -u maild-probe -o cat | grep ^{").splitlines()[-1])


def test_what_the_service_can_do(trial: Trial) -> None:
    """From inside: it writes only its two folders, starts only gpg, its agent and its own interpreter, and has only three families."""
    inside, outside = probed(trial, True), probed(trial, False)
    assert inside["writable"] == ["/run/maild", "/var/lib/maild", "/var/lib/maild/gnupg"]
    assert inside["started"] == ["gpg", "gpg-agent", "python3"]
    assert inside["families"] == ["INET", "INET6", "UNIX"]
    assert inside["calls"] == []
    programs = {one for one in inside["executable"] if ".so" not in one and "/e2fsprogs/" not in one}
    python = f"/usr/bin/python{RELEASES[trial.release]}"
    assert programs == {"/opt/maild/bin/maild", "/usr/bin/gpg", "/usr/bin/gpg-agent", python}
    assert {"/tmp", "/var/tmp", "/dev/shm"} <= set(outside["writable"])
    assert {"bash", "perl", "mount", "a copy in memory", "a copy in /var/lib/maild"} <= set(
        outside["started"]
    )
    assert "NETLINK" in outside["families"]
    assert {"unshare", "writable and executable memory"} <= set(outside["calls"])


def test_killed_stalled_and_stopped(trial: Trial) -> None:
    """A kill and a stall bring it back; no report is lost or answered twice; reload keeps the process; a stop is clean."""
    machine = trial.machine
    machine.run(
        "mkdir -p /run/systemd/system/maild.service.d && cat >/run/systemd/system/maild.service.d/quick.conf",
        feed=QUICK,
    )
    machine.run("systemctl daemon-reload && systemctl restart maild")
    first = machine.shows("maild", "MainPID")
    machine.run(f"kill -9 {first}")
    trial.await_(lambda: restarts(trial) >= 1 and up(trial), "a restart after kill -9")
    fed = machine.shows("maild", "WatchdogTimestampMonotonic")
    trial.await_(
        lambda: machine.shows("maild", "WatchdogTimestampMonotonic") != fed, "the watchdog is fed", 10
    )
    second = machine.shows("maild", "MainPID")
    machine.run(f"kill -STOP {second}")
    trial.await_(lambda: restarts(trial) >= 2 and up(trial), "a restart by the watchdog")
    assert "Watchdog timeout" in machine.run("journalctl -u maild")
    assert len({first, second, machine.shows("maild", "MainPID")}) == 3
    send(trial, report(trial, 2))
    trial.await_(lambda: receipts(trial, 2), "a receipt after the restarts", 60)
    assert "mail read" in machine.shows("maild", "StatusText")
    third = machine.shows("maild", "MainPID")
    machine.run("systemctl reload maild")
    trial.await_(lambda: "reload" in machine.run("journalctl -u maild -o cat"), "the configuration read anew")
    trial.await_(lambda: up(trial), "the service after it")
    assert machine.shows("maild", "MainPID") == third
    machine.run("systemctl stop maild")
    assert machine.shows("maild", "Result") == "success"
    assert machine.shows("maild", "ExecMainStatus") == "0"
    assert (len(receipts(trial, 1)), len(receipts(trial, 2))) == (1, 1)
    machine.run(
        "rm -r /run/systemd/system/maild.service.d && systemctl daemon-reload && systemctl start maild"
    )


def restarts(trial: Trial) -> int:
    """How often systemd had to start the service again."""
    return int(trial.machine.shows("maild", "NRestarts"))


def up(trial: Trial) -> bool:
    """Whether the service has said that it is ready."""
    return trial.machine.shows("maild", "SubState") == "running"


def test_again_changes_nothing(trial: Trial) -> None:
    """A second init and a second install-service leave configuration, secrets, keys and their owners as they are."""
    machine = trial.machine
    listing = "cd / && find etc/maild var/lib/maild/gnupg -type f ! -name '.#*' ! -name random_seed ! -name 'S.*' -printf '%p %m %u %g ' -exec sha256sum {} \\;"
    before = machine.run(listing)
    for command in commands():
        if "install-service" in command or "maild init" in command:
            machine.run(command)
    assert machine.run(listing) == before
    assert machine.tried("maild check").returncode in (0, 1)  # 1: it warns of Bea, who has no key
    machine.run("maild cases; maild run --once", check=False)
    assert machine.run("find /var/lib/maild ! -user maild") == ""
    assert "secrets/pgp-passphrase 600 maild maild" in before
    assert "maild.toml 640 root maild" in before


def test_an_encrypted_credential(trial: Trial) -> None:
    """The password may lie encrypted, as the unit tells: the service logs in with it, and so does ``check``."""
    machine = trial.machine
    machine.run(
        "systemd-creds encrypt --name=secrets_imap-password /etc/maild/secrets/imap-password /etc/maild/imap-password.cred"
    )
    machine.run("rm /etc/maild/secrets/imap-password && mkdir -p /run/systemd/system/maild.service.d")
    line = "LoadCredentialEncrypted=secrets_imap-password:/etc/maild/imap-password.cred\n"
    machine.run(
        "cat >/run/systemd/system/maild.service.d/credential.conf && systemctl daemon-reload",
        feed=f"[Service]\n{line}",
    )
    machine.run("systemctl restart maild")
    send(trial, report(trial, 3))
    trial.await_(lambda: receipts(trial, 3), "a receipt, the password being encrypted", 60)
    assert re.search(r"imap +ok", machine.run("maild check", check=False))


def test_a_second_desk(trial: Trial) -> None:
    """A second desk on the host runs beside the first: own user, own state, own key; neither reads the other's."""
    machine = trial.machine
    machine.run("/opt/maild/bin/maild install-service --instance ember")
    init = next(one for one in commands() if one.startswith("maild init"))
    init = init.replace("maild init", "maild --config /etc/maild/ember/maild.toml init")
    machine.run(init.replace("security@", "ember@"), feed="sesame\n")
    assert machine.run("systemd-analyze verify --recursive-errors=no maild@ember.service") == ""
    machine.run("systemctl start maild@ember")
    assert machine.shows("maild@ember", "SubState") == "running"
    asked = "setpriv --reuid maild-ember --regid maild-ember --clear-groups"
    assert machine.tried(f"{asked} ls /var/lib/maild-ember/maild.db").returncode == 0
    for secret in ("/var/lib/maild/maild.db", "/etc/maild/maild.toml", "/etc/maild/secrets/pgp-passphrase"):
        assert machine.tried(f"{asked} cat {secret}").returncode == 1, secret


def test_a_failed_service_says_so_and_is_tried_again(trial: Trial) -> None:
    """A faulty configuration ends in the failed state with status 78, not in a loop; the hook says it, and tries again."""
    machine, file = trial.machine, "/etc/maild/ember/maild.toml"
    hook = "/etc/systemd/system/maild-failed@.service"
    machine.run(f"sed -i 's/sleep 600/sleep 2/' {hook} && systemctl daemon-reload")
    machine.run(f"sed -i.good 's/^prefix = .*/prefix = 7/' {file} && (systemctl restart maild@ember || true)")
    trial.await_(lambda: machine.shows("maild@ember", "ActiveState") == "failed", "the failed state")
    assert machine.shows("maild@ember", "ExecMainStatus") == "78"
    said = "maild@ember.service has failed"
    trial.await_(lambda: said in machine.run("journalctl -t maild-failed"), "the hook's line")
    machine.run(f"cp -p {file}.good {file}")
    trial.await_(lambda: machine.shows("maild@ember", "SubState") == "running", "another try by the hook")
