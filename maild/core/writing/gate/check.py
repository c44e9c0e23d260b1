"""Whether a letter may leave: what may not be in it is known by what it is, not by a marker (ruling 40)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from maild.core.mail.authorship import unsigned
from maild.core.mail.copy import FENCE, FENCE_ENDS
from maild.core.values.ids import TOKEN_LENGTH
from maild.core.words.reading import disguised
from maild.core.writing.gate import runs
from maild.core.writing.gate.reading import Seen, normal, words

MOST_LIKE_TOKENS = 10_000
"""So many pieces of a letter may have the shape of a token before every token of the desk is read instead."""
_TOKENS = re.compile(rf"[a-z2-7]{{{TOKEN_LENGTH},}}")
_BLANK = re.compile(r"[\s>|]+")
"""What may stand where a line was broken, and quoted."""
_LONGEST, _MOST_PIECES = 320, 6
"""Characters of an address that are looked at (RFC 5321 §4.5.3.1), and pieces on each side of the at sign."""
_AT = frozenset("@\uff20\ufe6b")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w.-]++")
_LABEL = re.compile(r"^[ \t>|*_`#•-]*+(case|from|came|to|cc|next|reply|team)[*_` \t]*+:", re.MULTILINE)
_TELLING = frozenset({"came", "next", "reply", "team"})
"""Labels of the block that no other head of a mail has."""
_IN_LINE = re.compile(r"\b(came|next|reply|team)[*_` \t]*+:")
"""The same wherever they stand: whoever types a reason has one line for all of it."""
_NEAR = 400
"""Characters within which labels are one block."""
_COLUMN = re.compile(r"\s{2,}|\t")
_COLUMNS = 3
"""Columns from which on a row is one of a listing."""
_PHRASES = tuple(tuple(words(one)) for one in (FENCE, *FENCE_ENDS))


@dataclass(frozen=True, slots=True)
class Known:
    """What the gate knows of a case, for one reader of it.

    ``tokens``: everybody's but the reader's own. ``internal``: texts that stayed within the team;
    ``told``: what maild told it, in the blocks of its copies and in letters; ``others``: what other people
    wrote, and what was said in other cases; ``shared``: texts of mail from or to this reader; ``given``: what
    the team gave as a reason for them, which may be what it said before; ``own``: the addresses of the
    letter's author, who may sign a patch with one; ``people``: reporters whose addresses
    stand in the letter, other than its reader; ``prefix``: with what the desk's case numbers begin.
    """

    tokens: frozenset[str] = field(default=frozenset(), repr=False)
    private: frozenset[str] = field(default=frozenset(), repr=False)
    internal: tuple[str, ...] = field(default=(), repr=False)
    told: tuple[str, ...] = field(default=(), repr=False)
    shared: tuple[str, ...] = field(default=(), repr=False)
    others: tuple[str, ...] = field(default=(), repr=False)
    given: tuple[str, ...] = field(default=(), repr=False)
    own: frozenset[str] = field(default=frozenset(), repr=False)
    people: frozenset[str] = field(default=frozenset(), repr=False)
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a letter may not leave, and the line that shows it; ``name`` is what templates call it."""

    name: str
    line: str = field(default="", repr=False)


def fault(seen: Seen, known: Known, written: str = "") -> Fault | None:
    """What keeps a letter back of which *seen* was seen; *written*: the text that a member wrote into it."""
    found = next(_certain(seen, known), None)
    if found:
        return found
    if line := disguised(written):
        return Fault("command", line)
    if line := next(_listed(seen.texts, known.prefix), ""):
        return Fault("listing", line)
    if seen.private:
        return Fault("personal", seen.private[0])
    return Fault("unread", seen.unread[0]) if seen.unread else None


def fault_for_guest(seen: Seen, known: Known) -> Fault | None:
    """What keeps a copy for a guest back, who reads what the team writes in this case and in no other."""
    if any(True for text in seen.texts for _ in _token(normal(text), known.tokens)):
        return Fault("token")
    if named := next(_reporters(seen.texts, known), None):
        return named
    found = runs.internal(seen.texts, known.internal, known.shared)
    return next((Fault("internal", one) for one in found), None)


def _certain(seen: Seen, known: Known) -> Iterator[Fault]:
    """What is internal beyond doubt, the gravest first."""
    plain = [normal(text) for text in unsigned(seen.texts, known.own)]
    for text, shown in zip(plain, seen.texts, strict=True):
        if any(_token(text, known.tokens)):
            yield Fault("token")
        if one := next((address for address in known.private if address in text), ""):
            yield Fault("address", one)
        if _block(text):
            yield Fault("block")
        if line := _phrase(shown):
            yield Fault("block", line)
    given = (*known.shared, *known.given)
    yield from (Fault("internal", one) for one in runs.internal(seen.texts, known.internal, given))
    apart = (*known.told, *known.others)
    yield from (Fault("internal", one) for one in runs.internal(seen.texts, apart, known.shared))
    yield from _reporters(seen.texts, known)


def addresses(texts: Iterable[str]) -> frozenset[str]:
    """The addresses that stand in *texts*, in any letters."""
    plain = (normal(text) for text in texts if not _AT.isdisjoint(text))
    found = (one.strip("._-") for text in plain for one in _ADDRESS.findall(text))
    return frozenset(piece for one in found for piece in _pieces(one))


def _pieces(address: str) -> Iterator[str]:
    """The *address*, and what stands within a name of a file such as ``for-rita@reporter.example.txt``."""
    local, _, domain = address[:_LONGEST].partition("@")
    begins = [0, *(at + 1 for at, one in enumerate(local) if one in "-_")]
    ends = [at for at, one in enumerate(domain) if one == "."][1:]
    for at in begins[:_MOST_PIECES]:
        yield from (f"{local[at:]}@{domain[:end]}" for end in (*ends[:_MOST_PIECES], len(domain)))


def _reporters(texts: Iterable[str], known: Known) -> Iterator[Fault]:
    """Other reporters who are named by their address, unless the reader has told it, or was told."""
    if known.people and (named := addresses(texts) & known.people):
        yield from (Fault("reporter", one) for one in sorted(named - addresses(known.shared)))


def like_tokens(texts: Iterable[str], own: Iterable[str] = ()) -> frozenset[str]:
    """What in *texts* has the shape of a token, read as ``fault`` reads them for who has the *own* addresses.

    Where there are more than ``MOST_LIKE_TOKENS``, one more than that.
    """
    found: set[str] = set()
    for one in (one for text in unsigned(texts, own) for one in _shaped(normal(text))):
        found.add(one)
        if len(found) > MOST_LIKE_TOKENS:
            break
    return frozenset(found)


def _token(text: str, tokens: frozenset[str]) -> Iterator[str]:
    """The *tokens* in *text*."""
    return (one for one in _shaped(text) if one in tokens) if tokens else iter(())


def _shaped(text: str) -> Iterator[str]:
    """What in *text* has the shape of a token, wherever lines were broken."""
    for run in _TOKENS.findall(_BLANK.sub("", text)):
        yield from (run[at : at + TOKEN_LENGTH] for at in range(len(run) - TOKEN_LENGTH + 1))


def _listed(texts: Iterable[str], prefix: str) -> Iterator[str]:
    """Rows with a case number as commands print them for an operator, in columns; a subject is none."""
    number = re.compile(rf"\b{re.escape(prefix)}-[0-9A-Z]{{6}}\b")
    for text in texts if prefix else ():
        lines = [] if text.startswith("Subject:") or f"{prefix}-" not in text else text.splitlines()
        rows = (line.strip() for line in lines if number.search(line))
        yield from (row for row in rows if len(_COLUMN.split(row)) >= _COLUMNS)


def _block(text: str) -> bool:
    """Whether labels of the block stand together, whatever became of its fence."""
    lines = any(len(names & _TELLING) >= 2 for names in _together(_LABEL, text))
    return lines or any({"came", "reply"} <= names for names in _together(_IN_LINE, text))


def _together(labels: re.Pattern[str], text: str) -> Iterator[frozenset[str]]:
    """The *labels* that stand near each other, where there are three."""
    near: list[tuple[int, str]] = []
    for match in labels.finditer(text):
        near = [one for one in near if match.start() - one[0] < _NEAR]
        near.append((match.start(), match[1]))
        names = frozenset(label for _, label in near)
        if len(names) >= 3:
            yield names


def _phrase(text: str) -> str:
    """The words of the block's fence that stand in *text*."""
    found = f" {' '.join(words(text))} "
    return next((" ".join(one) for one in _PHRASES if f" {' '.join(one)} " in found), "")
