"""A message that says thank you and nothing else: it reopens nothing (ruling 12)."""

import re
from collections.abc import Iterable

from maild.core.words.substance import substance

MOST_WORDS = 20
"""Words above which a message says more than thank you."""
_WORDS_OF_THANKS = """
thanks thank thx ty cheers merci danke dank vielen gracias grazie obrigado obrigada bedankt tack
takk tak kiitos dziękuję děkuji спасибо дякую ありがとう ありがとうございます 谢谢 謝謝
"""
_WORDS_BESIDE = """
a again all also am many and appreciate appreciated awesome best closing confirming everyone everybody
excellent fast fine fix fixing folks for from getting glad good great guys handling have happy help
hey hi hello i is it job kind kindly letting lot lots looks me much my nice of ok okay once perfect
prompt quick quickly really received reply replying response team the these this to update updates
very was welcome well wonderful work working you your got know so schön sehr euch ihnen für die das
schnelle hilfe antwort beaucoup pour votre réponse muchas por su la el respuesta mille molte muito
pela resposta
"""
_THANKS, _BESIDE = frozenset(_WORDS_OF_THANKS.split()), frozenset(_WORDS_BESIDE.split())


def only_thanks(text: str, names: Iterable[str] = ()) -> bool:
    """Whether *text*, its author's own, thanks and says no more; *names* may be thanked by name."""
    if "?" in text:
        return False
    if _is(text, names):
        return True
    return _is(substance(text, names), names)


def _is(text: str, names: Iterable[str]) -> bool:
    words = re.findall(r"[^\W\d_]+", text.lower()[:2000])
    known = {word for name in names for word in re.findall(r"[^\W\d_]+", name.lower())}
    thanked = any(word in _THANKS for word in words)
    few = 0 < len(words) <= MOST_WORDS and not re.search(r"\d", text[:2000])
    return thanked and few and all(word in _THANKS | _BESIDE | known for word in words)
