"""A message that is forwarded within the text of another, as mail programs do (no standard says how)."""
# ruff: noqa: RUF001 - words of several languages

from maild.core.values.address import ADDRESS, normal

HEAD = 10
"""Lines that the head of a forwarded message may have."""
_FROM = (
    *("from", "von", "de", "da", "van", "od", "från", "fra", "lähettäjä", "kimden", "от"),
    *("发件人", "寄件者", "差出人", "보낸 사람"),
)
_SUBJECT = (
    *(
        "subject",
        "betreff",
        "objet",
        "sujet",
        "asunto",
        "assunto",
        "oggetto",
        "onderwerp",
        "temat",
        "předmět",
    ),
    *("ämne", "emne", "aihe", "konu", "тема", "主题", "主旨", "件名", "제목"),
)
_PREFIXES = (
    *("fwd:", "fw:", "wg:", "tr:", "rv:", "i:", "enc:", "doorst:", "pd:", "vb:", "vs:", "ilt:"),
    *("转发:", "轉寄:", "転送:", "전달:"),
)
MAX_LINE = 1000


def is_forward(subject: str) -> bool:
    """Whether a program put before *subject* that the message is forwarded."""
    bare = subject.strip().lower().replace("：", ":")
    author, colon, _ = bare.removeprefix("[").partition(": ")  # mutt: "[rita@reporter.example: Overflow]"
    of_mutt = bare.startswith("[") and bare.endswith("]") and colon and ADDRESS.fullmatch(author)
    return bare.startswith(_PREFIXES) or bool(of_mutt)


def original_author(text: str) -> str:
    """The address in the head of the first message that *text* forwards; empty when there is no such head."""
    lines = [line.replace("\xa0", " ").strip("> *")[:MAX_LINE] for line in text.splitlines()]
    labels = [_label(line) for line in lines]
    for at, label in enumerate(labels):
        near = labels[max(0, at - 3) : at + HEAD]
        if label in _FROM and any(one in _SUBJECT for one in near):
            found = ADDRESS.findall(lines[at].replace("mailto:", " ").replace("[", " ").replace("]", " "))
            return normal(found[-1]) if found else ""
    return ""


def _label(line: str) -> str:
    label, colon, _ = line[:40].replace("：", ":").partition(":")
    return label.strip(" *").lower() if colon else ""
