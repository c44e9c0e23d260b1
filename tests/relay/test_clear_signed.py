"""Text signed in the clear by its author's own known key is never quarantined (ruling 23)."""

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, text
from tests.support.relaying import RelayDesk
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


def clear(kit: Kit, key: str) -> str:
    """The words, signed in the clear."""
    return kit.gpg(kit.people, "--local-user", key, "--clearsign", feed=WORDS.encode()).decode()
