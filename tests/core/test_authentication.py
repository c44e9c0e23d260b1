"""Authentication-Results: only what our own exchanger wrote, and what it says of the author shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.address import Address
from maild.core.mail.authentication import Authentication, authenticate, means, obstacle
from maild.core.mail.headers import Headers
from tests.support.bounded import bounded

MX = "mx.project.example"
ANNA = Address("anna@project.example")
PROVED = Authentication(author=True)
LOGGED_IN = Authentication(author=True, logged_in=True)
NOTHING = Authentication()
FORGED = Authentication(dmarc_failed=True)

LMTP = ("Received", f"from {MX} ([127.0.0.1]) by {MX} with LMTP id abc; Mon, 2 Mar 2026 09:30:00 +0000")
FILTER = ("Received", f"from localhost (localhost [127.0.0.1]) by {MX} (Postfix) with ESMTP id 2")
RELAYED = ("Received", f"from mx2.project.example (mx2.project.example [203.0.113.7]) by {MX} (Postfix) id 3")
BELOW = ("Received", f"from a.{MX} (a.{MX} [203.0.113.8]) by mx2.project.example (Postfix) id 4")
BOUNDARY = (
    "Received",
    f"from out.mail.example (out.mail.example [198.51.100.4]) by {MX} (Postfix) with ESMTPS id 1",
)
FOREIGN = ("Received", "from laptop (laptop [192.0.2.9]) by out.mail.example with ESMTPSA id 0")


def results(text: str, serv_id: str = MX) -> tuple[str, str]:
    """One Authentication-Results field."""
    return "Authentication-Results", f"{serv_id}; {text}"


PASS = results("dmarc=pass (p=reject dis=none) header.from=project.example")
FAIL = results("dmarc=fail (p=reject dis=none) header.from=project.example")
DKIM = results("dkim=pass (2048-bit key) header.d=project.example header.i=@project.example header.b=xyz")


def verdict(*fields: tuple[str, str], author: Address | None = ANNA, local: bool = False) -> Authentication:
    """What these fields prove of the author."""
    return authenticate(Headers(fields), author, (MX,), local)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ((PASS, BOUNDARY, FOREIGN), PROVED),
        ((LMTP, PASS, FILTER, BOUNDARY, FOREIGN), PROVED),
        ((LMTP, FILTER, PASS, BOUNDARY), PROVED),
        ((LMTP, RELAYED, PASS, BOUNDARY), PROVED),
        ((LMTP, RELAYED, BOUNDARY, PASS), PROVED),
        ((LMTP, BELOW, BOUNDARY, PASS), PROVED),
        ((LMTP, BOUNDARY, PASS, FOREIGN), PROVED),
        ((BOUNDARY, FOREIGN, PASS), NOTHING),
        ((LMTP, FILTER, BOUNDARY, FOREIGN, PASS), NOTHING),
        ((FOREIGN, PASS), NOTHING),
        ((LMTP, FILTER, BOUNDARY, BOUNDARY, PASS), NOTHING),
        ((BOUNDARY, FILTER, PASS), NOTHING),
        ((LMTP, BOUNDARY, ("Received", "by out.mail.example id 7"), PASS), NOTHING),
        ((), NOTHING),
        ((BOUNDARY,), NOTHING),
    ],
)
def test_where_the_results_stand(fields: tuple[tuple[str, str], ...], wanted: Authentication) -> None:
    """Results count from the top down to where the mail reached us; below that a stranger wrote them."""
    assert verdict(*fields) == wanted


@pytest.mark.parametrize(
    ("sender", "what"),
    [
        (f"{MX} (unknown [203.0.113.9])", "a stranger who calls himself by our name"),
        ("x", "a hop that shows no address"),
        ("[203.0.113.9]", "a bare address"),
        ("x ()", "nothing looked up"),
        ("localhost (unknown [203.0.113.9])", "a stranger who calls himself localhost"),
        ("[127.0.0.1] (unknown [203.0.113.9])", "a stranger who calls himself by the loopback address"),
        (f"[203.0.113.9] (helo={MX})", "the same, as Exim writes it"),
        ("[203.0.113.9] (helo=[127.0.0.1])", "the same with an address"),
        ("x (mx.project.example.evil.example [203.0.113.9])", "a name that only begins like ours"),
        ("x (evilproject.example [203.0.113.9])", "a name that only ends like ours"),
        ("x (mx.project.example [203.0.113.9] (may be forged))", "a name that was looked up and found wrong"),
    ],
)
def test_a_stranger_stays_one_whatever_he_calls_himself(sender: str, what: str) -> None:
    """The name a host gives itself moves no border: below its hop nothing is believed."""
    hop = ("Received", f"from {sender} by {MX} (Postfix) with SMTP id 9")
    forged_hop = ("Received", f"from a.example (a.example [198.51.100.9]) by {MX} (Postfix) id 8")
    assert verdict(LMTP, hop, forged_hop, PASS) == NOTHING, what


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ((DKIM, PASS), PROVED),
        ((PASS, DKIM), PROVED),
        ((DKIM, FAIL), FORGED),
        ((FAIL, DKIM), FORGED),
        ((PASS, FAIL), FORGED),
        ((results("dkim=pass header.d=project.example; dmarc=fail header.from=project.example"),), FORGED),
        ((results("dkim=fail header.d=project.example; dkim=pass header.d=project.example"),), NOTHING),
        ((results("dkim=pass header.d=other.example"),), NOTHING),
        ((results("spf=pass smtp.mailfrom=project.example"),), NOTHING),
        ((results("none"),), NOTHING),
        ((results("dmarc=none header.from=project.example"),), NOTHING),
        ((results("dmarc=temperror"),), NOTHING),
        ((results("dkim=pass header.i=@project.example"),), PROVED),
        ((results("DMARC=PASS HEADER.FROM=Project.Example"),), PROVED),
    ],
)
def test_results_of_several_filters_are_read_together(
    fields: tuple[tuple[str, str], ...], wanted: Authentication
) -> None:
    """OpenDKIM and OpenDMARC write their own fields: either proves, and one failed DMARC outweighs all."""
    assert verdict(*fields, BOUNDARY, FOREIGN) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "dmarc=pass header.from=evil.example",
        "dmarc=pass header.from=sub.project.example",
        "dkim=pass header.d=example",
    ],
)
def test_a_verdict_on_somebody_else_proves_nothing(text: str) -> None:
    """The domain judged has to be the author's own."""
    assert verdict(results(text), BOUNDARY) == NOTHING


def test_a_conflict_spoils_a_proof() -> None:
    """Where one result judged another From than the one shown, nothing is proved."""
    assert verdict(results("dmarc=pass header.from=evil.example"), DKIM, BOUNDARY) == NOTHING


@pytest.mark.parametrize(
    "serv_id",
    ["mx.evil.example", "mx.project.example.evil.example", "project.example", "xmx.project.example", "mx"],
)
def test_another_exchanger_is_not_believed(serv_id: str) -> None:
    """Only the configured authserv-id counts."""
    assert verdict(results("dmarc=pass header.from=project.example", serv_id), BOUNDARY) == NOTHING


@pytest.mark.parametrize("serv_id", ["MX.Project.Example", f"{MX} 1", f"(filter) {MX}", f"{MX} (filter 2.0)"])
def test_the_authserv_id_in_its_other_spellings(serv_id: str) -> None:
    """Case, a version and comments beside the authserv-id do not matter (RFC 8601 §2.2)."""
    assert verdict(results("dmarc=pass header.from=project.example", serv_id), BOUNDARY) == PROVED


@pytest.mark.parametrize(
    "text",
    [
        'spf=pass smtp.mailfrom="x; dmarc=pass header.from=project.example "@evil.example',
        'dkim=pass header.i="; dkim=pass header.d=project.example ;"@evil.example',
        r'spf=pass smtp.mailfrom="a\"; dmarc=pass header.from=project.example; \""@evil.example',
        "spf=pass (sender; dmarc=pass header.from=project.example;)",
        "spf=pass (a (b; dmarc=pass header.from=project.example;) c; dmarc=pass;)",
        "spf=pass smtp.mailfrom=dmarc=pass@evil.example",
        r"dkim=fail (a \) ; dmarc=pass header.from=project.example",
        r"dkim=fail (a (b \) \) ) ; dmarc=pass header.from=project.example",
        "spf=none smtp.helo=evil;dmarc=pass",
        "spf=none smtp.helo=evil;dkim=pass",
    ],
)
def test_no_verdict_hides_in_what_a_stranger_chose(text: str) -> None:
    """Quoted strings, comments and values hold no verdicts."""
    assert verdict(results(text), BOUNDARY) == NOTHING


def test_without_an_author_or_an_authserv_id_nothing_is_proved() -> None:
    """Two From lines (no author) or no configured exchanger: no result counts."""
    assert verdict(PASS, BOUNDARY, author=None) == NOTHING
    assert authenticate(Headers((PASS, BOUNDARY)), ANNA, (), False) == NOTHING


@pytest.mark.parametrize(
    ("text", "local", "wanted"),
    [
        ("auth=pass smtp.auth=anna@project.example", True, LOGGED_IN),
        ("auth=pass smtp.auth=anna@project.example", False, NOTHING),
        ("auth=pass smtp.auth=carl@project.example", True, NOTHING),
        ("auth=fail smtp.auth=anna@project.example", True, NOTHING),
    ],
)
def test_a_login_at_our_own_server_is_opt_in(text: str, local: bool, wanted: Authentication) -> None:
    """``auth=pass`` proves the author only where local submission is trusted, and only that very user."""
    assert verdict(results(text), LMTP, local=local) == wanted


@pytest.mark.parametrize(
    "field",
    [
        ("Received", "from " + "x" * 60_000),
        ("Received", "from a " * 9_000),
        ("Received", "(" * 60_000),
        ("Received", "from a by " * 6_000),
        ("Authentication-Results", MX + ";" + "(" * 60_000),
        ("Authentication-Results", MX + ";" + '"' * 60_001),
        ("Authentication-Results", MX + "; dmarc=pass header.from=x" * 2_000),
        ("Authentication-Results", ";" * 60_000),
    ],
)
def test_hostile_fields_end(field: tuple[str, str]) -> None:
    """Sixty thousand characters of brackets, quotes or half patterns are bounded work and prove nothing."""
    with bounded():
        assert not verdict(field, field, field).author


@given(
    st.lists(st.tuples(st.sampled_from(["Received", "Authentication-Results", "X"]), st.text(max_size=80)))
)
def test_no_text_proves_an_author_by_chance(fields: list[tuple[str, str]]) -> None:
    """Whatever the fields hold: no error and no proof."""
    assert not verdict(*fields).author


MAIL_FROM = "smtp.mailfrom=anna@project.example"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ((PASS, BOUNDARY), "dmarc=pass of mx.project.example"),
        ((DKIM, BOUNDARY), "dkim=pass of mx.project.example"),
        ((PASS, DKIM, BOUNDARY), "dmarc=pass of mx.project.example"),
        ((results("auth=pass smtp.auth=anna"), BOUNDARY), "auth=pass of mx.project.example"),
        ((results("dmarc=fail"), BOUNDARY), "their login there"),
        ((("Authentication-Results", "dmarc=pass header.from=project.example"), BOUNDARY), "dmarc=pass"),
        ((BOUNDARY,), "their login there"),
    ],
)
def test_the_operator_reads_by_which_result_a_member_is_proved(
    fields: tuple[tuple[str, str], ...], said: str
) -> None:
    """The weightiest of those that passed, and who wrote it."""
    assert means(Headers(fields), (MX,)) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ((PASS, BOUNDARY), ""),
        ((FAIL, BOUNDARY), "the result is dmarc=fail"),
        ((results("dmarc=none"), results("dmarc=fail"), BOUNDARY), "the result is dmarc=fail, none"),
        (
            (results("dkim=pass (2048-bit key)"), BOUNDARY),
            "the results say nothing of DMARC, and do not name the domain whose signature is good",
        ),
        (
            (results("dkim=fail"), BOUNDARY),
            "the results say nothing of DMARC, and no signature of the author's domain is good",
        ),
        (
            (results("spf=pass"), BOUNDARY),
            "the results say nothing of DMARC, and no signature of the author's domain is good",
        ),
        (
            (("Received", f"from x (x [192.0.2.9]) by {MX} with ESMTPSA id 1"),),
            "it was handed in by a user who is logged in, and trust.local_submission is off",
        ),
        (
            (results("dmarc=pass", "mx.far.example"), BOUNDARY),
            "its results are of mx.far.example, which trust.authserv_id does not name",
        ),
        ((BOUNDARY,), "nobody wrote Authentication-Results into it"),
        (
            (BOUNDARY, PASS, FOREIGN),
            f"results of {MX} stand below its own Received field, and trust.results_below is off",
        ),
        ((FOREIGN, PASS), f"results of {MX} stand below a hop that is not known as yours"),
    ],
)
def test_the_operator_reads_why_a_member_is_not_proved(
    fields: tuple[tuple[str, str], ...], said: str
) -> None:
    """One sentence, of what stands in the header."""
    assert obstacle(Headers(fields), (MX,)) == said


GATE = ("Received", "from x (x [192.0.2.9]) by gate.filter.example (Filter) with ESMTPS id 1")
INWARD = (
    "Received",
    f"from gate.filter.example (gate.filter.example [203.0.113.9]) by {MX} with ESMTPS id 2",
)


@pytest.mark.parametrize("fields", [(INWARD, GATE, PASS), (FILTER, GATE, PASS, BOUNDARY), (GATE, PASS)])
def test_results_below_a_filter_in_front_are_told_by_its_host(fields: tuple[tuple[str, str], ...]) -> None:
    """Whether that hop is the topmost or not, it is known, but as one that writes no results."""
    why = f"results of {MX} stand below a host that only trust.hops names"
    assert obstacle(Headers(fields), (MX,), ("gate.filter.example",)) == why


@pytest.mark.parametrize(
    ("found", "handed_in"),
    [
        (f"spf=pass {MAIL_FROM}", True),
        (f"spf=fail {MAIL_FROM}", False),
        (f'spf=pass {MAIL_FROM} (x) "y"', False),
        ("spf=pass smtp.mailfrom=bea@project.example", False),
        (f"spf=pass {MAIL_FROM}; spf=fail {MAIL_FROM}", False),
        (f"spf=pass {MAIL_FROM}; spf=pass {MAIL_FROM}", True),
        ("", False),
    ],
)
def test_a_server_of_the_author_handed_it_in(found: str, handed_in: bool) -> None:
    """Where SPF passed for their very address, and nothing says otherwise."""
    field = results(f"dmarc=pass header.from=project.example; {found}")
    assert verdict(field, BOUNDARY) == Authentication(author=True, handed_in=handed_in)


SIGNED = "dkim=pass header.d=project.example"


@pytest.mark.parametrize(
    ("found", "proved"),
    [
        (SIGNED, True),
        ("dkim=pass header.i=@project.example", True),
        ("dkim=pass header.d=other.example", False),
        (f"{SIGNED}; dkim=fail header.d=other.example", True),
        (f"{SIGNED}; dkim=fail header.d=project.example", False),
        (f"{SIGNED}; dkim=none", False),
        (f"{SIGNED}; dkim=none header.d=project.example", True),
        (f"{SIGNED}; dkim=neutral", True),
        (f'{SIGNED} "x"', False),
        ("dkim = pass header.d=project.example", False),
        (f"{SIGNED}; dkim (x) = fail header.d=project.example", True),
        ("dmarc = fail", False),
    ],
)
def test_a_signature_of_the_authors_domain_proves_them(found: str, proved: bool) -> None:
    """A good one that is read without doubt, while none of that domain is bad and no mail is called unsigned."""
    assert verdict(results(found), BOUNDARY).author is proved


@pytest.mark.parametrize(
    "written",
    ["dmarc=fail", "dmarc =fail", "dmarc= fail", "dmarc = fail", "dmarc (x) = (y) fail", "DMARC = FAIL"],
)
def test_what_is_said_against_the_author_is_not_missed(written: str) -> None:
    """However its blanks stand."""
    assert verdict(results(f"{written} header.from=project.example"), BOUNDARY) == FORGED
