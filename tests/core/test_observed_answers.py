"""Where a list delivers, a member's answer names no case: what their mail server signed tells whom it is for.

What each server signs is what its signatures in public archives say (November 2026).
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.candidates.mail import Asked
from maild.core.change import SetHandler, Verdict
from maild.core.decision import Decision
from maild.core.mail.copy import FENCE, FENCE_END
from maild.core.mail.dkim import Covered, covered
from maild.core.mail.headers import Headers
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.mail.repeats import quotes, repeats
from maild.core.policy import Policy
from tests.support.deciding import CASE, PASSED, RITA, arrived, case, flags, met, verdict
from tests.support.desk import NOW
from tests.support.members import ADDRESS, OBSERVE, RELAY, Way, answers, known, mail, opened, policy, told
from tests.support.phrases import PHRASES

GMAIL = "to:cc:subject:message-id:date:from:in-reply-to:references:mime-version:from:to:cc:subject:date:message-id:reply-to"
MICROSOFT = "From:Date:Subject:Message-ID:Content-Type:MIME-Version:X-MS-Exchange-SenderADCheck"
OPENDKIM = "Date:From:To:Cc:Subject:In-Reply-To:References:From"
SERVERS = {
    "Gmail": GMAIL,
    "Microsoft 365": MICROSOFT,
    "Fastmail": "cc:cc:content-type:date:date:from:from:in-reply-to:in-reply-to:message-id:mime-version:references:reply-to:subject:subject:to:to",
    "Proton": "Date:To:From:Cc:Subject:Message-ID:In-Reply-To:References:Feedback-ID:From:To:Cc:Date:Subject:Reply-To",
    "Proton, before 2022": "Date:To:From:Cc:Reply-To:Subject:In-Reply-To:References:From",
    "Zoho": "MIME-Version:References:In-Reply-To:From:From:Date:Date:Message-ID:Subject:Subject:To:To:Cc:Cc:Content-Type:Reply-To",
    "OpenDKIM": OPENDKIM,
    "rspamd": "from:from:reply-to:subject:subject:date:date:message-id:message-id:to:to:cc:cc:mime-version:in-reply-to:references",
    "Yandex": "In-Reply-To:From:Subject:Date:References:To:Cc:Message-ID",
}
REPORT = (
    "A crafted file makes the parser write past its buffer: the length field is read before it is checked."
)
ASKED = (Asked(RITA, "Overflow in the parser", REPORT),)
WORDS = "We can reproduce it and work on a fix, which we plan to release on Thursday."
QUOTED = f"{WORDS}\n\nOn Mon, 2 Mar 2026 at 10:30, Rita wrote:\n> {REPORT}\n"
OUTLOOK = f"{WORDS}\n\nFrom: Rita <{RITA}>\nSent: Monday, March 2, 2026 10:30\nTo: Security\nSubject: Overflow in the parser\n\n{REPORT}\n"
OTHERS = f"{WORDS}\n\nOn Mon, 2 Mar 2026 at 10:30, Bob wrote:\n> Does anybody know when the next release will be made, and what is in it?\n"
LIST, PUBLIC, ID = "security@project.example", "public@lists.example", "<one@reporter.example>"
LATER = NOW + timedelta(hours=2)
TOPIC = "Re: Overflow in the parser"


def comes(
    signed: str, text: str = QUOTED, to: str = RITA, cc: str = LIST, at: datetime = LATER, **more: str
) -> Decision:
    """Anna's message in Rita's case, of which her server signed some fields; *more*: others, and the mode."""
    way = Way("", plus=False)
    mode = RELAY if more.pop("mode", "") else OBSERVE
    fields = {
        "subject": TOPIC,
        "In_Reply_To": ID,
        "DKIM_Signature": f"v=1; d=project.example; h={signed}; b=x",
    }
    raw = mail(way, text, to=to, Cc=cc, date=at, **{**fields, **more})  # type: ignore[arg-type]
    there = known(way, raw=raw, answers=frozenset({ID}), asked=() if "to:" in signed.lower() else ASKED)
    return arrived(raw, there, opened=Opened(parse(raw)), at=LATER, policy=policy(way, mode))


@pytest.mark.parametrize("signed", SERVERS.values(), ids=SERVERS)
@pytest.mark.parametrize(
    "text", [QUOTED, OUTLOOK, WORDS, f"{WORDS}\n\n-- \nAnna\nProject\n", f"> {REPORT}\n\n{WORDS}\n"]
)
@pytest.mark.parametrize(
    ("to", "cc"), [(RITA, LIST), (LIST, RITA), (f"{LIST}, {RITA}", ""), (RITA, "bob@x.example")]
)
def test_an_ordinary_answer_keeps_the_promise(signed: str, text: str, to: str, cc: str) -> None:
    """From each provider, in every usual shape, with the list's marks or without."""
    for marks in ({}, {"List_Id": "<security.project.example>"}):
        decision = comes(signed, text, to, cc, **marks)
        assert (verdict(decision), met(decision)) == (Verdict.CORRESPONDENCE, [1, 2])
        assert "unverified-member" not in flags(decision)


@pytest.mark.parametrize("signed", SERVERS.values(), ids=SERVERS)
def test_what_members_say_among_themselves_is_theirs(signed: str) -> None:
    """To the list alone, in the thread: nobody is told that somebody pretends to be them, and no answer is seen."""
    decision = comes(signed, QUOTED, LIST, "")
    assert (flags(decision), 2 in met(decision)) == (set(), False)
    assert any(isinstance(one, SetHandler) for one in decision.changes)


@pytest.mark.parametrize(
    ("signed", "text", "to", "cc", "more"),
    [
        (OPENDKIM, WORDS, PUBLIC, f"{LIST}\nCc: {RITA}", {}),
        (OPENDKIM, WORDS, f"{PUBLIC}\nTo: {RITA}", LIST, {}),
        (OPENDKIM.replace("Cc:", ""), QUOTED, PUBLIC, RITA, {}),
        (GMAIL.replace("in-reply-to:references:", ""), WORDS, PUBLIC, "", {}),
        (MICROSOFT, WORDS, RITA, LIST, {"subject": "Re: your patch"}),
        (MICROSOFT, OTHERS, RITA, LIST, {}),
        (MICROSOFT, WORDS, RITA, LIST, {"subject": "Re: your patch", "Reply_To": RITA}),
        (MICROSOFT, f"{WORDS}\n-- \nAnna\n\n{OTHERS}", RITA, LIST, {}),
        (f"{OPENDKIM}; l=0", QUOTED, RITA, LIST, {}),
    ],
)
def test_what_was_written_for_others_keeps_no_promise(
    signed: str, text: str, to: str, cc: str, more: dict[str, str]
) -> None:
    """A post of this week with Rita's Message-ID, and Rita wherever that was not signed: its author is told."""
    decision = comes(signed.replace("In-Reply-To:", ""), text, to, cc, **more)
    assert met(decision) == []
    assert not any(isinstance(one, SetHandler) for one in decision.changes)
    assert "unverified-member" in flags(decision)
    assert told(decision).get(ADDRESS) == "your-mail-held"


def test_an_answer_in_public_to_what_bears_her_message_id_is_no_answer_to_her() -> None:
    """Somebody else's post can have it: who reads the answer was signed."""
    assert met(comes(GMAIL, WORDS, PUBLIC, "")) == []
    assert 2 not in met(comes(OPENDKIM, WORDS, PUBLIC, LIST))


def test_who_was_added_to_an_answer_was_not_answered() -> None:
    """Of two reporters, the one in the signed field; where none is signed, the one whose words are quoted."""
    carl = "carla@else.example"
    both = case().__class__(
        **{**{f: getattr(case(), f) for f in case().__slots__}, "reporters": (RITA, carl)}
    )
    for signed, cc in ((OPENDKIM.replace("Cc:", ""), f"{LIST}, {carl}"), (MICROSOFT, f"{LIST}, {carl}")):
        way = Way("", plus=False)
        fields = {"In_Reply_To": ID, "DKIM_Signature": f"v=1; d=project.example; h={signed}; b=x"}
        raw = mail(way, QUOTED, to=RITA, Cc=cc, date=LATER, subject=TOPIC, **fields)  # type: ignore[arg-type]
        there = known(way, both, raw, asked=ASKED)
        decision = arrived(raw, there, opened=Opened(parse(raw)), at=LATER, policy=policy(way, OBSERVE))
        assert met(decision) == [1, 2]


def test_an_answer_from_before_the_case_is_none() -> None:
    """To Rita, of last week, for an older case of hers; a computer's clock that is wrong does no harm in the thread."""
    old = NOW - timedelta(days=3)
    assert met(comes(OPENDKIM.replace("In-Reply-To:", ""), WORDS, RITA, LIST, old)) == []
    assert met(comes(GMAIL, WORDS, RITA, LIST, NOW - timedelta(days=900))) == [1, 2]
    assert met(comes(MICROSOFT, QUOTED, f"{RITA}", LIST, NOW - timedelta(days=900))) == [1, 2]


@pytest.mark.parametrize("server", [GMAIL, OPENDKIM, MICROSOFT])
def test_where_maild_is_the_list_a_reader_may_be_added_no_more(server: str) -> None:
    """A member's answer to Rita by themselves counts; an internal one to which somebody adds her does not."""
    tagged = {"subject": f"Re: [{CASE}] Overflow in the parser", "mode": "relay"}
    assert met(comes(server, QUOTED, RITA, LIST, **tagged)) == [1, 2]
    inside = server.replace("Cc:", "").replace(":cc", "")
    block = f"{WORDS}\n\n> {FENCE}\n> Case: {CASE}\n> {FENCE_END}\n> {REPORT}\n"
    assert 2 not in met(comes(inside, block, LIST, RITA, **tagged))


def test_what_repeats_and_what_quotes() -> None:
    """A good piece of another text, however it is wrapped; greetings and addresses of pages are none."""
    assert repeats(f"> {REPORT[:60]}\n> {REPORT[60:]}", REPORT)
    assert not repeats(
        "Dear team, thank you: https://project.example/a/very/long/path/to/a/page/of/it.html", REPORT
    )
    assert not repeats("", REPORT)
    assert not repeats(REPORT, "")
    assert not quotes(f"{WORDS}\n\nSent from my phone", PHRASES)
    assert quotes(QUOTED, PHRASES)
    assert quotes(OUTLOOK, PHRASES)


def test_spf_for_the_very_address_is_enough() -> None:
    """The member's own server brought it just now, whatever it signs."""
    spf = f"{PASSED}; spf=pass smtp.mailfrom={ADDRESS}"
    assert met(comes(MICROSOFT, WORDS, subject="Something else", Authentication_Results=spf)) == [1, 2]


def test_no_field_is_signed_that_servers_may_not_have_seen() -> None:
    """Rita behind a byte order mark, or with a blank before the colon; and a signature hidden behind blanks."""
    signed = OPENDKIM.replace("In-Reply-To:", "")
    for name in ("\ufeffCc", "Cc "):
        assert met(comes(signed, WORDS, PUBLIC, "", **{name: RITA})) == []
    folded = "\n " + "\n ".join([" " * 70] * 300)
    there = {
        "DKIM_Signature": f"v=1;{folded} d=project.example; h={MICROSOFT}; b=x",
        "subject": "Re: your patch",
    }
    assert met(comes(MICROSOFT, WORDS, **there)) == []


def signed_by_anna(mode: Policy, text: str, inner: dict[str, str], to: str = RITA, **more: str) -> Decision:
    """Anna's message in Rita's case, signed with her key, which nobody else vouches for."""
    way = Way("", plus=False, proof="signed")
    raw = mail(
        way,
        text,
        to=to,
        Cc=LIST,
        In_Reply_To=ID,
        subject=TOPIC,
        Authentication_Results="",
        date=LATER,
        **more,
    )  # type: ignore[arg-type]
    there = known(way, raw=raw, answers=frozenset({ID}))
    looked = replace(opened(raw, way, at=LATER), protected=inner)
    return arrived(raw, there, opened=looked, at=LATER, policy=policy(way, mode))


@pytest.mark.parametrize("inner", [{"to": RITA}, {"cc": f"{LIST}, {RITA}"}, {"in-reply-to": ID, "to": RITA}])
def test_a_signed_answer_where_a_list_delivers_counts_by_its_own_fields(inner: dict[str, str]) -> None:
    """Without a case number and without an exchanger: its protected fields say whom it answers."""
    inner = {"cc": LIST, **inner}
    assert met(signed_by_anna(OBSERVE, WORDS, inner)) == [1, 2]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        (WORDS, {}),
        (WORDS, {"to": PUBLIC, "cc": LIST}),
        (f"{WORDS} {RITA}", {}),
        (QUOTED, {"to": PUBLIC, "cc": LIST}),
        (WORDS, {"to": PUBLIC, "cc": LIST, "in-reply-to": "<other@x.example>"}),
        (f"!handler Bea\n\n{WORDS}", {"to": RITA, "cc": LIST}),
        (f"!close done\n\n{WORDS}", {"in-reply-to": ID, "to": RITA, "cc": LIST}),
    ],
)
def test_a_signed_post_of_others_is_no_answer_there(text: str, inner: dict[str, str]) -> None:
    """Its own fields name somebody else, or it holds a command, which names its case."""
    decision = signed_by_anna(OBSERVE, text, inner)
    assert met(decision) == []
    assert not any(isinstance(one, SetHandler) for one in decision.changes)


@pytest.mark.parametrize(
    ("text", "inner", "counts"),
    [
        (f"{CASE}: {WORDS}", {"to": LIST}, False),
        (f"{CASE}: {WORDS}", {"cc": LIST}, False),
        (f"{CASE}: {WORDS}\n> {FENCE}\n> From: {RITA}\n> {FENCE_END}", {}, False),
        (f"{CASE}: {WORDS}", {"to": RITA, "cc": LIST}, True),
        (f"{CASE}: {WORDS} {RITA}", {}, True),
    ],
)
@pytest.mark.parametrize("mode", [OBSERVE, RELAY])
def test_who_was_added_to_a_signed_message_was_not_answered(
    text: str, inner: dict[str, str], counts: bool, mode: Policy
) -> None:
    """Rita in an outer field alone: what was signed says to whom it goes."""
    assert (2 in met(signed_by_anna(mode, text, inner))) is counts


def test_where_members_answer_themselves_the_case_is_enough() -> None:
    """Few programs sign To, and Microsoft does not: in observe mode what names its case answers whom it is sent to."""
    text = f"{CASE}: {WORDS}"
    assert 2 in met(signed_by_anna(OBSERVE, text, {}))
    assert 2 not in met(signed_by_anna(RELAY, text, {}))
    assert 2 in met(comes(MICROSOFT, text, RITA, LIST, subject="Re: your patch"))
    assert 2 in met(comes(MICROSOFT, WORDS, RITA, LIST, subject=f"Re: your patch [{CASE}]"))
    unsigned = MICROSOFT.replace("Subject:", "")
    assert 2 not in met(comes(unsigned, WORDS, RITA, LIST, subject=f"Re: your patch [{CASE}]"))


def test_an_answer_with_an_added_reader_still_goes_out() -> None:
    """Rita in a Cc that was not signed, of what goes to her by a token: maild sends it; she may have got nothing."""
    way = Way("reporter")
    fields = {"Cc": RITA, "DKIM_Signature": f"v=1; d=project.example; h={MICROSOFT}; b=x", "date": LATER}
    raw = mail(way, WORDS, subject=f"Re: [{CASE}] Overflow", **fields)  # type: ignore[arg-type]
    decision = arrived(raw, known(way, raw=raw), opened=Opened(parse(raw)), at=LATER, policy=RELAY)
    assert [one.recipient for one in answers(decision)] == [RITA]


@pytest.mark.parametrize(
    "domain", ["B\u00dcCHER.example", "xn--bcher-kva.example", "mail.xn--bcher-kva.example."]
)
def test_a_domain_is_the_same_in_either_writing(domain: str) -> None:
    """A signature that names it in the other is its own."""
    found = covered(Headers((("DKIM-Signature", f"v=1; d={domain}; h=from; b=x"),)), "b\u00fccher.example")
    assert found == Covered(frozenset({"from"}), whole=True)


@pytest.mark.parametrize(
    ("signed", "text", "subject", "to", "cc"),
    [
        (MICROSOFT, f"{WORDS}\n> {REPORT[:50]}\n", "Re: API", RITA, LIST),
        (MICROSOFT, f"{WORDS}\n{REPORT[:38]}", "Re: API", RITA, LIST),
        (MICROSOFT, f"{WORDS} https://project.example/{REPORT.replace(' ', '/')}", "Re: API", RITA, LIST),
        (MICROSOFT, WORDS, "Re: Overflow", RITA, LIST),
        (MICROSOFT, WORDS, "Overflow in the parser of others", RITA, LIST),
        (MICROSOFT, WORDS, "", RITA, LIST),
        (MICROSOFT, WORDS, "Re:", RITA, LIST),
        (MICROSOFT.replace("Subject:", ""), OTHERS, TOPIC, RITA, LIST),
        (MICROSOFT.replace("Subject:", ""), WORDS, TOPIC, RITA, LIST),
        ("To:From:Date", WORDS, TOPIC, PUBLIC, RITA),
        ("Cc:From:Date", WORDS, TOPIC, RITA, PUBLIC),
        ("from", WORDS, TOPIC, RITA, LIST),
    ],
)
def test_what_is_left_out_or_alike_names_nobody(
    signed: str, text: str, subject: str, to: str, cc: str
) -> None:
    """A few words alike, a subject that is like hers or not signed, a field beside the one that was signed."""
    assert met(comes(signed, text, to, cc, subject=subject)) == []


EVES = (
    "Cc",
    "To",
    "Resent-To",
    "Resent-Cc",
    "Apparently-To",
    "Delivered-To",
    "X-Original-To",
    "Reply-To",
    "Mail-Followup-To",
)
LEADS = (
    "In-Reply-To",
    "References",
    "X-Microsoft-Original-Message-ID",
    "Thread-Index",
    "Subject",
    "Message-ID",
    "Date",
)


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("signed", [OPENDKIM.replace("Cc:", ""), MICROSOFT], ids=["OpenDKIM", "Microsoft"])
@pytest.mark.parametrize(
    ("name", "value"), [*((one, RITA) for one in EVES), *((one, f"Re: [{CASE}] {ID}") for one in LEADS)]
)
def test_no_field_beside_those_that_were_signed_says_anything(
    name: str, value: str, signed: str, above: bool
) -> None:
    """A post to others with any field a second time, above its own or below: no answer to Rita, in either mode."""
    fields = {"subject": "Re: API", "In_Reply_To": "<other@x.example>", "References": "<other@x.example>"}
    for mode in ({}, {"mode": "relay"}):
        way = Way("", plus=False)
        own = {
            "to": PUBLIC,
            "DKIM_Signature": f"v=1; d=project.example; h={signed}; b=x",
            "date": LATER,
            **fields,
        }
        raw = mail(way, OTHERS, **own)  # type: ignore[arg-type]
        line = f"{name}: {value}\r\n".encode()
        raw = line + raw if above else raw.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n", 1)
        there = known(way, raw=raw, answers=frozenset({ID}), asked=ASKED)
        decision = arrived(
            raw, there, opened=Opened(parse(raw)), at=LATER, policy=policy(way, RELAY if mode else OBSERVE)
        )
        assert met(decision) == []
        assert not any(isinstance(one, SetHandler) for one in decision.changes)
