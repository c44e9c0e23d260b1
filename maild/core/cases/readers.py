"""To which reporters a member's message goes, as far as what was signed says so (ruling 14).

Whoever sends somebody's message again can add a reader wherever the signature leaves the fields out. Where
it says nothing of any reader, as with Microsoft 365, the words do that the message answers.
"""

from maild.core.cases.authority import Proved
from maild.core.cases.incoming import Incoming
from maild.core.mail.address import addresses
from maild.core.mail.copy import internal
from maild.core.mail.dkim import Covered, covered
from maild.core.mail.facts import Facts, references
from maild.core.mail.headers import Headers
from maild.core.mail.mime import TOO_LONG
from maild.core.mail.repeats import quotes, repeats
from maild.core.policy import Policy
from maild.core.screening.seen import bare
from maild.core.values.case import Case
from maild.core.values.desk import Mode


def covered_by(facts: Facts) -> Covered | None:
    """What its author's mail server signed, where there is a signature, or may be one out of sight."""
    if TOO_LONG in facts.faults:
        return Covered()
    return covered(facts.headers, facts.author.domain if facts.author else "")


def replayable(facts: Facts) -> Covered | None:
    """The same, where nothing else says that the author's own server brought it just now."""
    brought = facts.authentication.handed_in or facts.authentication.logged_in
    return None if brought else covered_by(facts)


def may_answer_another(facts: Facts) -> bool:
    """Whether it may have been sent again as an answer to something else, as nothing signed says to what."""
    signed = replayable(facts)
    once = len(facts.headers.all("References")) <= 1
    return signed is not None and not (once and "in-reply-to" in signed.fields)


def signed_subject(mail: Incoming) -> str:
    """Its subject, unless its mail server's signature leaves that out."""
    signed = replayable(mail.facts)
    return mail.facts.subject if signed is None or "subject" in signed.fields else ""


def to_be_told(facts: Facts, case: Case, policy: Policy) -> bool:
    """Whether only the words of a member's message can tell which reporter it answers."""
    author, signed = facts.author, replayable(facts)
    if author is None or policy.team.claimed_by(author.address) is None or signed is None or signed.addressed:
        return False
    return policy.desk.mode is Mode.OBSERVE or any(one.address in case.reporters for one in facts.recipients)


def readers(mail: Incoming, case: Case) -> set[str]:
    """The reporters of *case* whom the message goes to, but for any whom somebody else may have added."""
    named = {one.address for one in mail.facts.recipients} & set(case.reporters)
    by_key, by_server = mail.author.proved is Proved.SIGNATURE, mail.author.proved is Proved.EXCHANGER
    if not (by_key or by_server):
        return named
    signed = replayable(mail.facts) if by_server or mail.vouched else Covered()
    if signed is None:
        return named
    return named & (to_reporters(mail, case, signed) | (_told_inside(mail, case) if by_key else set()))


def _told_inside(mail: Incoming, case: Case) -> set[str]:
    """The reporters whom what the member signed addresses; where it has no such fields, those it names.

    A copy that is quoted names them to the team.
    """
    inner, text = protected(mail), mail.facts.text
    if inner.has("To") or inner.has("Cc"):
        return {one.address for one in addresses(inner, "To", "Cc")} & set(case.reporters)
    if internal(text):
        return set()
    named = {one for one in case.reporters if one in text.lower()}
    return named | _by_number(mail, case, inner.get("Subject"))


def _by_number(mail: Incoming, case: Case, subject: str) -> set[str]:
    """All reporters, where members answer them themselves and text or signed *subject* name the case."""
    names = case.id in mail.facts.text or case.id in subject
    return set(case.reporters) if names and mail.policy.desk.mode is Mode.OBSERVE else set()


def protected(mail: Incoming) -> Headers:
    """The fields within what its author signed."""
    opened = mail.event.opened
    return Headers(tuple(opened.protected.items())) if opened else Headers()


def answers_inside(mail: Incoming, case: Case) -> bool:
    """Whether the fields within what the member signed address a reporter, or answer a message of *case*."""
    inner = protected(mail)
    to = {one.address for one in addresses(inner, "To", "Cc")}
    answered = references(Headers(tuple(one for one in inner.fields if one[0] == "in-reply-to")))
    return bool(to & set(case.reporters)) or not mail.known.answers.isdisjoint(answered)


def to_reporters(mail: Incoming, case: Case, signed: Covered) -> set[str]:
    """The reporters whom what was *signed* addresses, or answers where it addresses nobody."""
    if "date" not in signed.fields:
        return set()
    if not signed.addressed:
        return asked(mail) | _by_number(mail, case, signed_subject(mail))
    told = (one for one in ("To", "Cc") if one.lower() in signed.fields)
    return {one.address for name in told for one in addresses(mail.facts.headers, name)} & set(case.reporters)


def asked(mail: Incoming) -> set[str]:
    """The reporters whose words it repeats; where it quotes nothing, those whose subject it bears.

    A copy is quoted by whoever answers the team, too.
    """
    text, theirs = mail.facts.text, mail.known.asked
    if not theirs or internal(text):
        return set()
    if found := {one.author for one in theirs if repeats(text, one.text)}:
        return found
    if quotes(text, mail.policy.phrases):
        return set()
    subject = _subject(signed_subject(mail), mail.policy)
    return {one.author for one in theirs if subject and _subject(one.subject, mail.policy) == subject}


def _subject(visible: str, policy: Policy) -> str:
    return " ".join(bare(visible, policy.screening.words).lower().split())
