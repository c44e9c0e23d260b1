"""Tokens in odd places, and attempts to take the reporter's place.

Eve is the one of ``test_eve``.
"""

from collections.abc import Callable

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import text
from tests.relay.test_eve import EVE, PROVED, TEAM, Scene, unharmed
from tests.support.desk import MX
from tests.support.relaying import BEA, CARL, RITA, RelayDesk, header, letter_text, reply

pytestmark = pytest.mark.dovecot
Attempt = Callable[[Scene], bytes]
FAIL = f"Authentication-Results: {MX}; dmarc=fail header.from=project.example\r\n"
CARLS = f"Carl <{CARL}>"
PROVED_TEAM = f"Authentication-Results: {MX}; dmarc=pass header.from=project.example\r\n".encode()


def named(s: Scene, sender: str, *fields: str, body: str = "") -> bytes:
    """Words under these very fields."""
    s.number += 1
    lines = (*fields, f"From: {sender}", f"Message-ID: <n{s.number}@x>", "Subject: Re: Overflow")
    return text(body or s.words(), head="".join(f"{one}\r\n" for one in lines).encode())


def bare(s: Scene, who: str = CARL, audience: str = "team", case: str = "") -> str:
    """Somebody's token alone."""
    return s.to(who, audience, case).partition("+")[2].partition("@")[0]


ODD: dict[str, Attempt] = {
    "guessed": lambda s: named(s, CARLS, f"To: security+{'a2' * 10}@project.example"),
    "one letter wrong": lambda s: named(
        s, CARLS, f"To: security+{bare(s)[:-1]}{'a' if bare(s)[-1] != 'a' else 'b'}@project.example"
    ),
    "from her own case, under Carl's From": lambda s: named(s, CARLS, f"To: {s.to(EVE, 'reporter', s.hers)}"),
    "Carl's for another case, with Rita's reference": lambda s: named(
        s, CARLS, f"To: {s.to(CARL, 'team', s.hers)}", "In-Reply-To: <one@reporter.example>"
    ),
    "in the body alone": lambda s: named(
        s,
        CARLS,
        "To: security@project.example",
        "In-Reply-To: <one@reporter.example>",
        body=f"{s.words()}{s.to(CARL)}\n",
    ),
    "in the subject alone": lambda s: named(
        s, CARLS, "To: security@project.example", f"Subject: {bare(s)} {s.case}"
    ),
    "in a comment": lambda s: named(s, CARLS, f"To: security@project.example ({s.to(CARL)})"),
    "in a display name": lambda s: named(s, CARLS, f'To: "{s.to(CARL)}" <security@project.example>'),
    "in a field of her own": lambda s: named(s, CARLS, "To: security@project.example", f"X-To: {s.to(CARL)}"),
    "in Bcc": lambda s: named(s, CARLS, "To: security@project.example", f"Bcc: {s.to(CARL)}"),
    "in Reply-To": lambda s: named(s, CARLS, "To: security@project.example", f"Reply-To: {s.to(CARL)}"),
    "in Resent-To": lambda s: named(s, CARLS, "To: security@project.example", f"Resent-To: {s.to(CARL)}"),
    "at another domain": lambda s: named(
        s, CARLS, f"To: security+{bare(s)}@elsewhere.example", "In-Reply-To: <one@reporter.example>"
    ),
    "in a Message-ID of another domain": lambda s: named(
        s, CARLS, f"In-Reply-To: <{bare(s)}.x@elsewhere.example>"
    ),
    "with dmarc=fail": lambda s: named(s, CARLS, FAIL.strip(), f"To: {s.to(CARL)}"),
    "with dmarc=fail, quoted local part": lambda s: named(
        s, CARLS, FAIL.strip(), f'To: "security+{bare(s)}"@project.example'
    ),
    "with dmarc=fail, in References": lambda s: named(
        s, CARLS, FAIL.strip(), f"References: <{bare(s)}.x@project.example>"
    ),
    "with dmarc=fail, in Cc": lambda s: named(s, CARLS, FAIL.strip(), f"Cc: {s.to(CARL)}"),
    "with dmarc=fail, in Delivered-To": lambda s: named(
        s, CARLS, FAIL.strip(), f"Delivered-To: {s.to(CARL)}"
    ),
    "under Bea's From": lambda s: named(s, f"Bea <{BEA}>", f"To: {s.to(CARL)}"),
    "under Carl's From at a like domain": lambda s: named(
        s, "Carl <carl@pr\u043eject.example>", f"To: {s.to(CARL)}"
    ),
    "under a tag of Carl's": lambda s: named(s, "Carl <carl+x@project.example>", f"To: {s.to(CARL)}"),
    "Rita's, under Carl's From": lambda s: named(s, CARLS, f"To: {s.to(RITA, 'reporter')}"),
    "Rita's and Carl's of her own case, both": lambda s: named(
        s, CARLS, f"To: {s.to(RITA, 'reporter')}, {s.to(CARL, 'team', s.hers)}"
    ),
    "the root of the thread": lambda s: named(s, CARLS, f"References: {root(s)}"),
}


def root(s: Scene) -> str:
    """The root that every letter of the case refers to, which the reporter has too."""
    (found,) = s.desk.to(RITA)[:1]
    return (
        header(found, "References").split()[0] if header(found, "References") else header(found, "Message-ID")
    )


RITAS = f"Rita Reporter <{RITA}>"
TAKEN: dict[str, Attempt] = {
    "!reporter in plain mail": lambda s: named(
        s, RITAS, "In-Reply-To: <one@reporter.example>", body=f"!reporter {EVE}\n\n{s.case}\n"
    ),
    "words about a new address": lambda s: named(
        s, RITAS, "In-Reply-To: <one@reporter.example>", body=f"Please answer me at {EVE} from now on.\n"
    ),
    "Reply-To": lambda s: named(s, RITAS, "In-Reply-To: <one@reporter.example>", f"Reply-To: {EVE}"),
    "Reply-To, proved as Eve's domain": lambda s: named(
        s, f"Eve <{EVE}>", PROVED.strip(), "In-Reply-To: <one@reporter.example>", f"Reply-To: {RITA}"
    ),
    "two Reply-To": lambda s: named(
        s, RITAS, "In-Reply-To: <one@reporter.example>", f"Reply-To: {RITA}", f"Reply-To: {EVE}"
    ),
    "Mail-Followup-To": lambda s: named(
        s, RITAS, "In-Reply-To: <one@reporter.example>", f"Mail-Followup-To: {EVE}", f"Mail-Reply-To: {EVE}"
    ),
    "a list's head": lambda s: named(
        s,
        RITAS,
        "In-Reply-To: <one@reporter.example>",
        "List-Id: <x.lists.example>",
        f"List-Post: <mailto:{EVE}>",
    ),
    "a list that writes From anew": lambda s: named(
        s,
        f"Rita via List <{EVE}>",
        "In-Reply-To: <one@reporter.example>",
        "List-Id: <x.lists.example>",
        f"X-Original-From: {RITAS}",
        f"Reply-To: {EVE}",
    ),
    "an alias service": lambda s: named(
        s,
        "<rita_at_reporter.example@elsewhere.example>",
        "In-Reply-To: <one@reporter.example>",
        f"X-SimpleLogin-Original-From: {RITAS}",
    ),
    "a reference to Rita's report": lambda s: named(s, f"Eve <{EVE}>", "References: <one@reporter.example>"),
    "the same subject": lambda s: named(s, f"Eve <{EVE}>", "To: security@project.example"),
    "the tag of the case": lambda s: named(s, f"Eve <{EVE}>", f"Subject: Re: [{s.case}] Overflow"),
    "the tag of the case, Reply-To Rita": lambda s: named(
        s, f"Eve <{EVE}>", f"Subject: Re: [{s.case}] Overflow", f"Reply-To: {RITA}"
    ),
    "a tag of Rita's": lambda s: named(
        s, "Rita <rita+eve@reporter.example>", "In-Reply-To: <one@reporter.example>"
    ),
    "a look-alike": lambda s: named(
        s, "Rita <rit\u0430@reporter.example>", "In-Reply-To: <one@reporter.example>"
    ),
    "a look-alike domain": lambda s: named(
        s, "Rita <rita@xn--reprter-qnf.example>", "In-Reply-To: <one@reporter.example>"
    ),
    "full-width letters": lambda s: named(
        s, "Rita <rita@\uff52eporter.example>", "In-Reply-To: <one@reporter.example>"
    ),
    "an ideographic full stop": lambda s: named(
        s, "Rita <rita@reporter\u3002example>", "In-Reply-To: <one@reporter.example>"
    ),
    "a combining mark": lambda s: named(
        s, "Rita <rita\u0301@reporter.example>", "In-Reply-To: <one@reporter.example>"
    ),
    "a dotless letter": lambda s: named(
        s, "Rita <r\u0131ta@reporter.example>", "In-Reply-To: <one@reporter.example>"
    ),
    "a long s and a Kelvin sign": lambda s: named(
        s, "Rita <RITA@REPORTER.E\u212aAMPLE>", "In-Reply-To: <one@reporter.example>"
    ),
    "capitals with a dot": lambda s: named(
        s, "Rita <R\u0130TA@REPORTER.EXAMPLE>", "In-Reply-To: <one@reporter.example>"
    ),
    "a zero-width joiner": lambda s: named(
        s, "Rita <rita\u200d@reporter.example>", "In-Reply-To: <one@reporter.example>"
    ),
    "her token from her own receipt in Rita's thread": lambda s: named(
        s, RITAS, f"To: {s.to(EVE, 'reporter', s.hers)}", "In-Reply-To: <one@reporter.example>"
    ),
    "a comment": lambda s: named(s, f"Rita <{EVE}> ({RITA})", "In-Reply-To: <one@reporter.example>"),
}


def obeyed(s: Scene, attempts: dict[str, Attempt]) -> None:
    """All of them arrive; nothing is obeyed in Rita's case, and nobody but the team and Eve gets a letter."""
    before = len(s.desk.sink.letters)
    for one in attempts.values():
        s.desk.inbox.append(one(s), s.desk.clock)
    s.desk.run()
    unharmed(s)
    assert next(one["handler"] for one in s.desk.cases() if one["case"] == s.case) == ""
    assert {to for sent in s.desk.sink.letters[before:] for to in sent.recipients} <= {*TEAM, EVE}


def test_no_token_counts_where_it_stands(desk: RelayDesk, kit: Kit) -> None:
    """Twenty-five mails with a token: none is Carl's word in Rita's case."""
    obeyed(Scene(desk, kit), ODD)


def test_nobody_takes_the_reporters_place(desk: RelayDesk, kit: Kit) -> None:
    """Rita stays the only reporter, and no answer to any of these mails reaches anybody but her."""
    s = Scene(desk, kit)
    obeyed(s, TAKEN)
    case = next(one for one in desk.cases() if one["case"] == s.case)
    assert [one["address"] for one in case["participants"] if one["side"] == "reporter"] == [RITA]
    before = len(desk.sink.letters)
    copies = [one for one in desk.copies(CARL) if s.case in header(one, "Subject")]
    assert len(copies) > len(TAKEN) // 2
    for copy in copies:
        desk.inbox.append(
            PROVED_TEAM + reply(copy, CARL, "We have a fix and will release it soon."), desk.clock
        )
    desk.run()
    assert {to for sent in desk.sink.letters[before:] for to in sent.recipients} <= {*TEAM, RITA}


def test_a_token_of_a_member_who_left_is_used_up(desk: RelayDesk, kit: Kit) -> None:
    """Whatever vouches for the former member, no word is obeyed and nothing goes on; people see that it waits."""
    s = Scene(desk, kit)
    tokens = [s.to(CARL), s.to(CARL, "reporter"), "security@project.example"]
    gone(desk)
    before = len(desk.sink.letters)
    for to in tokens:
        for proved in (b"", PROVED_TEAM):
            desk.inbox.append(proved + text(f"!handler me\n\n{s.case}\n", head=s.head(CARLS, to)), desk.clock)
    desk.run()
    unharmed(s)
    assert {one["handler"] for one in desk.cases()} == {""}
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"] * 6
    assert not any("!handler me" in letter_text(one) for one in desk.sink.letters[before:])


def gone(desk: RelayDesk) -> None:
    """Carl is in the team no more."""
    before, _, rest = desk.path.read_text().partition('[[team]]\nname = "Carl"')
    after = rest.partition("\n[")[2]
    team = f"{before}[{after}".replace('roles = ["handler"]', 'roles = ["handler", "coordinator"]')
    desk.path.write_text(team)
