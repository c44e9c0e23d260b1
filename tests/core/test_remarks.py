"""What the team's copy says beside its head."""

import pytest

from maild.core.candidates.mail import Alike
from maild.core.cases.remarks import NAMED, bundled, lacks, remarks
from maild.core.mail.facts import Facts, FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.values.asked import Asked
from tests.support import mails
from tests.support.deciding import arrived, flags
from tests.support.desk import POLICY
from tests.support.phrases import PHRASES

ASKS = tuple(Asked(name, f"Which {name}?") for name in ("version", "steps", "proof"))


def read(text: str, subject: str = "A bug") -> tuple[Facts, Opened]:
    """A plain mail, read."""
    tree = parse(mails.plain(subject=subject, text=text))
    opened = Opened(tree)
    return read_facts(tree, POLICY, FolderRole.INBOX, opened), opened


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("It crashes.", ("version", "steps", "proof")),
        ("Since 2.4.1 it crashes.", ("steps", "proof")),
        ("At commit 3fa9c1d it crashes, see the PoC below.", ("steps",)),
        ("Steps to reproduce, with 1.2:\n1. start\n2. send\n\n$ curl -d @x http://localhost/", ()),
        ("At 1.2 it is easy to see how\nto crash it.", ("proof",)),
        ("1. log in\n2. log out\n3. still logged in", ("version", "proof")),
        ("1. log in\n2. still logged out", ("version", "proof")),
        ("1. log in\n1. log in again", ("version", "steps", "proof")),
        ("Betrifft Version 3.0. Schritte: öffnen, speichern. Exploit anbei.", ()),
        ("Étapes pour reproduire: ouvrir le fichier.", ("version", "proof")),
        ("版本 2.3.1,复现步骤如下。", ("proof",)),
        ("バージョン 1.0.2、再現手順と実証コード。", ()),
        ("Шаги: открыть файл. Версия 4.5. Эксплойт ниже.", ()),
        ("==12==ERROR: AddressSanitizer: heap-use-after-free", ("version", "steps")),
    ],
)
def test_what_a_report_seems_to_lack(text: str, missing: tuple[str, ...]) -> None:
    """Version, steps, proof, where the policy asks for them: told by plain signs in many languages."""
    assert lacks(*read(text + "\n"), ASKS, PHRASES) == missing


@pytest.mark.parametrize(
    ("subject", "text", "several"),
    [
        ("A bug", "It crashes.", False),
        ("Multiple vulnerabilities in the parser", "See below.", True),
        ("Mehrere Schwachstellen im Parser", "Siehe unten.", True),
        ("多个漏洞", "如下。", True),
        ("Three XSS issues", "Below.", True),
        ("3 failles dans le serveur", "Voir ci-dessous.", True),
        ("Несколько опасных уязвимостей", "Ниже.", True),
        ("DoS bugs", "Below.", False),
        ("Meerdere beveiligingslekken", "Zie onder.", True),
        ("Dos fallos en el servidor", "Abajo.", True),
        ("Report", "Issue 1: this\n\nIssue 2: that\n", True),
        ("Report", "## Finding #1\nthis\n## Finding #2\nthat\n", True),
        ("Report", "Issue 1: this, see issue 1 again\n", False),
        ("Report", "CVE-2026-1001, CVE-2026-1002 and CVE-2026-1003\n", True),
        ("Report", "Fixed in CVE-2026-1001, incomplete: CVE-2026-1002\n", False),
        ("One issue", "1. start it\n2. send the file\n", False),
    ],
)
def test_a_mail_of_several_issues(subject: str, text: str, several: bool) -> None:
    """It says so, numbers them, or names many advisories; numbered steps are one issue's."""
    assert bundled(read(text, subject)[0], PHRASES) is several


def test_a_bundle_is_flagged() -> None:
    """In the case too, for those who read no copies."""
    assert "bundle" in flags(arrived(mails.plain(subject="Two vulnerabilities in the parser")))
    assert "bundle" not in flags(arrived(mails.plain()))


def test_the_lines() -> None:
    """One for each thing there is to say; what a report lacks only on the mail that opened the case."""
    facts, opened = read("Issue 1: in 2.4.1\n\nIssue 2: same\n")
    like = ((Alike("EX-222222", ("advisory", "name")), ("CVE-2026-1", "a()", "b()", "c()", "d()")),)
    shared = "the same advisory id, the same names of functions: CVE-2026-1, a(), b(), c() and 1 more"
    assert remarks(facts, opened, like, PHRASES, opens=True, asks=ASKS) == (
        ("Related", f"possibly EX-222222 ({shared})"),
        ("Holds", "perhaps several issues"),
        ("Possibly missing", "steps, proof (!ask steps proof)"),
    )
    assert remarks(*read("Thanks!"), (), PHRASES, opens=False, asks=ASKS) == ()
    assert "Possibly missing" not in dict(remarks(facts, opened, like, PHRASES, opens=True))


def test_marks_show_that_a_field_is_there_and_without_any_nothing_is_missing() -> None:
    """One of the marks in the text is enough, in any case; of a field without signs nothing can be told."""
    asks = (Asked("found", "How?", ("fuzzer", "by hand")), Asked("why", "Why?"))
    assert lacks(*read("It crashes."), asks, PHRASES) == ("found",)
    assert lacks(*read("I found it By Hand."), asks, PHRASES) == ()


def test_a_text_that_is_too_long_is_said_to_be_read_in_part() -> None:
    """Words that a member looks for may stand behind the beginning, which is all that maild read."""
    facts, opened = read("word " * 60_000, "One issue in 2.4.1, steps and PoC attached")
    assert dict(remarks(facts, opened, (), PHRASES, opens=False))["Read"] == facts.cut[0]
    assert "Read" not in dict(remarks(*read("Hello."), (), PHRASES, opens=True))


@pytest.mark.parametrize(("names", "more"), [(NAMED, ""), (NAMED + 1, " and 1 more")])
def test_so_much_of_what_is_shared_is_named(names: int, more: str) -> None:
    """Some of what two reports share is named, and the rest is counted."""
    facts, opened = read("Hello.")
    shared = tuple(f"f{number}()" for number in range(names))
    (line, *_) = remarks(facts, opened, ((Alike("EX-222222", ("name",)), shared),), PHRASES, opens=False)
    named = ", ".join(shared[:NAMED])
    assert line == ("Related", f"possibly EX-222222 (the same names of functions: {named}{more})")


def test_what_may_not_be_named_is_related_all_the_same() -> None:
    """What an encrypted report shares is told by its kind alone."""
    facts, opened = read("Hello.")
    (line, *_) = remarks(facts, opened, ((Alike("EX-222222", ("crash",)), ()),), PHRASES, opens=False)
    assert line == ("Related", "possibly EX-222222 (the same crash)")


def test_a_mail_without_readable_text_lacks_nothing() -> None:
    """What could not be read is not judged."""
    assert remarks(*read(""), (), PHRASES, opens=True, asks=ASKS) == ()
