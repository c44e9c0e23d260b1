"""The team just replies: real neomutt and mutt on terminals, a real Dovecot, a real SMTP server, real gpg."""

from pathlib import Path

import pytest

from maild.core.mail.opened import Decryption, SignatureStatus
from tests.openpgp.kit import Kit
from tests.support import mails
from tests.support.client import Client
from tests.support.relaying import (
    BEA,
    CARL,
    MIA,
    RITA,
    RelayDesk,
    client_of,
    header,
    letter_text,
    plain_text,
    read_by,
)
from tests.support.sealing import SAM
from tests.support.smtpsink import Letter

pytestmark = pytest.mark.dovecot
DESK = "security@project.example"
DOMAIN = "project.example"
RINGS = "carl@phone.example"
"""Where Carl is told things."""


@pytest.fixture
def mia(desk: RelayDesk, kit: Kit, folders: dict[str, Path], tmp_path: Path) -> Client:
    """Mia at neomutt; her copies come sealed, she signs and seals."""
    about = {"gnupg": folders["m"], "key": kit.member, "signs": True}
    return client_of(desk, "neomutt", MIA, "Mia Member", tmp_path, **about)


@pytest.fixture
def bea(desk: RelayDesk, folders: dict[str, Path], tmp_path: Path) -> Client:
    """Bea at mutt, sealed and signed too."""
    about = {"gnupg": folders["b"], "key": desk.bea, "signs": True}
    return client_of(desk, "mutt", BEA, "Bea Backup", tmp_path, **about)


@pytest.fixture
def carl(desk: RelayDesk, folders: dict[str, Path], tmp_path: Path) -> Client:
    """Carl at mutt, without a key: his From is proved by our exchanger."""
    return client_of(desk, "mutt", CARL, "Carl Coordinator", tmp_path, gnupg=folders["c"])


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """A file for the reporter to attach."""
    file = tmp_path / "trace.txt"
    file.write_text("frame 7: the walrus overruns its kiosk\n")
    return file


def keys(desk: RelayDesk, kit: Kit) -> dict[str, str]:
    """Which key opens the copies of whom."""
    return {MIA: kit.member, BEA: desk.bea, CARL: ""}


def own_thread(sent: Letter, mail: bytes) -> None:
    """The letter stands under this mail of its reader."""
    name = next(line for line in mail.decode().splitlines() if line.lower().startswith("message-id:"))
    mine = name.partition(":")[2].strip()
    assert header(sent, "In-Reply-To") == mine
    assert mine in header(sent, "References").split()


def test_a_plain_report_is_answered_by_whoever_replies(
    desk: RelayDesk,
    kit: Kit,
    mia: Client,
    bea: Client,
    carl: Client,
    tmp_path: Path,
    trace: Path,
    folders: dict[str, Path],
) -> None:
    """Plain Reply in neomutt and mutt, with and without keys: one voice outside, copies inside."""
    rita = client_of(desk, "neomutt", RITA, "Rita Reporter", tmp_path, gnupg=folders["c"])
    report = rita.writes(DESK, "Overflow in the parser", "It crashes on a ruby gondola.\n", trace)
    desk.comes(report)
    for member, client in ((MIA, mia), (BEA, bea), (CARL, carl)):
        (copy,) = desk.copies(member)
        opened = read_by(kit, copy, keys(desk, kit)[member])
        assert (opened.decryption is Decryption.OK) is (member != CARL)
        assert "ruby gondola" in plain_text(opened)
        assert "the walrus overruns its kiosk" in plain_text(opened)
        client.receives(copy.raw)
    (receipt,) = desk.to(RITA)
    rita.receives(receipt.raw)
    assert desk.promises() == {"acknowledge": "receipt", "respond": "running"}

    desk.comes(mia.replies("We can reproduce it and work on a fix.\n"))
    (first,) = desk.answers(RITA)
    own_thread(first, report)
    assert letter_text(first).strip() == "We can reproduce it and work on a fix."
    assert desk.promises() == {"acknowledge": "receipt", "respond": "team:Mia", "update": "running"}
    assert desk.one()["handler"] == "Mia"
    # Mia's client encrypts, and Carl has no key: he is told that there is something, as of any such message.
    assert [len(desk.copies(one)) for one in (MIA, BEA, CARL)] == [1, 2, 1]

    desk.comes(carl.replies("@QUOTED@\nA release is planned for the ninth.\n"), DOMAIN)
    second = desk.answers(RITA)[-1]
    assert letter_text(second).strip() == "A release is planned for the ninth."
    assert [len(desk.copies(one)) for one in (MIA, BEA, CARL)] == [2, 3, 1]

    rita.receives(second.raw)
    again = rita.replies("It crashes in the second kiosk too.\n")
    assert b"security+" in again.partition(b"\r\n\r\n")[0]
    desk.comes(again)
    assert len(desk.cases()) == 1
    bea.receives(desk.copies(BEA)[-1].raw)
    desk.comes(bea.replies("Thank you, that helps us a good deal.\n"))
    own_thread(desk.answers(RITA)[-1], again)


def test_a_sealed_report_stays_sealed_all_the_way(
    desk: RelayDesk, kit: Kit, mia: Client, bea: Client, tmp_path: Path, trace: Path, folders: dict[str, Path]
) -> None:
    """Sealed and signed with protected headers in; copies, replies and answers sealed; Carl reads nothing."""
    about = {"gnupg": folders["s"], "key": kit.stranger, "signs": True, "seals": True}
    sam = client_of(desk, "neomutt", SAM, "Sam Stranger", tmp_path, **about)
    public = tmp_path / "sam.asc"
    public.write_bytes(kit.gpg(kit.people, "--armor", "--export", kit.stranger))
    report = sam.writes(DESK, "Ruby gondola", "It crashes on a ruby gondola.\n", trace, public)
    assert b"gondola" not in report
    desk.comes(report)
    assert desk.one()["subject"] == "(sealed)"
    assert desk.about(RINGS) == ["An encrypted message maild cannot send you"]
    assert desk.copies(CARL) == []
    for member, client in ((MIA, mia), (BEA, bea)):
        (copy,) = desk.copies(member)
        opened = read_by(kit, copy, keys(desk, kit)[member])
        assert opened.decryption is Decryption.OK
        assert "Ruby gondola" in opened.protected["subject"]
        assert "ruby gondola" in plain_text(opened)
        assert "the walrus overruns its kiosk" in plain_text(opened)
        client.receives(copy.raw)

    for client, words in (
        (mia, "We can reproduce it and work on a fix."),
        (bea, "A release is planned for the ninth."),
    ):
        reply = client.replies(words + "\n")
        assert words.encode() not in reply
        desk.comes(reply)
        answer = desk.answers(SAM)[-1]
        own_thread(answer, report)
        opened = read_by(kit, answer)
        assert (opened.decryption, opened.signature.status) == (Decryption.OK, SignatureStatus.GOOD)
        assert opened.signature.fingerprint == kit.desk_key
        assert plain_text(opened).strip() == words
    assert desk.promises() == {"acknowledge": "receipt", "respond": "team:Mia", "update": "running"}
    assert not [one for one in desk.sink.letters if b"gondola" in one.raw or b"ninth" in one.raw]

    sam.receives(desk.answers(SAM)[-1].raw)
    again = sam.replies("It works now, many thanks.\n")
    desk.comes(again)
    assert len(desk.cases()) == 1
    assert "many thanks" in plain_text(read_by(kit, desk.copies(MIA)[-1], kit.member))


def test_what_the_team_says_among_itself_stays_there(
    desk: RelayDesk,
    kit: Kit,
    mia: Client,
    bea: Client,
    carl: Client,
    tmp_path: Path,
    folders: dict[str, Path],
) -> None:
    """Mail to the team's address, and a reply to it in another client: the team only, no promise is met."""
    rita = client_of(desk, "mutt", RITA, "Rita Reporter", tmp_path, gnupg=folders["c"])
    desk.comes(rita.writes(DESK, "Overflow in the parser", "It crashes on a ruby gondola.\n"))
    block = plain_text(read_by(kit, desk.copies(CARL)[0]))
    team = next(line.split()[-1] for line in block.splitlines() if line.startswith("Team:"))
    desk.comes(carl.writes(team, "How bad", "Is this an internal matter of ours?\n"), DOMAIN)
    (_, copy) = desk.copies(MIA)
    mia.receives(copy.raw)
    desk.comes(mia.replies("I think it is internal, let us wait.\n"))
    bea.receives(desk.copies(BEA)[-1].raw)
    desk.comes(bea.replies("Internal or not, I take it.\n", key="g"))
    assert desk.answers(RITA) == []
    assert [len(desk.copies(one)) for one in (MIA, BEA, CARL)] == [3, 3, 1]
    assert (
        desk.about(RINGS) == ["An encrypted message maild cannot send you"] * 2
    )  # Mia and Bea sealed theirs
    assert desk.promises() == {"acknowledge": "receipt", "respond": "running"}
    assert len(desk.cases()) == 1
    root = {header(copy, "References").split()[0] for who in (MIA, BEA, CARL) for copy in desk.copies(who)}
    assert len(root) == 1


def test_words_in_a_signed_mail_are_done(desk: RelayDesk, kit: Kit, mia: Client, carl: Client) -> None:
    """A signed reply that quotes the block names the case; From alone only takes the case."""
    desk.comes(mails.plain(date=desk.clock))
    block = plain_text(read_by(kit, desk.copies(CARL)[0]))
    team = next(line.split()[-1] for line in block.splitlines() if line.startswith("Team:"))
    case = str(desk.one()["case"])
    desk.comes(carl.writes(team, "w", f"!handler me\n!close done\n\n{case}\n"), DOMAIN)
    assert (desk.one()["handler"], desk.one()["state"]) == ("Carl", "open")
    mia.seals = True
    mia.__post_init__()
    desk.comes(mia.writes(DESK, f"about {case}", f"!handler Bea\n!spam\n\n{case}\n"))
    assert (desk.one()["handler"], desk.one()["state"], desk.one()["close_reason"]) == (
        "Bea",
        "closed",
        "spam",
    )


def test_without_plus_addresses_everything_is_found_by_references(
    desk: RelayDesk, mia: Client, carl: Client, kit: Kit
) -> None:
    """Neither copy bears a token in its address, and both replies reach the reporter."""
    desk.configure("subaddress = false")
    desk.comes(mails.plain(date=desk.clock))
    for client, who, proved in ((mia, MIA, ""), (carl, CARL, DOMAIN)):
        (copy, *_) = desk.copies(who)
        client.receives(copy.raw)
        reply = client.replies("We can reproduce it and work on a fix.\n")
        assert b"security+" not in reply.partition(b"\r\n\r\n")[0]
        desk.comes(reply, proved)
    assert len(desk.answers(RITA)) == 2
