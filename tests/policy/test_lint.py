"""What the lint of the public page refuses, and in which words."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from maild.app.policy import rendered
from maild.cli.main import cli
from maild.config.lint import lint
from maild.core.values.duration import Length
from maild.core.values.rule import Happening, Rule, seed
from maild.errors import Refused
from tests.policy.conftest import Configured
from tests.support.desk import NOW

RULES = seed(Length(24, "h"), Length(48, "h"), Length(5, "d"))
KEPT = "Received in 24 hours, answered in 48 hours, and word every 5 days.\n"
WORKING = (Rule("respond", Length(3, "wd"), Happening.REPORT, frozenset({Happening.REPLY})),)


def found(text: str) -> list[str]:
    """The faults of a page that keeps its promises and goes on with *text*."""
    return [str(fault) for fault in lint(KEPT + text, RULES, {})]


@pytest.mark.parametrize(
    "text",
    [
        "We fix it in 90 days.",
        "We fix it within **90** days.",
        "We fix it in ninety\ndays.",
        "An answer comes in 12h.",
        "An answer comes in 3-4 days.",
        "An answer in 3 business days.",
        "An answer in 5 working days.",
        "A 7-day wait.",
        "It comes in 1.5 days.",
        "The blog follows within the hour, or within an hour.",
        "An answer on the next working day.",
        "We write weekly.",
        "A fix comes every other month, at least every month.",
        "<p>A fix in <b>six</b>&nbsp;weeks.</p>",
    ],
)
def test_a_time_without_a_clock_is_refused(text: str) -> None:
    """However it is written: the fault names its line, its words, and the times that are guarded."""
    faults = found(text)
    assert faults
    assert all(
        "a time that a public promise guards (24 hours, 48 hours, 5 days), or none" in f for f in faults
    )
    assert faults[0].startswith("line 2: '")


@pytest.mark.parametrize(
    "text",
    [
        "Again: 24h, one day, a reply within two days, and a 5-day rhythm; forty-eight hours at most.",
        "Port 24 is open; 10 requests an hour are too many; version 5.3 has 3 parsers; since 2024.",
        "Key: 0024 024D 005D 0024 0024 0024 0024 0024 005D 007D or 002400240024002400240024002400240024005D.",
        "See https://project.example/90-days or 90days@project.example.",
        "<style>p { transition: 3s }</style><!-- 90 days --><p>Text.</p>",
        "If someone else found it first; methods that change memory; fix memory bugs; what to do.",
        "We look at security reports first, and take your report seriously.",
    ],
)
def test_what_is_no_promise_is_no_fault(text: str) -> None:
    """Guarded times in other words, keys, addresses, style, and numbers of other things."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("kept", "gone"), [(KEPT.replace("48 hours", "time"), "respond"), ("", "acknowledge")]
)
def test_a_clock_that_the_page_does_not_mention_is_a_fault(kept: str, gone: str) -> None:
    """The other way round: a public promise must stand on the page."""
    rule = next(rule for rule in RULES if rule.id == gone)
    wanted = f'no word of {rule.words}: the page to say "{rule.words}": the promise "{gone}" is public'
    assert any(wanted in str(fault) for fault in lint(kept, RULES, {}))


def test_a_private_promise_is_not_told() -> None:
    """A time behind which only a private clock stands is refused, and the way out is named."""
    private = Rule("look", Length(8, "h"), Happening.REPORT, frozenset({Happening.HUMAN}), public=False)
    (fault,) = lint(KEPT + "A look in 8 hours.", (*RULES, private), {})
    assert str(fault) == (
        "line 2: '8 hours': no time here: the promise \"look\" is not public (public = true makes it so)"
    )


def test_working_days_are_no_days() -> None:
    """Three days for three working days is a promise that nobody keeps; the longest wait may stand beside."""
    assert lint("In 3 working days (up to 5 days by the wall clock).", WORKING, {"respond": 5}) == ()
    faults = [str(fault) for fault in lint("In 3 days.", WORKING, {"respond": 5})]
    assert len(faults) == 2
    assert "'3 days': a time that a public promise guards (3 working days), or none" in faults[0]
    assert "no word of 3 working days" in faults[1]


@pytest.mark.parametrize(
    "text",
    [
        "We take security very seriously.",
        "WE  TAKE\n\tSecurity   VERY SERIOUSLY!",
        "We take <em>security</em> very&nbsp;seriously.",
        "At Example, we take **security** seriously.",
        "The team takes the security of its users extremely seriously.",
        "We take your security very, well, seriously. We take our security issues very seriously.",
    ],
)
def test_the_sentence_that_nobody_needs_is_refused(text: str) -> None:
    """In any case, spacing and markup."""
    (fault,) = found(text)
    assert fault.startswith("line 2: '")
    assert fault.endswith(": what you do, in place of that")


@pytest.mark.parametrize(
    "text",
    [
        "Write to CHANGE-ME.",
        "TODO: scope",
        "Ask <your team>.",
        "[insert a list here]",
        "{{ scope }}",
        "Some One",
    ],
)
def test_placeholders_are_refused(text: str) -> None:
    """Whatever is still to be filled in."""
    (fault,) = found(f"\n\n{text}")
    assert fault.startswith("line 4: ")
    assert fault.endswith(": a real value in place of the placeholder")


def test_render_refuses_what_the_lint_finds(configured: Configured, tmp_path: Path) -> None:
    """Nothing is written; every fault is told with its line in the page."""
    configured('[policy]\nscope = ["all that was released in the last 2 years"]\nbounty = "A prize (TBD)."\n')
    done = CliRunner().invoke(cli, ["--config", str(tmp_path / "maild.toml"), "policy", "render"])
    assert done.output == ""
    assert isinstance(done.exception, Refused)
    text = str(done.exception)
    assert text.startswith("the page as markdown has 2 faults\n  line ")
    assert "'2 years'" in text
    assert "'TBD'" in text


def test_lint_of_a_published_page(configured: Configured, tmp_path: Path) -> None:
    """``maild policy lint PAGE`` compares any page with the clocks: status 1 and its lines, or 0."""
    config = configured()
    page = tmp_path / "page.md"
    command = ["--config", str(tmp_path / "maild.toml"), "policy", "lint"]
    page.write_text(rendered(config, "markdown", NOW))
    done = CliRunner().invoke(cli, [*command, str(page)])
    assert (done.exit_code, done.output) == (0, "The page and the deadlines agree.\n")
    page.write_text(page.read_text().replace("48 hours", "36 hours"))
    done = CliRunner().invoke(cli, [*command, str(page)])
    assert done.exit_code == 1
    line = page.read_text().partition("36 hours")[0].count("\n") + 1
    assert f"{page}:{line}: '36 hours': a time that a public promise guards" in done.output
    assert 'the promise "respond" is public' in done.output
    assert CliRunner().invoke(cli, command).exit_code == 0
