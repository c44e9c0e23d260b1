"""The team's copy: a header block between fences on top, the mail itself untouched below."""

from email import message_from_bytes, policy
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.disclosure.files import along, lines
from maild.core.mail.answer import Answer, answer, tells
from maild.core.mail.copy import FENCE, FENCE_END, FENCE_ENDS, block, content, fenced, internal, without_block
from maild.core.mail.mime import parse
from tests.support import mails
from tests.support.phrases import PHRASES

LINES = (("Case", "EX-222222"), ("Reply", "goes to the REPORTER"))
ORIGINALS = {
    "plain": mails.plain(text="It crashes.\n"),
    "no head": b"\r\njust text\r\n",
    "multipart": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n"
    b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b--\r\n",
    "signed": b"Content-Type: multipart/signed; protocol=application/pgp-signature; boundary=b\r\n\r\n"
    b"--b\r\nX-Odd:\t1 \r\n\r\nx \r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nsig\r\n--b--\r\n",
    "quoted-printable": b"Content-Type: text/plain; charset=latin-1\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=E9t=E9\r\n",
    "its own fences": mails.plain(text=f"{FENCE}\nsecret\n{FENCE_END}\n"),
}


@pytest.mark.parametrize("name", ORIGINALS)
def test_the_mail_stands_in_its_copy_byte_for_byte(name: str) -> None:
    """Behind the block, with its own Content headers and no other: signatures stay good, charsets right."""
    original = parse(ORIGINALS[name]).root
    made = parse(content(LINES, original, "abcd"))
    first, second = made.root.children
    assert made.faults == ()
    assert first.text.replace("\r\n", "\n") == block(LINES)
    assert second.body == original.body
    assert [n.lower().startswith("content-") for n, _ in second.headers.fields] == [True] * len(
        second.headers.fields
    )
    assert (second.content_type, second.text) == (original.content_type, original.text)


def test_no_header_of_the_mail_but_its_content_is_in_the_copy() -> None:
    """Its hops, its author's client and its addresses are not part of what goes on."""
    raw = mails.plain(Received="from a by b; now", User_Agent="Snoutmail")
    made = content(LINES, parse(raw).root, "abcd")
    assert b"Snoutmail" not in made
    assert b"rita@" not in made


def test_ordinary_clients_read_it() -> None:
    """The standard library finds the block first and the text of the mail second."""
    raw = b"MIME-Version: 1.0\r\n" + content(LINES, parse(ORIGINALS["quoted-printable"]).root, "abcd")
    parts = list(message_from_bytes(raw, policy=policy.default).iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/plain"]
    assert parts[1].get_content().strip() == "été"


def test_the_block_is_lined_up() -> None:
    """Labels in one column, fences around."""
    assert block(LINES) == f"{FENCE}\nCase:  EX-222222\nReply: goes to the REPORTER\n{FENCE_END}\n"


@pytest.mark.parametrize("mark", ["", "> ", ">> ", "| "])
def test_a_block_is_cut_out_however_it_is_quoted(mark: str) -> None:
    """From fence to fence, as often as it stands there."""
    quoted = "".join(f"{mark}{line}\n" for line in block(LINES).splitlines())
    assert without_block(f"one\n{quoted}two\n{quoted}three") == "one\ntwo\nthree"


def test_the_block_of_an_older_version_is_cut_out_too() -> None:
    """Its fence ended in other words, and its copies are still answered."""
    older = block(LINES).replace(FENCE_END, FENCE_ENDS[1])
    assert FENCE_ENDS[1] in older
    assert without_block(f"one\n{older}two") == "one\ntwo"
    assert fenced(f"{older}below\n{block(LINES)}") == fenced(block(LINES))


def test_a_piece_of_a_block_is_seen() -> None:
    """Either fence, or part of it."""
    assert all(internal(f"x {piece} y") for piece in (FENCE, FENCE_END, "=~=~="))
    assert not internal("=~= x ~=~")


@given(st.lists(st.sampled_from(["a", FENCE, FENCE_END, f"> {FENCE}", "b"]), max_size=12))
def test_no_line_outside_of_fences_is_lost(lines: list[str]) -> None:
    """Whatever order fences stand in: a line goes only when one opened above it and one closed below."""
    left = without_block("\n".join(lines)).splitlines()
    for index, line in enumerate(lines):
        inside = any(FENCE in one for one in lines[:index]) and FENCE_END in lines[index + 1 :]
        if line in "ab" and not inside:
            assert line in left
    assert len(left) <= len(lines)


def test_what_an_answer_takes_along() -> None:
    """Own words and files; not the signature beside them, nor keys, cards, or the HTML of the same text."""
    raw = (
        b"Content-Type: multipart/signed; protocol=application/pgp-signature; boundary=s\r\n\r\n--s\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\n\r\nWords.\r\n\r\n> quote\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Words.</p>\r\n"
        b"--b\r\nContent-Type: application/pgp-keys\r\n\r\nkey\r\n"
        b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n"
        b"--s\r\nContent-Type: image/gif\r\n\r\nnot signed\r\n--s--\r\n"
    )
    found = answer(parse(raw).root, PHRASES)
    assert (found.text, found.words, [part.content_type for part in found.attached]) == (
        "Words.",
        1,
        ["image/png"],
    )
    assert not found.empty
    assert Answer(" \n").empty


def test_private_addresses_are_seen_in_any_case() -> None:
    """In the text, and decoded in a file."""
    private = frozenset({"anna@home.example"})
    assert tells(Answer("ask Anna@Home.Example"), private)
    file = parse(
        b"Content-Type: application/x\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"YW5uYUBob21lLmV4YW1wbGU=\r\n"
    )
    assert tells(Answer("x", (file.root,)), private)
    assert not tells(Answer("ask anna@elsewhere.example"), private)


def test_an_answer_that_a_program_calls_an_attachment_goes_out_once() -> None:
    """The only part of a message is its text, whatever its disposition says, and no file besides."""
    raw = mails.plain(text="We fix it.\n", Content_Disposition="attachment")
    given = answer(parse(raw).root, PHRASES)
    assert (given.text, given.attached) == ("We fix it.", ())


def test_what_goes_along_to_a_list_is_named_by_its_content() -> None:
    """Each file by its SHA-256 and a name that fits into a line; the key that a client adds is none of them."""
    root = parse(
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/x-patch; name=a.patch\r\n\r\nfix\r\n"
        b"--b\r\nContent-Type: application/pgp-keys; name=key.asc\r\n\r\nkey\r\n"
        b"--b\r\nContent-Type: text/x-patch\r\n\r\nfix\r\n"
        b"--b\r\nContent-Type: text/x-patch; name=" + b"n" * 201 + b"\r\n\r\nfix\r\n--b--\r\n"
    ).root
    chosen = along(root.children)
    digest = sha256(b"fix").hexdigest()
    assert lines(chosen) == (f"{digest} a.patch", digest, f"{digest} {'n' * 199}…")
