"""Charset labels as mail clients use them (ruling 35)."""

# ruff: noqa: RUF001 - letters that look alike are the point

import base64

import pytest

from maild.core.mail.charset import decode_bytes, page_label
from maild.core.mail.mime import parse
from maild.core.mail.text import decode_words
from tests.support.bounded import bounded


@pytest.mark.parametrize(
    ("raw", "label", "text"),
    [
        ("解析器溢出 – 镕".encode("gb18030"), "gb2312", "解析器溢出 – 镕"),
        ("𠀀 㐀".encode("gb18030"), "GBK", "𠀀 㐀"),
        ("①から髙橋".encode("cp932"), "shift_jis", "①から髙橋"),
        ("①から".encode("euc_jis_2004"), "euc-jp", "①から"),
        ("뷁 똠방각하".encode("cp949"), "ks_c_5601-1987", "뷁 똠방각하"),
        ("堃 喆".encode("big5hkscs"), "big5", "堃 喆"),
        ("€ 5 – “x”".encode("cp1252"), "iso-8859-1", "€ 5 – “x”"),
        ("€ 5 – “x”".encode("cp1252"), "latin1", "€ 5 – “x”"),
        ("“ğ”".encode("cp1254"), "iso-8859-9", "“ğ”"),
        ("„ż”".encode("iso8859-2", "replace"), "iso-8859-2", "?ż?"),
        ("привет".encode("koi8-r"), "KOI8-R*ru", "привет"),
    ],
)
def test_a_label_means_its_superset(raw: bytes, label: str, text: str) -> None:
    """What clients write under a label is read, not only what the label allows."""
    assert decode_bytes(raw, label) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\x1b$B%Q!<%5!<\x1b(B ok", "パーサー ok"),
        (b"\x1b$B-!\x1b(B ok", "① ok"),
        (b"\x1b(I1\x1b(B\x1b$B-!\x1b(J!", "ｱ①!"),
        (b"\xff\x1b$B%Q\x1b(B", "�パ"),
    ],
)
def test_japanese_mail_with_characters_of_its_makers(raw: bytes, text: str) -> None:
    """ISO-2022-JP holds circled numbers and half-width katakana in practice."""
    assert decode_bytes(raw, "iso-2022-jp") == text


@pytest.mark.parametrize("label", ["utf-8", "", "us-ascii", "x-unknown", "unknown-8bit"])
@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Переполнение".encode() + b"\xe9 2.1", "Переполнение� 2.1"),
        ("Переполнение".encode()[:-1], "Переполнени�"),
        (b"d\xe9passement \x96 co\xfbte 5 \x80", "dépassement – coûte 5 €"),
        ("grün – ok".encode(), "grün – ok"),
    ],
)
def test_utf8_is_known_by_itself(label: str, raw: bytes, text: str) -> None:
    """A bad byte costs itself and no more; bytes that are no UTF-8 at all are Windows-1252."""
    assert decode_bytes(raw, label) == text


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("iso-2022-kr", "가나"),
        ("hz-gb-2312", "溢出"),
        ("hz", "溢出"),
        ("utf-7", "溢出"),
        ("cp437", "é"),
        ("cp850", "õ"),
    ],
)
def test_what_the_web_refuses_is_read_all_the_same(label: str, text: str) -> None:
    """A browser would show nothing (RFC 1557, RFC 1843, RFC 2152, DOS); a report is worth Python's codec."""
    codec = {"hz-gb-2312": "hz"}.get(label, label)
    assert decode_bytes(text.encode(codec), label) == text


def test_sixteen_bits_either_way_round() -> None:
    """A byte order mark outweighs what the web takes utf-16 for."""
    assert decode_bytes("溢".encode("utf-16-le"), "utf-16") == "溢"
    assert decode_bytes(b"\xfe\xff" + "溢".encode("utf-16-be"), "utf-16") == "溢"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?B?5Lit5?= =?utf-8?B?paH?=", "中文"[:1] + "文"),
        ("=?gb2312?B?yOe6?=\r\n =?GB2312?B?zg==?=", "如何"),
        ("=?utf-8?Q?=F0=9F?= =?utf-8?Q?=98=81?= end", "😁 end"),
        ("=?utf-8?Q?Is_it?_yes?=", "Is it? yes"),
        ("Привет =?utf-8?q?gr=C3=BCn?= мир", "Привет grün мир"),
        ("=?iso-8859-1?Q?D=E9j=E0_=96?= =?koi8-r?B?0NLJ18XU?=", "Déjà –привет"),
        ("=?utf-8*ru?B?0L8=?=", "п"),
        ("=?gb2312?B?AUSjqQ?=", "\x01D）"),
        ("=?utf-8?B?0L8=?=tail", "пtail"),
    ],
)
def test_encoded_words_as_clients_cut_them(value: str, text: str) -> None:
    """Characters and even base64 quartets are cut between two words; plain text beside them stays as it is."""
    assert decode_words(value) == text


LONG = "Переполнение буфера в парсере, версия 2.1, при разборе вложенных списков.\n".encode()


def encoded(data: bytes, width: int = 60) -> bytes:
    """*data* in base64 lines."""
    text = base64.b64encode(data)
    return b"\r\n".join(text[at : at + width] for at in range(0, len(text), width)) + b"\r\n"


FOOTERS = [
    b"_______________________________________________\r\nsecurity mailing list\r\nhttps://lists.example.org/\r\n",
    b"\r\nConfidential message of Example\r\nPlease delete it\r\n",
    b"\r\n--\r\nScanned\r\n",
]


@pytest.mark.parametrize("footer", FOOTERS)
@pytest.mark.parametrize("length", [120, 121, 122])
def test_a_footer_below_base64_is_text_of_its_own(footer: bytes, length: int) -> None:
    """Lists and gateways write below what they cannot read; both are readable, whatever the padding."""
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    part = parse(head + encoded(LONG[:length]) + footer).root
    assert part.content == LONG[:length]
    assert part.text.startswith(LONG[:length].decode("utf-8", "replace"))
    assert footer.decode().strip() in part.text
    assert part.beginning(4096) == part.text


@pytest.mark.parametrize(
    "body",
    [
        encoded(LONG[:61]) + encoded(LONG[61:]),
        encoded(LONG[:61]).strip() + encoded(LONG[61:]),
        encoded(LONG).replace(b"\r\n", b" \r\n!\r\n", 1),
        encoded(LONG)[:25] + b" " + encoded(LONG)[25:],
    ],
    ids=["padded twice", "padded in a line", "a stray line", "a stray blank"],
)
def test_broken_base64_is_read_to_its_end(body: bytes) -> None:
    """Padding in the middle, a foreign line or blank is damage, not the end, where base64 goes on."""
    part = parse(
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + body
    ).root
    assert part.text == LONG.decode()


@pytest.mark.parametrize(
    "body", [b"=\n" * 400_000, b"QUJD=" * 200_000, b"a b " * 300_000, b"A" * 2_000_000 + b"!"]
)
def test_hostile_base64_ends(body: bytes) -> None:
    """Neither padding nor blanks without end cost more than a moment."""
    with bounded():
        assert parse(b"Content-Transfer-Encoding: base64\n\n" + body).root.text is not None


@pytest.mark.parametrize("label", ["", "us-ascii", "utf-8"])
def test_japanese_in_seven_bits_is_known_without_a_label(label: str) -> None:
    """Outlook leaves its charset out; nobody else writes such an escape."""
    assert decode_bytes("これはテスト".encode("iso-2022-jp"), label) == "これはテスト"
    assert decode_bytes(b"\x1b[1mbold\x1b[0m $B", label) == "\x1b[1mbold\x1b[0m $B"


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("cp-1251", "cp1251", "уязвимость"),
        ("win-1251", "cp1251", "уязвимость"),
        ("x-windows-949", "cp949", "똠방각하"),
        ("cp-850", "cp850", "über"),
        ("eucJP-ms", "euc_jp", "脆弱性"),
        ("x-user-defined", "cp1252", "naïve"),
    ],
)
def test_names_that_nobody_registered_are_known(label: str, codec: str, text: str) -> None:
    """Programs write code pages in their own way, and every letter is read."""
    assert decode_bytes(text.encode(codec), label) == text


def test_utf8_under_a_western_label_is_utf8() -> None:
    """A gateway that writes one label on everything costs no letter; a pair by chance stays what it says."""
    for label in ("iso-8859-1", "windows-1252"):
        assert decode_bytes("Привет, мир".encode(), label) == "Привет, мир"
        assert decode_bytes("Ã©".encode("cp1252"), label) == "Ã©"


@pytest.mark.parametrize(
    "says", ['charset="{}"', 'http-equiv="Content-Type" content="text/html; charset={}"']
)
@pytest.mark.parametrize("label", ["", "; charset=us-ascii"])
def test_a_page_names_its_charset_itself(says: str, label: str) -> None:
    """Where the mail names none; what the mail names counts before."""
    page = f"<html><head><meta {says.format('windows-1251')}></head><body>уязвимость</body></html>"
    head = f"Content-Type: text/html{label}\r\n\r\n"
    assert "уязвимость" in parse(head.encode() + page.encode("cp1251")).root.text
    koi = b"Content-Type: text/html; charset=koi8-r\r\n\r\n" + page.encode("koi8-r")
    assert "уязвимость" in parse(koi).root.text


def test_plain_text_under_the_name_of_base64_is_plain() -> None:
    """Nothing is made of words that were never encoded, in a text or in a file."""
    head = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n"
    assert (
        parse(head + b"\r\nplain text though\r\nand more of it\r\n")
        .root.text.strip()
        .startswith("plain text")
    )
    named = head + b"Content-Disposition: attachment; filename=a.txt\r\n\r\nplain text though\r\n"
    assert parse(named).root.content == b"plain text though\r\n"


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_in_its_order(order: str) -> None:
    """By the side on which plain letters have their empty byte."""
    assert decode_bytes("It crashes – 漢字".encode(order), "utf-16") == "It crashes – 漢字"


def test_japanese_under_an_unknown_label_is_read() -> None:
    """Its escapes tell what it is, whatever a program calls it."""
    assert decode_bytes("漢字 x".encode("iso-2022-jp"), "_iso-2022-jp$ESC") == "漢字 x"


@pytest.mark.parametrize("label", ["iso-2022-jp", "utf-7", "hz-gb-2312", "iso-2022-kr"])
def test_letters_under_a_label_of_seven_bits_are_utf8(label: str) -> None:
    """Such a label allows no byte above them, so that two characters are enough to know better."""
    assert decode_bytes("ほげ".encode(), label) == "ほげ"


@pytest.mark.parametrize("label", ["iso-8859-2", "windows-1251", "gb2312", "big5", "shift_jis", "cp850"])
def test_four_letters_of_utf8_outweigh_a_label(label: str) -> None:
    """A sender that changed to UTF-8 and kept its label is read; four letters do not pair by chance."""
    text = "Dzień dobry, łóżko"
    assert decode_bytes(text.encode(), label) == text
    assert decode_bytes("漏洞报告".encode(), label) == "漏洞报告"


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        ("łż", "iso-8859-2", "iso-8859-2"),
        ("联通", "gbk", "gb2312"),
        ("привет, это отчёт", "windows-1251", "windows-1251"),
        ("привет, это отчёт", "koi8-r", "koi8-r"),
        ("ก็เกิดช่องโหว่", "cp874", "tis-620"),
        ("취약점이 있습니다", "cp949", "euc-kr"),
    ],
)
def test_a_label_that_fits_is_believed(text: str, codec: str, label: str) -> None:
    """What people write in the charset that they name is read by it."""
    assert decode_bytes(text.encode(codec), label) == text


@pytest.mark.parametrize(
    "label",
    [
        "'windows-1251'",
        '"windows-1251',
        "windows-1251http-equivContent-Type",
        "windows-1251;charset=x",
        " cp-1251 ",
    ],
)
def test_a_label_with_something_around_it_is_known(label: str) -> None:
    """Programs quote it twice, or leave behind it what stood there."""
    assert decode_bytes("Уязвимость".encode("cp1251"), label) == "Уязвимость"


def test_an_empty_label_gives_way_to_a_second_one() -> None:
    """A program that writes the parameter twice means the one that says something."""
    head = b"Content-Type: text/plain; charset=; charset=koi8-r\r\n\r\n"
    assert parse(head + "Уязвимость".encode("koi8-r")).root.text == "Уязвимость"


@pytest.mark.parametrize("label", ["", "utf-8", "iso-8859-2", "windows-1252", "x-unknown"])
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_outweighs_every_label(label: str, codec: str) -> None:
    """It is no letter of the text either: a command may stand behind it."""
    assert decode_bytes("!status Lücke".encode(codec), label) == "!status Lücke"


@pytest.mark.parametrize("label", ["utf-16", "utf-16le", "utf-32", "unicode"])
def test_a_label_of_wide_letters_above_plain_text(label: str) -> None:
    """Lines in eight bits are read as such; without the label's zeros they would be Chinese by chance."""
    assert decode_bytes(b"A crafted file\r\nmakes it crash.", label) == "A crafted file\r\nmakes it crash."
    assert decode_bytes("A file\r\n溢".encode("utf-16-le"), "utf-16") == "A file\r\n溢"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("quoted/printable", b"L=C3=BCcke"),
        ("Quoted Printable", b"L=C3=BCcke"),
        ("base-64", b"TMO8Y2tl"),
        ("base 64", b"TMO8Y2tl"),
    ],
)
def test_a_transfer_encoding_is_known_however_it_is_spelled(encoding: str, body: bytes) -> None:
    """Nobody else means anything else by these words."""
    head = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    assert parse(head.encode() + body).root.text == "Lücke"


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (b'<meta charset="koi8-r">', "koi8-r"),
        (b"<html><meta name=x><META http-equiv=y content='text/html; charset = cp1251'>", "cp1251"),
        (b"<meta charset=a><meta charset=b>", "a"),
        (b" " * 4073 + b'<meta charset="koi8-r">', "koi8-r"),
        (b" " * 4074 + b'<meta charset="koi8-r">', ""),
        (b"<p>charset=koi8-r", ""),
        (b"", ""),
    ],
)
def test_a_page_names_its_charset_near_its_beginning(content: bytes, label: str) -> None:
    """In its first tag of that kind that says one."""
    assert page_label(content) == label


@pytest.mark.parametrize(
    ("raw", "label", "text"),
    [
        ("ab".encode("utf-16-be"), "utf-16", "ab"),
        ("ab".encode("utf-16-le"), "utf-16", "ab"),
        ("ab".encode("utf-16-be"), "utf-16be", "ab"),
        ("\u4e00ab".encode("utf-16-be"), "utf-16", "\u4e00ab"),
        ("\u4e00a".encode("utf-16-le"), "utf-16", "\u4e00a"),
        ("ab".encode("utf-16"), "us-ascii", "ab"),
        (b"\xff\xfe\0\0a\0\0\0", "latin-1", "ÿþ\0\0a\0\0\0"),
        (b"\xff\xfea", "latin-1", "ÿþa"),
        (b"\xef\xbb\xbfa\xff", "latin-1", "a\ufffd"),
        ("é é".encode(), "utf-16", "é é"),
        (b"plain text\n", "utf-16", "plain text\n"),
        (b"plain\ntext", "utf-16", "plain\ntext"),
        (b"plain text", "utf-16", "plain text"),
        ("整整".encode("utf-16-le"), "utf-16", "整整"),
        ("é \x1b$B%Q\x1b(B".encode(), "utf-8", "é \x1b$B%Q\x1b(B"),
        ("é \x1b$B%Q\x1b(B".encode(), "x-unknown", "é \x1b$B%Q\x1b(B"),
        (b"\xa1E \xff", "big5", "• \ufffd"),
        ("éé".encode(), "iso-8859-1", "éé"),
        ("é".encode(), "iso-8859-1", "Ã©"),
        ("éééé".encode(), "koi8-r", "éééé"),
        ("ééé".encode(), "koi8-r", "ééé".encode().decode("koi8-r")),
        ("é".encode(), "iso-2022-jp", "é"),
        ("é".encode(), "utf-7", "é"),
        ("Привет".encode("cp1251"), "x-cp1251", "Привет"),
        ("Привет".encode("cp1251"), "windows-1251http-equiv", "Привет"),
        ("Привет".encode("cp1251"), "windows-1251\udce9", "Привет"),
        ("Привет".encode("cp1251"), "windows-1251é", "Привет"),
        ("é".encode("cp850"), "ibm850", "é"),
        (b"a\xe9\xc3\xa9", "utf-8", "aéÃ©"),
        (b"a\xe9\xc3\xa9\xc3\xa9", "utf-8", "a\ufffdéé"),
        (b"a\xe9", "utf-8", "aé"),
    ],
)
def test_what_the_bytes_say_counts_more_than_the_label(raw: bytes, label: str, text: str) -> None:
    """A mark, letters that pair, zeros on one side: as many as it takes, and not one fewer."""
    assert decode_bytes(raw, label) == text
