"""What the database knows that may matter to a decision: loaded before it, in the same transaction."""

from maild.core.candidates.mail import MailCandidates
from maild.core.candidates.said import (
    CaseCandidates,
    EnvelopeCandidates,
    HeldCandidates,
    LetterCandidates,
    MemberCandidates,
    Person,
)
from maild.core.candidates.times import (
    Board,
    CanaryCandidates,
    HeldMail,
    Purgeable,
    SweepCandidates,
    TeamCandidates,
)

Candidates = (
    MailCandidates
    | SweepCandidates
    | CaseCandidates
    | HeldCandidates
    | LetterCandidates
    | MemberCandidates
    | EnvelopeCandidates
    | CanaryCandidates
    | Purgeable
    | Person
    | Board
    | HeldMail
    | TeamCandidates
    | None
)
