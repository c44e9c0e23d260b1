"""A member's mail as it lies in a mailbox at each provider: proved there, and every forgery of it is not."""

from itertools import product

import pytest

from maild.core.mail.address import sender
from maild.core.mail.authentication import Authentication, authenticate, obstacle, writer
from maild.core.mail.headers import parse_headers
from tests.support.heads import BELOW, HOSTS, OUTSIDE
from tests.support.moreheads import FURTHER, SHAPES

PASS = "dkim=pass {c}header.d=team.example header.s=s1; {spf}; dmarc=pass {p}header.from=team.example"
SPF = "spf=pass ({id}: domain of a@team.example designates 198.51.100.9 as permitted) smtp.mailfrom={from}"
FROM = "From: Ann <ann@team.example>\nTo: security@desk.example\nSubject: Re: it\nDate: Mon, 02 Mar 2026 09:00:00 +0000"


def results(name: str, text: str = PASS, mailfrom: str = "a@team.example") -> str:
    """What the exchanger found, as this provider words it."""
    microsoft = name.startswith("Microsoft 365")
    comments = {"OpenDKIM and OpenDMARC": "(2048-bit key) "}
    comments |= {name: "(signature was verified) "} if microsoft else {}
    policy = "action=none " if microsoft else "(p=reject dis=none) "
    spf = SPF.replace("{id}", "mx").replace("{from}", mailfrom)
    return text.format(c=comments.get(name, ""), p=policy, spf=spf)


def judged(name: str, found: str, more: str = "") -> Authentication:
    """What counts of the results *found* in the head of this provider, with the sender's fields below."""
    raw = f"{SHAPES[name][1](found)}{more}{FROM}\n".replace("\n", "\r\n").encode()
    headers = parse_headers(raw)
    return authenticate(headers, sender(headers), ids(name), False, HOSTS.get(name, ()), name in BELOW)


def ids(name: str) -> tuple[str, ...]:
    """Whose results count there."""
    own = SHAPES[name][0]
    return (own,) if isinstance(own, str) else own


FAIL = "dkim=fail header.d=team.example; {spf}; dmarc=fail {p}header.from=team.example"
NONE = "dkim=none; {spf}; dmarc=none header.from=team.example"
OTHERS = "dkim=pass header.d=evil.example header.s=s1; {spf}; dmarc=fail {p}header.from=team.example"
NO_DMARC = "dkim=pass header.d=evil.example header.s=s1; {spf}"
FORGED = (
    "Authentication-Results: {host}; dkim=pass header.d=team.example; dmarc=pass header.from=team.example\n"
)
HOP = "Received: from evil.example (evil.example [203.0.113.66]) by {host} with ESMTPS id 9; now\n"
FORGERIES: dict[str, tuple[str, str, str]] = {
    "dmarc failed": (FAIL, "", "x@evil.example"),
    "dmarc failed, results of the sender's below": (FAIL, FORGED, "x@evil.example"),
    "nothing found, results of the sender's below": (NONE, FORGED, "x@evil.example"),
    "no dmarc record, results of the sender's below": (NO_DMARC, FORGED, "x@evil.example"),
    "another domain's signature": (OTHERS, "", "x@evil.example"),
    "another domain's signature, below a hop like ours": (OTHERS, HOP + FORGED, "x@evil.example"),
    "no dmarc record, below a hop like ours": (NO_DMARC, HOP + FORGED, "x@evil.example"),
    "below a hop from nowhere": (
        NO_DMARC,
        "Received: by {host} with SMTP id 1; now\n" + FORGED,
        "x@evil.example",
    ),
    "below a hop by LMTP": (
        NO_DMARC,
        "Received: from {host} by {host} with LMTP id 1; now\n" + FORGED,
        "x@evil.example",
    ),
    "only a chain that others vouch for": (
        NO_DMARC,
        "ARC-" + FORGED.replace("s: ", "s: i=1; "),
        "x@evil.example",
    ),
    "a comment in the signing domain": (
        "dkim=pass header.d=team.example(a).evil.example header.i=@team.example(a).evil.example; {spf}",
        "",
        "x@evil.example",
    ),
    "a comment behind the signing domain": (
        "dkim=pass header.d=team.example(.evil.example); {spf}",
        "",
        "x@evil.example",
    ),
    "a quoted sender": (NO_DMARC, "", '"x; dmarc=pass header.from=team.example; "@evil.example'),
    "a sender with semicolons": (NO_DMARC, "", "x;dmarc=pass/x@evil.example"),
    "a sender with semicolons and blanks": (
        NO_DMARC,
        "",
        "x; dmarc=pass header.from=team.example @evil.example",
    ),
    "a sender in a comment": (
        "dkim=none; spf=pass (x; dmarc=pass header.from=team.example;) smtp.helo=evil",
        "",
        "",
    ),
    "contradicting signatures of one domain": (
        "dkim=pass header.d=team.example header.s=a; dkim=fail header.d=team.example header.s=b; {spf}",
        "",
        "x@evil.example",
    ),
    "contradicting dmarc results": (PASS + "; dmarc=none header.from=team.example", "", "x@evil.example"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_members_mail_is_proved_at_every_provider(name: str) -> None:
    """With the provider's name configured, the verdict that stands there counts."""
    assert judged(name, results(name)) == Authentication(author=True)


@pytest.mark.parametrize(("name", "forgery"), list(product(SHAPES, FORGERIES)))
def test_a_forged_one_is_not(name: str, forgery: str) -> None:
    """Whatever a sender puts into the message, or into what the exchanger repeats of it."""
    found, more, mailfrom = FORGERIES[forgery]
    host = ids(name)[0].replace("*", "mx1")
    assert not judged(name, results(name, found, mailfrom), more.replace("{host}", host)).author


@pytest.mark.parametrize("name", SHAPES)
def test_another_provider_is_not_believed(name: str) -> None:
    """The same head proves nothing where another name is configured."""
    headers = parse_headers((SHAPES[name][1](results(name)) + FROM).encode())
    assert not authenticate(headers, sender(headers), ("mx.elsewhere.example",), False).author


def test_the_name_to_configure_is_shown() -> None:
    """The writer of the topmost results is what an operator is shown to choose from."""
    heads = {
        name: parse_headers((shape(results(name)) + FROM).encode())
        for name, (_, shape) in SHAPES.items()
        if name not in FURTHER
    }
    assert {name: writer(head) for name, head in heads.items()} == {
        "Gmail": "mx.google.com",
        "Microsoft 365": "ef3pepf1.mail.protection.outlook.com",
        "Fastmail": "phl-mx-01.messagingengine.com",
        "Zoho": "mx.zohomail.com",
        "rspamd": "mx.desk.example",
        "OpenDKIM and OpenDMARC": "mx.desk.example",
        "Migadu": "aspmx1.migadu.com",
        "iCloud": "bimi.icloud.com",
        "Proton": "mail.protonmail.ch",
        "Cyrus": "mx.desk.example",
        "Exim": "mx.desk.example",
        "Haraka and qmail": "host.desk.example",
        "Maddy": "mx.desk.example",
        "mailbox.org": "mx2.mailbox.org",
        "Posteo": "posteo.de",
        "Yahoo": "atlas-production.v2-mail-prod1-gq1.omega.yahoo.com",
        "Zoho in Europe": "mx.zohomail.eu",
        "a gateway in front": "relay.gateway.example",
        "Gmail, forwarded by another account there": "mx.google.com",
        "Stalwart": "mx.desk.example",
        "Yandex": "mail-nwsmtp-mxfront-production-main-55.iva.yp-c.yandex.net",
        "Microsoft 365, from another tenant": "ef3pepf1.mail.protection.outlook.com",
        "Microsoft 365, behind a filter of its own": "ef3pepf1.mail.protection.outlook.com",
        "Cloudflare Email Routing, to Gmail": "mx.google.com",
        "ImprovMX, to Fastmail": "phl-mx-01.messagingengine.com",
        "a route of Mailgun, to rspamd": "mx.desk.example",
        "GMX": "mx-mxgmx017.gmx.net",
        "Zimbra": "mx.desk.example",
    }


@pytest.mark.parametrize("name", ["Gmail", "Gmail, forwarded by another account there"])
def test_what_the_exchanger_did_not_seal_it_did_not_find(name: str) -> None:
    """Of an unsigned mail without a policy Gmail finds SPF only: a result of the sender's below adds nothing."""
    forged = FORGED.replace("{host}", "mx.google.com")
    split = "".join(f"Authentication-Results: mx.google.com; {one}\n" for one in ("dkim=pass", "dmarc=pass"))
    head = results(name, "{spf}", "x@evil.example")
    assert not judged(name, head, forged).author
    assert not judged(name, head, split).author


def test_exchange_s_best_guess_is_no_proof_and_no_obstacle() -> None:
    """Without a policy of the author's domain its signature decides, as at every other exchanger."""
    guess = "dkim=pass {c}header.d=%s; {spf}; dmarc=bestguesspass {p}header.from=team.example"
    assert judged("Microsoft 365", results("Microsoft 365", guess % "team.example")).author
    other = guess % "evil.onmicrosoft.example"
    assert not judged("Microsoft 365", results("Microsoft 365", other)).author


def test_the_tenant_s_host_among_exchange_s_results_says_nothing() -> None:
    """Exchange Online writes the recipient's domain between its results, where there is a method elsewhere."""
    head = "{spf}; desk.example; dkim=pass {c}header.d=team.example;desk.example; dmarc=pass {p}header.from=team.example"
    assert judged("Microsoft 365", results("Microsoft 365", head)).author
    failed = head.replace("dmarc=pass", "dmarc=fail")
    assert judged("Microsoft 365", results("Microsoft 365", failed)) == Authentication(dmarc_failed=True)


PAST = ("", "dmarc=pass {p}header.from=team.example", "dkim=none; dmarc=fail header.from=team.example")
"""What the server behind a gateway found of a message that went past the gateway."""


def test_exchange_online_names_a_domain_between_its_results() -> None:
    """``; desk.example;`` in the middle of the field, as for domains that it forwards, hides no result."""
    plain = results("Microsoft 365")
    told = plain.replace("; dmarc=", ";desk.example; dmarc=").replace("; spf=", "; desk.example; spf=")
    assert told != plain
    assert judged("Microsoft 365", told).author
    failed = told.replace("dmarc=pass", "dmarc=fail")
    assert judged("Microsoft 365", failed) == Authentication(dmarc_failed=True)


def test_a_good_signature_of_a_domain_that_is_not_named_proves_nobody() -> None:
    """Zoho may write ``dkim=pass;`` alone, where no policy is published: the operator hears that."""
    raw = "Authentication-Results: mx.zohomail.com;\n\tdkim=pass;\n\tspf=pass smtp.mailfrom=a@team.example\n"
    raw += f"Received: {OUTSIDE} by mx.zohomail.com\n\twith SMTPS id 1; now\n{FROM}"
    headers = parse_headers(raw.replace("\n", "\r\n").encode())
    mine = ("mx.zohomail.com",)
    assert not authenticate(headers, sender(headers), mine, False).author
    assert "do not name the domain whose signature is good" in obstacle(headers, mine)


@pytest.mark.parametrize("found", PAST)
def test_who_goes_past_a_gateway_is_not_believed(found: str) -> None:
    """The host that the gateway hands mail to writes no results: below its hop stands the sender's own field."""
    gateways = {"a gateway in front": "mx.desk.example (Postfix)", "Mimecast, before Microsoft 365": ""}
    gateways |= {"Proofpoint, before Gmail": "mx.google.com"}
    for name, host in gateways.items():
        by = host or "EF3PEPF1.mail.protection.outlook.com (10.167.1.2)"
        own = f"Authentication-Results: mx9.desk.example; {found.format(p='')}\n" if found else ""
        head = f"{own}Received: from evil (evil.example [203.0.113.66]) by {by} with ESMTPS id 1; now\n"
        head = f"Received: from {by.split()[0]} ([10.0.0.1]) by {by.split()[0]} with LMTP id 1; now\n{head}"
        raw = f"{head}{FORGED.replace('{host}', ids(name)[0])}{FROM}\n".replace("\n", "\r\n").encode()
        headers = parse_headers(raw)
        assert not authenticate(headers, sender(headers), ids(name), False, HOSTS[name]).author, name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Sendmail", "stand below its own Received field, and trust.results_below is off"),
        ("Mimecast, before Microsoft 365", "stand below a host that only trust.hops names"),
        ("Microsoft 365", "is not known as yours"),
        ("iCloud", "stand below a host that only trust.hops names"),
    ],
)
def test_the_operator_is_told_why_nobody_is_proved(name: str, why: str) -> None:
    """In each case that which would change it."""
    head = SHAPES[name][1](results(name))
    if name == "Microsoft 365":
        head = f"Received: from far.example (203.0.113.5) by mx.else.example with ESMTP; now\n{head}"
    hosts = tuple(one for one in HOSTS.get(name, ()) if "/" not in one)
    headers = parse_headers((head + FROM).replace("\n", "\r\n").encode())
    assert why in obstacle(headers, ids(name)[:1], hosts)
