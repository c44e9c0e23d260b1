"""A member's mail as it lies in a mailbox at each provider: proved there, and every forgery of it is not.

The heads are invented, after the shapes that these servers write.
"""

import re
from collections.abc import Callable
from itertools import product

import pytest

from maild.core.mail.address import sender
from maild.core.mail.authentication import Authentication, authenticate, writer
from maild.core.mail.headers import parse_headers

PASS = "dkim=pass {c}header.d=team.example header.s=s1; {spf}; dmarc=pass {p}header.from=team.example"
SPF = "spf=pass ({id}: domain of a@team.example designates 198.51.100.9 as permitted) smtp.mailfrom={from}"
FROM = "From: Ann <ann@team.example>\nTo: security@desk.example\nSubject: Re: it\nDate: Mon, 02 Mar 2026 09:00:00 +0000"
OUTSIDE = "from out.team.example (out.team.example [198.51.100.9])"

_APART = re.compile(r'; (?=(?:[^"]*"[^"]*")*[^"]*$)(?![^(]*\))')

Shape = Callable[[str], str]
"""The head above the sender's own fields, around the results that the exchanger wrote."""

SHAPES: dict[str, tuple[str, Shape]] = {
    "Gmail": (
        "mx.google.com",
        lambda found: (
            "Delivered-To: security@desk.example\n"
            "Received: by 2002:a05:6402:aaaa:b0:1:2:3 with SMTP id ab1csp2;\n        Mon, 2 Mar 2026 01:00:05 -0800\n"
            "X-Received: by 2002:a17:906:bbbb:b0:4:5:6 with SMTP id q1mr2;\n        Mon, 02 Mar 2026 01:00:05 -0800\n"
            f"ARC-Authentication-Results: i=1; mx.google.com;\n       {found}\n"
            "Received: from out.team.example (out.team.example. [198.51.100.9])\n"
            "        by mx.google.com with ESMTPS id z9si1;\n        Mon, 02 Mar 2026 01:00:05 -0800 (PST)\n"
            f"Authentication-Results: mx.google.com;\n       {found}\n"
        ),
    ),
    "Microsoft 365": (
        "*.protection.outlook.com",
        lambda found: (
            "Received: from AB1PR02MB1.eurprd02.prod.outlook.com (2603:10a6:20:1::15) by\n"
            " CD2PR02MB2.eurprd02.prod.exchangelabs.com with HTTPS; Mon, 2 Mar 2026\n 09:00:05 +0000\n"
            "Received: from EF3PEPF1.eurprd02.prod.outlook.com\n (2603:10a6:20:3b:cafe::8) by GH4PR02CA1.outlook."
            "office365.com\n (2603:10a6:20:3b::2) with Microsoft SMTP Server (version=TLS1_3)\n id 15.20.1; Mon, 2\n"
            f" Mar 2026 09:00:04 +0000\nAuthentication-Results: {found.replace('; ', ';')};compauth=pass\n reason=100\n"
            "Received: from out.team.example (198.51.100.9) by\n EF3PEPF1.mail.protection.outlook.com (10.167.1.2)"
            " with Microsoft SMTP\n Server id 15.20.2; Mon, 2 Mar 2026 09:00:04 +0000\n"
        ),
    ),
    "Fastmail": (
        "*.messagingengine.com",
        lambda found: (
            "Received: from phl-compute-01.internal (phl-compute-01.internal [10.202.2.41])\n"
            "\t by sloti1 (Cyrus 3.13) with LMTPA;\n\t Mon, 02 Mar 2026 04:00:05 -0500\n"
            "Received: from phl-mx-01 ([10.202.2.200])\n  by phl-compute-01.internal (LMTPProxy); Mon, 2 Mar 2026\n"
            "Authentication-Results: phl-mx-01.messagingengine.com;\n    bimi=none (No BIMI records found)\n"
            f"Authentication-Results: phl-mx-01.messagingengine.com;\n    {found}\n"
            f"Received: {OUTSIDE}\n\tby phl-mx-01.messagingengine.com (Postfix) with ESMTPS id 3; now\n"
        ),
    ),
    "Zoho": (
        "mx.zohomail.com",
        lambda found: (
            f"Authentication-Results: mx.zohomail.com;\n\t{found.replace('pass (p', 'pass(p')}\n"
            f"Received: {OUTSIDE} by mx.zohomail.com\n\twith SMTPS id 17; Mon, 2 Mar 2026 01:00:05 -0800 (PST)\n"
        ),
    ),
    "rspamd": (
        "mx.desk.example",
        lambda found: (
            "Received: from mx.desk.example\n\tby mx.desk.example with LMTP\n\tid s8VtHL\n"
            "\t(envelope-from <a@team.example>); Mon, 02 Mar 2026 09:00:05 +0000\n"
            f"Received: {OUTSIDE}\n\tby mx.desk.example (Postfix) with ESMTPS id 1A2B;\n\tMon,  2 Mar 2026 09:00:05\n"
            f"Authentication-Results: mx.desk.example;\n\t{found}\n"
        ),
    ),
    "OpenDKIM and OpenDMARC": (
        "mx.desk.example",
        lambda found: (
            "Received: from mx.desk.example\n\tby mx.desk.example with LMTP id s8Vt; Mon, 02 Mar 2026 09:00:05 +0000\n"
            f"Received: {OUTSIDE}\n\tby mx.desk.example (Postfix) with ESMTPS id 1A2B;\n\tMon,  2 Mar 2026 09:00:05\n"
            + "".join(
                f"Authentication-Results: mx.desk.example;\n\t{one}\n"
                for one in reversed(_APART.split(found))
            )
        ),
    ),
    "Migadu": (
        "aspmx*.migadu.com",
        lambda found: (
            "Received: from mp1.migadu.com ([2001:41d0:303:1::])\n\tby ms7.migadu.com with LMTPS\n\tid 4BY9; now\n"
            "Received: from aspmx1.migadu.com ([2001:41d0:303:1::])\n\tby mp1.migadu.com with LMTPS\n\tid 4BY; now\n"
            f"Authentication-Results: aspmx1.migadu.com;\n\t{found}\n"
            f"Received: {OUTSIDE}\n\tby aspmx1.migadu.com (Postfix) with ESMTPS id 1; now\n"
        ),
    ),
    "iCloud": (
        "*.icloud.com",
        lambda found: (
            "Received: from st41p00im-abcd01.me.com by p40-mailgateway-smtp-7d-qlx (mailgateway 2403B9)\n"
            "\twith SMTP id d888\n\tfor <security@desk.example>; Mon, 2 Mar 2026 09:00:09 GMT\n"
            f"Received: {OUTSIDE}\n\tby st41p00im-abcd01.me.com (Postfix) with ESMTPS id EC1A\n"
            "\tfor <security@desk.example>; Mon,  2 Mar 2026 09:00:05 +0000 (UTC)\n"
            'Authentication-Results: bimi.icloud.com; bimi=skipped reason="insufficient dmarc"\n'
            + "".join(
                f"Authentication-Results: {one.partition('=')[0]}.icloud.com;\n\t{one}\n"
                for one in reversed(_APART.split(found))
            )
        ),
    ),
    "Proton": (
        "mail.protonmail.ch",
        lambda found: (
            f"Received: {OUTSIDE}\n\tby mailin011.protonmail.ch (Postfix) with ESMTPS id 4Tx\n"
            "\tfor <security@desk.example>; Mon,  2 Mar 2026 09:00:05 +0000 (UTC)\n"
            + "".join(
                f"Authentication-Results: mail.protonmail.ch; {one}\n"
                for one in reversed(_APART.split(found))
            )
        ),
    ),
    "Stalwart": (
        "mx.desk.example",
        lambda found: (
            f"Authentication-Results: mx.desk.example;\n\t{found}\n"
            f"Received: {OUTSIDE}\n\tby mx.desk.example (Stalwart SMTP) with ESMTPS id 1;\n\tMon, 2 Mar 2026 09:00:05\n"
        ),
    ),
}


HOSTS = {"iCloud": ("*.me.com", "*-mailgateway-smtp-*", "*.icloud.com")}
"""Further hosts of a provider, by names that its results do not bear."""
BELOW = {"Proton"}
"""Who writes results below the Received field, and nothing above."""


def results(name: str, text: str = PASS, mailfrom: str = "a@team.example") -> str:
    """What the exchanger found, as this provider words it."""
    comments = {"Microsoft 365": "(signature was verified) ", "OpenDKIM and OpenDMARC": "(2048-bit key) "}
    policy = "action=none " if name == "Microsoft 365" else "(p=reject dis=none) "
    spf = SPF.replace("{id}", "mx").replace("{from}", mailfrom)
    return text.format(c=comments.get(name, ""), p=policy, spf=spf)


def judged(name: str, found: str, more: str = "") -> Authentication:
    """What counts of the results *found* in the head of this provider, with the sender's fields below."""
    own, shape = SHAPES[name]
    raw = f"{shape(found)}{more}{FROM}\n".replace("\n", "\r\n").encode()
    headers = parse_headers(raw)
    return authenticate(headers, sender(headers), (own,), False, HOSTS.get(name, ()), name in BELOW)


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
    host = SHAPES[name][0].replace("*", "mx1")
    assert not judged(name, results(name, found, mailfrom), more.replace("{host}", host)).author


@pytest.mark.parametrize("name", SHAPES)
def test_another_provider_is_not_believed(name: str) -> None:
    """The same head proves nothing where another name is configured."""
    headers = parse_headers((SHAPES[name][1](results(name)) + FROM).encode())
    assert not authenticate(headers, sender(headers), ("mx.elsewhere.example",), False).author


def test_the_name_to_configure_is_shown() -> None:
    """The writer of the topmost results is what an operator is shown to choose from."""
    heads = {
        name: parse_headers((shape(results(name)) + FROM).encode()) for name, (_, shape) in SHAPES.items()
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
        "Stalwart": "mx.desk.example",
    }
