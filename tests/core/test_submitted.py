"""Mail of members who are logged in at the desk's own server: proved there, and no forgery of it is.

rspamd writes ``auth=pass`` or skips such mail, as OpenDMARC does; Postfix names the user in its Received field.
"""

import pytest

from maild.core.mail.address import sender
from maild.core.mail.authentication import Authentication, authenticate
from maild.core.mail.headers import parse_headers

MX = "mx.desk.example"
ANN = "ann@team.example"
FROM = f"From: Ann <{ANN}>\nTo: security@desk.example\nSubject: Re: it\n"
LMTP = f"Received: from {MX}\n\tby {MX} with LMTP id s8Vt; Mon, 02 Mar 2026 09:00:05 +0000\n"
DOCKER = (
    f"Received: from {MX} ([172.22.1.253])\n\tby 5d8f with LMTP id uGHk; Mon, 02 Mar 2026 09:00:05 +0000\n"
)
HOME = "from [192.0.2.77] (dsl-077.isp.example [192.0.2.77])"
WEBMAIL = "from localhost (localhost [127.0.0.1])"
OUTSIDE = "from evil.example (evil.example [203.0.113.66])"
AUTH = f"Authentication-Results: {MX};\n\tauth=pass smtp.auth={ANN} smtp.mailfrom={ANN}\n"
USER = f" (Authenticated sender: {ANN})"


def received(sent_by: str, user: str = "", protocol: str = "ESMTPSA", by: str = MX) -> str:
    """The field that Postfix writes of a message handed in."""
    return f"Received: {sent_by}{user}\n\tby {by} (Postfix) with {protocol} id 1A2B;\n\tMon,  2 Mar 2026 09:00:05\n"


PROVED = {
    "rspamd": LMTP + received(HOME, USER) + AUTH,
    "rspamd, above": AUTH + received(HOME, USER),
    "rspamd, no name in Received": LMTP + received(HOME) + AUTH,
    "skipped": LMTP + received(HOME, USER),
    "Exim": f"Authentication-Results: {MX};\n\tauth=pass (PLAIN) smtp.auth={ANN};\n"
    "\tspf=softfail smtp.mailfrom=team.example;\n\tdmarc=skipped header.from=team.example;\n\tarc=none\n"
    + f"Received: from dsl-077.isp.example ([192.0.2.77] helo=x)\n\tby {MX} with esmtpsa (Exim 4.98)\n\tid 1; now\n",
    "skipped, in containers": DOCKER + received(WEBMAIL, USER),
    "skipped, without TLS inside": DOCKER + received(WEBMAIL, USER, "ESMTPA"),
}
HELO = (
    f"localhost (localhost [127.0.0.1]) (Authenticated sender: {ANN}) by {MX} (Postfix) with ESMTPSA id 1; x"
)
FORGED = {
    "auth=pass of the sender's, from outside": LMTP + received(OUTSIDE, protocol="ESMTPS") + AUTH,
    "auth=pass of the sender's, another user in Received": LMTP
    + received(HOME, " (Authenticated sender: eve@team.example)")
    + AUTH,
    "auth=pass of another user": LMTP + received(HOME) + AUTH.replace(f"auth={ANN}", "auth=eve@team.example"),
    "auth=pass with a comment in the user": AUTH.replace(f"auth={ANN}", f"auth={ANN}(.evil.example)")
    + received(HOME),
    "auth=pass with a quoted user": AUTH.replace(f"auth={ANN}", f'auth="{ANN}"') + received(HOME),
    "auth=pass twice": AUTH.replace(f"auth={ANN}", "auth=eve@team.example") + AUTH + received(HOME),
    "results of the sender's, below another's login": LMTP
    + received(HOME, " (Authenticated sender: eve@team.example)")
    + f"Authentication-Results: {MX}; dkim=pass header.d=team.example; dmarc=pass header.from=team.example\n",
    "results of the sender's, below a login without a name": LMTP
    + received(HOME)
    + f"Authentication-Results: {MX}; dmarc=pass header.from=team.example\n",
    "auth=fail": AUTH.replace("auth=pass", "auth=fail") + received(HOME, USER),
    "another server's": LMTP + AUTH.replace(MX, "mx.evil.example") + received(OUTSIDE, protocol="ESMTPS"),
    "another user": LMTP + received(HOME, " (Authenticated sender: eve@team.example)"),
    "another server's user": LMTP
    + received(OUTSIDE, protocol="ESMTPS")
    + received(HOME, USER, by="mx.evil.example"),
    "a hop like ours below the real one": LMTP + received(OUTSIDE, protocol="ESMTPS") + received(HOME, USER),
    "a user without a login": LMTP + received(OUTSIDE, USER, "ESMTPS"),
    "a user in the HELO": LMTP + received(f"from x{USER} (evil.example [203.0.113.66])", protocol="ESMTPS"),
    "a user in the HELO, by a login of another": LMTP + received(f"from x{USER} (dsl [192.0.2.78])"),
    "a whole hop in the HELO": LMTP
    + received(f"from {HELO} (evil.example [203.0.113.66])", protocol="ESMTPS"),
    "a delivery in the HELO": received(
        f"from {MX} (localhost [127.0.0.1]) by {MX} with LMTP id 1; x (evil.example [203.0.113.66])",
        protocol="ESMTPS",
    )
    + received(HOME, USER)
    + AUTH,
    "only a chain that others vouch for": LMTP + received(OUTSIDE, protocol="ESMTPS") + "ARC-" + AUTH,
}


def judged(head: str, local: bool = True) -> Authentication:
    """What counts of this head above Ann's own fields."""
    headers = parse_headers((head + FROM).replace("\n", "\r\n").encode())
    return authenticate(headers, sender(headers), (MX,), local)


@pytest.mark.parametrize("name", PROVED)
def test_a_login_at_our_own_server_proves_the_author(name: str) -> None:
    """Where local submission is trusted; and never where it is not."""
    assert judged(PROVED[name]).logged_in
    assert judged(PROVED[name], local=False) == Authentication()


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_login_does_not(name: str) -> None:
    """Whatever a sender writes into the message or calls itself, and whoever else is logged in."""
    assert judged(FORGED[name]) == Authentication()


def test_results_below_a_hop_in_a_strange_domain_count_where_it_is_named() -> None:
    """A filter between exchanger and mailbox ends the trust, unless ``hops`` names it as ours."""
    results = f"Authentication-Results: {MX}; dmarc=pass header.from=team.example\n"
    gateway, here = (
        "from gate.filter.net (gate.filter.net [198.51.100.8])",
        "from mx (mx.desk.example [198.51.100.9])",
    )
    head = received(gateway, protocol="ESMTPS", by="filter.net") + received(
        here, "", "ESMTPS", "gate.filter.net"
    )
    head += results
    head += received("from out.team.example (out.team.example [198.51.100.77])", protocol="ESMTPS")
    headers = parse_headers((head + FROM).encode())
    given = headers, sender(headers), (MX,), False
    assert authenticate(*given) == Authentication()
    assert authenticate(*given, ("filter.net",)) == Authentication(author=True)
