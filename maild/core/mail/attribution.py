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
    *("wrote", "writes", "escribió", "escreveu", "a scris", "ha scritto", "kirjoitti", "ezt írta", "yazdı"),
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
"""The words of saying that end an attribution; whoever writes one has named a day or a time before it."""

_SENT_FROM = (
    *("sent from my", "get outlook for", "gesendet von", "odesláno z mého", "sendt fra", "hent outlook til"),
    *("enviado desde mi", "envoyé depuis", "inviato da", "verzonden vanaf mijn", "wysłano z"),
    *("skickat från min", "从我的", "发自我的", "發自我的", "sent with proton", "sent from yahoo"),
)
_SENT = (
    *("sent", "gesendet", "envoyé", "verstuurd", "verzonden", "enviado", "enviada", "inviato", "wysłane"),
    *("отправлено", "надіслано", "送信", "傳送自", "보냄", "lähetetty", "gönderildi", "elküldve", "odesláno"),
    *("odoslané", "trimis", "skickat", "sendt", "poslano", "beziehen", "obtenir", "télécharger", "obtener"),
    *("descargar", "scarica", "ottieni", "obter", "pobierz", "скачать", "получить", "holen", "dikirim"),
    *("נשלח", "στάλθηκε", "ส่งจาก", "đã gửi", "أُرسلت", "أرسلت", "išsiųsta", "nosūtīts", "saadetud"),
)
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
    said = bare[:-1].rstrip(" \xa0)").endswith(_VERBS) and any(map(str.isdigit, bare))
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
    apart = len(words) <= MAX_DEVICE and any(one in words for one in _DEVICES)
    return apart and (words.startswith(_SENT) or words.rstrip(".>] ").endswith(_SENT))
