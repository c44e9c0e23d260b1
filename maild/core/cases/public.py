"""Answers to an announcement: everybody has its Message-ID, which so ties nobody to the case.

A list passes on what anybody writes there, a hundred times a day if it must; people read it on the list.
What comes to the desk itself is looked at like all that is held: it may tell of a fix that is none.
"""

from maild.core.cases.incoming import Incoming
from maild.core.cases.report import bypass
from maild.core.change import Change, Verdict
from maild.core.decision import Acknowledgement, Decision
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.values.case import Case
from maild.core.values.noticekind import NoticeKind
from maild.core.writing import notice

ANSWERS = "answers our announcement"


def answers(mail: Incoming) -> Decision | None:
    """What becomes of an answer by somebody who takes no part in the case; ``None`` when it is none such."""
    found = mail.known.answered
    if found is None or found[1] is not LetterKind.ANNOUNCEMENT or mail.known.by_token or mail.event.released:
        return None
    if mail.facts.automatic and not mail.facts.sealed:
        return _kept(mail, Verdict.AUTOMATIC, *_told(mail, found[0]))
    if mail.thread.case or bypass(mail):
        return None
    return _kept(mail, Verdict.QUARANTINE)


def _kept(mail: Incoming, verdict: Verdict, *told: Change) -> Decision:
    unanswered = Acknowledgement(send=False, reasons=(ANSWERS,))
    return Decision((mail.keep(verdict, ANSWERS), *told), acknowledgement=unanswered)


def _told(mail: Incoming, case: Case) -> list[Change]:
    """One line for the handlers, once a case."""
    facts = {"mail": mail.event.arrival.envelope}
    name = keys.notice(NoticeKind.PUBLIC_ANSWERS, case.id)
    return notice.tell(name, case.id, NoticeKind.PUBLIC_ANSWERS, mail.policy, facts)
