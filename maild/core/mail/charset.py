"""Bytes of mail as text, whatever their label says (ruling 35).

Labels mean what the web means by them (WHATWG Encoding: iso-8859-1 is windows-1252, shift_jis is cp932): that
is what mail clients write under them. A byte that fits nowhere is replaced, the text around it stays.
"""

import codecs
import re
from contextlib import suppress
from encodings import normalize_encoding
from encodings.aliases import aliases

import webencodings

_PROMISES_NOTHING = frozenset({"", "us-ascii", "ascii", "ansi_x3.4-1968", "iso-ir-6", "iso646-us", "csascii"})
"""No label, or ASCII: whatever else is in the bytes, it does not name it."""
_SUPERSET = {"gbk": "gb18030"}
"""Beyond WHATWG: people who write gb2312 or gbk send any character of its successor."""
_ALTERNATIVE = {"big5": "cp950", "euc-jp": "euc_jis_2004"}
"""A second codec where Python's first one lacks what clients send under the label."""
_ODD_CODEC = re.compile(r"idna|punycode|escape|undefined|oem|mbcs|[^\w.:-]", re.IGNORECASE)
"""Python's codecs that are no charsets: slow without bound on hostile bytes, or with side meanings."""
_SHIFT = re.compile(rb"\x1b(\$[@B]|\([BJI])")
_JAPANESE = re.compile(rb"\x1b\$[@B][!-~\s]{2}")
"""How Japanese in seven bits begins (RFC 1468); no other text holds such an escape."""
_PAGE = re.compile(r"(?:x-)?(?:cp|win|windows|ibm)[-_]?(\d{3,5})")
_WIDE = re.compile(r"utf-?(?:16|32)|ucs-?[24]|iso-10646|unicode$")
"""Labels under which every letter of Latin has a byte that is zero."""
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f]")
"""Bytes of no text in eight bits; every blank in sixteen has one."""
_SEVEN_BITS = re.compile(r"utf-?7$|iso-2022|^hz")
_BEGINS_KNOWN = re.compile(
    r"windows-(?:125\d|874)|iso-8859-\d{1,2}|utf-8|koi8-[ru]|gb2312|gbk|big5|shift_jis"
)
"""Labels with something behind them that a program forgot to take away: ``windows-1251http-equiv``."""
_ALIASES = {
    "eucjp-ms": "euc-jp",
    "eucjpms": "euc-jp",
    "x-user-defined": "windows-1252",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
}
"""Names that programs write and nobody registered."""
_PYTHON = frozenset(
    {*aliases, *aliases.values(), "cp1006", "cp720", "cp737", "cp856", "cp874", "cp875", "koi8_t"}
    | {f"mac_{one}" for one in ("arabic", "croatian", "farsi", "romanian")}
)
"""The names of Python's codecs: those with another name, and those that have none."""
_META = re.compile(rb"<meta\s[^<>]{0,300}>", re.IGNORECASE)
_SAYS = re.compile(rb"charset[ \t]{0,4}=[ \t]{0,4}[\"']?([\w:.-]{1,40})", re.IGNORECASE)
MAX_PRESCAN = 4096
"""Bytes in which a page says its charset; the web looks through 1,024 (WHATWG HTML, prescan)."""
_TO_HIGH = bytes(byte | 0x80 for byte in range(0x100))


def decode_bytes(raw: bytes, label: str = "") -> str:
    """*raw* as text by its *label*; never fails, and never gives half characters (surrogates).

    A byte order mark says more than any label, and so do letters that are UTF-8 by their form.
    """
    name = _known_as(label.partition("*")[0].strip("\"' \t").lower())  # RFC 2231 §5: a language may follow
    found = webencodings.lookup(name) if name.isascii() else None
    if marked := _by_mark(raw):
        return marked
    if name in _PROMISES_NOTHING or (found and found.name == "utf-8"):
        return _japanese(raw) if raw.isascii() and _JAPANESE.search(raw) else _utf8(raw)
    if _WIDE.match(name) and _in_lines(raw) and (text := _after_all_utf8(raw, 0)):
        return text
    if found and found.name == "utf-16le":
        return raw.decode(_order(raw), "replace")
    if text := _after_all_utf8(raw, _letters(name, found.name if found else "")):
        return text
    return _by_web(raw, found) if found and found.name != "replacement" else _by_python(raw, name)


def _by_mark(raw: bytes) -> str:
    """The text behind a byte order mark; empty where there is none (WHATWG Encoding §6, decode)."""
    if raw.startswith(codecs.BOM_UTF8):
        return raw.decode("utf-8-sig", "replace")
    wide = raw[:2] in (codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE) and raw[2:4] != b"\0\0"
    return raw.decode("utf-16", "replace") if wide and b"\0" in raw else ""


def _in_lines(raw: bytes) -> bool:
    """Whether *raw* has blanks, and only such as no text of sixteen bits has."""
    return (b" " in raw or b"\n" in raw) and not _CONTROL.search(raw)


def _letters(name: str, encoding: str) -> int:
    """How many letters show that a text is UTF-8 under a label: one, if that allows seven bits only."""
    if encoding in ("iso-2022-jp", "replacement") or _SEVEN_BITS.search(name):
        return 1
    return 2 if encoding == "windows-1252" else 4


def _order(raw: bytes) -> str:
    """Python's name for UTF-16 as its mark says, else in the order in which more letters are plain."""
    if raw[:2] in (codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE):
        return "utf-16"
    begins = raw[:4096]
    return "utf-16-be" if begins[::2].count(0) > begins[1::2].count(0) else "utf-16-le"


def page_label(content: bytes) -> str:
    """The charset that the web page *content* names itself, which counts where the mail names none."""
    tags = (tag[0] for tag in _META.finditer(content[:MAX_PRESCAN]))
    found = next((says for tag in tags if (says := _SAYS.search(tag))), None)
    return found[1].decode("ascii", "replace") if found else ""


def says_nothing(label: str) -> bool:
    """Whether *label* names no charset beyond ASCII, or none that is known (``x-unknown``)."""
    name = _known_as(label.strip().lower())
    return name in _PROMISES_NOTHING or not _is_known(name)


def _is_known(name: str) -> bool:
    """Whether the web or Python knows the charset *name*; Python would remember each that it is asked for."""
    return name.isascii() and (webencodings.lookup(name) is not None or normalize_encoding(name) in _PYTHON)


def _known_as(name: str) -> str:
    """*name* as it is registered: ``x-windows-949`` and ``cp-1251`` are numbers of code pages."""
    page = _PAGE.fullmatch(name)
    if page is None:
        known = name.isascii() and webencodings.lookup(name)
        begins = None if known else _BEGINS_KNOWN.match(name)
        return begins[0] if begins else _ALIASES.get(name, name)
    return f"windows-{page[1]}" if webencodings.lookup(f"windows-{page[1]}") else f"cp{page[1]}"


def _after_all_utf8(raw: bytes, letters: int) -> str:
    """The text where it is UTF-8 under another label: nobody writes so many *letters* that pair by chance."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if len(text) - len(text.encode("ascii", "ignore")) >= letters else ""


def as_utf8(raw: bytes) -> str:
    """*raw* as UTF-8, its bad bytes replaced; empty where no more of it is valid than is not."""
    if raw.isascii():
        return raw.decode("ascii")
    text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    # letters of other alphabets come in valid pairs
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return text if good > bad or not bad else ""


def _utf8(raw: bytes) -> str:
    """UTF-8 if it is that, but for a few bad bytes, else Windows-1252."""
    return as_utf8(raw) or raw.decode("cp1252", "replace")


def _by_web(raw: bytes, encoding: webencodings.Encoding) -> str:
    """By the codec of a WHATWG encoding, or by another that can read what it cannot."""
    first = _SUPERSET.get(encoding.name)
    decode = codecs.lookup(first).decode if first else encoding.codec_info.decode
    try:
        return _whole(decode(raw, "strict")[0])
    except ValueError:
        pass
    if encoding.name == "iso-2022-jp":
        return _japanese(raw)
    text = _whole(decode(raw, "replace")[0])
    other = raw.decode(_ALTERNATIVE.get(encoding.name, "latin-1"), "replace")
    better = encoding.name in _ALTERNATIVE and other.count("\ufffd") < text.count("\ufffd")
    return other if better else text


def _japanese(raw: bytes) -> str:
    """ISO-2022-JP as mobile phones and Windows write it: with characters of NEC and half-width katakana."""
    pieces = _SHIFT.split(raw)
    text = pieces[0].decode("ascii", "replace")
    for shift, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if shift.startswith(b"$"):
            text += piece.translate(_TO_HIGH).decode("euc_jis_2004", "replace")
        elif shift == b"(I":
            text += piece.translate(_TO_HIGH).decode("cp932", "replace")
        else:
            text += piece.decode("ascii", "replace")
    return text


def _by_python(raw: bytes, name: str) -> str:
    """By Python's codec, for what the web does not know (utf-7, cp437) or refuses (iso-2022-kr)."""
    if _is_known(name) and not _ODD_CODEC.search(name):
        with suppress(
            LookupError, ValueError
        ):  # a codec that is not one of texts, or refuses even to replace
            return _whole(raw.decode(name, "replace"))
    return _japanese(raw) if raw.isascii() and _JAPANESE.search(raw) else _utf8(raw)


def _whole(text: str) -> str:
    """*text* without half characters (surrogates), which neither a database nor JSON can hold."""
    if text.isascii():
        return text  # no copies of what may be long
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text
