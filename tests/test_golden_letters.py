"""Every letter as its reader gets it, and the words that no text for people has."""

import ast
import inspect
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
import pytest

from maild.cli import handbook
from maild.cli.help import listed
from maild.cli.main import cli
from maild.config.letters import Letters, templates
from maild.config.share import shipped
from maild.core.cases import freshness, vouched
from maild.core.letters.kinds import LetterKind
from maild.core.screening.said import sentence
from maild.core.values.desk import Mode
from tests.cli.test_at_hand import commands
from tests.support.desk import POLICY
from tests.support.golden import FOLDER, golden

CONFIG = shipped("config")
LETTERS = Letters([CONFIG / "letters"])
AT, LATER = "2026-10-06T07:00:00+00:00", "2026-10-08T07:00:00+00:00"
NUMBERS = {"count": 2, "cases": ["EX-7KQ2M9", "EX-M2M2M2"], "more": 0}
NONE = {"count": 0, "cases": [], "more": 0}
PROMISE = {
    "case": "EX-7KQ2M9",
    "mail": None,
    "promise": "respond",
    "promised": "48 hours",
    "every": False,
    "started": AT,
    "due": LATER,
    "late": "2 hours",
    "over": False,
    "rung": 0,
    "handler": "",
    "waits": "The reporter of EX-7KQ2M9 has waited for a reply for 2 days and 2 hours.",
    "ends": "a reply to the reporter",
}
DETAILS: dict[str, Any] = {
    "case_id": "EX-7KQ2M9",
    "address": "security+canary@project.example",
    "addresses": ["eve@vendor.example"],
    "again": False,
    "answer_due": LATER,
    "at": AT,
    "author": "rita@reporter.example",
    "begun": True,
    "blind_since": "",
    "cases": ["EX-7KQ2M9"],
    "coming": [PROMISE],
    "confirm_due": "",
    "count": 1,
    "credit": "Rita Reed",
    "cve": "CVE-2026-12345",
    "date": LATER,
    "day": "2026-10-06",
    "digest": "ab" * 32,
    "closed_until": "",
    "does": "the early warning of an actively exploited vulnerability",
    "due": LATER,
    "embargo": LATER,
    "expires": LATER,
    "fingerprint": "ABCD" * 10,
    "held": 0,
    "item": "announcement",
    "joined": "EX-M2M2M2",
    "kept": False,
    "kept_more": 0,
    "key": "ABCD" * 10,
    "lacks": ["an approval"],
    "lapsed": [PROMISE],
    "late": False,
    "letter": 7,
    "letters": 0,
    "line": "see you on Monday",
    "links": ["https://project.example/advisories/1"],
    "list": "distros",
    "mail": 4,
    "mails": True,
    "member": "Anna",
    "more": 0,
    "more_due": 0,
    "more_mails": 0,
    "next_due": LATER,
    "note": "",
    "now": False,
    "open": NUMBERS,
    "owner": "Anna",
    "partly": False,
    "place": "announce",
    "quarantined": 1,
    "quoted": False,
    "reason": "The fix is in version 4.3.",
    "received": AT,
    "rejected": 2,
    "released": 1,
    "full": False,
    "said": ["EX-7KQ2M9 is rated Important."],
    "sealed": False,
    "seen": False,
    "sending": True,
    "sent": AT,
    "shunted": 0,
    "since": AT,
    "size": 26_214_400,
    "stale": NONE,
    "step": "early-warning",
    "taken": AT,
    "to": ["announce@project.example"],
    "tracker": "https://tracker.example",
    "unknown": 1,
    "until": LATER,
    "waiting": NUMBERS,
    "waits": "it waits for the vendor",
    "what": "deferred",
    "why": "",
    "within": 15,
    "handler": "Anna Acosta",
    "was": "Bo",
    "by": "Carl",
    "promise": "respond",
    "told": AT,
    "left": "1 line",
    "left_lines": ["see you on Monday"],
    "left_files": [],
    "cut": False,
    "yours": NUMBERS,
}
"""What templates are filled with; each letter takes what it names."""
ROW = {
    "mail": 12,
    "arrived": AT,
    "size": 812,
    "from": "win at spam.example",
    "subject": "CHEAP PILLS",
    "score": 7.5,
    "alike": 1,
}
NO_TRACKER = ("duplicate", "not-reproducible", "out-of-scope", "working-as-intended")
"""Verdicts whose answer sends nobody to the public tracker."""
OTHERWISE: dict[str, dict[str, Any]] = {
    "held": {
        "rows": [
            {
                **ROW,
                "reasons": ["The subject is written in capitals."],
                "release": "release-x",
                "reject": "reject-x",
            }
        ],
        "kept": [],
    },
    "digest": {"due": [{"case": "EX-7KQ2M9", "promise": "respond", "lapsed": True, "due": AT}], "kept": 2},
    "flood": {"more": 3},
    "reminder": {
        "coming": [{**PROMISE, "waits": "The reporter of EX-7KQ2M9 has waited for a reply for 40 hours."}]
    },
    "draft": {"about": "bug"},
    "not-announced": {"why": "lacks"},
    "old-date": {
        "why": "moved",
        "lists": ["distros"],
        "to": ["distros@lists.example"],
        "told": [AT],
        "digests": ["ab" * 32],
    },
    "outward-failed": {"what": "failed"},
    "unsealable": {"reader": "a guest of the case"},
    "idle": {"after": "3 days"},
    "answer/embargo-moved": {"reason": "One more platform has to be tested."},
    "paused": {"waits": ["respond until 2026-10-09 07:00 UTC"]},
    "embargo-ended": {"why": "leaked"},
    "key-refused": {"why": "it has expired"},
    "copy-too-big": {"size": "26.2 MB"},
    "publication": {"place": "blog"},
    "reporter-first": {"date": AT},
    "overdue-already": {"due": AT},
    **{name: {"tracker": ""} for name in NO_TRACKER},
}
PLAIN = re.compile(
    r"`[^`]*`|read receipts?|\{%.*?%\}|\{\{.*?\}\}|https?://\S+|--[\w-]+|![\w-]+|\[\[?[\w.]+\]\]?", re.DOTALL
)
"""What is a name and no word: commands, options, templates' own language, sections."""
GOES = re.compile(
    r"\b(seals?|sealed|unsealed|mend(?:s|ed)?|owed by hand|told loudly|what really turns|rungs?|ladders?"
    r"|lapsed?|receipts?|in clear|the clear|stands in|everybody is told|prolong(?:ed)?|tried on|good order"
    r"|refused for good|found a desk|kept by people|he|his|him|himself|she|her|mails"
    r"|a mail(?! (?:server|client|program|folder|filter)s?\b))\b",
    re.IGNORECASE,
)
"""The words of the first edition that go; CONTRIBUTING has the terms that stay."""
NAMES = re.compile(r"starts and met_by|are working days and hours|ladder called|default ladder")
"""Lines of the configuration that explain its own words."""


PACKAGE = Path(handbook.__file__).parents[1]
RECORDED = {
    "sealed from now on",
    "(sealed, in mail ",
    " receipts in an hour",
    " receipts to this domain in an hour",
    "signed in the clear",
}
"""What is recorded or compared, and shown in other words."""


LOOKED_AT = [
    name
    for name in templates()
    if os.environ.get("GOLDEN") or (FOLDER / f"letters/{name.replace('/', '-')}.txt").exists()
]
"""The letters that have a golden file; ``GOLDEN=write`` makes one for each other."""


TWO_LISTS = {
    "lists": ["distros", "vendors"],
    "to": ["distros@lists.example", "vendors@lists.example"],
    "told": [AT, AT],
    "digests": ["ab" * 32, ""],
}


REASONS = [
    text
    for module in (freshness, vouched)
    for text in re.findall(r'^[A-Z]\w+ = "(.+)"$', inspect.getsource(module), re.MULTILINE)
]
"""Why a proof counts for nothing, as these modules say it."""


def written(name: str, more: Mapping[str, Any] = MappingProxyType({}), mode: Mode = Mode.RELAY) -> str:
    """The letter with this template, filled in, and with *more* in place of some of it."""
    kind, _, about = name.partition("/")
    desk = replace(POLICY.desk, policy_url="https://project.example/security", mode=mode)
    details = {**DETAILS, **OTHERWISE.get(name, {}), **OTHERWISE.get(about, {}), **more}
    if about:
        details["about"] = about
    words = LETTERS.render(LetterKind(kind), details, replace(POLICY, desk=desk))
    return f"Subject: {words.subject}\n\n{words.text}"


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_letter_is_as_it_was_looked_at(name: str) -> None:
    """The golden file of each; none is wider than a mail client shows, but for what must not be broken."""
    text = written(name)
    golden(f"letters/{name.replace('/', '-')}.txt", text)
    assert not re.search(r"\b(None(?! of)|True|False)\b", text)
    assert "\n\n\n" not in text
    filled = [line for line in text.splitlines()[1:] if not line.startswith(" ")]
    assert all(len(line) <= 80 or " " not in line for line in filled)


@pytest.mark.parametrize("why", REASONS)
def test_a_member_hears_what_was_wrong_with_their_message(why: str) -> None:
    """The notice knows every reason for which a proof counts for nothing, and says what to do about it."""
    text = " ".join(written("notice/your-mail-held", {"again": False, "why": why}).split())
    assert why in text
    assert "nothing proves that it is yours" not in text


def test_where_maild_only_watches_a_message_waits_only_if_it_is_of_no_case() -> None:
    """In a case it was seen, and was not counted; of no case, it can be released."""
    seen = written("notice/your-mail-held", {"why": vouched.ELSEWHERE}, Mode.OBSERVE)
    golden("letters/notice-your-mail-held-observed.txt", seen)
    assert "maild quarantine" not in seen
    waits = written("notice/your-mail-held", {"why": vouched.ELSEWHERE, "case_id": ""}, Mode.OBSERVE)
    assert "`maild quarantine` lists what is waiting" in " ".join(waits.split())
    assert "in case" not in waits


def test_one_letter_names_all_lists_that_hold_an_old_date() -> None:
    """Each with what it was told, and with the digest of the letter that is prepared for it, if one is."""
    golden("letters/notice-old-date-of-two.txt", written("notice/old-date", TWO_LISTS))


def test_who_joins_a_desk_that_only_watches_is_told_so() -> None:
    """Nobody waits there for copies, or answers in a way that maild does not see."""
    assert "maild only watches" not in written("notice/welcome")
    assert "maild only watches" in written("notice/welcome", mode=Mode.OBSERVE)


@pytest.mark.parametrize("name", LOOKED_AT)
def test_the_case_stands_once_in_a_subject(name: str) -> None:
    """In brackets, or within the sentence; never twice."""
    assert written(name).partition("\n")[0].count("EX-7KQ2M9") <= 1


def sentences(path: Path) -> Iterator[str]:
    """What a module says to people: its texts of three words and more that are no docstring and no name.

    Reasons are recorded under short names, which ``maild.core.screening.said`` translates.
    """
    tree = ast.parse(path.read_text("utf-8"))
    notes = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in notes:
            text = one.value
            if len(text.split()) >= 3 and "|" not in text and text not in RECORDED and sentence(text) == text:
                yield re.sub(r"\{\w+\}", "", text)


def texts() -> Iterator[tuple[str, str]]:
    """Everything that people read, by where it stands."""
    for path in [
        *(CONFIG / "letters").rglob("*.txt"),
        *(CONFIG / "page").rglob("*.txt"),
        CONFIG / "page/page.md",
    ]:
        yield str(path.relative_to(CONFIG)), path.read_text("utf-8")
    for topic in handbook.NAMES:
        yield topic, re.sub(r"```.*?```", "", handbook.page(topic), flags=re.DOTALL)
    yield "maild help commands", "\n".join(listed())
    for name, one in [("maild", cli), *commands(cli)]:
        options = [each.help or "" for each in one.params if isinstance(each, click.Option)]
        yield f"maild {name} --help", "\n".join([one.help or "", *options])
    for path in (Path(handbook.__file__).parents[1] / "app" / "check").glob("*.py"):
        yield path.name, "\n".join(re.findall(r'(?<!")"([^"\n]{12,})"(?!")', path.read_text("utf-8")))
    readme = (CONFIG.parent / "README.md").read_text("utf-8")
    yield "README", re.sub(r"```.*?```", "", readme, flags=re.DOTALL)
    for path in sorted(PACKAGE.rglob("*.py")):
        if said := list(sentences(path)):
            yield path.relative_to(PACKAGE).as_posix(), "\n".join(said)
    text = (CONFIG / "maild.toml").read_text("utf-8")
    lines = [line for line in text.splitlines() if re.match(r"# (?! )", line) and not NAMES.search(line)]
    yield "maild.toml", "\n".join(lines)
    for path in sorted((CONFIG / "regulatory").glob("*.toml")):
        lines = [line for line in path.read_text("utf-8").splitlines() if len(line.split()) > 3]
        said = [line for line in lines if not re.match(r"(met_by|starts|from) = ", line)]
        yield str(path.relative_to(CONFIG)), "\n".join(said)


@pytest.mark.parametrize(("where", "text"), [pytest.param(*one, id=one[0]) for one in texts()])
def test_no_text_for_people_has_a_word_that_goes(where: str, text: str) -> None:
    """Letters, pages, handbook, README, help, what the program says, the comments of the configuration."""
    found = GOES.findall(PLAIN.sub("", text))
    assert not found, f"{where}: {found}"
