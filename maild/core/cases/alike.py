"""Which cases a new report may belong with: the same advisory, attachment, subject, names of a program.

Features are kept as keyed hashes only, of sealed and of plain mail alike; what they were stays in the mail.
That two cases share some is shown to people, and nothing follows from it by itself. What many cases of the
desk share, and what reports everywhere cite, says nothing.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from maild.core.candidates.mail import Alike, MailCandidates
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

ADVISORY, ATTACHMENT, CRASH, SUBJECT = "advisory", "attachment", "crash", "subject"
NAME, FILE = "name", "file"
NAMED = frozenset({NAME, FILE})
RARE_NAMES, RARE_FILES = 2, 3
"""How many rare names two reports must share, and how many if all are files'; of all else one."""
OF_A_FILE = 0.5
"""What the name of a file weighs, beside that of a function: it says where, and a whole project is there."""
MOST_SHARING = 8
"""Cases that share a name up to which it is a rare one."""
MOST_ALIKE = 2
"""Cases that are shown."""

MAX_TEXT = 50_000
MAX_NAMES = 40
MAX_ADVISORIES = 20
MAX_FRAMES = 60
TOP_FRAMES = 3
MIN_SUBJECT_WORDS, MIN_OWN_WORDS, MIN_OWN_WORD = 4, 2, 4
"""Words of a subject; how many of them say what it is about, and how many letters such a word has."""
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
_FILE = re.compile(r"\w\.\w{1,5}\Z")
_FRAME = re.compile(
    r"^[ \t>]{0,8}#\d{1,3}[ \t]{1,4}(?:0x[0-9a-f]{1,16}[ \t]{1,4}in[ \t]{1,4})?([A-Za-z_][\w:~]{1,80}+)",
    re.MULTILINE,
)
"""A line of a backtrace, as sanitizers and gdb write it."""
_WRAPPING = ("application/pgp-", "application/pkcs7-", "application/x-pkcs7-")


@dataclass(frozen=True, slots=True)
class Feature:
    """Something two reports may share."""

    kind: str
    value: str = field(repr=False)


def features(
    facts: Facts, opened: Opened | None, vocabulary: Vocabulary, common: frozenset[str] = frozenset()
) -> frozenset[Feature]:
    """What a mail may share with another, but for names in *common*; nothing of a mail that is not open."""
    if (
        opened is None
        or opened.decryption not in (Decryption.NONE, Decryption.OK)
        or (facts.sealed and opened.decryption is Decryption.NONE)
    ):
        return frozenset()
    text = f"{facts.subject}\n{facts.text[:MAX_TEXT]}"
    named = {match[0].lower().removesuffix("()") for match in _NAMES.finditer(text)}
    names = sorted(named - common)[:MAX_NAMES]
    advisories = sorted({match[0].upper() for match in _ADVISORY.finditer(text)})[:MAX_ADVISORIES]
    return frozenset(
        (
            *(Feature(ADVISORY, advisory) for advisory in advisories),
            *(Feature(FILE if _FILE.search(name) else NAME, name) for name in names),
            *(Feature(ATTACHMENT, digest) for digest in _attachments(opened)),
            *(Feature(CRASH, frames) for frames in _crash(text, common)),
            *(Feature(SUBJECT, subject) for subject in _subject(facts.subject, vocabulary, common)),
        )
    )


def _crash(text: str, common: frozenset[str]) -> Iterable[str]:
    """The top of the first backtrace: where the program's own functions were when it crashed."""
    frames = [match[1].lower() for match in islice(_FRAME.finditer(text), MAX_FRAMES)]
    own = [one for one in frames if not one.startswith("__") and one not in common][:TOP_FRAMES]
    if len(own) > 1:
        yield " ".join(own)


def _attachments(opened: Opened) -> Iterable[str]:
    """The digests of what is attached: not of keys and signatures, which come with every mail of somebody."""
    for part in opened.tree.root.leaves:
        if part.disposition == "attachment" and not part.content_type.startswith(_WRAPPING):
            content = part.content
            if len(content) >= MIN_ATTACHMENT and b"-----BEGIN PGP" not in content[:200]:
                yield hashlib.sha256(content).hexdigest()


def _subject(subject: str, vocabulary: Vocabulary, common: frozenset[str]) -> Iterable[str]:
    """The subject without prefixes, case and marks; "multiple memory safety issues" is nobody's own."""
    said = words(fold(bare(subject, vocabulary)))
    own = {word for word in said if len(word) >= MIN_OWN_WORD and word not in common}
    if len(said) >= MIN_SUBJECT_WORDS and len(own) >= MIN_OWN_WORDS:
        yield " ".join(said)


def hashed(found: Iterable[Feature], secret: bytes) -> tuple[tuple[str, str], ...]:
    """Kind and keyed hash of each feature, as they are kept."""
    return tuple(sorted((f.kind, _digest(f, secret)) for f in found))


def _digest(feature: Feature, secret: bytes) -> str:
    return ids.digest(secret, "feature", feature.kind, feature.value).hex()


def strongest(sharing: Mapping[tuple[str, str], Iterable[str]]) -> tuple[Alike, ...]:
    """The cases that share most, the strongest first; *sharing*: the cases, by kind and hash of a feature.

    A name counts the less, the more cases have it; one that more than ``MOST_SHARING`` have says nothing.
    """
    shared: dict[str, dict[tuple[str, str], float]] = {}
    for feature, cases in sharing.items():
        distinct = list(dict.fromkeys(cases))
        if feature[0] not in NAMED or len(distinct) <= MOST_SHARING:
            for case in distinct:
                shared.setdefault(case, {})[feature] = 1 / len(distinct)
    found = [(_strength(features), case) for case, features in shared.items()]
    best = sorted((one for one in found if any(one[0])), key=lambda one: one[0], reverse=True)[:MOST_ALIKE]
    return tuple(_alike(case, shared[case]) for _, case in best)


def _strength(features: Mapping[tuple[str, str], float]) -> tuple[int, float]:
    """How many strong ones there are, and what the names weigh; nothing where these are too few."""
    weighs = {NAME: 1.0, FILE: OF_A_FILE}
    names = [weighs[kind] * weight for (kind, _), weight in features.items() if kind in NAMED]
    return len(features) - len(names), sum(names) if _enough(features) else 0.0


def _enough(features: Iterable[tuple[str, str]]) -> bool:
    """Whether the names among *features* are enough of them."""
    kinds = [kind for kind, _ in features if kind in NAMED]
    return len(kinds) >= (RARE_NAMES if NAME in kinds else RARE_FILES)


def _alike(case: str, features: Mapping[tuple[str, str], float]) -> Alike:
    said = [one for one in features if one[0] not in NAMED or _enough(features)]
    kinds = tuple(sorted({kind for kind, _ in said}))
    return Alike(case, kinds, tuple(digest for _, digest in sorted(said)))


def words_of(one: Alike, found: Iterable[Feature], secret: bytes) -> tuple[str, ...]:
    """What the mail with the features *found* shares with a case, by name: advisories and names only."""
    named = sorted(
        (f.kind, f.value) for f in found if f.kind in (ADVISORY, *NAMED) and _digest(f, secret) in one.shared
    )
    return tuple(value for _, value in named)


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
    if event.opened and bundled(event.facts, policy.phrases):
        added.append(SetFlag(case_id, Flag.BUNDLE))
    return replace(decision, changes=(*decision.changes, *added)) if added else decision
