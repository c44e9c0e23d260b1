"""A report that a member forwards within a message: that it is one, and whom it names as its author."""

# ruff: noqa: RUF001 - words of several languages

import pytest

from maild.core.mail.inline import begins_with_forward, is_forward, original_author
from maild.core.mail.reply import own_text
from tests.support.phrases import PHRASES

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
    assert is_forward(subject, PHRASES)
    assert (
        original_author(f"Please look at this.\n\n{head}\n\nA crafted file.\n", PHRASES)
        == "rita@reporter.example"
    )


@pytest.mark.parametrize(
    "subject", ["Re: x", "Forward secrecy is broken", "[dev] x: y", "[EX-222222] x", "[a: b]"]
)
def test_other_subjects_are_no_forward(subject: str) -> None:
    """Tags of lists and cases are none."""
    assert not is_forward(subject, PHRASES)


FORWARDED = "\n\nA crafted file.\n"
DASHES = "--------"
SHAPES = {
    "Yandex": (
        "Fwd: x",
        f'{DASHES} Пересылаемое сообщение {DASHES}\n02.03.2026, 10:30, "Rita" <rita@reporter.example>:{FORWARDED}'
        f"{DASHES} Завершение пересылаемого сообщения {DASHES}\n",
    ),
    "Yandex, a long name": (
        "Fwd: x",
        f'{DASHES} Forwarded message {DASHES}\n02.03.2026, 10:30, "Rita of the Laboratory"\n'
        f"<rita@reporter.example>:{FORWARDED}",
    ),
    "Yahoo, the head in one line": (
        "Fw: x",
        f'   ----- Forwarded Message ----- From: {RITA}To: "c@p.example" <c@p.example>Subject: x\n{FORWARDED}',
    ),
    "Yahoo, Russian": (
        "Fw: x",
        f'   ----- Пересылаемое сообщение ----- От: {RITA}Кому: "c@p.example" <c@p.example>Тема: x\n{FORWARDED}',
    ),
    "Mail.ru": (
        "Fwd: x",
        f"{DASHES} Пересылаемое сообщение {DASHES}\nОт кого: {RITA}\nКому: C\nТема: x{FORWARDED}",
    ),
    "Outlook for Mac": (
        "FW: x",
        f'On 3/2/26, 10:30 AM, "Rita" <rita@reporter.example> wrote:\n{FORWARDED}',
    ),
    "Thunderbird, Polish": (
        "Fwd: x",
        f"--- Treść przekazanej wiadomości ---\nTemat: x\nNadawca: {RITA}\nAdresat: C{FORWARDED}",
    ),
    "Thunderbird, a long name": (
        "Fwd: x",
        f"{DASHES} Forwarded Message {DASHES}\nSubject: x\nDate: Mon\nFrom: Rita Reporter of the Laboratory\n"
        f"<rita@reporter.example>\nTo: c{FORWARDED}",
    ),
    "Apple Mail, Ukrainian": (
        "Fwd: x",
        f"Початок листа, що пересилається:\n\n> Від кого: {RITA}\n> Тема: x\n> Кому: c{FORWARDED}",
    ),
    "Apple Mail, Hungarian": (
        "Fwd: x",
        f"Továbbított levél kezdete:\n\n> Feladó: {RITA}\n> Tárgy: x\n> Címzett: c{FORWARDED}",
    ),
    "Outlook, Romanian": ("Redir.: x", f"De la: {RITA}\nTrimis: luni\nCătre: C\nSubiect: x{FORWARDED}"),
    "Outlook, Turkish": ("İLT: x", f"Kimden: {RITA}\nKime: C\nKonu: x{FORWARDED}"),
    "Outlook, Greek": ("ΠΡΘ: x", f"Από: {RITA}\nΠρος: C\nΘέμα: x{FORWARDED}"),
    "Outlook, an address twice": (
        "FW : x",
        f"From: Rita <rita@reporter.example<mailto:rita@reporter.example>>\nSent: Mon\nSubject: x{FORWARDED}",
    ),
    "Gmail, Hebrew": (
        "[EXTERNAL] Fwd: x",
        f"---------- Forwarded message ---------\nמאת: {RITA}\nDate: x\nSubject: x{FORWARDED}",
    ),
    "Gnus": (
        "Fwd: x",
        f"-------------------- Start of forwarded message --------------------\nFrom: {RITA}\nSubject: x{FORWARDED}",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_forward_of_any_program_names_its_author_and_is_not_ones_own(shape: str) -> None:
    """In further programs and languages; what is forwarded is no word of whoever forwards it."""
    subject, text = SHAPES[shape]
    assert is_forward(subject, PHRASES)
    assert original_author(f"Please look.\n\n{text}", PHRASES) == "rita@reporter.example"
    assert own_text(f"Please look.\n\n{text}", PHRASES) == "Please look."


def test_a_forward_is_known_without_its_prefix() -> None:
    """By the title on top, where somebody wrote another subject."""
    assert begins_with_forward(f"\n{DASHES} Weitergeleitete Nachricht {DASHES}\nVon: {RITA}\n", PHRASES)
    assert begins_with_forward(f"Inizio messaggio inoltrato:\n\n> Da: {RITA}\n", PHRASES)
    assert begins_with_forward(f"@fwd\n\n{DASHES} Forwarded message {DASHES}\nFrom: {RITA}\n", PHRASES)
    assert not begins_with_forward(
        f"Hello,\nsee\nthis\n{DASHES} Forwarded message {DASHES}\nFrom: {RITA}\n", PHRASES
    )


@pytest.mark.parametrize(
    ("text", "forwarded"),
    [
        (f"\n\nFrom: {RITA}\nSent: Tuesday\nTo: Ann\nSubject: x\n\nHi", True),
        (f"Von: {RITA}\nGesendet: Dienstag\nAn: Ann\nBetreff: x\n\nHi", True),
        ("From: my notes\nThe parser crashes on a long name.", False),
        ("The parser crashes.\nSubject: line of the mail that does it", False),
    ],
)
def test_a_forward_is_known_by_the_head_that_it_begins_with(text: str, forwarded: bool) -> None:
    """Outlook writes neither title nor line above it; a label alone is a word of the text."""
    assert begins_with_forward(text, PHRASES) is forwarded


def test_a_sentence_with_an_address_is_no_author_before_the_head() -> None:
    """Where a head follows, that names the author, whatever address stands above it."""
    text = f"We told 2 people, ann@else.example among them:\n\nFrom: {RITA}\nSubject: x{FORWARDED}"
    assert original_author(text, PHRASES) == "rita@reporter.example"
