"""How many mails a second the screening rules judge on one core: ``python tests/bench/screening.py``.

The mails are parsed before the clock starts; it counts this process's own time, whoever else uses the core. With a corpus of real mail its spam, ham and reports are judged,
without one the invented subjects of the tests.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from maild.core.mail.headers import Headers
from maild.core.screening import screen
from tests.support.corpus import find_corpus, read_mails
from tests.support.screened import PLAIN, RULES

WANTED = 5_000
ROUNDS = 5

Mail = tuple[str, Headers]


def main() -> int:
    """Print the rate of the best of some rounds; fails below the rate that is promised."""
    mails = _from_corpus() or _invented()
    rate = max(_rate(mails) for _ in range(ROUNDS))
    print(f"{rate:,.0f} mails a second ({len(mails)} mails, best of {ROUNDS} rounds)")
    return 0 if rate >= WANTED else 1


def _rate(mails: list[Mail]) -> float:
    before = time.process_time()
    for subject, headers in mails:
        screen(subject, headers, RULES)
    return len(mails) / (time.process_time() - before)


def _from_corpus() -> list[Mail]:
    root = find_corpus()
    folders = [root / name for name in ("spam", "ham", "reports")] if root else []
    parts = [part for folder in folders if folder.is_dir() for part in read_mails(folder).values()]
    return [(part.headers.text("Subject"), part.headers) for part in parts]


def _invented() -> list[Mail]:
    from tests.core import test_screening_honest, test_screening_lures

    lines = (test_screening_honest.SUBJECTS + test_screening_lures.SUBJECTS).splitlines()
    return [(line, Headers((*PLAIN.items(), ("Subject", line)))) for line in lines if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
