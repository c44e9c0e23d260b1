"""What people read of held mail: outer facts without live links, and the words for each."""

from typing import Any

from maild.core.cases.heldwords import REJECT, RELEASE, word
from maild.core.change import Verdict
from maild.core.letters.payloads import Held
from maild.core.mail.text import unlinked
from maild.engine.parts import Parts
from maild.store import views
from maild.store.letters import Letter


async def rows(says: Held, letter: Letter, parts: Parts) -> list[dict[str, Any]]:
    """The mails that *letter* lists and that are still held."""
    wanted = set(says.mails)
    found = await parts.database.run(views.quarantine)
    held = (row for row in found if row["mail"] in wanted and row["kind"] == Verdict.QUARANTINE)
    return [_row(row, letter, parts) for row in held]


def _row(row: dict[str, Any], letter: Letter, parts: Parts) -> dict[str, Any]:
    member, secret = parts.policy.team.claimed_by(letter.recipient), parts.policy.desk.secret
    words = {one: word(one, row["mail"], member, secret) if member else "" for one in (RELEASE, REJECT)}
    return {**row, "from": unlinked(row["from"]), "subject": unlinked(row["subject"]), **words}
