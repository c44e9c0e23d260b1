"""After the announcement: the closing note, and how cases go in figures."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.config.letters import Letters
from maild.config.share import shipped
from maild.core.change import OweLetter
from maild.core.disclosure.drafts import draft, where
from maild.core.disclosure.secrecy import secret, unannounced
from maild.core.disclosure.statistics import NONE, Course, Promised, kept, summary
from maild.core.facts.change import SetFact
from maild.core.facts.record import Disclosure, Fact
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Draft
from maild.core.values.case import Case, CaseState
from maild.core.words.command import Command
from maild.core.words.reading import Word
from tests.core.test_disclosure import DESK, LATER, PROCESS, ROAD, after, handled, say
from tests.support.deciding import RITA, arrived
from tests.support.desk import NOW
from tests.support.members import RELAY, Way, known, mail, opened

ANNOUNCED = (*ROAD, "leaked", "stage announced")


def noted(one: Case, text: str = "send") -> OweLetter:
    """The letter to the reporter that a word sends."""
    (letter,) = [c for c in say(one, text).changes if isinstance(c, OweLetter)]
    return letter


def words(letter: OweLetter) -> str:
    """What its reader gets to read."""
    found = Letters([shipped("config") / "letters"]).render(
        letter.kind, {"case_id": letter.case_id, **letter.facts}, DESK
    )
    return found.text


def test_the_announcement_drafts_the_closing_note() -> None:
    """``!send`` sends it to the reporter: thanks, how he is named, the CVE id."""
    letter = noted(after(handled(), *ANNOUNCED))
    assert (letter.kind, letter.recipient) == (LetterKind.ANSWER, RITA)
    text = words(letter)
    assert "would like to be credited as Rita Reporter." in text
    assert "CVE-2026-12345" in text
    assert "https://" not in text


def test_the_links_are_kept_and_told() -> None:
    """``!closing URL`` drafts it anew, with where the advisory can be read."""
    links = "https://heron.example/security/1 https://lists.example/2"
    text = words(noted(after(handled(), *ANNOUNCED, f"closing {links}")))
    assert all(link in text for link in links.split())


@pytest.mark.parametrize("credit", ["nobody", "Rita"])
def test_who_wants_no_name_is_given_none(credit: str) -> None:
    """*nobody* is a wish, no name."""
    text = words(noted(after(handled(), *ANNOUNCED, f"credit {credit}")))
    assert ("do not want to be named" in text) is (credit == "nobody")
    assert ("credited as nobody" in text) is False


def test_a_draft_to_a_member_shows_the_note() -> None:
    """The member who says that it is announced reads what would go out."""
    ready = replace(after(handled(), *ROAD, "leaked"), handler="Anna")
    raw = mail(Way("team", proof="signed"), f"!stage announced\n\nThis is about {ready.id}.\n")
    way = Way("team", proof="signed")
    policy = replace(RELAY, process=PROCESS)
    decision = arrived(raw, known(way, ready, raw), opened=opened(raw, way), at=LATER, policy=policy)
    (draft,) = [c for c in decision.changes if isinstance(c, OweLetter) and c.kind is LetterKind.DRAFT]
    assert "credited as Rita Reporter." in words(draft)


def test_of_a_sealed_case_the_note_names_nobody() -> None:
    """How the reporter wants to be named stands in a sealed mail, and goes into no draft in clear."""
    one = after(handled(), *ANNOUNCED)
    assert "Rita" not in words(noted(replace(one, sealed=True)))


@pytest.mark.parametrize(
    ("said", "text", "why"),
    [
        (ROAD, "closing", "has not been announced"),
        (ANNOUNCED, "closing http://heron.example/1", "https://"),
        (ANNOUNCED, "closing https://heron.example/1 and more", "https://"),
    ],
)
def test_what_is_no_closing_changes_nothing(said: tuple[str, ...], text: str, why: str) -> None:
    """Before the announcement, and with what is no link to it."""
    decision = say(after(handled(), *said), text)
    assert decision.changes == ()
    assert why in decision.refusal


@pytest.mark.parametrize(
    ("stage", "verdict", "state", "embargo", "public", "hidden"),
    [
        ("", "", "open", None, False, True),
        ("ready", "vulnerability", "open", 1, False, True),
        ("announced", "vulnerability", "open", 1, False, True),
        ("announced", "vulnerability", "open", 0, True, False),
        ("announced", "vulnerability", "open", None, True, False),
        ("", "bug", "open", None, False, True),
        ("", "bug", "closed", None, False, False),
        ("", "bug", "closed", 1, False, True),
        ("", "vulnerability", "closed", None, False, True),
        ("", "duplicate", "closed", None, False, True),
        ("", "", "closed", None, False, True),
    ],
)
def test_when_a_case_is_public(
    stage: str, verdict: str, state: str, embargo: int | None, public: bool, hidden: bool
) -> None:
    """Once announced and its embargo over, never a tick before; what was closed as no secret is none."""
    at = None if embargo is None else (NOW + timedelta(microseconds=embargo)).isoformat()
    given = {"stage": stage, "verdict": verdict, "embargo": at}
    facts = tuple(Fact(name, value, "op", NOW) for name, value in given.items() if value)
    one = replace(handled(), state=CaseState(state), record=Disclosure(facts))
    assert (unannounced(one, PROCESS, NOW) == "") is public
    assert (secret(one, PROCESS, NOW) != "") is hidden


def course(hours: float, severity: str = "Minor", **more: float) -> Course:
    """A case that was acknowledged after so many hours."""
    at = {name: NOW + timedelta(hours=length) for name, length in more.items()}
    return Course("EX-1", severity, NOW, NOW + timedelta(hours=hours), **at)


def test_medians_and_shares() -> None:
    """Of odd and even numbers, of nothing, by severity in the order of the scale."""
    courses = [course(1, answered=10), course(3, "Critical"), course(2, NONE, answered=20, announced=100)]
    promises = [
        Promised("respond", "Minor", True),
        Promised("respond", NONE, False),
        Promised("update", NONE, True),
    ]
    rows = summary(courses, promises, ("Critical", "Important", "Minor"))
    assert [(row["severity"], row["cases"]) for row in rows] == [
        ("all", 3),
        ("Critical", 1),
        ("Minor", 1),
        (NONE, 1),
    ]
    everything = rows[0]
    assert everything["acknowledged_hours"] == 2
    assert everything["answered_hours"] == 15
    assert everything["fixed_hours"] is None
    assert everything["announced_hours"] == 100
    assert everything["kept_percent"] == pytest.approx(66.7)
    assert rows[1]["kept_percent"] is None
    assert kept(promises)[0] == {"promise": "respond", "kept": 1, "missed": 1, "percent": 50.0}


def test_no_case_is_no_figure() -> None:
    """An empty desk divides by nothing."""
    (row,) = summary([], [], ())
    assert (row["cases"], row["acknowledged_hours"], row["kept_percent"]) == (0, None, None)


def test_the_link_is_recorded_once_it_is_said() -> None:
    """Only then, so that a note without links does not take them back."""
    one = after(handled(), *ANNOUNCED, "closing https://heron.example/1")
    names = [c.name for c in say(one, "closing").changes if isinstance(c, SetFact)]
    assert "link" not in names
    assert "https://heron.example/1" in words(noted(after(one, "closing")))


@pytest.mark.parametrize(
    ("contact", "sealed", "encrypted", "reason", "said"),
    [
        ("anna@project.example", False, False, "why", "is on its way"),
        ("anna@project.example", True, False, "", "is on its way"),
        ("anna@project.example", True, False, "why", "is on its way (without your reason"),
        ("bea@project.example", False, False, "why", "is on its way"),
        ("bea@project.example", True, False, "", "is ready"),
        ("bea@project.example", False, True, "why", "is ready"),
        ("somebody@else.example", True, False, "", "is ready"),
        ("", False, False, "why", "is ready"),
        ("", True, False, "why", "is ready (without your reason"),
    ],
)
def test_where_a_draft_is(contact: str, sealed: bool, encrypted: bool, reason: str, said: str) -> None:
    """Mailed to whoever said the word, encrypted or not at all; of an encrypted case no reason is kept."""
    one = replace(handled(), sealed=sealed)
    about = Command(Word("verdict"), one, "x", "", NOW, RELAY, contact=contact, encrypted=encrypted)
    found = where(about, reason)
    assert found.partition(", as the case")[0] == said
    owed = [c for c in draft(about, Draft("bug", reason)) if isinstance(c, OweLetter)]
    assert [(c.recipient, c.sealed) for c in owed] == (
        [(contact, sealed or encrypted)] if said.startswith("is on its way") else []
    )


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("closing", ("https://heron.example/known",)),
        (
            "closing https://heron.example/1 https://heron.example/2",
            ("https://heron.example/1", "https://heron.example/2"),
        ),
    ],
)
def test_the_note_to_its_author_has_the_links_given_with_it_or_those_known(
    text: str, links: tuple[str, ...]
) -> None:
    """The last ones that were named count."""
    one = after(handled(), *ANNOUNCED, "closing https://heron.example/known")
    way = Way("team", proof="signed")
    raw = mail(way, f"!{text}\n\nThis is about {one.id}.\n")
    policy = replace(RELAY, process=PROCESS)
    decision = arrived(raw, known(way, one, raw), opened=opened(raw, way), at=LATER, policy=policy)
    (note,) = [c for c in decision.changes if isinstance(c, OweLetter) and c.kind is LetterKind.DRAFT]
    assert tuple(note.facts["links"]) == links  # type: ignore[arg-type]  # a list of texts
