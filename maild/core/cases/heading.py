"""The header block on top of the team's copies: case, author, how it came, where a reply goes."""

from datetime import datetime

from maild.core.cases.authority import Author, Proved, Standing
from maild.core.cases.replying import answer_address
from maild.core.mail.address import addresses
from maild.core.mail.attached import attached_text
from maild.core.mail.facts import Facts
from maild.core.mail.opened import Decryption, Opened, SignatureStatus
from maild.core.mail.outside import outside
from maild.core.mail.platforms import elsewhere
from maild.core.mail.sealed import ANOTHERS, QUOTED
from maild.core.mail.text import harmless
from maild.core.mail.tnef import is_packed
from maild.core.policy import Policy
from maild.core.values.case import Case, CaseState, Clock, Flag
from maild.core.values.desk import Desk
from maild.core.values.lookalike import like, spelled
from maild.core.values.people import Audience
from maild.core.values.rule import Happening

MOST_SHOWN = 8
Lines = tuple[tuple[str, str], ...]


def heading(  # noqa: PLR0913, PLR0917 - the block has as many sides
    case: Case,
    facts: Facts,
    opened: Opened,
    author: Author,
    audience: Audience,
    team_address: str,
    policy: Policy,
    now: datetime,
) -> Lines:
    """Labels and values of the block; every value is on one harmless line.

    *team_address* is where the reader writes to the team alone; empty where the server has no such addresses.
    Nobody's token is in it but the reader's own: the addresses of the desk stand without it.
    """
    desk, to_reporter = policy.desk, audience is Audience.REPORTER
    answers = to_reporter and author.standing is Standing.TEAM
    rows = (
        ("Case", _handled(case)),
        ("From", _who(facts)),
        ("Beware", _resembles(case, facts, policy)),
        ("Wants replies at", _wanted(facts, policy)),
        ("Answer at", _elsewhere(facts)),
        ("Came", f"{_seal(opened)}; {_signature(opened)}; {_proof(facts, author)}"),
        ("Text", _text_at(facts, opened)),
        ("Not shown", _outside(opened, policy)),
        ("To", _people(facts, "To", desk)),
        ("Cc", _people(facts, "Cc", desk)),
        ("Next", _next(case, policy, now, answers)),
        ("Reply", _goes_to(case, facts, policy) if to_reporter else "goes to the TEAM only"),
        ("Team", team_address),
    )
    return tuple((label, harmless(value, 300)) for label, value in rows if value)


def heading_for_guest(
    case: Case, facts: Facts, opened: Opened, author: Author, team_address: str, policy: Policy
) -> Lines:
    """The block on top of a guest's copy: no promise of the team's, no member's address or key."""
    member = author.member or (policy.team.claimed_by(facts.author.address) if facts.author else None)
    rows = (
        ("Case", case.id),
        ("From", f"{member.name}, of the team" if member else _who(facts)),
        ("Came", _seal(opened)),
        ("Reply", "goes to the TEAM only"),
        ("Team", team_address),
    )
    return tuple((label, harmless(value, 300)) for label, value in rows if value)


def heading_of_answer_for_guest(case: Case, by: str, team_address: str) -> Lines:
    """The same for a guest, without the team's promises and the reporters' addresses."""
    reply = ("Reply", "goes to the TEAM only")
    return (("Case", case.id), ("From", f"{by}, of the team"), reply, ("Team", team_address))


def heading_of_answer(
    case: Case, by: str, audience: Audience, team_address: str, policy: Policy, now: datetime
) -> Lines:
    """The block on top of the copy of an answer that *by* sent to the reporters in maild's own words."""
    goes = ", ".join(case.reporters) if audience is Audience.REPORTER else ""
    rows = (
        ("Case", _handled(case)),
        ("From", f"{by}, by !send"),
        ("To", ", ".join(case.reporters)),
        ("Next", _next(case, policy, now, bool(goes))),
        ("Reply", f"goes to the REPORTER, {goes}" if goes else "goes to the TEAM only"),
        ("Team", team_address),
    )
    return tuple((label, harmless(value, 300)) for label, value in rows if value)


def dated(lines: Lines, at: str) -> Lines:
    """The block of a copy that comes long after the others' (*at*, ISO): it says when that was."""
    return (*lines[:2], ("When", _utc(datetime.fromisoformat(at))), *lines[2:]) if at else lines


def key_lines(offered: list[tuple[str, str]]) -> Lines:
    """What the mail brought of keys that are not used: how to use one, or why it was refused."""
    said = ((why, f"offered, not used: {key} (!usekey {key})") for key, why in offered)
    return tuple(("Key", f"refused: {why}" if why else use) for why, use in said)


def closed_lines(opened: Opened, envelope: int) -> Lines:
    """How to read what stayed closed because it may be somebody else's."""
    why = (*opened.closed, *opened.reasons)
    what = "what it quotes or forwards encrypted" if QUOTED in why else ANOTHERS if ANOTHERS in why else ""
    how = f"!open {envelope} (signed) shows it to the team"
    return (("Closed", f"{what}; {how}"),) if what else ()


def _handled(case: Case) -> str:
    state = ", closed" if case.state is CaseState.CLOSED else ""
    return case.id + state + (f", handled by {case.handler}" if case.handler else ", no handler yet")


def _who(facts: Facts) -> str:
    shown = facts.author or facts.shown_author
    if shown is None:
        return "(nobody named)"
    there = elsewhere(facts.headers, shown.address)
    if there and there.handle:
        return f"{there.handle} on {there.platform} (its notices come from {shown.address})"
    return f"{shown.name} <{shown.address}>" if shown.name else shown.address


def _resembles(case: Case, facts: Facts, policy: Policy) -> str:
    """What of the author's address only looks plain, and whose address it only looks like."""
    shown = facts.author or facts.shown_author
    if shown is None:
        return ""
    team = [one for member in policy.team.members for one in (*member.addresses, member.contact)]
    other = like(shown.address, [policy.desk.address, *team, *case.reporters])
    odd = spelled(shown.address)
    looks = f"the address only looks like {other}, it is another one" if other else ""
    return "; ".join(one for one in (looks, f"in it {odd}" if odd else "") if one)


def _wanted(facts: Facts, policy: Policy) -> str:
    """Where its author wants replies, where that is not the address that they wrote from."""
    found = answer_address(facts, policy)
    return found.address if found and facts.author and found.address != facts.author.address else ""


def _elsewhere(facts: Facts) -> str:
    """Where a report on a platform is answered, as nobody reads what is mailed to it."""
    found = elsewhere(facts.headers, facts.author.address, facts.text) if facts.author else None
    if found is None:
        return ""
    who = f", written by {found.handle} there" if found.handle else ""
    return f"{found.at} ({found.platform}{who}), not by mail; then say !answered WHERE"


def _people(facts: Facts, name: str, desk: Desk) -> str:
    """Whom the mail was addressed to; the outsiders among them are shown and never written to."""
    shown = (
        desk.address if desk.owns(one.address) else one.address for one in addresses(facts.headers, name)
    )
    found = list(dict.fromkeys(shown))
    more = f" and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
    return ", ".join(found[:MOST_SHOWN]) + more


def _goes_to(case: Case, facts: Facts, policy: Policy) -> str:
    """Which reporter a reply goes to, as far as this mail tells; never whoever else wrote in his thread."""
    wrote = [one.address for one in (answer_address(facts, policy), facts.author) if one]
    known = [one for one in wrote if one in case.reporters][:1] or list(case.reporters)
    if known and all(map(policy.nobody_at, known)):
        return "goes to the TEAM only: nobody reads mail at the reporter's address"
    if not case.reporters:
        return "goes to the TEAM only: no reporter is known; !reporter ADDRESS (signed) names one"
    return "goes to the REPORTER" + (f", {known[0]}" if len(known) == 1 else "")


def _seal(opened: Opened) -> str:
    if not opened.sealed:
        return "unencrypted"
    if opened.decryption is not Decryption.OK:
        why = ", ".join((opened.decryption.value, *opened.reasons[:2]))
        return f"encrypted, NOT opened ({why})"
    return "encrypted in part, each part below its label" if opened.labels else "encrypted"


def _text_at(facts: Facts, opened: Opened) -> str:
    """Where the text is, of a message that was read and shows none."""
    closed = opened.closed or facts.smime or opened.decryption not in (Decryption.NONE, Decryption.OK)
    if closed or facts.text.strip():
        return ""
    leaves = opened.tree.root.leaves
    types = [one.content_type for one in leaves if not one.content_type.startswith("text/")]
    names = list(dict.fromkeys(one.filename for one in leaves if one.filename))[:MOST_SHOWN]
    rows = (
        (any(not one.filename for one in opened.unpacked), "it was in winmail.dat; it follows the message"),
        (opened.unpacked, "none; see the files that were in winmail.dat"),
        (
            any(map(is_packed, leaves)),
            "none outside winmail.dat, which maild cannot read; open it with Outlook",
        ),
        (attached_text(opened.tree.root), "none of its own; that of the attached message follows it"),
        ("message/rfc822" in types, "none; see the attached message"),
        (names, f"none; see the attached {', '.join(names)}"),
        (types, f"none; see its part of the type {', '.join(types[:1])}"),
    )
    return next((said for applies, said in rows if applies), "none; the message is empty")


def _outside(opened: Opened, policy: Policy) -> str:
    """What stands outside the parts of the message, where no mail program shows it."""
    said = outside(opened.tree.root, policy.phrases)
    return f"text outside the parts of the message: {said}" if said else ""


def _signature(opened: Opened) -> str:
    status = opened.signature.status
    if status is SignatureStatus.NONE:
        return "not signed"
    by, why = opened.signature.fingerprint, opened.signature.why
    return f"signature {status}" + (f" by {by}" if by else "") + (f" ({why})" if why else "")


def _proof(facts: Facts, author: Author) -> str:
    if author.standing is Standing.TEAM:
        how = " by token only" if author.proved is Proved.TOKEN else ""
        who = f"{author.member.name}, of the team" if author.member else author.authority
        return f"author verified{how} ({who})"
    if author.authority == "reporter":
        return "signed by the key remembered for its author"
    return "author's domain verified" if facts.authentication.author else "author not verified"


def _next(case: Case, policy: Policy, now: datetime, answers: bool = False) -> str:
    """What the team owes next, never what maild does by itself; what is overdue is called so.

    *answers*: the block stands on an answer to the reporter, which may keep just that promise.
    """
    owed = [one for one in case.running() if not _by_itself(one, case, policy)]
    if not owed:
        return "no promise is running"
    clock = min(owed, key=lambda one: one.due)
    rule = policy.rule(clock.promise)
    may_keep = answers and rule is not None and Happening.REPLY in rule.met_by
    return promised(clock, now) + (" (unless this answer keeps it)" if may_keep else "")


def promised(clock: Clock, now: datetime) -> str:
    """A running promise as it stands at *now*: by when, until when it is paused, or that it is overdue."""
    when = f"{clock.promise} by {_utc(clock.due)}"
    if clock.paused_until and clock.waits(now):
        return f"{when} (paused until {_utc(clock.paused_until)})"
    return when if clock.due > now else f"OVERDUE: {clock.promise} was due by {_utc(clock.due)}"


def _by_itself(clock: Clock, case: Case, policy: Policy) -> bool:
    """Whether the automatic acknowledgement keeps the promise: not where a person has to send it."""
    rule = policy.rule(clock.promise)
    by_hand = {Flag.RECEIPT_BY_HAND, Flag.FORWARDED, Flag.REPORTER_UNREACHABLE}
    return rule is not None and rule.automatic and case.flags.isdisjoint(by_hand)


def _utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
