"""Words that maild ships: for screening and phrases a file for each language, and common names."""

from functools import cache

from maild.config.share import shipped
from maild.core.screening.vocabulary import Vocabulary
from maild.core.values.phrases import Phrases, faults
from maild.errors import ConfigError, Problem


@cache
def words() -> Vocabulary:
    """The words that this maild came with, by language; ``ConfigError`` where they are missing."""
    return Vocabulary(_texts("screening"))


@cache
def phrases() -> Phrases:
    """The phrases that this maild came with, by language; ``ConfigError`` where they are missing or wrong."""
    texts = _texts("phrases")
    if wrong := tuple(faults(texts)):
        wanted = "a phrase, a colon and its topics on each line"
        said = "\n".join((f"{shipped('config') / 'phrases'}: {wanted} is expected", *wrong))
        raise ConfigError("", tuple(Problem("phrases", one, wanted) for one in wrong), said)
    return Phrases(texts)


def _texts(name: str) -> dict[str, str]:
    """The files of the folder *name* by language; ``ConfigError`` where there are none."""
    folder = shipped("config") / name
    texts = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))}
    if not texts:
        wanted = "the word lists that maild ships with: install maild again"
        raise ConfigError(str(folder), (Problem(name, "no word lists", wanted),))
    return texts


@cache
def common_names() -> frozenset[str]:
    """The names of functions and files that reports everywhere cite, from ``config/common-names.txt``."""
    lines = (shipped("config") / "common-names.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))
