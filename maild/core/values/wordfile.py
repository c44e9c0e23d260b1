"""The lines of a file of words: an entry, a colon, and the topics that it belongs to."""

from collections.abc import Collection, Iterator, Sequence


def lines(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Number, entry and topics (with their marks) of each line of *text* that is no comment."""
    for number, line in enumerate(text.splitlines(), 1):
        if line and line[0] != "#":
            entry, _, topics = line.rpartition(":")
            yield number, entry.strip(), [topic.strip() for topic in topics.split(",")]


def strays(place: str, entry: str, topics: Sequence[str], known: Collection[str]) -> Iterator[str]:
    """What is wrong with the *topics* of the *entry* at *place*, a sentence each: unknown, or named twice."""
    yield from (f"{place}: '{topic}' is not a topic" for topic in topics if topic not in known)
    if len(set(topics)) < len(topics):
        yield f"{place}: '{entry}' names a topic twice"
