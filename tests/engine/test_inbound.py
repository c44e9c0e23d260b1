"""What the desk asks for changes words only: every report is a case with its promises and its receipt."""

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import text
from tests.support.sealing import SAM, SealedDesk, head, report

pytestmark = pytest.mark.dovecot
PLEASE = "We ask reporters to encrypt their messages. We are handling yours as it is"
CAN = "If you can, please encrypt"
RATHER_NOT = "We can work faster with unencrypted mail"
YOUR_KEY = "have not sent us your public key"


@pytest.mark.parametrize(
    ("inbound", "to_plain", "to_sealed"),
    [
        ("accepted", "", YOUR_KEY),
        ("encouraged", CAN, YOUR_KEY),
        ("required", PLEASE, YOUR_KEY),
        ("discouraged", "", RATHER_NOT),
    ],
)
def test_only_the_words_change(
    sealed_desk: SealedDesk, kit: Kit, inbound: str, to_plain: str, to_sealed: str
) -> None:
    """A plain and a sealed report are cases and acknowledged, whatever is asked; the receipt asks for it."""
    key = f'key = "{kit.desk_key}"\n'
    sealed_desk.path.write_text(sealed_desk.path.read_text().replace(key, f'{key}inbound = "{inbound}"\n'))
    sealed_desk.inbox.append(text("It crashes.\n", head=head(1, subject="Crash in the parser")))
    sealed_desk.inbox.append(report(kit, 2))
    sealed_desk.run()
    assert [len(one["promises"]) for one in sealed_desk.cases()] == [2, 2]
    letters = {b"<1@far" in sent.raw: " ".join(sent.raw.decode().split()) for sent in sealed_desk.to(SAM)}
    assert asked(letters[True]) == to_plain
    assert asked(letters[False]) == to_sealed


def asked(letter: str) -> str:
    """What a receipt asks for."""
    return "".join(words for words in (PLEASE, CAN, RATHER_NOT, YOUR_KEY) if words in letter)
