"""A report that a member forwards within a message: that it is one, and whom it names as its author."""

# ruff: noqa: RUF001 - words of several languages

import pytest

from maild.core.mail.inline import HEAD, begins_with_forward, is_forward, original_author
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


@pytest.mark.parametrize(
    "subject",
    [
        "[Fwd: x]",
        "x (fwd)",
        "Fw[2]: x",
        "{Disarmed} Fwd: x",
        "*** SPAM *** WG: x",
        "EXTERNAL: FW: x",
        "[EXT]:TR: x",
        "PERS: x",
        "PĀRS.: x",
        "TOV: x",
        "ED: x",
    ],
)
def test_a_forward_is_known_by_what_stands_before_around_or_behind_its_subject(subject: str) -> None:
    """As Pine, Squirrelmail, The Bat!, gateways and Outlook in further languages write it."""
    assert is_forward(subject, PHRASES)


MORE = {
    "Outlook, Catalan": f"De: {RITA}\nEnviat el: dilluns\nPer a: Carl\nTema: x{FORWARDED}",
    "Outlook, Slovene": f"Od: {RITA}\nPoslano: ponedeljek\nZa: Carl\nZadeva: x{FORWARDED}",
    "Outlook, Lithuanian": f"Nuo: {RITA}\nIšsiųsta: 2026\nKam: Carl\nTema: x{FORWARDED}",
    "Outlook, Latvian": f"No: {RITA}\nNosūtīts: 2026\nKam: Carl\nTēma: x{FORWARDED}",
    "Outlook, Thai": f"จาก: {RITA}\nส่ง: 2026\nถึง: Carl\nเรื่อง: x{FORWARDED}",
    "Apple Mail, Turkish": f"İletilmiş mesajın başlangıcı:\n\n> Kimden: {RITA}\n> Konu: x\n> Kime: c{FORWARDED}",
    "Thunderbird, Turkish": f"{DASHES} İletilen İleti {DASHES}\nKonu: x\nKimden: {RITA}\nKime: c{FORWARDED}",
    "Samsung, French": f"{DASHES} Message d\u2019origine {DASHES}\nDe : {RITA}\nÀ : c\nObjet : x{FORWARDED}",
    "Horde, German": f"----- Weitergeleitete Nachricht von {RITA} -----\n    Datum: Mo\n      Von: {RITA}\n"
    f"  Betreff: x\n       An: c{FORWARDED}",
    "BlueMail": f"\u2063{DASHES} Original Message {DASHES}\nFrom: {RITA}\nSent: Mon\nTo: c\nSubject: x{FORWARDED}",
    "Ukr.net": f"--- Переспрямоване повідомлення ---\nВід кого: {RITA}\nДата: 2 березня{FORWARDED}",
}


@pytest.mark.parametrize("shape", MORE)
def test_further_languages_and_programs(shape: str) -> None:
    """Whatever the capital letters, apostrophes and invisible signs of their titles."""
    assert original_author(f"Please look.\n\n{MORE[shape]}", PHRASES) == "rita@reporter.example"
    assert own_text(f"Please look.\n\n{MORE[shape]}", PHRASES) == "Please look."


UNKNOWN = {
    "a language that nobody listed": f"Mula kay: {RITA}\nPetsa: 2 Marso\nPara sa: Carl <c@project.example>\nPaksa: xq overflow",
    "a table": f"| Wer | {RITA} |\n| Wann | 2026 |\n| An wen | c@project.example |\n| Worum | xq overflow |",
    "eM Client, without colons": f"------ Original Message ------\nFrom {RITA}\nTo c@project.example\nSubject xq overflow",
}


@pytest.mark.parametrize("shape", UNKNOWN)
def test_a_head_in_unknown_words_proposes_its_first_address(shape: str) -> None:
    """Authors stand above recipients in every program; a member confirms what is proposed."""
    assert original_author(f"Look.\n\n{UNKNOWN[shape]}{FORWARDED}", PHRASES) == "rita@reporter.example"
    assert begins_with_forward(UNKNOWN[shape] + FORWARDED, PHRASES, "Xyz: xq overflow")


def test_lines_with_labels_are_a_forward_only_if_they_repeat_its_subject() -> None:
    """A report may begin with a table of its own."""
    text = f"Product: xq\nVersion: 1.2\nReporter: {RITA}\n\nIt overflows."
    assert not begins_with_forward(text, PHRASES, "Bug: xq overflow")
    assert not begins_with_forward(text, PHRASES, "xq overflow")


@pytest.mark.parametrize("line", ["", "________________________________", "———"])
def test_a_rule_above_the_head_hides_no_forward(line: str) -> None:
    """Outlook and Nextcloud draw one."""
    assert begins_with_forward(
        f"{line}\nVon: {RITA}\nGesendet: Montag\nAn: c\nBetreff: x{FORWARDED}", PHRASES
    )


NEAR = "From: Rita <rita@reporter.example>"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (f"{NEAR}\nSubject: x\n\nA file.", True),
        (f"{NEAR}\nSent: Monday\nTo: c\nCc: d\nSubject: x", True),
        (f"{NEAR}\nSent: Monday\nTo: c" + "\nx" * 6 + "\nSubject: x", True),
        (f"{NEAR}\nSent: Monday\nTo: c" + "\nx" * 7 + "\nSubject: x", False),
        (f"{NEAR}\nSent: Monday", False),
        ("Subject: x\nTo: c", False),
        ("---------- Forwarded message ---------\nx", True),
        ("a\nb\nc\nd\n---------- Forwarded message ---------\nx", False),
        ("", False),
    ],
)
def test_a_text_that_begins_with_a_head_is_little_but_a_forward(text: str, begins: bool) -> None:
    """The author first, and the subject within the lines of one head; or a program's title near the top."""
    assert begins_with_forward(text, PHRASES) is begins


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (f"{NEAR}\nSubject: x", "rita@reporter.example"),
        (f"Subject: x\n{NEAR}", "rita@reporter.example"),
        (f"Subject: x\nTo: a\nCc: b\n{NEAR}", "rita@reporter.example"),
        (
            "From: Rita of a very long laboratory\n<rita@reporter.example>\nSubject: x",
            "rita@reporter.example",
        ),
        ("From: Rita\nTo: carl@project.example\nSubject: x", ""),
        (f"Hello\n{NEAR}\nBye", ""),
        (f"Subject: x\nFrom: Rita\n{RITA}", "rita@reporter.example"),
        ("Subject: x\nFrom: Rita", ""),
        (f"02.03.2026, 10:30, {RITA}:\nx", "rita@reporter.example"),
        ("02.03.2026, Rita\n<rita@reporter.example>:\nx", "rita@reporter.example"),
        ("02.03.2026,\nRita\n<rita@reporter.example>:\nx", ""),
        (f"On Monday {RITA} wrote:\nx", "rita@reporter.example"),
        (f"Hello {RITA}:\nx", ""),
        (f"02.03.2026 {RITA} and a@b.example:\nx", ""),
        ("-----Original Message-----\nTo: x\n" + "x\n" * (HEAD - 3) + NEAR, "rita@reporter.example"),
        ("-----Original Message-----\nTo: x\n" + "x\n" * (HEAD - 2) + NEAR, ""),
        ("From: Rita [mailto:rita@reporter.example]\nSubject: x", "rita@reporter.example"),
        ("", ""),
    ],
)
def test_the_author_stands_in_their_own_line(text: str, author: str) -> None:
    """Or in the next one where a long name takes two; never in one with a label of its own."""
    assert original_author(text, PHRASES) == author
