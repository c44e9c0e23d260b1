"""The author behind each kind of list and forwarder: answered where they are known for sure, never proved."""

from dataclasses import replace

import pytest

from maild.core.cases.authority import Standing, author_of
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.headers import parse_headers
from maild.core.mail.listauthor import origin
from maild.core.mail.mime import parse
from tests.support import mails
from tests.support.deciding import arrived, flags, letters, opens
from tests.support.desk import ANNA, DESK, MX, POLICY
from tests.support.phrases import PHRASES

TOM = "tom@sender.example"
LIST = "desk@lists.project.example"
OWN = replace(POLICY, desk=replace(DESK, own_lists=(LIST, "desk@project.groups.example")))
GROUP = {
    "Mailing_list": "list security@project.example; contact security+owners@project.example",
    "List_ID": "<security.project.example>",
    "X_Google_Group_Id": "100200300400",
    "Precedence": "list",
    "List_Unsubscribe": "<mailto:googlegroups-manage+1+unsubscribe@googlegroups.com>",
}
MAILMAN = {
    "X_Mailman_Version": "3.3.9",
    "Precedence": "list",
    "List_Id": "Desk <desk.lists.project.example>",
    "List_Post": f"<mailto:{LIST}>",
}
SHAPES: dict[str, dict[str, str]] = {
    "Google Groups, rewritten": GROUP
    | {
        "sender": "'Tom' via Security <security@project.example>",
        "X_Original_Sender": TOM,
        "X_Original_From": f"Tom <{TOM}>",
        "Reply_To": f"Tom <{TOM}>",
    },
    "Google Groups, rewritten, replies to the group": GROUP
    | {
        "sender": "'Tom' via Security <security@project.example>",
        "X_Original_Sender": TOM,
        "X_Original_From": TOM,
        "Reply_To": "security@project.example",
    },
    "Google Groups, as it was": GROUP
    | {
        "sender": f"Tom <{TOM}>",
        "X_Original_Sender": TOM,
        "Reply_To": "security@project.example",
    },
    "Mailman 3, munged": MAILMAN
    | {"sender": f"Tom via Desk <{LIST}>", "X_MailFrom": TOM, "Reply_To": f"Tom <{TOM}>"},
    "Mailman 3, munged, sent by a mailer": MAILMAN
    | {"sender": f"Tom via Desk <{LIST}>", "X_MailFrom": "bounces+77@mailer.example", "Reply_To": TOM},
    "Mailman 3, munged, replies to the list": MAILMAN
    | {"sender": f"Tom via Desk <{LIST}>", "Reply_To": f"Desk <{LIST}>", "Cc": f"Tom <{TOM}>"},
    "Mailman 3, as it was, replies to the list": MAILMAN
    | {"sender": f"Tom <{TOM}>", "X_MailFrom": TOM, "Reply_To": f"Desk <{LIST}>"},
    "Mailman 2, munged, replies to both": {
        "X_BeenThere": LIST,
        "X_Mailman_Version": "2.1.29",
        "Sender": '"Desk" <desk-bounces@lists.project.example>',
        "sender": f"Tom via Desk <{LIST}>",
        "Reply_To": f"Tom <{TOM}>, Desk <{LIST}>",
    },
    "Sympa": {
        "X_Loop": LIST,
        "List_Id": "<desk.lists.project.example>",
        "sender": f'"Tom" (via desk Mailing List) <{LIST}>',
        "X_Original_From": f"Tom <{TOM}>",
    },
    "groups.io": {
        "sender": '"Tom via groups.example" <tom=sender.example@groups.example>',
        "Mailing_List": "list desk@project.groups.example; contact desk+owner@project.groups.example",
        "List_Id": "<desk.project.groups.example>",
        "Sender": "desk@project.groups.example",
        "Precedence": "Bulk",
        "Reply_To": f"desk@project.groups.example,{TOM}",
    },
    "SimpleLogin": {
        "sender": '"Tom - tom at sender.example" <tom_at_sender_example_abcde@alias.example>',
        "X_SimpleLogin_Type": "Forward",
        "X_SimpleLogin_Original_From": f"Tom <{TOM}>",
    },
    "AnonAddy": {
        "sender": "\"Tom 'tom at sender.example'\" <desk+tom=sender.example@alias.example>",
        "X_AnonAddy_Original_From_Header": f"Tom <{TOM}>",
    },
    "LISTSERV, rewritten": {
        "sender": "Tom <000002b7c5cf1459-dmarc-request@LISTS.PROJECT.EXAMPLE>",
        "Sender": "Desk <DESK@LISTS.PROJECT.EXAMPLE>",
        "List_Owner": "<mailto:DESK-request@LISTS.PROJECT.EXAMPLE>",
        "Reply_To": f"Desk <DESK@LISTS.PROJECT.EXAMPLE>, Tom <{TOM}>",
    },
    "FreeLists, rewritten": {
        "sender": '"Tom" <dmarc-noreply@lists.project.example>',
        "List_Id": "desk <desk.lists.project.example>",
        "List_Post": f"<mailto:{LIST}>",
        "Reply_To": TOM,
    },
    "Google Groups, sent by a mailer": GROUP
    | {
        "sender": "'Tom' via Security <security@project.example>",
        "X_Original_Sender": "bounce-12@mailer.example",
        "X_Original_From": f"Tom <{TOM}>",
    },
    "the IETF's lists": MAILMAN
    | {
        "sender": "Tom <tom=40sender.example@dmarc.project.example>",
        "X_Original_From": f"Tom <{TOM}>",
    },
    "b4's relay": {
        "sender": "Tom via B4 Relay <devnull+tom.sender.example@relay.example>",
        "X_Original_From": f"Tom <{TOM}>",
        "Reply_To": TOM,
    },
    "ezmlm": {
        "sender": f"Tom <{TOM}>",
        "Mailing_List": "contact desk-help@lists.project.example; run by ezmlm",
        "List_Post": f"<mailto:{LIST}>",
        "Precedence": "bulk",
        "Reply_To": LIST,
    },
    "mlmmj": {
        "sender": f"Tom <{TOM}>",
        "List_Id": "<desk.lists.project.example>",
        "Precedence": "list",
        "Reply_To": LIST,
    },
    "a list of Mailgun's": {
        "sender": f"Tom <{TOM}>",
        "Sender": LIST,
        "List_Id": "<desk.lists.project.example>",
        "Reply_To": LIST,
        "X_Mailgun_Sid": "WyIx",
    },
    "Majordomo": {
        "sender": f"Tom <{TOM}>",
        "Sender": "owner-desk@lists.project.example",
        "Precedence": "bulk",
        "Reply_To": LIST,
    },
    "SourceHut": {
        "sender": f"Tom <{TOM}>",
        "List_ID": "~project/desk <~project/desk.lists.project.example>",
        "List_Post": f"<mailto:{LIST}>",
        "Sender": "lists@lists.project.example",
        "Archived_At": "<https://lists.project.example/~project/desk/1>",
    },
    "Mailman 2, wrapped": {
        "X_BeenThere": LIST,
        "X_Mailman_Version": "2.1.39",
        "sender": f"Tom via Desk <{LIST}>",
        "Reply_To": f"Tom <{TOM}>",
        "Sender": '"Desk" <desk-bounces@lists.project.example>',
    },
    "Google Groups, in a rewritten domain": GROUP
    | {
        "List_ID": "<desk.lists.project.example>",
        "Mailing_list": f"list {LIST}; contact desk+owners@lists.project.example",
        "sender": f"'Tom' via Desk <{LIST}>",
        "X_Original_Sender": TOM,
        "X_Original_From": f"'Tom' <{TOM}>",
        "Reply_To": TOM,
        "X_Original_Authentication_Results": f"mx.google.com; dmarc=pass header.from={TOM.partition('@')[2]}",
    },
    "Discourse, by mail": {
        "sender": f"Tom via Forum <{LIST}>",
        "List_ID": '"Desk" <desk.lists.project.example>',
        "Reply_To": f"Tom <{TOM}>",
        "X_Discourse_Topic_Id": "77",
    },
    "Duck": {
        "sender": "Tom <tom_at_sender.example_desk@duck.example>",
        "Duck_Original_From": f"Tom <{TOM}>",
    },
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_reporter_behind_a_list_is_the_reporter(name: str) -> None:
    """Whatever stands in From, the acknowledgement goes to who wrote, and they are the reporter."""
    (receipt,) = letters(arrived(mails.plain(**SHAPES[name]), policy=OWN), LetterKind.RECEIPT)
    assert (receipt.recipient, receipt.reporter) == (TOM, TOM)


UNCLEAR: dict[str, dict[str, str]] = {
    "Debian's bug tracker": {
        "sender": f"Tom <{TOM}>",
        "Reply_To": f"Tom <{TOM}>, 1234567@bugs.project.example",
        "Resent_From": f"Tom <{TOM}>",
        "X_Loop": "owner@bugs.project.example",
        "X_Debian_PR_Message": "report 1234567",
    },
    "schleuder": {
        "sender": "security@project.example",
        "List_Id": "<security.project.example>",
        "X_Loop": "security@project.example",
    },
    "a web form": {"sender": "Website <security@project.example>"},
    "a web form that names who wrote": {"sender": "security@project.example", "Reply_To": TOM},
    "a list that names two": MAILMAN
    | {"sender": f"Tom via Desk <{LIST}>", "X_MailFrom": TOM, "Reply_To": "Eve <eve@else.example>"},
    "a list that names nobody": MAILMAN | {"sender": f"Tom via Desk <{LIST}>"},
    "a list that nobody named": GROUP
    | {
        "List_ID": "<other.else.example>",
        "Mailing_list": "list other@else.example",
        "sender": "'Tom' via Other <other@else.example>",
        "X_Original_From": TOM,
    },
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_where_the_author_is_not_sure_a_person_acknowledges(name: str) -> None:
    """A case with its promises, and nothing sent by itself: not to a list, not to the desk, not to a guess."""
    decision = arrived(mails.plain(**UNCLEAR[name]), policy=OWN)
    assert opens(decision) is not None
    assert letters(decision, LetterKind.RECEIPT) == []
    assert "receipt-by-hand" in flags(decision)
    unknown = UNCLEAR[name]["sender"].endswith("security@project.example>") or name == "schleuder"
    assert ("from-desk" in flags(decision)) is (unknown or "form" in name)


@pytest.mark.parametrize("name", SHAPES)
def test_nobody_is_a_member_by_the_field_of_a_list(name: str) -> None:
    """A stranger puts a member where a list names its author: a claim at most, however well From is proved."""
    member = {key: value.replace(TOM, ANNA.addresses[0]) for key, value in SHAPES[name].items()}
    if ANNA.addresses[0] in member["sender"]:
        return  # From is the member's own, which our exchanger may vouch for
    domain = member["sender"].rpartition("@")[2].strip(">")
    raw = mails.plain(**member, Authentication_Results=f"{MX}; dmarc=pass header.from={domain}")
    assert author_of(read_facts(parse(raw), OWN, FolderRole.INBOX), None, OWN).standing is not Standing.TEAM


CLAIMS: dict[str, dict[str, str]] = {
    "Reply-To": {"Reply_To": "{anna}"},
    "Cc": {"Cc": "{anna}", "Reply_To": ""},
    "X-Original-From": {"X_Original_From": "{anna}"},
    "X-Original-Sender": {"X_Original_Sender": "{anna}"},
    "X-MailFrom": {"X_MailFrom": "{anna}"},
    "Sender": {"Sender": "{anna}"},
    "SimpleLogin's": {"X_SimpleLogin_Original_From": "{anna}"},
    "addy.io's": {"X_AnonAddy_Original_From_Header": "{anna}"},
    "the list's own results": {
        "X_Original_Authentication_Results": f"{MX}; dmarc=pass header.from=project.example"
    },
    "every field": dict.fromkeys(
        ("Reply_To", "Cc", "X_Original_From", "X_Original_Sender", "X_MailFrom", "Sender", "Original_From"),
        "{anna}",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("claim", CLAIMS)
def test_ten_ways_to_name_a_member_behind_a_list(name: str, claim: str) -> None:
    """The exchanger vouches for the list, or for the stranger; a field that names Anna makes nobody the team."""
    fields = {key: value.format(anna=ANNA.addresses[0]) for key, value in CLAIMS[claim].items()}
    given = SHAPES[name] | fields
    domain = given["sender"].rpartition("@")[2].strip(">")
    raw = mails.plain(**given, Authentication_Results=f"{MX}; dmarc=pass header.from={domain}")
    assert author_of(read_facts(parse(raw), OWN, FolderRole.INBOX), None, OWN).standing is not Standing.TEAM


@pytest.mark.parametrize(
    "field", ["X-Original-From", "X-SimpleLogin-Original-From", "X-MailFrom", "Duck-Original-From"]
)
def test_a_field_beside_an_honest_from_says_nothing(field: str) -> None:
    """Where From is a person's own address, the fields of lists and forwarders are a stranger's to write."""
    headers = parse_headers(f"From: Eve <eve@else.example>\r\n{field}: {TOM}\r\n".encode())
    found = origin(headers, OWN.desk, PHRASES)
    assert found.author is not None
    assert (found.author.address, found.behind) == ("eve@else.example", False)


def test_the_desks_own_address_is_the_teams_only_by_a_login() -> None:
    """The exchanger's word on the desk's domain is as good for a web form; auth=pass names the account."""
    local = replace(POLICY, local_submission=True)
    for found, standing in (
        ("dmarc=pass header.from=project.example", Standing.OUTSIDE),
        ("auth=pass smtp.auth=security@project.example", Standing.TEAM),
        ("auth=pass smtp.auth=carl@project.example", Standing.OUTSIDE),
    ):
        raw = mails.plain(sender=DESK.address, Authentication_Results=f"{MX}; {found}")
        assert author_of(read_facts(parse(raw), local, FolderRole.INBOX), None, local).standing is standing
