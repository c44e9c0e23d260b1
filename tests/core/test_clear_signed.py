"""Mail that is signed in the clear, and the quarantine (ruling 23)."""

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.change import Verdict
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened, Signature, SignatureStatus
from tests.support import mails
from tests.support.deciding import CASE, arrived, verdict

KEY = "5" * 40
LURE = "Cheap SEO services, guest post on your site"


@pytest.mark.parametrize(
    ("known", "taken"), [(KEY, Verdict.REPORT), ("6" * 40, Verdict.QUARANTINE), ("", Verdict.QUARANTINE)]
)
def test_by_the_authors_known_key_it_is_never_quarantined(known: str, taken: Verdict) -> None:
    """With a subject like an advertisement; text that somebody else once signed helps nobody."""
    raw = mails.plain(subject=LURE, text="Best prices.\n")
    signed = Signature(SignatureStatus.GOOD, KEY, clear=True)
    found = MailCandidates(CASE, their_key=known)
    assert verdict(arrived(raw, found, opened=Opened(parse(raw), signature=signed))) is taken
