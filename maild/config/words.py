"""Words that maild ships: those of screening (a file for each language, one for names), and common names."""

from functools import cache

from maild.config.share import shipped
from maild.core.screening.vocabulary import Vocabulary
from maild.errors import ConfigError, Problem


@cache
def words() -> Vocabulary:
    """The words that this maild came with, by language; ``ConfigError`` where they are missing."""
    folder = shipped("config") / "screening"
    texts = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))}
    if not texts:
        wanted = "the word lists that maild ships with: install maild again"
        raise ConfigError(str(folder), (Problem("screening", "no word lists", wanted),))
    return Vocabulary(texts)


@cache
def common_names() -> frozenset[str]:
    """The names of functions and files that reports everywhere cite, from ``config/common-names.txt``."""
    lines = (shipped("config") / "common-names.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))
