"""The advisory for people: plain text for the list, Markdown for the blog."""

from collections.abc import Iterator

from maild.core.disclosure.advisory.model import Advisory


def markdown(advisory: Advisory) -> str:
    """The advisory in Markdown; its plain form for a mailing list is the same text without the marks."""
    return "\n\n".join(_sections(advisory, "## ", "- ")) + "\n"


def plain(advisory: Advisory) -> str:
    """The advisory as plain text."""
    return "\n\n".join(_sections(advisory, "", "  * ")) + "\n"


def letter(advisory: Advisory) -> str:
    """The advisory as a letter: its subject on the first line; its own Date says when it was published."""
    title, *sections, _ = _sections(advisory, "", "  * ")
    return "\n\n".join((f"Subject: {title}", *sections, advisory.publisher.name)) + "\n"


def _sections(advisory: Advisory, mark: str, item: str) -> Iterator[str]:
    names = ", ".join(name for name in (advisory.id, advisory.cve) if name)
    yield f"{mark[1:] or ''}{advisory.title} ({names})".strip()
    yield advisory.summary
    if advisory.severity:
        score = f", CVSS {advisory.score} ({advisory.vector})" if advisory.vector else ""
        yield f"Severity: {advisory.severity}{score}"
    yield _list(mark, "Affected", [one.words for one in advisory.affected], item)
    fixed = [f"{one.package} {one.fixed}" for one in advisory.affected if one.fixed]
    yield _list(mark, "Fixed in", fixed or ["no version yet"], item)
    for title, text in (
        ("Details", advisory.details),
        ("Upgrading", advisory.upgrade),
        ("If you cannot upgrade", advisory.workaround),
    ):
        if text:
            yield f"{mark}{title}\n\n{text}"
    if advisory.credits:
        yield _list(mark, "Thanks", [f"{one.name} ({one.role})" for one in advisory.credits], item)
    if advisory.references:
        yield _list(mark, "See also", list(advisory.references), item)
    yield f"Published {advisory.published:%Y-%m-%d %H:%M} UTC by {advisory.publisher.name}."


def _list(mark: str, title: str, items: list[str], item: str) -> str:
    return f"{mark}{title}\n\n" + "\n".join(f"{item}{one}" for one in items)
