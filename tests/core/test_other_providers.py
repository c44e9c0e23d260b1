"""What providers without a preset write of an author: their shapes, as recorded messages show them."""

import pytest

from maild.core.mail.address import sender
from maild.core.mail.authentication import Authentication, authenticate
from maild.core.mail.headers import parse_headers

OUT = "Received: from out.team.example (out.team.example [198.51.100.9])\n"
FOUND = "dkim=pass header.d=team.example; dmarc=pass header.from={}"
HEADS = {
    "Yandex": (
        "*.yandex.net",
        "Received: from mxfront3q.mail.yandex.net (localhost [127.0.0.1])\n"
        "\tby mxfront3q.mail.yandex.net with LMTP id XHgJi; now\n"
        f"{OUT}\tby mxfront3q.mail.yandex.net (mxfront/Yandex) with ESMTPS id EGN; now\n"
        "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n"
        "Return-Path: carl@team.example\nX-Yandex-Front: mxfront3q.mail.yandex.net\n"
        "Authentication-Results: mxfront3q.mail.yandex.net; spf=pass (mxfront3q.mail.yandex.net: domain of team.example"
        " designates 198.51.100.9 as permitted sender, rule=[ip4:198.51.100.0/24]) smtp.mail=carl@team.example;"
        " dkim=pass header.i=@team.example\n",
    ),
    "Mail.ru": (
        "mxs.mail.ru",
        "Authentication-Results: mxs.mail.ru; spf=pass (mx285.i.mail.ru: domain of team.example designates"
        " 198.51.100.9 as permitted sender) smtp.mailfrom=carl@team.example smtp.helo=out.team.example;\n"
        "\t dkim=pass header.d=team.example; dmarc=pass header.from=carl@team.example\n"
        "Received: from out.team.example ([198.51.100.9]:47082)\n\tby mx285.i.mail.ru with esmtp\n\tid 1pT; now\n",
    ),
    "posteo": (
        "posteo.de",
        "Received: from mx01.posteo.de (mailin02.posteo.de [127.0.0.1])\n"
        "\tby mailin02.posteo.de (Postfix) with ESMTPS id 3ED; now\nX-Virus-Scanned: amavisd-new at posteo.de\n"
        "Authentication-Results: posteo.de; dmarc=pass (p=none dis=none) header.from=team.example\n"
        "Authentication-Results: posteo.de; spf=pass smtp.mailfrom=team.example\n"
        "Authentication-Results: posteo.de;\n\tdkim=pass (2048-bit key) header.d=team.example"
        " header.i=@team.example header.b=aqo8;\n\tdkim-atps=neutral\n"
        f"{OUT}\tby mx01.posteo.de (Postfix) with ESMTPS id 4RJ; now\n",
    ),
    "mail.de": (
        "*.mail.de",
        "Authentication-Results: mxpostfix01.mail.de;\n\tdkim=pass (2048-bit key) header.d=team.example"
        " header.i=@team.example header.b=JEas;\n\tdkim-atps=neutral\n"
        f"{OUT}\tby mxpostfix01.mail.de (Postfix) with ESMTPS id 1; now\n",
    ),
    "Yahoo": (
        "*.yahoo.com",
        "Authentication-Results: atlas324.free.mail.ne1.yahoo.com;\n dkim=pass header.i=@team.example header.s=s1;\n"
        " spf=pass smtp.mailfrom=team.example;\n dmarc=pass(p=REJECT) header.from=team.example;\n"
        "Received: from 198.51.100.9 (EHLO out.team.example)\n by 10.253.239.18 with SMTPs; now\n",
    ),
}
FORGED = "Authentication-Results: {}; dkim=pass header.d=team.example; dmarc=pass header.from=team.example\n"


def found(name: str, more: str = "", author: str = "carl@team.example", head: str = "") -> Authentication:
    """What is believed of *author*, with *more* fields below what the provider wrote."""
    authserv_id, own = HEADS[name]
    raw = (head or own) + more + f"From: Carl <{author}>\nTo: security@desk.example\n\n"
    headers = parse_headers(raw.replace("\n", "\r\n").encode())
    return authenticate(headers, sender(headers), (authserv_id,), False)


@pytest.mark.parametrize("name", HEADS)
def test_the_author_is_proved_by_what_the_provider_writes(name: str) -> None:
    """And nobody else's address is, whatever they write themselves."""
    assert found(name).author
    forged = FORGED.format(HEADS[name][0].replace("*", "mx1"))
    assert not found(name, forged.replace("team.example", "else.example"), "carl@else.example").author
    without = "".join(f"Received: {one}" for one in HEADS[name][1].split("Received: ")[1:])
    received = without.partition("Authentication-Results")[0]
    assert not found(name, f"Received: from a by b; now\n{forged}", head=received).author
