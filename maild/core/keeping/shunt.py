"""Mail that maild cannot handle: set aside, told once, tried again on a person's word."""

from datetime import datetime

from maild.core.candidates.said import EnvelopeCandidates
from maild.core.changes.keeping import SetAside, TryAgain
from maild.core.decision import Decision
from maild.core.event import MailShunted, RetryMail
from maild.core.keeping.states import MailState
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.policy import Policy
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Role
from maild.core.writing import notice


def set_aside(event: MailShunted, policy: Policy, now: datetime) -> Decision:
    """Handlers and coordinators are told once a day of each trouble: a bug may strike a thousand mails."""
    name = keys.notice(NoticeKind.SHUNTED, event.fingerprint, now.date().isoformat())
    coordinators = [person.contact for person in policy.team.having(Role.COORDINATOR)]
    people = [*notice.handlers(policy), *coordinators]
    facts: dict[str, Detail] = {"mail": event.envelope, "fingerprint": event.fingerprint}
    told = notice.to_people(name, "", NoticeKind.SHUNTED, people, policy, facts)
    return Decision((SetAside(event.envelope, event.fingerprint), *told))


def again(event: RetryMail, known: EnvelopeCandidates) -> Decision:
    """Only what was set aside can be tried again."""
    if known.state != MailState.SHUNTED:
        return Decision(refusal=f"message {event.envelope} is not set aside; `maild shunted` lists what is")
    return Decision((TryAgain(event.envelope, event.by),))
