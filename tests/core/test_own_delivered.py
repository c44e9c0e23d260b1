"""What a member wrote, where programs and gateways have changed the copy that they answer."""

# ruff: noqa: RUF001 - dashes and letters of many programs

import re

import pytest

from maild.core.mail.armor import html_text
from maild.core.mail.copy import internal
from maild.core.mail.own import parted
from maild.core.mail.reply import own_text
from tests.support.htmlquoting import HTML
from tests.support.phrases import PHRASES
from tests.support.quoting import BLOCK

LINK = "https://www.example.org/path?b=c"
REPORT = [
    "Hello,",
    "",
    "a crafted file makes the parser of the kiosk write past the end of its buffer:",
    "",
    "  size_t n = s->len;",
    "",
    f'See {LINK} for more. It\'s "bad" -- really...',
    "",
    "It happens with versions 2.0 and 2.1, not with 1.9.",
]
OWN = ["Thank you, we can reproduce it.", "", "Could you send us the file?"]
BETWEEN = "We see this too, here."
COPY = [*BLOCK.rstrip("\n").splitlines(), "", *REPORT]
HEAD = [
    "________________________________",
    "From: Rita via Example Security Team <security@project.example>",
    "Sent: Monday, March 2, 2026 10:30 AM",
    "Subject: [EX-222222] Overflow",
    "",
]
SAID = [
    "On Mon, Mar 2, 2026 at 10:30 AM Rita via Example Security Team <security@project.example>",
    "wrote:",
    "",
]


def answered(lines: list[str], report: list[str] = REPORT) -> tuple[list[str], tuple[str, ...]]:
    """The lines that go out, and those that their author is told of."""
    sent, left = parted("\n".join(lines), "\n".join(report), PHRASES, ("Carl Coder",))
    assert not internal(sent)
    return [line.strip() for line in sent.splitlines() if line.strip()], left


@pytest.mark.parametrize("program", HTML)
def test_an_answer_above_a_quote_in_html_is_all_that_goes_out(program: str) -> None:
    """Whatever blank lines HTML makes of the head, and whatever a telephone adds."""
    text = html_text(HTML[program](OWN, COPY))
    assert answered(text.splitlines())[0] == [line for line in OWN if line]


@pytest.mark.parametrize("program", HTML)
def test_an_answer_between_the_lines_of_html_keeps_its_place(program: str) -> None:
    """With the lines of the report around it, and without what a program wrote above them."""
    source = HTML[program](OWN, [*COPY[:-2], BETWEEN, *COPY[-2:]])
    inner = re.findall(r"<blockquote[^<>]*>", source)[-1:]
    if inner:  # programs end the quote where its reader begins to write
        pre = "<pre>" if "<pre" in source else ""
        end = "</pre>" if pre else ""
        source = source.replace(BETWEEN, f"{end}</blockquote><div>{BETWEEN}</div>{inner[0]}{pre}")
    sent, _ = answered(html_text(source).splitlines())
    assert {*filter(None, OWN), BETWEEN} <= set(sent)
    known = {" ".join(line.split()) for line in (*OWN, BETWEEN, *REPORT)}
    assert [line for line in sent if " ".join(line.lstrip("> ").split()) not in known] == []


BANNERS = [
    "CAUTION: This email originated from outside of the organization. Do not click links.",
    "[EXTERNAL EMAIL]",
    "You don't often get email from security@project.example. Learn why this is important",
    "ACHTUNG: Diese E-Mail stammt von einem externen Absender.",
    "ATTENTION : ce message provient de l'extérieur.",
    "外部メール",
    "【外部邮件】",
    "ZjQcmQRYFpfptBannerStart",
]


@pytest.mark.parametrize("banner", BANNERS)
def test_what_a_gateway_wrote_above_the_copy_goes_nowhere(banner: str) -> None:
    """Nor does the head above that; whoever answered is told of the line."""
    marked = [f"> {line}".rstrip() for line in (banner, "", *COPY)]
    for lines in (
        [*OWN, "", *HEAD, banner, "", *COPY],
        [*OWN, "", *SAID, *marked],
        [*SAID, *marked, "", *OWN],
    ):
        sent, left = answered(lines)
        assert sent == [line for line in OWN if line]
        assert [line.lstrip("> ") for line in left] == [banner]


def test_an_answer_below_the_head_of_an_unmarked_quote_is_no_banner() -> None:
    """People write there in Outlook."""
    sent, _ = answered([*HEAD, "Our answer stands right here.", "", *COPY])
    assert "Our answer stands right here." in sent


def test_a_marked_line_above_a_quote_without_a_known_head_is_ones_own() -> None:
    """Only between the head of a quote and its beginning does nobody else write."""
    sent, _ = answered(["We ran this:", "> SELECT 1;", "", *(f"> {line}" for line in COPY)])
    assert sent == ["We ran this:", "> SELECT 1;"]


@pytest.mark.parametrize(
    "rewritten",
    [
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.org%2Fpath%3Fb%3Dc&data=05%7C02",
        f"{LINK}<https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.org%2Fpath%3Fb%3Dc>",
        f"https://urldefense.com/v3/__{LINK}__;!!abc$",
        "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fwww.example.org%2fpath%3fb%3dc&c=E,1",
        "https://secure-web.cisco.com/1abc/https%3A%2F%2Fwww.example.org%2Fpath%3Fb%3Dc",
    ],
)
def test_a_link_that_a_gateway_rewrote_is_still_the_copys(rewritten: str) -> None:
    """Marked or not, the lines around it stay where they belong."""
    changed = [line.replace(LINK, rewritten) for line in COPY]
    assert answered([*OWN, "", *HEAD, *changed])[0] == [line for line in OWN if line]
    assert answered([*OWN, "", *SAID, *(f"> {line}" for line in changed)])[0] == [
        line for line in OWN if line
    ]


def test_another_link_between_the_lines_is_the_members() -> None:
    """However it was wrapped."""
    for link in (
        "https://www.example.org/fix",
        "https://urldefense.com/v3/__https://else.example/fix__;!!abc$",
    ):
        sent, _ = answered([*HEAD, *COPY[:-3], link, *COPY[-3:]])
        assert link in sent


def test_quotation_marks_and_dashes_of_programs_are_the_copys() -> None:
    """Word processors make others of them."""
    changed = [line.replace('It\'s "bad" -- really...', "It’s “bad” – really…") for line in COPY]
    assert answered([*OWN, "", *HEAD, *changed])[0] == [line for line in OWN if line]


def test_long_lines_without_blanks_may_be_broken_again_and_again() -> None:
    """As in Chinese and Japanese."""
    long = (
        "細工されたファイルにより、キオスクのパーサーがバッファの終端を超えて書き込むことを確認しました。" * 2
    )
    report = ["お世話になっております。", "", long, "", "田中"]
    copy = [*BLOCK.rstrip("\n").splitlines(), "", *report[:2]]
    broken = [long[at : at + 30] for at in range(0, len(long), 30)]
    assert answered([*OWN, "", *HEAD, *copy, *broken, "", "田中"], report)[0] == [
        line for line in OWN if line
    ]
    quoted = [f"> {line}" for line in (*copy, *broken, "", "田中")]
    assert answered([*SAID, *quoted, "", *OWN], report)[0] == [line for line in OWN if line]


def test_a_label_alone_in_a_text_with_blank_lines_begins_no_head() -> None:
    """Only where every line down to the quote has a label, and one an address."""
    said = ["From: the kernel's view", "", "it is our buffer that is too small.", "", *COPY]
    assert answered([*OWN, "", *said])[0][-2:] == [
        "From: the kernel's view",
        "it is our buffer that is too small.",
    ]


AT = "<security@project.example>"
ODD = {
    "Samsung, in one line": [
        "Sent from my Verizon, Samsung Galaxy smartphone",
        f"-------- Original message --------From: Rita {AT} Date: 3/2/26  10:30 AM  (GMT-06:00) To: a@b.example",
    ],
    "an old phone, in one line": ["-----Mensaje original----- Enviado: 16/02/2026 14:53"],
    "Mail for Windows": [
        "Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550123> for Windows 10",
        "",
        "From: Rita<mailto:security@project.example>",
        "Sent: 10 July 2026 09:46",
        "Subject: x",
    ],
    "Outlook for Android, German": [
        "Outlook für Android<https://aka.ms/AAb9ysg> herunterladen",
        "________________________________",
        f"Von: Rita {AT}",
        "Gesendet: Montag, 2. März 2026 10:30:00",
        "Betreff: x",
    ],
    "Hotmail, the subject first": [
        "Subject: x",
        "From: security@project.example",
        "To: a@b.example",
        "Date: now",
    ],
    "Yahoo on a phone": [
        "Yahoo Mail: Search, Organize, Conquer",
        "",
        f"On Mon, Mar 2, 2026 at 10:30 AM, Rita{AT} wrote:",
    ],
    "Superhuman": ["Sent via Superhuman", "", f"On Mon, Mar 02, 2026 at 10:30 AM, Rita {AT} wrote:"],
}


@pytest.mark.parametrize("program", ODD)
def test_heads_and_lines_of_telephones_as_public_reports_show_them(program: str) -> None:
    """Whether the quote stands below the answer or above, and where nothing of the copy is known."""
    head = [*ODD[program], ""]
    for lines in ([*OWN, "", *head, *COPY], [*head, *COPY, "", *OWN]):
        assert answered(lines)[0] == [line for line in OWN if line]
    assert own_text("\n".join([*OWN, "", *head, *REPORT]), PHRASES) == "\n".join(OWN)
