"""Embargo, early notice and announcement of the published policies: in the presets, and on the page."""

import re
import tomllib
from datetime import timedelta
from typing import Any

import pytest

from maild.app.policy import linted, rendered, shown
from maild.config.page import FORMATS
from maild.config.presets import names
from maild.config.share import shipped
from maild.core.values.targets import Targets
from maild.errors import ConfigError
from tests.policy.conftest import Configured
from tests.policy.test_page import flat
from tests.policy.test_presets import UNITS, chosen, numbers
from tests.support.desk import NOW

TIMES = r"\d+ (?:working )?(?:minute|hour|day|week|month)s?"
H, D = timedelta(hours=1), timedelta(days=1)


def preset(name: str) -> dict[str, Any]:
    """The file of a preset."""
    return tomllib.loads((shipped("config") / "presets" / f"{name}.toml").read_text())


def named(name: str) -> str:
    """A file that names the addresses of every list of the preset."""
    found = preset(name)
    text = chosen(name)
    for key in ("predisclosure", "announcement"):
        for number, one in enumerate(found.get(key, [])):
            if one.get("kind") not in ("blog", "cve"):
                text += f'[[{key}]]\nid = "{one["id"]}"\nto = "{key}{number}@lists.example"\n'
                text += 'key = "secret"\n' if key == "predisclosure" else ""
    return text


def told(name: str) -> set[str]:
    """The times of the road to disclosure in a preset's file, as a page says them."""
    found = preset(name)
    given = [one.get("lead", "") for one in found.get("predisclosure", [])]
    given += [one.get("max_lag", "") for one in found.get("announcement", [])]
    given.append(found.get("disclosure", {}).get("longest_embargo", ""))
    limits = [re.fullmatch(r"(\d+)(\w+)", str(one)).groups() for one in given if one]  # type: ignore[union-attr]
    return {f"{count} {UNITS[unit]}{'' if count == '1' else 's'}" for count, unit in limits}


@pytest.mark.parametrize("name", names())
def test_a_preset_alone_tells_nobody_outside(name: str, configured: Configured) -> None:
    """Whatever it knows of lists and places, it has no address of them; its page speaks of none."""
    config = configured(chosen(name))
    assert config.policy(b"").targets == Targets()
    assert "@lists.example" not in named(name).partition("[[")[0]
    assert "The announcement goes out" not in rendered(config, "text", NOW)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", names())
def test_with_its_lists_named_the_page_says_the_presets_times_and_no_other(
    name: str, form: str, configured: Configured
) -> None:
    """Leads, lags and the longest embargo of the file are on the page, beside the promises; the lint agrees."""
    config = configured(named(name))
    page = re.sub(r"up to \d+ days? by the wall clock", "", re.sub(r"\s+", " ", rendered(config, form, NOW)))
    assert set(re.findall(TIMES, page)) == numbers(name) | told(name)
    assert linted(config, page, NOW) == []


@pytest.mark.parametrize(
    ("name", "lists", "places"),
    [
        ("rust-2015", {}, {"announce": None, "blog": 6 * H}),
        ("rust-2026", {"distros": 72 * H}, {"announce": None, "oss": None, "cve": H}),
        ("rails", {"distros": 72 * H}, {"announce": None, "blog": 6 * H}),
        ("ember", {}, {"announce": None, "blog": 6 * H}),
        ("go", {}, {"announce": None}),
        ("node", {}, {"announce": None, "blog": 6 * H}),
        ("django", {"prenotification": 7 * D}, {"announce": None}),
        ("psrt", {}, {"announce": None, "cve": H}),
        ("kubernetes", {"distributors": 7 * D, "distributors-again": D}, {"announce": None}),
        ("linux-kernel", {"distros": 72 * H}, {}),
        ("apache", {}, {"announce": None, "oss": None}),
    ],
)
def test_who_hears_and_when_is_the_presets(
    name: str,
    lists: dict[str, timedelta],
    places: dict[str, timedelta | None],
    configured: Configured,
) -> None:
    """Each policy's early notices and places in their order, once the file has given the addresses."""
    found = configured(named(name)).policy(b"").targets
    assert {one.id: one.lead for one in found.predisclosure} == lists
    assert {one.id: one.max_lag for one in found.announcement} == places
    assert [one.id for one in found.announcement] == list(places)


def test_the_conditions_of_an_early_notice(configured: Configured) -> None:
    """Medium severity and affected distributions; an accepted fix; a tag in the subject."""
    rust, kernel, cloud = (
        configured(named(name)).policy(b"").targets.predisclosure[0]
        for name in ("rust-2026", "linux-kernel", "kubernetes")
    )
    assert (rust.min_severity, rust.done) == ("Moderate", ("distros",))
    assert kernel.done == ("accepted",)
    assert cloud.subject_tag == "[EMBARGOED]"


def test_the_longest_embargo(configured: Configured) -> None:
    """90 days from the report, or seven from the first fix; a policy without one has no sentence about it."""
    go, kernel = (configured(chosen(name)) for name in ("go", "linux-kernel"))
    assert "no date later than 90 days after your report's arrival" in flat(rendered(go, "text", NOW))
    kernel = configured(chosen("linux-kernel"))
    assert "no date later than 7 days after the first fix" in flat(rendered(kernel, "text", NOW))
    assert "no date later" not in rendered(configured(named("rust-2015")), "text", NOW)
    longer = '[[disclosure.handling]]\nseverity = "Critical"\nembargo = "120d"\n'
    assert "no date later than 120 days" in flat(rendered(configured(chosen("go") + longer), "text", NOW))


def test_the_page_says_who_hears_before_and_in_which_order(configured: Configured) -> None:
    """The list and its conditions, then the places, numbered, each with its time after the list."""
    page = rendered(configured(named("rust-2026")), "markdown", NOW)
    early = "- distros, 72 hours before, of what we rate Moderate or worse, if software distributions are affected\n"
    assert early in page
    order = re.findall(r"^\d\. (by mail.*|on our.*|in the.*)$", page, re.MULTILINE)
    assert order == [
        "by mail to announcement0@lists.example",
        "by mail to announcement1@lists.example",
        "in the CVE record, within 1 hour of the mail to announcement0@lists.example",
    ]
    assert "the lists named below and the experts" in flat(page)
    assert "(with a deadline, see below)" in page
    assert "The best way to hear about security announcements is announcement0@lists.example" in flat(page)


def test_a_default_lag_is_nobodys_promise(configured: Configured) -> None:
    """A blog without a time of its own has a clock, and no time on the page; a page that names it may."""
    config = configured(named("ember"))
    page = rendered(config, "text", NOW)
    assert "2. on our blog\n" in page
    assert linted(config, f"{page}\nThe blog follows within 6 hours.\n", NOW) == []
    (fault,) = linted(config, f"{page}\nThe blog follows within 7 hours.\n", NOW)
    assert "'7 hours'" in str(fault[1])


def test_a_page_that_hides_a_lag_is_refused(configured: Configured) -> None:
    """What the policy gives a time for has to be on its page."""
    config = configured(named("rails"))
    page = rendered(config, "text", NOW).replace("6 hours", "a while").replace("72 hours", "some time")
    faults = " ".join(str(fault) for _, fault in linted(config, page, NOW))
    assert 'the page to say "6 hours": a clock runs for "blog"' in faults
    assert 'the page to say "72 hours": the list "distros" is told by then' in faults


def test_places_can_be_taken_out_and_changed(configured: Configured) -> None:
    """``without`` names a place as well as a promise; the file's own key wins over the preset's."""
    text = named("rust-2015").replace("[policy]\n", '[policy]\nwithout = ["blog"]\n')
    assert [one.id for one in configured(text).policy(b"").targets.announcement] == ["announce"]
    config = configured(named("rust-2015") + '[[announcement]]\nid = "blog"\nmax_lag = "2h"\n')
    assert "on our blog, within 2 hours" in flat(rendered(config, "text", NOW))
    with pytest.raises(ConfigError, match=r"the list's address in to"):
        configured(chosen("rust-2015") + '[[announcement]]\nid = "announce"\n')


def test_show_says_whence_each_rule_comes(configured: Configured) -> None:
    """``maild policy show`` lists lists, places, the longest embargo and the law's preset with their source."""
    found = {row["key"]: (row["value"], row["from"]) for row in shown(configured(named("rust-2026")))}
    assert found["predisclosure.distros.lead"] == ("3d", "preset rust-2026")
    assert found["predisclosure.distros.to"] == ("predisclosure0@lists.example", "file")
    assert found["predisclosure.distros.only_if.done"] == ("distros", "preset rust-2026")
    assert found["announcement.cve.max_lag"] == ("1h", "preset rust-2026")
    assert found["disclosure.longest_embargo"] == ("90d", "default")
    assert found["regulatory.preset"] == ("", "default")
