"""Varied advisories: about one version or several, fixed or not, scored or not, with and without everything."""

from datetime import UTC, datetime

from maild.core.disclosure.advisory import Advisory, Affected, Credit, Publisher

PUBLISHED = datetime(2026, 3, 20, 16, tzinfo=UTC)
REVISED = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
HERON = Publisher("Heron Project", "https://heron.example", "12345678-1234-4123-8123-123456789abc")
VECTORS = (
    "",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
    "CVSS:3.0/AV:L/AC:H/PR:L/UI:R/S:C/C:L/I:N/A:N",
)
RANGES = (
    (Affected("heron", "1.0", "2.0.4", "PyPI", "pkg:pypi/heron"),),
    (Affected("heron"),),
    (Affected("heron", "1.0", "1.8.3"), Affected("heron", "2.0", "2.0.4"), Affected("heron-cli", "0.9")),
)
TEXTS = (
    ("Heap overflow in the PNG reader", "A crafted file makes heron write past its buffer."),
    ("Пример: обход каталога", 'Zu viel „Vertrauen“ in Pfade, 信任, <script>alert(1)</script> & "quotes".'),
)


def example(number: int, title: str = "", text: str = "") -> Advisory:
    """The advisory of this number: every field takes its turn to be there and not to be there."""
    known = TEXTS[number % len(TEXTS)]
    revised = number % 3 == 0
    return Advisory(
        id=f"HERON-2026-{number:03}",
        title=(title or known[0])[:256],
        summary=text or known[1],
        details="" if number % 4 == 0 else f"{text or known[1]}\n\nSee the commit.",
        affected=RANGES[number % len(RANGES)],
        published=PUBLISHED,
        modified=REVISED if revised else PUBLISHED,
        publisher=HERON,
        cve="" if number % 5 == 0 else f"CVE-2026-{10000 + number}",
        severity="" if number % 7 == 0 else "Important",
        vector=VECTORS[number % len(VECTORS)],
        workaround="Do not open files of strangers." if number % 2 else "",
        upgrade="Upgrade; nothing else is to be done." if number % 3 else "",
        credits=(Credit("Rita Reporter"), Credit("Ana Acosta", "fixer")) if number % 2 else (),
        references=("https://heron.example/security/1",) if number % 3 else (),
        version=2 if revised else 1,
    )
