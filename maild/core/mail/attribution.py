"""How mail programs introduce what they quote, in the languages they speak.

Plain comparisons of words, never patterns over whole texts: a quote holds what a stranger wrote, and the
work for a line must not grow faster than its length.
"""
# ruff: noqa: RUF001 - words of many languages

import re

_ENDS_WITH = {
    "on": ("wrote",),
    "dne": ("napsal(a)",),
    "il": ("ha scritto",),
    "op": ("schreef",),
    "dnia": ("nadesłał", "napisał(a)"),
}
"""First word of an attribution to its last, in English, Czech, Italian, Dutch and Polish."""
_HOLDS = {"am": "schrieb ", "le": "a écrit"}
"""First word to what stands somewhere behind it, in German and French: names and addresses may follow."""
_NORDIC = ("den", "man", "mån", "tir", "tis", "ons", "tor", "fre", "lør", "lör", "søn", "sön", *"0123456789")
"""How Danish and Swedish dates begin; *skrev* and a name follow."""
_JAPANESE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日\(.\) \d{1,2}:\d{2}")

_LABELS = (
    ("from", "sent", "to", "subject", "date", "cc", "organization"),
    ("von", "gesendet", "an", "betreff", "datum", "cc", "organisation"),
    ("od", "odesláno", "komu", "předmět", "datum", "kopie"),
    ("fra", "sendt", "til", "emne", "dato", "cc", "kopi", "vedhæftet"),
    ("de", "enviado", "para", "asunto", "fecha", "cc", "organización"),
    ("de", "envoyé", "date", "à", "objet", "cc"),
    ("da", "inviato", "a", "oggetto", "data", "cc"),
    ("보낸 사람", "보낸사람", "보낸 날짜", "받는 사람", "받는사람", "제목", "참조"),
    ("van", "verzonden", "aan", "onderwerp", "datum", "cc"),
    ("od", "wysłano", "do", "temat", "data", "dw"),
    ("från", "skickat", "till", "ämne", "datum", "kopia"),
    ("发件人", "发送时间", "收件人", "主题", "抄送", "组织"),
)
"""The labels of the head that is put above an unmarked quote, by language."""

_SENT_FROM = (
    *("sent from my", "get outlook for", "gesendet von", "odesláno z mého", "sendt fra", "hent outlook til"),
    *("enviado desde mi", "envoyé depuis", "inviato da", "verzonden vanaf mijn", "wysłano z"),
    *("skickat från min", "从我的"),
)
MAX_DEVICE = 80
"""Characters that may follow *Sent from my*; more is somebody's sentence."""


def announces(line: str) -> bool:
    """Whether *line* is an attribution as a mail program writes it: *On …, Rita wrote:*."""
    bare = line.lstrip("> ").lower()
    if not bare.endswith(":"):
        return False
    first, _, rest = bare[:-1].partition(" ")
    rest = rest.rstrip()
    if first in _ENDS_WITH:
        return rest.endswith(_ENDS_WITH[first])
    if first in _HOLDS:
        return _HOLDS[first] in rest
    nordic = bare.startswith(_NORDIC) and " skrev " in rest
    return nordic or bool(_JAPANESE.match(bare) and " <" in bare and bare.endswith(">:"))


def begins_head(first: str, second: str) -> bool:
    """Whether two lines are the first ones of a quoted mail's head, in one language."""
    one, two = _label(first), _label(second)
    return bool(one and two) and any(one in labels and two in labels for labels in _LABELS)


def names_device(line: str) -> bool:
    """Whether *line* is what a telephone adds below a message: *Sent from my …*."""
    words = line[: 2 * MAX_DEVICE].lower()
    known = next((start for start in _SENT_FROM if words.startswith(start)), "")
    return bool(known) and len(line) - len(known) <= MAX_DEVICE


def _label(line: str) -> str:
    label, colon, _ = line.lstrip("> *")[:40].replace("：", ":").partition(":")
    return label.strip(" *").lower() if colon else ""
