"""How programs begin the subject of an automatic answer, in every language (``config/phrases``)."""
# ruff: noqa: RUF001 - colons of many programs

import re

from maild.core.values.phrases import Phrases

_AWAY = (
    r"\s*(?:[\[(【*<]{1,2}\s*@away@\s*[\])】*>]|@away@(?:\s*@away-until@\b[^:：]{0,25})?\s*(?:[:：]|$)"
    r"|@away@\s{1,3}(?:re|aw|sv|vs|antw|odp|res)\s?[:：]"
    r"|@away-word@\s*(?:$|[:：]?\s*(?:\[|(?:re|aw|sv|vs|antw|odp|res)\s?[:：])))"
)
"""What programs put before the subject they answer; a colon follows at once, as people do not write it."""

_BEGINS = r"\s*\[?(?:@away@|@away-word@)(?!\w)"


def away(subject: str, phrases: Phrases) -> bool:
    """Whether *subject* begins as that of an automatic answer; a person may have written it all the same."""
    return bool(phrases.pattern(_AWAY, re.IGNORECASE).match(subject))


def begins_away(subject: str, phrases: Phrases) -> bool:
    """Whether *subject* begins with such words at all: enough where it is known that a program wrote."""
    return bool(phrases.pattern(_BEGINS, re.IGNORECASE).match(subject))
