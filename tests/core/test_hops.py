"""Received fields: which host is ours, and between whom a message was handed on."""

import pytest

from maild.core.mail.hops import Boundary, boundary, hop, is_network, ours, written_by

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
        ("mx.example", ("mx.example",), True),
        ("a.mx.example", ("mx.example",), True),
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


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("198.51.100.0/24", True),
        ("198.51.100.7/24", True),
        ("2001:db8::7/32", True),
        ("198.51.100.7", True),
        ("198.51.100.0/33", False),
        ("mx.project.example", False),
    ],
)
def test_a_network_is_named_by_any_of_its_addresses(text: str, network: bool) -> None:
    """As an operator writes the address of a host with the length of its network; a host's name is none."""
    assert is_network(text) is network
    sender = "x (far.example [198.51.100.8])", "x (far.example [IPv6:2001:db8::8])"
    told = {hop(FROM.format(one, "mx.project.example"), OURS, (text,)) for one in sender}
    assert ("internal" in told) is (network and "/" in text)


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("from deliver ([unix socket]) by localhost (Cyrus v2.5.11-Debian) with LMTPA; now", "internal"),
        (
            "from murder ([unix socket]) (authenticated user=x bits=0) by mx.project.example with LMTPA;",
            "internal",
        ),
        ("from murder ([unix socket]) ([203.0.113.66]) by mx.project.example with LMTPA; now", "boundary"),
        ("from x ([unix socket]) (203.0.113.66) by mx.project.example with LMTPA; now", "boundary"),
        ("from x ([unix socket]) by mx.project.example with ESMTP; now", "boundary"),
        ("(qmail 2401 invoked by uid 990); 4 Sep 2026 20:49:17 -0000", "internal"),
        ("(qmail 2401 invoked from network); 4 Sep 2026 20:49:17 -0000", "internal"),
        ("(qmail 2401 invoked by evil) by mx.evil.example with SMTP; now", "foreign"),
    ],
)
def test_steps_within_one_machine(field: str, told: str) -> None:
    """Cyrus and qmail write of steps that have no other side; a step with an address is none."""
    assert hop(field, OURS) == told


@pytest.mark.parametrize(
    "address", ["(203.0.113.66)", "(HELO in1.project.example) (203.0.113.66)", "(2001:db8::66)"]
)
def test_a_helo_beside_an_address_proves_nothing(address: str) -> None:
    """Haraka, qmail and Exchange write the address in parentheses: a name that the other side gave is no proof."""
    field = f"from in1.project.example {address} by in2.project.example with ESMTPS id 1; now"
    assert hop(field, OURS, ("in*.project.example",)) == "boundary"
    bare = "from in1.project.example by in2.project.example with ESMTPS id 1; now"
    assert hop(bare, OURS, ("in*.project.example",)) == "internal"


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


def test_another_tenant_of_microsoft_s_comes_in_at_the_boundary() -> None:
    """Its mail arrives from the same network, at a host where all mail comes in; behind that they hand it on."""
    ids = ("*.protection.outlook.com",)
    tenant = (
        "from A1.outbound.protection.outlook.com (2603:10a6:20b::7) by {} (2603:10a6:20b:1::9) with X; now"
    )
    assert hop(tenant.format("B2.mail.protection.outlook.com"), ids) == "boundary"
    assert hop(tenant.format("B2.outlook.office365.com"), ids) == "internal"


MICROSOFT = "from a.prod.exchangelabs.com ({}) by b.prod.{} ({}) with Microsoft SMTP Server id 1; date"


@pytest.mark.parametrize(
    ("there", "domain", "here", "told"),
    [
        ("2603:10a6:20b:1::1", "outlook.com", "2603:10a6:5:2::7", "internal"),
        ("2603:10a6:20b:1::1", "outlook.com", "2603:10a7:5:2::7", "foreign"),
        ("2603:10a6::1) (2603:10a6::2", "outlook.com", "2603:10a6:5:2::7", "foreign"),
        ("2603:10a6:20b:1::1", "outlook.example", "2603:10a6:5:2::7", "foreign"),
        ("192.0.2.1", "outlook.com", "192.0.2.1", "foreign"),
        ("2603:10a6:::1", "outlook.com", "2603:10a6:::1", "foreign"),
    ],
)
def test_hosts_of_microsoft_are_of_one_network(there: str, domain: str, here: str, told: str) -> None:
    """The first 32 bits of both addresses are the same; with two addresses nothing is told."""
    assert hop(MICROSOFT.format(there, domain, here), OURS) == told
