"""Automatic mail is kept, never answered; a bounce of our own letter has consequences (rulings 5, 6, 12)."""

from typing import assert_never

from maild.core.candidates.mail import SentLetter
from maild.core.cases.incoming import Incoming
from maild.core.change import BounceLetter, CaseClosed, Change, Keep, SetFlag, Verdict
from maild.core.decision import Acknowledgement, Decision
from maild.core.disclosure import outcome
from maild.core.letters import keys, kinds
from maild.core.letters.kinds import Then
from maild.core.mail.automatic import Kind
from maild.core.mail.away import away, begins_away
from maild.core.promises import clocks
from maild.core.values.case import Case, Flag
from maild.core.values.noticekind import NoticeKind
from maild.core.writing import notice

KEPT = {Kind.OUT_OF_OFFICE, Kind.READ_RECEIPT, Kind.CALENDAR, Kind.FEEDBACK_REPORT}
"""Kept, and never opens a case; lists and bulk mail are screened instead."""
MAY_BE_WRITTEN = {Kind.OUT_OF_OFFICE, Kind.CALENDAR}
"""Of these, what holds text of its own goes to people: an invitation, an answer that a program sent."""
BOUNCES = {Kind.BOUNCE, Kind.DELAY}


def automatic(mail: Incoming, kind: Kind) -> Decision:
    """The decision on a mail that only a machine wrote."""
    verdict = Verdict.BOUNCE if kind in BOUNCES else Verdict.AUTOMATIC
    reasons = mail.facts.automatic.reasons if mail.facts.automatic else ("subject of an automatic answer",)
    letter = mail.known.bounced if kind is Kind.BOUNCE else None
    case = letter.case if letter else mail.thread.case
    changes: list[Change] = [mail.keep(verdict, *reasons, case=case)]
    if letter and case:
        changes += [BounceLetter(letter.id, case.id), *_came_back(mail, letter, case)]
    elif kind is Kind.BOUNCE:
        changes += _perhaps_ours(mail)
    return Decision(
        tuple(changes), thread=mail.thread, acknowledgement=Acknowledgement(send=False, reasons=reasons)
    )


def away_by_subject(mail: Incoming) -> bool:
    """Whether its subject begins as programs begin that of an automatic answer."""
    return away(mail.facts.subject, mail.policy.phrases)


def has_own_text(mail: Incoming) -> bool:
    """Whether there is more in it than a program's note of absence."""
    return mail.facts.own_words > 0 and not begins_away(mail.facts.subject, mail.policy.phrases)


def _perhaps_ours(mail: Incoming) -> list[Change]:
    """Nothing proves which letter came back: no deadline changes, and people hear of it (ruling 6).

    Once a day and case, as anybody can forge such a mail. A case number or an address is no tie where the
    mail that came back is not ours: somebody else wrote it in our name.
    """
    returned = mail.facts.returned_id.strip("<>").rpartition("@")[2].lower()
    weak = mail.known.by_tag or mail.known.unreached
    case = mail.thread.case or (weak if returned in ("", mail.policy.desk.domain) else None)
    if case is None:
        return []
    name = keys.notice(NoticeKind.MAY_HAVE_BOUNCED, case.id, mail.event.arrival.at.date())
    people, facts = notice.concerned(case, "", mail.policy), {"mail": mail.event.arrival.envelope}
    return notice.to_people(name, case.id, NoticeKind.MAY_HAVE_BOUNCED, people, mail.policy, facts)


def _came_back(mail: Incoming, letter: SentLetter, case: Case) -> list[Change]:
    """What follows from a letter of *case* that was not delivered; the ladder sees to its own letters."""
    at, policy = mail.event.arrival.at, mail.policy
    match kinds.row(letter.kind).bounces:
        case Then.ANSWER:
            people = notice.concerned(case, letter.by, policy)
            told = notice.to_people(
                keys.notice(NoticeKind.ANSWER_FAILED, letter.id),
                case.id,
                NoticeKind.ANSWER_FAILED,
                people,
                policy,
            )
            flag = SetFlag(case.id, Flag.REPORTER_UNREACHABLE)
            return [*clocks.answer_bounced(case, letter.id, at), flag, *told]
        case Then.RECEIPT:
            return _receipt_bounced(mail, letter, case)
        case Then.OUTSIDE:
            return outcome.failed(letter.id, letter.recipient, "bounced", case, policy)
        case Then.MEMBER_UNREACHABLE:
            told = notice.member_unreachable(case.id, letter.recipient, at, policy)
            return [*told, *(notice.nobody_has_it(case.id, letter.unread, policy) if letter.unread else ())]
        case Then.NOTHING:
            return []
        case then:
            assert_never(then)


def _receipt_bounced(mail: Incoming, letter: SentLetter, case: Case) -> list[Change]:
    """The reporter cannot be reached: people must look. What was hardly a report goes to quarantine."""
    if letter.doubtful is None or case.answered:
        unreachable = notice.flag(case.id, Flag.REPORTER_UNREACHABLE, mail.policy)
        return [*clocks.receipt_bounced(case, letter.reporter, mail.policy), *unreachable]
    at = mail.event.arrival.at
    held = Keep(letter.doubtful, Verdict.QUARANTINE, ("receipt bounced, no evidence of a report",))
    return [held, *clocks.stop_all(case, at, "quarantined"), CaseClosed(case.id, at, "quarantined", "maild")]
