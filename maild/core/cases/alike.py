"""Which cases a new report may belong with: the same advisory, attachment, subject, names of a program.

Features are kept as keyed hashes only, of sealed and of plain mail alike; what they were stays in the mail.
That two cases share some is shown to people, and nothing follows from it by itself.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from maild.core.candidates.mail import MailCandidates
from maild.core.cases.remarks import bundled
from maild.core.change import AddFeatures, Change, OpenCase, SetFlag, Verdict
from maild.core.decision import Decision
from maild.core.event import MailArrived, MailOpened
from maild.core.mail.facts import Facts
from maild.core.mail.opened import Decryption, Opened
from maild.core.policy import Policy
from maild.core.screening.fold import fold, words
from maild.core.screening.seen import bare
from maild.core.screening.vocabulary import Vocabulary
from maild.core.values import ids
from maild.core.values.case import Flag

ADVISORY, ATTACHMENT, SUBJECT, NAME = "advisory", "attachment", "subject", "name"
NEEDED: Mapping[str, int] = {ADVISORY: 1, ATTACHMENT: 1, SUBJECT: 1, NAME: 2}
"""How many features of a kind two reports must share: one common file name says nothing yet."""

MAX_TEXT = 50_000
MAX_NAMES = 40
MIN_SUBJECT_WORDS = 4
MIN_ATTACHMENT = 32

_ADVISORY = re.compile(
    r"\bCVE-\d{4}-\d{4,9}\b|\bGHSA(?:-[0-9a-z]{4}){3}\b|\bRUSTSEC-\d{4}-\d{4}\b", re.IGNORECASE
)
_NAMES = re.compile(
    r"\b[A-Za-z_]\w{2,60}+(?:(?:::|\.|->)\w{1,60}+){0,4}\(\)|\b\w{2,60}+(?:::\w{1,60}+){1,5}"
    r"|\b\w[\w-]{1,60}+\.(?:c|cc|cpp|cxx|h|hpp|rs|py|js|mjs|ts|tsx|php|go|java|kt|rb|pl|pm|cs|swift|lua|sql|vue)\b"
    r"|\b[a-z][a-z0-9]{1,40}+(?:_[a-z0-9]{1,40}+){1,6}\b"
)
"""Possessive throughout: no repeat could give anything back that what follows it takes."""
_WRAPPING = ("application/pgp-", "application/pkcs7-", "application/x-pkcs7-")


@dataclass(frozen=True, slots=True)
class Feature:
    """Something two reports may share."""

    kind: str
    value: str = field(repr=False)


def features(facts: Facts, opened: Opened | None, vocabulary: Vocabulary) -> frozenset[Feature]:
    """What a mail may share with another; nothing of a mail that is not open."""
    if (
        opened is None
        or opened.decryption not in (Decryption.NONE, Decryption.OK)
        or (facts.sealed and opened.decryption is Decryption.NONE)
    ):
        return frozenset()
    text = f"{facts.subject}\n{facts.text[:MAX_TEXT]}"
    names = sorted({match[0].lower() for match in _NAMES.finditer(text)})[:MAX_NAMES]
    return frozenset(
        (
            *(Feature(ADVISORY, match[0].upper()) for match in _ADVISORY.finditer(text)),
            *(Feature(NAME, name) for name in names),
            *(Feature(ATTACHMENT, digest) for digest in _attachments(opened)),
            *(Feature(SUBJECT, subject) for subject in _subject(facts.subject, vocabulary)),
        )
    )


def _attachments(opened: Opened) -> Iterable[str]:
    """The digests of what is attached: not of keys and signatures, which come with every mail of somebody."""
    for part in opened.tree.root.leaves:
        if part.disposition == "attachment" and not part.content_type.startswith(_WRAPPING):
            content = part.content
            if len(content) >= MIN_ATTACHMENT and b"-----BEGIN PGP" not in content[:200]:
                yield hashlib.sha256(content).hexdigest()


def _subject(subject: str, vocabulary: Vocabulary) -> Iterable[str]:
    """The subject without prefixes, case and marks; "security issue" is nobody's own."""
    said = words(fold(bare(subject, vocabulary)))
    if len(said) >= MIN_SUBJECT_WORDS:
        yield " ".join(said)


def hashed(found: Iterable[Feature], secret: bytes) -> tuple[tuple[str, str], ...]:
    """Kind and keyed hash of each feature, as they are kept."""
    return tuple(sorted((f.kind, ids.digest(secret, "feature", f.kind, f.value).hex()) for f in found))


def remembered(
    decision: Decision, event: MailArrived | MailOpened, known: MailCandidates, policy: Policy
) -> Decision:
    """*decision* on an outsider's mail, its features kept and its case flagged where it is like another."""
    kept = decision.kept
    case_id = kept.case_id if kept else known.current.id if known.current else ""
    author = event.facts.author
    speaks = kept is None or kept.verdict in (Verdict.REPORT, Verdict.CORRESPONDENCE)
    if not case_id or not speaks or (author and policy.team.claimed_by(author.address)):
        return decision
    opens = any(isinstance(change, OpenCase) for change in decision.changes)
    added: list[Change] = []
    if known.features:
        added.append(AddFeatures(case_id, known.features))
    if known.alike and (opens or isinstance(event, MailOpened)):
        added.append(SetFlag(case_id, Flag.POSSIBLY_RELATED))
    if event.opened and bundled(event.facts):
        added.append(SetFlag(case_id, Flag.BUNDLE))
    return replace(decision, changes=(*decision.changes, *added)) if added else decision
