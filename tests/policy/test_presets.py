"""Published policies as data, beneath the operator's file."""

import copy
import json
import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from maild.app.policy import linted, rendered, shown
from maild.cli.main import cli
from maild.config.page import FORMATS
from maild.config.presets import layered, names
from maild.config.share import shipped
from maild.core.values.duration import Length
from maild.errors import ConfigError
from tests.policy.conftest import Configured
from tests.support.desk import NOW

WANTED = (
    "apache curl django ember go kubernetes linux-kernel node openssf psrt rails rust-2015 rust-2026".split()  # noqa: SIM905 - reads better
)
UNITS = {"h": "hour", "d": "day", "wd": "working day"}


def chosen(name: str) -> str:
    return f'[policy]\npreset = "{name}"\n'


def numbers(name: str) -> set[str]:
    """The times that a preset publishes without an address, read from its file alone, as a page says them."""
    file = (shipped("config") / "presets" / f"{name}.toml").read_text()
    cap = tomllib.loads(file).get("disclosure", {}).get("longest_embargo")
    tables = tomllib.loads((shipped("config") / "presets" / f"{name}.toml").read_text())["promise"]
    found = set()
    for limit in [
        *(table["limit"] for table in tables if table.get("public", True)),
        *([cap] if cap else []),
    ]:
        count, unit = re.fullmatch(r"(\d+)(\w+)", limit).groups()  # type: ignore[union-attr]  # it matches
        found.add(f"{count} {UNITS[unit]}{'' if count == '1' else 's'}")
    return found


def test_every_policy_of_the_issue_is_there() -> None:
    """The presets are these thirteen."""
    assert list(names()) == WANTED


@pytest.mark.parametrize("name", WANTED)
def test_a_preset_says_where_its_numbers_are_from(name: str) -> None:
    """Each file names its source and when it was read."""
    head = (shipped("config") / "presets" / f"{name}.toml").read_text().split("\n\n")[0]
    assert "# Source: " in head
    assert re.search(r"\b20(15|26)\b", head)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", WANTED)
def test_a_reader_finds_no_promise_without_a_clock(name: str, form: str, configured: Configured) -> None:
    """The times on the page are the public limits of the preset's file, neither more nor fewer."""
    config = configured(chosen(name))
    page = re.sub(r"\s+", " ", rendered(config, form, NOW))
    beside = r"up to \d+ days? by the wall clock"
    told = set(re.findall(r"\d+ (?:working )?(?:minute|hour|day|week|month)s?", re.sub(beside, "", page)))
    assert told == numbers(name)
    assert bool(re.search(beside, page)) is any("working" in time for time in told)
    assert linted(config, page, NOW) == []


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("rust-2015", {"acknowledge": "24h", "respond": "48h", "update": "5d"}),
        ("node", {"acknowledge": "5d", "respond": "10d", "update": "14d"}),
        ("go", {"acknowledge": "7d", "resolve": "90d"}),
        ("django", {"acknowledge": "3wd", "resolve": "90d"}),
        (
            "psrt",
            {"acknowledge": "24h", "respond": "48h", "handler": "3d", "resolve": "90d"},
        ),
        ("kubernetes", {"acknowledge": "1wd", "handler": "24h"}),
        ("curl", {"acknowledge": "24h", "respond": "48h"}),
        ("openssf", {"acknowledge": "3wd"}),
    ],
)
def test_the_promises_in_force_are_the_presets(
    name: str, limits: dict[str, str], configured: Configured
) -> None:
    """The rules of the policy are the preset's, and no other: a policy without updates has no such clock."""
    rules = configured(chosen(name)).policy(b"").rules
    held = {"quarantine": "4h" if name == "kubernetes" else "12h"}
    assert {rule.id: f"{rule.limit.amount}{rule.limit.unit}" for rule in rules} == limits | held


@pytest.mark.parametrize(
    ("name", "asked", "reasons"),
    [
        ("linux-kernel", {"version", "steps"}, 0),
        ("django", {"proof", "version"}, 5),
        ("node", {"steps", "proof"}, 6),
        ("curl", {"version", "steps"}, 15),
        ("openssf", {"description", "steps", "version", "mitigation"}, 3),
        ("rust-2015", set(), 0),
    ],
)
def test_a_preset_brings_its_questions_and_reasons(
    name: str, asked: set[str], reasons: int, configured: Configured
) -> None:
    """The page asks them, and a desk answers by them; the file adds, changes and takes out by name."""
    policy = configured(chosen(name)).policy(b"")
    assert {one.field for one in policy.asks} == asked
    assert len(policy.process.reasons) == reasons
    page = rendered(configured(chosen(name)), next(iter(FORMATS)), NOW)
    assert all(one.question.split()[0] in page for one in policy.asks)


def test_a_question_of_a_preset_is_changed_and_taken_out(configured: Configured) -> None:
    """By its field, as a promise is by its id."""
    own = '[[ask]]\nfield = "steps"\nquestion = "How?"\n[[ask]]\nfield = "logs"\nquestion = "Which logs?"\n'
    without = '[policy]\npreset = "node"\nwithout = ["proof", "path-input"]\n'
    policy = configured(own + without).policy(b"")
    assert {one.field: one.question for one in policy.asks} == {"steps": "How?", "logs": "Which logs?"}
    assert "path-input" not in policy.process.reasons


def test_both_coordinators_at_once(configured: Configured) -> None:
    """In the policy of 2026 the first rung is everybody's; in that of 2015 the backup comes after."""
    new, old = (configured(chosen(name)).policy(b"").ladder("respond") for name in ("rust-2026", "rust-2015"))
    assert [(rung.who, rung.everybody) for rung in new] == [(("coordinator", "backup"), True)]
    assert [rung.who for rung in old] == [("coordinator",), ("backup",)]


def test_a_single_key_is_overridden(configured: Configured) -> None:
    """What the file says of a promise wins; the rest of that promise stays the preset's."""
    config = configured('[[promise]]\nid = "respond"\nwarn_at = [0.9]\n')
    rule = config.policy(b"").rule("respond")
    assert rule is not None
    assert (rule.limit, rule.warn_at) == (Length(48, "h"), (0.9,))
    whence = {row["key"]: row["from"] for row in shown(config)}
    assert whence["promise.respond.warn_at"] == "file"
    assert whence["promise.respond.limit"] == "preset rust-2015"
    assert whence["promise.respond.max_pause"] == "default"


def test_the_short_form_overrides_too(configured: Configured) -> None:
    """``[promises]`` sets a limit over any preset; one that the preset lacks is the seed's promise."""
    config = configured(chosen("node") + '[promises]\nacknowledge = "12h"\n')
    rule = config.policy(b"").rule("acknowledge")
    assert rule is not None
    assert (rule.limit, rule.warn_at) == (Length(12, "h"), (0.5, 0.8))
    config = configured(chosen("go") + '[promises]\nupdate = "9d"\n')
    rule = config.policy(b"").rule("update")
    assert rule is not None
    assert (rule.limit, rule.every) == (Length(9, "d"), True)
    assert "every 9 days" in rendered(config, "markdown", NOW)


@pytest.mark.parametrize(
    ("short", "held"), [("13h", "12h"), ("12h", "360m"), ("8h", "240m"), ("45m", "22m"), ("2m", "1m")]
)
def test_held_mail_is_looked_at_before_a_report_would_be_late(
    short: str, held: str, configured: Configured
) -> None:
    """A shorter *acknowledge* shortens the preset's time for held mail, and ``show`` says why."""
    config = configured(f'[promises]\nacknowledge = "{short}"\n')
    (row,) = [row for row in shown(config) if row["key"] == "promise.quarantine.limit"]
    assert (row["value"], row["from"]) == (
        held,
        "preset rust-2015" if held == "12h" else "half of acknowledge",
    )


@pytest.mark.parametrize("name", WANTED)
def test_every_preset_looks_at_held_mail_in_time(name: str, configured: Configured) -> None:
    """A person looks before *acknowledge* can be over, and the page does not promise it to anybody."""
    rules = {rule.id: rule for rule in configured(chosen(name)).policy(b"").rules}
    held, first = rules["quarantine"], rules.get("acknowledge")
    assert (held.starts, held.met_by, held.public) == ("held", {"looked"}, False)
    for hour in range(24 * 8):
        start = NOW + timedelta(hours=hour)
        assert first is None or held.due(start) < first.due(start)


def test_a_promise_can_be_taken_out(configured: Configured) -> None:
    """``without`` leaves a promise of the preset out, of the clocks and of the page."""
    config = configured('[policy]\nwithout = ["update"]\n')
    assert config.policy(b"").rule("update") is None
    assert "5 days" not in rendered(config, "text", NOW)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('[policy]\npreset = "perl"\n', ["policy.preset is 'perl'", "one of apache, curl, django"]),
        ("[policy]\npreset = 3\n", ["policy.preset is 3"]),
        ('[policy]\nwithout = ["respnd"]\n', ["policy.without is 'respnd'", "acknowledge, respond, update"]),
        (
            '[policy]\npreset = "rust-2026"\n[escalation]\nbackup_after = "9h"\n',
            ["escalation.backup_after is '9h'", "no value, because"],
        ),
        ("promise = 3\n[policy]\n", ["promise"]),
        ('[policy]\nsecurity_txt_expires = "soon"\n', ["security_txt_expires", "2027-06-01"]),
    ],
)
def test_what_cannot_be_is_refused(more: str, words: list[str], configured: Configured) -> None:
    """Each fault is told with its key, what stands there and what is wanted."""
    with pytest.raises(ConfigError) as caught:
        configured(more)
    assert all(word in str(caught.value) for word in words)


VALUES = st.recursive(
    st.one_of(
        st.integers(), st.booleans(), st.sampled_from(["default", "respond", "update", "24h", "node", ""])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["id", "name", "limit", "rung", "preset", "without", "respond", "update"]), inner
        ),
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "policy",
                "promises",
                "promise",
                "ladder",
                "escalation",
                "openpgp",
                "calendar",
                "predisclosure",
                "announcement",
            ]
        ),
        VALUES,
    )
)
def test_any_file_can_be_layered(raw: dict[str, object]) -> None:
    """A malformed file is laid over its preset without an error, and itself stays as it was."""
    before = copy.deepcopy(raw)
    found = layered(raw)
    assert raw == before
    assert set(raw) <= set(found.raw)
    assert all(problem.key and problem.wanted for problem in found.problems)


def test_show_as_json(configured: Configured, tmp_path: Path) -> None:
    """``maild policy show --json``: every key once, its value as one writes it, and where it comes from."""
    configured(chosen("django"))
    done = CliRunner().invoke(cli, ["--config", str(tmp_path / "maild.toml"), "policy", "show", "--json"])
    found = {row["key"]: (row["value"], row["from"]) for row in json.loads(done.output)}
    assert len(found) == len(json.loads(done.output))
    assert found["policy.preset"] == ("django", "file")
    assert found["promise.acknowledge.limit"] == ("3wd", "preset django")
    assert found["promise.acknowledge.public"] == ("true", "default")
    assert found["escalation.backup_after"] == ("24h", "preset django")
