"""The header block: what a member has to know of a mail at a glance."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.cases.authority import author_of
from maild.core.cases.heading import heading, heading_for_guest
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, Form, Opened, Signature, SignatureStatus
from maild.core.policy import Promise
from maild.core.values.case import Case
from maild.core.values.people import Audience
from tests.support import mails
from tests.support.deciding import CASE, PASSED, RITA, case, clock
from tests.support.desk import ANNA, NOW, POLICY


def lines(
    raw: bytes = b"",
    opened: Opened | None = None,
    audience: Audience = Audience.REPORTER,
    one: Case | None = None,
    now: datetime = NOW,
) -> dict[str, str]:
    """The block of a mail, by its labels."""
    raw = raw or mails.plain()
    opened = opened or Opened(parse(raw))
    facts = read_facts(parse(raw), POLICY, FolderRole.INBOX, opened)
    author = author_of(facts, opened, POLICY, "F" * 40)
    return dict(
        heading(one or case(), facts, opened, author, audience, "security+t@project.example", POLICY, now)
    )


def test_a_plain_mail() -> None:
    """Case, author, how it came, to whom, what is due next, where a reply goes, where the team is."""
    assert lines(mails.plain(Cc="Tim <tim@third.example>")) == {
        "Case": f"{CASE}, no handler yet",
        "From": "Rita Reporter <rita@reporter.example>",
        "Came": "unencrypted; not signed; author not verified",
        "To": "security@project.example",
        "Cc": "tim@third.example",
        "Next": "respond by 2026-03-04 09:30 UTC",
        "Reply": "goes to the REPORTER, rita@reporter.example",
        "Team": "security+t@project.example",
    }


def test_a_platforms_notice_names_the_person_there() -> None:
    """Who wrote, on which platform, where they are answered; and that a reply by mail reaches nobody."""
    shared = "notifications@github.com"
    raw = mails.plain(
        sender=f"Rita <{shared}>",
        message_id="<example/xq/security/advisories/GHSA-aaaa-bbbb-cccc@github.com>",
        X_GitHub_Sender="ritar",
    )
    found = lines(raw, one=case(reporters=(shared,)))
    assert found["From"] == f"ritar on GitHub (its notices come from {shared})"
    assert found["Answer at"].startswith(
        "https://github.com/example/xq/security/advisories/GHSA-aaaa-bbbb-cccc "
    )
    assert found["Reply"] == "goes to the TEAM only: nobody reads mail at the reporter's address"


def test_nobodys_token_is_in_it_and_a_guest_reads_no_business_of_the_team() -> None:
    """A tokened address of the desk stands without the token; a guest sees no promise, address or key of a member."""
    token = "security+abcdefghijklmnopq234@project.example"
    assert lines(mails.plain(to=f"{token}, {token}"))["To"] == "security@project.example"
    raw = mails.plain(sender=f"Anna <{ANNA.addresses[0]}>", to=token)
    facts = read_facts(parse(raw), POLICY, FolderRole.INBOX, Opened(parse(raw)))
    author = author_of(facts, Opened(parse(raw)), POLICY, "")
    shown = dict(heading_for_guest(case(), facts, Opened(parse(raw)), author, "team@x.example", POLICY))
    assert set(shown) == {"Case", "From", "Came", "Reply", "Team"}
    assert shown["From"] == "Anna, of the team"
    assert "anna@" not in str(shown)


def test_an_address_that_only_looks_like_another_is_told_apart() -> None:
    """A twin of a reporter's, a member's or the desk's address, and letters that are not plain, by number."""
    assert lines(mails.plain(sender="rita@rep0rter.example"))["Beware"] == (
        "the address only looks like rita@reporter.example, it is another one"
    )
    assert ANNA.addresses[0] in lines(mails.plain(sender=ANNA.addresses[0].replace("o", "0")))["Beware"]
    odd = lines(mails.plain(sender="r\u0456ta@reporter.example"))["Beware"]
    assert odd.endswith("it is another one; in it \u0456 is U+0456")
    assert "Beware" not in lines(mails.plain())


SEALED = {"form": Form.PGP_MIME, "decryption": Decryption.OK}


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (SEALED, "encrypted; not signed; author not verified"),
        (
            SEALED | {"decryption": Decryption.NO_KEY},
            "encrypted, NOT opened (no-key); not signed; author not verified",
        ),
        (
            SEALED | {"signature": Signature(SignatureStatus.GOOD, "F" * 40)},
            f"encrypted; signature good by {'F' * 40}; signed by the key remembered for its author",
        ),
        (
            {"signature": Signature(SignatureStatus.GOOD, ANNA.fingerprint)},
            f"unencrypted; signature good by {ANNA.fingerprint}; author verified (Anna, of the team)",
        ),
        (
            {"signature": Signature(SignatureStatus.BAD)},
            "unencrypted; signature bad; author not verified",
        ),
    ],
)
def test_how_it_came(about: dict[str, object], words: str) -> None:
    """Sealed or not, opened or not, signed by whom, and whether the author is proved."""
    raw = mails.plain()
    assert lines(raw, Opened(parse(raw), **about))["Came"] == words  # type: ignore[arg-type]  # fields of Opened


def test_an_author_whose_domain_is_vouched_for() -> None:
    """Our exchanger's word is told apart from no proof."""
    raw = mails.plain(
        Authentication_Results=PASSED.replace("project.example", "reporter.example", 2).replace(
            "mx.reporter", "mx.project"
        )
    )
    assert lines(raw)["Came"].endswith("author's domain verified")


def test_where_a_reply_goes_and_who_has_the_case() -> None:
    """The audience in plain words; the handler by name; no promise where none runs."""
    found = lines(audience=Audience.TEAM, one=replace(case(), handler="Bea", clocks=()))
    assert (found["Reply"], found["Case"]) == ("goes to the TEAM only", f"{CASE}, handled by Bea")
    assert found["Next"] == "no promise is running"


def test_which_reporter_a_reply_goes_to() -> None:
    """The author when he is one of several; the only one when somebody else wrote; else it is not said."""
    both = replace(case(), reporters=(RITA, "tim@third.example"))
    from_eve = mails.plain(sender="eve@elsewhere.example")
    assert lines(one=both)["Reply"] == f"goes to the REPORTER, {RITA}"
    assert lines(from_eve)["Reply"] == f"goes to the REPORTER, {RITA}"
    assert lines(from_eve, one=both)["Reply"] == "goes to the REPORTER"


def test_a_long_list_of_people_is_cut_and_counted() -> None:
    """Nobody is left out without a word."""
    crowd = ", ".join(f"p{number}@x.example" for number in range(11))
    assert lines(mails.plain(Cc=crowd))["Cc"].endswith("p7@x.example and 3 more")


def test_the_next_promise_is_the_one_due_first() -> None:
    """Not the one that was started first."""
    late = replace(case(), clocks=tuple(reversed(case().clocks)))
    update = replace(clock(Promise.UPDATE, 3), due=NOW + timedelta(hours=1))
    late = replace(late, clocks=(*late.clocks, update))
    assert lines(one=late)["Next"] == "update by 2026-03-02 10:30 UTC"


@pytest.mark.parametrize("name", ["=?utf-8?q?a=0D=0AReply:_goes_nowhere?=", "x\u202egnp", "a" * 5000])
def test_a_hostile_name_stays_on_its_line(name: str) -> None:
    """No line of the block can be forged from a header."""
    found = lines(mails.plain(sender=f"{name} <eve@x.example>"))
    assert len(found["From"]) <= 300
    assert not set("\r\n\u202e") & set("".join(found.values()))
    assert found["Reply"] == f"goes to the REPORTER, {RITA}"


def test_a_mail_of_nobody() -> None:
    """No author, no signature: the block says so."""
    assert lines(mails.plain(sender=""))["From"] == "(nobody named)"


def test_without_a_reporter_a_reply_stays_with_the_team() -> None:
    """The block says so, and which command names one."""
    said = lines(mails.plain(sender=""), one=replace(case(), reporters=()))["Reply"]
    assert said == "goes to the TEAM only: no reporter is known; !reporter ADDRESS (signed) names one"
