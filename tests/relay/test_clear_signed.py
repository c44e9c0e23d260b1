"""Text signed in the clear by its author's own known key is never quarantined (ruling 23)."""

import pytest

from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import multipart, text
from tests.support.relaying import MIA, RelayDesk, plain_text, read_by
from tests.support.sealing import head, key_file

pytestmark = pytest.mark.dovecot
SUBJECT = "CHEAP PILLS 80% OFF!!! CLICK NOW"
WORDS = "A crafted file makes the parser write past its buffer."


def known_and_in_no_case(desk: RelayDesk, kit: Kit) -> None:
    """Sam's key is remembered; the only case that he was in was closed as spam."""
    key = key_file(kit.public(kit.people, kit.stranger))
    desk.comes(multipart("mixed", text(f"{WORDS}\r\n"), key, head=head(1, subject="Heap overflow")))
    assert desk.known_key() == kit.stranger
    assert desk.word("spam", str(desk.one()["case"])).status == 0


@pytest.mark.parametrize("signer", ["himself", "nobody", "a key that is not his"])
def test_his_own_key_lets_it_in(desk: RelayDesk, kit: Kit, signer: str) -> None:
    """It opens a case whatever its subject; unsigned, or signed by another known key, the same mail waits."""
    known_and_in_no_case(desk, kit)
    said = WORDS if signer == "nobody" else clear(kit, kit.stranger if signer == "himself" else kit.member)
    desk.comes(text(f"{said}\r\n", head=head(2, subject=SUBJECT)))
    kinds = [row["kind"] for row in desk.view("quarantine")]
    assert (len(desk.cases()), kinds) == ((2, []) if signer == "himself" else (1, ["quarantine"]))


def clear(kit: Kit, key: str, words: str = WORDS) -> str:
    """The words, signed in the clear."""
    return kit.gpg(kit.people, "--local-user", key, "--clearsign", feed=words.encode()).decode()


@pytest.mark.parametrize(("place", "vouched"), [("text", False), ("file", False), ("file", True)])
def test_a_member_is_told_that_it_does_not_cover_the_message(
    desk: RelayDesk, kit: Kit, place: str, vouched: bool
) -> None:
    """A command signed within the text, or in an encrypted file: not obeyed, and its author hears why."""
    desk.comes(text(f"{WORDS}\r\n", head=head(1, subject="Heap overflow")))
    case = str(desk.one()["case"])
    words = f"!pause vendor until 2099-01-01\r\n\r\n{case}\r\n"
    top = head(2, f"Mia <{MIA}>", f"Re: [{case}] Heap overflow")
    if place == "text":
        raw = text(clear(kit, kit.member, words), head=top)
    else:
        kind = b"Content-Type: application/octet-stream; name=a.pgp\r\n\r\n"
        file = kind + armor(kit.sealed_by(kit.member, text=b"Notes."))
        raw = multipart("mixed", text(words), file, head=top)
    desk.comes(raw, "project.example" if vouched else "")
    read = [plain_text(read_by(kit, letter, kit.member)) for letter in desk.to(MIA)]
    told = " ".join(" ".join(read).split())
    assert ("does not cover the whole message" in told, "PGP/MIME" in told) == (True, True)
    assert desk.promises()["respond"] == "running"
