"""Whether a mail holds a ciphertext that somebody else sent before: then it stays closed until asked for."""

import asyncio

from maild.core.cases import ownership
from maild.core.mail import ciphers
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import Tree
from maild.engine.parts import Parts
from maild.store import features


async def anothers(parts: Parts, tree: Tree, role: str) -> bool:
    """Whether what the mail *tree* holds encrypted was opened in a message of somebody else alone."""
    policy = parts.policy
    found = await asyncio.to_thread(ciphers.digests, tree, policy.phrases)
    if not found:
        return False
    facts = await asyncio.to_thread(read_facts, tree, policy, FolderRole(role))
    here, theirs = await asyncio.to_thread(ownership.named, found, facts, policy)
    return await parts.database.run(features.of_others, here, theirs)
