"""What is told of the messages of one sender that were not copied to the team one by one."""

from datetime import datetime
from typing import Any

from maild.core.letters.payloads import Notice
from maild.engine.parts import Parts
from maild.store import bundles
from maild.store.letters import Letter


async def facts(says: Notice, letter: Letter, parts: Parts) -> dict[str, Any]:
    """How many there are, counted when the letter is composed."""
    since = datetime.fromisoformat(str(says.details["since"]))
    who = str(says.details["who"])
    count = await parts.database.run(
        bundles.uncopied, letter.case_id, who, parts.policy.desk.secret, since, parts.now()
    )
    return {**letter.facts, "count": count, "until": parts.now().isoformat()}
