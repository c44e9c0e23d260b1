"""How mail programs introduce what they quote, in the languages they speak.

Plain comparisons of words, never patterns over whole texts: a quote holds what a stranger wrote, and the
work for a line must not grow faster than its length.
"""
# ruff: noqa: RUF001 - words of many languages

import re

from maild.core.mail.labels import TOGETHER, label

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

_VERBS = (
    *("you wrote", "escribió", "escreveu", "a scris", "ha scritto", "kirjoitti", "ezt írta", "yazdı"),
    *("написал", "написала", "написал(а", "пишет", "написав", "написала", "написав(-ла", "пише", "написа"),
    *("έγραψε", "napísal", "napísal(a", "napisao", "je napisao/la", "kirjutas", "rašė", "rakstīja"),
    *(
        "写道",
        "寫道",
        "님이 작성",
        "작성했습니다",
        "のメール",
        "đã viết",
        "menulis",
        "เขียนว่า",
        "כתב/ה",
        "كتب",
    ),
    *("a écrit", "schreef", "skrev", "skrev følgende", "geschreven", "följande", "napisał", "napsal(a"),
)
"""The words of saying that end an attribution, behind an address or a day and a time."""
_YEAR, _TIME = re.compile(r"\b(?:19|20|25)\d\d(?!\d)"), re.compile(r"\d{1,2}[:.]\d{2}")

_SENT_FROM = (
    *("sent from my", "get outlook for", "gesendet von", "odesláno z mého", "sendt fra", "hent outlook til"),
    *("enviado desde mi", "envoyé depuis", "inviato da", "verzonden vanaf mijn", "wysłano z"),
    *("skickat från min", "从我的", "发自我的", "發自我的", "sent with proton", "sent from yahoo"),
)
_SENT = (
    *("sent from", "sent via", "envoyé de", "verstuurd vanaf", "enviado do meu", "enviado de", "wysłane z"),
    *("отправлено с", "отправлено из", "надіслано з", "發送自", "傳送自", "lähetetty iphon", "elküldve az"),
    *(
        "odesláno z",
        "odoslané z",
        "trimis de pe",
        "poslano s",
        "נשלח מ",
        "στάλθηκε από",
        "ส่งจาก",
        "đã gửi từ",
    ),
    *("dikirim dari", "أُرسلت من", "أرسلت من", "išsiųsta iš", "nosūtīts no", "saadetud minu"),
    *("télécharger outlook", "obtenir outlook", "obtener outlook", "descargar outlook", "scarica outlook"),
    *("ottieni outlook", "obter outlook", "pobierz outlook", "скачать outlook", "holen sie sich outlook"),
)
"""Beginnings that count beside the name of a device or program: people's sentences may begin so."""
_ENDS = (
    *(
        ("von mein", "gesendet"),
        ("iphone", "送信"),
        ("ipad", "送信"),
        ("나의 ", "보냄"),
        ("outlook", "beziehen"),
    ),
    *(("iphone", "gönderildi"), ("ipad", "gönderildi")),
)
"""Beginning and end, where a language has the verb last."""
_DEVICES = (
    *("iphon", "ipad", "android", "samsung", "galaxy", "huawei", "xiaomi", "oneplus", "blackberry"),
    *("outlook", "proton", "yahoo", "gmail", "mail.ru", "яндекс", "k-9", "fairemail", "mobile", "mobil"),
)
MAX_DEVICE = 80
"""Characters that may follow *Sent from my*; more is somebody's sentence."""


def announces(line: str) -> bool:
    """Whether *line* is an attribution as a mail program writes it: *On …, Rita wrote:*."""
    bare = line.lstrip("> ").lower()
    if not bare.endswith((":", "：")):
        return False
    first, _, rest = bare[:-1].partition(" ")
    rest = rest.rstrip()
    if first in _ENDS_WITH and rest.endswith(_ENDS_WITH[first]):
        return True
    if first in _HOLDS:
        return _HOLDS[first] in rest
    nordic = bare.startswith(_NORDIC) and " skrev " in rest
    dated = "@" in bare or bool(_YEAR.search(bare) and _TIME.search(bare))
    said = dated and bare[:-1].rstrip(" \xa0)").endswith(_VERBS)
    return nordic or said or bool(_JAPANESE.match(bare) and " <" in bare and bare.endswith(">:"))


def begins_head(first: str, second: str) -> bool:
    """Whether two lines are the first ones of a quoted mail's head, in one language."""
    one, two = label(first), label(second)
    return bool(one and two) and any(one in labels and two in labels for labels in TOGETHER)


def names_device(line: str) -> bool:
    """Whether *line* is what a telephone adds below a message: *Sent from my …*."""
    words = line[: 2 * MAX_DEVICE].lower().strip(" -—<[")
    known = next((start for start in _SENT_FROM if words.startswith(start)), "")
    if known:
        return len(line) - len(known) <= MAX_DEVICE
    if len(words) > MAX_DEVICE or not any(one in words for one in _DEVICES):
        return False
    last = words.rstrip(".>] ")
    return words.startswith(_SENT) or any(words.startswith(one) and last.endswith(end) for one, end in _ENDS)
