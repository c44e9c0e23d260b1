"""Messages that a program writes for a gesture: an emoji put on a message, the wish to have one back.

Gmail marks its reactions by a part of their own; Outlook sends a page that says so and quotes the message
(nextcloud/mail#10961, Discourse). A recall is a text under "Recall:" (mysociety/alaveteli#6884). Nobody has
written a word in either.
"""
# ruff: noqa: RUF001 - words of many languages

import re

from maild.core.mail.armor import html_text
from maild.core.mail.headers import Headers
from maild.core.mail.mime import Part

REACTION, RECALL = "reaction to a message", "asks to recall a message"
GESTURES = frozenset({REACTION, RECALL})
_TYPE = "text/vnd.google.email-reaction+json"
_LOOKED_AT = 20_000
_NAME = r"[^\n]{1,120}?"
_REACTED = re.compile(
    rf"(?:{_NAME} )?(?:reacted to your message|reacted via gmail|removed their reaction"
    r"|hat auf ihre nachricht reagiert"
    r"|hat über gmail reagiert|a réagi à votre message|a réagi via gmail|ha reaccionado a tu mensaje"
    r"|reaccionó a (?:tu|su) mensaje|ha reagito al tuo messaggio|reagiu à (?:sua|tua) mensagem"
    r"|heeft gereageerd op (?:je|uw) bericht|reagerade på ditt meddelande|отреагировал[аи]? на ваше сообщение"
    r"|zareagowała? na twoją wiadomość"
    r"|がメッセージにリアクションしました|对你的邮件做出了回应)\s?[:：.。]?",
    re.IGNORECASE,
)
_RECALLS = re.compile(
    rf"(?:{_NAME} )?(?:would like to recall the message|möchte die nachricht|souhaite rappeler le message"
    r"|desea recuperar el mensaje|(?:vuole|desidera) richiamare il messaggio|gostaria de cancelar a mensagem"
    r"|wil het bericht|vill återkalla meddelandet|хочет отозвать сообщение|chce odwołać wiadomość"
    r"|はメッセージ)[ ,:：]*[\"“„«‚'「][^\n]{0,300}[\"”“»’'」][^\n]{0,40}",
    re.IGNORECASE,
)
_RECALL_SUBJECT = re.compile(
    r"\s*(?:recall|message recall|rückruf|rappel|recuperar|recuperación|richiamo|richiama|intrekken|återkalla"
    r"|отзыв|odwołanie|リコール)\s*[:：]",
    re.IGNORECASE,
)
_QUOTE = re.compile(
    r"[-_=*]{5,}|>|\*?(?:from|von|de|da|van|från|от|od|差出人|发件人)\*?\s?[:：]|on .{1,200} wrote:"
    r"|.{1,200} (?:schrieb|a écrit|escribió|ha scritto|schreef).{0,80}:",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"\[[^\[\]\n]{0,200}\]|<[^<>\n]{1,300}>|[^\w\s!-~\u00a0-\u00ff\u2010-\u203a\u3000-\u30ff\uff00-\uffef]"
)


def gesture(headers: Headers, root: Part) -> str:
    """The reason for which it is nothing but such a gesture; empty when it may say something."""
    if any(part.content_type == _TYPE for part in root.leaves) or _named(headers):
        return REACTION
    first = _own_lines(root)
    if len(first) == 1 and _REACTED.fullmatch(first[0]):
        return REACTION
    recalls = len(first) == 1 and _RECALLS.fullmatch(first[0])
    return RECALL if recalls and _RECALL_SUBJECT.match(headers.text("Subject")) else ""


def _named(headers: Headers) -> bool:
    """Whether a field names the emoji; the same field otherwise only allows or forbids them."""
    said = headers.get("X-MS-Reactions").strip().lower()
    return bool(said) and not said.startswith(("allow", "disallow", "deny"))


def _own_lines(root: Part) -> list[str]:
    """The lines of its first text above a quote, without pictures; two are enough to tell."""
    text = next((one for one in root.leaves if one.content_type in ("text/plain", "text/html")), None)
    if text is None or any(one.filename and one.disposition == "attachment" for one in root.leaves):
        return []
    said = text.beginning(_LOOKED_AT)[:_LOOKED_AT]
    lines = (html_text(said) if text.content_type == "text/html" else said).splitlines()
    found: list[str] = []
    for line in lines:
        bare = " ".join(_PICTURE.sub(" ", line).split())
        if _QUOTE.match(line.strip()) or len(found) > 1:
            break
        found += [bare] if bare else []
    return found
