"""Everything about a case in one archive, for whoever is to read it and nobody else."""

import io
import json
import mailbox
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from maild.core.mail.mbox import mbox
from tests.openpgp.kit import Kit, armor
from tests.support import mails
from tests.support.commanding import Said, command
from tests.support.desk import NOW
from tests.support.relaying import RITA, RelayDesk
from tests.support.sealing import report
from tests.support.smtpsink import SmtpSink
from tests.support.sweep import sweep, traces

RARE = "Zwiebelkuchen"


@pytest.fixture
def sealed(relay: RelayDesk, kit: Kit) -> RelayDesk:
    """A desk with one sealed case."""
    relay.comes(report(kit, words=f"It crashes: {RARE}."))
    return relay


def export(desk: RelayDesk, *words: str) -> Said:
    """``maild export`` of the only case into ``case.out``."""
    return command(desk.path, "export", desk.one()["case"], *words, "--output", str(desk.folder / "case.out"))


def files(content: bytes) -> dict[str, bytes]:
    """What is in an archive."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive if archive.extractfile(one)}  # type: ignore[union-attr]  # asked


@pytest.mark.dovecot
def test_a_sealed_case_goes_to_the_named_member_only(sealed: RelayDesk, kit: Kit) -> None:
    """Mia reads all of it: the mail as it came, what was in it, the letters, the journal; the file tells nothing."""
    assert export(sealed, "--to", "mia").status == 0
    file = sealed.folder / "case.out"
    assert file.stat().st_mode & 0o777 == 0o600
    assert traces(RARE, file.read_bytes()) == traces("case.json", file.read_bytes()) == set()
    found = files(kit.gpg(kit.people, "--decrypt", feed=file.read_bytes()))
    assert set(found) == {"case.json", "mails.mbox", "letters.mbox", "opened/1.eml"}
    assert RARE.encode() in found["opened/1.eml"]
    assert b"BEGIN PGP MESSAGE" in found["mails.mbox"]
    about = json.loads(found["case.json"])
    assert (about["case"]["case"], about["case"]["journal"][0]["what"]) == (sealed.one()["case"], "opened")
    assert found["letters.mbox"].count(b"\nX-Maild-Mark: ") == len(sealed.sink.letters)
    recipients = kit.gpg(kit.desk, "--list-packets", feed=file.read_bytes(), check=False)
    assert recipients.count(b":pubkey enc packet:") == 1


@pytest.mark.dovecot
def test_nothing_of_it_rests_in_the_clear(
    sealed: RelayDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the state folder nor among temporary files, which are kept here to be looked at."""
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setenv("TMPDIR", str(aside))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("shutil.rmtree", lambda *a, **k: None)
    assert export(sealed, "--to", "desk").status == 0
    assert list(aside.iterdir()), "the temporary folder was here"
    assert sweep(RARE, tmp_path) == {}


@pytest.mark.dovecot
@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "--to for whom"),
        (("--to", "carl"), "Mia, Bea"),
        (("--to", "nobody"), "neither a key file nor"),
        (("--to", "{config}"), "maild.toml"),
    ],
)
def test_a_sealed_case_without_a_reader_is_refused(
    sealed: RelayDesk, words: tuple[str, ...], why: str
) -> None:
    """Nobody named, a member without a key, a stranger, a file that is no key: no file is left."""
    said = export(sealed, *(word.format(config=sealed.path) for word in words))
    assert (said.status, why in said.err, (sealed.folder / "case.out").exists()) == (1, True, False)
    assert [row["what"] for row in sealed.one()["journal"]].count("exported") == 0


def key_of_sam(desk: RelayDesk, kit: Kit) -> str:
    """A key in a file: that of Sam, who reported it, as far as anybody knows."""
    key = desk.folder / "sam.asc"
    key.write_bytes(armor(kit.public(kit.people, kit.stranger), "PUBLIC KEY BLOCK"))
    return str(key)


@pytest.mark.dovecot
def test_a_strangers_key_is_refused_before_the_case_is_public(sealed: RelayDesk, kit: Kit) -> None:
    """Unless the operator insists; whose it was, who exported, and that he insisted, stands in the journal."""
    key = key_of_sam(sealed, kit)
    said = export(sealed, "--to", key)
    assert (said.status, (sealed.folder / "case.out").exists()) == (1, False)
    assert "is not announced" in said.err
    assert "--anyway" in said.err
    assert export(sealed, "--to", key, "--anyway").status == 0
    assert files(kit.gpg(kit.people, "--decrypt", feed=(sealed.folder / "case.out").read_bytes()))
    (line,) = [row for row in sealed.one()["journal"] if row["what"] == "exported"]
    assert (line["to"], line["by"].partition(":")[0]) == (kit.stranger, "operator")
    assert line["anyway"] is True


@pytest.mark.dovecot
@pytest.mark.parametrize("how", ["announced", "bug", "told", "late"])
def test_whose_key_will_do(sealed: RelayDesk, kit: Kit, how: str) -> None:
    """Anybody's once the case is announced, or was closed as no secret; before, of whoever may know for now."""
    key, case = key_of_sam(sealed, kit), str(sealed.one()["case"])
    public = kit.public(kit.people, kit.stranger)
    until = 1 if how == "late" else 4_000_000_000_000_000
    rows: dict[str, list[tuple[str, tuple[object, ...]]]] = {
        "announced": [("fact", (case, "stage", "", "announced", "x", 0))],
        "bug": [("fact", (case, "verdict", "", "bug", "x", 0))],
        "told": [
            ("participant", (case, "fix@vendor.example", "team", "outside", 0, "token", until)),
            ("reporter_key", ("fix@vendor.example", kit.stranger, "attached", 0, public, 0)),
        ],
    }
    with sealed.desk() as desk:
        for table, row in rows["told" if how == "late" else how]:
            marks = ",".join("?" * len(row))
            desk.ask(lambda c, t=table, m=marks, r=row: c.exec_driver_sql(f"INSERT INTO {t} VALUES ({m})", r))  # type: ignore[misc]
        if how == "bug":
            desk.ask(lambda c: c.exec_driver_sql("UPDATE `case` SET state = 'closed'"))
    assert export(sealed, "--to", key).status == (1 if how == "late" else 0)


@pytest.mark.dovecot
def test_a_file_named_like_a_member_stands_for_nobody(
    sealed: RelayDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever lays a key where the command is given does not get the case."""
    monkeypatch.chdir(sealed.folder)
    (sealed.folder / "mia").write_bytes(armor(kit.public(kit.people, kit.stranger), "PUBLIC KEY BLOCK"))
    assert export(sealed, "--to", "mia").status == 0
    (line,) = [row for row in sealed.one()["journal"] if row["what"] == "exported"]
    assert line["to"] == kit.member


@pytest.mark.dovecot
def test_a_case_that_came_in_clear_may_be_written_in_clear(relay: RelayDesk, sink: SmtpSink) -> None:
    """Its mail is in the archive as it came, byte for byte but for the line ends."""
    raw = mails.plain(text="One\r\nFrom here on it breaks.\r\n")
    relay.comes(raw, RITA)
    assert export(relay).status == 0
    found = files((relay.folder / "case.out").read_bytes())
    assert set(found) == {"case.json", "mails.mbox", "letters.mbox"}
    assert b"\n>From here on it breaks.\n" in found["mails.mbox"]


def test_any_mail_client_reads_the_mbox(tmp_path: Path) -> None:
    """Python's reader finds each mail whole, whatever lines it holds."""
    texts = ["One\n\nFrom nobody at all\n", "Two\n>From quoted\n\n\n", "Three"]
    raws = [mails.plain(text=text, message_id=f"<{n}@x.example>") for n, text in enumerate(texts)]
    (tmp_path / "mbox").write_bytes(mbox((NOW, raw) for raw in raws))
    with closing(mailbox.mbox(tmp_path / "mbox")) as box:
        found = list(box)
    assert [one["Message-ID"] for one in found] == [f"<{n}@x.example>" for n in range(3)]
    bodies = [
        str(one.get_payload()).replace("\n>From", "\nFrom").replace("\n>>From", "\n>From") for one in found
    ]
    assert [body.strip() for body in bodies] == ["One\n\nFrom nobody at all", "Two\n>From quoted", "Three"]
