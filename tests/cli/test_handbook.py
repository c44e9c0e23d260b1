"""The handbook and README: shown by ``maild help``, shipped in the wheel, and true to the program."""

import inspect
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest

from maild import log
from maild.cli import handbook
from maild.cli.main import cli
from maild.cli.manual import EXITS
from maild.config.letters import Letters
from maild.config.share import shipped
from maild.core.figures import MEANING
from maild.core.values.people import Member
from maild.core.words.reading import read
from maild.core.words.table import NAMES, TABLE
from tests.support.commanding import command
from tests.support.deciding import POLICY

NOWHERE = Path("/nowhere/maild.toml")
HOUSE = Path(__file__).parents[2]
README = HOUSE / "README.md"
PAGES = [README, *(handbook.FOLDER / f"{name}.md" for name in handbook.NAMES)]
TEMPLATE = HOUSE / "config" / "maild.toml"
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
WORST = re.compile(
    r"\b(seal(?:ed)?|mails?|mend|rung|receipt|clear|he|his|him|everybody|lapsed|shunted|prolong)\b",
    re.IGNORECASE,
)
"""Words of the first edition that people stumbled over; `maild shunted`, `maild mail` and *by mail* are left out."""


def blocks(path: Path) -> list[str]:
    """The lines of its blocks that are to be typed, continuation lines joined."""
    found = [text for kind, text in BLOCK.findall(path.read_text("utf-8")) if not kind]
    return [line.strip() for text in found for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def typed(path: Path) -> list[str]:
    """Every ``maild …`` of a page: lines of its blocks, and whole commands within the text."""
    text = BLOCK.sub("", path.read_text("utf-8"))
    inline = [one.replace("\n", " ") for one in re.findall(r"`(maild [^`]+)`", text)]
    lines = [line.rpartition("&& ")[2] for line in blocks(path)]
    return [line for line in lines if re.match(r"(\S*/)?maild ", line)] + inline


def parsed(line: str) -> list[str]:
    """The names of the commands in *line*; a ``click.UsageError`` when the program would not take it."""
    given = shlex.split(line)[1:]
    here, names = cli.make_context("maild", given), []
    while isinstance(here.command, click.Group) and (rest := [*here._protected_args, *here.args]):
        name, found, rest = here.command.resolve_command(here, rest)
        assert found is not None
        assert name is not None
        names.append(name)
        if name == "help":
            return [*names, *rest]
        here = found.make_context(name, rest, parent=here)
    return names


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_command_line_is_one_that_maild_takes(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Command, options and arguments of each exist; what is named as a file may be there or not."""
    monkeypatch.chdir(tmp_path)
    for name in ("carl.asc", "message.eml", "page.html", "advisory.toml", "FILE", "maild.toml"):
        (tmp_path / name).touch()
    (tmp_path / "reports").mkdir()
    (tmp_path / "spam").mkdir()
    for line in typed(path):
        with nothing_but_a_placeholder(line):
            parsed(line.replace("/backup/", f"{tmp_path}/"))


@contextmanager
def nothing_but_a_placeholder(line: str) -> Iterator[None]:
    """A command may be named without its arguments; a placeholder, or a backup, need not be of the right kind."""
    try:
        yield
    except click.MissingParameter:
        if len(line.split()) > 2:
            raise
    except click.BadParameter:
        if not re.search(r"\b(NAME|ADDRESS|TOPIC)\b|\.sqlite", line):
            raise


@pytest.mark.parametrize("name", handbook.NAMES)
def test_no_line_to_copy_is_folded(name: str) -> None:
    """On a terminal of 80 columns ``maild help`` leaves each line of a block whole, so that it can be copied."""
    found = BLOCK.findall((handbook.FOLDER / f"{name}.md").read_text("utf-8"))
    lines = [line for kind, text in found if kind != "json" for line in text.splitlines()]
    assert not [line for line in lines if len(line) > 78]


def test_a_command_line_that_is_wrong_would_be_found() -> None:
    """An unknown command, option or argument does not pass."""
    for line in ("maild nosuch", "maild cases --nosuch", "maild check further", "maild policy nosuch"):
        with pytest.raises(click.UsageError):
            parsed(line)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_command_by_mail_is_read(path: Path) -> None:
    """Each ``!line`` is a command of the table, and a whole one is read as such."""
    for line in (line for line in blocks(path) if line.startswith("!")):
        assert [one.name for one in read(line)] == [line[1:].split()[0]], line
    assert set(re.findall(r"`!([a-z-]+)", path.read_text("utf-8"))) <= set(NAMES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_section_and_key_is_in_the_configuration(path: Path) -> None:
    """``[section]`` and "``key`` in ``[section]``" are as in maild.toml."""
    text, template = " ".join(path.read_text("utf-8").split()), TEMPLATE.read_text("utf-8")
    for section in re.findall(r"`(\[+[a-z]+\]+)`", text):
        assert section in template, section
    for key, section in re.findall(r"`([a-z_]+)` (?:in|of) `(\[[a-z]+\])`", text):
        of_it = template.partition(f"\n{section}\n")[2].partition("\n[")[0]
        assert re.search(rf"^#?{key} = ", of_it, re.MULTILINE), f"{key} in {section}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_handbook_is_in_plain_english(path: Path) -> None:
    """None of the words that readers stumbled over stands in the text of a page."""
    text = re.sub(r"`[^`]*`", "", BLOCK.sub("", path.read_text("utf-8")))
    text = re.sub(
        r"(e-?mail|(by|your|list|the|through|that) mail|mail (server|clients?|itself)|\bmail)\b(?!s)",
        "",
        text,
    )
    assert not WORST.findall(text)


def test_the_handbook_comes_with_the_program_and_help_lists_it() -> None:
    """Every page is listed, every file is a page, and README's table names the same topics in the same words."""
    assert {path.stem for path in handbook.FOLDER.glob("*.md")} == set(handbook.NAMES)
    said = command(NOWHERE, "help")
    assert said.status == 0
    readme = README.read_text("utf-8")
    for name, about in handbook.TOPICS:
        assert re.search(rf"^  {name} +{re.escape(about)}$", said.out, re.MULTILINE)
        assert f"| [{name}](maild/handbook/{name}.md) | {about} |" in readme


@pytest.mark.parametrize("topic", handbook.NAMES)
def test_help_shows_a_page(topic: str) -> None:
    """``maild help TOPIC`` prints the page, without any configuration."""
    said = command(NOWHERE, "help", topic)
    assert (said.status, said.out) == (0, handbook.page(topic))


def test_no_topic_hides_the_help_of_a_command() -> None:
    """A page is never called like a command."""
    assert not set(handbook.NAMES) & set(cli.commands)


def test_the_log_the_figures_and_the_exits_are_all_there() -> None:
    """The page on monitoring names every event, metric and exit status that there is."""
    page = handbook.page("monitoring")
    named = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    events = re.findall(r"_log\.\w+\(\"([a-z ]+)\"", inspect.getsource(log))
    assert sorted(named) == sorted({*events, *MEANING})
    assert {status for status, _ in EXITS} <= set(re.findall(r"^\| (\d+) \|", page, re.MULTILINE))


def test_readme_is_short() -> None:
    """A screen and a half."""
    assert len(README.read_text("utf-8").split()) <= 700


def test_readme_shows_the_acknowledgement_as_it_is() -> None:
    """What README shows a reporter receiving is what maild writes, word by word and line by line."""
    team = tuple(
        Member(name, (f"{name}@heron.example",), f"{name}@heron.example", frozenset())
        for name in ("ana", "ben", "carl", "dee")
    )
    desk = replace(POLICY.desk, name="Heron security team", prefix="HERON")
    policy = replace(POLICY, desk=desk, team=replace(POLICY.team, members=team))
    due = "2026-10-08T07:00:00+00:00"
    says = {"received": "2026-10-06T07:00:00+00:00", "next_due": due, "answer_due": due, "confirm_due": ""}
    says |= {"sealed": False, "seen": False, "late": False}
    written = Letters([shipped("config") / "letters"]).render(
        "receipt", {"case_id": "HERON-N36Y8E", **says}, policy
    )
    shown = BLOCK.findall(README.read_text("utf-8"))[0][1]
    assert shown.startswith("Hello,")
    assert written.text.replace("\xa0", " ").startswith(shown)


class Seen(HTMLParser):
    """The tags of a page, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.sources: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more."""
        self.tags.add(tag)
        for name, value in attrs:
            if name == "href":
                self.links.append(value or "")
            elif name in ("src", "srcset", "action"):
                self.sources.append(value or "")


def test_the_handbook_is_a_small_site(tmp_path: Path) -> None:
    """One page for each topic and an index; no script, nothing fetched, and every link leads to a page of it."""
    folder = tmp_path / "site"
    said = command(NOWHERE, "help", "--html", str(folder))
    assert (said.status, said.err) == (0, "")
    pages = {file.name: Seen(file.read_text("utf-8")) for file in folder.iterdir()}
    assert set(pages) == {"index.html", "commands.html", *(f"{name}.html" for name in handbook.NAMES)}
    assert {link for page in pages.values() for link in page.links} == set(pages)
    for name, page in pages.items():
        assert not page.tags & {"script", "link", "img", "iframe", "form"}, name
        assert page.sources == []
    assert "team.html" in pages["set-up.html"].links


def test_a_page_of_the_site_says_what_the_terminal_says(tmp_path: Path) -> None:
    """Every block to type, and every command of the team, whole."""
    command(NOWHERE, "help", "--html", str(tmp_path))
    for name in handbook.NAMES:
        text = unescape((tmp_path / f"{name}.html").read_text("utf-8"))
        for line in blocks(handbook.FOLDER / f"{name}.md"):
            assert line in text.replace("\\\n", " ") or line in " ".join(text.replace("\\\n", " ").split())
    text = unescape((tmp_path / "commands.html").read_text("utf-8"))
    assert all(f"<code>{row.usage}</code>" in text for row in TABLE)
