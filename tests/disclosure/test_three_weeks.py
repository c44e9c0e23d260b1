"""Three weeks on real servers: a case from the report to the closing note, and no word of it before the instant.

Real are Dovecot (the inbox), gpg (keys, sealing, every signature and its check), Postfix (every letter of the desk
leaves by it, every mail for the desk and the list's own copy come by it and LMTP), SQLite, and the engine, which
is one from the first day to the last. Nobody waits: the clock is set by the story, which begins 24 days ago, for
Dovecot dates no mail with a time to come and gpg calls a signature of tomorrow bad. What LMTP delivered is copied
byte for byte into the inbox under the time of the story; members' gpg signs at that time; only the desk's own
signatures, and the times in Postfix's lines, are the machine's. The list and the blog are thought of.
"""

import pytest

from tests.disclosure import steps
from tests.disclosure.letterbox import assert_as_read
from tests.support.story import Story

pytestmark = pytest.mark.dovecot


def test_three_weeks_of_a_sealed_case(story: Story) -> None:
    """From the report to the closing note in time; until the instant no letter and no page shows a word of it."""
    steps.reported(story, sealed=True)
    steps.judged(story)
    steps.fixed(story)
    steps.dated(story)
    steps.briefed(story)
    steps.prepared(story)
    steps.approved(story)
    steps.told_ahead(story)
    steps.announced(story)
    steps.seen(story)
    steps.recorded(story)
    steps.blog_in_time(story)
    steps.closed(story)
    steps.left(story)
    steps.thanked(story)
    assert_as_read(story, "encrypted")


def test_three_weeks_of_a_case_in_clear_whose_blog_is_late(story: Story) -> None:
    """The same for a report in clear: only team, reporter and guest read of it; the late blog climbs the ladder."""
    steps.reported(story, sealed=False)
    steps.judged(story)
    steps.fixed(story)
    steps.dated(story)
    steps.briefed(story)
    steps.prepared(story)
    steps.approved(story)
    steps.told_ahead(story)
    steps.announced(story)
    steps.seen(story)
    steps.recorded(story)
    steps.blog_missed(story)
    steps.closed(story)
    steps.left(story)
    assert_as_read(story, "blog-late")


def test_three_weeks_of_a_case_whose_date_moves(story: Story) -> None:
    """A list that was told a date is told the new one before anything is public; a thanks reopens nothing."""
    steps.reported(story, sealed=False)
    steps.judged(story)
    steps.fixed(story)
    steps.dated(story)
    steps.prepared(story)
    steps.approved(story)
    steps.told_ahead(story)
    steps.moved(story)
    steps.announced(story, reminded=6)
    steps.seen(story)
    steps.recorded(story)
    steps.blog_in_time(story)
    steps.closed(story)
    steps.thanked(story)
    assert_as_read(story, "date-moves")
