"""A member forwards a report within the text of a message, as mail programs do."""

import pytest

from maild.core.mail.inline import original_author
from tests.support import mails
from tests.support.phrases import PHRASES
from tests.support.relaying import BEA, CARL, RelayDesk, header, letter_text, reply

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
TIM = "tim@third.example"
BODY = "\n\nA quokka makes it crash.\n"
SHAPES = {
    "Gmail": f"See below.\n\n---------- Forwarded message ---------\nFrom: Tim T <{TIM}>\nDate: Mon, Mar 2, 2026\n"
    f"Subject: Overflow\nTo: <{CARL}>{BODY}",
    "Outlook": f"\n________________________________\nFrom: Tim T <{TIM}>\nSent: Monday, March 2, 2026\nTo: Carl\n"
    f"Subject: Overflow{BODY}",
    "old Outlook": f"-----Original Message-----\nFrom: Tim T [mailto:{TIM}]\nSent: Monday\nTo: Carl\nSubject: x{BODY}",
    "Apple Mail": f"Begin forwarded message:\n\n> From: Tim T <{TIM}>\n> Subject: Overflow\n> Date: 2 March 2026\n"
    f"> To: Carl <{CARL}>{BODY}",
    "Thunderbird": f"-------- Forwarded Message --------\nSubject: \tOverflow\nDate: \tMon, 2 Mar 2026\n"
    f"From: \tTim T <{TIM}>\nTo: \t{CARL}{BODY}",
    "German": f"-------- Weitergeleitete Nachricht --------\nBetreff: \tx\nDatum: \tMo\nVon: \tTim <{TIM}>\nAn: \tx{BODY}",
    "French": f"---------- Message transféré ---------\nDe\u00a0: Tim <{TIM}>\nDate\u00a0: lun.\nObjet\u00a0: x\nÀ\u00a0: y{BODY}",
    "Spanish": f"---------- Mensaje reenviado ---------\nDe: Tim <{TIM}>\nFecha: lun\nAsunto: x\nPara: y{BODY}",
    "Italian": f"Inizio messaggio inoltrato:\n\nDa: Tim <{TIM}>\nOggetto: x\nData: 2 marzo\nA: y{BODY}",
    "Dutch": f"Van: Tim <{TIM}>\nVerzonden: maandag\nAan: Carl\nOnderwerp: x{BODY}",
}


def forward(desk: RelayDesk, text: str, prefix: str = "Fwd: ") -> None:
    """Carl forwards it; our exchanger vouches for him."""
    raw = mails.plain(
        date=desk.clock,
        sender=f"Carl <{CARL}>",
        subject=f"{prefix}Overflow",
        message_id="<f@home.example>",
        text=text,
    )
    desk.comes(raw, DOMAIN)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_original_author_is_found_in_every_shape(shape: str) -> None:
    """In five programs' shapes and six languages."""
    assert original_author(SHAPES[shape], PHRASES) == TIM


def test_the_author_is_proposed_and_one_command_confirms(desk: RelayDesk) -> None:
    """Nothing goes to them before; then the acknowledgement does, and so does an answer to the copy."""
    forward(desk, SHAPES["Gmail"])
    case = str(desk.one()["case"])
    assert "forwarded" in desk.one()["flags"]
    assert desk.promises() == {"acknowledge": "running", "respond": "running"}
    assert desk.to(TIM) == []
    (told,) = (one for one in desk.to("carl@phone.example") if "Please confirm" in header(one, "Subject"))
    assert f"!reporter {TIM}" in letter_text(told)
    assert desk.word("reporter", case, TIM).status == 0
    desk.run()
    assert len(desk.to(TIM)) == 1
    assert desk.promises()["acknowledge"] == "receipt"
    desk.comes(reply(desk.copies(CARL)[0], CARL, "We can reproduce it and work on a fix."), DOMAIN)
    assert len(desk.answers(TIM)) == 1


def test_of_a_forward_that_names_nobody_its_author_hears_how(desk: RelayDesk) -> None:
    """The case is open, and its author learns to attach the original."""
    forward(desk, "Somebody called and said that it crashes.\n", "WG: ")
    (told,) = (one for one in desk.to("carl@phone.example") if "Who reported" in header(one, "Subject"))
    assert "as an attachment" in letter_text(told)
    assert desk.promises()["respond"] == "running"


@pytest.mark.parametrize("kind", ["message/rfc822", 'application/octet-stream; name="report.eml"'])
@pytest.mark.parametrize("colleague", [False, True])
def test_an_attached_report_belongs_to_its_author(desk: RelayDesk, kind: str, colleague: bool) -> None:
    """By its type or by its name, and where a colleague had forwarded it before."""
    report = f"From: Tim T <{TIM}>\nSubject: Overflow\nMessage-ID: <t@third.example>{BODY}"
    if colleague:
        report = f"From: Bea <{BEA}>\nSubject: Fwd: x\nContent-Type: message/rfc822\n\n{report}"
    text = f"--b\nContent-Type: text/plain\n\nSee below.\n--b\nContent-Type: {kind}\n\n{report}\n--b--\n"
    raw = mails.plain(
        date=desk.clock,
        sender=f"Carl <{CARL}>",
        subject="Fwd: Overflow",
        text=text,
        Content_Type='multipart/mixed; boundary="b"',
    )
    desk.comes(raw, DOMAIN)
    reporters = [one["address"] for one in desk.one()["participants"] if one["side"] == "reporter"]
    assert reporters == [TIM]
    assert desk.to(TIM) == []
