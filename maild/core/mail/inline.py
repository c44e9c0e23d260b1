"""A message that is forwarded within the text of another, as mail programs do (no standard says how)."""
# ruff: noqa: RUF001 - words of several languages

from maild.core.values.address import ADDRESS, normal

HEAD = 10
"""Lines that the head of a forwarded message may have."""
_FROM = ("from", "von", "de", "da", "van", "od")
_SUBJECT = ("subject", "betreff", "objet", "sujet", "asunto", "oggetto", "onderwerp", "temat")
_PREFIXES = ("fwd:", "fw:", "wg:", "tr:", "rv:", "i:", "enc:", "doorst:", "pd:")
MAX_LINE = 1000


def is_forward(subject: str) -> bool:
    """Whether a program put before *subject* that the message is forwarded."""
    return subject.strip().lower().startswith(_PREFIXES)


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
