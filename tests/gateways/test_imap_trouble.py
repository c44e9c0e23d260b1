"""The IMAP gateway against a server that breaks every rule."""

import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from maild.errors import PermanentError, TemporaryError
from maild.gateways.imap import UNKNOWN_DATE, FolderState, LoginRefused, Mailbox
from tests.support.imapscript import DROP, OK, STALL, ImapScript

CAP = 1_000_000
BYE = b"* BYE going down\r\n"


def _mail(
    text: bytes, size: int, date: bytes = b'"02-Mar-2026 09:30:00 +0000"', key: bytes = b"BODY[]<0>"
) -> bytes:
    literal = b"{%d}\r\n%s" % (len(text), text)
    facts = b"INTERNALDATE %s RFC822.SIZE %d" % (date, size)
    return b"* 1 FETCH (UID 7 %s %s %s)\r\n" % (facts, key, literal) + OK


def _more(text: bytes, start: int) -> bytes:
    return b"* 1 FETCH (UID 7 BODY[]<%d> {%d}\r\n%s)\r\n" % (start, len(text), text) + OK


@contextmanager
def _open(script: ImapScript, timeout: float = 0.3) -> Iterator[Mailbox]:
    with script.running():
        box = Mailbox(script.account(timeout=timeout))
        try:
            box.connect()
            box.select("INBOX")
            yield box
        finally:
            box.close()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (DROP, "the server hung up"),
        (BYE + DROP, "the server hung up"),
        (STALL, "no answer in time"),
        (b"* 1 FETCH (UID 7 BODY[]<0> {90}\r\nhalf a li" + STALL, "no answer in time"),
        (b"* 1 FETCH (UID 7 BODY[]<0> {90}\r\nhalf a li" + DROP, "while fetching"),
        (b"{tag} NO not today\r\n", "the server said no"),
        (b"{tag} BAD what?\r\n", "the server"),
        # up to Python 3.13 imaplib takes the line as ended, from 3.14 on it waits for the rest of it
        (
            b"* 1 FETCH (UID 7 BODY[]<0> {3}\r\nabc\r\n" + OK,
            "an answer that makes no sense|no answer in time",
        ),
        (b"\xff\xfe\x00\r\n" + OK, "while fetching"),
        (b"* 1 FETCH " + b"(" * 3_000 + b"\r\n" + OK, "while fetching"),
        (b"x" * 1_100_000 + b"\r\n" + OK, "while fetching"),
    ],
)
def test_whatever_breaks_is_temporary_and_ends_the_connection(answer: bytes, words: str) -> None:
    """Hang-ups, stalls and nonsense in the middle of a fetch are TemporaryError, in our words, at once."""
    with _open(ImapScript({"FETCH": answer})) as box:
        began = time.monotonic()
        with pytest.raises(TemporaryError, match=words) as caught:
            box.fetch(7, CAP)
        assert time.monotonic() - began < 60
        assert "127.0.0.1" in str(caught.value)
        assert not any(word in str(caught.value) for word in ("half", "today", "what?"))
        with pytest.raises(TemporaryError, match="not connected"):
            box.folders()


@pytest.mark.parametrize("said", [DROP, BYE + DROP, b"+ idling\r\n" + DROP, b"+ idling\r\n" + BYE + DROP])
def test_a_hang_up_in_idle_is_no_busy_loop(said: bytes) -> None:
    """BYE or end of stream while waiting is TemporaryError, not an endless stream of empty waits."""
    with (
        _open(ImapScript({"IDLE": said})) as box,
        pytest.raises(TemporaryError, match="while waiting for mail"),
    ):
        box.wait(20)


@pytest.mark.parametrize("greeting", [STALL, DROP, b"* BYE busy", b"HTTP/1.1 400 Bad Request", b""])
def test_a_server_that_does_not_greet_is_temporary(greeting: bytes) -> None:
    """A port that accepts and then says nothing, or something else, costs the time limit and no more."""
    with ImapScript({}, greeting).running() as script:
        box = Mailbox(script.account())
        with pytest.raises(TemporaryError):
            box.connect()
        box.close()


@pytest.mark.parametrize("answer", [OK, b"{tag} NO\r\n", b"* CAPABILITY\r\n" + OK])
def test_a_server_without_capabilities_is_temporary(answer: bytes) -> None:
    """CAPABILITY answered with nothing is trouble, not a crash."""
    with ImapScript({"CAPABILITY": answer}).running() as script:
        box = Mailbox(script.account())
        with pytest.raises(TemporaryError):
            box.connect()
        box.close()


def test_a_stripped_starttls_sends_nothing() -> None:
    """Where STARTTLS is asked for and not offered, no login goes out."""
    with ImapScript({}).running() as script:
        box = Mailbox(script.account(tls="starttls"))
        with pytest.raises(TemporaryError, match="does not offer STARTTLS; nothing was sent"):
            box.connect()
        box.close()
        assert not [line for line in script.commands if "LOGIN" in line or "AUTH" in line]


def test_a_server_that_cannot_check_logins_is_not_a_refusal() -> None:
    """RFC 5530's UNAVAILABLE is no wrong password: the short delay applies."""
    with ImapScript({"LOGIN": b"{tag} NO [UNAVAILABLE] later\r\n"}).running() as script:
        box = Mailbox(script.account())
        with pytest.raises(TemporaryError, match="cannot check a login") as caught:
            box.connect()
        assert caught.value.delay is None
        box.close()


@pytest.mark.parametrize("good", [True, False])
def test_a_token_logs_in_and_is_asked_for_anew(good: bool) -> None:
    """XOAUTH2 sends the token of now; a refused one is a refused login that names the token."""
    verdict = OK if good else b"{tag} NO [AUTHENTICATIONFAILED] expired\r\n"
    can = b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n" + OK
    with ImapScript({"CAPABILITY": can, "AUTHENTICATE": b"+ \r\n", "MORE": verdict}).running() as script:
        box = Mailbox(replace(script.account(), token=lambda: "t0ken"))
        if good:
            box.connect()
        else:
            with pytest.raises(LoginRefused, match="check username and token"):
                box.connect()
        box.close()
        sent = next(line for line in script.commands if " " not in line)
        assert b64decode(sent) == b"user=desk\1auth=Bearer t0ken\1\1"


def test_a_mail_is_read_past_a_size_that_is_too_small() -> None:
    """RFC822.SIZE is a hint: a full window is followed by the next whatever the size was said to be."""
    first, rest = b"a" * 131_072, b"b" * 900
    with _open(ImapScript({"FETCH": [_mail(first, 100), _more(rest, len(first))]})) as box:
        mail = box.fetch(7, CAP)
        assert mail is not None
        assert (mail.raw == first + rest, mail.truncated, mail.size) == (True, False, 100)


def test_a_short_window_before_the_size_is_not_the_end() -> None:
    """A server that gives less than was asked for is asked again, until one big window gives no more either."""
    answers = [_mail(b"one ", 12), _more(b"two ", 4), _more(b"", 8), _more(b"one two ", 0)]
    with _open(ImapScript({"FETCH": answers})) as box:
        mail = box.fetch(7, CAP)
        assert mail is not None
        assert mail.raw == b"one two "


@pytest.mark.parametrize("size", [5, 2_000_000])
def test_a_server_that_ignores_windows_is_understood(size: int) -> None:
    """The whole text instead of a window is the whole text, however long it was said to be."""
    with _open(ImapScript({"FETCH": _mail(b"all of it", size, key=b"BODY[]")})) as box:
        mail = box.fetch(7, CAP)
        assert mail is not None
        assert (mail.raw, mail.truncated) == (b"all of it", False)


def test_a_size_over_the_cap_is_not_believed() -> None:
    """A mail said to be longer than the cap is whole when nothing stands beyond the cap."""
    beyond = [_more(b"", CAP), _more(b"", 5), _more(b"short", 0)]
    with _open(ImapScript({"FETCH": [_mail(b"short", 2 * CAP), *beyond]})) as box:
        mail = box.fetch(7, CAP)
        assert mail is not None
        assert (mail.raw, mail.truncated) == (b"short", False)


def test_a_mail_over_the_cap_is_not_read_to_the_cap() -> None:
    """One byte beyond the cap is proof enough: nothing else is fetched to be thrown away."""
    script = ImapScript({"FETCH": [_mail(b"a" * 131_072, 2 * CAP), _more(b"x", CAP), DROP]})
    with _open(script) as box:
        mail = box.fetch(7, CAP)
        assert mail is not None
        assert mail.truncated
        assert sum("FETCH" in line for line in script.commands) == 2


ABOUT = b'INTERNALDATE "02-Mar-2026 09:30:00 +0000" RFC822.SIZE %d'
HALF = _mail(b"a" * 131_072, 200_000)
UNGIVEN: dict[str, bytes | list[bytes]] = {
    "nothing": OK,
    "a change of flags only": b"* 1 FETCH (UID 7 FLAGS (\\Seen))\r\n" + OK,
    "no UID": b"* 7 FETCH (%s BODY[]<0> {4}\r\ntext)\r\n" % (ABOUT % 4) + OK,
    "no size": b"* 1 FETCH (UID 7 BODY[]<0> {4}\r\ntext)\r\n" + OK,
    "NIL for a size": b"* 1 FETCH (UID 7 RFC822.SIZE NIL BODY[]<0> {4}\r\ntext)\r\n" + OK,
    "NIL": b"* 1 FETCH (UID 7 %s BODY[]<0> NIL)\r\n" % (ABOUT % 9) + OK,
    "an empty text": b'* 1 FETCH (UID 7 %s BODY[]<0> "")\r\n' % (ABOUT % 9) + OK,
    "no text": b"* 1 FETCH (UID 7 %s)\r\n" % (ABOUT % 9) + OK,
    "no second window": [HALF, OK],
    "NIL for a second window": [HALF, b"* 1 FETCH (UID 7 BODY[]<131072> NIL)\r\n" + OK],
    "an empty second window": [HALF, _more(b"", 131_072)],
    "another window": [HALF, _more(b"a" * 900, 0)],
}


@pytest.mark.parametrize("answer", UNGIVEN.values(), ids=UNGIVEN)
def test_a_mail_is_gone_only_when_a_search_finds_it_no_more(answer: bytes | list[bytes]) -> None:
    """Whatever the server leaves out of its answer: still listed is a failure to be told, not found is gone."""
    with _open(ImapScript({"FETCH": answer})) as box:
        found = box.take([7], CAP, CAP)
        assert (found.mails, found.failed, found.left) == ([], [7], [])
    with _open(ImapScript({"FETCH": answer, "SEARCH": b"* SEARCH\r\n" + OK})) as box:
        found = box.take([7], CAP, CAP)
        assert (found.mails, found.failed, found.left) == ([], [], [])


def test_the_text_of_another_mail_is_taken_for_nobodys() -> None:
    """An answer without UID stands under a sequence number, which may be the UID of another mail."""
    said = b"* 2 FETCH (%s BODY[]<0> {4}\r\ntext)\r\n" % (ABOUT % 4)
    with _open(ImapScript({"FETCH": said * 2 + OK, "SEARCH": b"* SEARCH 2 7\r\n" + OK})) as box:
        assert box.take([2, 7], CAP, CAP).failed == [2, 7]


def test_one_mail_not_given_costs_the_others_nothing() -> None:
    """Of a batch only that mail has failed."""
    with _open(ImapScript({"FETCH": _mail(b"text", 4), "SEARCH": b"* SEARCH 7 8\r\n" + OK})) as box:
        found = box.take([7, 8, 9], CAP, CAP)
        assert ([mail.uid for mail in found.mails], found.failed) == ([7], [8])


def test_an_empty_window_where_one_big_window_gives_more_is_not_the_end() -> None:
    """A server that cannot begin in the middle of a text gives it from the start."""
    text = b"a" * 131_072 + b"the rest"
    with _open(
        ImapScript({"FETCH": [_mail(text[:131_072], len(text)), _more(b"", 131_072), _more(text, 0)]})
    ) as box:
        mail = box.fetch(7, CAP)
        assert mail is not None
        assert (mail.raw == text, mail.truncated) == (True, False)


@pytest.mark.parametrize("key", [b"BODY[]<0>", b"BODY[HEADER]<0>", b"BODY[HEADER]"])
@pytest.mark.parametrize("about", [b"UID 7 " + ABOUT % 900, ABOUT % 900, b"UID 7 "])
def test_what_can_be_had_in_the_end_is_a_truncated_mail(key: bytes, about: bytes) -> None:
    """Beginning or headers; asked for alone, an answer without UID or size is believed at last."""
    head = b"Subject: x\r\n\r\n"
    said = b"* 1 FETCH (%s %s {%d}\r\n%s)\r\n" % (about, key, len(head), head) + OK
    with _open(ImapScript({"FETCH": said})) as box:
        (mail,) = box.salvage(7, heads=b"HEADER" in key).mails
        assert (mail.uid, mail.raw, mail.truncated) == (7, head, True)


@pytest.mark.parametrize(
    "answer", [OK, b"* 1 FETCH (UID 7 BODY[HEADER]<0> NIL)\r\n" + OK, _mail(b"text", 4).replace(b"7", b"8")]
)
def test_where_nothing_can_be_had_the_mail_is_failed_or_gone(answer: bytes) -> None:
    """Of headers, too, only a search says that their mail is gone; another mail's are not taken."""
    with _open(ImapScript({"FETCH": answer})) as box:
        assert box.salvage(7, heads=True).failed == [7]
        assert box.there([6, 7]) == {7}
    with _open(ImapScript({"FETCH": answer, "SEARCH": b"* SEARCH\r\n" + OK})) as box:
        assert box.salvage(7, heads=True).failed == []


def test_a_mail_that_is_not_described_is_there_all_the_same() -> None:
    """The backlog of a first reading leaves nothing out that the server lists."""
    with _open(ImapScript({"FETCH": OK, "SEARCH": b"* SEARCH 7\r\n" + OK})) as box:
        assert box.describe([7, 8]) == {7: (UNKNOWN_DATE, 0)}


@pytest.mark.parametrize("command", ["STORE", "COPY"])
def test_a_mark_refused_costs_no_connection(command: str) -> None:
    """A server that only says no is asked on; the refusal has a kind of its own."""
    with _open(ImapScript({command: b"{tag} NO [OVERQUOTA] full\r\n", "MOVE": b"{tag} NO full\r\n"})) as box:
        with pytest.raises(PermanentError, match="the server said no while"):
            box.mark(7, "maild-seen") if command == "STORE" else box.move(7, "Held")
        assert box.uids_from(7) == [7]


@pytest.mark.parametrize(
    "date",
    [
        b'"01-Jan-1970 00:00:00 +0000"',
        b'"yesterday"',
        b"NIL",
        b'"31-Dec-9999 23:59:59 -1200"',
        b'"99-Foo-2026 77:00:00 +0000"',
    ],
)
def test_a_garbled_arrival_does_not_hold_up_the_mail(date: bytes) -> None:
    """An INTERNALDATE that is none comes out later than any first sight, which counts then."""
    with _open(ImapScript({"FETCH": _mail(b"text", 4, date)})) as box:
        mail = box.fetch(7, CAP)
        assert mail is not None
        assert (mail.internal_date, mail.raw) == (UNKNOWN_DATE, b"text")


def test_a_read_only_folder_is_opened_without_keywords() -> None:
    """A SELECT that the server answers read-only gives a state that says so, and reading goes on."""
    head = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 9] -\r\n* OK [PERMANENTFLAGS (\\*)] -\r\n"
    said = head + b"{tag} OK [READ-ONLY] done\r\n"
    with _open(ImapScript({"SELECT": said, "EXAMINE": said})) as box:
        # no UIDNEXT either: it comes from the last UID there is
        assert box.select("INBOX") == FolderState(9, 8, keywords=False, read_only=True)
        assert box.uids_from(1) == [7]


def test_the_last_message_does_not_count_as_new() -> None:
    """``UID SEARCH UID 9:*`` always matches the last message; it is left out (RFC 3501 §6.4.8)."""
    with _open(ImapScript({})) as box:
        assert box.uids_from(8) == []
        assert box.uids_from(7) == [7]
