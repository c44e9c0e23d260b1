"""Eight-bit header fields that name no charset."""
# ruff: noqa: RUF001 - words of many languages

import encodings

import pytest

from maild.core.mail.charset import decode_bytes
from maild.core.mail.mime import Part, parse
from maild.core.mail.undeclared import MAX_GUESSED, MAX_LABELS, undeclared

NAMES = {
    "utf-8": ("漏洞报告.txt", "отчёт.txt", "Größe.txt"),
    "gb18030": ("漏洞报告.txt", "中文.doc", "屏幕截图 2026-01-02.png", "说明.pdf"),
    "big5": ("漏洞報告.txt", "螢幕擷取畫面.png", "說明書.pdf"),
    "cp932": ("脆弱性レポート.txt", "資料.pdf", "報告書（最終）.doc"),
    "euc-jp": ("スクリーンショット.png", "再現手順について.txt"),
    "euc-kr": ("취약점 보고서.txt", "스크린샷.png"),
    "koi8-r": ("уязвимость отчёт.txt", "отчёт кв.txt", "Снимок экрана.png", "лог.txt"),
    "cp1251": ("уязвимость отчёт.txt", "звіт про вразливість.pdf"),
    "cp1252": ("Übergröße.txt", "été.txt", "à.txt", "“proof” – final.txt"),
}
SHORT = {
    "gb18030": "测试 资料 备份 请看 回复 紧急 附件 简历 合同 发票",
    "big5": "測試 報告 問題 更新 文件 數據 回覆 緊急 學習 手機",
    "cp932": "テスト 報告 資料 写真 修正",
    "euc-jp": "報告 資料 脆弱性 添付 写真 請求書 東京 修正",
    "euc-kr": "파일 요청 보고서 첨부 사진",
}
"""Names of two letters or three, which are letters of each of the other charsets, too."""
ROWS = [(charset, name) for charset, names in NAMES.items() for name in names]


def named(name: str, charset: str, above: bytes = b"") -> Part:
    """A mail whose subject and file are called *name*, in bare bytes of *charset*."""
    raw = name.encode(charset)
    head = above + b"Subject: " + raw + b'\r\nContent-Type: application/zip; name="' + raw + b'"\r\n'
    return parse(head + b'Content-Disposition: attachment; filename="' + raw + b'"\r\n\r\nPK').root


@pytest.mark.parametrize(("charset", "name"), ROWS)
def test_a_name_in_bare_bytes_is_readable(charset: str, name: str) -> None:
    """By the words that its charset makes of it, in a file name as in a subject."""
    found = named(name, charset)
    assert found.filename == name
    assert found.headers.text("Subject") == name


@pytest.mark.parametrize(
    ("charset", "name"), [("big5", "副本.doc"), ("cp1251", "ПРИЛОЖЕНИЕ.txt"), ("cp1250", "łódź.txt")]
)
def test_a_label_elsewhere_in_the_mail_decides_what_cannot_be_told(charset: str, name: str) -> None:
    """That of its text, or of an encoded word."""
    assert named(name, charset).filename != name
    assert named(name, charset, f"X-Of: text/plain; charset={charset}\r\n".encode()).filename == name
    assert named(name, charset, f"X-Of: =?{charset}?Q?x?=\r\n".encode()).filename == name


@pytest.mark.parametrize("label", ["unknown-8bit", "x-unknown", "x-nobody-knows", "us-ascii", "8bit"])
def test_a_label_that_names_no_charset_does_not_end_the_search(label: str) -> None:
    """Mail servers and programs write such labels where they do not know: the next one decides."""
    labels = f"X-Of: text/plain; charset={label}\r\nX-Next: text/plain; charset=cp1250\r\n"
    assert undeclared("łódź.txt".encode("cp1250"), labels.encode()) == "łódź.txt"


def test_strange_labels_cost_little_and_leave_nothing_behind() -> None:
    """Python remembers each name it was asked for: a mail made of such labels is not read through, nor asked of it."""
    before = len(encodings._cache)  # type: ignore[attr-defined]
    labels = [f"charset=x-{number}" for number in range(MAX_LABELS)]
    raw = "łódź.txt".encode("cp1250")
    assert undeclared(raw, "\n".join([*labels[1:], "charset=cp1250"]).encode()) == "łódź.txt"
    assert undeclared(raw, "\n".join([*labels, "charset=cp1250"]).encode()) != "łódź.txt"
    assert decode_bytes(raw, "x-17") == raw.decode("cp1252")
    assert len(encodings._cache) <= before + 2  # type: ignore[attr-defined]


def test_a_label_that_does_not_fit_is_left_aside() -> None:
    """Nothing of a name is replaced by marks as long as a charset reads it."""
    raw = "Снимок".encode("koi8-r") + b"\xff"
    assert "\ufffd" not in undeclared(raw, b"charset=euc-kr")


@pytest.mark.parametrize("raw", [bytes(range(0x80, 0x100)), b"\x81\x8d\x8f\x90\x9d", b"a\xff" * 5000])
def test_no_byte_is_lost(raw: bytes) -> None:
    """Whatever fits no charset is shown letter by letter."""
    text = undeclared(raw)
    assert "\ufffd" not in text
    assert len(text) >= len(raw) / 2


@pytest.mark.parametrize(
    ("charset", "word"), [(charset, word) for charset, words in SHORT.items() for word in words.split()]
)
def test_usual_letters_side_by_side_are_no_accident(charset: str, word: str) -> None:
    """However short a name or subject is."""
    for name in (word, f"{word}.txt", f"{word}1.pdf"):
        assert undeclared(name.encode(charset)) == name


@pytest.mark.parametrize("first", ["us-ascii", "utf-8", "UTF-16", "iso-8859-1", "Latin1", "windows-1252"])
def test_a_label_that_says_nothing_is_passed_over(first: str) -> None:
    """The first that says more decides, for a mail of its own and above any later one."""
    raw = "副本.doc".encode("big5")
    assert undeclared(raw, f"charset={first}; charset=big5; charset=koi8-r".encode()) == "副本.doc"
    assert undeclared(raw, b"charset = 'Big5'") == "副本.doc"
    assert undeclared(raw, b"charset=koi8-r; charset=big5") == raw.decode("koi8-r")


def test_a_value_is_guessed_up_to_its_longest_length() -> None:
    """One that is longer is read byte by byte."""
    text = ("отчёт " * MAX_GUESSED)[:MAX_GUESSED]
    assert undeclared(text.encode("cp1251")) == text
    longer = f"{text}я".encode("cp1251")
    assert undeclared(longer) == longer.decode("latin-1")


@pytest.mark.parametrize(
    ("word", "latin"),
    [("až", True), ("ažž", True), ("ažžž", False), ("abžžžž", True), ("ž", True), ("žž", False)],
)
def test_latin_words_have_plain_letters_beside_accented_ones(word: str, latin: bool) -> None:
    """One plain letter for two of the others, or a single letter."""
    assert (undeclared(word.encode("cp1252")) == word) is latin
