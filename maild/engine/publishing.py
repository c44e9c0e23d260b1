"""Letters with a text for outsiders: to the members who approve it, to lists ahead, to the public."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace

from maild.config.letters import Letters
from maild.core.disclosure import files
from maild.core.disclosure.outward import IN_MAIL, Outward, goes_at, outward, terms
from maild.core.facts.record import Disclosure
from maild.core.facts.table import PREPARED_FRAME, PREPARED_TEXT
from maild.core.letters.payloads import Prepared
from maild.core.mail.answer import answer
from maild.core.mail.body import readable, spoken
from maild.core.mail.letter import Head, attachment, mixed, text_content
from maild.core.mail.mime import Part, parse
from maild.core.mail.opened import Decryption
from maild.core.policy import Policy
from maild.core.words import reading
from maild.engine import carrying, relaying
from maild.engine.carrying import Carried
from maild.engine.parts import Parts
from maild.errors import PermanentError
from maild.gateways.openpgp import OpenPGP
from maild.store import facts
from maild.store.letters import Letter

SEALED = "-----BEGIN PGP MESSAGE-----"


class Outdated(PermanentError):  # noqa: N818 - what happened, in an except clause
    """The text is not the one that the letter was owed for: another was prepared, or its readers changed."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text for outsiders comes from: what was written, and the files that go along."""

    text: str = field(repr=False)
    files: tuple[Part, ...] = field(default=(), repr=False)


async def approved(
    says: Prepared, letter: Letter, parts: Parts, pgp: OpenPGP | None
) -> tuple[Outward, tuple[Part, ...]]:
    """The text of *letter* and the files that go along; ``Outdated`` when its digest names another one."""
    item = says.item
    record = await parts.database.run(facts.of_case, letter.case_id)
    rests = record.value(PREPARED_TEXT, item)
    frame, with_terms = record.value(PREPARED_FRAME, item), terms(record, item)
    for source in await _sources(says, letter, rests, parts, pgp):
        targets, named = parts.policy.targets, files.lines(source.files)
        made = outward(letter.case_id, item, source.text, frame, targets, with_terms, named)
        if made is not None and made.digest == says.digest:
            return made, source.files if made.files else ()
    raise Outdated("it is not the text that was approved, or its readers changed")


async def _sources(
    says: Prepared, letter: Letter, rests: str, parts: Parts, pgp: OpenPGP | None
) -> list[Source]:
    """What may be the text: only the one that the digest names is sent."""
    if rests.startswith(IN_MAIL):
        return await _below(_mail(says), letter, parts, pgp)
    return [Source(await handed_in(rests, parts, pgp))]


async def _below(number: int, letter: Letter, parts: Parts, pgp: OpenPGP | None) -> list[Source]:
    """What a member wrote below their command: as it is read now, and as older versions read it.

    Those sent no files along.
    """
    mail = await carrying.carried(number, letter, parts, pgp)
    shown = await relaying.text_shown(mail, number, letter, parts, pgp)
    return await asyncio.to_thread(_read_below, mail, shown, parts.policy)


def _read_below(mail: Carried, shown: str, policy: Policy) -> list[Source]:
    """In a thread, as it takes as long as the mail is long."""
    root, author = mail.opened.tree.root, mail.facts.author
    desk, phrases = policy.desk, policy.phrases
    member = policy.team.claimed_by(author.address) if author else None
    names = (
        *((member.name, *member.addresses) if member else ()),
        *((author.name, author.address) if author else ()),
    )
    texts = [reading.text_below(spoken(root), desk, phrases, some, names) for some in (shown, "")]
    texts.append(reading.text_below(readable(root), desk, phrases))
    attached = files.along(answer(root, phrases, unpacked=mail.opened.unpacked).attached)
    with_files = [Source(text, attached) for text in texts] if attached else []
    return [*with_files, *(Source(text) for text in texts)]


async def handed_in(rests: str, parts: Parts, pgp: OpenPGP | None) -> str:
    """What was handed in on the command line, opened where it rests encrypted."""
    if not rests.startswith(SEALED):
        return rests
    if pgp is None:
        raise PermanentError("its text is encrypted to a key that is no longer configured")
    opened = await pgp.decrypt(rests.encode(), parts.now())
    if opened.decryption is not Decryption.OK:
        raise PermanentError("its text cannot be decrypted with the desk's key")
    return opened.plaintext.decode()


def _mail(says: Prepared) -> int:
    """The mail that holds the text."""
    if says.envelope is None:
        raise Outdated("its text rests elsewhere by now")
    return says.envelope


async def prepared_letter(
    says: Prepared, letter: Letter, head: Head, templates: Letters, parts: Parts, pgp: OpenPGP | None
) -> tuple[Head, bytes]:
    """A member's letter: what to do, each exact text, and the same as a file whose digest is approved."""
    shown = await _standing(says, letter, parts, pgp)
    record = await parts.database.run(facts.of_case, letter.case_id)
    texts = [_row(made, record, parts) for made, _ in shown]
    known = {"case_id": letter.case_id, **texts[0], "texts": texts}
    intro = templates.render(letter.kind, known, parts.policy)
    return replace(head, subject=intro.subject), await asyncio.to_thread(
        _to_approve, intro.text, shown, letter.reference
    )


def _row(made: Outward, record: Disclosure, parts: Parts) -> dict[str, object]:
    """What the letter says of a text: where and when it goes, and the digest that is approved."""
    at = goes_at(record, made.item, parts.policy.targets, parts.now())
    when = at.isoformat() if at else ""
    return {"item": made.item, "to": list(made.to), "digest": made.digest, "when": when}


def _to_approve(intro: str, shown: list[tuple[Outward, tuple[Part, ...]]], reference: str) -> bytes:
    text = "".join([intro, *(f"\n{'-' * 60}\n{made.exact}" for made, _ in shown)])
    files = [file for made, along in shown for file in (_file(made), *along)]
    return mixed(text_content(text), [attachment(one) for one in files], reference)


async def _standing(
    says: Prepared, letter: Letter, parts: Parts, pgp: OpenPGP | None
) -> list[tuple[Outward, tuple[Part, ...]]]:
    """The texts of the letter that are still those to approve; ``Outdated`` when none is."""
    found = []
    for one in says.each:
        with suppress(Outdated):
            found.append(await approved(one, letter, parts, pgp))
    if not found:
        raise Outdated("other texts were prepared, or their readers changed")
    return found


def _file(made: Outward) -> Part:
    """The exact text as a file."""
    kind = f'text/plain; charset="utf-8"\r\nContent-Disposition: attachment; filename="{made.item}.txt"'
    return parse(f"Content-Type: {kind}\r\n\r\n{made.exact}".encode()).root


async def outward_letter(
    says: Prepared, letter: Letter, head: Head, parts: Parts, pgp: OpenPGP | None
) -> tuple[Head, bytes]:
    """A letter to a list or to the public: the approved text, the files in its digest, and nothing else."""
    made, along = await approved(says, letter, parts, pgp)
    return replace(head, subject=made.subject), await asyncio.to_thread(
        _approved, made, along, letter.reference
    )


def _approved(made: Outward, along: tuple[Part, ...], reference: str) -> bytes:
    return mixed(text_content(made.text), [attachment(one) for one in along], reference)
