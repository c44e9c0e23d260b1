"""What people read of held mail: outer facts without live links, and the words for each."""

from typing import Any

from maild.core.cases.heldwords import REJECT, RELEASE, word
from maild.core.change import Verdict
from maild.core.letters.payloads import Held
from maild.core.mail.text import unlinked
from maild.core.screening.said import sentence
from maild.core.values.lookalike import told_apart
from maild.engine.parts import Parts
from maild.store import mails, views
from maild.store.letters import Letter


async def facts(says: Held, letter: Letter, parts: Parts) -> dict[str, Any]:
    """What the template of the list is filled with."""
    return {
        "rows": await rows(says, letter, parts),
        "day": says.day,
        "more": says.more,
        "kept": await kept(says, letter, parts),
        "kept_more": says.kept_more,
    }


async def rows(says: Held, letter: Letter, parts: Parts) -> list[dict[str, Any]]:
    """The mails that *letter* lists and that are still held, in its order, with how many are like each."""
    found = await parts.database.run(views.quarantine, says.mails)
    held = {row["mail"]: row for row in found if row["kind"] == Verdict.QUARANTINE}
    alike = dict(zip(says.mails, says.groups, strict=False))
    listed = (held[one] for one in says.mails if one in held)
    return [
        {
            **_row(row, letter, parts),
            "alike": len(alike.get(row["mail"], ())),
            "reasons": [sentence(one) for one in row["reasons"]],
        }
        for row in listed
    ]


async def kept(says: Held, letter: Letter, parts: Parts) -> list[dict[str, Any]]:
    """The mails that *letter* names as kept without a case, and that can still be released."""
    found = await parts.database.run(mails.of, says.kept)
    return [_row({**row, "mail": row["id"]}, letter, parts) for row in found if row["releasable"]]


def _row(row: dict[str, Any], letter: Letter, parts: Parts) -> dict[str, Any]:
    member, secret = parts.policy.team.claimed_by(letter.recipient), parts.policy.desk.secret
    words = {one: word(one, row["mail"], member, secret) if member else "" for one in (RELEASE, REJECT)}
    return {**row, "from": unlinked(told_apart(row["from"])), "subject": unlinked(row["subject"]), **words}
