"""Addresses: who wrote, when that can be said at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.address import MAX_ADDRESSES, Address, addresses, first_author, in_group, sender
from maild.core.mail.headers import Headers, parse_headers
from maild.core.mail.text import MAX_HEADER
from maild.core.values.address import normal
from tests.support.bounded import bounded


def written(*values: str) -> Headers:
    """Headers with these From lines."""
    return Headers(tuple(("From", value) for value in values))


@pytest.mark.parametrize(
    ("value", "address", "name"),
    [
        ("rita@reporter.example", "rita@reporter.example", ""),
        ("<rita@reporter.example>", "rita@reporter.example", ""),
        ("Rita Reporter <Rita@Reporter.Example>", "rita@reporter.example", "Rita Reporter"),
        ('"Reporter, Rita" <rita@reporter.example>', "rita@reporter.example", "Reporter, Rita"),
        ('"team@project.example" <rita@reporter.example>', "rita@reporter.example", "team@project.example"),
        ('"<team@project.example>" <rita@reporter.example>', "rita@reporter.example", None),
        ('"a \\" <x@y.example>" <rita@reporter.example>', "rita@reporter.example", None),
        ("rita@reporter.example (Rita)", "rita@reporter.example", ""),
        ("Rita (of team@project.example) <rita@reporter.example>", "rita@reporter.example", None),
        ("Rita (a, b@c.example) <rita@reporter.example>", "rita@reporter.example", None),
        ("=?utf-8?q?R=C3=ADta?= <rita@reporter.example>", "rita@reporter.example", "Ríta"),
        ("=?utf-8?q?x=3Cteam=40project.example=3E?= <rita@reporter.example>", "rita@reporter.example", None),
        ("Rita <mailto:rita@reporter.example>", "rita@reporter.example", "Rita"),
        ("Rita <rita@reporter.example.>", "rita@reporter.example", "Rita"),
        ("Rita < rita@reporter.example >", "rita@reporter.example", "Rita"),
        ("grün@grün.example", "grün@grün.example", ""),
        ('"rita+tok.en"@reporter.example', "rita+tok.en@reporter.example", ""),
        ('Rita <"rita"@reporter.example>', "rita@reporter.example", "Rita"),
    ],
)
def test_the_one_author(value: str, address: str, name: str | None) -> None:
    """The address is the one outside quotes, comments and encoded words, in lower case."""
    found = sender(written(value))
    assert found is not None
    assert found.address == address
    assert name is None or found.name == name


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Rita",
        "undisclosed-recipients:;",
        "<>",
        "<rita>",
        "@reporter.example",
        "rita@",
        "<rita@reporter.example, team@project.example>",
        "rita@reporter.example, team@project.example",
        "Rita <rita@reporter.example>; Team <team@project.example>",
        "a@b@c.example",
        '"rita r"@reporter.example',
        '"team@project.example"@reporter.example',
        'Rita "team"@project.example',
        '"a.."@reporter.example',
        'sec"x"urity@project.example',
        "sec(x)urity@project.example",
        "sec urity@project.example",
        "<rita@reporter.example> <team@project.example>",
        "a@b@c.example, rita@reporter.example",
        "Rita <rita, rita@reporter.example",
        "x" * 4_090 + ", rita@reporter.example",
    ],
)
def test_no_one_author(value: str) -> None:
    """Nobody, more than one, or what would have to be guessed from the halves of a line, is no author."""
    assert sender(written(value)) is None


def test_two_from_lines_are_no_author_even_when_they_agree() -> None:
    """A second From line is a trick, whatever it says; the first still can be shown."""
    two = written("rita@reporter.example", "rita@reporter.example")
    assert sender(two) is None
    assert first_author(two) == Address("rita@reporter.example")


def test_the_same_address_twice_in_one_line_is_one_author() -> None:
    """Some clients repeat the address as its own name list; that is still one person."""
    assert sender(written("rita@reporter.example, RITA@reporter.example")) == Address("rita@reporter.example")


@pytest.mark.parametrize(("over", "known"), [(0, True), (1, False)])
def test_a_line_that_is_cut_has_no_one_author(over: int, known: bool) -> None:
    """Somebody else may stand at its end."""
    line = "rita@reporter.example".ljust(MAX_HEADER + over)
    assert (sender(written(line)) == Address("rita@reporter.example")) is known


@pytest.mark.parametrize(
    ("values", "group"),
    [
        (["Team: rita@reporter.example;"], True),
        (["Team: rita@reporter.example"], True),
        (["rita@reporter.example;"], True),
        (["Rita <rita@reporter.example>", "Team: rita@reporter.example;"], True),
        (["Rita <rita@reporter.example>"], False),
        (['"Rita: she; her" <rita@reporter.example>'], False),
        (["rita@reporter.example (on: a list;)"], False),
        (["<mailto:rita@reporter.example>"], False),
        ([], False),
    ],
)
def test_a_group_is_known_by_its_colon_or_its_semicolon(values: list[str], group: bool) -> None:
    """Outside of quotes, comments and angle brackets, in any of the lines."""
    assert in_group(written(*values)) is group


def test_recipients_come_from_every_field_named_each_once() -> None:
    """To and Cc, several lines of each, groups too; the first name given stays."""
    block = b"To: Ann <a@x.example>,b@x.example\nTo: c@x.example\nCc: Team: d@x.example, A@X.example;\n"
    found = addresses(parse_headers(block), "To", "Cc")
    assert [a.address for a in found] == ["a@x.example", "b@x.example", "c@x.example", "d@x.example"]
    assert found[0].name == "Ann"


def test_the_number_of_addresses_is_bounded() -> None:
    """Ten thousand recipients are cut at ``MAX_ADDRESSES``."""
    lines = tuple(("To", f"u{n}@x.example") for n in range(10_000))
    assert len(addresses(Headers(lines), "To")) == MAX_ADDRESSES


@pytest.mark.parametrize("letter", ["(", "<", '"', ",", "\\", "@", '"(', "<(", "a@b,"])
def test_piles_of_punctuation_end(letter: str) -> None:
    """Fifty thousand brackets, quotes or commas are bounded work and no error."""
    with bounded():
        sender(written("Rita " + letter * 50_000 + " <rita@reporter.example>"))


@pytest.mark.parametrize(
    "value",
    ["x <" + " " * 4_000, "x " + "<" * 4_000, '"' + '\\"' * 2_000, '"\\', "<" + '"' * 4_000],
    ids=[
        "an angle full of blanks",
        "angles",
        "a quote full of quotes",
        "a half escape",
        "quotes in an angle",
    ],
)
def test_what_never_closes_is_read_once(value: str) -> None:
    """A hundred fields with an angle bracket or a quote that nothing closes are work for a moment."""
    with bounded():
        assert addresses(Headers((("Cc", value),) * 100), "Cc") == ()


def test_a_quote_that_nothing_closes_hides_no_address() -> None:
    """The address behind an unclosed quote is found as before."""
    assert sender(written('"Rita <rita@reporter.example>')) == Address("rita@reporter.example", "Rita")


@given(st.text(max_size=200))
def test_any_text_has_addresses_of_the_right_shape(value: str) -> None:
    """Whatever the line: each address has one @, something on both sides, no blanks and no brackets."""
    for found in addresses(written(value), "From"):
        local, at, domain = found.address.partition("@")
        assert local
        assert at
        assert domain
        assert "@" not in domain
        assert not set(found.address) & set(' <>,;"()\r\n')
        assert found.address == normal(found.address)
        assert len(found.name) <= 80


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=40))
def test_a_quoted_name_never_changes_the_author(name: str) -> None:
    """Whatever stands as a quoted display name, the author is the address behind it."""
    quoted = name.replace("\\", "").replace('"', "")
    found = sender(written(f'"{quoted}" <rita@reporter.example>'))
    assert found is not None
    assert found.address == "rita@reporter.example"


def test_a_long_name_is_cut() -> None:
    """It is shown in a line."""
    found = sender(written(f"{'x' * 100} <rita@reporter.example>"))
    assert found is not None
    assert len(found.name) == 80


def test_the_domain_is_what_follows_the_last_at() -> None:
    """The domain of an address, in lower case."""
    assert Address("rita@Reporter.Example").domain == "reporter.example"


@pytest.mark.parametrize(
    "letter",
    [
        "\x1b",
        "\x07",
        "\x7f",
        "\x9b",
        "\u202e",
        "\u2066",
        "\u200f",
        "\u00ad",
        "\u034f",
        "\u115f",
        "\u200b",
        "\u3164",
        "\ufff9",
        "\U000e0041",
    ],
)
def test_an_address_holds_nothing_that_a_terminal_obeys_or_nobody_sees(letter: str) -> None:
    """Who writes such a thing into From has no address: it would be shown, and taken for another's."""
    for one in (f"a{letter}[2J@evil.example", f"a@evil{letter}.example"):
        found = written(f"Eve <{one}>")
        assert (sender(found), first_author(found)) == (None, None)
