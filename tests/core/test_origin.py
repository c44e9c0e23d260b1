"""Whom the fields of a mail name as its author, where a list or a forwarder stands in From."""

from dataclasses import replace

import pytest

from maild.core.mail.headers import Headers
from maild.core.mail.listauthor import Origin, origin
from tests.support.desk import DESK
from tests.support.phrases import PHRASES

TOM, ANN = "tom@sender.example", "ann@sender.example"
LIST = "desk@lists.example"
AT = ("List-Id", "<desk.lists.example>"), ("List-Post", f"<mailto:{LIST}>")
ANEW = "0123456789abcdef-dmarc-request@listserv.example"


def found(sender: str, *fields: tuple[str, str]) -> Origin:
    """What a mail with these fields names."""
    desk = replace(DESK, own_lists=("own@groups.example",))
    return origin(Headers((("From", sender), *fields)), desk, PHRASES)


@pytest.mark.parametrize(
    ("sender", "fields", "author", "behind"),
    [
        (TOM, (), TOM, False),
        (f"{TOM}, {ANN}", (), "", False),
        (TOM, (("Reply-To", ANN),), TOM, False),
        (TOM, (*AT, ("Reply-To", ANN)), TOM, False),
        (LIST, (("Reply-To", TOM),), LIST, False),
        (LIST, (*AT, ("Reply-To", TOM)), TOM, True),
        ("own@groups.example", (("Reply-To", TOM),), TOM, True),
        (DESK.address, (("Reply-To", TOM),), TOM, True),
        (LIST, (*AT, ("X-Original-From", f"Tom <{TOM}>"), ("Reply-To", TOM)), TOM, True),
        (LIST, (*AT, ("X-Original-From", TOM), ("Reply-To", ANN)), "", True),
        (LIST, (*AT, ("Reply-To", LIST), ("Cc", TOM)), TOM, True),
        (LIST, (*AT, ("Reply-To", DESK.address), ("Cc", f"{LIST}, {TOM}, {DESK.address}")), TOM, True),
        (LIST, (*AT, ("Cc", f"{TOM}, {ANN}")), "", True),
        (LIST, (*AT, ("Reply-To", ANN), ("Cc", TOM)), ANN, True),
        (LIST, AT, "", True),
        (LIST, (*AT, ("X-MailFrom", TOM)), TOM, True),
        (LIST, (*AT, ("X-MailFrom", "bounces+77@mailer.example"), ("Reply-To", TOM)), TOM, True),
        (LIST, (*AT, ("X-MailFrom", "x-bounce@mailer.example")), "", True),
        (LIST, (*AT, ("X-MailFrom", "ann=sender.example@mailer.example")), "", True),
        (LIST, (*AT, ("X-Original-Sender", "SRS0+x@mailer.example")), "", True),
        (LIST, (*AT, ("X-Original-Sender", "srs1+x@mailer.example")), "", True),
        (LIST, (*AT, ("Reply-To", "tom=x@sender.example")), "tom=x@sender.example", True),
        (LIST, (*AT, ("Reply-To", "no-reply@sender.example"), ("Cc", TOM)), TOM, True),
        (ANEW, (("Reply-To", TOM),), TOM, True),
        (ANEW, (("Reply-To", LIST), ("Sender", LIST), ("X-Original-From", TOM)), TOM, True),
        (ANEW, (), "", True),
        ("dmarc-noreply@freelists.org", (("Reply-To", TOM),), TOM, True),
        (f"Tom via Desk <{ANN}>", (*AT, ("Reply-To", TOM)), TOM, True),
        (f"Tom on behalf of Desk <{ANN}>", (*AT, ("Reply-To", TOM)), TOM, True),
        (f"Tom via Desk <{ANN}>", (("Reply-To", TOM),), ANN, False),
        (f"Tom via Desk <{ANN}>", AT, ANN, False),
        ("Tom via Desk <tom=sender.example@groups.example>", AT, TOM, True),
        ("Tom via Desk <tom=sender@groups.example>", AT, "tom=sender@groups.example", False),
    ],
)
def test_a_list_in_from_names_somebody_else(
    sender: str, fields: tuple[tuple[str, str], ...], author: str, behind: bool
) -> None:
    """In one of the fields that lists use, or in Cc; two persons are nobody, and return paths no person."""
    seen = found(sender, *fields)
    assert (seen.author.address if seen.author else "", seen.behind) == (author, behind)
    assert seen.own is (sender == DESK.address)


RELAY = "x7@mozmail.example"


@pytest.mark.parametrize(
    ("sender", "fields", "author", "behind"),
    [
        (f"Tom - tom at sender.example <{RELAY}>", (("X-SimpleLogin-Original-From", f"Tom <{TOM}>"),), TOM, True),
        (f"Tom - tom(a)sender.example <{RELAY}>", (("Duck-Original-From", TOM),), TOM, True),
        ("tom_at_sender.example_x7@duck.example", (("Duck-Original-From", TOM),), TOM, True),
        ("tom=40sender.example@dmarc.example", (("X-Original-From", TOM),), TOM, True),
        ("devnull+tom.sender.example@relay.example", (("X-Original-From", TOM),), TOM, True),
        (f'"tom@sender.example [via Relay]" <{RELAY}>', (("Resent-From", TOM),), TOM, True),
        (f'"tom@sender.example [via Relay]" <{RELAY}>', (("Resent-From", TOM), ("X-Original-From", TOM)), TOM, True),
        (f"Tom <{RELAY}>", (("Resent-From", TOM),), RELAY, False),
        (f"Tom <{RELAY}>", (("X-Original-From", TOM),), RELAY, False),
        (TOM, (("X-Original-From", TOM),), TOM, False),
        ("no-reply@forwarder.example", (("X-Original-From", TOM),), TOM, True),
        ("no-reply@forwarder.example", (("X-Original-From", TOM), ("Duck-Original-From", ANN)), "no-reply@forwarder.example", False),
        ("no-reply@forwarder.example", (("X-Original-From", "noreply@sender.example"),), "no-reply@forwarder.example", False),
        ("no-reply@forwarder.example", (("Resent-From", TOM),), "no-reply@forwarder.example", False),
    ],
)  # fmt: skip
def test_a_service_of_aliases_names_whose_address_it_wrote_anew(
    sender: str, fields: tuple[tuple[str, str], ...], author: str, behind: bool
) -> None:
    """Where From holds the letters of that address, or is an address that nobody reads."""
    seen = found(sender, *fields)
    assert (seen.author.address if seen.author else "", seen.behind, seen.own) == (author, behind, False)


def test_one_address_under_two_names_is_one_author() -> None:
    """With the first of the names."""
    seen = found(LIST, *AT, ("X-Original-From", f"Tom <{TOM}>"), ("Reply-To", f"Thomas <{TOM}>"))
    assert seen.author is not None
    assert seen.author.name == "Tom"
