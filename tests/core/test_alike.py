"""What two reports may share, and what follows from it: a flag and a line for people, nothing else."""

from dataclasses import replace

import pytest

from maild.config.words import common_names
from maild.core.candidates.mail import Alike
from maild.core.cases.alike import (
    ADVISORY,
    ATTACHMENT,
    CRASH,
    FILE,
    MIN_ATTACHMENT,
    MOST_SHARING,
    NAME,
    SUBJECT,
    Feature,
    _strength,
    features,
    hashed,
    strongest,
    words_of,
)
from maild.core.change import AddFeatures, Verdict
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Decryption, Form, Opened
from tests.support import mails
from tests.support.deciding import CASE, FRESH, SEALED, arrived, case, flags, letters, opened_later, verdict
from tests.support.desk import POLICY, SECRET
from tests.support.screened import RULES

LIKE = replace(FRESH, alike=(Alike(CASE, (ADVISORY,)),))


def found(
    raw: bytes, opened: Opened | None = None, common: frozenset[str] = frozenset()
) -> set[tuple[str, str]]:
    """The features of an open mail, kind and value; *common* names are none."""
    tree = parse(raw)
    opened = opened or Opened(tree)
    return {
        (f.kind, f.value)
        for f in features(read_facts(tree, POLICY, FolderRole.INBOX, opened), opened, RULES.words, common)
    }


@pytest.mark.parametrize(
    ("subject", "own"),
    [
        ("Multiple memory safety issues", False),
        ("Lack of sufficient checks in public API", False),
        ("Critical security vulnerability in Heron", False),
        ("Traversal outside working tree enables arbitrary code execution", True),
        ("Windows device names in refs access the devices", True),
    ],
)
def test_a_subject_has_to_say_which_bug_it_is(subject: str, own: bool) -> None:
    """Two of its words at least have to be such as reports about other bugs do not use."""
    there = found(mails.plain(subject=subject, text="Hi.\n"), common=common_names())
    assert any(kind == SUBJECT for kind, _ in there) == own


def test_what_a_report_may_share() -> None:
    """Advisory ids, names of files and functions, and a subject of its own; prefixes and case do not count."""
    raw = mails.plain(
        subject="Re: [dev] Heap Overflow in parse_header()",
        text="cve-2026-12345: src/reader.c calls Vec::push and parse_header().\n",
    )
    assert found(raw) == {
        (ADVISORY, "CVE-2026-12345"),
        (NAME, "parse_header"),
        (FILE, "reader.c"),
        (NAME, "vec::push"),
        (SUBJECT, "heap overflow in parse header"),
    }


@pytest.mark.parametrize("subject", ["Security issue", "Vulnerability report", "Hello", ""])
def test_a_subject_that_many_write_is_nobodys_own(subject: str) -> None:
    """Only one of four words or more says which report it is."""
    assert not [kind for kind, _ in found(mails.plain(subject=subject, text="Hi.\n")) if kind == SUBJECT]


def test_a_name_that_everybody_cites_is_nobodys_own() -> None:
    """The list that comes with maild holds those of libraries, languages and proofs, with brackets or without."""
    common = common_names()
    assert {"malloc", "stdio.h", "poc.py", "console.log"} <= common
    raw = mails.plain(subject="A bug", text="malloc() in poc.py, stdio.h; then parse_header()\n")
    assert found(raw, common=common) == {(NAME, "parse_header")}


BACKTRACE = """==1==ERROR: AddressSanitizer: heap-use-after-free
    #0 0x4f1a in __interceptor_memcpy (/fuzz+0x1)
    #1 0x51b2 in Read_Header {where}
    #2 0x51c3 in load_file {where}
    #3 0x51d4 in main {where}
"""


def test_a_crash_is_known_by_the_functions_on_top() -> None:
    """Addresses, lines and the sanitizer's own frames do not count; gdb writes the same one without addresses."""
    gdb = "#0  read_header (f=0x1) at a.c:1\n#1  load_file () at a.c:2\n#2  main () at a.c:3\n"
    texts = BACKTRACE.format(where="a.c:1"), BACKTRACE.format(where="/src/b.c:77:3"), gdb
    crashes = [
        [value for kind, value in found(mails.plain(text=text), common=common_names()) if kind == CRASH]
        for text in texts
    ]
    assert crashes == [["read_header load_file"]] * 3


def test_one_frame_is_no_crash_of_its_own() -> None:
    """Nor are numbered lines of a list."""
    for text in ("#0 0x1 in read_header a.c\n", "#1 fixed this\n", "See #1 and #2.\n"):
        assert CRASH not in {kind for kind, _ in found(mails.plain(text=text))}


def test_the_strongest_two_come_first() -> None:
    """One strong thing goes before any names, rare names before those of many, and one name alone says nothing."""
    many = [f"EX-{number}" for number in range(6)]
    sharing = {
        (NAME, "a"): ["EX-few", *many],
        (NAME, "b"): ["EX-few", *many],
        (NAME, "c"): ["EX-few"],
        (NAME, "d"): ["EX-alone"],
        (ADVISORY, "e"): ["EX-strong"],
    }
    assert [(one.case_id, one.kinds) for one in strongest(sharing)] == [
        ("EX-strong", (ADVISORY,)),
        ("EX-few", (NAME,)),
    ]
    assert strongest({(NAME, "d"): ["EX-alone"]}) == ()
    weighed = {(NAME, "a"): ["EX-Z", "EX-A"], (NAME, "b"): ["EX-Z", "EX-A"], (NAME, "c"): ["EX-A"]}
    assert [one.case_id for one in strongest(weighed)] == ["EX-A", "EX-Z"]


def test_one_name_beside_something_strong_is_not_told() -> None:
    """Too few names say nothing, whatever else is shared."""
    assert strongest({(ADVISORY, "a"): [CASE], (NAME, "b"): [CASE]}) == (Alike(CASE, (ADVISORY,), ("a",)),)


def test_a_name_that_many_cases_have_says_nothing() -> None:
    """Each desk learns its own: what more than a few of its cases share relates none of them."""
    few, many = ([f"EX-{number}" for number in range(count)] for count in (MOST_SHARING, MOST_SHARING + 1))
    assert len(strongest({(NAME, "a"): few, (NAME, "b"): few})) == 2
    assert strongest({(NAME, "a"): many, (NAME, "b"): many}) == ()
    assert len(strongest({(ADVISORY, "a"): many})) == 2


def test_what_is_shared_can_be_named_by_whoever_has_the_mail() -> None:
    """Nobody else: the case holds hashes. A subject or an attachment is told by its kind."""
    mine = [Feature(ADVISORY, "CVE-2026-1"), Feature(FILE, "reader.c"), Feature(SUBJECT, "a b c d")]
    (one,) = strongest({pair: [CASE] for pair in hashed([*mine, Feature(NAME, "parse")], SECRET)})
    assert words_of(one, mine, SECRET) == ("CVE-2026-1", "reader.c")


ATTACHED = (
    b"From: rita@reporter.example\r\nTo: security@project.example\r\nSubject: See there\r\n"
    b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nHi.\r\n'
    b"--b\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=a\r\n\r\n%s\r\n--b--\r\n"
)
PROOF = b"a proof that is long enough to be one\r\n" * 3


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        (b"application/octet-stream", PROOF, 1),
        (b"application/octet-stream", b"short", 0),
        (b"application/pgp-keys", PROOF, 0),
        (b"text/plain", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n" + PROOF, 0),
        (b"application/octet-stream", b"x" * MIN_ATTACHMENT, 1),
        (b"application/octet-stream", b"x" * (MIN_ATTACHMENT - 1), 0),
    ],
)
def test_attachments_are_known_again(kind: bytes, content: bytes, expected: int) -> None:
    """By their content; keys and signatures come with every mail of somebody and say nothing."""
    assert len([one for one in found(ATTACHED % (kind, content)) if one[0] == ATTACHMENT]) == expected


@pytest.mark.parametrize(
    "opened", [None, Opened(parse(SEALED), decryption=Decryption.NO_KEY), Opened(parse(SEALED))]
)
def test_nothing_of_closed_mail_is_a_feature(opened: Opened | None) -> None:
    """Not of a mail that waits to be opened, nor of one that cannot be."""
    seen = read_facts(parse(SEALED), POLICY, FolderRole.INBOX, opened)
    assert features(seen, opened, RULES.words) == frozenset()


def test_features_are_kept_as_keyed_hashes() -> None:
    """Equal under one secret, nothing alike under another, and no word of the mail in them."""
    one = [Feature(ADVISORY, "CVE-2026-12345")]
    ((kind, digest),) = hashed(one, SECRET)
    assert (kind, hashed(one, SECRET)) == (ADVISORY, ((ADVISORY, digest),))
    assert hashed(one, b"another") != hashed(one, SECRET)
    assert len(digest) == 64


def test_a_report_like_another_is_a_case_of_its_own_flagged() -> None:
    """It is acknowledged like any other; people judge."""
    decision = arrived(mails.plain(), LIKE)
    assert (verdict(decision), len(letters(decision, LetterKind.RECEIPT))) == (Verdict.REPORT, 1)
    assert "possibly-related" in flags(decision)
    assert "possibly-related" not in flags(arrived(mails.plain()))


def test_sealed_mail_is_compared_once_it_is_open() -> None:
    """Nothing is kept of it before, only hashes after."""
    assert not [c for c in arrived(SEALED, LIKE).changes if isinstance(c, AddFeatures)]
    inside = parse(mails.plain(text="CVE-2026-12345 in parse_header() of reader.c\n"))
    opened = Opened(inside, Form.PGP_MIME, Decryption.OK)
    decision = opened_later(SEALED, opened, replace(LIKE, current=case(sealed=True)))
    (kept,) = [c for c in decision.changes if isinstance(c, AddFeatures)]
    assert kept.case_id == CASE
    assert "possibly-related" in flags(decision)
    assert not any("CVE" in digest or "parse" in digest for _, digest in kept.features)


@pytest.mark.parametrize("auto", ["auto-replied", "no"])
def test_only_what_people_report_is_remembered(auto: str) -> None:
    """An absence repeats what it answers."""
    decision = arrived(mails.plain(subject="Out of office: parser bug here", Auto_Submitted=auto))
    assert bool([c for c in decision.changes if isinstance(c, AddFeatures)]) == (auto == "no")


def test_files_alone_have_to_be_three() -> None:
    """A file says where, and much of a project is in two of them; beside a function one file is enough."""
    two, one = {(FILE, "a"): [CASE], (FILE, "b"): [CASE]}, {(NAME, "f"): [CASE]}
    assert strongest(two) == ()
    assert strongest({**two, (FILE, "c"): [CASE]}) == (Alike(CASE, (FILE,)),)
    assert strongest({(FILE, "a"): [CASE], **one}) == (Alike(CASE, (FILE, NAME)),)


def test_a_function_is_the_same_with_and_without_parentheses() -> None:
    """One report says ``parse_header()``, another ``parse_header``."""
    plain, called = (found(mails.plain(text=f"In {name} it is.\n")) for name in ("parse_it", "parse_it()"))
    assert plain == called


@pytest.mark.parametrize(
    ("features", "strength"),
    [
        ({}, (0, 0.0)),
        ({(SUBJECT, "s"): 1.0}, (1, 0.0)),
        ({(NAME, "a"): 1.0}, (0, 0.0)),
        ({(NAME, "a"): 1.0, (NAME, "b"): 0.5}, (0, 1.5)),
        ({(NAME, "a"): 1.0, (FILE, "b"): 0.5}, (0, 1.25)),
        ({(FILE, "a"): 1.0, (FILE, "b"): 1.0}, (0, 0.0)),
        ({(FILE, "a"): 1.0, (FILE, "b"): 1.0, (FILE, "c"): 0.5}, (0, 1.25)),
        ({(ADVISORY, "x"): 1.0, (NAME, "a"): 1.0, (NAME, "b"): 0.5}, (1, 1.5)),
    ],
)
def test_names_weigh_by_how_rare_they_are(
    features: dict[tuple[str, str], float], strength: tuple[int, float]
) -> None:
    """A file's half as much as a function's; too few of them weigh nothing; all else counts by itself."""
    assert _strength(features) == strength
