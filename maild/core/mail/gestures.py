"""Messages that a program writes for a gesture: an emoji put on a message, the wish to have one back.

Gmail marks its reactions by a part of their own; Outlook sends a page that says so and quotes the message
(nextcloud/mail#10961, Discourse). A recall is a text under "Recall:" (mysociety/alaveteli#6884). Nobody has
written a word in either.
"""
# ruff: noqa: RUF001 - marks of many programs

import re

from maild.core.mail.armor import html_text
from maild.core.mail.attribution import announces
from maild.core.mail.headers import Headers
from maild.core.mail.mime import Part
from maild.core.values.phrases import Phrases

REACTION, RECALL = "reaction to a message", "asks to recall a message"
GESTURES = frozenset({REACTION, RECALL})
_TYPE = "text/vnd.google.email-reaction+json"
_LOOKED_AT = 20_000
_NAME = r"[^\n]{1,120}?"
_REACTED = rf"(?:{_NAME} )?@reacted@\s?[:：.。]?"
_RECALLS = rf"(?:{_NAME} )?@recalls@[ ,:：]*[\"“„«‚'「][^\n]{{0,300}}[\"”“»’'」][^\n]{{0,40}}"
_RECALL_SUBJECT = r"\s*@recall-subject@\s*[:：]"
_QUOTE = r"[-_=*]{5,}|>|\*?@head-author@\*?\s?[:：]|.{1,200} @quote-verb@.{0,80}:"
_PICTURE = re.compile(
    r"\[[^\[\]\n]{0,200}\]|<[^<>\n]{1,300}>|[^\w\s!-~\u00a0-\u00ff\u2010-\u203a\u3000-\u30ff\uff00-\uffef]"
)


def gesture(headers: Headers, root: Part, phrases: Phrases) -> str:
    """The reason for which it is nothing but such a gesture; empty when it may say something."""
    if any(part.content_type == _TYPE for part in root.leaves) or _named(headers):
        return REACTION
    first = _own_lines(root, phrases)
    if len(first) == 1 and phrases.pattern(_REACTED, re.IGNORECASE).fullmatch(first[0]):
        return REACTION
    recalls = len(first) == 1 and phrases.pattern(_RECALLS, re.IGNORECASE).fullmatch(first[0])
    begins = phrases.pattern(_RECALL_SUBJECT, re.IGNORECASE)
    return RECALL if recalls and begins.match(headers.text("Subject")) else ""


def _named(headers: Headers) -> bool:
    """Whether a field names the emoji; the same field otherwise only allows or forbids them."""
    said = headers.get("X-MS-Reactions").strip().lower()
    return bool(said) and not said.startswith(("allow", "disallow", "deny"))


def _own_lines(root: Part, phrases: Phrases) -> list[str]:
    """The lines of its first text above a quote, without pictures; two are enough to tell."""
    text = next((one for one in root.leaves if one.content_type in ("text/plain", "text/html")), None)
    if text is None or any(one.filename and one.disposition == "attachment" for one in root.leaves):
        return []
    said = text.beginning(_LOOKED_AT)[:_LOOKED_AT]
    lines = (html_text(said) if text.content_type == "text/html" else said).splitlines()
    found: list[str] = []
    quote = phrases.pattern(_QUOTE, re.IGNORECASE)
    for line in lines:
        bare = " ".join(_PICTURE.sub(" ", line).split())
        if quote.match(line.strip()) or announces(line.strip(), phrases) or len(found) > 1:
            break
        found += [bare] if bare else []
    return found
