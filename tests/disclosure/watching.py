"""Whether the canary of a story shows anywhere it must not: in letters, in what is shown of the desk, at rest."""

from datetime import datetime

from maild.core.mail.mime import parse
from tests.support.leaks import everything
from tests.support.smtpsink import Letter
from tests.support.story import CVE, FIXER, TEAM, Story
from tests.support.storydesk import Sent
from tests.support.sweep import sweep, traces

PAGES = (
    ("status",),
    ("when",),
    ("statistics",),
    ("ledger",),
    ("outbox", "--all"),
    ("policy", "show"),
    ("policy", "render"),
    ("policy", "render", "--format", "html"),
    ("policy", "security-txt"),
)
"""What the desk shows of itself; some of it to the public."""
BY_CASE = ("show", "timeline", "access", "status", "postmortem")
LISTED = (("cases", "--all"), ("board", "--once"))
"""What the operator alone is shown of a case, its subject too; of a sealed one no word."""


def shows(letter: Letter, word: str) -> bool:
    """Whether *word* stands in the letter for whoever has no key, written or encoded in any way."""
    seen = everything(letter.raw, parse(letter.raw).root)
    return bool(traces(word, letter.raw)) or any(
        traces(word, "\n".join((words, *(" ".join(one) for one in fields))).encode("utf-8", "surrogatepass"))
        for fields, words in seen
    )


def showing(story: Story, word: str) -> list[Sent]:
    """The letters so far that show *word*."""
    return [one for one in story.desk.sent if shows(one.letter, word)]


def assert_kept(story: Story, instant: datetime) -> None:
    """Nothing of the case was shown to anybody outside it before *instant*; of a sealed one, to nobody at all."""
    known = () if story.sealed else (*TEAM, story.reporter, FIXER)
    early = [one for one in showing(story, story.canary) if one.at < instant]
    assert [(one.at, one.to) for one in early if one.to not in known] == []
    named = [one for one in showing(story, CVE) if one.at < instant]
    assert [(one.at, one.to) for one in named if one.to not in TEAM] == []
    assert bool(early) is not story.sealed, "the looking finds what is there to be found"


def assert_hidden(story: Story) -> None:
    """No log, metric, digest or page tells a word of the case, now or ever.

    What rests of a sealed one rests sealed until it is public.
    """
    for name, words in _surfaces(story).items():
        assert not traces(story.canary, words.encode()), name
    if story.sealed and ("announced-at", "announce") not in story.facts():
        assert sweep(story.canary, story.desk.folder / "state") == {}


def _surfaces(story: Story) -> dict[str, str]:
    desk = story.desk
    found = {"log": desk.log.getvalue(), "metrics": desk.metrics()}
    assert 'maild_cases{state="' in found["metrics"]
    pages = [*PAGES]
    if story.sealed:
        pages += [*LISTED, *((word, story.case) for word in BY_CASE)]
    for words in pages:
        said = desk.word(*words)
        assert said.status == 0, said.err
        found[" ".join(words)] = said.out + said.err
    digests = story.letters("digest")
    assert digests or desk.clock < story.on(1, 9)
    return found | {f"digest {number}": one.raw.decode() for number, one in enumerate(digests)}
