"""Whether a mail holds a ciphertext that somebody else sent before: then it stays closed until asked for."""

from collections.abc import Sequence

from maild.core.cases import ownership
from maild.core.mail import ciphers
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import Tree
from maild.engine.offloop import ask
from maild.engine.parts import Parts
from maild.store import features


async def anothers(parts: Parts, tree: Tree, role: str, found: Sequence[str] | None = None) -> bool:
    """Whether what the mail *tree* holds encrypted was opened in a message of somebody else alone; steps.

    *found* are the digests of its ciphertexts, where they are at hand.
    """
    policy, run = parts.policy, parts.database.run
    found = ciphers.digests(tree, policy.phrases) if found is None else found
    here = ownership.here(found, policy)
    if not found or not await ask(run(features.any_known, here)):
        return False  # hardly ever is it read for its author
    facts = read_facts(tree, policy, FolderRole(role))
    return await ask(run(features.of_others, here, ownership.theirs(found, facts, policy)))
