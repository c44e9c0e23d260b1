"""Whether the world moved on while a letter to a reporter waited to leave (ruling 40).

Nobody can let such a letter go: what is wrong with it is not that somebody has to look at it.
"""

from maild.core.facts.table import EMBARGO
from maild.core.letters import kinds
from maild.core.letters.kinds import Words
from maild.core.letters.payloads import Payload, Sent
from maild.core.values.case import Case

CLEAR, DATED = "clear", "dated"
"""The faults as templates call them: it is not encrypted and its case is; the date in it has changed."""
_OF_A_DATE = frozenset({"embargo", "embargo-moved"})
"""The drafts that tell a reporter when it is announced."""


def overtaken(kind: str, says: Payload, sealed: bool, case: Case) -> str:
    """Why a letter of *kind*, *sealed* or not, would not be written so in *case* now; empty when it would."""
    if kinds.row(kind).words is Words.MEMBER and case.sealed and not sealed:
        return CLEAR
    if isinstance(says, Sent) and says.about in _OF_A_DATE and says.embargo != case.record.value(EMBARGO):
        return DATED
    return ""
