"""The public page: written from the data that drives the clocks."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from maild.app.policy import longest_waits, rendered
from maild.cli.main import cli
from maild.config import load
from maild.config.page import FORMATS
from maild.core.values.calendar import Calendar
from maild.core.values.duration import Length
from maild.core.values.rule import Happening, Rule
from maild.errors import ConfigError, Refused
from tests.policy.conftest import Configured
from tests.support.desk import GOOD_CONFIG, NOW

FULL = """
[policy]
version = "3"
contact = "policy@project.example"
forum = "https://forum.project.example"
list = "announce@project.example"
supported = ["2.1", "2.2"]
scope = ["the parser <b>and</b> its tools"]
out_of_scope = ["the forum's own software"]
safe_testing = ["Test on a copy of your own."]

[[announcement]]
id = "announce"
to = "announce@project.example"

[openpgp]
key = "0123456789ABCDEF0123456789ABCDEF0123456D"
"""
TITLES = [
    "Reporting a vulnerability",
    "What to expect",
    "If you hear nothing",
    "How a report is handled",
    "How it becomes public",
    "Encryption",
    "Scope",
    "Safe testing",
    "Receiving updates",
    "Rewards",
    "About this policy",
]


def flat(page: str) -> str:
    """A page as one line."""
    return re.sub(r"\s+", " ", page)


@pytest.mark.parametrize("form", FORMATS)
def test_the_page_has_every_section_of_the_seed(form: str, configured: Configured) -> None:
    """Each section once and in order, in each format."""
    page = rendered(configured(FULL), form, NOW)
    pattern = {"markdown": r"^## (.*)$", "html": r"<h2>(.*)</h2>", "text": r"^(.*)\n-{5,}$"}[form]
    assert re.findall(pattern, page, re.MULTILINE) == TITLES


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_not_configured_is_not_on_the_page(form: str, configured: Configured) -> None:
    """Without key, scope, rules for testing, list and version there are no such sections."""
    page = rendered(configured(), form, NOW)
    assert [title for title in TITLES if title not in page] == [
        "How it becomes public",
        "Encryption",
        "Scope",
        "Safe testing",
        "Receiving updates",
        "About this policy",
    ]
    assert "We do not pay for reports" in flat(page)


def test_the_ladder_stands_in_order_with_contacts(configured: Configured) -> None:
    """The coordinator, then the backup, by address; then in public, where nothing is said of the issue."""
    page = rendered(configured(FULL), "markdown", NOW)
    assert "1. Carl <carl@project.example>\n2. Bea <bea@project.example>\n" in page
    assert "https://forum.project.example. In public places please say only that you are looking for" in flat(
        page
    )


def test_the_page_names_published_addresses_only(configured: Configured, tmp_path: Path) -> None:
    """Where escalations go (a phone, say) stays inside; ``published`` says what the page names instead."""
    configured()
    path = tmp_path / "maild.toml"
    line = 'addresses = ["carl@project.example"]\n'
    assert line in path.read_text()
    text = path.read_text().replace(line, f'{line}contact = "carl@phone.example"\n')
    path.write_text(text)
    shown = CliRunner().invoke(cli, ["--config", str(path), "policy", "render"]).output
    assert "Carl <carl@project.example>" in shown
    path.write_text(text.replace(line, f'{line}published = "lead@project.example"\n'))
    shown = CliRunner().invoke(cli, ["--config", str(path), "policy", "render"]).output
    assert "Carl <lead@project.example>" in shown
    assert "phone" not in shown


def test_the_five_steps_are_marked_as_kept_by_people(configured: Configured) -> None:
    """Five numbered steps, each marked, but where a clock looks: who is in charge, what follows the announcement."""
    page = rendered(configured(FULL), "markdown", NOW)
    steps = re.findall(r"^\d\. .*\((.*)\)$", page, re.MULTILINE)
    assert steps == [*["managed by people"] * 4, "with a deadline, see below"]
    page = rendered(configured('[policy]\npreset = "psrt"\n'), "markdown", NOW)
    steps = re.findall(r"^\d\. .*\((.*)\)$", page, re.MULTILINE)
    assert steps == ["with a deadline, see above", *["managed by people"] * 4]


@pytest.mark.parametrize(
    ("inbound", "words"),
    [
        ("accepted", "You may encrypt"),
        ("encouraged", "if you can"),
        ("required", "We accept unencrypted reports as well"),
        ("discouraged", "Please write in plain text"),
    ],
)
def test_the_words_about_encryption(inbound: str, words: str, configured: Configured) -> None:
    """Each value of ``inbound`` has its words, with the fingerprint in fours."""
    page = rendered(configured(f'{FULL}inbound = "{inbound}"\n'), "text", NOW)
    assert words in flat(page)
    assert "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 456D" in page


def test_encryption_that_nobody_can_use_is_refused(configured: Configured) -> None:
    """A desk without a key cannot require it; one that discourages it says so without a key."""
    with pytest.raises(Refused, match=r"openpgp\.key"):
        rendered(configured('[openpgp]\ninbound = "required"\n'), "text", NOW)
    page = rendered(configured('[openpgp]\ninbound = "discouraged"\n'), "text", NOW)
    assert "Please write in plain text" in flat(page)


def test_html_is_escaped(configured: Configured) -> None:
    """No value of the configuration becomes markup, in HTML or in Markdown."""
    config = configured(FULL)
    assert "the parser &lt;b&gt;and&lt;/b&gt; its tools" in rendered(config, "html", NOW)
    assert "the parser \\<b>and\\</b> its tools" in rendered(config, "markdown", NOW)
    assert "the parser <b>and</b> its tools" in rendered(config, "text", NOW)
    config.path.write_text(config.path.read_text().replace("Example Security Team", "R & D <team>"))
    page = rendered(load(config.path), "html", NOW)
    assert page.count("R &amp; D &lt;team&gt;") == 2
    assert "<team>" not in page


def test_working_time_says_so(configured: Configured) -> None:
    """A promise in working days names them so, with the longest wait by the wall clock beside it."""
    page = flat(rendered(configured('[policy]\npreset = "django"\n'), "text", NOW))
    assert "Within 3 working days of your report's arrival" in page
    assert "it can be up to 5 days by the wall clock" in page
    long = (
        '[[calendar]]\nname = "office"\ndays_off = ["2026-12-24", "2026-12-25", "2026-12-28", "2026-12-29"]\n'
    )
    page = flat(rendered(configured(f'[policy]\npreset = "django"\n{long}'), "text", NOW))
    assert "it can be up to 9 days by the wall clock" in page


HOURS = {0: ((time(9), time(12)),), 2: ((time(8), time(11)), (time(13), time(0))), 4: ((time(10), time(17)),)}


@pytest.mark.parametrize("length", [Length(1, "wd"), Length(3, "wd"), Length(5, "wh"), Length(20, "wh")])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Australia/Lord_Howe"])
def test_no_start_waits_longer_than_the_page_says(length: Length, zone: str) -> None:
    """From every quarter of an hour of a month it is due within the days named, and no day less would do."""
    calendar = Calendar("odd", ZoneInfo(zone), HOURS, frozenset({date(2026, 3, 13)}))
    starts, what = Happening.REPORT, frozenset({Happening.REPLY})
    rule = Rule("respond", length, starts, what, calendar=calendar)
    named = timedelta(days=longest_waits((rule,), NOW)["respond"])
    waits = [rule.due(at) - at for at in (NOW + timedelta(minutes=15 * n) for n in range(45 * 96))]
    assert named - timedelta(days=1) < max(waits) <= named


def test_a_promise_for_some_reports_says_for_which(configured: Configured) -> None:
    """A page that gave its time for every report would promise what no clock guards."""
    more = """
[[promise]]
id = "quick"
limit = "6h"
starts = "report"
met_by = ["reply"]
applies = { severity = ["Critical"] }
"""
    page = rendered(configured(more), "text", NOW)
    assert "Within 6 hours of your report's arrival, for reports that we rate Critical: a message" in flat(
        page
    )
    assert "Within 48 hours of your report's arrival: a message" in flat(page)


def test_a_promise_kept_inside_is_not_on_the_page(configured: Configured) -> None:
    """``public = false`` takes the sentence with its time off the page."""
    page = rendered(configured('[[promise]]\nid = "update"\npublic = false\n'), "text", NOW)
    assert "5 days" not in page
    assert "We keep you informed" in page


def test_a_project_replaces_single_templates(configured: Configured, tmp_path: Path) -> None:
    """A file in the folder of the configuration wins over ours; the others stay."""
    own = tmp_path / "words" / "sections"
    own.mkdir(parents=True)
    (own / "rewards.txt").write_text("Thanks\n\nWe send a sticker to {{ desk.name }}'s friends.\n")
    page = rendered(configured('[policy]\ntemplates = "words"\n'), "markdown", NOW)
    assert "## Thanks\n\nWe send a sticker to Example Security Team's friends.\n" in page
    assert "## What to expect" in page


@pytest.mark.parametrize(
    "words",
    [
        "{{ desk.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ '{0.__class__}'.format(desk) }}",
        "{% for one in range(1000000000) %}{% endfor %}",
    ],
)
def test_a_template_reaches_nothing_but_what_it_is_given(
    configured: Configured, tmp_path: Path, words: str
) -> None:
    """It runs in Jinja's sandbox: nothing of Python can be reached from it, and no loop is endless."""
    own = tmp_path / "words" / "sections"
    own.mkdir(parents=True)
    (own / "rewards.txt").write_text(f"Thanks\n\n{words}\n")
    with pytest.raises((ConfigError, OverflowError), match=r"rewards\.txt|Range too big"):
        rendered(configured('[policy]\ntemplates = "words"\n'), "markdown", NOW)


def test_a_broken_template_is_named(configured: Configured, tmp_path: Path) -> None:
    """A template that names what does not exist, and a folder that is not there, are refused by name."""
    own = tmp_path / "words" / "sections"
    own.mkdir(parents=True)
    (own / "rewards.txt").write_text("Thanks\n\n{{ nobody.knows }}\n")
    with pytest.raises(ConfigError, match=r"page/sections/rewards\.txt"):
        rendered(configured('[policy]\ntemplates = "words"\n'), "markdown", NOW)
    with pytest.raises(Refused, match=r"policy\.templates = 'gone'"):
        rendered(configured('[policy]\ntemplates = "gone"\n'), "markdown", NOW)


@pytest.mark.parametrize("form", FORMATS)
def test_the_page_says_what_a_report_must_contain(form: str, configured: Configured) -> None:
    """Each question of the configuration, and what is wanted of bugs that tools find; neither unless it is there."""
    asks = '[[ask]]\nfield = "version"\nquestion = "Which release is affected, & how?"\n'
    for found, words in (("public", "please report it in public"), ("private", "in private too")):
        page = flat(rendered(configured(f'[policy]\ntool_found = "{found}"\n{asks}'), form, NOW))
        assert re.search(r"Every report must tell us:.*Which release is affected, (&amp;|&) how\?", page)
        assert words in page
    plain = flat(rendered(configured(), form, NOW))
    assert not re.search("Every report must|language model", plain)


@pytest.mark.parametrize("form", FORMATS)
def test_the_page_says_when_the_intake_is_closed(form: str, tmp_path: Path) -> None:
    """The first day and the day of return, and that the page and the deadlines still agree."""
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0o600)
    text = GOOD_CONFIG.replace("[desk]", '[desk]\nclosed = "2026-07-01/2026-08-03"')
    path = tmp_path / "maild.toml"
    path.write_text(text)
    config = load(path)
    assert "from 2026-07-01 to 2026-08-03" in flat(rendered(config, form, NOW))
    policy = config.policy(b"")
    held = [one.id for one in policy.rules if not one.closed]
    assert held == ["quarantine"]
    assert policy.closed == ((datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 3, tzinfo=UTC)),)


@pytest.mark.parametrize(
    "closed", ['"2026-07-01"', '"2026-08-03/2026-07-01"', "[3]", '"2026-07-01/9999-01-01"']
)
def test_days_that_are_none_are_refused(closed: str, tmp_path: Path) -> None:
    """The earlier day first, both of them, in years that a clock may reach."""
    path = tmp_path / "maild.toml"
    path.write_text(GOOD_CONFIG.replace("[desk]", f"[desk]\nclosed = {closed}"))
    with pytest.raises(ConfigError) as refused:
        load(path)
    assert "desk.closed" in str(refused.value) + str(refused.value.problems)
