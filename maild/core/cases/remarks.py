"""What the team's copy of a report says beside its head: what it lacks, whether it is several, what is alike.

Nothing here judges a report. A wrong remark costs its reader a glance, so plain signs in many languages do.
"""
# ruff: noqa: RUF001 - words of many languages

import re
from collections.abc import Iterable

from maild.core.candidates.mail import Alike
from maild.core.mail.facts import Facts
from maild.core.mail.opened import Opened
from maild.core.values.asked import Asked

Lines = tuple[tuple[str, str], ...]
Related = tuple[tuple[Alike, tuple[str, ...]], ...]
"""Cases that are like a mail, each with what may be named of what they share."""

MAX_TEXT = 50_000
NAMED = 4
KINDS = {
    "advisory": "the same advisory id",
    "attachment": "the same attachment",
    "crash": "the same crash",
    "subject": "the same subject",
    "name": "the same names of files or functions",
}

_VERSION = re.compile(
    r"\bv?\d{1,5}\.\d{1,5}(?:\.\d{1,5})?\b|\b(?:commit|rev(?:ision)?)\s+[0-9a-f]{6,40}\b|\b[0-9a-f]{40}\b"
    r"|\b(?:latest|newest|current|nightly|HEAD|trunk)\b(?:\s+\w+){0,2}\s*\b(?:version|release|build|main|master)?\b"
    r"|\b(?:neueste|aktuelle)\w*\s+version|dernière\s+version|última\s+versi|ultima\s+version|laatste\s+versie"
    r"|последн\w{1,9}\s+верси|最新版|最新バージョン|최신\s?버전|أحدث\s+إصدار",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^[ \t>*-]{0,4}(?:step\s*)?([1-9])\s?[.):]", re.IGNORECASE | re.MULTILINE)
_STEPS = re.compile(
    r"\breproduc|\brepro\b|\bsteps?\b|\bto trigger\b|\bhow to\b|schritte|nachstell|étapes"
    r"|\bpasos\b|\bpassos\b|passaggi|riprodur|stappen|\bkroki\b|odtworz|\bшаг"
    r"|воспроизв|відтвор|\bкрок|adımlar|步骤|步驟|复现|重现|重現|手順|再現|절차|재현|خطوات|שלבים",
    re.IGNORECASE,
)
_PROOF = re.compile(
    r"proof[ -]of[ -]concept|\bpoc\b|exploit|payload|```|^\s{0,8}(?:\$|#|>>>)\s+\S|\bcurl\s+-?\S"
    r"|<script|<svg|<img\s"
    r"|\bhttps?://[^\s?&]{1,300}[?&][^\s=]{1,100}=|\bGET\s+/|\bPOST\s+/|(?:Address|Memory|Thread)Sanitizer|\bbacktrace\b|#0\s+0x"
    r"|machbarkeit|preuve de concept|prueba de concepto|prova de conceito|прототип|эксплойт|概念验证"
    r"|概念實證|実証|개념\s?증명"
    r"|إثبات المفهوم",
    re.IGNORECASE | re.MULTILINE,
)
_ITEM = re.compile(
    r"^[ \t>#*-]{0,6}(?:issue|vulnerability|vuln|finding|bug|problem|flaw|schwachstelle|lücke|fund|faille"
    r"|vulnérabilité"
    r"|vulnerabilidad|fallo|vulnerabilidade|falha|vulnerabilità|kwetsbaarheid|podatność|уязвимость|проблема"
    r"|вразливість|açık|漏洞|问题|脆弱性|問題|취약점)\s*+(?:#|no\.?|nr\.?|n°|№)?\s*+([1-9]\d?)\b",
    re.IGNORECASE | re.MULTILINE,
)
_SEVERAL = re.compile(
    r"\b(?:multiple|several|various|two|three|four|five|six|\d{1,2})\s+(?:\w+\s+){0,2}"
    r"(?:vulnerabilities|vulns|issues|bugs|flaws|findings|problems|weaknesses|cves|xss)\b"
    r"|\b(?:mehrere|zwei|drei)\s+(?:\w+\s+)?(?:schwachstellen|lücken|sicherheitslücken|probleme|fehler)"
    r"|\b(?:plusieurs|deux|trois)\s+(?:\w+\s+)?(?:failles|vulnérabilités|problèmes)"
    r"|\b(?:varias|múltiples|dos|tres)\s+(?:\w+\s+)?(?:vulnerabilidades|fallos)"
    r"|\b(?:várias|múltiplas|duas|três)\s+(?:\w+\s+)?(?:vulnerabilidades|falhas)"
    r"|\b(?:più|diverse|due|tre)\s+(?:\w+\s+)?(?:vulnerabilità|falle)|\bmeerdere\s+\w*(?:kwetsbaarheden|lekken)"
    r"|несколько\s+(?:уязвимост|проблем|ошибок)|кілька\s+вразливост|wiele\s+(?:podatności|luk)"
    r"|多个漏洞|多個漏洞|複数の脆弱性|여러\s?(?:개의\s?)?취약점|다수의\s?취약점|عدة\s+ثغرات",
    re.IGNORECASE,
)
_CVE = re.compile(r"\bCVE-\d{4}-\d{4,9}\b", re.IGNORECASE)
MANY_ADVISORIES = 3


def lacks(facts: Facts, opened: Opened, asks: Iterable[Asked]) -> tuple[str, ...]:
    """The fields among *asks* that a report does not seem to hold, as far as plain signs tell."""
    text = f"{facts.subject}\n{facts.text[:MAX_TEXT]}"
    lower, known = text.lower(), _known(text, opened)
    return tuple(
        one.field
        for one in asks
        if (one.marks or one.field in known)
        and not known.get(one.field)
        and not any(mark.lower() in lower for mark in one.marks)
    )


def _known(text: str, opened: Opened) -> dict[str, bool]:
    """Whether each of the fields is there that maild knows the signs of."""
    attached = any(part.disposition == "attachment" for part in opened.tree.root.leaves)
    numbered = len({match[1] for match in _NUMBERED.finditer(text)}) > 1
    return {
        "version": bool(_VERSION.search(text)),
        "steps": numbered or bool(_STEPS.search(text)),
        "proof": attached or bool(_PROOF.search(text)),
    }


def bundled(facts: Facts) -> bool:
    """Whether a mail seems to hold several issues: it says so, numbers them, or names many advisories."""
    text = f"{facts.subject}\n{facts.text[:MAX_TEXT]}"
    numbered = {match[1] for match in _ITEM.finditer(text)}
    advisories = {match[0].upper() for match in _CVE.finditer(text)}
    return bool(_SEVERAL.search(facts.subject)) or len(numbered) > 1 or len(advisories) >= MANY_ADVISORIES


def remarks(facts: Facts, opened: Opened, related: Related, opens: bool, asks: Iterable[Asked] = ()) -> Lines:
    """Labels and values below the head; *opens*: this mail opened the case. None without readable text."""
    missing = lacks(facts, opened, asks) if opens and facts.text.strip() else ()
    rows = (
        ("Related", "possibly " + "; ".join(_alike(*one) for one in related)),
        ("Read", "; ".join(facts.cut)),
        ("Holds", "perhaps several issues" if bundled(facts) else ""),
        ("Possibly missing", f"{', '.join(missing)} (!ask {' '.join(missing)})" if missing else ""),
    )
    return tuple((label, value) for label, value in rows if value and value != "possibly ")


def _alike(one: Alike, named: tuple[str, ...]) -> str:
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    names = f": {', '.join(named[:NAMED])}{more}" if named else ""
    return f"{one.case_id} ({', '.join(KINDS[kind] for kind in one.kinds)}{names})"
