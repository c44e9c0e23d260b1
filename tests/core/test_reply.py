"""What is a person's own in a reply, as the mail programs of this world write replies."""
# ruff: noqa: RUF001 - words of many languages

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.copy import FENCE, FENCE_END
from maild.core.mail.reply import own_text
from tests.support.bounded import bounded
from tests.support.phrases import PHRASES

OWN = "We can reproduce it.\n\n  1. build it\n  2. run it"
"""Own words with a list whose indentation matters."""
SECRET = "the walrus overruns its kiosk"
"""What stands in every quote."""
BLOCK = f"{FENCE}\nCase:  EX-222222\nReply: goes to the REPORTER\n{FENCE_END}\n"


def quoted(text: str, mark: str = "> ") -> str:
    """*text* as a program quotes it."""
    return "".join(f"{mark}{line}".rstrip() + "\n" for line in text.splitlines())


QUOTE = quoted(f"{BLOCK}It crashes:\n\n{SECRET}")
BARE = f"{BLOCK}It crashes:\n\n{SECRET}\n"
SHAPES = {
    "Thunderbird, above": f"{OWN}\n\nOn 3/2/26 10:30, Rita via Example Security Team wrote:\n{QUOTE}",
    "Thunderbird, below": f"On 02.03.26 10:30, Rita via Example wrote:\n{QUOTE}\n{OWN}\n\n-- \nAnna\n",
    "Thunderbird, German": f"{OWN}\n\nAm 02.03.26 um 10:30 schrieb Rita via Example Security Team:\n{QUOTE}",
    "Thunderbird, French": f"{OWN}\n\nLe 02/03/2026 à 10:30, Rita via Example a écrit\u00a0:\n{QUOTE}",
    "Gmail": f"{OWN}\n\nOn Mon, Mar 2, 2026 at 10:30 AM Rita via Example Security Team <\n"
    f"security+abcdefghabcdefghabcd@project.example> wrote:\n\n{QUOTE}",
    "Gmail, German": f"{OWN}\n\nAm Mo., 2. März 2026 um 10:30 Uhr schrieb Rita via Example <\n"
    f"security@project.example>:\n\n{QUOTE}",
    "Gmail, French": f"{OWN}\n\nLe lun. 2 mars 2026 à 10:30, Rita <s@project.example> a\nécrit :\n\n{QUOTE}",
    "Gmail, Spanish": f"{OWN}\n\nEl lun, 2 mar 2026 a las 10:30, Rita (<s@p.example>) escribió:\n\n{QUOTE}",
    "Outlook": f"{OWN}\n\n________________________________\nFrom: Rita <s@p.example>\n"
    f"Sent: Monday, March 2, 2026 10:30 AM\nTo: s@project.example\nSubject: [EX-222222] Overflow\n\n{BARE}",
    "Outlook, German": f"{OWN}\n\n\nVon: Rita <s@p.example>\nGesendet: Montag, 2. März 2026 10:30\n"
    f"An: security@project.example\nBetreff: [EX-222222] Overflow\n\n{BARE}",
    "Outlook, French": f"{OWN}\n\nDe : Rita <s@p.example>\nEnvoyé : lundi 2 mars 2026 10:30\n"
    f"À : security@project.example\nObjet : Overflow\n\n{BARE}",
    "Outlook for Mac, French": f"{OWN}\n\nDe\u00a0: Rita <s@p.example>\nDate\u00a0: lundi 2 mars 2026 à 10:30\n"
    f"À\u00a0: security@project.example\nObjet\u00a0: Overflow\n\n{BARE}",
    "Outlook, Chinese": f"{OWN}\n\n发件人: Rita <s@p.example>\n发送时间: 2026年3月2日 10:30\n"
    f"收件人: security@project.example\n主题: Overflow\n\n{BARE}",
    "old Outlook": f"{OWN}\n\n-----Original Message-----\nFrom: Rita\nSent: Monday\n\n{BARE}",
    "old Outlook, German": f"{OWN}\n\n-----Ursprüngliche Nachricht-----\nVon: Rita\n\n{BARE}",
    "Apple Mail": f"{OWN}\n\n> On 2 Mar 2026, at 10:30, Rita via Example <s@p.example> wrote:\n> \n{QUOTE}",
    "Apple Mail, unmarked": f"{OWN}\n\nOn 2 Mar 2026, at 10:30, Rita via Example <s@p.x> wrote:\n\n{BARE}",
    "Apple Mail, French": f"{OWN}\n\nLe 2 mars 2026 à 10:30, Rita a écrit\u00a0:\n\n{BARE}",
    "GroupWise": f"{OWN}\n\n>>> Rita <s@p.example> 02.03.26 10:30 >>>\n\n{BARE}",
    "telephone": f"{OWN}\n\nSent from my iPhone\n\n> On 2 Mar 2026, at 10:30, Rita wrote:\n{QUOTE}",
    "mutt": f"On Mon, Mar 02, 2026 at 10:30:00AM +0000, Rita via Ex wrote:\n{QUOTE}\n{OWN}\n\n-- \nAnna\n",
    "own attribution": f"* Rita [2026-03-02 10:30]:\n{QUOTE}\n{OWN}\n",
    "signature above the quote": f"{OWN}\n\n-- \nAnna, at home\n\nOn 2 Mar 2026, Rita wrote:\n{QUOTE}",
    "no quote": f"{OWN}\n",
    "quote alone between": f"{OWN}\n{QUOTE}",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_of_a_reply_only_the_own_words_are_left(shape: str) -> None:
    """Word for word with their indentation; no quote, no attribution, no block, no signature."""
    for text in (SHAPES[shape], SHAPES[shape].replace("\n", "\r\n")):
        assert own_text(text, PHRASES) == OWN


@pytest.mark.parametrize("wraps", [" ", "\n"])
def test_what_stands_right_above_an_attribution_is_ones_own(wraps: str) -> None:
    """Without a blank line between them, and however the attribution is wrapped."""
    said = f"On Mon, 30 Nov 2026 at 10:49, Example Security{wraps}<security@project.example> wrote:"
    assert own_text(f"We will\nfix it soon.\n{said}\n> Thank you.\n", PHRASES) == "We will\nfix it soon."


def test_words_between_quotes_stay_in_their_order() -> None:
    """Whoever answers point by point loses none of them."""
    between = quoted("and then?")
    text = f"Hello Rita,\n\nOn 2 Mar 2026, Rita wrote:\n{QUOTE}\nfirst\n\n{between}\nsecond\n{QUOTE}third\n"
    assert own_text(text, PHRASES) == "Hello Rita,\n\nfirst\n\nsecond\nthird"


ORIGINALS = {
    "a title in a language that is not known": f"~~\n----- Skilaboð áframsend -----\nFrom: Rita <s@p.x>\nTo: y\n\n{BARE}",
    "another one, labels without an address": f"--- Alkuperäinen posti ---\nLähettäjä: Rita\nAihe: x\n\n{BARE}",
    "Portuguese": f"-----Mensagem original-----\nDe: Rita\n\n{BARE}",
    "Russian": f"-------- Исходное сообщение --------\n{BARE}",
    "Japanese": f"-----元のメッセージ-----\n差出人: Rita\n\n{BARE}",
    "QQ": f"------------------ 原始邮件 ------------------\n发件人: Rita\n\n{BARE}",
    "Hungarian, iOS": f"Rita <s@p.example> ezt írta (időpont: 2026. márc. 2., 10:30):\n\n{QUOTE}",
    "Spanish, iOS, unmarked": f"El 2 mar 2026, a las 10:30, Rita <s@p.x> escribió:\n\n{BARE}",
    "Russian, iOS, unmarked": f"2 марта 2026 г., в 10:30, Rita <s@p.x> написал(а):\n\n{BARE}",
    "Turkish, unmarked": f"Rita <s@p.x> şunları yazdı (2 Mar 2026 10:30):\n\n{QUOTE}",
    "Chinese, unmarked": f"Rita <s@p.x> 于2026年3月2日 10:30写道：\n\n{BARE}",
    "Portuguese, unmarked": f"Em 2 de mar. de 2026, à(s) 10:30, Rita <s@p.x> escreveu:\n\n{BARE}",
    "Dutch, unmarked": f"Op 2 mrt 2026 om 10:30 heeft Rita <s@p.x> het volgende geschreven:\n\n{BARE}",
    "Finnish, unmarked": f"Rita <s@p.x> kirjoitti 2.3.2026 kello 10:30:\n\n{QUOTE}",
}


@pytest.mark.parametrize("shape", ORIGINALS)
def test_the_text_below_an_unknown_original_is_not_ones_own(shape: str) -> None:
    """Whatever a program calls the mail below: between dashes and above its head, or by a word of saying."""
    own, _, original = ORIGINALS[shape].rpartition("~~\n")
    assert own_text(f"{OWN}\n\n{own}{original}", PHRASES) == OWN


INITIALS = {
    "The Bat!": f"{OWN}\n\nMonday, March 2, 2026, 10:30:00 AM, you wrote:\n\n{quoted(SECRET, 'RD> ')}",
    "below": f"On 2 Mar 2026, Rita Doe wrote:\n{quoted(SECRET, 'RD> ')}\n{OWN}\n",
    "a name": f"Rita wrote at 10:30:\nRita> {SECRET}\n{OWN}\n",
    "colons": f"On 2 Mar 2026, Rita Doe wrote:\n{quoted(SECRET, ': ')}\n{OWN}\n",
    "supercite": f'>>>>> "RD" == Rita Doe <s@p.x> writes:\n\n{quoted(SECRET, "    RD> ")}\n{OWN}\n',
}


@pytest.mark.parametrize("shape", INITIALS)
def test_initials_before_each_line_quote_it(shape: str) -> None:
    """Initials, a name or a colon: the quote is left out, and what stands above or below it is not."""
    assert own_text(INITIALS[shape], PHRASES) == OWN


@pytest.mark.parametrize(
    "text",
    [
        "We ran it. On startup the daemon said:\nsqlite> .tables\nfiles",
        "At 10:30 we tried:\nmysql> select 1;\n1",
        "With version 2.1 at 10:30 the daemon wrote:\nparser: out of bounds",
        "--- Results ---\nfirst: 1\nsecond: 2",
        "We looked at From: and Subject: of it.\n\n--- 2.1 ---\n- memcpy(s->buf, p, n);\n+++ 2.2 +++",
    ],
)
def test_a_session_and_a_title_are_ones_own(text: str) -> None:
    """Prompts that name nobody who wrote, titles that no head stands below, patches."""
    assert own_text(text, PHRASES) == text


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Sent from my iPhone",
            "Von meinem iPhone gesendet",
            "Envoyé de mon iPhone",
            "Verstuurd vanaf mijn iPad",
        ),
        *(
            "Enviado do meu iPhone",
            "Отправлено с iPhone",
            "iPhoneから送信",
            "发自我的 iPhone",
            "나의 iPhone에서 보냄",
        ),
        *(
            "iPhone'umdan gönderildi",
            "Lähetetty iPhonesta",
            "Télécharger Outlook pour iOS",
            "Scarica Outlook per iOS",
        ),
        *(
            "Sent from Outlook for Android",
            "Отправлено из мобильной Яндекс Почты",
            "Sent with Proton Mail secure email.",
        ),
    ],
)
def test_a_telephones_line_is_no_own_word(line: str) -> None:
    """In the languages of telephones; a sentence that begins so is somebody's own."""
    assert own_text(f"{OWN}\n\n{line}\n", PHRASES) == OWN


@pytest.mark.parametrize(
    "line",
    [
        "Sent to the wrong address, sorry.",
        "Sent the log to the Android team.",
        "Von meinem Android-Telefon aus stürzt es nicht ab.",
        "Das habe ich dem Outlook-Team gesendet",
        "It also crashes on my iPhone",
    ],
)
def test_a_sentence_about_a_telephone_is_ones_own(line: str) -> None:
    """Whatever device it names."""
    assert own_text(f"{OWN}\n\n{line}", PHRASES) == f"{OWN}\n\n{line}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        QUOTE,
        f"On 2 Mar 2026, Rita wrote:\n{QUOTE}",
        f"On 2 Mar 2026, Rita wrote:\n\n{BARE}",
        f"From: Rita\nSent: Monday\nTo: x\nSubject: y\n\n{BARE}",
        "-- \nAnna\n",
        "--\nAnna\n",
        "Sent from my iPhone\n",
        f"{BLOCK}{QUOTE}",
    ],
)
def test_a_reply_without_own_words_is_empty(text: str) -> None:
    """Whatever else is in it."""
    assert own_text(text, PHRASES) == ""


@pytest.mark.parametrize(
    "text",
    [
        "You asked about CVE-2026-1234:\nwe know it.",
        "It prints\n\nSubject: x\n\nand stops.",
        "From: here on it is wrong.\nSee above.",
        "From: rita@reporter.example we know more.\nSee above.",
        "On Tuesday we will release it.\nRita wrote: nothing.",
        "Best regards,\nAnna",
        "- one\n- two\n-- not a signature",
        "a word " * 200,
        "x" * 3000,
        "if x:\n    return y",
    ],
)
def test_what_looks_like_a_quote_and_is_none_stays(text: str) -> None:
    """Nothing that a member wrote is lost without a word; long lines stay whole."""
    assert own_text(text, PHRASES) == text.rstrip()


def test_a_block_without_its_end_is_left_for_whoever_looks() -> None:
    """A fence that a stranger wrote into his mail eats nothing; that it is there can still be seen."""
    assert own_text(f"before\n{FENCE}\nafter", PHRASES) == f"before\n{FENCE}\nafter"
    assert own_text(f"before\n> {FENCE}\nafter", PHRASES) == "before\nafter"


@given(st.text(alphabet="abc \n", max_size=200), st.text(max_size=200))
def test_nothing_marked_as_quoted_comes_through(own: str, theirs: str) -> None:
    """Whatever is quoted, and whatever is said beside it."""
    quote = "".join(f"> Q{line}\n" for line in theirs.splitlines())
    left = own_text(f"{own}\n{quote}\n{own}\n", PHRASES)
    assert not re.search(r"^\s*>", left, re.MULTILINE)
    assert sorted(left.split()) == sorted(f"{own}\n{own}".split())


@pytest.mark.parametrize(
    "piece",
    [
        "On ",
        "On x wrote:\n",
        "El " * 40 + ":\n",
        "From: a\n",
        "> ",
        "\n",
        "On On 1:" * 30 + "\n",
        FENCE + "\n",
    ],
)
def test_hostile_text_ends(piece: str) -> None:
    """What was made to be slow is bounded work: a quote holds what a stranger wrote."""
    with bounded():
        own_text(piece * (60_000 // len(piece)), PHRASES)


@pytest.mark.parametrize(
    "line",
    [
        "\u202bבתאריך 2 במרץ 2026 ב-10:30 מאת \u202aRita\u202c\u200f <\u202arita@reporter.example\u202c\u200f>:\u202c",
        "2026. 3. 2. 오전 10:30에 Rita Reporter 이(가) 쓴 글:",
        "---- On Mon, 02 Mar 2026 10:30:00 +0100 Rita <rita@reporter.example> wrote ----",
    ],
)
def test_who_wrote_a_quote_is_known_behind_marks_and_between_dashes(line: str) -> None:
    """As Gmail in Hebrew, Thunderbird in Korean and Zoho write it."""
    assert own_text(f"Thanks.\n\n{line}\n\n> Hello\n> there\n", PHRASES) == "Thanks."


@pytest.mark.parametrize(
    "head",
    [
        "Subject: The walrus\nFrom: Rita <rita@x.example>",
        "Sent: Monday\nFrom: Rita <rita@x.example>",
        "From: Rita <rita@x.example>\nX-Odd: 5\nSubject: The walrus",
    ],
)
def test_a_head_of_another_mail_ends_the_own_words(head: str) -> None:
    """Two of its fields are enough, an odd one between them too, and nothing need stand below."""
    assert own_text(f"{OWN}\n\n{head}", PHRASES) == OWN
    assert own_text(f"{OWN}\n\n{head}\n\n{SECRET}\n", PHRASES) == OWN


def test_words_that_begin_like_a_head_are_kept() -> None:
    """``From`` with a colon and no address is how people write, whatever they call a subject below."""
    text = "From: here on it fails.\nIt stops.\nSubject: to change."
    assert own_text(text, PHRASES) == text
