"""The coverage-guided fuzzer, run by hand: ``python tests/fuzz/fuzz.py shape -max_total_time=600``.

Needs the extra packages (``pip install -e '.[fuzz]'``). The first word names the target (envelope, shape,
status); everything behind it goes to libFuzzer. What fails is left as ``crash-*`` in the folder it is run in.
"""

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))

with atheris.instrument_imports(include=["maild"]):
    from tests.fuzz.seeds import SEEDS, WORDS
    from tests.fuzz.targets import TARGETS

BOUNDS = ("-timeout=20", "-rss_limit_mb=1500", "-max_len=65536")
"""Seconds for one input, MiB for all, bytes of one input."""


def main() -> None:
    """Fuzz one target for ever, or as libFuzzer is told."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in TARGETS:
        sys.exit(f"{sys.argv[0]} TARGET [libFuzzer options]; targets: {', '.join(TARGETS)}")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(SEEDS[name]()):
            (corpus / str(number)).write_bytes(seed)
        words = Path(folder) / "words"
        words.write_text("".join(f'"{word}"\n' for word in WORDS[name]))
        options = [*BOUNDS, f"-dict={words}", *sys.argv[2:], str(corpus)]
        atheris.Setup([sys.argv[0], *options], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
