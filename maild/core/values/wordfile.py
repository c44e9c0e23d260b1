"""The lines of a file of words: an entry, a colon, and the topics that it belongs to."""

from collections.abc import Iterator


def lines(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Number, entry and topics (with their marks) of each line of *text* that is no comment."""
    for number, line in enumerate(text.splitlines(), 1):
        if line and line[0] != "#":
            entry, _, topics = line.rpartition(":")
            yield number, entry.strip(), [topic.strip() for topic in topics.split(",")]
