"""To whom a member's signed answer goes, as far as what was signed says so."""

from types import SimpleNamespace
from typing import Any

import pytest

from maild.core.cases.authority import Proved
from maild.core.cases.routed import signed_for
from maild.core.mail.headers import Headers
from tests.support.deciding import RITA, case

SAM = "sam@far.example"
BOTH = (RITA, SAM)
TO_TEAM = "> Reply: goes to the TEAM only\n"
TO_RITA = f"> Reply: goes to the REPORTER, {RITA}\n"


def goes(
    text: str,
    people: tuple[str, ...] = (RITA,),
    reporters: tuple[str, ...] = BOTH,
    proved: Proved = Proved.SIGNATURE,
    inner: str = "",
    outer: str = "",
    opened: bool = True,
) -> bool:
    """Whether an answer with this text goes to *people*."""
    mail: Any = SimpleNamespace(
        author=SimpleNamespace(proved=proved),
        vouched=False,
        facts=SimpleNamespace(text=text, headers=Headers((("In-Reply-To", outer),))),
        event=SimpleNamespace(
            opened=SimpleNamespace(protected={"in-reply-to": inner} if inner else {}) if opened else None
        ),
    )
    return signed_for(mail, case(reporters=reporters), set(people))


@pytest.mark.parametrize("reporters", [(RITA,), BOTH])
def test_a_copy_that_was_for_the_team_is_answered_to_no_reporter(reporters: tuple[str, ...]) -> None:
    """Whatever is added outside of what was signed; unless nothing was, and their server vouches for all."""
    assert not goes(f"I agree.\n{TO_TEAM}", reporters=reporters)
    assert goes(f"I agree.\n{TO_TEAM}", reporters=reporters, proved=Proved.EXCHANGER)


@pytest.mark.parametrize(("people", "to_them"), [((RITA,), True), ((SAM,), False), (BOTH, False)])
def test_a_copy_says_which_reporter_reads_an_answer_to_it(people: tuple[str, ...], to_them: bool) -> None:
    """The first that is quoted, and nobody besides."""
    assert goes(f"We have a fix.\n{TO_RITA}{TO_TEAM}", people) is to_them
    assert goes(f"We have a fix.\n>\t{TO_RITA}", people) is to_them


def test_a_single_reporter_needs_no_more() -> None:
    """There is nobody else whom it could be for."""
    assert goes("We have a fix.\n", reporters=(RITA,))


@pytest.mark.parametrize(
    ("text", "people", "to_them"),
    [
        ("We have a fix.\n", (RITA,), False),
        (f"We told {RITA} so.\n", (RITA,), False),
        (f"We have a fix.\n> From: Rita <{RITA}>\n> It crashes.\n", (RITA,), True),
        (f"We have a fix.\nFrom: Rita <{RITA}>\n", (RITA,), True),
        (f"We have a fix.\nOn Monday Rita <{RITA}> wrote:\n", (RITA,), True),
        (f"We have a fix.\n> From: Rita <{RITA}>\n> To: {SAM}\n", (RITA,), False),
        (f"We have a fix.\n> From: Rita <{RITA}>\n> To: {SAM}\n", BOTH, True),
        (f"We have a fix.\n> From: Sam <{SAM}>\n", (RITA,), False),
    ],
)
def test_of_several_reporters_what_is_quoted_tells_which(
    text: str, people: tuple[str, ...], to_them: bool
) -> None:
    """In its lines or its head; what a member says of somebody does not."""
    assert goes(text, people) is to_them


@pytest.mark.parametrize(
    ("inner", "outer", "opened", "same"),
    [
        ("<a@x.example>", "<a@x.example>", True, True),
        ("<a@x.example>", "<b@x.example>", True, False),
        ("<a@x.example>", "", True, False),
        ("", "<a@x.example>", True, False),
        ("", "", True, False),
        ("", "<a@x.example>", False, False),
    ],
)
def test_or_the_message_that_was_signed_to_be_answered(
    inner: str, outer: str, opened: bool, same: bool
) -> None:
    """A signed reply counts for the message that it answers inside and outside alike."""
    assert goes("We have a fix.\n", inner=inner, outer=outer, opened=opened) is same
