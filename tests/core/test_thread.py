"""Threads: what ties a mail to its case, and what never does (ruling 20)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.candidates.mail import MailCandidates
from maild.core.change import Verdict
from maild.core.mail.thread import ThreadBy, Token, find, keys
from maild.core.values import ids
from maild.core.values.case import Case
from maild.core.values.people import Audience, Side
from tests.support import mails
from tests.support.deciding import (
    CASE,
    FRESH,
    PASSED,
    RITA,
    arrived,
    case,
    facts,
    flags,
    opens,
    token,
    verdict,
)
from tests.support.desk import DESK, NOW, SECRET

TOKEN = ids.token(SECRET, CASE, RITA, "reporter")
LETTER_ID = ids.message_id(SECRET, f"receipt:{CASE}", TOKEN, DESK.domain)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("To", f"security+{TOKEN}@project.example"),
        ("To", f'"Desk" <SECURITY+{TOKEN.upper()}@Project.Example>'),
        ("Cc", f"somebody@else.example, security+{TOKEN}@project.example"),
        ("To", f'"security+{TOKEN}"@project.example'),
        ("Delivered-To", f"security+{TOKEN}@project.example"),
        ("X-Original-To", f"security+{TOKEN}@project.example"),
        ("References", f"<other@x.example> {LETTER_ID}"),
        ("In-Reply-To", LETTER_ID),
        ("X-Microsoft-Original-Message-ID", LETTER_ID),
    ],
)
def test_where_a_token_is_found(header: str, value: str) -> None:
    """In every address the mail was delivered to and in every Message-ID it names."""
    about = {"to": value} if header == "To" else {header.replace("-", "_"): value}
    assert keys(facts(mails.plain(**about)), DESK).tokens == (TOKEN,)


@pytest.mark.parametrize(
    "about",
    [
        {"to": f"security+{TOKEN}@evil.example"},
        {"to": f"other+{TOKEN}@project.example"},
        {"to": f"security+{TOKEN}x@project.example"},
        {"to": f"security+{TOKEN[:-1]}@project.example"},
        {"to": "security+news@project.example"},
        {"to": f"security{TOKEN}@project.example"},
        {"References": f"<{TOKEN}.x@evil.example>"},
        {"References": f"<x.{TOKEN}@project.example>"},
        {"subject": f"security+{TOKEN}@project.example"},
        {"text": f"security+{TOKEN}@project.example"},
    ],
)
def test_what_is_no_token_of_ours(about: dict[str, str]) -> None:
    """Another domain, another mailbox, another length or another place: no token."""
    assert keys(facts(mails.plain(**about)), DESK).tokens == ()


def test_references_are_looked_up_nearest_first_apart_from_the_mail_itself() -> None:
    """What it answers, nearest first; its own Message-ID (it may have been seen in Sent) is asked for apart."""
    raw = mails.plain(message_id="<me@x>", In_Reply_To="<near@x>", References="<root@x> <middle@x> <near@x>")
    assert keys(facts(raw), DESK).references == ("<near@x>", "<middle@x>", "<root@x>")
    assert keys(facts(raw), DESK).own == "<me@x>"


@pytest.mark.parametrize(
    ("subject", "tags"),
    [
        ("Re: [EX-222222] overflow", ("EX-222222",)),
        ("re: ex-222222 and EX-333333", ("EX-222222", "EX-333333")),
        ("EX-2222222", ()),
        ("XEX-222222", ()),
        ("SEC-222222", ()),
        ("=?utf-8?q?Re=3A_=5BEX-222222=5D?=", ("EX-222222",)),
        ("EX-222222 " * 400, ("EX-222222",)),
    ],
)
def test_case_numbers_in_a_subject(subject: str, tags: tuple[str, ...]) -> None:
    """Whole case numbers with our prefix, in any case, each once."""
    assert keys(facts(mails.plain(subject=subject)), DESK).case_tags == tags


def test_a_mail_without_a_message_id_has_no_empty_one() -> None:
    """Nothing is looked up where there is nothing: mails without an id would all belong together."""
    assert keys(facts(mails.plain(message_id="")), DESK).references == ()


def test_where_the_server_knows_no_separator_no_address_holds_a_token() -> None:
    """Without subaddresses the whole local part is the name of a mailbox."""
    raw = mails.plain(to=f"security+{TOKEN}@project.example, {TOKEN}@project.example")
    assert keys(facts(raw), replace(DESK, subaddress="")).tokens == ()


def test_a_mail_seen_again_is_of_the_case_it_has() -> None:
    """Handled once more (in Sent, after a crash) it joins its own case, even without a Message-ID."""
    decision = arrived(mails.plain(message_id=""), MailCandidates("EX-777777", current=case()))
    assert decision.thread.case == case()


def test_the_number_of_keys_is_bounded() -> None:
    """Thousands of references and case numbers are cut."""
    many = " ".join(f"<r{n}@x>" for n in range(5000))
    tags = " ".join(f"EX-{n:06}" for n in range(222222, 222722))
    found = keys(facts(mails.plain(subject=tags, References=many)), DESK)
    assert len(found.references) <= 101
    assert len(found.case_tags) <= 5


ONE, TWO, THREE = (case(id=f"EX-22222{n}") for n in (2, 3, 4))


@pytest.mark.parametrize(
    ("first", "reference", "tag", "insider", "wanted", "by", "guessed"),
    [
        (ONE, TWO, THREE, True, ONE, ThreadBy.TOKEN, ""),
        (None, TWO, THREE, True, TWO, ThreadBy.REFERENCES, ""),
        (None, None, THREE, True, THREE, ThreadBy.SUBJECT, ""),
        (None, None, THREE, False, None, ThreadBy.NONE, "EX-222224"),
        (None, None, None, True, None, ThreadBy.NONE, ""),
        (None, TWO, THREE, False, TWO, ThreadBy.REFERENCES, ""),
    ],
)
def test_the_strongest_key_decides(
    first: Case | None,
    reference: Case | None,
    tag: Case | None,
    insider: bool,
    wanted: Case | None,
    by: ThreadBy,
    guessed: str,
) -> None:
    """Token before references before subject, and a subject only from somebody inside."""
    found = find(token(first) if first else None, reference, tag, insider)
    assert (found.case, found.by, found.guessed) == (wanted, by, guessed)


def test_a_stranger_who_guesses_a_case_number_opens_a_case_of_his_own() -> None:
    """The guessed case is only noted as possibly related."""
    raw = mails.plain(subject="Re: [EX-222222] overflow", sender="eve@evil.example")
    decision = arrived(raw, MailCandidates("EX-777777", by_tag=case()))
    made = opens(decision)
    assert made is not None
    assert (made.case_id, made.related) == ("EX-777777", CASE)
    assert "possibly-related" in flags(decision)


@pytest.mark.parametrize(
    "raw",
    [
        mails.plain(subject="Re: [EX-222222] more", sender=RITA),
        mails.plain(
            subject="Re: [EX-222222] more", sender="anna@project.example", Authentication_Results=PASSED
        ),
    ],
)
def test_who_is_in_the_case_may_use_its_number(raw: bytes) -> None:
    """The reporter, and a proved member of the team, reach the case by its number alone."""
    decision = arrived(raw, MailCandidates("EX-777777", by_tag=case()))
    assert (verdict(decision), decision.thread.by) == (Verdict.CORRESPONDENCE, ThreadBy.SUBJECT)


def test_a_member_who_proves_nothing_is_a_stranger_to_a_case_number() -> None:
    """From a member's address, without proof, the case number opens nothing."""
    raw = mails.plain(subject="[EX-222222] close it please", sender="anna@project.example")
    decision = arrived(raw, MailCandidates("EX-777777", by_tag=case()))
    assert decision.thread.case is None


@pytest.mark.parametrize(
    "known", [{"by_token": token(case())}, {"by_reference": case()}], ids=["token", "reference"]
)
def test_who_knows_a_letter_of_ours_reaches_its_case(known: dict[str, Any]) -> None:
    """A token or a known Message-ID leads any author into the case, whatever the subject says."""
    raw = mails.plain(subject="CHEAP PILLS 80% OFF!!!", sender="colleague@reporter.example")
    decision = arrived(raw, MailCandidates("EX-777777", **known))
    assert verdict(decision) is Verdict.CORRESPONDENCE
    assert opens(decision) is None


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_headers_have_keys(subject: str, to: str, references: str) -> None:
    """Whatever the headers: no error, and no token that we did not make in our domain."""
    raw = mails.plain(subject="x").replace(b"Subject: x", f"Subject: {subject}".encode("utf-8", "replace"))
    raw = f"References: {references}\r\nCc: {to}\r\n".encode("utf-8", "replace") + raw
    found = keys(facts(raw), DESK)
    assert all(len(token) == ids.TOKEN_LENGTH for token in found.tokens)


def test_nothing_known_is_no_thread() -> None:
    """A first mail has no case yet."""
    assert arrived(mails.plain(), FRESH).thread.case is None


@pytest.mark.parametrize(("until", "over"), [(None, False), (-1, True), (0, True), (1, False)])
def test_a_guests_time_in_a_case_is_over_at_its_end(until: int | None, over: bool) -> None:
    """To the second; without an end it never is."""
    end = None if until is None else NOW + timedelta(seconds=until)
    token = Token(case(), "fix@vendor.example", Side.GUEST, Audience.TEAM, until=end)
    assert token.over(NOW) is over
