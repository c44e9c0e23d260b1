"""A report that a member forwards within a message: that it is one, and whom it names as its author."""

# ruff: noqa: RUF001 - words of several languages

import pytest

from maild.core.mail.inline import is_forward, original_author

RITA = "Rita Reporter <rita@reporter.example>"


@pytest.mark.parametrize(
    ("subject", "head"),
    [
        ("Fwd: x", f"---------- Forwarded message ---------\nFrom: {RITA}\nDate: Mon\nSubject: x\nTo: c"),
        ("WG: x", f"Von: {RITA}\nGesendet: Montag\nAn: Carl\nBetreff: x"),
        ("ENC: x", f"De: {RITA}\nEnviada em: segunda-feira\nPara: Carl\nAssunto: x"),
        ("VB: x", f"Från: {RITA}\nSkickat: måndag\nTill: Carl\nÄmne: x"),
        ("转发：x", '发件人: "Rita" <rita@reporter.example>;\n发送时间: 2026年3月2日\n主题: x'),
        ("FW: x", f"差出人: {RITA}\n送信日時: 2026年3月2日\n宛先: c\n件名: x"),
        ("Fwd: x", f"От: {RITA}\nОтправлено: пн\nКому: c\nТема: x"),
        (
            "[rita@reporter.example: x]",
            f"----- Forwarded message from {RITA} -----\n\nFrom: {RITA}\nSubject: x",
        ),
    ],
)
def test_a_forward_names_its_author(subject: str, head: str) -> None:
    """In the words of Gmail, Outlook, QQ and mutt."""
    assert is_forward(subject)
    assert original_author(f"Please look at this.\n\n{head}\n\nA crafted file.\n") == "rita@reporter.example"


@pytest.mark.parametrize(
    "subject", ["Re: x", "Forward secrecy is broken", "[dev] x: y", "[EX-222222] x", "[a: b]"]
)
def test_other_subjects_are_no_forward(subject: str) -> None:
    """Tags of lists and cases are none."""
    assert not is_forward(subject)
