"""Whom a letter is encrypted to, when it goes out unencrypted, and whose key is another by now."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest

from maild.core.facts.record import Disclosure, Fact
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, Draft, Notice, Payload, Prepared, Receipt, Reply
from maild.core.mail.letter import text_content
from maild.core.mail.mime import parse
from maild.core.policy import CanaryPolicy
from maild.core.values.case import CaseState
from maild.core.values.targets import Predisclosure, Targets
from maild.core.writing.asof import CLOSED, Known
from maild.engine import composing
from maild.engine.composing import WITHOUT, Composer, tagged
from maild.errors import PermanentError, TemporaryError
from maild.store.letters import Letter
from tests.support.deciding import CASE, RITA, case
from tests.support.desk import DESK, NOW, POLICY

LIST, KEY = "list@lists.example", b"the key of the list"
KEYLESS = "bare@lists.example"
TARGETS = Targets(
    (Predisclosure("distros", LIST, key="distros.asc", subject_tag="[vs]"), Predisclosure("bare", KEYLESS))
)
TAGGED = f"security+k3m5@{DESK.domain}"


class Gpg:
    """Says whom it was asked to encrypt to, and signs unless it fails."""

    def __init__(self) -> None:
        self.fails: Exception | None = None
        self.signed = 0

    async def sign(self, content: object) -> bytes:
        """A signature."""
        self.signed += 1
        if self.fails:
            raise self.fails
        return b"-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n"

    async def seal(self, inside: bytes, to: list[Any], into: Any) -> bytes:
        """Whom it is encrypted to, and the subject that is seen outside."""
        if self.fails:
            raise self.fails
        return b"sealed to %r, %r" % (to, into.args[3])

    async def key_in(self, path: str) -> bytes:
        """The key of a list."""
        return KEY if path == "distros.asc" else b""


class Desk:
    """A composer whose surroundings are the test's."""

    def __init__(self, gpg: bool = True, subaddress: str = "+") -> None:
        self.now, self.known, self.gpg = NOW, b"", Gpg()
        policy = replace(POLICY, desk=replace(DESK, subaddress=subaddress), targets=TARGETS)
        parts: Any = SimpleNamespace(
            now=lambda: self.now,
            policy=policy,
            database=SimpleNamespace(run=self.run),
            config=SimpleNamespace(beside=lambda name: name),
        )
        pgp: Any = self.gpg if gpg else None
        templates: Any = None
        self.one = Composer(parts, templates, pgp)

    async def run(self, *_: object) -> bytes:
        """The key that is known of a reporter."""
        return self.known

    async def final(self, one: Letter) -> bytes:
        """The bytes that go out."""
        return await self.one.final(one, self.one.head(one, "Hello"), text_content("words"))


def letter(kind: LetterKind, to: str, says: Payload | None = None, sealed: bool = False) -> Letter:
    """A letter of the case."""
    what = says or Receipt(NOW.isoformat())
    about: dict[str, Any] = {"attempts": 1, "doubts": 0, "composed": False, "weight": 0, "due": NOW}
    return Letter(7, kind, CASE, to, sealed, "", "ref", "<k3m5.ref@x>", what, "", (), **about)


ANSWER = letter(LetterKind.ANSWER, RITA, Reply(1, "team:Anna"))
RECEIPT = letter(LetterKind.RECEIPT, RITA)
COPY = Copy(1, "reporter")
EARLY = letter(LetterKind.PREDISCLOSURE, LIST, Prepared("distros", "d"))


def shape(raw: bytes) -> tuple[str, str]:
    """How the letter goes out, and where a reply to it goes."""
    if raw.startswith(b"sealed to"):
        return raw.decode(), ""
    root = parse(raw).root
    return root.content_type, root.headers.get("Reply-To").strip("<>")


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (letter(LetterKind.COPY, "anna@project.example", COPY), f"sealed to ['{'A' * 40}'], '[{CASE}] ...'"),
        (
            letter(LetterKind.COPY, "anna@project.example", COPY, True),
            f"sealed to ['{'A' * 40}'], '[{CASE}] ...'",
        ),
        (letter(LetterKind.COPY, "bea@project.example", COPY), "text/plain"),
        (letter(LetterKind.COPY, "guest@x.example", COPY), "text/plain"),
        (ANSWER, "multipart/signed"),
        (replace(ANSWER, sealed=True), "sealed to [b'the key of Rita'], '...'"),
        (RECEIPT, "multipart/signed"),
        (letter(LetterKind.NOTICE, "anna@project.example", Notice("x")), "text/plain"),
        (
            letter(LetterKind.DRAFT, "anna@project.example", Draft("bug"), True),
            f"sealed to ['{'A' * 40}'], '[{CASE}] ...'",
        ),
        (EARLY, "sealed to [b'the key of the list'], '[vs] ...'"),
    ],
)
async def test_a_letter_is_encrypted_to_its_reader_or_signed(one: Letter, found: str) -> None:
    """A member's with a key always; a reporter's as it was owed; the number of a case is seen by the team only."""
    desk = Desk()
    desk.known = b"the key of Rita"
    assert shape(await desk.final(one))[0] == found


@pytest.mark.parametrize(
    ("one", "reply_to"),
    [
        (letter(LetterKind.COPY, "bea@project.example", COPY), TAGGED),
        (ANSWER, TAGGED),
        (RECEIPT, DESK.address),
        (letter(LetterKind.NOTICE, "bea@project.example", Notice("x")), DESK.address),
    ],
)
async def test_replies_to_people_carry_a_tag_where_the_desk_has_tags(one: Letter, reply_to: str) -> None:
    """To what maild itself says they need none."""
    assert shape(await Desk().final(one))[1] == reply_to
    assert shape(await Desk(subaddress="").final(one))[1] == DESK.address
    assert tagged(DESK, one) == TAGGED


@pytest.mark.parametrize(
    "one",
    [
        letter(LetterKind.COPY, "bea@project.example", COPY, sealed=True),
        letter(LetterKind.NOTICE, "bea@project.example", Notice("x"), sealed=True),
        replace(ANSWER, sealed=True),
        letter(LetterKind.PREDISCLOSURE, KEYLESS, Prepared("bare", "d")),
        letter(LetterKind.PREDISCLOSURE, LIST, Prepared("gone", "d")),
    ],
)
async def test_what_must_be_encrypted_never_leaves_without_a_key(one: Letter) -> None:
    """Nor where the desk has no gpg."""
    for desk in (Desk(), Desk(gpg=False)):
        with pytest.raises(PermanentError, match="no key to encrypt it with"):
            await desk.final(one)


async def test_a_members_key_that_does_not_work_is_passed_over_for_what_came_unencrypted() -> None:
    """What has to be encrypted is not sent."""
    desk = Desk()
    desk.gpg.fails = PermanentError("expired")
    assert shape(await desk.final(letter(LetterKind.COPY, "anna@project.example", COPY)))[0] == "text/plain"
    with pytest.raises(PermanentError, match="expired"):
        await desk.final(letter(LetterKind.COPY, "anna@project.example", COPY, sealed=True))


async def test_an_acknowledgement_waits_for_no_signature_and_an_answer_does() -> None:
    """Nor do those of the next five minutes; a desk without a key signs nothing."""
    desk = Desk()
    desk.gpg.fails = TemporaryError("gpg hangs")
    assert shape(await desk.final(RECEIPT))[0] == "text/plain"
    for later, tried in ((timedelta(), 1), (WITHOUT - timedelta(seconds=1), 1), (WITHOUT, 2)):
        desk.now = NOW + later
        assert shape(await desk.final(RECEIPT))[0] == "text/plain"
        assert desk.gpg.signed == tried
    with pytest.raises(TemporaryError):
        await desk.final(ANSWER)
    assert shape(await Desk(gpg=False).final(ANSWER))[0] == "text/plain"


@pytest.mark.parametrize(
    ("one", "known", "key"),
    [
        (letter(LetterKind.COPY, "anna@project.example", COPY), "R", "A" * 40),
        (letter(LetterKind.COPY, "bea@project.example", COPY), "R", "R"),
        (ANSWER, "R", "R"),
        (ANSWER, "", ""),
        (EARLY, "R", sha256(KEY).hexdigest()),
        (letter(LetterKind.PREDISCLOSURE, KEYLESS, Prepared("bare", "d")), "R", ""),
    ],
)
async def test_a_key_is_its_readers(one: Letter, known: str, key: str) -> None:
    """A member's listed one, a reporter's as it is known, a list's by its bytes, for another key of a list is asked elsewhere."""
    desk = Desk()
    so: Any = SimpleNamespace(key=known, case=None)
    assert await desk.one.key_of(one, so) == key
    seldom = one.kind is not LetterKind.PREDISCLOSURE
    assert desk.one.other_key(one, so, "old") is seldom
    assert not desk.one.other_key(one, so, "")
    assert not desk.one.other_key(one, so, key)


@pytest.mark.parametrize(
    ("one", "approved", "same"),
    [
        (EARLY, "", True),
        (EARLY, "F" * 40, True),
        (EARLY, "of another key", False),
        (ANSWER, "of another key", True),
        (letter(LetterKind.ANNOUNCEMENT, LIST, Prepared("distros", "d")), "of another key", True),
    ],
)
async def test_a_list_is_written_to_with_the_key_that_two_approved(
    monkeypatch: pytest.MonkeyPatch, one: Letter, approved: str, same: bool
) -> None:
    """Where they approved one; what everybody may read is not encrypted."""
    monkeypatch.setattr(composing, "fingerprint", lambda key: "F" * 40 if key == KEY else "")
    facts = (Fact("prepared-key", approved, "team:Anna", NOW, "distros"),) if approved else ()
    so: Any = SimpleNamespace(case=case(record=Disclosure(facts)), key="")
    assert await Desk().one.approved_key(one, so) is same
    assert await Desk().one.approved_key(one, SimpleNamespace(case=None, key="")) is True  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "subject", "found"),
    [
        (LetterKind.ANSWER, "Your report", f"Your report [{CASE}]"),
        (LetterKind.ANSWER, f"[{CASE}] Your report", f"[{CASE}] Your report"),
        (LetterKind.NOTICE, "Something happened", "Something happened"),
    ],
)
def test_an_answer_names_its_case_once(kind: LetterKind, subject: str, found: str) -> None:
    """In its subject, where the template does not; a canary comes from its address outside."""
    desk = Desk()
    words: Any = SimpleNamespace(subject=subject, text="words")
    desk.one.templates = SimpleNamespace(render=lambda *_: words)  # type: ignore[assignment]
    head, content = desk.one.rendered(letter(kind, RITA), {})
    assert (head.subject, head.author) == (found, "")
    assert b"words" in content
    flying = replace(desk.one.parts.policy, canary=CanaryPolicy(sender="canary@outside.example"))
    desk.one.parts.policy = flying  # type: ignore[misc]
    senders = [desk.one.head(letter(one, RITA), "x").author for one in (LetterKind.CANARY, kind)]
    assert senders == ["canary@outside.example", ""]


@pytest.mark.parametrize(
    ("one", "closed", "why"),
    [
        (RECEIPT, True, CLOSED),
        (RECEIPT, False, ""),
        (letter(LetterKind.COPY, RITA, COPY), True, ""),
        (letter(LetterKind.ANNOUNCEMENT, RITA), True, ""),
    ],
)
def test_only_what_tells_of_now_is_withdrawn(one: Letter, closed: bool, why: str) -> None:
    """A copy says what was said; what goes to outsiders is asked about elsewhere."""
    state = CaseState.CLOSED if closed else CaseState.OPEN
    so: Any = SimpleNamespace(known=Known(case(state=state)))
    assert Desk().one.withdrawn(one, so) == why
