"""Whether a member's signed answer goes to those whom it was signed for (rulings 14 and 16).

To whom an answer goes is told by References and the address, which most clients do not sign: whoever holds a
message up could send it on with others. The copy that it quotes says who was to read an answer to it.
"""

import re

from maild.core.cases import vouched
from maild.core.cases.authority import Proved
from maild.core.cases.incoming import Incoming
from maild.core.values.case import Case

_GOES = "reply: goes to the "
_TO_TEAM = _GOES + "team only"
_QUOTED = re.compile(r"^[ \t]*[>|]|^\W*\w{1,20}[*_]*:|:[*_ \t]*$")
"""A line of what is quoted, of its head, or that says who wrote it; not what its author says of somebody."""
_ID = re.compile(r"<[^<>\s]{1,250}>")


def signed_for(mail: Incoming, case: Case, people: set[str]) -> bool:
    """Whether nothing signed speaks against *people* as readers, and of several reporters something for them.

    Where our exchanger vouches for its author, the outer fields are theirs too.
    """
    if mail.author.proved is not Proved.SIGNATURE or vouched.holds(mail):
        return True
    text = mail.facts.text.lower()
    said = next((line for line in map(_bare, text.splitlines()) if line.startswith(_GOES)), "")
    if said.startswith(_TO_TEAM):
        return False
    if quoted := {one for one in case.reporters if one in said}:
        return quoted == people
    if len(case.reporters) == 1:
        return True
    told = "\n".join(line for line in text.splitlines() if _QUOTED.search(line))
    return {one for one in case.reporters if one in told} == people or _signed_thread(mail)


def _bare(line: str) -> str:
    return " ".join(line.lstrip("> |\t*_").split())


def _signed_thread(mail: Incoming) -> bool:
    """Whether the message that it answers is named in the signed part too."""
    opened, outer = mail.event.opened, mail.facts.headers.get("In-Reply-To")
    inner = set(_ID.findall(opened.protected.get("in-reply-to", ""))) if opened else set()
    return bool(inner) and set(_ID.findall(outer)) == inner
