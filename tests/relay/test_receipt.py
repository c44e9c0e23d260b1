"""The acknowledgement as its reader gets it: signed by the desk, and in reply to their own subject."""

import pytest

from maild.core.mail.mime import parse
from maild.errors import TemporaryError
from maild.gateways.openpgp import OpenPGP
from tests.openpgp.kit import Kit
from tests.openpgp.mails import text
from tests.support.relaying import RITA, RelayDesk, header
from tests.support.sealing import SAM, head, report
from tests.support.smtpsink import Letter

pytestmark = pytest.mark.dovecot


def receipt(desk: RelayDesk, proved: str = "reporter.example") -> Letter:
    """What Rita gets for a report in clear."""
    desk.comes(text("It overflows.\r\n", head=head(1, f"Rita <{RITA}>", "Heap overflow")), proved)
    (found,) = desk.to(RITA)
    return found


def test_it_is_signed_by_the_desk(desk: RelayDesk, kit: Kit) -> None:
    """Whoever has the desk's key can tell the acknowledgement from a forged one; it is no less automatic."""
    found = receipt(desk)
    root = parse(found.raw).root
    signed, signature = root.children
    assert root.content_type == "multipart/signed"
    (kit.root / "part").write_bytes(signed.raw)
    (kit.root / "part.sig").write_bytes(signature.content)
    words = ("--status-fd", "1", "--verify", str(kit.root / "part.sig"), str(kit.root / "part"))
    assert f"VALIDSIG {kit.desk_key}".encode() in kit.gpg(kit.desk, *words)
    assert header(found, "Auto-Submitted") == "auto-replied"
    assert header(found, "Reply-To") == "security@project.example"


def test_it_answers_the_reports_own_subject(desk: RelayDesk) -> None:
    """Its thread stays together in the proved reporter's mail client, and the case's number stands behind."""
    case = header(found := receipt(desk), "Subject").rpartition(" ")[2]
    assert header(found, "Subject") == f"Re: Heap overflow {case}"
    assert case == f"[{desk.one()['case']}]"


def test_nobodys_words_go_to_an_unproved_author(desk: RelayDesk) -> None:
    """Whoever writes in Rita's name makes the desk send her no words of theirs."""
    assert header(receipt(desk, ""), "Subject") == f"We received your report [{desk.one()['case']}]"


def test_an_encrypted_report_is_answered_under_a_fixed_subject(desk: RelayDesk, kit: Kit) -> None:
    """What stood outside of it is not repeated, whoever proved themselves."""
    desk.comes(report(kit, 1), "reporter.example")
    assert header(desk.to(SAM)[0], "Subject").startswith("We received your report [")


def test_it_waits_for_no_gpg(desk: RelayDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the desk's key cannot be used now the acknowledgement leaves unsigned, at once."""

    async def fails(*_: object) -> bytes:
        raise TemporaryError("gpg cannot be asked")

    monkeypatch.setattr(OpenPGP, "sign", fails)
    assert parse(receipt(desk).raw).root.content_type == "text/plain"
