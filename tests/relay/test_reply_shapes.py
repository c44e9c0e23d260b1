"""Careless replies in the shapes of many clients: what is for the team goes out in none of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from maild.engine import lastlook
from tests.openpgp.mails import text
from tests.relay.test_last_look import INTERNAL, WAITS, comes, hidden
from tests.relay.test_leaks import carls
from tests.support import mails
from tests.support.relaying import CARL, RITA, RelayDesk, letter_text, team_address
from tests.support.smtpsink import Letter

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
RINGS = "carl@phone.example"
WORDS = "We can reproduce it with the second file, and a fix is being tested."
WHO = "Rita via Example Security Team <security@project.example>"
HEADER = (
    f"From: {WHO}\nSent: Monday, March 2, 2026 10:30 AM\nTo: security@project.example\nSubject: Overflow\n\n"
)
MONDAY = f"On Monday, March 2nd, 2026 at 10:30, {WHO} wrote:\n\n"


@pytest.fixture
def talking(desk: RelayDesk) -> RelayDesk:
    """Rita has reported in clear, and Carl has said something to the team alone."""
    desk.comes(mails.plain(date=desk.clock))
    about = {"to": team_address(desk), "sender": f"Carl <{CARL}>", "message_id": "<team@home.example>"}
    desk.comes(mails.plain(date=desk.clock, subject="Among us", text=f"{INTERNAL}\n", **about), DOMAIN)
    return desk


def marked(copy: str, mark: str = "> ") -> str:
    """Each line behind the mark."""
    return "".join(f"{mark}{line}".rstrip() + "\n" for line in copy.splitlines())


SHAPES: dict[str, Callable[[str], str]] = {
    "Outlook": lambda t: f"{WORDS}\n\n{'_' * 32}\n{HEADER}{t}",
    "Outlook for iOS": lambda t: f"{WORDS}\n\nGet Outlook for iOS<https://aka.ms/o>\n{'_' * 32}\n{HEADER}{t}",
    "old Outlook": lambda t: f"{WORDS}\n\n-----Original Message-----\n{HEADER}{t}",
    "Outlook, below the quote": lambda t: f"{HEADER}{t}\n\n{WORDS}\n",
    "Apple Mail": lambda t: f"{WORDS}\n\n> On 2 Mar 2026, at 10:30, {WHO} wrote:\n> \n{marked(t)}",
    "iPhone": lambda t: (
        f"{WORDS}\n\nSent from my iPhone\n\n> On Mar 2, 2026, at 10:30, {WHO} wrote:\n> \n{marked(t)}"
    ),
    "Gmail web": lambda t: f"{WORDS}\n\nOn Mon, Mar 2, 2026 at 10:30 AM {WHO}\nwrote:\n\n{marked(t)}",
    "Gmail app, without marks": lambda t: f"{WORDS}\n\nOn Mon, 2 Mar 2026, 10:30 {WHO} wrote:\n\n{t}",
    "Thunderbird, below the quote": lambda t: (
        f"On 3/2/26 10:30, {WHO} wrote:\n{marked(t)}\n{WORDS}\n\n-- \nCarl\n"
    ),
    "mutt": lambda t: f"{WORDS}\n\nOn Mon, Mar 02, 2026 at 10:30:00AM +0000, {WHO} wrote:\n{marked(t, '| ')}",
    "K-9": lambda t: f"{WORDS}\n\n-------- Original Message --------\n{HEADER}{t}",
    "K-9, German": lambda t: f"{WORDS}\n\nAm 2. März 2026 10:30:00 MEZ schrieb {WHO}:\n{marked(t, '>')}",
    "Proton": lambda t: f"{WORDS}\n\n------- Original Message -------\n{MONDAY}{marked(t)}",
    "Proton, Sent with": lambda t: f"{WORDS}\n\nSent with Proton Mail secure email.\n\n{MONDAY}{marked(t)}",
    "forwarded by hand": lambda t: f"{WORDS}\n\n---------- Forwarded message ---------\n{HEADER}{t}",
    "pasted above": lambda t: f"{t}\n\n{WORDS}\n",
    "indented": lambda t: f"{WORDS}\n\n{marked(t, '    ')}",
    "in a table": lambda t: f"{WORDS}\n\n" + "".join(f"| {one} |\n" for one in t.splitlines() if one),
    "in a code block": lambda t: f"{WORDS}\n\n```\n{t}\n```\n",
    "labels in bold": lambda t: (
        f"{WORDS}\n\n" + t.replace("Case:", "**Case**:").replace("Next:", "**Next**:")
    ),
    "one line": lambda t: f"{WORDS}\n\n{' '.join(t.split())}\n",
}
"""How the copy that was answered stands in the answer."""


def without_fence(copy: str) -> str:
    """Whoever tidies up takes the ornaments away, and leaves the rest."""
    return "".join(f"{one}\n" for one in copy.splitlines() if "=~=" not in one)


def trace(answers: list[Letter], copy: str) -> str:
    """A line of the block of *copy* that stands in an answer."""
    block = copy.partition("=~=~=")[2].partition("=~=~=\n")[2] or copy
    lines = [one.strip() for one in block.partition("follows")[0].splitlines() if len(one.split()) > 3]
    said = " ".join(" ".join(letter_text(one).split()) for one in answers)
    return next((one for one in lines if " ".join(one.split()) in said), "")


def test_the_block_goes_out_in_no_shape(talking: RelayDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its fence or without, above, below or between: the words go out alone, or the letter waits."""
    monkeypatch.setattr(lastlook, "AGAIN", timedelta(seconds=-1))  # here the same words come again and again
    copy = letter_text(talking.copies(CARL)[0])
    waiting = out = number = 0
    for tidy in (str, without_fence):
        for name, shape in SHAPES.items():
            number += 1
            before = len(talking.answers(RITA))
            raw = carls(talking, text(shape(tidy(copy)).replace("\n", "\r\n")))
            talking.comes(raw.replace(b"Message-ID: <", f"Message-ID: <s{number}".encode()), DOMAIN)
            fresh = talking.answers(RITA)[before:]
            assert (name, tidy.__name__, trace(fresh, copy)) == (name, tidy.__name__, "")
            for one in fresh:
                assert (name, WORDS in " ".join(letter_text(one).split())) == (name, True)
            out += len(fresh)
            waiting += not fresh
    assert out + waiting == 2 * len(SHAPES)
    assert out >= len(SHAPES) // 2
    assert len([one for one in talking.about(RINGS) if one]) >= waiting


@pytest.mark.parametrize("name", ["bare", "zip", "docx", "html escapes"])
def test_a_second_try_in_another_shape_waits_as_well(talking: RelayDesk, name: str) -> None:
    """Whoever was stopped once and packs it differently is stopped again."""
    comes(talking, hidden("utf-16 file")(INTERNAL), 1)
    comes(talking, hidden(name)(INTERNAL), 2)
    assert talking.answers(RITA) == []
    assert talking.about(RINGS).count(WAITS) == 2
