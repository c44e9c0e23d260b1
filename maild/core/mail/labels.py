"""The labels of the head that mail programs put above a message that they quote or forward, by language.

The words themselves are phrases (``config/phrases``), from the programs' own translations.
"""
# ruff: noqa: RUF001 - dashes and colons of many programs

from maild.core.values.phrases import Phrases, lowered

_AROUND = " \t-‐‑–—_=*<>#"
MAX_LABEL = 20
MAX_TITLE = 100


def label(line: str) -> str:
    """What stands before the colon of *line*, if that is short enough for a label; bold print left aside."""
    before, colon, _ = line.lstrip("> *")[: 2 * MAX_LABEL].replace("：", ":").partition(":")
    return lowered(before.strip(" *\xa0")) if colon else ""


def titled(line: str, phrases: Phrases) -> bool:
    """Whether *line* says, in the words of a mail program, that another mail follows."""
    bare = line.strip("> \t\u2063")  # BlueMail begins its title with a letter that nobody sees
    words = lowered(bare.strip(_AROUND)) if len(bare) <= MAX_TITLE else ""
    if words.endswith((":", "：")) and words.rstrip(":： \xa0") in phrases.of["forwarded-beginning"]:
        return True
    marked = bare.startswith(("--", "‐‐", "——", "__", "==", "**"))
    titles = phrases.of["forwarded-title"]
    # mutt and Horde name the author in it
    return marked and (words in titles or ("@" in words and words.startswith(tuple(titles))))


def headed(lines: list[str], phrases: Phrases) -> bool:
    """Whether *lines* begin with a head: an author and an address, or two labels of one language."""
    shown = [line for line in lines if line.strip()][:2]
    labels = [label(line) for line in shown]
    if labels and labels[0] in phrases.of["head-author"] and "@" in shown[0]:
        return True
    return len(labels) > 1 and all(labels) and of_one_head(labels[0], labels[1], phrases)


def of_one_head(one: str, other: str, phrases: Phrases) -> bool:
    """Whether two labels are found in the same head, which speaks one language."""
    return any(one in labels and other in labels for labels in phrases.made(_heads))


def _heads(phrases: Phrases) -> tuple[frozenset[str], ...]:
    """What stands in one head, a set for each language."""
    return phrases.together("head-author", "head-subject", "head-other")


def in_one_line(line: str, phrases: Phrases) -> str:
    """The head in *line* where some put it behind a title: *--- Original message --- From: …*."""
    bare = line.strip()
    title, dashes, head = bare.strip("-").partition("---")
    known = dashes and bare.startswith("---") and titled(f"--{title}--", phrases)
    return head.strip("- ") if known and is_label(label(head.strip("- ")), phrases) else ""


def framed(line: str) -> bool:
    """Whether *line* is the head that GroupWise writes: *>>> Rita <rita@...> 02.03.26 10:30 >>>*."""
    bare = line.strip()
    return bare.startswith(">>> ") and bare.endswith(" >>>") and ":" in bare and any(map(str.isdigit, bare))


def is_label(word: str, phrases: Phrases) -> bool:
    """Whether *word* is a label of heads, in any language."""
    return any(word in phrases.of[topic] for topic in ("head-author", "head-subject", "head-other"))
