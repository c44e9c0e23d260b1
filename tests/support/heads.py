"""A member's mail as servers and gateways head it: the fields above the sender's own, around their results.

The heads are invented, after the shapes that these servers write.
"""

import re
from collections.abc import Callable

OUTSIDE = "from out.team.example (out.team.example [198.51.100.9])"

_APART = re.compile(r'; (?=(?:[^"]*"[^"]*")*[^"]*$)(?![^(]*\))')

Shape = Callable[[str], str]
"""The head above the sender's own fields, around the results that the exchanger wrote."""

SHAPES: dict[str, tuple[str | tuple[str, ...], Shape]] = {
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
        ("*.icloud.com", "*.me.com"),
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
    "Cyrus": (
        "mx.desk.example",
        lambda found: (
            "Received: from deliver ([unix socket])\n\tby localhost (Cyrus v2.5.11-Debian) with LMTPA;\n\tMon, 2 Mar\n"
            f"Received: {OUTSIDE}\n\tby mx.desk.example (Postfix) with ESMTPS id 1A2B;\n\tMon,  2 Mar 2026 09:00:05\n"
            f"Authentication-Results: mx.desk.example;\n\t{found}\n"
        ),
    ),
    "Exim": (
        "mx.desk.example",
        lambda found: (
            "Received: from mx.desk.example\n\tby mx.desk.example with LMTP\n\tid 3TP8; now\n"
            f"Authentication-Results: mx.desk.example;\n\tiprev=pass (out.team.example) smtp.remote-ip=198.51.100.9;\n"
            f"\t{found};\n\tarc=none\n"
            "Received: from out.team.example ([198.51.100.9])\n\tby mx.desk.example with esmtps (TLS1.3)\n"
            "\ttls TLS_AES_256_GCM_SHA384\n\t(Exim 4.98)\n\t(envelope-from <a@team.example>)\n\tid 1; now\n"
        ),
    ),
    "Haraka and qmail": (
        "host.desk.example",
        lambda found: (
            "Received: (qmail 2401 invoked by uid 990); 2 Mar 2026 09:00:05 -0000\n"
            f"Authentication-Results: host.desk.example;\n\t{found}\n"
            "Received: from out.team.example (HELO out.team.example) (198.51.100.9)\n"
            "\tby host.desk.example (Haraka/3.0.1) with ESMTPS; now\n"
        ),
    ),
    "Maddy": (
        "mx.desk.example",
        lambda found: (
            f"Authentication-Results: mx.desk.example; {found}\n"
            f"Received: {OUTSIDE} by mx.desk.example\n (envelope-sender <a@team.example>) with ESMTPS id 1; now\n"
        ),
    ),
    "mailbox.org": (
        "mx*.mailbox.org",
        lambda found: (
            "Received: from director-20.heinlein-hosting.de ([2001:db8::20])\n"
            "\tby dobby30.heinlein-hosting.de with LMTPS\n\tid yLUP\n\t(envelope-from <a@team.example>); now\n"
            "Received: from mx2.mailbox.org ([2001:db8::25])\n\t(using TLSv1.3 with cipher X (256/256 bits))\n"
            "\tby director-20.heinlein-hosting.de with LMTPS\n\tid yLUQ; now\n"
            f"Authentication-Results: mx2.mailbox.org;\n\t{found}\n"
            f"Received: {OUTSIDE}\n\tby mx2.mailbox.org (Postfix) with ESMTPS id 1; now\n"
        ),
    ),
    "Posteo": (
        "posteo.de",
        lambda found: (
            "Received: from proxy02.posteo.name ([127.0.0.1])\n\tby dovecot03.posteo.name (Dovecot) with LMTP id 7; now\n"
            "Received: from mail.posteo.de ([127.0.0.1])\n\tby proxy02.posteo.name with LMTP id 8; now\n"
            + "".join(
                f"Authentication-Results: posteo.de;\n\t{one}\n" for one in reversed(_APART.split(found))
            )
            + f"Received: {OUTSIDE}\n\tby mx03.posteo.de (Postfix) with ESMTPS id 1; now\n"
        ),
    ),
    "Yahoo": (
        "*.yahoo.com",
        lambda found: (
            "X-Originating-Ip: [198.51.100.9]\n"
            f"Authentication-Results: atlas-production.v2-mail-prod1-gq1.omega.yahoo.com;\n {found.replace('pass (p', 'pass(p')}\n"
            "X-Apparently-To: security@desk.example; Mon, 2 Mar 2026 09:00:05 +0000\n"
            "Received: from 198.51.100.9 (EHLO out.team.example)\n by 10.217.136.69 with SMTPs\n (version=TLS1_3); now\n"
        ),
    ),
    "Zoho in Europe": (
        "mx.zohomail.eu",
        lambda found: (
            f"Authentication-Results: mx.zohomail.eu;\n\t{found.replace('pass (p', 'pass(p')}\n"
            f"Received: {OUTSIDE} by mx.zoho.eu\n\twith SMTPS id 17; Mon, 2 Mar 2026 10:00:05 +0100 (CET)\n"
        ),
    ),
    "a gateway in front": (
        "relay.gateway.example",
        lambda found: (
            "Received: from mx.desk.example\n\tby mx.desk.example with LMTP id s8Vt; now\n"
            "Received: from eu1.gateway.example (eu1.gateway.example [198.51.100.77])\n"
            "\tby mx.desk.example (Postfix) with ESMTPS id 1; now\n"
            f"Authentication-Results: relay.gateway.example;\n\t{found}\n"
            f"Received: {OUTSIDE} by\n relay.gateway.example with ESMTP with STARTTLS id 1; now\n"
        ),
    ),
    "Gmail, forwarded by another account there": (
        "mx.google.com",
        lambda found: (
            "Delivered-To: security@desk.example\nReceived: by 2002:a05:6402:1:b0:1:2:3 with SMTP id a1; now\n"
            f"ARC-Authentication-Results: i=2; mx.google.com;\n       {found};\n       arc=pass (i=1 dmarc=pass)\n"
            "Return-Path: <old+caf_=security=desk.example@old.example>\n"
            "Received: from mail-sor-f41.google.com (mail-sor-f41.google.com. [209.85.220.41])\n"
            "        by mx.google.com with SMTPS id a2;\n        now\n"
            f"Authentication-Results: mx.google.com;\n       {found};\n       arc=pass (i=1 dmarc=pass)\n"
            "X-Received: by 2002:a2e:9586:: with SMTP id w6; now\nX-Forwarded-To: security@desk.example\n"
            "Delivered-To: old@old.example\nReceived: by 2002:ac2:5305:: with SMTP id c5; now\n"
            "Received: from out.team.example (out.team.example. [198.51.100.9])\n        by mx.google.com with ESMTPS id z1; now\n"
        ),
    ),
    "Stalwart": (
        "mx.desk.example",
        lambda found: (
            f"Authentication-Results: mx.desk.example;\n\t{found}\n"
            f"Received: {OUTSIDE}\n\tby mx.desk.example (Stalwart SMTP) with ESMTPS id 1;\n\tMon, 2 Mar 2026 09:00:05\n"
        ),
    ),
    "Yandex": (
        "*.yandex.net",
        lambda found: (
            "Received: from mail-nwsmtp-mxfront-production-main-55.iva.yp-c.yandex.net (mail-nwsmtp-mxfront-production"
            "-main-55.iva.yp-c.yandex.net [IPv6:2a02:6b8:c0c:1::1])\n"
            "\tby mail-notsolitesrv-production-main-8.iva.yp-c.yandex.net (notsolitesrv/Yandex) with LMTPS id x1; now\n"
            f"Received: {OUTSIDE}\n\tby mail-nwsmtp-mxfront-production-main-55.iva.yp-c.yandex.net (mxfront/Yandex)"
            " with ESMTPS id z2;\n\tnow\nX-Yandex-Front: mail-nwsmtp-mxfront-production-main-55.iva.yp-c.yandex.net\n"
            f"Authentication-Results: mail-nwsmtp-mxfront-production-main-55.iva.yp-c.yandex.net; {found}\n"
            "X-Yandex-Spam: 1\n"
        ),
    ),
    "Microsoft 365, from another tenant": (
        "*.protection.outlook.com",
        lambda found: (
            "Received: from AB1PR02MB1.eurprd02.prod.outlook.com (2603:10a6:20:1::15) by\n"
            " CD2PR02MB2.eurprd02.prod.outlook.com with HTTPS; Mon, 2 Mar 2026\n 09:00:05 +0000\n"
            f"Authentication-Results: {found.replace('; ', ';')};compauth=pass\n reason=100\n"
            "Received: from EU1PR01CU1.outbound.protection.outlook.com (52.100.1.2) by\n EF3PEPF1.mail.protection.outlook."
            "com (10.167.1.2) with Microsoft SMTP\n Server id 15.20.2; Mon, 2 Mar 2026 09:00:04 +0000\n"
            "ARC-Authentication-Results: i=1; mx.microsoft.com 1; spf=pass\n smtp.mailfrom=evil.example; dmarc=pass action=none"
            " header.from=team.example;\n dkim=pass header.d=team.example; arc=none\n"
            "Received: from XY1PR01MB7.eurprd01.prod.exchangelabs.com (2603:10a6:1::1) by\n"
            " ZZ1PR01MB8.eurprd01.prod.exchangelabs.com (2603:10a6:2::1) with Microsoft SMTP\n Server id 15.20.3; now\n"
        ),
    ),
    "Microsoft 365, behind a filter of its own": (
        "*.protection.outlook.com",
        lambda found: (
            "Received: from AB1PR02MB1.eurprd02.prod.outlook.com (2603:10a6:20:1::15) by\n"
            " CD2PR02MB2.eurprd02.prod.exchangelabs.com with HTTPS; Mon, 2 Mar 2026\n 09:00:05 +0000\n"
            f"Authentication-Results: {found.replace('; ', ';')};compauth=pass\n reason=130\n"
            "Received: from mx0.filter.example (198.51.100.80) by\n EF3PEPF1.mail.protection.outlook.com (10.167.1.2)"
            " with Microsoft SMTP\n Server id 15.20.2; Mon, 2 Mar 2026 09:00:04 +0000\n"
            "Authentication-Results: mx0.filter.example; dkim=pass header.d=team.example; dmarc=pass header.from=team.example\n"
            f"Received: {OUTSIDE}\n\tby mx0.filter.example with ESMTPS id 4; now\n"
        ),
    ),
    "Cloudflare Email Routing, to Gmail": (
        "mx.google.com",
        lambda found: (
            "Delivered-To: security@desk.example\nReceived: by 2002:a05:6402:1:b0:1:2:3 with SMTP id a1; now\n"
            f"ARC-Authentication-Results: i=2; mx.google.com;\n       {found};\n       arc=pass (i=1)\n"
            "Received: from ed-ab.cloudflare-email.net (ed-ab.cloudflare-email.net. [198.51.100.60])\n"
            "        by mx.google.com with ESMTPS id a2;\n        now\n"
            f"Authentication-Results: mx.google.com;\n       {found};\n       arc=pass (i=1)\n"
            "ARC-Authentication-Results: i=1; mx.cloudflare.net;\n\tdkim=pass header.d=team.example header.s=s1;\n"
            "\tdmarc=pass header.from=team.example policy.dmarc=reject;\n\tspf=pass smtp.mailfrom=a@team.example\n"
            "Authentication-Results: mx.cloudflare.net;\n\tdkim=pass header.d=team.example header.s=s1;\n"
            "\tdmarc=pass header.from=team.example policy.dmarc=reject\n"
            "Received: from out.team.example (198.51.100.9)\n        by cloudflare-email.net (unknown) id f1\n"
            "        for <security@desk.example>; now\n"
        ),
    ),
    "ImprovMX, to Fastmail": (
        "*.messagingengine.com",
        lambda found: (
            "Received: from phl-mx-01 ([10.202.2.200])\n  by phl-compute-01.internal (LMTPProxy); Mon, 2 Mar 2026\n"
            f"Authentication-Results: phl-mx-01.messagingengine.com;\n    {found}\n"
            "Received: from mail-1.improvmx.com (mail-1.improvmx.com [198.51.100.61])\n"
            "\tby phl-mx-01.messagingengine.com (Postfix) with ESMTPS id 3; now\n"
            "Received: from out.team.example (out.team.example [198.51.100.9])\n\tby mx1.improvmx.com with ESMTPS id 4; now\n"
            "Authentication-Results: mx1.improvmx.com; dkim=pass header.d=team.example; dmarc=pass header.from=team.example\n"
        ),
    ),
    "a route of Mailgun, to rspamd": (
        "mx.desk.example",
        lambda found: (
            "Received: from mx.desk.example\n\tby mx.desk.example with LMTP\n\tid s8VtHL; now\n"
            "Received: from m71-131.mailgun.net (m71-131.mailgun.net [198.51.100.62])\n"
            "\tby mx.desk.example (Postfix) with ESMTPS id 1A2B; now\n"
            f"Authentication-Results: mx.desk.example;\n\t{found}\n"
            "X-Mailgun-Sid: WyIx\nReceived: from out.team.example (out.team.example [198.51.100.9])\n"
            "\tby mxa.mailgun.org with ESMTP id 5f.7f; now\nX-Mailgun-Incoming: Yes\n"
        ),
    ),
    "GMX": (
        "mx-*.gmx.net",
        lambda found: (
            "Received: from mx-mxgmx017.gmx.net ([10.99.1.17])\n\tby mail.gmx.net with LMTP id 7; now\n"
            f"Authentication-Results: mx-mxgmx017.gmx.net;\n\t{found}\n"
            f"Received: {OUTSIDE} by\n mx.gmx.net (mxgmx017 [10.99.1.17]) with ESMTPS (Nemesis) id 1M; now\n"
        ),
    ),
    "Zimbra": (
        "mx.desk.example",
        lambda found: (
            "Received: from mx.desk.example (LHLO mx.desk.example) (10.0.0.5) by\n store.desk.example with LMTP; now\n"
            "Received: from localhost (localhost [127.0.0.1])\n\tby mx.desk.example (Postfix) with ESMTP id 2; now\n"
            "Received: from mx.desk.example ([127.0.0.1])\n\tby localhost (mx.desk.example [127.0.0.1]) (amavis, port 10032)"
            "\n\twith ESMTP id 3; now\n"
            f"Authentication-Results: mx.desk.example;\n\t{found}\n"
            f"Received: {OUTSIDE}\n\tby mx.desk.example (Postfix) with ESMTPS id 1A2B; now\n"
        ),
    ),
}


HOSTS = {
    "iCloud": ("*.me.com", "*-mailgateway-smtp-*", "*.icloud.com"),
    "mailbox.org": ("*.heinlein-hosting.de",),
    "Posteo": ("*.posteo.name", "*.posteo.de"),
    "a gateway in front": ("*.desk.example", "*.gateway.example"),
}
"""Further hosts of a provider, by names that its results do not bear."""
BELOW = {"Proton"}
"""Who writes results below the Received field, and nothing above."""
