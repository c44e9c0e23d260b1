"""Real mail by other people's programs, line by line of what is known of it; skipped where absent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, Form, Opened, Signature, SignatureStatus
from maild.engine.opener import open_mail
from maild.gateways.openpgp import OpenPGP
from tests.openpgp.kit import Kit
from tests.support.corpus import find_corpus
from tests.support.phrases import PHRASES

LIST_KEY = "59C71FB38AEE22E091C78259D06350440F759BD3"


class Sets:
    """One keyring a set, as the table says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.kit = Kit()
        self.desks: dict[str, OpenPGP] = {}

    def desk(self, name: str) -> OpenPGP:
        """A desk that has all keys of the set *name*."""
        if name not in self.desks:
            home = self.kit.home(name[:2])
            files = [str(path) for path in sorted((self.root / name / "keys").iterdir())]
            self.kit.gpg(home, "--import", *files, check=False)
            self.desks[name] = OpenPGP(home, LIST_KEY)
        return self.desks[name]

    async def open(self, path: Path) -> Opened:
        """One mail, opened with the keys of its set."""
        name = path.relative_to(self.root).parts[0]
        return await open_mail(parse(_bytes(path)), self.desk(name), PHRASES)


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


@pytest.fixture(scope="module")
def sets() -> Iterator[Sets]:
    """The corpus with its keys."""
    root = find_corpus()
    if root is None or not (root / "openpgp").is_dir():
        pytest.skip("no corpus of real mail here (set MAILD_CORPUS)")
    made = Sets(root / "openpgp")
    try:
        yield made
    finally:
        made.kit.remove()


OPENS = {
    ("schleuder", Form.PGP_MIME): (
        *("basic-encrypted-mime.eml", "basic-encrypted+signed-mime.eml", "encapsulated.eml"),
        *("protected-headers*.eml", "mutt_protected_headers.txt"),
        *("attach-list-key-thunderbird.eml", "qp-encoding-encrypted*.eml"),
    ),
    ("schleuder", Form.INLINE): ("basic-encrypted-inline.eml", "basic-encrypted+signed-inline.eml"),
    ("schleuder", Form.MANGLED): ("exchange.eml",),
    ("chatmail", Form.PGP_MIME): (
        *("thunderbird_encrypted_*.eml", "rfc1847_encapsulation.eml", "encrypted-signed.eml"),
        *("text_from_alice_encrypted.eml", "messed_up_message_id.eml"),
        *("thunderbird_with_autocrypt.eml", "thunderbird_with_multiple_autocrypts.eml"),
    ),
    ("chatmail", Form.MANGLED): ("google-workspace-mixed-up.eml", "mixed-up-long.eml"),
    ("protected-headers", Form.PGP_MIME): (
        *("pgpmime-enc+legacy-disp.eml", "pgpmime-sign+enc*.eml", "pgpmime-layered*.eml"),
        "unfortunately-complex.eml",
    ),
}
CLOSED = {
    "schleuder/encrypted-to-absent-key.txt": (Decryption.NO_KEY, "key"),
    "schleuder/encrypted-to-passphrase.txt": (Decryption.SYMMETRIC, "password"),
    "schleuder/containing-pgp-garbage.txt": (Decryption.FAILED, "no PGP data"),
    "chatmail/hp_legacy_display.eml": (Decryption.UNSUPPORTED, "format"),
    "chatmail/text_symmetrically_encrypted.eml": (Decryption.UNSUPPORTED, "format"),
    "chatmail/protonmail-mixed-up.eml": (Decryption.FAILED, "no PGP data"),
    "chatmail/protonmail-repaired.eml": (Decryption.FAILED, "no PGP data"),
}
PLAIN = (
    "schleuder/mail_with_pgp_boundaries_in_body.txt",
    "schleuder/exchange_no_parts.eml",
    "schleuder/basic-plain.eml",
)
LINES = [(folder, form, pattern) for (folder, form), all_of in OPENS.items() for pattern in all_of]


@pytest.mark.parametrize(("folder", "form", "pattern"), LINES, ids=str)
async def test_what_opens_opens(sets: Sets, folder: str, form: Form, pattern: str) -> None:
    """Every mail that the table says opens does, in the form it has, and gives what is inside."""
    paths = sorted((sets.root / folder / "mails").glob(pattern))
    assert paths
    for path in paths:
        opened = await sets.open(path)
        assert (path.name, opened.decryption, opened.form) == (path.name, Decryption.OK, form)
        assert opened.tree.root.source != path.read_bytes()


@pytest.mark.parametrize("name", CLOSED)
async def test_what_cannot_be_opened_says_why(sets: Sets, name: str) -> None:
    """Every mail that the table says cannot be opened comes with the right word and reason."""
    folder, _, file = name.partition("/")
    opened = await sets.open(sets.root / folder / "mails" / file)
    word, reason = CLOSED[name]
    assert opened.decryption is word
    assert reason in opened.reasons[0]


@pytest.mark.parametrize("name", PLAIN)
async def test_what_is_plain_is_plain(sets: Sets, name: str) -> None:
    """Mail about PGP, or from a server that mangles, is plain where nothing is sealed."""
    folder, _, file = name.partition("/")
    opened = await sets.open(sets.root / folder / "mails" / file)
    assert (opened.form, opened.decryption, opened.reasons) == (Form.NONE, Decryption.NONE, ())


@pytest.mark.parametrize(
    ("name", "status", "ending"),
    [
        ("schleuder/qp-encoding-encrypted+signed.eml", SignatureStatus.GOOD, LIST_KEY),
        ("schleuder/attach-list-key-thunderbird.eml", SignatureStatus.GOOD, LIST_KEY),
        ("schleuder/encapsulated.eml", SignatureStatus.GOOD, "C7A5457A35C50082"),
        ("schleuder/basic-encrypted+signed-mime.eml", SignatureStatus.UNKNOWN_KEY, ""),
        ("chatmail/encrypted-signed.eml", SignatureStatus.GOOD, "64B08F61A9ED9443"),
        ("chatmail/rfc1847_encapsulation.eml", SignatureStatus.GOOD, "64B08F61A9ED9443"),
        ("protected-headers/pgpmime-layered.eml", SignatureStatus.GOOD, "F231550C4F47E38E"),
        ("protected-headers/pgpmime-signed.eml", SignatureStatus.GOOD, "F231550C4F47E38E"),
    ],
)
async def test_signatures_are_judged(sets: Sets, name: str, status: SignatureStatus, ending: str) -> None:
    """One-pass, nested and plain signatures of other programs have the right verdict and signer."""
    folder, _, file = name.partition("/")
    verdict: Signature = (await sets.open(sets.root / folder / "mails" / file)).signature
    assert verdict.status is status
    assert verdict.fingerprint.endswith(ending)


async def test_the_inner_subject_is_the_real_one(sets: Sets) -> None:
    """Where the outer subject is only dots, the protected one is given on, and its legacy copy is gone."""
    for path in sorted((sets.root / "protected-headers" / "mails").glob("pgpmime-*enc*.eml")):
        opened = await sets.open(path)
        assert opened.protected["subject"].startswith("BarCorp")
        assert not any(leaf.text.startswith("Subject:") for leaf in opened.tree.root.leaves)


async def test_nothing_in_the_corpus_upsets_opening(sets: Sets) -> None:
    """Every file of every archive is opened or stays closed with a reason; nothing is raised."""
    desk = sets.desk("schleuder")
    for folder in ("malformed", "bounces"):
        for path in sorted((sets.root.parent / folder).rglob("*")):
            if path.is_file():
                opened = await open_mail(parse(path.read_bytes()), desk, PHRASES)
                assert opened.decryption in (Decryption.NONE, Decryption.OK) or opened.reasons
