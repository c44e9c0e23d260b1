"""Further heads, of hosts that serve many projects and of gateways that stand before another's mailbox.

Invented after recorded messages: Gandi, SES, IONOS, Rackspace, Mimecast and Proofpoint as in archives of public lists and
in public repositories. Assumed: where Kolab Now, James, MDaemon, Plesk, IronPort and cPanel place their fields.
"""

from tests.support.heads import BELOW, HOSTS, OUTSIDE, SHAPES, Shape

_M365 = (
    "Received: from AB1PR02MB1.eurprd02.prod.outlook.com (2603:10a6:20:1::15) by\n"
    " CD2PR02MB2.eurprd02.prod.exchangelabs.com with HTTPS; now\n"
    "Authentication-Results: spf=fail (sender IP is {address})\n smtp.mailfrom=team.example; dkim=fail (body hash did not"
    " verify)\n header.d=team.example;dmarc=fail action=oreject\n header.from=team.example;compauth=none reason=451\n"
    "Received: from {name} ({address}) by\n EF3PEPF1.mail.protection.outlook.com (10.167.1.2) with Microsoft SMTP\n"
    " Server id 15.20.2; now\n"
)
_PROOFPOINT = (
    "Received: from pps.filterd (m0098410.ppops.net [127.0.0.1])\n"
    "\tby mx0a-00190b01.pphosted.com (8.18.1.2/8.18.1.2) with ESMTP id 1; now\n"
    "Authentication-Results: ppops.net;\n\t{found}\n"
    f"Received: {OUTSIDE}\n\tby mx0a-00190b01.pphosted.com (PPS) with ESMTPS id 4; now\n"
)
_MICROSOFT = ("*.outlook.com", "*.exchangelabs.com")

FURTHER: dict[str, tuple[str | tuple[str, ...], Shape]] = {
    "Fastmail, with its results in the last of four fields": (
        "*.messagingengine.com",
        lambda found: (
            "Received: from phl-mx-3.internal ([10.202.2.20])\n\tby phl-store-7.internal (LMTPProxy); now\n"
            "Authentication-Results: phl-mx-3.messagingengine.com;\n    x-csa=none;\n    x-me-sender=none;\n"
            "    x-ptr=pass smtp.helo=out.team.example\n    policy.ptr=out.team.example\n"
            "Authentication-Results: phl-mx-3.messagingengine.com;\n    bimi=none (No BIMI records found)\n"
            "Authentication-Results: phl-mx-3.messagingengine.com;\n    arc=none (no signatures found)\n"
            f"Authentication-Results: phl-mx-3.messagingengine.com;\n    {found}\n"
            f"Received: {OUTSIDE}\n\tby phl-mx-3.messagingengine.com (Postfix) with ESMTPS id 1; now\n"
        ),
    ),
    "Gandi": (
        "spool.mail.gandi.net",
        lambda found: (
            "Received: from spool.mail.gandi.net (spool4.mail.gandi.net [198.51.100.213])\n"
            "\tby nmboxes159.sd4.0x35.net (Postfix) with ESMTP id A; now\n"
            f"Authentication-Results: spool.mail.gandi.net;\n\t{found}\n"
            f"Received: {OUTSIDE}\n\tby spool.mail.gandi.net (Postfix) with ESMTPS id 7; now\n"
        ),
    ),
    "Amazon SES and WorkMail": (
        ("amazonses.com", "*.amazonaws.com"),
        lambda found: (
            f"Return-Path: <a@team.example>\nReceived: {OUTSIDE}\n by inbound-smtp.us-east-1.amazonaws.com with SMTP id"
            " 8\n for security@desk.example;\n now\nX-SES-Spam-Verdict: PASS\nX-SES-Virus-Verdict: PASS\n"
            "Received-SPF: pass (spfCheck) client-ip=198.51.100.9; envelope-from=a@team.example\n"
            f"Authentication-Results: amazonses.com;\n {found};\nX-SES-RECEIPT: AEF\n"
        ),
    ),
    "Mimecast, before Microsoft 365": (
        "relay.mimecast.com",
        lambda found: (
            _M365.format(name="us-smtp-inbound-1.mimecast.com", address="198.51.100.61")
            + f"Authentication-Results: relay.mimecast.com;\n\t{found}\n"
            + f"Received: {OUTSIDE} by relay.mimecast.com\n\twith ESMTP with STARTTLS id us-mta-1; now\n"
        ),
    ),
    "Proofpoint, before Microsoft 365": (
        "ppops.net",
        lambda found: (
            _M365.format(name="mx0a-00190b01.pphosted.com", address="198.51.100.62")
            + _PROOFPOINT.format(found=found)
        ),
    ),
    "Proofpoint, before Gmail": (
        "ppops.net",
        lambda found: (
            "Delivered-To: security@desk.example\nReceived: by 2002:a05:6402:1:b0:1:2:3 with SMTP id a1; now\n"
            "Received: from mx0a-00190b01.pphosted.com (mx0a-00190b01.pphosted.com. [198.51.100.62])\n"
            "        by mx.google.com with ESMTPS id a2;\n        now\nAuthentication-Results: mx.google.com;\n"
            "       spf=fail smtp.mailfrom=a@team.example;\n       dmarc=fail (p=REJECT) header.from=team.example\n"
            + _PROOFPOINT.format(found=found)
        ),
    ),
    "Gmail as the way to a server of one's own": (
        "mx.desk.example",
        lambda found: (
            "Received: from mx.desk.example\n\tby mx.desk.example with LMTP\n\tid s8; now\n"
            "Received: from mail-wr1-f97.google.com (mail-wr1-f97.google.com [198.51.100.97])\n"
            "\tby mx.desk.example (Postfix) with ESMTPS id 1A2B; now\n"
            f"Authentication-Results: mx.desk.example;\n\t{found}\n"
            "Received: by mail-wr1-f97.google.com with SMTP id z1; now\nX-Gm-Message-State: A\n"
            "Authentication-Results: mx.google.com; dkim=pass header.i=@team.example; dmarc=pass header.from=team.example\n"
        ),
    ),
    "IONOS": (
        "kundenserver.de",
        lambda found: (
            f"Authentication-Results: kundenserver.de;\n\t{found}\nReceived: from out.team.example ([198.51.100.9]) by\n"
            " mx.kundenserver.de (mxeue003 [198.51.100.41]) with ESMTPS (Nemesis) id 1M;\n now\n"
        ),
    ),
    "Rackspace": (
        "*.rsapps.net",
        lambda found: (
            "Received: from director14.mail.ord1d.rsapps.net ([172.27.255.8])\n"
            "\tby backend41.mail.ord1d.rsapps.net with LMTP\n\tid A; now\nReceived: from smtp18.gate.dfw1d ([172.27.255.54])\n"
            "\tby director14.mail.ord1d.rsapps.net with LMTP id B; now\nReturn-Path: <a@team.example>\n"
            'Authentication-Results: smtp18.gate.dfw1d.rsapps.net; iprev=pass policy.iprev="198.51.100.9"; '
            f"{found.replace('(p=reject dis=none)', '(p=reject; dis=none)')}\n"
            "Received: from [198.51.100.9] ([198.51.100.9:44270] helo=out.team.example)\n"
            "\tby smtp18.gate.dfw1d.rsapps.net (envelope-from <a@team.example>)\n"
            "\t(ecelerity 4.2.38.62370 r(:)) with ESMTPS (cipher=TLS)\n\tid 1; now\n"
        ),
    ),
    "Plesk": (
        "host.desk.example",
        lambda found: (
            "Received: by host.desk.example (Postfix, from userid 30)\n\tid 9; now\nAuthentication-Results:"
            f" host.desk.example;\n\t{found.replace('(p=reject dis=none) ', '(p=REJECT) smtp.from=team.example ')}\n"
            f"Received: {OUTSIDE}\n\tby host.desk.example (Postfix) with ESMTPS id 1; now\n"
        ),
    ),
    "IronPort, before Exchange": (
        "esa1.desk.example",
        lambda found: (
            "Received: from EX1.desk.example (10.0.0.5) by EX1.desk.example (10.0.0.5) with\n"
            " Microsoft SMTP Server id 15.2 via Mailbox Transport; now\nReceived: from esa1.desk.example (10.0.0.9) by\n"
            " EX1.desk.example (10.0.0.5) with Microsoft SMTP Server id 15.2 via Frontend Transport; now\n"
            f"Authentication-Results: esa1.desk.example;\n {found.replace('header.from=', 'd=')}\n"
            "Received: from out.team.example ([198.51.100.9])\n  by esa1.desk.example with ESMTP/TLS/X; now\n"
        ),
    ),
    "Kolab Now": (
        "*.mykolab.com",
        lambda found: (
            "Received: from imapb010.mykolab.com ([unix socket])\n\t by imapb010.mykolab.com (Cyrus 3.4) with LMTPA; now\n"
            "Received: from ext-mx-in002.mykolab.com (unknown [10.9.4.2])\n\tby imapb010.mykolab.com (Postfix) with ESMTPS"
            f" id 2; now\nAuthentication-Results: ext-mx-in002.mykolab.com (amavisd-new);\n {found}\n"
            "Received: from ext-mx-in002.mykolab.com ([127.0.0.1])\n"
            "\tby localhost (ext-mx-in002.mykolab.com [127.0.0.1]) (amavisd-new, port 10024)\n\twith ESMTP id 3; now\n"
            f"Received: {OUTSIDE}\n\tby ext-mx-in002.mykolab.com (Postfix) with ESMTPS id 4; now\n"
        ),
    ),
    "MDaemon": (
        "mail.desk.example",
        lambda found: (
            f"X-MDAV-Result: clean\nAuthentication-Results: mail.desk.example;\n\t{found}\nReceived-SPF: pass\n"
            f"Received: {OUTSIDE} by mail.desk.example (MDaemon PRO v24.5)\n\twith ESMTPS id md5001.msg; now\n"
        ),
    ),
    "cPanel": (
        "srv.desk.example",
        lambda found: (
            "Received: from srv.desk.example\n\tby srv.desk.example with LMTP\n\tid 1; now\n"
            "Received: from out.team.example ([198.51.100.9]:42424)\n\tby srv.desk.example with esmtps  (TLS1.3) tls X\n"
            "\t(Exim 4.98)\n\t(envelope-from <a@team.example>)\n\tid 1; now\n"
            f"Authentication-Results: srv.desk.example;\n\t{found}\n"
        ),
    ),
    "OpenSMTPD": (
        "mx.desk.example",
        lambda found: (
            f"Authentication-Results: mx.desk.example; {found}\n"
            f"Received: {OUTSIDE}\n\tby mx.desk.example (OpenSMTPD) with ESMTPS id 1 (TLSv1.3:X:256:NO)\n\tnow\n"
        ),
    ),
    "James": (
        "mx.desk.example",
        lambda found: (
            "Return-Path: <a@team.example>\nReceived: from out.team.example (EHLO out.team.example) ([198.51.100.9])\n"
            "          by mx.desk.example (JAMES SMTP Server ) with ESMTPS id 1\n          now\n"
            f"Authentication-Results: mx.desk.example;\n {found}\n"
        ),
    ),
    "Sendmail": (
        "mx.desk.example",
        lambda found: (
            f"Received: {OUTSIDE}\n\tby mx.desk.example (8.18.1/8.18.1) with ESMTPS id 5; now\n"
            f"Authentication-Results: mx.desk.example;\n\t{found}\n"
        ),
    ),
}
"""What counts there, and the head; see ``SHAPES``."""

SHAPES |= FURTHER
HOSTS |= {
    "Mimecast, before Microsoft 365": (*_MICROSOFT, "*.mimecast.com", "198.51.100.60/31"),
    "Proofpoint, before Microsoft 365": (*_MICROSOFT, "*.pphosted.com", "198.51.100.62"),
    "Proofpoint, before Gmail": ("mx.google.com", "*.pphosted.com"),
    "IronPort, before Exchange": ("*.desk.example",),
}
BELOW |= {"Amazon SES and WorkMail", "James", "Sendmail"}
