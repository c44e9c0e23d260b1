"""Lines of the header block that stand on some mails only, and the blocks on answers that maild words itself."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.cases.authority import Author, Proved, Standing, author_of
from maild.core.cases.heading import (
    MOST_SHOWN,
    closed_lines,
    dated,
    heading,
    heading_for_guest,
    heading_of_answer,
    heading_of_answer_for_guest,
    key_lines,
)
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, Form, Opened, Signature, SignatureStatus
from maild.core.mail.sealed import ANOTHERS, QUOTED
from maild.core.policy import Policy, Promise
from maild.core.values.case import Case, CaseState, Flag
from maild.core.values.people import Audience
from tests.support import mails
from tests.support.deciding import CASE, RITA, answered_case, case, clock
from tests.support.desk import ANNA, BEA, NOW, POLICY

TEAM = "security+t@project.example"
OUTSIDE = Author(Standing.OUTSIDE)
OF_TEAM = Author(Standing.TEAM, ANNA, "team:Anna", Proved.EXCHANGER)


def lines(
    raw: bytes = b"",
    one: Case | None = None,
    author: Author = OUTSIDE,
    audience: Audience = Audience.REPORTER,
    now: datetime = NOW,
    policy: Policy = POLICY,
    **opened: object,
) -> dict[str, str]:
    """The block of a mail, by its labels; *opened* are fields of what opening it gave."""
    tree = parse(raw or mails.plain())
    found = Opened(tree, **opened)  # type: ignore[arg-type]  # fields of Opened
    facts = read_facts(tree, policy, FolderRole.INBOX, found)
    return dict(heading(one or case(), facts, found, author, audience, TEAM, policy, now))


DUE = NOW + timedelta(days=2)
PAUSED = replace(clock(Promise.UPDATE, 3), due=DUE, paused_until=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("one", "now", "said"),
    [
        (case(), DUE - timedelta(minutes=1), "respond by 2026-03-04 09:30 UTC"),
        (case(), DUE, "OVERDUE: respond was due by 2026-03-04 09:30 UTC"),
        (case(PAUSED), NOW, "update by 2026-03-04 09:30 UTC (paused until 2026-03-02 10:30 UTC)"),
        (case(PAUSED), NOW + timedelta(hours=1), "update by 2026-03-04 09:30 UTC"),
        (case(clock(Promise.ACKNOWLEDGE)), NOW, "no promise is running"),
        (
            case(clock(Promise.ACKNOWLEDGE), flags=frozenset({Flag.RECEIPT_BY_HAND})),
            NOW,
            "acknowledge by 2026-03-03 09:30 UTC",
        ),
        (case(replace(clock(Promise.RESPOND), promise="older")), NOW, "older by 2026-03-04 09:30 UTC"),
    ],
    ids=["ahead", "due now", "paused", "pause just over", "by itself", "by hand", "unknown"],
)
def test_what_is_due_next(one: Case, now: datetime, said: str) -> None:
    """Overdue from its instant on, paused until the end of the pause; never what maild does by itself."""
    assert lines(one=one, now=now)["Next"] == said


@pytest.mark.parametrize(
    ("author", "audience", "promise", "keeps"),
    [
        (OF_TEAM, Audience.REPORTER, Promise.RESPOND, True),
        (OF_TEAM, Audience.TEAM, Promise.RESPOND, False),
        (OUTSIDE, Audience.REPORTER, Promise.RESPOND, False),
        (OF_TEAM, Audience.REPORTER, "older", False),
    ],
)
def test_an_answer_to_the_reporter_may_keep_what_is_due_next(
    author: Author, audience: Audience, promise: str, keeps: bool
) -> None:
    """Said on a member's message to the reporter only, of a promise that an answer keeps."""
    one = case(replace(clock(Promise.RESPOND), promise=promise))
    said = lines(one=one, author=author, audience=audience)["Next"]
    assert said.endswith(" (unless this answer keeps it)") is keeps


def test_a_closed_case_is_called_so() -> None:
    """The line with the handler says that the case is closed."""
    one = case(state=CaseState.CLOSED, handler="Bea")
    assert lines(one=one)["Case"] == f"{CASE}, closed, handled by Bea"


@pytest.mark.parametrize(
    ("sender", "reply_to", "said"),
    [
        ("rita@reporter.example", "cert@reporter.example", "cert@reporter.example"),
        ("rita@reporter.example", "rita@reporter.example", None),
        ("rita@reporter.example", "", None),
        ("", "cert@reporter.example", None),
    ],
)
def test_where_replies_are_wanted(sender: str, reply_to: str, said: str | None) -> None:
    """Named where it is another address than the one that was written from."""
    assert lines(mails.plain(sender=sender, Reply_To=reply_to)).get("Wants replies at") == said


def test_on_a_platform_it_is_said_who_wrote_and_how_an_answer_is_noted() -> None:
    """With the name of the person there, where the notice has one."""
    fields = {
        "sender": "Rita <notifications@github.com>",
        "message_id": "<example/xq/security/advisories/GHSA-aaaa-bbbb-cccc@github.com>",
    }
    named = lines(mails.plain(X_GitHub_Sender="ritar", **fields))["Answer at"]  # type: ignore[arg-type]
    nameless = lines(mails.plain(**fields))  # type: ignore[arg-type]
    assert named.endswith(" (GitHub, written by ritar there), not by mail; then say !answered WHERE")
    assert nameless["Answer at"].endswith(" (GitHub), not by mail; then say !answered WHERE")
    assert nameless["From"] == "Rita <notifications@github.com>"


@pytest.mark.parametrize(("people", "more"), [(MOST_SHOWN, ""), (MOST_SHOWN + 1, " and 1 more")])
def test_so_many_people_are_shown(people: int, more: str) -> None:
    """Each once, and the rest is counted."""
    crowd = ", ".join(f"p{number}@x.example" for number in range(people))
    shown = ", ".join(f"p{number}@x.example" for number in range(MOST_SHOWN))
    assert lines(mails.plain(Cc=f"{crowd}, p0@x.example"))["Cc"] == shown + more


@pytest.mark.parametrize(
    ("opened", "came"),
    [
        ({}, "unencrypted"),
        ({"form": Form.INLINE, "decryption": Decryption.OK}, "encrypted"),
        (
            {"form": Form.INLINE, "decryption": Decryption.OK, "labels": ("encrypted",)},
            "encrypted in part, each part below its label",
        ),
        (
            {"form": Form.INLINE, "decryption": Decryption.FAILED, "reasons": ("one", "two", "three")},
            "encrypted, NOT opened (failed, one, two)",
        ),
    ],
)
def test_whether_it_was_encrypted(opened: dict[str, object], came: str) -> None:
    """In part or as a whole, and the first reasons why it could not be opened; a guest reads the same."""
    assert lines(**opened)["Came"].partition(";")[0] == came  # type: ignore[arg-type]  # fields of Opened
    tree = parse(mails.plain())
    found = Opened(tree, **opened)  # type: ignore[arg-type]  # fields of Opened
    facts = read_facts(tree, POLICY, FolderRole.INBOX, found)
    assert dict(heading_for_guest(case(), facts, found, OUTSIDE, TEAM, POLICY))["Came"] == came


def test_why_a_signature_is_not_good_is_said() -> None:
    """With the key that made it, where that is known."""
    bad = Signature(SignatureStatus.EXPIRED, "F" * 40, why="the key expired")
    assert f"; signature expired by {'F' * 40} (the key expired); " in lines(signature=bad)["Came"]


@pytest.mark.parametrize(
    ("author", "said"),
    [
        (OF_TEAM, "author verified (Anna, of the team)"),
        (replace(OF_TEAM, proved=Proved.TOKEN), "author verified by token only (Anna, of the team)"),
        (Author(Standing.TEAM, None, "team:desk", Proved.FOLDER), "author verified (team:desk)"),
        (Author(Standing.OUTSIDE, authority="reporter"), "signed by the key remembered for its author"),
        (Author(Standing.CLAIMED, ANNA), "author not verified"),
    ],
)
def test_how_the_author_is_proved(author: Author, said: str) -> None:
    """A token is less than a signature, and the desk's own account is nobody by name."""
    assert lines(author=author)["Came"].endswith(f"; {said}")


HEAD = "From: rita@reporter.example\nTo: security@project.example\nSubject: See there\nMIME-Version: 1.0\n"
PART = "--b\nContent-Type: {}\nContent-Disposition: attachment{}\n\n{}\n"


def parts(*given: tuple[str, str, str]) -> bytes:
    """A message without text of its own: type, file name and content of what is attached to it."""
    found = [PART.format(kind, f"; filename={name}" if name else "", text) for kind, name, text in given]
    body = "".join(found) + "--b--\n"
    return f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{body}".replace("\n", "\r\n").encode()


FORWARD = "From: sam@x.example\nSubject: Overflow\n\nIt crashes."
FILE = ("application/octet-stream", "poc.bin", "x")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (mails.plain(text=""), "none; the message is empty"),
        (mails.plain(), None),
        (parts(FILE), "none; see the attached poc.bin"),
        (parts(FILE, FILE, ("image/png", "a.png", "x")), "none; see the attached poc.bin, a.png"),
        (parts(("image/png", "", "x"), ("audio/ogg", "", "x")), "none; see its part of the type image/png"),
        (parts(("message/rfc822", "", FORWARD)), "none of its own; that of the attached message follows it"),
        (parts(("message/rfc822", "", "From: sam@x.example\n\n")), "none; see the attached message"),
        (
            parts(("application/ms-tnef", "winmail.dat", "x")),
            "none outside winmail.dat, which maild cannot read; open it with Outlook",
        ),
    ],
)
def test_where_the_text_is_of_a_message_that_shows_none(raw: bytes, said: str | None) -> None:
    """In a file, an attached message, or nowhere at all."""
    assert lines(raw).get("Text") == said


@pytest.mark.parametrize("name", ["", "report.rtf"])
def test_what_was_in_winmail_dat_is_told_apart(name: str) -> None:
    """A text that follows the message, or files."""
    packed = parse(parts(("text/plain", name, "It crashes.\n"))).root.leaves
    said = "none; see the files that were in winmail.dat" if name else None
    found = lines(mails.plain(text=""), unpacked=packed)["Text"]
    assert found == (said or "it was in winmail.dat; it follows the message")


@pytest.mark.parametrize(
    "opened",
    [
        {"closed": (QUOTED,)},
        {"form": Form.INLINE, "decryption": Decryption.FAILED},
    ],
)
def test_nobody_is_sent_to_a_text_that_stayed_closed(opened: dict[str, object]) -> None:
    """What could not be opened may hold it."""
    assert "Text" not in lines(mails.plain(text=""), **opened)  # type: ignore[arg-type]  # fields of Opened


@pytest.mark.parametrize(
    ("opened", "what"),
    [
        ({"closed": (QUOTED,)}, "what it quotes or forwards encrypted"),
        ({"reasons": (QUOTED,)}, "what it quotes or forwards encrypted"),
        ({"closed": (ANOTHERS,)}, ANOTHERS),
        ({"closed": (ANOTHERS, QUOTED)}, "what it quotes or forwards encrypted"),
        ({"closed": ("not encrypted to our key",)}, ""),
        ({}, ""),
    ],
)
def test_how_to_read_what_may_be_somebody_elses(opened: dict[str, tuple[str, ...]], what: str) -> None:
    """The command that opens it, with the number of the message."""
    found = closed_lines(Opened(parse(mails.plain()), **opened), 7)  # type: ignore[arg-type]
    assert found == ((("Closed", f"{what}; !open 7 (signed) shows it to the team"),) if what else ())


def test_keys_that_are_not_used() -> None:
    """How to use one that was offered, and why one was refused."""
    assert key_lines([("F" * 40, ""), ("", "too weak")]) == (
        ("Key", f"offered, not used: {'F' * 40} (!usekey {'F' * 40})"),
        ("Key", "refused: too weak"),
    )


def test_a_copy_that_comes_later_says_when_it_was() -> None:
    """After the case and the author."""
    block = (("Case", CASE), ("From", RITA), ("Reply", "goes to the TEAM only"))
    assert dated(block, "") == block
    late = dated(block, "2026-03-01T08:05:00+00:00")
    assert late == (block[0], block[1], ("When", "2026-03-01 08:05 UTC"), block[2])


def test_the_block_on_an_answer_in_words_of_maild() -> None:
    """Who sent it, to whom, what it may keep, and where a reply to the copy goes; a guest reads less."""
    two = case(clock(Promise.RESPOND), reporters=(RITA, "tim@x.example"))
    people = f"{RITA}, tim@x.example"
    assert heading_of_answer(two, "Anna", Audience.REPORTER, TEAM, POLICY, NOW) == (
        ("Case", f"{CASE}, no handler yet"),
        ("From", "Anna, by !send"),
        ("To", people),
        ("Next", "respond by 2026-03-04 09:30 UTC (unless this answer keeps it)"),
        ("Reply", f"goes to the REPORTER, {people}"),
        ("Team", TEAM),
    )
    to_team = dict(heading_of_answer(two, "Anna", Audience.TEAM, "", POLICY, NOW))
    assert to_team["Reply"] == "goes to the TEAM only"
    assert to_team["Next"] == "respond by 2026-03-04 09:30 UTC"
    assert "Team" not in to_team
    assert heading_of_answer_for_guest(two, "Anna", TEAM) == (
        ("Case", CASE),
        ("From", "Anna, of the team"),
        ("Reply", "goes to the TEAM only"),
        ("Team", TEAM),
    )


def test_a_value_fills_so_much_of_its_line_and_no_more() -> None:
    """Also in the blocks of answers."""
    long = tuple(f"reporter-{number:03}@x.example" for number in range(40))
    raw = mails.plain(sender=f"{'R' * 400} <{'r' * 60}@{('x' * 60 + '.') * 3}example>")
    found = Opened(parse(raw))
    facts = read_facts(parse(raw), POLICY, FolderRole.INBOX, found)
    for block in (
        lines(raw)["From"],
        dict(heading_for_guest(case(), facts, found, OUTSIDE, TEAM, POLICY))["From"],
        dict(heading_of_answer(case(reporters=long), "Anna", Audience.TEAM, TEAM, POLICY, NOW))["To"],
    ):
        assert len(block) == 300
        assert block.endswith("…")


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (("rita@reporter.example",), "goes to the REPORTER, rita@reporter.example"),
        (("noreply@tracker.example",), "goes to the TEAM only: nobody reads mail at the reporter's address"),
        (("noreply@tracker.example", "tim@x.example"), "goes to the REPORTER"),
    ],
)
def test_where_a_reply_to_somebody_elses_message_goes(people: tuple[str, ...], said: str) -> None:
    """To the reporter whom somebody reads mail for; never to whoever else wrote."""
    assert lines(mails.plain(sender="eve@else.example"), answered_case_of(people))["Reply"] == said


def answered_case_of(people: tuple[str, ...]) -> Case:
    """A case of these reporters."""
    return replace(answered_case(), reporters=people)


def test_a_guest_reads_a_members_name_also_where_nothing_proves_them() -> None:
    """The team knows who claims to write; a guest is shown no address."""
    raw = mails.plain(sender=BEA.addresses[0])
    found = Opened(parse(raw))
    facts = read_facts(parse(raw), POLICY, FolderRole.INBOX, found)
    author = author_of(facts, found, POLICY)
    assert dict(heading_for_guest(case(), facts, found, author, TEAM, POLICY))["From"] == "Bea, of the team"
    rita = mails.plain(sender="rita@reporter.example")
    seen = read_facts(parse(rita), POLICY, FolderRole.INBOX, found)
    said = dict(heading_for_guest(case(), seen, found, OUTSIDE, TEAM, POLICY))
    assert said["From"] == "rita@reporter.example"
