"""Who outside hears of a case, as the file says it."""

from datetime import timedelta
from pathlib import Path

from maild.config import load
from maild.core.values.targets import Announcement, Kind, Predisclosure, Targets
from tests.support.desk import GOOD_CONFIG
from tests.test_config import lay_out

OUTSIDE = """
[[predisclosure]]
id = "distros"
to = "Distros@Lists.example"
key = "secret"
min_severity = "Important"
only_if = { track = ["private"], done = ["audit"] }
subject_tag = "[vs]"
readers = 40

[[announcement]]
id = "announce"
kind = "list"
to = "announce@project.example"

[[announcement]]
id = "oss"
kind = "oss-security"
to = "oss@lists.example"
max_lag = "30m"
marks = ["oss.lists.example"]

[[announcement]]
id = "blog"
kind = "blog"
after = "announce"

[[announcement]]
id = "cve"
kind = "cve"
"""


def targets(folder: Path, text: str) -> Targets:
    """What a file with these sections makes of them."""
    return load(lay_out(folder, (GOOD_CONFIG + text).encode())).policy(b"x" * 32).targets


def test_the_file_says_who_outside_hears(tmp_path: Path) -> None:
    """A list has its lead and window, lists follow each other, the rest the first list, each with its lag."""
    found = targets(tmp_path, OUTSIDE)
    assert found.predisclosure == (
        Predisclosure(
            "distros",
            "distros@lists.example",
            "secret",
            min_severity="Important",
            tracks=("private",),
            done=("audit",),
            subject_tag="[vs]",
            readers=40,
        ),
    )
    announce = "announce@project.example"
    assert found.announcement == (
        Announcement("announce", Kind.LIST, announce, marks=(announce,)),
        Announcement(
            "oss",
            Kind.OSS_SECURITY,
            "oss@lists.example",
            "announce",
            timedelta(minutes=30),
            ("oss.lists.example",),
        ),
        Announcement("blog", Kind.BLOG, "", "announce", timedelta(hours=6)),
        Announcement("cve", Kind.CVE, "", "announce", timedelta(hours=1)),
    )


def test_nobody_outside_hears_by_default(tmp_path: Path) -> None:
    """Without such sections there is no list and no place."""
    assert targets(tmp_path, "") == Targets()
