"""A member's answer reaches the reporter readable, whatever its label says."""

import pytest

from tests.support import mails
from tests.support.relaying import BEA, CARL, RITA, RelayDesk, letter_text, reply

pytestmark = pytest.mark.dovecot


@pytest.mark.parametrize(
    ("label", "codec", "words"),
    [
        ("gb2312", "gb18030", "We can reproduce it: 镕工正在修复这个漏洞。"),
        ("shift_jis", "cp932", "We can reproduce it: ①再現できました。髙橋"),
        ("iso-8859-1", "cp1252", "We can reproduce it “now” and it costs 5 €."),
        ("us-ascii", "utf-8", "We can reproduce it. Мы можем воспроизвести ошибку и чиним её."),
    ],
)
def test_an_answer_under_a_narrow_label_is_readable(
    desk: RelayDesk, label: str, codec: str, words: str
) -> None:
    """Every character that the member wrote goes out, and the promise is met."""
    desk.comes(mails.plain(date=desk.clock))
    raw = reply(desk.copies(CARL)[0], BEA, "WORDS", Content_Type=f"text/plain; charset={label}")
    desk.comes(raw.replace(b"WORDS", words.encode(codec), 1), "project.example")
    (answer,) = desk.answers(RITA)
    assert words in letter_text(answer)
    assert desk.promises()["respond"] == "team:Bea"
