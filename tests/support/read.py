"""What the reader of a letter reads when it leaves, or that it does not leave."""

from maild.config.letters import Letters
from maild.config.share import shipped
from maild.core.due import current
from maild.store import asof as loading
from maild.store.letters import Letter
from tests.ledger.playing import PlayedDesk

TEMPLATES = Letters([shipped("config") / "letters"])


def read(desk: PlayedDesk, letter: Letter) -> str:
    """The subject and the text in one line, as they would be at the desk's time; empty: it is not sent."""
    known = desk.database.call(loading.load, letter)
    said = letter.says, known, letter.reporter, desk.policy, desk.now
    if current.withdrawn(*said):
        return ""
    words = TEMPLATES.render(letter.kind, {"case_id": letter.case_id, **current.facts(*said)}, desk.policy)
    return " ".join(f"{words.subject}\n{words.text}".split())
