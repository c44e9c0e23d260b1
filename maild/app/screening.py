"""The rules of screening tried on the operator's own mail; nothing is recorded and no server asked."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from maild.app.explain import mails
from maild.config import load
from maild.config.words import words
from maild.core.mail.headers import MAX_BLOCK, parse_headers
from maild.core.mail.text import harmless
from maild.core.screening import ScreeningPolicy, screen
from maild.core.screening.measure import HAM, SPAM, Judged, measure
from maild.errors import Refused

Labelled = tuple[str, str, Callable[[], bytes]]


def rules_in_force(config: Path) -> ScreeningPolicy:
    """The screening settings of the configuration; maild's own where there is none yet."""
    return load(config).policy(b"no desk yet").screening if config.exists() else ScreeningPolicy(words())


def labelled(paths: Iterable[Path], labels: tuple[str, ...]) -> Iterator[Labelled]:
    """Every mail at *paths* with its name and label.

    One label is for all paths, several are for one path each. Without any, mail below a folder that is called
    ``ham`` or ``spam`` is that, and the rest is unsorted. ``Refused`` when the numbers do not fit.
    """
    given = list(paths)
    if len(labels) not in (0, 1, len(given)):
        raise Refused(f"{len(given)} paths and {len(labels)} labels: give one label, or one for each path")
    for number, path in enumerate(given):
        label = labels[number % len(labels)] if labels else ""
        for name, read in mails(path):
            yield f"{path.name}/{name}" if path.is_dir() else name, label or _by_folder(path / name), read


def _by_folder(path: Path) -> str:
    return next((one for one in (HAM, SPAM) if one in path.parts), "")


def judge(mail: Labelled, policy: ScreeningPolicy) -> Judged:
    """What the rules alone say of one mail: who wrote it, whether it is sealed, is not asked."""
    name, label, read = mail
    headers = parse_headers(read()[:MAX_BLOCK])
    subject = headers.text("Subject")
    return Judged(name, label, harmless(subject, 100), screen(subject, headers, policy))


def figures(found: Iterable[Judged], policy: ScreeningPolicy) -> dict[str, Any]:
    """The figures to be printed; ``Refused`` when there was no mail."""
    judged = list(found)
    if not judged:
        raise Refused("no messages were found there")
    return measure(judged, policy.threshold)
