"""Runs of internal words in a letter: as words, as bare letters, and where each line has something around it.

People paste from terminals, chats and logs. Blanks move, lines break within words, and names or times stand
before each line. Words turned round on purpose are looked for as far as that costs nothing.
"""

from collections.abc import Iterable, Iterator

from maild.core.writing.gate.reading import words

RUN = 8
"""Words in a row that no two people write by chance."""
SHORTEST = 16
"""Letters of such words: a greeting in Chinese has fewer."""
APART = 12
"""Such words, where others stand between them."""
MOST_WORDS = 200_000
"""Words of internal mail that are compared."""
MOST_LETTERS = 4_000_000
"""Letters of a letter that are looked at one by one."""
_START = 20
"""Letters by which the beginning of a run is found; a run of shorter words is found as words only."""
_OFTEN = 3
"""Lines alike from which on they are the frame of a chat, with who wrote when."""
_AROUND = ((1, 0), (2, 0), (3, 0), (0, 1), (0, 2))
"""How many words before and behind each line may be a name, a host or a column."""
_TURNED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz",
    "nopqrstuvwxyzabcdefghijklm",
)
Run = tuple[str, ...]


def internal(texts: Iterable[str], secret: Iterable[str], shared: Iterable[str]) -> Iterator[str]:
    """The runs of *secret* texts that stand in *texts*, apart from those that *shared* ones hold too."""
    kept, known = tuple(secret), tuple(shared)
    runs = _gathered(kept) - _gathered(known)
    apart = _gathered(kept, APART) - _gathered(known, APART)
    usual = frozenset(word for run in apart for word in run)
    starts = _starts(runs)
    left = MOST_LETTERS
    for text in texts if runs else ():
        said = words(text)
        yield from (" ".join(run) for run in _windows(said) if run in runs)
        yield from (" ".join(run) for run in _windows([w for w in said if w in usual], APART) if run in apart)
        if left > 0:
            letters = "".join(said)
            left -= len(letters)
            yield from _spelled(letters, starts)
            yield from (" ".join(run) for some in _framed(text) for run in _windows(some) if run in runs)


def _starts(runs: Iterable[Run]) -> dict[str, list[str]]:
    """The runs as bare letters, also backwards and by thirteen letters turned, by how they begin."""
    found: dict[str, list[str]] = {}
    for run in runs:
        whole = "".join(run)
        for one in (whole, whole[::-1], whole.translate(_TURNED)):
            if len(one) >= _START:
                found.setdefault(one[:_START], []).append(one)
    return found


def _spelled(letters: str, starts: dict[str, list[str]]) -> Iterator[str]:
    for at in range(len(letters) - _START + 1):
        for one in starts.get(letters[at : at + _START], ()):
            if letters.startswith(one, at):
                yield one


def _framed(text: str) -> Iterator[list[str]]:
    """The words of *text* without those that stand around each line, and without lines that come again."""
    lines = [words(line) for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) < _OFTEN:
        return
    for before, behind in _AROUND:
        yield [word for line in lines for word in line[before : len(line) - behind]]
    counted: dict[Run, int] = {}
    for line in lines:
        counted[tuple(line)] = counted.get(tuple(line), 0) + 1
    yield [word for line in lines if counted[tuple(line)] < _OFTEN for word in line]


def _gathered(texts: Iterable[str], length: int = RUN) -> set[Run]:
    """All runs of *length* words of *texts*, of the first words of them."""
    left = MOST_WORDS
    found: set[Run] = set()
    for text in texts:
        some = words(text)[:left]
        found.update(run for run in _windows(some, length) if sum(map(len, run)) >= SHORTEST)
        left -= len(some)
    return found


def _windows(some: list[str], length: int = RUN) -> Iterator[Run]:
    return (tuple(some[at : at + length]) for at in range(len(some) - length + 1))
