"""What the last look at a letter asks: whom it goes to, what has changed, and whether the same was said just now."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from maild.core.facts.record import Disclosure, Fact
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, Notice, Payload, Prepared, Receipt, Reply, Sent
from maild.core.mail.mime import Part, parse
from maild.core.writing.gate.check import Fault, Known
from maild.core.writing.gate.reading import Seen
from maild.engine import lastlook, tokens
from maild.engine.lastlook import MOVED, LastLook
from maild.store.letters import Letter
from tests.support.deciding import CASE, RITA, case
from tests.support.desk import DESK, NOW, POLICY

GUEST = "guest@x.example"
TOKEN = "k3m5n7p2q4r6s3t5u7v2"


def letter(
    kind: LetterKind, to: str, says: Payload | None = None, sealed: bool = False, of: str = CASE
) -> Letter:
    """A letter of the case."""
    what = says or Receipt(NOW.isoformat())
    about: dict[str, Any] = {"attempts": 1, "doubts": 0, "composed": False, "weight": 0, "due": NOW}
    return Letter(7, kind, of, to, sealed, "", "ref", "<k3m5.ref@x>", what, "", (), **about)


class Desk:
    """A look whose database is the test's."""

    def __init__(self) -> None:
        self.stored: dict[str, Any] = {}
        database = SimpleNamespace(run=self.run)
        parts: Any = SimpleNamespace(policy=POLICY, database=database, now=lambda: NOW)
        self.look: Any = LastLook(parts, None)
        self.mails: dict[int, Part] = {}
        self.look._opened = self.opened

    async def run(self, work: Callable[..., Any], *_: object) -> Any:
        """What the database gives."""
        return self.stored[work.__name__]

    async def opened(self, mail: int) -> Part | None:
        """A mail as it was read."""
        return self.mails.get(mail)


@pytest.fixture(autouse=True)
def without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step at once."""

    async def straight(work: Any, alone: bool = True) -> Any:
        return await work

    monkeypatch.setattr(lastlook.offloop, "run", straight)
    monkeypatch.setattr(lastlook, "ask", straight)
    monkeypatch.setattr(tokens, "ask", straight)


@pytest.mark.parametrize(
    ("one", "concerns"),
    [
        (letter(LetterKind.RECEIPT, RITA), True),
        (letter(LetterKind.ANSWER, RITA), True),
        (letter(LetterKind.PREDISCLOSURE, "list@lists.example"), True),
        (letter(LetterKind.COPY, "anna@project.example"), False),
        (letter(LetterKind.NOTICE, "carl@phone.example"), False),
        (letter(LetterKind.COPY, GUEST), True),
        (letter(LetterKind.NOTICE, GUEST, of=""), False),
        (letter(LetterKind.CANARY, DESK.address, of=""), False),
    ],
)
def test_it_concerns_what_goes_to_anybody_outside(one: Letter, concerns: bool) -> None:
    """A guest too, of a case; not the team, nor the desk itself."""
    assert Desk().look.concerns(one) is concerns


@pytest.mark.parametrize(
    ("one", "about", "why"),
    [
        (letter(LetterKind.ANSWER, RITA), {}, ""),
        (letter(LetterKind.ANSWER, RITA), {"moved": True}, MOVED),
        (letter(LetterKind.COPY, GUEST), {"moved": True}, ""),
        (letter(LetterKind.ANSWER, RITA), {"moved": True, "case": None}, ""),
        (letter(LetterKind.ANSWER, RITA), {"case": case(sealed=True)}, "clear"),
        (letter(LetterKind.ANSWER, RITA, sealed=True), {"case": case(sealed=True)}, ""),
        (letter(LetterKind.ANSWER, RITA), {"case": case(sealed=True), "in_clear": True}, ""),
        (letter(LetterKind.RECEIPT, RITA), {"case": case(sealed=True)}, ""),
        (letter(LetterKind.ANSWER, RITA, Sent("embargo", embargo="2026-03-09")), {}, "dated"),
        (letter(LetterKind.ANSWER, RITA, Sent("bug", embargo="2026-03-09")), {}, ""),
    ],
)
def test_nobody_lets_go_what_the_world_has_overtaken(one: Letter, about: dict[str, Any], why: str) -> None:
    """A reporter who is answered elsewhere, a case that is encrypted by now, a date that has changed."""
    so: Any = SimpleNamespace(**({"case": case(), "moved": False, "in_clear": False} | about))
    assert Desk().look.overtaken(one, so) == why


async def test_of_what_came_encrypted_no_line_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason alone is told; of other answers the line too."""
    look = Desk().look

    async def looked(*_: object) -> Fault:
        return Fault("internal", "some words")

    monkeypatch.setattr(look, "_looked", looked)
    lines = [
        (await look.fault(letter(LetterKind.ANSWER, RITA, says), b"")).line
        for says in (
            Reply(1, "team:Anna", encrypted=True),
            Reply(1, "team:Anna"),
            Sent("bug", by="team:Anna"),
        )
    ]
    assert lines == ["", "some words", "some words"]


def mail(text: str, file: str = "") -> Part:
    """A member's answer, with a file or without."""
    attached = f'--b\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\n{file}\r\n' if file else ""
    return parse(
        f"From: anna@project.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\n\r\n{text}\r\n{attached}--b--\r\n".encode()
    ).root


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (mail("It is fixed in 1.2."), True),
        (mail("IT IS\nfixed in 1.2"), True),
        (mail("It is fixed in 1.3."), False),
        (mail("It is fixed in 1.2.", "a patch"), False),
        (None, False),
    ],
)
async def test_the_same_words_do_not_go_to_one_reporter_twice(before: Part | None, again: bool) -> None:
    """Letters and files count, blanks and capitals do not; of what is gone nobody knows."""
    desk = Desk()
    desk.mails = {1: mail("It is fixed in 1.2.")} | ({2: before} if before else {})
    desk.stored = {"answered_lately": [2]}
    found = await desk.look._again(letter(LetterKind.ANSWER, RITA, Reply(1, "team:Anna")))
    assert (found == Fault("again")) is again
    desk.stored = {"answered_lately": []}
    assert await desk.look._again(letter(LetterKind.ANSWER, RITA, Reply(1, "team:Anna"))) is None
    assert await desk.look._again(letter(LetterKind.ANSWER, RITA, Sent("bug"))) is None


@pytest.mark.parametrize(
    ("says", "by_team", "found"),
    [
        (Copy(1, "team"), True, "internal"),
        (Copy(1, "team"), False, ""),
        (Notice("x"), True, ""),
    ],
)
async def test_a_guest_reads_no_words_of_other_cases_that_the_team_wrote(
    monkeypatch: pytest.MonkeyPatch, says: Payload, by_team: bool, found: str
) -> None:
    """In a member's message; what strangers wrote is theirs. Another's token goes to no guest."""
    desk, secret = Desk(), "nobody outside may know that the vendor waits until spring"
    desk.stored = {
        "for_guest": frozenset({TOKEN}),
        "by_team": by_team,
        "foreign_words": None,
        "others_reporters": frozenset(),
    }

    async def elsewhere(*_: object) -> Any:
        yield secret

    async def shared(*_: object) -> tuple[str, ...]:
        return ()

    monkeypatch.setattr(desk.look, "_elsewhere", elsewhere)
    monkeypatch.setattr(desk.look, "_known_to", shared)
    one = letter(LetterKind.COPY, GUEST, says)
    fault = await desk.look._looked(one, f"Subject: x\r\n\r\nWe say that {secret}.\r\n".encode())
    assert (fault.name if fault else "") == found
    token = await desk.look._looked(one, f"Subject: x\r\n\r\n{TOKEN}\r\n".encode())
    assert token == Fault("token")


@pytest.mark.parametrize(
    ("says", "own"),
    [
        (Reply(1, "team:Anna"), {"anna@project.example"}),
        (Reply(1, "operator"), set()),
        (Prepared("distros", "d"), {"carl@project.example"}),
        (Prepared("other", "d"), set()),
        (Receipt(""), set()),
    ],
)
async def test_whose_letter_it_is(says: Payload, own: set[str]) -> None:
    """The member who answers, or who prepared what two approved: their address may sign a patch."""
    desk = Desk()
    record = Disclosure((Fact("prepared", "d", "team:Carl", NOW, "distros"),))
    desk.stored = {"of_case": record}
    assert await desk.look._own(letter(LetterKind.ANSWER, RITA, says)) == own


async def test_an_acknowledgement_may_name_whom_to_write_to() -> None:
    """The coordinator and the backup contact, as the published policy does; and no member else."""
    desk = Desk()
    desk.stored = {"for_reporter": frozenset({TOKEN}), "of_case": Disclosure(())}
    known: Known = await desk.look.known(letter(LetterKind.RECEIPT, RITA), Seen())
    assert known == Known(frozenset({TOKEN}), frozenset({"anna@project.example"}))
    early = letter(LetterKind.PREDISCLOSURE, "list@lists.example", Prepared("distros", "d"))
    other: Known = await desk.look.known(early, Seen())
    assert other == replace(known, private=POLICY.private_addresses)


async def test_a_desk_with_many_cases_is_asked_for_the_tokens_that_may_stand_in_the_letter() -> None:
    """Once they are too many to read, only what has their shape is asked for, and is found all the same."""
    asked: list[object] = []

    class Many(Desk):
        async def run(self, work: Callable[..., Any], *about: object) -> Any:
            """Too many, unless somebody names some."""
            if work.__name__ != "for_reporter":
                return await super().run(work, *about)
            asked.append(about[3] if len(about) > 3 else None)
            return asked[-1]

    desk = Many()
    desk.stored = {"of_case": Disclosure(())}
    for _ in range(2):
        known: Known = await desk.look.known(letter(LetterKind.RECEIPT, RITA), Seen([f"Hi {TOKEN}!"]))
        assert TOKEN in known.tokens
    assert asked == [None, {f"hi{TOKEN}"[at:][: len(TOKEN)] for at in range(3)}, known.tokens]
