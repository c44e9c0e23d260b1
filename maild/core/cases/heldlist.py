"""What the daily letter about held mail lists: the likeliest reports first, what is alike on one line.

It goes on where the last one ended: what was listed least often comes first, so nothing stays out of sight.
"""

from dataclasses import dataclass

from maild.core.candidates.times import HeldOne

MOST = 50
"""Lines of one letter; what is not on them is counted, and comes the next day."""
MOST_ALIKE = 1000
"""Mails that one line stands for."""
WORDS = 3
"""Words from which on a subject says enough that two mails with the same one are alike."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the mail that is shown, the likeliest of its kind, and the others that it stands for."""

    mail: int
    others: tuple[int, ...] = ()


def lines(held: tuple[HeldOne, ...]) -> tuple[Line, ...]:
    """All lines that *held* makes, in the order in which they are listed."""
    made: list[list[int]] = []
    found: dict[str, list[int]] = {}
    for one in sorted(held, key=lambda h: (h.times, h.score, h.mail)):
        line = next((found[name] for name in _names(one) if name in found), None)
        if line is None or len(line) > MOST_ALIKE:
            line = []
            made.append(line)
            found |= dict.fromkeys(_names(one), line)
        line.append(one.mail)
    return tuple(Line(line[0], tuple(line[1:])) for line in made)


def _names(one: HeldOne) -> list[str]:
    """What makes another mail alike: one sender; or one subject that says something, and one score."""
    sender = [f"from {one.sender}"] if one.sender else []
    telling = len(one.subject.split()) >= WORDS
    return [*sender, *([f"about {one.score} {one.subject}"] if telling else [])]
