"""Received fields: which host is ours, and between whom a message was handed on."""

import pytest

from maild.core.mail.hops import Boundary, boundary, hop, ours, written_by

OURS = ("mx.project.example",)
SPIKE = ("mx*.spike.example",)
FROM = "from {} by {} with ESMTPS id 1; Sun, 29 Nov 2026 03:00:00 +0000"


@pytest.mark.parametrize(
    ("host", "ids", "is_ours"),
    [
        ("mx.project.example", OURS, True),
        ("MX.project.example;", OURS, True),
        ("a.mx.project.example", OURS, True),
        ("other.project.example", OURS, True),
        ("project.example", OURS, False),
        ("evilproject.example", OURS, False),
        ("mx.project.example.evil.example", OURS, False),
        ("mail.example", ("mx.example",), False),
        ("mx7.spike.example", SPIKE, True),
        ("spike.example", SPIKE, True),
        ("evilspike.example", SPIKE, False),
        ("mx.project.example", SPIKE, False),
        ("mx7.spike.example", (*OURS, *SPIKE), True),
        ("mx.project.example", (), False),
    ],
)
def test_a_host_of_ours_has_the_name_or_the_domain(host: str, ids: tuple[str, ...], is_ours: bool) -> None:
    """A pattern stands for every host below its domain; a name that only ends alike is a stranger's."""
    assert ours(host, ids) is is_ours


@pytest.mark.parametrize(
    ("sender", "by", "told"),
    [
        ("x (localhost [127.0.0.1])", "mx.project.example", "internal"),
        ("x (unknown [10.2.3.4])", "mx.project.example", "internal"),
        ("x (unknown [172.31.255.254])", "mx.project.example", "internal"),
        ("x (unknown [172.32.0.1])", "mx.project.example", "boundary"),
        ("x (unknown [IPv6:fd00::1])", "mx.project.example", "internal"),
        ("x (unknown [IPv6:fe00::1])", "mx.project.example", "boundary"),
        ("x (relay.project.example [192.0.2.1])", "mx.project.example", "internal"),
        ("x (relay.project.example [192.0.2.1] (may be forged))", "mx.project.example", "boundary"),
        ("relay.project.example (far.example [192.0.2.1])", "mx.project.example", "boundary"),
        ("x (far.example [192.0.2.1])", "mx.far.example", "foreign"),
        ("x ([10.0.0.1] [192.0.2.1])", "mx.project.example", "boundary"),
        ("x ([300.1.1.1])", "mx.project.example", "boundary"),
    ],
)
def test_who_handed_it_on(sender: str, by: str, told: str) -> None:
    """Only what our own host saw of the other side counts: its address, or the name it looked up."""
    assert hop(FROM.format(sender, by), OURS) == told


def test_whoever_was_logged_in_is_at_the_boundary_from_wherever() -> None:
    """A person handed it in at our host, even from within; their name is the last comment's alone."""
    login = (
        "from laptop (unknown [10.0.0.9]) (Authenticated sender: Mia@project.example)"
        " by mx.project.example with ESMTPSA id 1; x"
    )
    assert hop(login, OURS) == "boundary"
    assert boundary(login) == Boundary(True, True, "mia@project.example")
    forged = login.replace("from laptop", "from (Authenticated sender: boss@x) laptop").replace(
        " (Authenticated sender: Mia@project.example)", ""
    )
    assert boundary(forged) == Boundary(True, True, "")
    assert boundary(login.replace("ESMTPSA", "ESMTPS")) == Boundary(True, False, "")


@pytest.mark.parametrize(
    "field", ["from x [10.0.0.1]", "from x by ", "from a by b by mx.project.example with SMTP", ""]
)
def test_a_field_that_could_mean_anything_is_a_stranger_s(field: str) -> None:
    """Without one other side and one host nothing is told from it."""
    assert hop(field, OURS) == "foreign"


def test_the_writer_of_a_field_is_named() -> None:
    """Its name in lower case; none where it does not say."""
    assert written_by(FROM.format("x", "MX.Project.example")) == "mx.project.example"
    assert written_by("by mx.project.example with LMTP") == "mx.project.example"
    assert written_by("from x") == ""
    assert hop("by mx.project.example with LMTP", OURS) == "internal"
