"""The steps of a case from the report to its end, as sentences; each looks at what came of it."""

import json
from datetime import datetime, timedelta

from tests.disclosure.watching import assert_hidden, assert_kept, showing
from tests.support import mails
from tests.support.relaying import BEA, MIA, header, letter_text, plain_text, read_by
from tests.support.story import CVE, FIXER, PHONE, TICK, Story
from tests.support.storydesk import ANNOUNCE, DISTROS

LEAD, LAG = timedelta(hours=72), timedelta(hours=6)
LINK = "https://project.example/advisories/1"


def public(story: Story, fixed: str = "2.0.4") -> str:
    """The announcement."""
    return f"Subject: {story.canary} overflow, {CVE}\n\nThe {story.canary} overflows. Update to {fixed}.\n"


def ahead(story: Story) -> str:
    """The letter to the list that is told ahead."""
    return f"Subject: {story.canary} overflow\n\nThe {story.canary} overflows; patches: https://project.example/p\n"


def reported(story: Story, sealed: bool) -> None:
    """Day 0: a report, its receipt, a handler, and the first answer."""
    story.reports(sealed)
    assert header(story.desk.to(story.reporter)[0], "Subject").startswith("We received your report")
    assert "Mia is handling" in story.says("!handler me")
    story.until(story.on(0, 14))
    story.says("!send", below=f"We see the {story.canary} too.\n")
    assert f"We see the {story.canary} too." in story.told()
    assert story.desk.promises()["respond"] == "team:Mia"


def judged(story: Story) -> None:
    """Day 1: an impossible stage is refused with what is missing; verdict, severity and versions make it possible."""
    story.until(story.on(1, 10))
    assert "missing: the verdict" in story.says("!stage confirmed")
    assert ("stage", "") not in story.facts()
    story.says(f"!verdict vulnerability\n!severity important\n!affects {story.canary} 1.0 to 2.0.3")
    assert "is now at the stage confirmed" in story.says("!stage confirmed")
    assert story.facts()["affects", ""].startswith("(sealed" if story.sealed else story.canary)


def fixed(story: Story) -> None:
    """Days 2 to 5: audited, and fixed on two branches, one after the other."""
    story.until(story.on(2, 10))
    story.says("!done audit")
    assert "is now at the stage fixing" in story.says("!stage fixing")
    story.until(story.on(3, 10))
    assert_hidden(story)
    for day, branch, count in ((4, "1.8", 1), (5, "2.0", 2)):
        story.until(story.on(day, 11))
        story.says(f"!branch {branch} fixed")
        assert f"fixed on {count} of 2 maintained branches" in story.says("!status")


def dated(story: Story) -> None:
    """Day 5: an instant is agreed with the reporter. Day 9: moved, only with a reason, and he is told by ``!send``."""
    story.until(story.on(5, 13))
    agreed(story, story.on(16, 14), "")
    story.replies(f"That suits me and the {story.canary}.")
    story.until(story.on(9, 10))
    moved = f"{story.on(18, 14):%Y-%m-%d %H:%M} UTC"
    assert "say why the date is moved later" in story.says(f"!embargo {moved}")
    assert story.facts()["embargo", ""] == story.on(16, 14).isoformat()
    agreed(story, story.on(18, 14), f"the {story.canary} needs two days more")


def agreed(story: Story, at: datetime, reason: str) -> None:
    """An instant: recorded at once, told to the reporter only by ``!send``."""
    before = len(story.desk.answers(story.reporter))
    assert "is to be announced on" in story.says(f"!embargo {at:%Y-%m-%d %H:%M} UTC {reason}".strip())
    assert story.facts()["embargo", ""] == at.isoformat()
    assert f"{at.day} {at:%B %Y, %H:%M} UTC" in story.drafted()
    assert len(story.desk.answers(story.reporter)) == before
    story.says("!send")
    assert len(story.desk.answers(story.reporter)) == before + 1
    assert f"{at.day} {at:%B %Y, %H:%M} UTC" in story.told()


def briefed(story: Story) -> None:
    """Days 9 to 11: somebody who helps with the fix is let in, gets the case so far, and writes to the team alone.

    Of an encrypted case they get no word without a key.
    """
    until = story.on(11, 0)
    assert "gets the team's copies" in story.says(f"!guest {FIXER} until {story.on(10, 0):%Y-%m-%d}")
    assert "is being sent" in story.says(f"!catch-up {FIXER}")
    rules, *so_far = story.desk.to(FIXER)
    assert "You now have access" in header(rules, "Subject")
    assert f"{until:%d %B %Y, %H:%M} UTC".lstrip("0") in letter_text(rules)
    shown = any(f"The {story.canary} writes past its buffer." in letter_text(one) for one in so_far)
    assert shown is not story.sealed
    before = len(story.desk.to(story.reporter)), len(story.desk.to(BEA))
    raw = mails.plain(
        "Re: the fix",
        "The same check is missing in the reader.\n",
        sender=f"Fay Fixer <{FIXER}>",
        to=header(rules, "Reply-To"),
        message_id="<fixer@vendor.example>",
        date=story.desk.clock,
        In_Reply_To=header(rules, "Message-ID"),
    )
    story.desk.comes(raw, sender=FIXER, to=header(rules, "Reply-To"))
    assert len(story.desk.to(story.reporter)) == before[0]
    assert len(story.desk.to(BEA)) > before[1]
    story.until(until)
    story.briefed = len(story.desk.to(FIXER))


def left(story: Story) -> None:
    """Whoever was let in for some days gets nothing more of the case after them, and what was sent stays theirs."""
    assert len(story.desk.to(FIXER)) == story.briefed


def prepared(story: Story) -> None:
    """Days 12 and 13: everything on the checklist is done, and both texts wait for their approval."""
    story.until(story.on(12, 10))
    story.says(f"!cve {CVE}\n!done mitigation\n!credit Sam Stranger")
    assert "is now at the stage ready" in story.says("!stage ready")
    story.until(story.on(13, 10))
    story.says("!send", below="The fix is tested on both branches.\n")
    assert "is prepared" in story.says("!predisclose distros", below=ahead(story))
    assert "is prepared" in story.says("!announce", BEA, below=public(story))


def approved(story: Story) -> None:
    """A forged approval, one without a signature and one for another text are refused; then two approve."""
    old = story.digest()
    story.says("!announce", BEA, below=public(story, "2.0.5"))
    new = story.digest()
    assert old != new
    assert "Approved" not in story.says(f"!approve {new}", BEA, key=story.kit.stranger)
    assert "Approved" not in story.says(f"!approve {new}", BEA, proved=False)
    assert "no text of" in story.says(f"!approve {old}", BEA)
    assert not [name for name, _ in story.facts() if name == "approved"]
    looked_at(story, 2 if story.sealed else 0)  # in an unencrypted case a token proves whom to tell
    for item in ("announcement", "distros"):
        assert "1 of 2" in story.approve(item, MIA)
        assert "2 of 2" in story.approve(item, BEA)


def looked_at(story: Story, count: int) -> None:
    """So many mails were held for a person's look, who wants none of them."""
    held = [str(row["mail"]) for row in story.desk.view("quarantine")]
    assert len(held) == count
    assert not held or story.desk.word("reject", *held).status == 0


def told_ahead(story: Story) -> None:
    """72 h ahead, not a second earlier: one letter to the list, sealed to its key, with date, TLP and CVE id."""
    at = story.instant
    story.until(at - LEAD - TICK)
    assert story.outside() == []
    assert lists(story) == []
    story.at(at - LEAD)
    story.expected.append((at - LEAD, DISTROS))
    assert story.outside() == story.expected
    (letter,) = story.desk.to(DISTROS)
    assert header(letter, "Subject") == "[vs] ..."
    opened = read_by(story.kit, letter, story.list_key)
    assert opened.protected["subject"] == f"[vs] {story.canary} overflow"
    for words in ("patches: https://", f"Public from: {at:%Y-%m-%d %H:%M} UTC", "TLP:AMBER", CVE):
        assert words in plain_text(opened)
    assert lists(story) == [
        (DISTROS, at - LEAD, f"told that it is public from {at:%Y-%m-%d %H:%M} UTC (list distros)")
    ]


def lists(story: Story) -> list[tuple[str, datetime, str]]:
    """Which lists know of the case, since when, and what they were told, as ``maild access`` has it."""
    rows = json.loads(story.desk.word("access", story.case, "--json").out)
    found = [one for one in rows if one["side"] == "list"]
    return [(one["address"], datetime.fromisoformat(one["since"]), one["reason"]) for one in found]


def moved(story: Story) -> None:
    """Two days before the instant it moves by two days: the list is told by a prepared letter, approved by two."""
    story.until(story.on(16, 10))
    old, text = story.instant, story.digest("distros")
    agreed(story, story.on(20, 14), f"one more platform of the {story.canary} has to be tested")
    story.desk.wait(timedelta(minutes=1))
    assert story.about(MIA, "distros still has the old date") == 1
    assert story.digest("distros") not in ("", text)
    assert story.outside() == story.expected
    assert "2 of 2" in story.approve("distros")
    story.expected.append((story.desk.clock, DISTROS))
    assert story.outside() == story.expected
    told = plain_text(read_by(story.kit, story.desk.to(DISTROS)[-1], story.list_key))
    for at in (old, story.instant):
        assert f"{at:%Y-%m-%d %H:%M} UTC" in told
    assert [why for _, _, why in lists(story)] == [
        f"told that it is public from {at:%Y-%m-%d %H:%M} UTC (list distros)" for at in (old, story.instant)
    ]
    story.desk.wait(timedelta(days=1))
    assert story.about(MIA, "distros still has the old date") == 1


def announced(story: Story, reminded: int = 4) -> None:
    """At the instant, and not a tick early: one letter to the list, in clear, signed by the desk."""
    at = story.instant
    story.until(at - timedelta(days=1, hours=4))
    story.says("!send", below="All is ready for tomorrow.\n")
    for before in (timedelta(hours=23), timedelta(hours=1), TICK):
        story.until(at - before)
    assert story.about(MIA, "The announcement is coming up") == reminded
    assert story.outside() == story.expected
    assert_hidden(story)
    story.at(at)
    story.expected.append((at, ANNOUNCE))
    assert story.outside() == story.expected
    (letter,) = story.desk.to(ANNOUNCE)
    assert header(letter, "Subject") == f"{story.canary} overflow, {CVE}"
    assert letter_text(letter).strip() == f"The {story.canary} overflows. Update to 2.0.5."
    assert read_by(story.kit, letter).signature.fingerprint == story.kit.desk_key
    assert story.case.encode() not in letter.raw
    assert story.facts()["stage", ""] == "announced"
    assert {one.to for one in showing(story, story.canary) if one.at == at} == {ANNOUNCE}
    assert_kept(story, at)


def seen(story: Story) -> None:
    """The list's own copy comes back through Postfix: it starts the clock of the blog."""
    (letter,) = story.desk.to(ANNOUNCE)
    story.desk.clock += timedelta(minutes=5)
    listed = b"List-Id: <announce.lists.example>\r\n" + letter.raw
    story.desk.comes(listed, sender="bounces@lists.example")
    at = story.desk.clock
    assert story.facts()["seen-at", "announce"] == at.isoformat()
    assert story.about(MIA, 'The announcement was seen at "announce"') == 1
    assert len(story.cases()) == 1
    assert f"blog: due {at + LAG:%Y-%m-%d %H:%M} UTC, not out yet" in story.says("!status")


def recorded(story: Story) -> None:
    """The CVE record is out within its hour, by a member's word."""
    story.desk.wait(timedelta(minutes=20))
    assert f'{story.case} has been out at "cve"' in story.says("!published cve")
    story.until(story.seen + timedelta(hours=2))
    assert story.about(PHONE, '"cve" is overdue') == 0


def blog_in_time(story: Story) -> None:
    """The team is reminded, the blog's own mail meets the clock, and nobody on the ladder hears of it."""
    story.until(story.seen + LAG / 2)
    assert story.about(MIA, '"blog" has to follow the announcement') == 1
    story.desk.wait(timedelta(minutes=5))
    subject, sender = f"[blog] {CVE}: {story.canary} overflow", "noreply@blog.example"
    about = {"Precedence": "list", "message_id": "<1@blog.example>", "date": story.desk.clock}
    story.desk.comes(mails.plain(subject, sender=sender, **about), sender=sender)
    assert story.facts()["seen-at", "blog"] == story.desk.clock.isoformat()
    looked_at(story, 1)  # such a mail proves little: a person looks
    story.until(story.seen + timedelta(days=2))
    assert [story.about(who, '"blog" is overdue') for who in (PHONE, BEA, MIA)] == [0, 0, 0]


def blog_missed(story: Story) -> None:
    """Not before its six hours are over the coordinator is told, a day later the backup; a word ends it, late."""
    due = story.seen + LAG
    for at, told in (
        (due - TICK, [0, 0]),
        (due, [1, 0]),
        (due + timedelta(hours=24) - TICK, [1, 0]),
        (due + timedelta(hours=24), [1, 1]),
    ):
        story.until(at)
        assert [story.about(who, '"blog" is overdue') for who in (PHONE, BEA)] == told, at
    story.says("!published blog")
    assert "(late)" in story.says("!status")
    story.until(story.seen + timedelta(days=2))
    assert [story.about(who, '"blog" is overdue') for who in (PHONE, BEA)] == [1, 1]


def thanked(story: Story) -> None:
    """A bare thanks leaves the case closed, encrypted or not; a doubt opens it again, and the handler hears."""
    story.replies("Thank you all for the quick work!")
    assert story.desk.one()["state"] == "closed"
    assert "running" not in story.desk.promises().values()
    story.replies(f"The {story.canary} still crashes with two files.")
    assert story.desk.one()["state"] == "open"
    assert story.about(MIA, "The case is open again") == 1


def closed(story: Story) -> None:
    """The closing note is drafted, sent by ``!send`` with thanks and link; the case is closed, all promises kept."""
    assert CVE in story.drafted()
    story.says(f"!closing {LINK}")
    before = len(story.desk.answers(story.reporter))
    assert LINK in story.drafted()
    story.says("!send")
    assert len(story.desk.answers(story.reporter)) == before + 1
    for words in ("telling us first", LINK, CVE):
        assert words in " ".join(story.told().split())
    assert "is closed" in story.says("!close")
    assert story.desk.one()["state"] == "closed"
    sent = len(story.desk.sent)
    story.until(max(story.on(21, 9, 30), story.desk.clock + timedelta(hours=20)))
    assert [(one.at, one.to, header(one.letter, "Subject")) for one in story.desk.sent[sent:]] == []
    assert story.outside() == story.expected
    assert {row["state"] for row in story.ledger()} == {"kept", "stopped"}
    assert_kept(story, story.instant)
    assert_hidden(story)
