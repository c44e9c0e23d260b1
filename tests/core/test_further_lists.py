"""Whose a report is behind lists, forwarders and desks of others, beyond the commonest: the author, or nobody."""

from dataclasses import dataclass, field, replace

import pytest

from maild.core.cases.authority import Standing, author_of
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.policy import Policy
from tests.support import mails
from tests.support.deciding import arrived
from tests.support.desk import DESK, MX, POLICY

RITA = "rita@reporter.example"
LIST = "security@lists.project.example"
OWN = replace(POLICY, desk=replace(DESK, own_lists=(LIST,)))
MARKS = {"List_Id": "Security <security.lists.project.example>", "List_Post": f"<mailto:{LIST}>"}
MASK = "security+{}@desk.alias.example"


@dataclass(frozen=True)
class Head:
    """A mail's From and further fields; who wrote it, and whether they are answered by themselves."""

    sender: str
    author: str | None
    answered: bool
    fields: dict[str, str] = field(default_factory=dict)
    policy: Policy = POLICY

    def raw(self, person: str = RITA) -> bytes:
        """The mail, of *person* in Rita's place."""
        at, made = person.replace("@", "="), person.replace("@", " at ")
        forms = ((RITA.replace("@", "="), at), (RITA.replace("@", " at "), made), (RITA, person))
        said = {"sender": self.sender, **self.fields}
        for old, new in forms:
            said = {name: value.replace(old, new) for name, value in said.items()}
        domain = said["sender"].rpartition("@")[2].strip(">")
        said.setdefault("Authentication_Results", f"{MX}; dmarc=pass header.from={domain}")
        return mails.plain(**said)


HEADS = {
    "Google Groups, another group": Head(
        "'Rita' via fuzzers <fuzzers@googlegroups.com>",
        RITA,
        False,
        {
            "X_Original_Sender": RITA,
            "X_Original_From": f"Rita <{RITA}>",
            "Reply_To": f"Rita <{RITA}>",
            "List_Id": "<fuzzers.googlegroups.com>",
            "Precedence": "list",
        },
    ),
    "Google Groups, a mailer's return path": Head(
        "'Rita' via Security <security@project.example>",
        RITA,
        True,
        {
            "X_Original_Sender": "bounces+1-security=project.example@mailer.example",
            "X_Original_From": f"Rita <{RITA}>",
            "Mailing_List": "list security@project.example; contact security+owners@project.example",
        },
    ),
    "Google Groups, nobody named": Head(
        "'Rita' via Security <security@project.example>",
        None,
        False,
        {"X_Original_Sender": "security@project.example", "Reply_To": "security@project.example"},
    ),
    "Google Groups, the moderators' digest": Head(
        "Security Moderators <noreply-spamdigest@google.com>", "noreply-spamdigest@google.com", False
    ),
    "Firefox Relay": Head(
        f'"{RITA} [via Relay]" <abc123def@mozmail.com>',
        RITA,
        False,
        {"Reply_To": "replies@relay.firefox.com", "Resent_From": f"Rita <{RITA}>"},
    ),
    "addy.io": Head(
        f"\"Rita 'rita at reporter.example'\" <{MASK.format('rita=reporter.example')}>",
        RITA,
        True,
        {"X_AnonAddy_Original_Sender": RITA},
    ),
    "addy.io, sent by a mailer": Head(
        f"\"Rita 'rita at reporter.example'\" <{MASK.format('rita=reporter.example')}>",
        RITA,
        True,
        {
            "X_AnonAddy_Original_Sender": "bounce-1@mailer.example",
            "X_AnonAddy_Original_From_Header": f"Rita <{RITA}>",
        },
    ),
    "SimpleLogin, without the header of the author": Head(
        '"Rita - rita at reporter.example" <wxyzabcd@simplelogin.example>',
        RITA,
        True,
        {"X_SimpleLogin_Envelope_From": RITA},
    ),
    "ImprovMX": Head(
        f"Rita <{RITA}>",
        RITA,
        True,
        {"Return_Path": "<SRS0=ab12=XY=reporter.example=rita@srs.forwarder.example>"},
    ),
    "Cloudflare Email Routing": Head(
        f"Rita <{RITA}>", RITA, True, {"Return_Path": "<b-7-rita=reporter.example@email.project.example>"}
    ),
    "a reporter's own mask": Head("Rita <dapper_elm.0x@icloud.com>", "dapper_elm.0x@icloud.com", True),
    "Zendesk": Head(
        '"Vendor Support" <support@vendor.example>',
        "support@vendor.example",
        False,
        {"Reply_To": "support+id123@vendor.example", "Auto_Submitted": "auto-generated"},
    ),
    "Discourse": Head(
        "rita via Heron Forum <notifications@forum.example>",
        "notifications@forum.example",
        False,
        {
            "Reply_To": "Heron Forum <forum+0123456789abcdef0123456789abcdef@forum.example>",
            "List_Id": "<security.forum.example>",
            "Auto_Submitted": "auto-generated",
        },
    ),
    "a form": Head("Forms <noreply@forms.example>", "noreply@forms.example", False, {"Reply_To": RITA}),
    "Sympa, From replaced": Head(
        f'"Rita" (via security Mailing List) <{LIST}>',
        RITA,
        True,
        {"X_Original_From": f"Rita <{RITA}>", "Reply_To": RITA, "X_Sympa_To": LIST, **MARKS},
        OWN,
    ),
    "Sympa, replies to the list": Head(
        f"Rita <{RITA}>",
        RITA,
        True,
        {"Reply_To": LIST, "Sender": "security-request@lists.project.example", **MARKS},
        OWN,
    ),
    "LISTSERV, nobody named": Head(
        '"Rita" <00001abcdef-dmarc-request@listserv.uni.example>',
        None,
        False,
        {"Reply_To": "Security <security@listserv.uni.example>", "Sender": "security@listserv.uni.example"},
    ),
    "vger": Head(
        f"Rita <{RITA}>",
        RITA,
        False,
        {"Sender": "linux-kernel-owner@vger.kernel.org", "X_Mailing_List": "linux-kernel@vger.kernel.org"},
    ),
    "Majordomo": Head(
        f"Rita <{RITA}>",
        RITA,
        True,
        {"Sender": "security-owner@lists.project.example", "Precedence": "bulk"},
        OWN,
    ),
    "ezmlm": Head(
        f"Rita <{RITA}>",
        RITA,
        True,
        {
            "Mailing_List": "contact security-help@lists.project.example; run by ezmlm",
            "Reply_To": LIST,
            "Return_Path": "<security-return-12-security=project.example@lists.project.example>",
        },
        OWN,
    ),
    "mlmmj": Head(
        f"Rita <{RITA}>",
        RITA,
        True,
        {
            "X_Mailing_List": LIST,
            "Precedence": "list",
            "Return_Path": "<security+bounces-12-security=project.example@lists.project.example>",
        },
        OWN,
    ),
    "Debian's bug tracker": Head(
        f"Rita <{RITA}>",
        RITA,
        False,
        {
            "Resent_From": f"Rita <{RITA}>",
            "Resent_CC": "security@project.example",
            "Reply_To": f"Rita <{RITA}>, 1012345@bugs.debian.org",
            "X_Loop": "owner@bugs.debian.org",
        },
    ),
    "Mailman 3, anonymous": Head(LIST, None, False, {"Reply_To": LIST, **MARKS}, OWN),
    "Mailman, in German": Head(
        f"Rita über Security <{LIST}>", RITA, True, {"Reply_To": f"Rita <{RITA}>", "X_BeenThere": LIST}, OWN
    ),
    "Mailman, author and another in Cc": Head(
        f"Rita via Security <{LIST}>",
        None,
        False,
        {"Reply_To": f"Security <{LIST}>", "Cc": f"Rita <{RITA}>, Tom <tom@other.example>", **MARKS},
        OWN,
    ),
    "on behalf of, the list's address": Head(
        f'"Security On Behalf Of Rita" <{LIST}>', RITA, True, {"Reply_To": f"Rita <{RITA}>", **MARKS}, OWN
    ),
    "on behalf of, its manager's": Head(
        '"Security On Behalf Of Rita" <security-bounces@lists.project.example>',
        RITA,
        True,
        {"Reply_To": f"Rita <{RITA}>", **MARKS},
        OWN,
    ),
    "on behalf of, nobody named": Head(
        '"Security On Behalf Of Rita" <security-bounces@lists.project.example>', None, False, MARKS, OWN
    ),
    "on behalf of, a colleague": Head(
        '"Max on behalf of Rita" <max@reporter.example>', "max@reporter.example", True
    ),
    "Outlook, sent by a colleague": Head(f"Rita <{RITA}>", RITA, True, {"Sender": "max@reporter.example"}),
    "groups.io, replies to the group": Head(
        '"Rita via groups.io" <rita=reporter.example@heron.groups.example>',
        RITA,
        False,
        {"List_Id": "<security.heron.groups.example>", "Reply_To": "security@heron.groups.example"},
    ),
    "Topicbox": Head(
        "Rita via Heron <security-m1a2b3@heron.topicbox.example>",
        RITA,
        False,
        {"Reply_To": f"Rita <{RITA}>", "List_Id": "<security.heron.topicbox.example>"},
    ),
    "Launchpad, a team's list": Head(
        f"Rita <{RITA}>",
        RITA,
        False,
        {
            "Sender": "heron-bounces+security=project.example@lists.launchpad.net",
            "List_Id": "<heron.lists.launchpad.net>",
            "Reply_To": "heron@lists.launchpad.net",
        },
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_the_author_is_the_author(name: str) -> None:
    """Or nobody; they are answered by themselves only where nothing marks the mail, and never a list."""
    head = HEADS[name]
    author = read_facts(parse(head.raw()), head.policy, FolderRole.INBOX).author
    assert (author.address if author else None) == head.author
    receipt = arrived(head.raw(), policy=head.policy).acknowledgement
    assert receipt is not None
    assert receipt.send == head.answered
    assert not head.answered or (receipt.to and receipt.to.address == head.author)


BEHIND = [name for name, head in HEADS.items() if head.author == RITA and RITA not in head.sender] + [
    "Firefox Relay"
]


@pytest.mark.parametrize("name", BEHIND)
def test_a_member_named_so_is_not_proved(name: str) -> None:
    """Whoever a list or forwarder names is a claim: anybody could have written it."""
    head = HEADS[name]
    raw = head.raw("anna@project.example")
    assert author_of(read_facts(parse(raw), head.policy, FolderRole.INBOX), None, head.policy).standing in (
        Standing.CLAIMED,
        Standing.OUTSIDE,
    )
    receipt = arrived(raw, policy=head.policy).acknowledgement
    assert receipt is not None
    assert not receipt.send


@pytest.mark.parametrize(
    "fields", [{"Resent_From": "anna@project.example"}, {"X_SimpleLogin_Envelope_From": "tim@else.example"}]
)
def test_who_handed_a_notice_on_is_not_its_author(fields: dict[str, str]) -> None:
    """A return path, or who redirected a message, says who wrote it only where From says the same."""
    seen = read_facts(
        parse(mails.plain(sender="Bot <noreply@far.example>", **fields)), POLICY, FolderRole.INBOX
    )
    assert seen.author is not None
    assert seen.author.address == "noreply@far.example"


def test_a_topic_s_address_answers_nobody() -> None:
    """Discourse and others take answers into a topic, perhaps a public one, at an address with a long token."""
    assert POLICY.nobody_at("forum+0123456789abcdef0123456789abcdef@forum.example")
    assert not POLICY.nobody_at("rita+0123456789@reporter.example")
