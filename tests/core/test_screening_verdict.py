"""The verdict as a whole: what decides, what never does, and what the configuration changes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.headers import Headers, parse_headers
from maild.core.screening import QUARANTINE, REPORT, Screening, ScreeningPolicy, screen
from tests.support.bounded import bounded
from tests.support.screened import PLAIN, RULES, SPAMMY

DEFAULT = RULES
DOUBTFUL = "Cheap shoes and jewellery catalog"
"""Two hints against it: not enough by themselves."""


def judge(subject: str, policy: ScreeningPolicy = DEFAULT, **fields: str) -> Screening:
    """The verdict on a plain mail with this *subject* and some more fields (``_`` for ``-``)."""
    given = {**PLAIN, **{name.replace("_", "-"): value for name, value in fields.items()}}
    return screen(subject, Headers(tuple(given.items())), policy)


@pytest.mark.parametrize("subject", ["", "...", " ", "?", "(none)", "Re:", "Re: Re: ...", "\u200b"])
@pytest.mark.parametrize("header", [PLAIN, SPAMMY], ids=["plain", "spammy"])
def test_a_missing_subject_is_never_held(subject: str, header: dict[str, str]) -> None:
    """Encrypted mail has none, and saying nothing is no evidence."""
    assert screen(subject, Headers(tuple(header.items())), DEFAULT).verdict == REPORT


def test_no_mail_is_held_for_its_header() -> None:
    """Every mark of bulk mail together leaves a neutral subject alone."""
    assert screen("Some plain words", Headers(tuple(SPAMMY.items())), DEFAULT) == Screening(REPORT, 0)


def test_no_header_at_all_is_no_crime() -> None:
    """A mail without fields is shown to people."""
    assert screen("Some plain words", Headers(), DEFAULT).verdict == REPORT


def test_evidence_for_a_report_outweighs_a_lure() -> None:
    """A lure is held; the same lure with the name of a flaw is a report."""
    assert (judge("A free gift card").verdict, judge("A free gift card: IDOR").verdict) == (
        QUARANTINE,
        REPORT,
    )


def test_the_reasons_name_the_rules_the_weightiest_first() -> None:
    """What decided stands in front, what spoke for the report among the rest."""
    assert judge("RCE! A mortgage").reasons == ("flaw", "credit", "code", "shouting")


def test_what_the_configuration_weighs_against_a_mail_does_not_save_it() -> None:
    """A flaw that an operator counts for spam, however little, is no plain word of a report."""
    weighed = replace(RULES, weights={"flaw": 0.1})
    assert judge("A free gift card: IDOR", weighed).verdict == QUARANTINE


def test_the_verdict_follows_the_score() -> None:
    """Held from the threshold on, not before."""
    score = judge("Low mortgage rates").score
    verdicts = [
        judge("Low mortgage rates", replace(RULES, threshold=limit)).verdict for limit in (score, score + 0.1)
    ]
    assert verdicts == [QUARANTINE, REPORT]


def test_even_a_threshold_of_zero_does_not_hold_a_neutral_mail() -> None:
    """A careless setting must not hide every report."""
    assert judge("Some plain words", replace(RULES, threshold=0)).verdict == REPORT


def test_a_weight_of_zero_switches_a_rule_off() -> None:
    """It neither counts nor is named."""
    assert judge("Mortgage", replace(RULES, weights={"credit": 0, "only-that": 0})) == Screening(REPORT, 0)


def test_a_weight_can_be_raised() -> None:
    """The operator's number takes the place of ours."""
    assert judge("Hurry: some plain words", replace(RULES, weights={"urgency": 9})).verdict == QUARANTINE


def test_a_word_of_our_policy_saves_a_mail() -> None:
    """Whoever writes the word that the policy asks for is heard, whatever else they write."""
    policy = replace(RULES, ham_words=("Tangerine",))
    assert judge("TANGERINE: your account has been suspended", policy).verdict == REPORT


def test_the_project_s_name_speaks_for_a_mail_but_not_alone() -> None:
    """Phishing names us too, so a plain lure is still held."""
    policy = replace(RULES, project_names=("libfoo",))
    verdicts = [
        judge(subject, policy).verdict
        for subject in ("libfoo order", "libfoo: 90% off, free shipping, buy now!!")
    ]
    assert verdicts == [REPORT, QUARANTINE]


def test_a_name_inside_another_word_is_not_ours() -> None:
    """``fox`` is not in ``foxes``."""
    policy = replace(RULES, ham_words=("fox",))
    assert "ham-word" not in judge("Foxes", policy).reasons


@pytest.mark.parametrize("word", ["", " "])
def test_an_empty_word_in_the_configuration_saves_nothing(word: str) -> None:
    """It would stand in every subject."""
    assert judge("Low mortgage rates", replace(RULES, ham_words=(word,))).verdict == QUARANTINE


def test_our_own_server_s_verdict_tips_the_scale_and_holds_nothing_alone() -> None:
    """Where reports are lost today, it is because such a header decided."""
    policy = replace(RULES, upstream_spam_header="X-Spam-Flag: YES")
    verdicts = [
        judge(subject, policy, X_Spam_Flag="YES").verdict
        for subject in ("A deal for my friend's shop", "Some plain words")
    ]
    assert verdicts == [QUARANTINE, REPORT]
    assert judge("A deal for my friend's shop", policy).verdict == REPORT


@pytest.mark.parametrize("subject", ["Database Weekly: cheap disks", "Gardening Digest"])
def test_a_newsletter_is_excused_and_no_report(subject: str) -> None:
    """A score below zero would have it acknowledged like a report."""
    listed = judge(subject, List_Post="<mailto:dev@lists.example>")
    assert (listed.verdict, listed.score) == (REPORT, 0)


def test_a_foreign_spam_header_is_not_believed() -> None:
    """Anybody can write one; only the one the operator names counts."""
    assert judge(DOUBTFUL, X_Spam_Flag="YES") == judge(DOUBTFUL)


def test_an_answer_is_believed_more_than_a_claim_to_answer() -> None:
    """``Re:`` costs nothing; the field of an answer is something that bulk mail rarely has."""
    assert judge("Re: Cheap flights", In_Reply_To="<1@a.example>").score < judge("Re: Cheap flights").score


def test_the_subject_is_judged_as_people_see_it() -> None:
    """An encoded word is decoded before it comes here; width and accents make no difference after."""
    headers = parse_headers(
        "Subject: =?utf-8?b?77yk772F772C772U?= consolid\u00e1tion, l\u00f2w mortg\u00e0ge\n".encode()
    )
    assert screen(headers.text("Subject"), headers, DEFAULT).verdict == QUARANTINE


def test_undeclared_bytes_are_read_in_every_likely_charset() -> None:
    """A report in an undeclared charset keeps the evidence that stands in it."""
    raw = "登录页面存在漏洞".encode("gb18030").decode("latin-1")
    assert "flaw" in judge(raw).reasons


def test_only_the_beginning_of_a_subject_is_judged() -> None:
    """Nobody reads further, and no work is done for it."""
    assert judge("x " * 400 + "casino") == judge("x " * 400)


@given(st.text(max_size=500), st.dictionaries(st.sampled_from(["To", "From", "Date", "Reply-To"]), st.text()))
def test_no_text_makes_it_fail(subject: str, fields: dict[str, str]) -> None:
    """Whatever stands there, there is a verdict."""
    assert screen(subject, Headers(tuple(fields.items())), DEFAULT).verdict in {REPORT, QUARANTINE}


@pytest.mark.parametrize(
    "piece",
    ["a", "a ", "a\u0430", "V*", "a.b.", " ", "[x]", "Re: ", "1a", "your ", "パ", "$", "é", "a_", "not "],
)
def test_a_hostile_subject_takes_bounded_work(piece: str) -> None:
    """A hundred screenings of the longest subject of one thing end."""
    headers = Headers((("To", "a@b.example, " * 500), ("Date", "1:" * 3000)))
    with bounded():
        for _ in range(100):
            screen(piece * 3000, headers, DEFAULT)
