"""The canary: a word that came sealed is nowhere to be found afterwards but in letters sealed to a reader."""

import os
import quopri
import re
import shutil
import signal
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from secrets import token_hex

import pytest

from maild.core.mail.facts import Facts
from maild.engine import opening
from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import VERSION, data, multipart, pgp_mime, signed, text
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.daemon import ROOT, Daemon
from tests.support.dovecot import User
from tests.support.sealing import MIA, SAM, SealedDesk, entity, head, key_file
from tests.support.smtpsink import Letter, SmtpSink
from tests.support.sweep import sweep, traces

pytestmark = pytest.mark.dovecot
EVERYTHING_SPEAKS = """\
import logging, resource
logging.basicConfig(level=logging.DEBUG)
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
"""


@pytest.fixture
def canary() -> str:
    """A word that nobody ever wrote before."""
    return f"Kestrel{token_hex(9)}wing"


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Where everything temporary goes."""
    folder = Path(tempfile.mkdtemp(prefix="cn", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def desk(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, kit: Kit, home: Path
) -> SealedDesk:
    """A desk with a key folder of its own, on the machine's clock."""
    made = SealedDesk(tmp_path, inbox, sink, certificate, kit, home)
    limits = "[limits]\nreceipts_per_address_day = 999\nreceipts_per_domain_hour = 999\n"
    made.configure(inbox='poll = "1s"\n', more=limits)
    return made


def inside(canary: str) -> bytes:
    """What is sealed: the word in subject, text, attachment's name and attachment, each encoded its way."""
    quoted = quopri.encodestring(f"ü {canary}".encode()).decode()
    file = (
        f'Content-Type: application/octet-stream; name="{canary}.txt"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{canary}.txt"\r\n\r\n'
        + b64encode(canary.encode()).decode()
    )
    lines = f"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}\r\n"
    return entity(f"The word is {canary}.", f"About {canary}", file.encode(), lines.encode())


def reports(kit: Kit, canary: str) -> dict[str, bytes]:
    """Every shape of sealed mail, and what must stay closed, each with the word inside."""
    whole, words = inside(canary), f"The word is {canary}.\n".encode()
    sealed, bare = kit.encrypt(text=whole), kit.encrypt(text=words)
    block, loose = armor(bare).decode(), kit.encrypt("-z", "0", text=whole)
    tampered = loose[:-3] + bytes([loose[-3] ^ 1]) + loose[-2:]
    flipped = loose[:-300] + bytes([loose[-300] ^ 64]) + loose[-299:]
    literal = kit.literal(b"put before\n")
    with_key = entity(f"Again {canary}.", canary, key_file(kit.public(kit.people, kit.stranger)))
    both = kit.sealed_by(kit.stranger, text=with_key)
    inner = signed(whole, kit.detached(kit.member, text=whole), head=b"")
    return {
        "PGP/MIME": pgp_mime(sealed, head=head(1)),
        "signed inside, with a key": pgp_mime(both, head=head(2)),
        "inline": text(block, head=head(3)),
        "mangled": multipart("mixed", text("\n"), VERSION, data(sealed), head=head(4)),
        "attachment": multipart(
            "mixed", text("\n"), data(bare, "application/pgp", "report.asc"), head=head(5)
        ),
        "member's signature inside": pgp_mime(kit.encrypt(text=inner), head=head(6, f"Mia <{MIA}>")),
        "integrity tampered with": pgp_mime(tampered, head=head(7)),
        "bit flipped": pgp_mime(flipped, head=head(8)),
        "truncated": pgp_mime(loose[:-40], head=head(9)),
        "beside text": multipart(
            "mixed", text("Read this.\n"), pgp_mime(sealed, head=b"", boundary="in"), head=head(10)
        ),
        "in a quote": text("So:\n" + "".join(f"> {line}\n" for line in block.split("\n")), head=head(11)),
        "text before it": pgp_mime(literal + sealed, head=head(12)),
        "text behind it": pgp_mime(sealed + literal, head=head(13)),
        "two in one": text(block + block, head=head(14)),
    }


def environment(desk: SealedDesk, temporary: Path) -> Mapping[str, str]:
    """Every library's debug log, asyncio's own too, core dumps where the system allows them."""
    site = desk.folder / "site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(EVERYTHING_SPEAKS)
    return {
        "TMPDIR": str(temporary),
        "MAILD_LOG": "debug",
        "PYTHONASYNCIODEBUG": "1",
        "PYTHONPATH": f"{ROOT}:{site}",
    }


def opened(daemon: Daemon) -> int:
    """How many mails were opened so far, by the log."""
    return daemon.log.read_text().count('"event": "mail opened"')


def drive(desk: SealedDesk, sink: SmtpSink, settings: Mapping[str, str], count: int) -> str:
    """Kill, abort and start the daemon until everything is done; its log."""

    def done() -> bool:
        return desk.states() == ["done"] * count and not set(desk.outcomes().values()) & {"owed", "sending"}

    last = 0
    for how in (signal.SIGKILL, signal.SIGABRT, signal.SIGKILL, 0):
        daemon = Daemon(desk.path, settings)
        try:
            if how:
                daemon.await_(lambda before=last, d=daemon: opened(d) > before + 1 or done())
                last = opened(daemon)
                daemon.process.send_signal(how)
                daemon.process.wait(10)
            else:
                daemon.await_(done)
                assert daemon.end() == 0
        finally:
            daemon.close()
    return daemon.log.read_text()


def test_nothing_of_a_sealed_report_rests_or_leaves_in_clear(
    desk: SealedDesk, sink: SmtpSink, kit: Kit, canary: str, temporary: Path
) -> None:
    """Killed, aborted, logging everything: the word is in no file, no log, no letter that is not sealed."""
    plain, control = reports(kit, canary), f"Control{token_hex(9)}"
    desk.inbox.append_many(list(plain.values()))
    desk.inbox.append(mails.plain(subject=f"Overflow {control}", message_id="<control@reporter.example>"))
    log = drive(desk, sink, environment(desk, temporary), len(plain) + 1)
    assert '"level": "debug"' in log
    assert "DEBUG:" in log
    assert {"ok", "failed", "refused"} <= set(re.findall(r'"decryption": "([a-z-]+)"', log))
    assert sweep(canary, desk.folder, desk.home, temporary) == {}
    assert not list(desk.folder.rglob("core*"))
    leaking = [sent for sent in sink.letters if traces(canary, sent.raw)]
    assert leaking == []
    assert sweep(control, desk.folder)[str(desk.folder / "state" / "maild.db")] == {"plain"}
    a_reader_finds_it(kit, canary, sink.letters)


def a_reader_finds_it(kit: Kit, canary: str, letters: list[Letter]) -> None:
    """The word did come in: it stands in the letters that Mia can open."""
    sealed = [sent for sent in letters if b"multipart/encrypted" in sent.raw]
    texts = [
        kit.gpg(kit.people, "--decrypt", feed=sent.raw, check=False)
        for sent in sealed
        if MIA in sent.recipients
    ]
    assert sum(bool(traces(canary, one)) for one in texts) >= 5
    assert [sent for sent in letters if SAM in sent.recipients]


def test_a_bug_that_names_the_text_is_not_repeated(
    desk: SealedDesk,
    kit: Kit,
    canary: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """An exception whose text is the plaintext leaves its kind and place behind, and no word."""

    def wrong(*seen: object) -> Facts:
        raise ValueError(f"cannot read {canary} in {seen!r}")

    desk.inbox.append(pgp_mime(kit.encrypt(text=inside(canary)), head=head(1)))
    monkeypatch.setattr(opening, "read_facts", wrong)
    desk.run()
    assert desk.states() == ["shunted"]
    assert "ValueError" in str(desk.view("shunted"))
    assert sweep(canary, desk.folder, desk.home) == {}
    said = desk.log.getvalue() + "".join(capfd.readouterr())
    assert (traces(canary, said.encode()), "shunted" in said) == (set(), True)


@pytest.mark.parametrize(
    "dress",
    [
        lambda word: word.encode(),
        lambda word: word.upper().encode(),
        lambda word: b64encode(f"a{word}".encode()),
        lambda word: b64encode(f"ab{word}tail".encode()),
        lambda word: b"\r\n ".join(re.findall(rb".{1,9}", b64encode(f"abc{word}".encode()))),
        lambda word: word.encode("utf-16"),
        lambda word: word.encode("utf-16-be"),
        lambda word: word.encode().hex().upper().encode(),
        lambda word: f"{word[:9]}=\r\n{word[9:]}".encode(),
        lambda word: "".join(f"={ord(letter):02X}" for letter in word).encode(),
        lambda word: repr(word.encode("utf-16-le")).encode().replace(b"\\x00", b"\x00"),
    ],
)
def test_the_sweep_finds_what_is_there(tmp_path: Path, canary: str, dress: object) -> None:
    """In every dress, in the middle of a file, the sweep finds the word; and none where there is none."""
    file = tmp_path / "state" / "x.db-wal"
    file.parent.mkdir()
    file.write_bytes(os.urandom(5000) + dress(canary) + os.urandom(5000))  # type: ignore[operator]
    assert list(sweep(canary, tmp_path)) == [str(file)]
    assert sweep(canary[::-1], tmp_path) == {}
