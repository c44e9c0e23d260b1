"""A forged member gets nothing passed on, keeps no promise and is obeyed in nothing, whatever the trick.

Every trick comes once as an answer to the reporter and once as words to the team, with tokens that somebody
has stolen, against real gpg and the real engine.
"""

from collections.abc import Callable

import pytest

from maild.core.values.ids import token
from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import multipart, pgp_mime, signed, text
from tests.support import mails
from tests.support.desk import MX
from tests.support.relaying import MIA, RITA, RelayDesk, plain_text, read_by
from tests.support.sealing import entity

pytestmark = pytest.mark.dovecot
EVE = "eve@elsewhere.example"
PASSED = f"{MX}; dmarc=pass header.from=project.example"


class Forger:
    """Eve: she knows the case, its tokens, Mia's address, and has mail that Mia once signed."""

    def __init__(self, desk: RelayDesk, kit: Kit, audience: str) -> None:
        self.kit, self.number = kit, 0
        with desk.desk() as opened:
            secret = opened.policy.desk.secret
        self.case = str(desk.one()["case"])
        self.to, self.more = f"security+{token(secret, self.case, MIA, audience)}@project.example", ""
        if audience == "no token":
            self.to, self.more = "security@project.example", "In-Reply-To: <one@reporter.example>\r\n"
        self.words = "Do publish it tomorrow, we are all content.\r\n"
        if audience == "team":
            self.words = f"!close done\r\n!handler Mia\r\n\r\n{self.case}\r\n"

    def head(self, *senders: str, more: str = "") -> bytes:
        """The head of a mail."""
        self.number += 1
        lines = [f"From: {one}" for one in senders]
        lines += [
            f"To: {self.to}",
            "Subject: Re: Overflow",
            f"Message-ID: <f{self.number}{self.to[9:19].replace('@', '')}@x>",
        ]
        return (more + self.more + "".join(f"{line}\r\n" for line in [*lines, "MIME-Version: 1.0"])).encode()

    def plain(self, *senders: str, more: str = "") -> bytes:
        """Words in clear."""
        return text(self.words, head=self.head(*senders, more=more))

    def part(self, words: str = "") -> bytes:
        """The words (or others) as a part."""
        return text(words or self.words)

    def by(self, key: str, part: bytes) -> bytes:
        """A detached signature over *part*."""
        return self.kit.detached(key, text=part)


MEMBER = f"Mia Member <{MIA}>"
OLD = "Lunch is at noon today.\r\n"
TRICKS: dict[str, Callable[[Forger], bytes]] = {
    "From alone": lambda f: f.plain(MEMBER),
    "address as display name": lambda f: f.plain(f'"{MIA}" <{EVE}>'),
    "address as bare display name": lambda f: f.plain(f"{MIA} <{EVE}>"),
    "address as encoded display name": lambda f: f.plain(f"=?utf-8?q?{MIA.replace('@', '=40')}?= <{EVE}>"),
    "address in a comment": lambda f: f.plain(f"{EVE} ({MIA})"),
    "two From lines": lambda f: f.plain(MEMBER, EVE, more=f"Authentication-Results: {PASSED}\r\n"),
    "two From lines, other way round": lambda f: f.plain(EVE, MEMBER),
    "two From lines, signed by the member": lambda f: signed(
        f.part(f"{f.words} Now."), f.by(f.kit.member, f.part(f"{f.words} Now.")), head=f.head(MEMBER, EVE)
    ),
    "two authors": lambda f: f.plain(f"{EVE}, {MEMBER}", more=f"Authentication-Results: {PASSED}\r\n"),
    "results below a foreign hop": lambda f: f.plain(
        MEMBER,
        more=f"Received: from a.example by b.example; now\r\nAuthentication-Results: {PASSED}\r\n",
    ),
    "results of another host": lambda f: f.plain(
        MEMBER,
        more="Authentication-Results: mx.elsewhere.example; dmarc=pass header.from=project.example\r\n",
    ),
    "results that fail above ones that pass": lambda f: f.plain(
        MEMBER,
        more=f"Authentication-Results: {MX}; dmarc=fail header.from=project.example\r\n"
        f"Received: from elsewhere.example ([192.0.2.1]) by {MX}; now\r\n"
        f"Authentication-Results: {PASSED}\r\n",
    ),
    "results for another domain": lambda f: f.plain(
        MEMBER, more=f"Authentication-Results: {MX}; dkim=pass header.d=elsewhere.example\r\n"
    ),
    "her own domain passes, his name beside it": lambda f: f.plain(
        f'"{MIA}" <{EVE}>', more=f"Authentication-Results: {MX}; dmarc=pass header.from=elsewhere.example\r\n"
    ),
    "signed in the clear by the member": lambda f: text(
        f.kit.gpg(f.kit.people, "--local-user", f.kit.member, "--clearsign", feed=f.words.encode()).decode(),
        head=f.head(MEMBER),
    ),
    "signed part, words beside it": lambda f: multipart(
        "mixed", f.part(), signed(f.part(OLD), f.by(f.kit.member, f.part(OLD)), head=b""), head=f.head(MEMBER)
    ),
    "signed by a stranger": lambda f: signed(f.part(), f.by(f.kit.stranger, f.part()), head=f.head(MEMBER)),
    "signed by a key in her name": lambda f: signed(
        f.part(), f.by(namesake(f.kit), f.part()), head=f.head(MEMBER)
    ),
    "signature over another text": lambda f: signed(
        f.part(), f.by(f.kit.member, f.part(OLD)), head=f.head(MEMBER)
    ),
    "sealed, not signed": lambda f: pgp_mime(f.kit.encrypt(text=entity(f.words)), head=f.head(MEMBER)),
    "sealed and signed by a stranger": lambda f: pgp_mime(
        f.kit.sealed_by(f.kit.stranger, text=entity(f.words)), head=f.head(MEMBER)
    ),
    "a member's mail inside": lambda f: multipart(
        "mixed",
        f.part(),
        b"Content-Type: message/rfc822\r\n\r\n"
        + signed(f.part(OLD), f.by(f.kit.member, f.part(OLD)), head=f.head(MEMBER)),
        head=f.head(MEMBER),
    ),
    "an outsider with a member's token": lambda f: f.plain(f"Eve <{EVE}>"),
    "the reporter with a member's token": lambda f: f.plain(f"Rita <{RITA}>"),
    "the reporter with a member's old signature": lambda f: signed(
        f.part(OLD + "!"), f.by(f.kit.member, f.part(OLD + "!")), head=f.head(f"Rita <{RITA}>")
    ),
}

_NAMESAKE: dict[str, str] = {}


def namesake(kit: Kit) -> str:
    """A key that says it is Mia's, and is nobody's."""
    known = str(kit.root)
    if known not in _NAMESAKE:
        folder = kit.home("n")
        _NAMESAKE[known] = kit.key(folder, MEMBER)
        kit.gpg(kit.people, "--import", feed=kit.gpg(folder, "--export-secret-keys", _NAMESAKE[known]))
    return _NAMESAKE[known]


def tokens_prove_nothing(desk: RelayDesk) -> None:
    """With `tokens = "off"`."""
    desk.path.write_text(desk.path.read_text().replace("[trust]", '[trust]\ntokens = "off"'))


@pytest.mark.parametrize("audience", ["reporter", "team", "no token"])
def test_no_trick_makes_a_member(desk: RelayDesk, kit: Kit, audience: str) -> None:
    """All of them are held for a person, and nothing else comes of them.

    Tokens are off: with Mia's own token under Mia's address alone in From there would be nothing to forge
    (`test_tokens`).
    """
    tokens_prove_nothing(desk)
    desk.comes(mails.plain(date=desk.clock))
    before = [one.raw for one in desk.sink.letters]
    forger = Forger(desk, kit, audience)
    tricks = {name: trick for name, trick in TRICKS.items() if audience != "no token" or "token" not in name}
    for trick in tricks.values():
        desk.inbox.append(trick(forger), desk.clock)
    desk.run()
    assert desk.trouble == ""
    held = [row["mail"] - 2 for row in desk.view("quarantine") if row["kind"] == "held"]
    assert [name for number, name in enumerate(tricks) if number not in held] == []
    new = [one for one in desk.sink.letters if one.raw not in before]
    assert {one.recipients for one in new} == {(MIA,)}
    assert set(desk.about(MIA)) <= {
        "A message claims to be from the team",
        "A message with your address is waiting",
        "Please sign your message again",
    }
    one = desk.one()
    assert (one["state"], one["handler"], one["answered"]) == ("open", "", False)
    assert desk.promises() == {"acknowledge": "receipt", "respond": "running"}


def test_a_second_part_that_is_shown_is_not_signed(desk: RelayDesk, kit: Kit) -> None:
    """Words in the part beside what Mia signed are neither obeyed nor sent on."""
    desk.comes(mails.plain(date=desk.clock))
    for audience in ("team", "reporter"):
        forger = Forger(desk, kit, audience)
        empty = text(f"{audience}\r\n" if audience == "reporter" else "\r\n")
        armored = armor(kit.detached(kit.member, text=empty), "SIGNATURE")
        beside = b"Content-Type: text/plain\r\n\r\n" + forger.words.encode() + b"\r\n" + armored
        kind = 'signed; micalg=pgp-sha512; protocol="application/pgp-signature"'
        desk.comes(multipart(kind, empty, beside, head=forger.head(MEMBER)))
    assert desk.one()["state"] == "open"
    assert not [one for one in desk.answers(RITA) if b"publish" in one.raw]


def replayed(desk: RelayDesk, kit: Kit, words: str, audience: str) -> tuple[bytes, bytes, Forger]:
    """What Mia signed is accepted once; the part, its signature, and who handles them now."""
    forger = Forger(desk, kit, audience)
    part = text(words)
    made = kit.detached(kit.member, text=part)
    desk.comes(signed(part, made, head=forger.head(MEMBER)))
    return part, made, forger


def test_signed_text_is_accepted_once(desk: RelayDesk, kit: Kit) -> None:
    """The same signed bytes in another mail, in clear or sealed anew, are held."""
    desk.comes(mails.plain(date=desk.clock))
    case = str(desk.one()["case"])
    desk.word("spam", case)
    part, made, forger = replayed(desk, kit, f"!reopen\r\n\r\n{case}\r\n", "team")
    assert desk.one()["state"] == "open"
    desk.word("spam", case)
    before = len(desk.sink.letters)
    desk.comes(signed(part, made, head=forger.head(MEMBER)))
    inside = signed(part, made, head=b"")
    desk.comes(pgp_mime(kit.encrypt(text=inside), head=forger.head(MEMBER)))
    desk.comes(signed(part, made, head=forger.head(f"Eve <{EVE}>")))
    assert desk.one()["state"] == "closed"
    assert [row["kind"] for row in desk.view("quarantine")] == ["held", "held", "held"]
    new = {one.recipients for one in desk.sink.letters[before:]}
    assert new <= {(MIA,)}


def test_an_answer_is_not_replayed_to_the_reporter(desk: RelayDesk, kit: Kit) -> None:
    """A signed answer handed in again goes out once."""
    desk.comes(mails.plain(date=desk.clock))
    words = f"We can reproduce it and work on a fix.\r\n\r\n{desk.one()['case']}\r\n"
    part, made, forger = replayed(desk, kit, words, "reporter")
    assert len(desk.answers(RITA)) == 1
    desk.comes(signed(part, made, head=forger.head(MEMBER)))
    assert len(desk.answers(RITA)) == 1


def test_what_the_reporter_sends_is_not_lost_for_a_borrowed_signature(desk: RelayDesk, kit: Kit) -> None:
    """Held when it is opened, sealed or not; released, the team reads it as the reporter's own mail."""
    desk.comes(mails.plain(date=desk.clock))
    forger = Forger(desk, kit, "no token")
    for number in (1, 2):
        part = text(f"{OLD}{number}\r\n")
        inside = signed(part, forger.by(kit.member, part), head=b"" if number == 2 else forger.head(RITA))
        desk.comes(pgp_mime(kit.encrypt(text=inside), head=forger.head(RITA)) if number == 2 else inside)
    held = [str(row["mail"]) for row in desk.view("quarantine") if row["kind"] == "held"]
    assert [len(desk.copies("bea@project.example")), len(held)] == [1, 2]
    assert {one["authority"] for one in desk.one()["messages"]} == {"none"}
    for mail in held:
        assert desk.word("release", mail).status == 0
    desk.run()
    copies = [plain_text(read_by(kit, one, desk.bea)) for one in desk.copies("bea@project.example")[1:]]
    assert [one.count("goes to the REPORTER") for one in copies if OLD.strip() in one] == [1, 1]
    assert desk.answers(RITA) == []
    assert desk.promises() == {"acknowledge": "receipt", "respond": "running"}


def test_held_mail_is_released_or_rejected_by_a_person(desk: RelayDesk, kit: Kit) -> None:
    """Released it is the member's after all, sealed or not; of what is rejected nothing follows."""
    tokens_prove_nothing(desk)
    desk.comes(mails.plain(date=desk.clock))
    forger = Forger(desk, kit, "reporter")
    sealed = pgp_mime(kit.encrypt(text=entity("We do work on a fix.")), head=forger.head(MEMBER))
    hers = text("I would like to be paid for this.", head=forger.head(EVE))
    for raw in (forger.plain(MEMBER), sealed, hers, forger.plain(MEMBER)):
        desk.inbox.append(raw, desk.clock)
    desk.run()
    held = [str(row["mail"]) for row in desk.view("quarantine")]
    assert len(held) == 4
    for mail in held[:3]:
        assert desk.word("release", mail).status == 0
    assert desk.word("reject", held[3]).status == 0
    desk.run()
    assert desk.view("quarantine") == []
    assert len(desk.answers(RITA)) == 2
    copies = [plain_text(read_by(kit, one, desk.bea)) for one in desk.copies("bea@project.example")]
    assert len(copies) == 4
    assert [one.count("goes to the TEAM only") for one in copies if EVE in one] == [1]
