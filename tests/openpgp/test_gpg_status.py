"""Status lines as values: what they allow, and that no bytes upset their reading."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.core.mail.opened import Decryption, Signature, SignatureStatus
from maild.gateways.openpgp.status import (
    MAX_LINES,
    Line,
    agent_trouble,
    failure,
    parse_status,
    unsealed,
    usable,
    verdicts,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PRINT = "0123456789ABCDEF0123456789ABCDEF01234567"
GOOD = ["BEGIN_DECRYPTION", "DECRYPTION_INFO 2 9 0", "PLAINTEXT 62 0 x", "PLAINTEXT_LENGTH 5"]
GOOD += ["DECRYPTION_OKAY", "GOODMDC", "END_DECRYPTION"]
VALID = f"VALIDSIG {PRINT} 2026-03-01 1772323200 0 4 0 22 10 00 {PRINT}"


def _lines(*words: str) -> tuple[Line, ...]:
    return parse_status("".join(f"[GNUPG:] {line}\n" for line in words).encode())


def _judged(*words: str) -> Signature:
    (verdict,) = verdicts(_lines("NEWSIG", *words), NOW)
    return verdict


def test_the_full_set_is_needed() -> None:
    """The plaintext may be used with every line that must be there, and without any one of them not."""
    assert usable(_lines(*GOOD), b"hello", "") == ""
    for missing in (0, 2, 4, 5, 6):
        assert usable(_lines(*(line for i, line in enumerate(GOOD) if i != missing)), b"hello", "")


@pytest.mark.parametrize("line", [*GOOD[:1], GOOD[2], GOOD[4], GOOD[6]])
def test_each_once_only(line: str) -> None:
    """A line that must be there once must not be there twice."""
    assert usable(_lines(*GOOD, line), b"hello", "")


@pytest.mark.parametrize(
    "line",
    [
        "DECRYPTION_FAILED",
        "BADMDC",
        "ERROR x 1",
        "UNEXPECTED 0",
        "FAILURE x 1",
        "FAILURE decrypt 1",
        "NODATA 3",
    ],
)
def test_no_fault_may_stand_among_them(line: str) -> None:
    """One line that tells of a fault makes the plaintext unusable."""
    assert usable(_lines(*GOOD, line), b"hello", "")


@pytest.mark.parametrize(
    "line", ["FAILURE gpg-exit 33554433", "NO_SECKEY 0", "ERROR pkdecrypt_failed 67108949"]
)
def test_what_is_said_of_others_is_no_fault(line: str) -> None:
    """An exit code, and a session key that another recipient's key or a locked one did not give, are none."""
    assert usable(_lines(line, *GOOD), b"hello", "") == ""
    assert usable(_lines(*GOOD, line), b"hello", "") == ""


def test_length_and_kill_count() -> None:
    """A plaintext of another length than announced, or of a run we killed, is not used."""
    assert usable(_lines(*GOOD), b"hell", "") == "plaintext incomplete"
    assert usable(_lines(*GOOD), b"hello", "output") == "output too large"


def test_a_text_may_lose_its_carriage_returns_only() -> None:
    """In text mode gpg writes CRLF as one character: so many fewer are right, more are not."""
    lines = [line.replace("PLAINTEXT 62", "PLAINTEXT 74") for line in GOOD]
    assert usable(_lines(*lines), b"ab\nc", "") == ""
    assert usable(_lines(*lines), b"abc", "")
    assert usable(_lines(*lines), b"abcdef", "")


def test_authenticated_encryption_needs_no_separate_check() -> None:
    """A run with AEAD carries its integrity itself."""
    lines = [line.replace("9 0", "9 2") for line in GOOD if line != "GOODMDC"]
    assert usable(_lines(*lines), b"hello", "") == ""


def test_unsealing_never_decrypts() -> None:
    """A message said to be signed only is not read when something in it was decrypted."""
    assert unsealed(_lines("PLAINTEXT 62 0 x"), b"hello", "") == ""
    assert unsealed(_lines(*GOOD), b"hello", "") == "no PGP data"


def test_a_full_group_is_good() -> None:
    """GOODSIG with VALIDSIG in one group is good and names the primary key."""
    assert _judged("GOODSIG 1 x", VALID) == Signature(SignatureStatus.GOOD, PRINT)


@pytest.mark.parametrize(
    "words",
    [
        ("GOODSIG 1 x",),
        (VALID,),
        ("GOODSIG 1 x", "BADSIG 1 x", VALID),
        ("GOODSIG 1 x", VALID, VALID),
        ("GOODSIG 1 x", VALID.replace(" 10 ", " 2 ")),
        ("GOODSIG 1 x", VALID.replace("1772323200", "1893456000")),
        ("GOODSIG 1 x", VALID.replace("1772323200", "soon")),
        ("GOODSIG 1 x", VALID.replace(PRINT, PRINT[:16])),
        ("ERRSIG 1 22 2 00 1772323200 9 -", "NO_PUBKEY 1"),
        ("ERRSIG 1 22 10 00 1772323200 4 -",),
        ("ERRSIG 1 22 10 00 1772323200 4 -", "NO_PUBKEY 1"),
    ],
)
def test_less_than_a_full_group_is_bad(words: tuple[str, ...]) -> None:
    """Half a group, two verdicts, a weak digest, a date ahead or a short fingerprint are bad."""
    assert _judged(*words) == Signature(SignatureStatus.BAD)


def test_lines_of_one_group_do_not_serve_another() -> None:
    """A VALIDSIG that belongs to another signature makes no signature good."""
    said = verdicts(_lines("NEWSIG", "GOODSIG 1 x", "NEWSIG", VALID), NOW)
    assert {one.status for one in said} == {SignatureStatus.BAD}


def test_trouble_of_the_agent_is_told_from_faults_of_mail() -> None:
    """No pinentry, no agent and system errors are trouble outside; bad data is the mail's own."""
    assert agent_trouble(_lines("ERROR pkdecrypt_failed 67108949"))
    assert agent_trouble(_lines("ERROR add_keyblock_resource 33587281"))
    assert not agent_trouble(_lines("ERROR pkdecrypt_failed 67108887"))


def test_a_failure_has_its_word() -> None:
    """No secret key, no data and damage are told apart."""
    assert failure(_lines("ENC_TO A 18 0", "NO_SECKEY A", *GOOD[:1]), "x")[0] is Decryption.NO_KEY
    missing = ("ENC_TO A 18 0", "NO_SECKEY A", "ERROR pkdecrypt_failed 33554449", GOOD[0])
    assert failure(_lines(*missing), "x")[0] is Decryption.NO_KEY
    damaged = ("ENC_TO A 18 0", "NO_SECKEY A", "ERROR pkdecrypt_failed 16777226", GOOD[0])
    assert failure(_lines(*damaged), "x") == (Decryption.FAILED, "x")
    assert failure(_lines(*damaged), "x", named=False)[0] is Decryption.NO_KEY
    assert failure(_lines("NODATA 1"), "x") == (Decryption.FAILED, "no PGP data")
    assert failure(_lines(*GOOD), "x") == (Decryption.FAILED, "x")


def test_too_many_lines_are_a_fault() -> None:
    """Beyond so many lines the rest is not read, and the run does not count as clean."""
    lines = _lines(*GOOD, *(["KEY_CONSIDERED A 0"] * MAX_LINES))
    assert len(lines) == MAX_LINES + 1
    assert usable(lines, b"hello", "")


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=300))
def test_any_bytes_are_read(raw: bytes) -> None:
    """Whatever the bytes, the rules give an answer, and never that there is something good in noise."""
    lines = parse_status(raw)
    assert usable(lines, raw, "")
    assert not [one for one in verdicts(lines, NOW) if one.status is SignatureStatus.GOOD]
    agent_trouble(lines)
    failure(lines, "")
    unsealed(lines, raw, "")


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(st.sampled_from([*GOOD, "NEWSIG", "GOODSIG 1 x", VALID, "ERRSIG", "ERROR", "PLAINTEXT_LENGTH"]))
)
def test_any_lines_are_read(words: list[str]) -> None:
    """Whatever lines in whatever order, with arguments missing, the rules give an answer."""
    lines = _lines(*words)
    for one in verdicts(lines, NOW):
        assert one.status is not SignatureStatus.GOOD or one.fingerprint == PRINT
    if not usable(lines, b"hello", ""):
        assert all(words.count(line) == 1 for line in (GOOD[0], GOOD[2], GOOD[4], GOOD[6]))
    agent_trouble(lines)
