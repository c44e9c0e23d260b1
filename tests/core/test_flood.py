"""Too much mail by strangers: cases all the same, and no flood of letters to the team."""

from dataclasses import replace

from maild.core.candidates.mail import MailCandidates
from maild.core.decision import Decision
from maild.core.letters.kinds import LetterKind
from maild.core.policy import Limits
from maild.core.values.desk import Mode
from tests.support import mails
from tests.support.deciding import arrived, case, flags, kinds, letters, token
from tests.support.desk import POLICY

RELAY = replace(POLICY, desk=replace(POLICY.desk, mode=Mode.RELAY), limits=Limits(team_hour=10, per_hour=100))


def decision(told: int, **known: object) -> Decision:
    """The decision on a stranger's report after so many letters to the team."""
    return arrived(mails.plain(), MailCandidates("EX-777777", told_hour=told, **known), policy=RELAY)  # type: ignore[arg-type]


def test_below_the_cap_everybody_has_a_copy() -> None:
    """Nothing is held back."""
    assert len(letters(decision(9), LetterKind.COPY)) == 3
    assert flags(decision(9)) == set()


def test_above_it_the_case_is_flagged_and_the_team_told_of_the_flood() -> None:
    """No copy, one notice a handler and day; case, clocks and receipt as ever."""
    above = decision(10)
    assert letters(above, LetterKind.COPY) == []
    assert [letter.facts["about"] for letter in letters(above, LetterKind.NOTICE)] == ["flood"]
    assert flags(above) == {"not-carried"}
    below = [kind for kind in kinds(decision(9).changes) if kind not in ("OweLetter", "AddParticipant")]
    assert [k for k in kinds(above.changes) if k not in ("OweLetter", "AddParticipant", "SetFlag")] == below
    assert len(letters(above, LetterKind.RECEIPT)) == 1


def test_mail_of_a_known_thread_goes_on() -> None:
    """Who holds a token of ours is no stranger."""
    one = case()
    assert len(letters(decision(10, by_token=token(one)), LetterKind.COPY)) == 3
