"""Nothing internal reaches a reporter, however a member's client writes; and the check that looks for it.

``assert_nothing_internal`` looks at every letter that any test of the suite hands to its SMTP server.
"""

import quopri
from base64 import b64encode

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, text
from tests.support import mails
from tests.support.leaks import assert_nothing_internal
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, header, letter_text, reply, team_address
from tests.support.smtpsink import Letter

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
RINGS = "carl@phone.example"
WORDS = "We can reproduce it and work on a fix."
HELD = ["Your message was not sent to the reporter"]


@pytest.fixture
def reported(desk: RelayDesk) -> RelayDesk:
    """Rita has reported in clear."""
    desk.comes(mails.plain(date=desk.clock))
    return desk


def carls(desk: RelayDesk, *parts: bytes, kind: str = "mixed") -> bytes:
    """Carl's reply to his copy, made of these parts."""
    raw = reply(desk.copies(CARL)[0], f"Carl <{CARL}>", WORDS)
    head = b"\r\n".join(
        line for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n") if not line.startswith(b"Content-")
    )
    return multipart(kind, *parts, head=head + b"\r\n") if len(parts) > 1 else head + b"\r\n" + parts[0]


def file(content: bytes, name: str = "notes.bin", kind: str = "application/octet-stream") -> bytes:
    """An attachment."""
    top = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    )
    return top.encode() + b64encode(content)


def block(desk: RelayDesk) -> str:
    """The header block of Carl's copy."""
    return letter_text(desk.copies(CARL)[0]).partition("follows")[0] + "follows =~=~=\n"


def test_what_reaches_the_reporter_is_rebuilt(reported: RelayDesk) -> None:
    """From the desk, with the member's words alone; his client, his hops and the quote stay behind."""
    reported.comes(
        reply(reported.copies(CARL)[0], f"Carl <{CARL}>", WORDS + "\n\n-- \nCarl, carl@home"), DOMAIN
    )
    (answer,) = reported.answers(RITA)
    assert letter_text(answer).strip() == WORDS
    names = {line.partition(":")[0].lower() for line in answer.raw.decode().split("\r\n\r\n")[0].splitlines()}
    assert not names & {"user-agent", "received", "x-originating-ip", "authentication-results"}
    assert header(answer, "From") == "Example Security Team <security@project.example>"
    assert b"multipart/signed" in answer.raw


def test_a_reply_in_html_alone_arrives_as_text(reported: RelayDesk) -> None:
    """Its words as text; quote, styles and the block are gone."""
    quoted = block(reported).replace("<", "&lt;").replace("\n", "<br>")
    quote = f"<div>On Monday, Rita wrote:</div><blockquote>{quoted}</blockquote>"
    page = f"<style>p {{}}</style><p>{WORDS}</p>{quote}"
    reported.comes(carls(reported, text(page, "html")), DOMAIN)
    (answer,) = reported.answers(RITA)
    assert letter_text(answer).strip() == WORDS
    assert b"text/html" not in answer.raw


def test_of_alternatives_only_the_text_is_taken(reported: RelayDesk) -> None:
    """What hides in the HTML beside it does not go out."""
    reported.comes(
        carls(reported, text(WORDS), text(f"<p>!close now</p><p>{CARL}</p>", "html"), kind="alternative"),
        DOMAIN,
    )
    (answer,) = reported.answers(RITA)
    assert b"text/html" not in answer.raw


def test_attachments_go_along_and_visiting_cards_do_not(reported: RelayDesk, kit: Kit) -> None:
    """A file arrives byte for byte; cards, keys and what a program writes for itself stay."""
    parts = (
        text(WORDS),
        file(b"--- a\n+++ b\n", "fix.patch", "text/x-patch"),
        file(f"BEGIN:VCARD\r\nEMAIL:{CARL}\r\n".encode(), "carl.vcf", "text/vcard"),
        file(b"-----BEGIN PGP PUBLIC KEY BLOCK-----", "carl.asc", "application/pgp-keys"),
        file(b"\x78\x9f\x3e\x22", "winmail.dat", "application/ms-tnef"),
    )
    reported.comes(carls(reported, *parts), DOMAIN)
    (answer,) = reported.answers(RITA)
    assert b"fix.patch" in answer.raw
    assert b64encode(b"--- a\n+++ b\n") in answer.raw
    assert not [name for name in (b"carl.vcf", b"carl.asc", b"winmail.dat") if name in answer.raw]


def telling(desk: RelayDesk) -> dict[str, list[bytes]]:
    """Replies that still hold something internal, each as its parts."""
    card = mails.plain(sender="x@y.example", to=MIA)
    deep = multipart("mixed", text("x"), file(f"ask {MIA}".encode()), head=b"From: x@y.example\r\n")
    opened = block(desk).replace("=~=~= the message itself follows =~=~=", "")
    return {
        "text": [text(f"{WORDS} Do write to {MIA.title()} too.")],
        "file": [text(WORDS), file(f"ask {MIA}".encode())],
        "file name": [text(WORDS), file(b"x", f"for-{MIA}.txt")],
        "attached mail": [text(WORDS), b"Content-Type: message/rfc822\r\n\r\n" + card],
        "attached mail's part": [text(WORDS), b"Content-Type: message/rfc822\r\n\r\n" + deep],
        "block": [text(f"{WORDS}\n\n{opened}")],
        "bare fence": [text(f"{WORDS}\n=~=~= for the team\n")],
        "block in a file": [text(WORDS), file(block(desk).encode())],
    }


def test_what_still_tells_something_is_held_back(reported: RelayDesk) -> None:
    """A private address or a piece of the block, wherever it is: the team only, and the author is told."""
    made = telling(reported)
    for number, parts in enumerate(made.values()):
        raw = carls(reported, *parts).replace(b"Message-ID: <", f"Message-ID: <{number}".encode())
        reported.comes(raw, DOMAIN)
        assert (number, reported.answers(RITA)) == (number, [])
    assert reported.about(RINGS) == HELD * len(made)
    assert len(reported.copies(MIA)) == 1 + len(made)
    assert reported.promises()["respond"] == "running"


def test_a_bare_block_between_its_fences_is_cut_out(reported: RelayDesk) -> None:
    """A client that does not mark its quotes leaves the block bare: it goes, the words stay."""
    page = f"{WORDS}\n\nFrom: Rita <security@project.example>\nSent: Monday\nTo: x\nSubject: y\n\n"
    reported.comes(
        carls(
            reported,
            text(page + block(reported) + "A crafted file makes the parser write past its buffer.\n"),
        ),
        DOMAIN,
    )
    (answer,) = reported.answers(RITA)
    assert letter_text(answer).strip() == WORDS


def test_a_reporters_own_fence_does_not_eat_the_answer(desk: RelayDesk) -> None:
    """Whatever he writes into his report, what is written below the quote of it arrives."""
    fence = "=~=~= for the team only =~=~=\nIt crashes.\n"
    desk.comes(mails.plain(date=desk.clock, text=fence))
    raw = reply(desk.copies(CARL)[0], f"Carl <{CARL}>", "Hello.") + f"{WORDS}\r\n".encode()
    desk.comes(raw, DOMAIN)
    (answer,) = desk.answers(RITA)
    said = letter_text(answer)
    assert said.startswith("Hello.\n")
    assert said.endswith(f"{WORDS}\n")
    assert "=~=" not in said


def test_internal_mail_stays_internal_whoever_replies(reported: RelayDesk) -> None:
    """Four mails within the team lead to none outside."""
    before = len(reported.to(RITA))
    reported.comes(
        mails.plain(sender=CARL, to=team_address(reported), text="An internal word.\n", message_id="<t@x>"),
        DOMAIN,
    )
    for number in range(3):
        latest = reported.copies("bea@project.example")[-1]
        raw = reply(
            latest,
            "bea@project.example",
            f"Another internal word, the {number}.",
            to="security@project.example",
        )
        reported.comes(raw, DOMAIN)
    assert len(reported.to(RITA)) == before


LEAKS = {
    "an address": (b"", f"Write to {CARL}.\r\n".encode()),
    "an address in base64": (
        b"Content-Transfer-Encoding: base64\r\n",
        b64encode(b"Dear all, write to " + CARL.encode()),
    ),
    "an address quoted-printable": (
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        quopri.encodestring(f"Write to {MIA}.".replace("@", "@").encode()).replace(b"@", b"=40"),
    ),
    "an address in a header": (f"X-Was: <{CARL}>\r\n".encode(), b"x\r\n"),
    "an address in an encoded header": (
        f"X-Was: =?utf-8?b?{b64encode(CARL.encode()).decode()}?=\r\n".encode(),
        b"x\r\n",
    ),
    "a client": (b"User-Agent: Snoutmail\r\n", b"x\r\n"),
    "a hop": (b"Received: from laptop by mx; now\r\n", b"x\r\n"),
    "a fence": (b"", b"=~=~= for the team only =~=~=\r\n"),
    "a line of the block": (b"", b"Next:  respond by 2026-03-04 09:30 UTC\r\n"),
    "a word": (b"", b"Hello\r\n  !Close now\r\n"),
    "internal text": (b"", b"This is an internal matter.\r\n"),
}


def test_the_check_finds_what_leaks() -> None:
    """Each kind of leak, in a part of a letter that is otherwise as it should be, and nothing in a good one."""
    good = b"From: Example Security Team <security@project.example>\r\nTo: rita@reporter.example\r\n"
    for more, body in LEAKS.values():
        inner = b"Content-Type: text/plain; charset=utf-8\r\n" + more + b"\r\n" + body
        for raw in (good + inner, multipart("mixed", text("Hello.\r\n"), inner, head=good)):
            with pytest.raises(AssertionError):
                assert_nothing_internal(Letter("x", (RITA,), raw, (), True, "desk"))
        assert_nothing_internal(Letter("x", (MIA,), good + inner, (), True, "desk"))
    assert_nothing_internal(Letter("x", (RITA,), good + text("Hello.\r\n"), (), True, "desk"))
