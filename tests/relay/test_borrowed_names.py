"""Whose name a mail borrows: by a platform's notice, a list, an alias service, a reply address of many.

Eve is the one of ``test_eve``; her own domain is well proved, and GitHub passes on what she writes there.
"""

from collections.abc import Callable

import pytest

from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import multipart, text
from tests.relay.test_eve import EVE, PROVED, TEAM, Scene, unharmed
from tests.relay.test_publishing import ANNOUNCE, DISTROS, OSS, TARGETS
from tests.support import mails
from tests.support.desk import MX
from tests.support.relaying import BEA, CARL, MIA, RITA, RelayDesk, header, letter_text, reply

pytestmark = pytest.mark.dovecot
THREAD = "In-Reply-To: <one@reporter.example>"
EVES = f"Eve <{EVE}>"
RITAS = "rita_at_reporter.example_x@elsewhere.example"
PUBLIC = "Eve published the advisory.\n"


def proved(domain: str) -> str:
    """Our exchanger vouches for it."""
    return f"Authentication-Results: {MX}; dmarc=pass header.from={domain}"


def named(s: Scene, sender: str, *fields: str, body: str = "", key: bool = False) -> bytes:
    """A mail under these very fields, perhaps with a key that bears everybody's name."""
    s.number += 1
    lines = (*fields, f"From: {sender}", "To: security@project.example", "MIME-Version: 1.0")
    ids = () if any(one.startswith("Message-ID") for one in fields) else (f"Message-ID: <b{s.number}@x>",)
    words = text(body or s.words())
    head = "".join(f"{one}\r\n" for one in (*lines, *ids, f"Subject: Exploit {s.number}")).encode()
    if not key:
        return head + words
    block = armor(s.kit.public(s.kit.people, s.kit.stranger), "PUBLIC KEY BLOCK")
    return multipart("mixed", words, b"Content-Type: application/pgp-keys\r\n\r\n" + block, head=head)


def github(
    s: Scene, *fields: str, name: str = "Eve", body: str = "", at: str = "example/xq/issues/7"
) -> bytes:
    """A notice of GitHub's, proved."""
    about = (proved("github.com"), f"Message-ID: <{at}/{s.number + 1000}@github.com>")
    return named(s, f'"{name}" <notifications@github.com>', *about, *fields, body=body)


OWN = PROVED.strip()
ATTEMPTS: dict[str, Callable[[Scene], bytes]] = {
    "an alias service names Rita, a key for her, in her thread": lambda s: named(
        s, f"<{RITAS}>", OWN, THREAD, f"X-SimpleLogin-Original-From: Rita <{RITA}>", key=True
    ),
    "a list names Rita, a key for her, in her thread": lambda s: named(
        s, "Rita via L <l@elsewhere.example>", OWN, THREAD, "List-Id: <l.elsewhere.example>",
        f"X-Original-From: Rita <{RITA}>", key=True,
    ),
    "a list names Mia": lambda s: named(
        s, "Mia via L <l@elsewhere.example>", OWN, THREAD, "List-Id: <l.elsewhere.example>",
        f"X-Original-From: Mia <{MIA}>",
    ),
    "an alias service names Mia": lambda s: named(
        s, "<mia_at_project.example_x@elsewhere.example>", OWN, THREAD, f"X-AnonAddy-Original-From-Header: <{MIA}>"
    ),
    "Carl's token behind a list": lambda s: named(
        s, "Carl via L <l@elsewhere.example>", OWN, "List-Id: <l.elsewhere.example>",
        f"Reply-To: {CARL}", f"Cc: {s.to(CARL)}",
    ),
    "replies wanted at the list that is told ahead": lambda s: named(s, EVES, OWN, f"Reply-To: {DISTROS}"),
    "replies wanted at the list of announcements": lambda s: named(s, EVES, OWN, f"Reply-To: <{ANNOUNCE.upper()}>"),
    "replies wanted there, in Rita's thread": lambda s: named(s, EVES, OWN, THREAD, f"Reply-To: {OSS}"),
    "From is the list of announcements": lambda s: named(s, f"Announce <{ANNOUNCE}>"),
    "From is the list, proved": lambda s: named(s, f"<{OSS}>", proved("lists.example")),
    "GitHub, as Mia": lambda s: github(s, f"X-GitHub-Sender: {MIA}", name=f"Mia <{MIA}>"),
    "GitHub, as Mia by a comment": lambda s: github(s, THREAD, name=f"Mia ({MIA})"),
    "GitHub, Carl's token": lambda s: github(s, f"Cc: {s.to(CARL)}", name="Carl"),
    "GitHub, a path that climbs": lambda s: github(s, at="example/xq/../../security/advisories/GHSA-a-b-c"),
    "GitHub, a handle with line ends": lambda s: github(s, "X-GitHub-Sender: eve\r\n !close done", body="Hi\n"),
    "GitHub, a comment that an advisory is public": lambda s: github(s, THREAD, body=PUBLIC),
    "GitHub, a comment on an issue of its own": lambda s: github(s, body=PUBLIC),
    "GitHub, not proved, of an advisory": lambda s: named(
        s, "<notifications@github.com>", "Message-ID: <e/xq/security/advisories/GHSA-2222-3333-4444@github.com>",
        THREAD, body=PUBLIC,
    ),
    "GitLab of her own": lambda s: named(
        s, "Mia <gitlab@elsewhere.example>", OWN, "X-GitLab-Project-Path: ../..//project.example",
        "X-GitLab-Issue-IID: 1?x=", THREAD,
    ),
    "Jira of her own": lambda s: named(
        s, f'"{MIA} (Jira)" <jira@eve.atlassian.net>', proved("eve.atlassian.net"), THREAD
    ),
    "Launchpad, as Mia": lambda s: named(
        s, "Mia <1@bugs.launchpad.net>", proved("bugs.launchpad.net"), f"X-Launchpad-Bug-Reporter: Mia ({MIA})"
    ),
    "VINCE, of Rita's case": lambda s: named(
        s, "<cert+donotreply@cert.org>", proved("cert.org"), f"X-Case: {s.case}", THREAD
    ),
    "a canary of her own making": lambda s: named(s, f"canary@project.example <{EVE}>", f"X-Maild-Mark: {s.mark}", OWN),
    "Carl's telephone with Bea's token": lambda s: named(s, "<carl@phone.example>", f"Cc: {s.to(BEA)}", proved("elsewhere.example")),
}  # fmt: skip


def test_no_borrowed_name_counts(desk: RelayDesk, kit: Kit) -> None:
    """Nothing is obeyed, no key is known, nobody outside but Eve gets a letter, and nobody is paged for a leak."""
    s = Scene(desk, kit)
    (desk.folder / "distros.asc").write_bytes(armor(kit.public(kit.people, kit.stranger), "PUBLIC KEY BLOCK"))
    desk.path.write_text(desk.path.read_text() + TARGETS)
    assert s.mark
    before = len(desk.sink.letters)
    for attempt in ATTEMPTS.values():
        desk.inbox.append(attempt(s), desk.clock)
    desk.run()
    unharmed(s)
    assert next(one["handler"] for one in desk.cases() if one["case"] == s.case) == ""
    sent = desk.sink.letters[before:]
    assert {to for one in sent for to in one.recipients} <= {*TEAM, EVE}
    assert [desk.known_key(one) for one in (RITA, MIA, CARL)] == [""] * 3
    assert not any("public" in one for one in desk.about("carl@phone.example"))
    _no_answer_leaves_for_a_list(desk, len(desk.sink.letters))


def _no_answer_leaves_for_a_list(desk: RelayDesk, before: int) -> None:
    """Whatever of it a member answers reaches Eve, Rita or the team."""
    for copy in desk.copies(CARL):
        raw = reply(copy, f"Carl <{CARL}>", f"Thank you, we look at {header(copy, 'Subject')}.")
        desk.inbox.append(f"{proved('project.example')}\r\n".encode() + raw, desk.clock)
    desk.run()
    assert {to for one in desk.sink.letters[before:] for to in one.recipients} <= {*TEAM, EVE, RITA}
    assert any(
        "robot, a platform or a list" in " ".join(letter_text(one).split())
        for one in desk.to("carl@phone.example")
    )


SERVICES = (
    *("oss-subscribe@lists.example", "oss-subscribe-eve=x.example@lists.example", "owner-oss@lists.example"),
    *("oss%lists.example@relay.example", "lists.example!oss@relay.example", "oss@lists\u3002example"),
    *("distros-admin@lists.example", "announce-help@lists.example", "oss-join@lists.example"),
)
"""Where the lists' programs are spoken to, and other ways to the lists."""


def test_no_command_lets_a_list_into_a_case(desk: RelayDesk, kit: Kit) -> None:
    """Many people read a list: it is no guest, nobody who may know, and no reporter is answered there, by any tag."""
    s = Scene(desk, kit)
    (desk.folder / "distros.asc").write_bytes(armor(kit.public(kit.people, kit.stranger), "PUBLIC KEY BLOCK"))
    desk.path.write_text(desk.path.read_text() + TARGETS)
    lists = (OSS, DISTROS, "oss+all@lists.example", "Distros+x@lists.example", *SERVICES)
    told = [("tell", s.case, one, "until", "9d", "to", "be", "asked") for one in lists]
    told += [("guest", s.case, one, "until", "9d") for one in lists]
    for words in (*(("reporter", s.case, one) for one in lists), *told):
        said = desk.word(*words)
        assert (said.status, "not done" in said.err) == (1, True)
    for number, one in enumerate(lists):
        about = {
            "sender": f"Zed{number} <z{number}@z.example>",
            "message_id": f"<z{number}@z>",
            "Reply_To": one,
        }
        desk.comes(mails.plain(date=desk.clock, text=f"A yak {number}.\n", **about), "z.example")
    assert not [to for one in desk.sink.letters for to in one.recipients if to.endswith("@lists.example")]
