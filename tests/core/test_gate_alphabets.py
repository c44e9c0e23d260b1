"""Internal words in other languages, and in the codings that programs write: attempts of a careless insider."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter

import base64
import gzip
import io
import json
import random
import urllib.parse
import zipfile
import zlib

import pytest

from maild.core.writing.gate.check import Known, fault
from maild.core.writing.gate.reading import look, words
from tests.core.test_gate_readings import CAPTURE, IN_BASE64, INTERNAL, WORDS, letter, picture, printed
from tests.core.test_gate_streams import CORE

RUSSIAN = "Поставщик этого разбора платит нам до весны и не должен ничего об этом узнать от нас."
CHINESE = "这个解析器的供应商付钱给我们直到明年春天，所以绝对不能让他们知道我们现在正在讨论的任何事情。"
JAPANESE = (
    "このパーサーのベンダーは春まで私たちに支払っているので、この件については何も知らせてはいけません。"
)
GERMAN = (
    "Der Anbieter zahlt uns bis zum Frühjahr und dürfte über all das natürlich überhaupt nichts erfahren."
)
GREEK = "Ο προμηθευτής του αναλυτή μας πληρώνει μέχρι την άνοιξη και δεν πρέπει να ακούσει τίποτα για αυτό"
ARABIC = "يدفع لنا بائع المحلل حتى الربيع ويجب ألا يسمع أي شيء عن هذا الأمر منا أبدا"
HINDI = "पार्सर का विक्रेता हमें वसंत तक भुगतान करता है और उसे इस बारे में कुछ भी नहीं सुनना चाहिए"
THAI = "ผู้ขายของตัวแยกวิเคราะห์นี้จ่ายเงินให้เราจนถึงฤดูใบไม้ผลิและต้องไม่รู้เรื่องใด ๆ เกี่ยวกับเรื่องนี้จากเรา"
TURKISH = "Ayrıştırıcının satıcısı bize bahara kadar ödüyor ve bunun hakkında hiçbir şey duymaması gerekiyor"
PACKED = gzip.compress(INTERNAL.encode())
LONG = " ".join("".join(random.Random(at).choices("abcdefghij", k=6)) for at in range(40_000))
"""More than two hundred thousand characters of a log."""
Attempt = tuple[str, str, str, bytes]


def zipped(name: str, content: bytes) -> bytes:
    """A zip archive of one file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, content)
    return made.getvalue()


def rtf(content: bytes) -> bytes:
    """A document as WordPad writes it."""
    letters = "".join(f"\\'{one:02x}" if one > 127 else chr(one) for one in content)
    return f"{{\\rtf1\\ansi {letters}}}".encode()


def patched(content: bytes) -> str:
    """A binary patch of Git with this file."""
    packed = zlib.compress(content)
    rows = [packed[at : at + 52] for at in range(0, len(packed), 52)]
    lines = [
        chr((64 if len(one) <= 26 else 70) + len(one)) + base64.b85encode(one, pad=True).decode()
        for one in rows
    ]
    return f"GIT binary patch\nliteral {len(content)}\n" + "\n".join(lines) + "\n\nliteral 0\nHcmV?d00001\n\n"


def once(text: str) -> str:
    """*text* in base64, in one line."""
    return base64.b64encode(text.encode()).decode()


def rows(text: str, most: int) -> str:
    """*text* in lines."""
    return "\n".join(text[at : at + most] for at in range(0, len(text), most))


def attempts() -> dict[str, Attempt]:
    """What is internal, the words of the letter, and its file, by how it is hidden."""
    packed = base64.b64encode(PACKED).decode()
    hashes = "".join(f"m{at} h1:{base64.b64encode(bytes([at % 251]) * 33).decode()}\n" for at in range(1100))
    said: dict[str, tuple[str, str]] = {
        "Russian": (RUSSIAN, RUSSIAN),
        "Chinese": (CHINESE, f"谢谢。{CHINESE[4:]}"),
        "Japanese": (JAPANESE, JAPANESE[3:]),
        "base64 of zlib in a link": (
            INTERNAL,
            "https://x.example/?d="
            + urllib.parse.quote(base64.b64encode(zlib.compress(INTERNAL.encode())).decode(), safe=""),
        ),
        "Turkish in capitals": (TURKISH, TURKISH.upper()),
        "Hindi": (HINDI, HINDI),
        "Thai": (THAI, THAI[5:]),
        "Greek in capitals": (GREEK, GREEK.upper()),
        "Arabic with all its marks": (
            ARABIC,
            "".join(f"{one}\u064e" if one.isalpha() else one for one in ARABIC),
        ),
        "Chinese, a letter a line": (CHINESE, "\n".join(CHINESE)),
        "percent signs of another charset": (
            RUSSIAN,
            "https://x.example/?q=" + "".join(f"%{one:02X}" for one in RUSSIAN.encode("cp1251")),
        ),
        "small capitals": (
            INTERNAL,
            INTERNAL.lower().translate(str.maketrans("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ")),
        ),
        "Cherokee": (
            INTERNAL,
            INTERNAL.upper().translate(str.maketrans("ABEHKMPSTWZGLCDVRJ", "ᎪᏴᎬᎻᏦᎷᏢᏚᎢᎳᏃᏀᏞᏟᎠᏙᎡᎫ")),
        ),
    }
    files: dict[str, tuple[str, str, bytes]] = {
        "Russian in a core dump": (RUSSIAN, "core", CORE + RUSSIAN.encode() + CORE),
        "the same in UTF-16": (RUSSIAN, "core", CORE + RUSSIAN.encode("utf-16-le") + CORE),
        "big end first": (RUSSIAN, "core", CORE + RUSSIAN.encode("utf-16-be") + CORE),
        "Russian in a picture": (RUSSIAN, "a.png", picture(b"iTXt", b"c\0\0\0ru\0c\0" + RUSSIAN.encode())),
        "Russian, compressed": (RUSSIAN, "core", CORE + zlib.compress(RUSSIAN.encode()) + CORE),
        **{
            f"Russian in {one}": (RUSSIAN, "a.txt", RUSSIAN.encode(one))
            for one in ("koi8-r", "cp1251", "cp866")
        },
        "the same in a zip": (RUSSIAN, "a.zip", zipped("a.txt", RUSSIAN.encode("cp866"))),
        "Chinese in gb18030": (CHINESE, "a.txt", CHINESE.encode("gb18030")),
        "Chinese in a core dump": (CHINESE, "core", CORE + CHINESE.encode("utf-16-le") + CORE),
        "Japanese in Shift_JIS": (JAPANESE, "a.txt", JAPANESE.encode("cp932")),
        "German in a core dump": (GERMAN, "core", CORE + GERMAN.encode() + CORE),
        "German in a capture": (GERMAN, "w.pcap", CAPTURE + GERMAN.encode("latin-1")),
        "UTF-7": (
            INTERNAL,
            "a.txt",
            b"+" + base64.b64encode(INTERNAL.encode("utf-16-be")).rstrip(b"=") + b"-",
        ),
        "escaped slashes": (INTERNAL, "r.json", json.dumps({"c": packed}).replace("/", "\\/").encode()),
        "base64 in JSON, in lines": (INTERNAL, "r.json", json.dumps({"c": rows(IN_BASE64, 60)}).encode()),
        "base64 for links": (
            INTERNAL,
            "j.txt",
            base64.urlsafe_b64encode(gzip.compress(f"{INTERNAL} {LONG[:300]}".encode())),
        ),
        "base64 in entities": (
            INTERNAL,
            "p.html",
            packed.replace("+", "&#43;").replace("/", "&#x2f;").encode(),
        ),
        "a binary patch": (INTERNAL, "0001.patch", patched(INTERNAL.encode()).encode()),
        "bytes of a program": (INTERNAL, "p.py", repr(PACKED).encode()),
        "numbers of bytes": (INTERNAL, "p.c", ", ".join(f"0x{one:02x}" for one in PACKED).encode()),
        "hexadecimal in a PDF": (
            INTERNAL,
            "a.pdf",
            printed("".join(f"<{one.encode().hex()}> -20 <20> " for one in WORDS)),
        ),
        "colours of a terminal": (
            INTERNAL,
            "t.log",
            " ".join(f"\x1b[31m{one}\x1b[0m" for one in WORDS).encode(),
        ),
        "written over": (INTERNAL, "t.txt", "".join(f"{one}\b{one}" for one in INTERNAL).encode()),
        "numbers far below": (
            INTERNAL,
            "a.log",
            f"{LONG} {' '.join(str(ord(one)) for one in INTERNAL)}".encode(),
        ),
        "base85 far below": (
            INTERNAL,
            "a.log",
            f"{LONG}\n{rows(base64.b85encode(INTERNAL.encode()).decode(), 60)}".encode(),
        ),
        "behind many hashes": (INTERNAL, "go.sum", f"{hashes}{once(INTERNAL)}".encode()),
    }
    in_text: dict[str, Attempt] = {how: (*one, "", b"") for how, one in said.items()}
    return in_text | {how: (one[0], "Hello.", *one[1:]) for how, one in files.items()}


ATTEMPTS = attempts()


def held(internal: str, said: str, name: str = "", content: bytes = b"") -> str:
    """Why the letter waits; empty when it goes out."""
    found = fault(look(letter(said, name, content)), Known(internal=(internal,)))
    return found.name if found else ""


@pytest.mark.parametrize("how", ATTEMPTS)
def test_it_is_read_in_every_alphabet_and_coding(how: str) -> None:
    """What the team said among themselves, whatever language they speak and whatever programs make of it."""
    assert held(*ATTEMPTS[how]) == "internal"


def test_words_that_only_share_a_phrase_go_out() -> None:
    """In Chinese, Japanese and Russian too: a greeting is no secret, nor is another text in a file of its charset."""
    thanks = "感谢您的报告，我们会尽快回复。"
    assert held(f"{thanks}{CHINESE}", f"{thanks}这个问题已经修复了。") == ""
    assert held(JAPANESE, "ご報告ありがとうございます。この件については調査中です。") == ""
    assert (
        held(RUSSIAN, "Спасибо.", "a.txt", "Поставщик этого продукта исправил ошибку.".encode("cp1251")) == ""
    )
    assert words("我们会") == words("。我们会。")


def test_more_coded_lines_than_are_decoded_wait() -> None:
    """Ten thousand and more in one text; a lock file of three thousand goes out."""
    many = [f"m{at} h1:{base64.b64encode(at.to_bytes(33, 'big')).decode()}\n" for at in range(10_100)]
    assert held(INTERNAL, "Hello.", "go.sum", "".join(many).encode()) == "unread"
    assert held(INTERNAL, "Hello.", "go.sum", "".join(many[:3000]).encode()) == ""
