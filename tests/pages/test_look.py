"""The pages of HTML in a real Chromium: on a phone and on a wide screen, light and dark, and printed.

Screenshots are left in ``$MAILD_SCREENSHOTS`` where it is set; somebody has to look at them.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest

from maild.app.policy import rendered
from maild.cli.handbook import site
from maild.cli.help import markdown
from maild.cli.report import PARTS
from maild.config import load
from maild.config.article import html
from maild.config.reportpage import html as report_page
from maild.config.style import style
from tests.advisory.examples import example

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OWN = Path(__file__).parents[1] / "policy" / "own.toml"
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LONG = "/usr/lib/" + "a-very-long-name-without-any-blank/" * 8
MEASURE = """
<script>
const root = document.documentElement;
const wide = [...document.querySelectorAll("*")].filter(
  (one) => one.getBoundingClientRect().right > root.clientWidth + 1).map((one) => one.tagName);
const told = {scroll: root.scrollWidth, client: root.clientWidth, wide,
  asked: performance.getEntriesByType("resource").map((one) => one.name)};
document.title = "measured";
const out = document.createElement("pre");
out.id = "measured"; out.textContent = JSON.stringify(told);
root.appendChild(out);
</script>
"""
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: chromium)")


def policy() -> str:
    """Maild's own policy page."""
    return rendered(load(OWN), "html", NOW)


def advisory() -> str:
    """An advisory with everything that one can have, and words that do not break."""
    one = example(1)
    return html(replace(one, details=f"{one.details}\n\n{LONG}\n\n    {LONG}", title=f"{one.title} {LONG}"))


def report() -> str:
    """A report with a figure in every part."""
    rows = {
        "inflow": [{"kind": "correspondence", "messages": 120}, {"kind": "report", "messages": 31}],
        "times": [
            {"severity": "Important", "step": "fix", "cases": 9, "median_hours": 410.5, "p90_hours": 900}
        ],
        "promises": [{"month": "2026-10", "kept": 40, "missed": 1, "percent": 97.6}],
        "handlers": [{"handler": "Anna Acosta", "cases": 12, "open": 3}],
        "open": [{"age": "up to 7 days", "cases": 0}],
    }
    return report_page("Example", {"since": None, "until": "2026-11-02", **rows}, PARTS)


def handbook_page(name: str) -> Callable[[], str]:
    """A page of the handbook."""
    return site(markdown())[PurePosixPath(f"{name}.html")].decode


PAGES: dict[str, Callable[[], str]] = {
    "policy": policy,
    "advisory": advisory,
    "report": report,
    **{f"handbook-{name}": handbook_page(name) for name in ("index", "commands", "team", "monitoring")},
}


def browser(folder: Path, *words: str) -> str:
    """What a headless Chromium without any network writes to standard output."""
    assert CHROMIUM
    still = (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-dev-shm-usage",
    )
    alone = ("--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}")
    done = subprocess.run(
        [CHROMIUM, *still, *alone, *words], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


@pytest.mark.parametrize("name", list(PAGES))
@pytest.mark.parametrize("width", [360, 1200])
def test_nothing_is_wider_than_the_screen_and_nothing_is_fetched(
    name: str, width: int, tmp_path: Path
) -> None:
    """At 360 and at 1200 pixels: no overflow, no request beside the page itself."""
    page = tmp_path / f"{name}.html"
    # A frame has exactly this width; a headless window is never narrower than 500 pixels.
    without = re.sub(r"<meta http-equiv=.*?>\n", "", PAGES[name]())
    page.write_text(without.replace("</body>", f"</body>{MEASURE}"), "utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<body style="margin:0"><iframe src="{page.name}" style="border:0;width:{width}px;height:900px"></iframe>'
        "<script>onload = () => { document.body.append(Object.assign(document.createElement('i'),"
        "{textContent: 'MEASURED' + frames[0].document.getElementById('measured').textContent + 'END'})) }</script>"
    )
    out = browser(tmp_path, "--allow-file-access-from-files", "--dump-dom", f"file://{frame}")
    told = json.loads(re.findall(r"MEASURED(\{.*?\})END", out)[-1])
    assert told["client"] == width
    assert told["scroll"] <= width
    assert (told["wide"], told["asked"]) == ([], [])


@pytest.mark.parametrize("name", list(PAGES))
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_screenshot_is_left_to_look_at(name: str, dark: bool, tmp_path: Path) -> None:
    """With the page as it is published; its stylesheet is let in, in the light and in the dark."""
    folder = Path(os.environ.get("MAILD_SCREENSHOTS", tmp_path))
    page = tmp_path / f"{name}.html"
    page.write_text(PAGES[name](), "utf-8")
    for width in (500, 1200):
        shot = folder / f"{name}-{width}-{'dark' if dark else 'light'}.png"
        words = ["--blink-settings=preferredColorScheme=0"] if dark else []
        browser(tmp_path, *words, f"--window-size={width},1400", f"--screenshot={shot}", f"file://{page}")
        assert shot.stat().st_size > 10_000


def luminance(colour: str) -> float:
    """The relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    full = colour if len(colour) == 7 else "#" + "".join(one * 2 for one in colour[1:])
    parts = [int(full[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", range(3), ids=["light", "dark", "print"])
def test_what_is_read_stands_out_from_the_page(scheme: int) -> None:
    """Text, dim text and links have a contrast of 4.5 at least on the page and on its boxes."""
    root = re.findall(r":root \{(.*?)\}", style())[scheme]
    colours = dict(re.findall(r"--(\w+): (#\w+)", root))
    for ink in ("ink", "dim", "link"):
        for ground in ("page", "box"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
