"""After the announcement: its copies in the inbox, the blog and the CVE record, and the ladder when they are missed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.candidates.said import CaseCandidates
from maild.core.candidates.times import SweepCandidates
from maild.core.change import OpenCase, OweLetter, Verdict
from maild.core.changes.promises import MeetClock, StartClock
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.due import watch
from maild.core.event import OperatorSaid, SweepDue
from maild.core.facts.change import SetFact
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.table import ANNOUNCED_AT, PUBLISHED_LATE, SEEN_AT, SEEN_EARLY
from maild.core.mail.facts import FolderRole
from maild.core.promises.forecast import What
from maild.core.values.case import Case, CaseState
from maild.core.values.targets import Announcement, Kind, Targets
from maild.core.words.reading import Word
from tests.support.deciding import FRESH, answered_case, arrived, verdict
from tests.support.desk import ANNA, BEA, CARL, POLICY

CVE = "CVE-2026-12345"
END = datetime(2026, 3, 20, 16, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LIST = Announcement("announce", Kind.LIST, "announce@lists.example", marks=("announce.lists.example",))
BLOG = Announcement("blog", Kind.BLOG, after="announce", max_lag=6 * HOUR, subject="[blog]")
RECORD = Announcement("cve", Kind.CVE, after="announce", max_lag=HOUR, marks=("cve@records.example",))
DESK = replace(POLICY, targets=Targets((), (LIST, BLOG, RECORD)))


def noted(one: Case, *facts: tuple[str, str, str], at: datetime = END) -> Case:
    """The case with further facts (name, item, value)."""
    more = tuple(Fact(name, value, "op", at, item) for name, item, value in facts)
    return replace(one, record=Disclosure((*one.record.facts, *more)))


ONE = noted(replace(answered_case(), handler="Anna"), ("embargo", "", END.isoformat()), ("cve", "", CVE))
OUT = noted(ONE, (ANNOUNCED_AT, "announce", END.isoformat()))


def mail(subject: str = f"[sec] {CVE}: parser", text: str = "Details.", **headers: str) -> bytes:
    """A mail as the list's copy looks; other fields by name."""
    fields = {
        "From": "Example via announce <announce@lists.example>",
        "To": "announce@lists.example",
        "List-Id": "Announcements <announce.lists.example>",
        "Message-ID": "<copy@lists.example>",
        "Date": "Fri, 20 Mar 2026 16:00:00 +0000",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"{head}Subject: {subject}\r\n\r\n{text}\r\n".encode()


def comes(
    raw: bytes, one: Case = OUT, at: datetime = END + MINUTE, known: MailCandidates = FRESH, **more: Any
) -> Decision:
    """The decision on a mail while *one* is under way."""
    return arrived(raw, replace(known, announced=(one,)), at=at, policy=DESK, **more)


def facts(decision: Decision) -> dict[tuple[str, str], str]:
    """What the decision records, by name and item."""
    return {(c.name, c.item): c.value for c in decision.changes if isinstance(c, SetFact)}


def told(decision: Decision, about: str) -> list[str]:
    """Who is told of something."""
    found = [c for c in decision.changes if isinstance(c, OweLetter) and c.facts.get("about") == about]
    return [letter.recipient for letter in found]


def test_the_lists_copy_is_seen_once_and_the_handlers_told() -> None:
    """Its List-Id and the CVE id are enough: the instant of its arrival is recorded, the next copy changes nothing."""
    found = comes(mail())
    assert facts(found) == {(SEEN_AT, "announce"): (END + MINUTE).isoformat()}
    assert told(found, "copy-seen") == [ANNA.contact]
    seen = noted(OUT, (SEEN_AT, "announce", END.isoformat()))
    assert facts(comes(mail(), seen)) == {}


def test_the_handlers_read_what_a_copy_does_to_the_deadlines() -> None:
    """The list's starts those of what follows; the blog's own only ends one."""
    blog = mail(
        subject=f"[blog] {CVE}", List_Id="", To="security@project.example", From="noreply@blog.example",
        Precedence="list",
    )  # fmt: skip
    follows = [
        c.facts["follows"]
        for one in (comes(mail()), comes(blog))
        for c in one.changes
        if isinstance(c, OweLetter) and c.facts.get("about") == "copy-seen"
    ]
    assert follows == ["starts", "kept"]


@pytest.mark.parametrize(
    "raw",
    [
        mail(subject="[sec] something else"),
        mail(subject=f"[sec] {CVE}9"),
        mail(List_Id="Other <other.lists.example>", To="other@lists.example", From="x@lists.example"),
        mail(In_Reply_To="<first@lists.example>"),
        mail(subject=f"[blog] {CVE}", List_Id="", To="security@project.example", From="Eve <eve@x.example>"),
    ],
)
def test_what_only_looks_like_a_copy_records_nothing(raw: bytes) -> None:
    """No CVE id, a longer one, another list, an answer, a person who writes the blog's words: no clock moves."""
    assert facts(comes(raw)) == {}


def test_other_folders_and_sealed_mail_show_no_copies() -> None:
    """What the team itself sent is no copy that came in."""
    assert facts(comes(mail(), role=FolderRole.SENT)) == {}


def test_our_own_letter_is_known_by_its_message_id_whatever_the_list_made_of_it() -> None:
    """Another From, another subject: it is kept as our own, opens no case, and starts the clocks."""
    known = replace(FRESH, announcement=(OUT, LIST.to), by_reference=OUT)
    found = comes(mail(subject="vulnerability in the parser", List_Id=""), known=known)
    assert verdict(found) is Verdict.OWN
    assert set(facts(found)) == {(SEEN_AT, "announce")}
    assert not [c for c in found.changes if isinstance(c, OpenCase)]


def test_a_mark_never_keeps_a_report_from_people() -> None:
    """A report that names the CVE id and has the list in Cc becomes a case like any other, beside the clock."""
    raw = mail(
        subject=f"incomplete fix for {CVE}: still a buffer overflow",
        From="Rob <rob@elsewhere.example>",
        To="security@project.example",
        Cc="cve@records.example",
        List_Id="",
    )
    found = comes(raw)
    assert [c for c in found.changes if isinstance(c, OpenCase)]
    assert {name for name, item in facts(found) if item == "cve"} == {SEEN_AT}


def test_a_machines_first_copy_is_held_for_a_look_and_opens_no_case() -> None:
    """However much its subject speaks for a report; released by a person it is one, as is one that comes early."""
    raw = mail(subject=f"[sec] {CVE}: vulnerability, remote code execution in the parser")
    assert verdict(comes(raw)) is Verdict.QUARANTINE
    assert [c for c in comes(raw, ONE, END - MINUTE).changes if isinstance(c, OpenCase)]
    assert [c for c in comes(raw, released=True).changes if isinstance(c, OpenCase)]


def test_a_copy_before_the_instant_pages_the_ladder_once_and_ends_nothing() -> None:
    """Coordinator, backup and handler hear it; the embargo stands, no clock starts."""
    at = END - MINUTE
    found = comes(mail(), ONE, at)
    assert facts(found) == {(SEEN_EARLY, "announce"): at.isoformat()}
    assert set(told(found, "seen-early")) == {CARL.contact, BEA.contact, ANNA.contact}
    again = noted(ONE, (SEEN_EARLY, "announce", at.isoformat()))
    assert facts(comes(mail(), again, at)) == {}
    assert facts(comes(mail(In_Reply_To="<first@lists.example>"), ONE, at)) == facts(found)
    assert set(facts(comes(mail(), again, END + MINUTE))) == {(SEEN_AT, "announce")}


def test_a_copy_of_what_has_no_instant_yet_is_a_leak_too() -> None:
    """Nobody has announced it: everybody is paged and no clock starts; unless it is mended in public."""
    case = noted(replace(answered_case(), handler="Anna"), ("cve", "", CVE))
    found = comes(mail(), case, END)
    assert facts(found) == {(SEEN_EARLY, "announce"): END.isoformat()}
    assert set(told(found, "seen-early")) == {CARL.contact, BEA.contact, ANNA.contact}
    assert set(facts(comes(mail(), noted(case, ("track", "", "public")), END))) == {(SEEN_AT, "announce")}


def test_what_was_announced_before_the_instant_is_no_leak() -> None:
    """Once our own letter went out, or the case is announced by word, a copy is a copy."""
    early = END - MINUTE
    for one in (OUT, noted(ONE, ("stage", "", "announced"))):
        assert set(facts(comes(mail(), one, early))) == {(SEEN_AT, "announce")}


def swept(one: Case, at: datetime) -> Decision:
    """A sweep."""
    return decide(SweepDue(), SweepCandidates((), (one,)), DESK, at)


def letters(one: Case, at: datetime) -> dict[tuple[str, bool], set[str]]:
    """Who is told of which place at *at*, and whether it is missed."""
    found: dict[tuple[str, bool], set[str]] = {}
    for c in swept(one, at).changes:
        if isinstance(c, OweLetter) and c.facts.get("about") == "publication":
            found.setdefault((str(c.facts["place"]), bool(c.facts["late"])), set()).add(c.recipient)
    return found


QUIET = noted(OUT, ("stage", "", "announced"))
"""Announced, so that the embargo reminds of nothing."""


def test_the_clocks_run_from_the_letter_until_the_copy_is_seen() -> None:
    """Six hours for the blog and one for the record, from when SMTP took it; seen later, from then."""
    status = decide(OperatorSaid("x", Word("status"), "op"), CaseCandidates(QUIET), DESK, END).said
    assert "blog: due 2026-03-20 22:00 UTC, not out yet" in status
    seen = noted(QUIET, (SEEN_AT, "announce", (END + 5 * MINUTE).isoformat()))
    status = decide(OperatorSaid("x", Word("status"), "op"), CaseCandidates(seen), DESK, END + 7 * HOUR).said
    assert "blog: due 2026-03-20 22:05 UTC, missed" in status
    assert "cve: due 2026-03-20 17:05 UTC, missed" in status
    assert letters(noted(ONE, ("stage", "", "announced")), END + timedelta(days=9)) == {}


def test_the_handlers_are_reminded_and_the_ladder_climbed_a_rung_at_a_time() -> None:
    """Reminders at half and four fifths; missed, first the coordinator, a day later the backup, and nobody twice."""
    one = noted(QUIET, (SEEN_AT, "cve", END.isoformat()))
    assert letters(one, END + 3 * HOUR - MINUTE) == {}
    assert letters(one, END + 3 * HOUR) == {("blog", False): {ANNA.contact}}
    assert letters(one, END + 6 * HOUR) == {("blog", True): {CARL.contact}}
    assert facts(swept(one, END + 6 * HOUR)) == {(PUBLISHED_LATE, "blog"): "0"}
    first = noted(one, (PUBLISHED_LATE, "blog", "0"), at=END + 7 * HOUR)
    assert letters(first, END + 31 * HOUR - MINUTE) == {}
    assert letters(first, END + 31 * HOUR) == {("blog", True): {BEA.contact}}
    second = noted(one, (PUBLISHED_LATE, "blog", "1"), at=END + 30 * HOUR)
    assert letters(second, END + timedelta(days=90)) == {}


def test_a_missed_clock_says_so_until_it_is_met() -> None:
    """By a copy that is seen, or by ``!published``; in a closed case, or once it is out, nobody is called."""
    at = END + 6 * HOUR
    copy = mail(subject=f"[blog] {CVE}", List_Id="", From="noreply@blog.example", To="x@y.example")
    assert set(facts(comes(copy, QUIET, at))) == {(SEEN_AT, "blog")}
    said = decide(OperatorSaid("x", Word("published", "blog"), "op"), CaseCandidates(QUIET), DESK, at)
    assert facts(said) == {(SEEN_AT, "blog"): at.isoformat()}
    out = noted(QUIET, (SEEN_AT, "blog", at.isoformat()), (SEEN_AT, "cve", at.isoformat()))
    assert letters(out, at + timedelta(days=9)) == {}
    assert letters(replace(QUIET, state=CaseState.CLOSED), at) == {}


def test_a_blog_without_a_mark_is_known_by_its_own_words_in_a_machines_mail() -> None:
    """What the configuration says of its subject, the CVE id, and that no person wrote it."""
    by_machine = mail(
        subject=f"[blog] {CVE}: parser", List_Id="", From="noreply@blog.example", To="x@y.example"
    )
    assert set(facts(comes(by_machine))) == {(SEEN_AT, "blog")}
    assert facts(comes(by_machine.replace(b"[blog]", b"[news]"))) == {}


@pytest.mark.parametrize(
    ("rest", "one", "words"),
    [
        ("", QUIET, "one of announce, blog, cve"),
        ("forum", QUIET, "one of announce, blog, cve"),
        ("blog tomorrow", QUIET, "give a past date"),
        ("blog 2027-03-20 16:00 UTC", QUIET, "give a past date"),
        ("blog 2026-03-20 15:00 UTC", ONE, "say !leaked"),
    ],
)
def test_published_is_refused_where_it_cannot_be(rest: str, one: Case, words: str) -> None:
    """An unknown place, a time to come, and one before the instant, which would be a leak."""
    said = decide(OperatorSaid("x", Word("published", rest), "op"), CaseCandidates(one), DESK, END + HOUR)
    assert said.changes == ()
    assert words in said.refusal


def test_no_promise_to_a_reporter_is_made_of_it() -> None:
    """Neither a copy nor a sweep nor the word starts or meets a clock of the ledger."""
    said = decide(OperatorSaid("x", Word("published", "blog"), "op"), CaseCandidates(QUIET), DESK, END + HOUR)
    copy = comes(mail(), known=replace(FRESH, announcement=(OUT, LIST.to)))
    for decision in (copy, swept(QUIET, END + timedelta(days=3)), said):
        assert not [c for c in decision.changes if isinstance(c, StartClock | MeetClock)]


def test_what_lies_ahead_names_reminders_due_instants_and_rungs() -> None:
    """The blog's whole ladder if nobody does anything."""
    one = noted(QUIET, (SEEN_AT, "cve", END.isoformat()))
    ahead = watch.coming(one, DESK, END, END + timedelta(days=60))
    assert [(c.at - END, c.what, c.people) for c in sorted(ahead, key=lambda c: (c.at, c.what))] == [
        (3 * HOUR, What.REMINDER, ("Anna",)),
        (4.8 * HOUR, What.REMINDER, ("Anna",)),
        (6 * HOUR, What.DUE, ()),
        (6 * HOUR, What.ESCALATION, ("Carl",)),
        (30 * HOUR, What.ESCALATION, ("Bea",)),
    ]
