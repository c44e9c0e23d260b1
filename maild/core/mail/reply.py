"""What a person wrote himself in a reply: quotes, attribution lines and signature taken off.

Only for mail whose author is proved: the library's patterns are slow on text made to be slow, hence the caps.
"""

from mailparser_reply import EmailReplyParser

from maild.core.mail.copy import without_block

MAX_LINES = 2000
MAX_LINE = 400

_PARSER = EmailReplyParser(languages=["en", "de", "fr", "es", "it", "nl"])


def own_text(text: str) -> str:
    """The author's own words in *text*, without quotes, header block and signature."""
    lines = [line[:MAX_LINE].rstrip() for line in without_block(text).splitlines()[:MAX_LINES]]
    latest = _PARSER.parse_reply("\n".join(lines)) or ""
    return without_quotes(latest)


def without_quotes(text: str) -> str:
    """*text* up to the signature (RFC 3676 §4.3), quoted lines left out."""
    kept: list[str] = []
    for line in text.splitlines():
        if line.rstrip() == "--":
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return "\n".join(kept).strip()
