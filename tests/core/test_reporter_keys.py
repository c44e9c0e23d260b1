"""What becomes of a key that a reporter offers, and of his signature once his key is known."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.cases.authority import Author, Standing, author_of
from maild.core.change import AddMessage, OweLetter, UseSignature
from maild.core.changes.keys import OfferKey, RememberKey
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import MailOpened
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.offered import OfferedKey, Source
from maild.core.mail.opened import LEAKED_KEY, Decryption, Form, Opened, Signature, SignatureStatus
from tests.support import mails
from tests.support.deciding import (
    CASE,
    FRESH,
    PASSED,
    RITA,
    SEALED,
    arrival,
    arrived,
    case,
    flags,
    good,
    letters,
)
from tests.support.desk import ANNA, NOW, POLICY

HER_KEY, OTHER_KEY = "E" * 40, "D" * 40
HERS = OfferedKey(Source.ATTACHED, HER_KEY, b"her key", names_author=True, can_encrypt=True)
BY_CLIENT = replace(HERS, source=Source.AUTOCRYPT)
ANOTHER = replace(HERS, fingerprint=OTHER_KEY, minimal=b"another key")
RITAS = MailCandidates("EX-777777", current=case(), opens=True)
PLAIN = mails.plain()
SIGNED = mails.plain(
    Content_Type='multipart/signed; protocol="application/pgp-signature"; boundary="s"',
    text=f"--s\n\nwords {CASE}\n--s\nContent-Type: application/pgp-signature\n\nx\n--s--\n",
)
AS_ANNA = SIGNED.replace(b"Rita Reporter <rita@reporter.example>", b"anna@project.example")


def opened(
    *offers: OfferedKey, raw: bytes = PLAIN, known: MailCandidates = RITAS, **inside: object
) -> Decision:
    """The decision on a mail of Rita's that offered these keys."""
    tree = parse(raw)
    found = Opened(tree, **inside)  # type: ignore[arg-type]  # whatever a test wants of the inside
    facts = read_facts(tree, POLICY, FolderRole.INBOX, found)
    return decide(MailOpened(arrival(raw), facts, found, offers), known, POLICY, NOW)


def remembered(decision: Decision) -> list[RememberKey]:
    """The keys that the decision remembers."""
    return [change for change in decision.changes if isinstance(change, RememberKey)]


def told(decision: Decision) -> list[OweLetter]:
    """The notices that the decision owes."""
    return letters(decision, LetterKind.NOTICE)


def by(fingerprint: str, status: SignatureStatus = SignatureStatus.GOOD, clear: bool = False) -> Opened:
    """The signed mail after opening."""
    return Opened(parse(SIGNED), signature=Signature(status, fingerprint, clear))


def authority(found: Opened, raw: bytes = SIGNED, known_key: str = HER_KEY) -> Author:
    """Who the author is."""
    return author_of(read_facts(parse(raw), POLICY, FolderRole.INBOX, found), found, POLICY, known_key)


def test_the_first_key_is_remembered() -> None:
    """An attached key that names its author is kept for him, cut down, and nobody is told."""
    decision = opened(HERS)
    assert remembered(decision) == [RememberKey(CASE, RITA, HER_KEY, Source.ATTACHED, True, b"her key")]
    assert (flags(decision), told(decision)) == (set(), [])


def test_the_same_key_is_renewed() -> None:
    """A newer form of the known key (its end moved, say) takes the old one's place without a word."""
    decision = opened(replace(HERS, minimal=b"prolonged"), known=replace(RITAS, known_key=HER_KEY))
    assert [key.minimal for key in remembered(decision)] == [b"prolonged"]
    assert told(decision) == []


def test_another_key_never_takes_its_place_silently() -> None:
    """The known key stays, the case is flagged, and the team is told once."""
    decision = opened(ANOTHER, known=replace(RITAS, known_key=HER_KEY))
    assert (remembered(decision), flags(decision)) == ([], {"key-changed"})
    assert [letter.recipient for letter in told(decision)] == [ANNA.contact]


def test_the_known_key_among_others_is_taken() -> None:
    """Of several attached keys it is the known one that is renewed, whatever their order."""
    for offers in ((HERS, ANOTHER), (ANOTHER, HERS)):
        found = remembered(opened(*offers, known=replace(RITAS, known_key=HER_KEY)))
        assert [key.fingerprint for key in found] == [HER_KEY]


@pytest.mark.parametrize(
    "useless",
    [replace(HERS, names_author=False), replace(HERS, can_encrypt=False)],
    ids=["foreign", "signs only"],
)
def test_a_key_of_no_use_is_left(useless: OfferedKey) -> None:
    """A key that names somebody else, or cannot encrypt, is neither remembered nor told."""
    for known in (RITAS, replace(RITAS, known_key=OTHER_KEY)):
        assert not opened(useless, known=known).changes


@pytest.mark.parametrize(
    ("offer", "sealed", "seals"),
    [
        (BY_CLIENT, False, False),
        (replace(BY_CLIENT, mutual=True), False, True),
        (BY_CLIENT, True, True),
        (HERS, False, True),
    ],
    ids=["autocrypt alone", "mutual", "wrote sealed", "attached by hand"],
)
def test_when_answers_are_sealed(offer: OfferedKey, sealed: bool, seals: bool) -> None:
    """Autocrypt alone seals only with prefer-encrypt=mutual or when they wrote sealed (ruling 25)."""
    (change,) = remembered(opened(offer, raw=SEALED if sealed else PLAIN))
    assert (change.source, change.seals) == (offer.source, seals)


def test_a_member_s_key_is_not_a_reporters() -> None:
    """Nothing is remembered for an address of the team, proved or only claimed."""
    for proof in (PASSED, ""):
        raw = mails.plain(sender="anna@project.example", Authentication_Results=proof)
        assert remembered(opened(HERS, raw=raw)) == []


def test_a_secret_key_is_flagged_and_told() -> None:
    """Somebody sent a secret key: the case says so and the team is told, in clear mail and sealed."""
    for raw in (PLAIN, SEALED):
        decision = opened(raw=raw, reasons=(LEAKED_KEY,))
        assert flags(decision) == {"leaked-key"}
        assert [letter.facts["about"] for letter in told(decision)] == ["leaked-key"]


def test_what_waited_for_its_case_is_flagged_too() -> None:
    """A mail that claimed to be the team's has its case only when opened, and its flags with it."""
    raw = SEALED.replace(b"rita@reporter.example", b"anna@project.example")
    assert arrived(raw).kept is not None
    decision = opened(
        raw=raw, known=FRESH, form=Form.PGP_MIME, decryption=Decryption.OK, reasons=(LEAKED_KEY,)
    )
    assert flags(decision) >= {"leaked-key", "unverified-member"}


def test_a_signature_by_the_known_key_is_the_reporters() -> None:
    """A good signature by the key remembered for the author shows as his; it gives no standing."""
    assert authority(by(HER_KEY)) == Author(Standing.OUTSIDE, authority="reporter")


@pytest.mark.parametrize(
    ("found", "known_key"),
    [
        (by(OTHER_KEY), HER_KEY),
        (by(HER_KEY), ""),
        (by("", SignatureStatus.UNKNOWN_KEY), ""),
        (by(HER_KEY, SignatureStatus.EXPIRED), HER_KEY),
        (by(HER_KEY, SignatureStatus.REVOKED), HER_KEY),
        (by(HER_KEY, clear=True), HER_KEY),
        (by("", SignatureStatus.BAD), HER_KEY),
    ],
    ids=["another key", "none known", "unknown key", "expired", "revoked", "in the clear", "bad"],
)
def test_nothing_less_is_the_reporters(found: Opened, known_key: str) -> None:
    """Another key, an expired or revoked one, or text signed in the clear proves no reporter."""
    assert authority(found, known_key=known_key).authority == "none"


def test_a_reporters_key_never_makes_a_member() -> None:
    """Under a member's name a reporter's signature is a claim; a member's own counts under any name."""
    assert authority(by(HER_KEY), AS_ANNA).standing is Standing.CLAIMED
    assert authority(by(ANNA.fingerprint)).authority == "team:Anna"
    assert authority(by(ANNA.fingerprint), known_key=ANNA.fingerprint).authority == "team:Anna"


def test_the_case_learns_who_signed_when_the_mail_is_opened() -> None:
    """The message, recorded as unproved on arrival, gains the authority that opening gave it."""

    def seen(fingerprint: str, raw: bytes = SIGNED) -> list[str]:
        known = replace(RITAS, known_key=HER_KEY)
        decision = opened(raw=raw, known=known, signature=good(fingerprint))
        return [change.authority for change in decision.changes if isinstance(change, AddMessage)]

    assert seen(HER_KEY) == ["reporter"]
    assert seen(ANNA.fingerprint, AS_ANNA) == ["team:Anna"]
    assert seen(ANNA.fingerprint) == ["none"]  # a member's signature in a reporter's mail
    assert seen(OTHER_KEY) == []


@pytest.mark.parametrize(
    ("sealed", "proved", "kept"),
    [(False, True, True), (False, False, False), (True, True, False), (True, False, False)],
)
def test_the_word_of_our_exchanger_brings_no_key_into_an_encrypted_case(
    sealed: bool, proved: bool, kept: bool
) -> None:
    """Who can write as the reporter could read what is encrypted; in clear there is nothing more to read."""
    passed = PASSED.replace("header.from=project.example", "header.from=reporter.example") if proved else ""
    later = replace(RITAS, current=case(sealed=sealed), opens=False)
    decision = opened(HERS, raw=mails.plain(Authentication_Results=passed), known=later)
    assert bool(remembered(decision)) is kept
    assert ("key-offered" in flags(decision)) is not kept


FORGED = PASSED.replace("dmarc=pass header.from=project.example", "dmarc=fail header.from=reporter.example")


@pytest.mark.parametrize(
    ("key", "results", "kept"),
    [
        (HERS, "", [False]),
        (HERS, FORGED, []),
        (replace(HERS, can_encrypt=False), "", []),
        (replace(HERS, can_encrypt=False), FORGED, []),
    ],
)
def test_a_known_key_that_comes_again_is_proved_by_nothing(
    key: OfferedKey, results: str, kept: list[bool]
) -> None:
    """It is merged, unless its mail is probably forged or nothing can be encrypted to it."""
    raw = mails.plain(Authentication_Results=results)
    decision = opened(key, raw=raw, known=replace(RITAS, known_key=HER_KEY))
    assert [one.proved for one in remembered(decision)] == kept


@pytest.mark.parametrize(
    ("fingerprint", "at", "replayed", "kept"),
    [
        (HER_KEY, NOW, False, True),
        (HER_KEY, NOW, True, False),
        (HER_KEY, NOW - timedelta(days=8), False, False),
        (OTHER_KEY, NOW, False, False),
    ],
)
def test_a_new_key_in_what_the_old_one_signed_takes_its_place(
    fingerprint: str, at: datetime, replayed: bool, kept: bool
) -> None:
    """Signed just now, and not used before; the signature is used up by it."""
    known = replace(RITAS, known_key=HER_KEY, opens=False, replayed=replayed)
    decision = opened(ANOTHER, raw=SIGNED, known=known, signature=good(fingerprint, at))
    assert [one.proved for one in remembered(decision)] == [True] * kept
    assert any(isinstance(one, UseSignature) for one in decision.changes) is kept
    assert ("key-changed" in flags(decision)) is not kept


VOUCHED = PASSED.replace("header.from=project.example", "header.from=reporter.example")
DKIM = "v=1; d=reporter.example; h={}; b=x"


@pytest.mark.parametrize(
    ("key", "signature", "sent", "kept"),
    [
        (HERS, "", NOW, True),
        (HERS, DKIM.format("from:to:date:subject"), NOW, True),
        (BY_CLIENT, DKIM.format("from:to:date:subject"), NOW, False),
        (BY_CLIENT, DKIM.format("from:to:date:subject:autocrypt"), NOW, True),
        (HERS, DKIM.format("from:to:subject"), NOW, False),
        (HERS, DKIM.format("from:to:date:subject").replace("h=", "l=0; h="), NOW, False),
        (HERS, DKIM.format("from:to:date:subject"), NOW - timedelta(days=8), False),
    ],
)
def test_a_key_that_the_mail_server_vouches_for_is_signed_by_it_and_new(
    key: OfferedKey, signature: str, sent: datetime, kept: bool
) -> None:
    """The whole message, its date, and the field that holds the key; what is old may be sent again by others."""
    raw = mails.plain(Authentication_Results=VOUCHED, DKIM_Signature=signature, date=sent)
    decision = opened(key, raw=raw, known=replace(RITAS, opens=False))
    assert bool(remembered(decision)) is kept


@pytest.mark.parametrize(
    ("key", "known", "about", "facts"),
    [
        (replace(HERS, refused="too weak"), RITAS, "key-refused", {"why": "too weak"}),
        (HERS, replace(RITAS, opens=False), "key-offered", {"fingerprint": HER_KEY}),
        (
            ANOTHER,
            replace(RITAS, opens=False, known_key=HER_KEY),
            "key-changed",
            {"fingerprint": OTHER_KEY},
        ),
    ],
)
def test_the_handlers_read_which_key_was_not_taken(
    key: OfferedKey, known: MailCandidates, about: str, facts: dict[str, str]
) -> None:
    """Why one was refused, or the fingerprint of one that waits for a word; it encrypts nothing yet."""
    decision = opened(key, known=known)
    (told_,) = told(decision)
    assert told_.facts["about"] == about
    assert facts.items() <= told_.facts.items()
    (offer,) = [one for one in decision.changes if isinstance(one, OfferKey)]
    assert offer.seals is (about != "key-refused")
