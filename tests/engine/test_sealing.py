"""Letters that must be sealed: whole for their reader, telling nothing outside, never sent without a key."""

import asyncio
from email import message_from_bytes, policy

import pytest

from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, SignatureStatus
from maild.engine.opener import open_mail
from maild.gateways.openpgp import OpenPGP
from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, text
from tests.support.phrases import PHRASES
from tests.support.sealing import MIA, SAM, SealedDesk, head, key_file, report
from tests.support.smtpsink import Letter

pytestmark = pytest.mark.dovecot
PAST = ("--faked-system-time", "20200101T000000!")


def offers(desk: SealedDesk, key: bytes, number: int = 1) -> None:
    """Sam writes in clear and attaches a key."""
    desk.inbox.append(
        multipart("mixed", text("It crashes.\n"), key_file(key), head=head(number, subject="Crash"))
    )
    desk.run()


def as_reader(kit: Kit, sent: Letter, reader: str) -> tuple[str, bytes, SignatureStatus]:
    """What the reader sees: protected subject, text, and the verdict on the desk's signature."""
    pgp = OpenPGP(kit.people, reader, keyrings=[kit.desk / "pubring.kbx"])
    opened = asyncio.run(open_mail(parse(sent.raw), pgp, PHRASES))
    assert opened.decryption is Decryption.OK
    assert opened.signature.fingerprint == kit.desk_key
    return opened.protected["subject"], opened.tree.root.content, opened.signature.status


def from_outside(desk: SealedDesk, sent: Letter, tagged: bool = False) -> None:
    """PGP/MIME under a subject of dots, the team's with the case's number, and no word of what is inside."""
    letter = message_from_bytes(sent.raw, policy=policy.default)
    number = str(desk.cases()[0]["case"])
    assert letter["Subject"] == (f"[{number}] ..." if tagged else "...")
    assert letter.get_content_type() == "multipart/encrypted"
    assert letter.get_param("protocol") == "application/pgp-encrypted"
    version, data = letter.iter_parts()
    assert version.get_content() == b"Version: 1\r\n"
    assert data.get_content_type() == "application/octet-stream"
    armored = data.get_content().strip()
    assert armored.startswith(b"-----BEGIN PGP MESSAGE-----")
    assert armored.endswith(b"-----END PGP MESSAGE-----")
    assert sent.raw.count(number.encode()) == tagged
    for word in (b"different key", b"message offers"):
        assert word not in sent.raw


def test_a_sealed_letter_to_a_reporter(sealed_desk: SealedDesk, kit: Kit) -> None:
    """Sealed to his remembered key, signed by the desk; the real subject is inside, outside stand dots."""
    offers(sealed_desk, kit.public(kit.people, kit.stranger))
    assert sealed_desk.known_key() == kit.stranger
    sealed_desk.owe(SAM)
    sealed_desk.run()
    sent = sealed_desk.to(SAM)[-1]
    from_outside(sealed_desk, sent)
    subject, words, status = as_reader(kit, sent, kit.stranger)
    assert subject == f"[{sealed_desk.cases()[0]['case']}] A reporter's message offers a different key"
    assert b"known key stays in use" in words.replace(b"\r\n", b" ")
    assert status is SignatureStatus.GOOD


def test_a_sealed_letter_to_a_member(sealed_desk: SealedDesk, kit: Kit) -> None:
    """Sealed to the configured key of the member, out of the team's own home."""
    offers(sealed_desk, kit.public(kit.people, kit.stranger))
    sealed_desk.owe(MIA)
    sealed_desk.run()
    sent = next(one for one in reversed(sealed_desk.to(MIA)) if b"] ...\r\n" in one.raw)
    from_outside(sealed_desk, sent, tagged=True)
    assert "different key" in as_reader(kit, sent, kit.member)[0]


def unsealable(desk: SealedDesk) -> None:
    """Two letters to Sam that must be sealed fail, nothing goes to him, and the team is told once."""
    before = len(desk.to(SAM))
    for name in ("one", "two"):
        desk.owe(SAM, name)
        desk.run()
    desk.run()
    found = desk.outcomes()
    assert [found[f"test:{name}:{SAM}"] for name in ("one", "two")] == ["failed", "failed"]
    assert len(desk.to(SAM)) == before
    assert "unsealable" in desk.flags()
    assert len(desk.notices("could not be encrypted")) == 1


def test_without_a_key_nothing_is_sent(sealed_desk: SealedDesk) -> None:
    """No key known: the letter fails visibly, is never sent in clear, and the team hears of it once."""
    sealed_desk.inbox.append(text("It crashes.\n", head=head(subject="Crash")))
    sealed_desk.run()
    unsealable(sealed_desk)


def test_a_key_that_has_expired_is_no_key(sealed_desk: SealedDesk, kit: Kit) -> None:
    """A remembered key that is no longer good seals nothing: the letter fails like one without a key."""
    key = kit.key(kit.people, f"Sam Again <{SAM}>")
    offers(sealed_desk, kit.public(kit.people, key))
    assert sealed_desk.known_key() == key
    expired = kit.key(kit.people, f"Sam Then <{SAM}>", *PAST, expires="30d")
    with sealed_desk.desk() as desk:
        content = {"content": kit.public(kit.people, expired)}
        desk.ask(lambda c: c.exec_driver_sql("UPDATE reporter_key SET content = :content", content))
    unsealable(sealed_desk)


def test_a_member_without_a_key_is_not_written_to_in_clear(sealed_desk: SealedDesk, kit: Kit) -> None:
    """What must be sealed does not go to a member without a key either."""
    offers(sealed_desk, kit.public(kit.people, kit.stranger))
    sealed_desk.owe("bea@project.example")
    sealed_desk.run()
    assert sealed_desk.outcomes()["test:one:bea@project.example"] == "failed"
    assert not [sent for sent in sealed_desk.to("bea@project.example") if b"different key" in sent.raw]


def test_trouble_with_the_desks_own_key_only_delays(
    sealed_desk: SealedDesk, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When gpg cannot be asked, a letter that must be sealed waits and goes out later, still sealed."""
    offers(sealed_desk, kit.public(kit.people, kit.stranger))
    sealed_desk.owe(SAM)
    with monkeypatch.context() as gone:
        gone.setenv("PATH", str(sealed_desk.folder))
        sealed_desk.run()
    assert sealed_desk.outcomes()[f"test:one:{SAM}"] == "owed"
    sealed_desk.clock = sealed_desk.clock.replace(year=sealed_desk.clock.year + 1)
    sealed_desk.run()
    assert sealed_desk.outcomes()[f"test:one:{SAM}"] == "sent"
    assert b"multipart/encrypted" in sealed_desk.to(SAM)[-1].raw


def test_what_came_sealed_goes_on_sealed(sealed_desk: SealedDesk, kit: Kit) -> None:
    """No letter that a sealed report leads to holds a word of it in clear; who has no key gets none of it."""
    word = "Kestrelwing"
    sealed_desk.inbox.append(report(kit, 1, key_file(kit.public(kit.people, kit.stranger)), words=word))
    sealed_desk.run()
    assert sealed_desk.sink.letters
    assert not [
        sent for sent in sealed_desk.sink.letters if word.encode() in sent.raw or b"Overflow" in sent.raw
    ]
    sealed = [sent for sent in sealed_desk.sink.letters if b"multipart/encrypted" in sent.raw]
    assert {sent.recipients for sent in sealed} == {(MIA,)}
    subject, words, _ = as_reader(kit, sealed[0], kit.member)
    assert "Overflow" in subject
    assert word.encode() in words or word in str(words)
