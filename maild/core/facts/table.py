"""Every fact that may be recorded about a case, one row each; a fact that is not here cannot be recorded.

An ``item`` tells facts of one name apart: a branch, a step, a list, a place of announcement, an outsider.
"""

from maild.core.facts.row import Joined, Public, Row, Shown, Then, Watched

STAGE, VERDICT, SEVERITY, TRACK = "stage", "verdict", "severity", "track"
REASON = "reason"
"""The name of the policy's reason for a verdict (``!not-a-bug``)."""
AFFECTS, BRANCH, DONE, CVE = "affects", "branch", "done", "cve"
EMBARGO, CVSS = "embargo", "cvss"
CREDIT = "credit"
"""How the only reporter wants to be named; of several one a reporter (``item``: a keyed name of them)."""
CLAIM = "claim"
"""The CVSS vector that the reporter gave."""
ENDED = "embargo-ended"
"""Why the embargo ended before its instant (leaked, exploited)."""
TOLD = "told"
"""One an outsider (``item``: a keyed name of them): why they may know."""
OUTSIDER = "outsider"
"""One an outsider: an address that stood in copy of a message of the case."""
LINK = "link"
"""Where the public advisory is."""
DRAFT_SENT = "draft-sent"
"""One a reporter (``item``: a keyed name of them): which draft they were sent, by the instant it was made."""
DRAFT, DRAFT_REASON = "draft", "draft-reason"
"""What the latest draft for the reporter is about, and the reason that it gives."""
PREPARED = "prepared"
"""One a list, or ``ANNOUNCEMENT``: the digest of the prepared text."""
PREPARED_TEXT = "prepared-text"
"""Where that text rests (``mail:`` and a number), or the text, encrypted to the desk where it has a key."""
PREPARED_FRAME, PREPARED_DATE = "prepared-frame", "prepared-date"
"""The lines that maild adds to that text; the instant that they name."""
PREPARED_KEY, PREPARED_FOR, PREPARED_AT = "prepared-key", "prepared-for", "prepared-at"
"""What that text is approved with, beside its words: the fingerprint of the list's key, the instant of the
announcement (or ``none``), and when it was prepared. Texts from before maild asked for it have none."""
APPROVED = "approved"
"""One a text and member (``item`` is both): the digest that they approved, and their key."""
PREDISCLOSED = "predisclosed"
"""One a list: the digest of the text that was last handed over for it."""
TOLD_DATE = "told-date"
"""One a list: the date that the last letter to it named."""
HOLDS = "holds-date"
"""One a list: the same, until it was told another, or the date was kept."""
FOLLOWUP = "follow-up"
"""One a list: for which old date maild prepared a letter to it."""
OPEN, OPEN_ASKED = "in-the-open", "in-the-open-asked"
"""Whether the case is handled in public; the message that asked for it while an embargo or approval stood."""
ANNOUNCING, ANNOUNCED_AT, SEEN_AT = "announcing", "announced-at", "seen-at"
"""One a place of announcement, ISO instants: when its letter was owed, when the mail server took it, when a
copy was seen there (or a member said so)."""
SEEN_EARLY = "seen-early"
"""One a place of announcement: when a copy was seen before the embargo ended."""
PUBLISHED_LATE = "published-late"
"""One a place of announcement: the last step of the escalation that was told."""
REPORTER_DATE, WHY = "reporter-date", "why"
"""When the reporter means to publish; the item ``why`` is their reason."""
ANSWERED_AT = "answered-at"
"""Where a member answered last, other than by mail."""
REGULATORY = "regulatory"
"""One a step of a law: when it was done."""

TABLE = (
    Row(STAGE),
    Row(VERDICT),
    Row(REASON),
    Row(SEVERITY, public=Public.EARLY),
    Row(TRACK),
    Row(AFFECTS, encrypted=Then.MARKED, given_up=Then.MARKED, public=Public.EARLY),
    Row(BRANCH, encrypted=Then.CUT, given_up=Then.CUT, public=Public.EARLY, inside=True),
    Row(DONE),
    Row(CVE, joined=Joined.CARRIED, public=Public.EARLY),
    Row(CVSS),
    Row(CLAIM, encrypted=Then.MARKED, given_up=Then.DELETED),
    Row(
        CREDIT,
        encrypted=Then.MARKED,
        given_up=Then.DELETED,
        joined=Joined.WITH_REPORTER,
        public=Public.ANNOUNCED,
    ),
    Row(LINK, public=Public.ANNOUNCED),
    Row(EMBARGO, joined=Joined.CARRIED, watched=Watched.OPEN, public=Public.EARLY),
    Row(ENDED, joined=Joined.WITHOUT_EMBARGO),
    Row(REPORTER_DATE, joined=Joined.EARLIER, watched=Watched.OPEN),
    Row(REPORTER_DATE, WHY, encrypted=Then.DELETED, given_up=Then.DELETED, joined=Joined.CARRIED),
    Row(REGULATORY, joined=Joined.CARRIED, watched=Watched.ALWAYS),
    Row(TOLD, encrypted=Then.MARKED, given_up=Then.MARKED, joined=Joined.WITH_PERSON, inside=True),
    Row(ANSWERED_AT, encrypted=Then.MARKED, given_up=Then.DELETED, inside=True),
    Row(OUTSIDER, encrypted=Then.MARKED, shown=Shown.ADDRESS),
    Row(DRAFT),
    Row(DRAFT_SENT),
    Row(DRAFT_REASON, encrypted=Then.DELETED, given_up=Then.DELETED),
    Row(PREPARED, watched=Watched.OPEN),
    Row(PREPARED_TEXT, given_up=Then.DELETED, shown=Shown.TEXT),
    Row(PREPARED_FRAME, given_up=Then.DELETED, shown=Shown.TEXT),
    Row(PREPARED_DATE),
    Row(PREPARED_KEY),
    Row(PREPARED_FOR),
    Row(PREPARED_AT),
    Row(APPROVED),
    Row(PREDISCLOSED),
    Row(TOLD_DATE),
    Row(FOLLOWUP),
    Row(OPEN),
    Row(OPEN_ASKED),
    Row(HOLDS, joined=Joined.CARRIED, watched=Watched.ALWAYS),
    Row(ANNOUNCING),
    Row(ANNOUNCED_AT, watched=Watched.OPEN),
    Row(SEEN_AT, watched=Watched.OPEN),
    Row(SEEN_EARLY),
    Row(PUBLISHED_LATE),
)
_ROWS = {(row.name, row.item): row for row in TABLE}


def row_of(name: str, item: str = "") -> Row:
    """The row of a fact. ``ValueError`` when there is none of this name."""
    found = _ROWS.get((name, item)) or _ROWS.get((name, ""))
    if found is None:
        raise ValueError(f"no fact is called {name!r}")
    return found


def watched_names(when: Watched) -> list[str]:
    """The facts that make a sweep look at their case."""
    return [row.name for row in TABLE if row.watched is when]


def tellable(name: str, announced: bool, encrypted: bool) -> bool:
    """Whether a text for people outside may say the value of a fact of a case.

    *announced*: the case is; *encrypted*: so is the case, and what people worded stays out of other texts.
    """
    row = row_of(name)
    early = row.public is Public.EARLY
    return (early or (announced and row.public is Public.ANNOUNCED)) and not (encrypted and row.free_text)
