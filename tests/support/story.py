"""A case on its road, told in steps: what reporter, members, lists and the clock do, and what came of it."""

import json
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from maild.core.values.ids import token
from tests.openpgp.mails import pgp_mime, signed, text
from tests.support import mails
from tests.support.relaying import (
    BEA,
    CARL,
    MIA,
    RITA,
    header,
    letter_text,
    plain_text,
    read_by,
    subject_as_read,
    told_of_commands,
)
from tests.support.sealing import SAM, entity, head, key_file
from tests.support.smtpsink import Letter
from tests.support.storydesk import ADDRESS, StoryDesk
from tests.support.storykit import StoryKit

PHONE = "carl@phone.example"
TEAM = (MIA, BEA, PHONE, CARL)
CVE = "CVE-2026-12345"
FIXER = "fixer@vendor.example"
"""Somebody outside who helps with the fix."""
TICK = timedelta(seconds=1)
LADDER = (PHONE, BEA, MIA)


class Story:
    """One desk, and a *canary* that only who knows of the case ever writes."""

    def __init__(self, desk: StoryDesk, kit: StoryKit, list_key: str, canary: str) -> None:
        self.desk, self.kit, self.list_key, self.canary = desk, kit, list_key, canary
        self.number, self.sealed, self.briefed = 0, True, 0
        self.expected: list[tuple[datetime, str]] = []  # who outside was written to so far, and when
        self.keys = {MIA: kit.member, BEA: kit.backup}

    # the clock

    def on(self, day: int, hour: int, minute: int = 0) -> datetime:
        """That time of that day of the story (its first is 0)."""
        midnight = self.desk.start.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=day, hours=hour, minutes=minute)

    def until(self, instant: datetime) -> None:
        """Time goes by, the desk runs every morning (and then)."""
        while self.morning() < instant:
            self.at(self.morning())
        self.at(instant)

    def morning(self) -> datetime:
        """The next morning at eight."""
        today = self.desk.clock.replace(hour=8, minute=0, second=0, microsecond=0)
        return today if today > self.desk.clock else today + timedelta(days=1)

    def at(self, instant: datetime) -> None:
        """It is that time, and the desk runs."""
        assert instant >= self.desk.clock
        self.desk.clock = instant
        self.desk.run()
        assert self.desk.trouble == ""

    # the reporters

    def reports(self, sealed: bool = True) -> str:
        """Somebody reports: Sam, sealed and with his key, or Rita in clear; the case."""
        self.sealed, before = sealed, self.cases()
        words = f"The {self.canary} writes past its buffer."
        if sealed:
            key = key_file(self.kit.public(self.kit.people, self.kit.stranger))
            raw = pgp_mime(self.kit.encrypt(text=entity(words, f"About {self.canary}", key)), head=head())
            self.desk.comes(raw, sender=SAM)
        else:
            subject = f"Memory of the {self.canary}"
            self.desk.comes(mails.plain(subject, f"{words}\n", date=self.desk.clock), sender=RITA)
        (new,) = self.cases() - before
        return new

    def replies(self, words: str) -> None:
        """The reporter answers the last letter that he got, sealed when he can."""
        letter, self.number = self.desk.answers(self.reporter)[-1], self.number + 1
        to, known = header(letter, "Reply-To"), header(letter, "Message-ID")
        if self.sealed:
            top = head(self.number + 100).replace(b"MIME-", f"In-Reply-To: {known}\r\nMIME-".encode(), 1)
            raw = pgp_mime(
                self.kit.encrypt(text=entity(words)), head=top.replace(ADDRESS.encode(), to.encode())
            )
        else:
            about = {"sender": f"Rita <{RITA}>", "message_id": f"<r{self.number}@reporter.example>"}
            raw = mails.plain(text=f"{words}\n", to=to, In_Reply_To=known, date=self.desk.clock, **about)
        self.desk.comes(raw, sender=self.reporter, to=to)

    @property
    def reporter(self) -> str:
        """Who reported."""
        return SAM if self.sealed else RITA

    def told(self) -> str:
        """What the reporter reads in the last answer that he got."""
        letter = self.desk.answers(self.reporter)[-1]
        return plain_text(read_by(self.kit, letter)) if self.sealed else letter_text(letter)

    # the team

    def says(
        self, words: str, who: str = MIA, below: str = "", case: str = "", key: str = "", proved: bool = True
    ) -> str:
        """A member writes *words* to the team, signed (unless not *proved*); what maild answers him."""
        self.number += 1
        self.desk.wait(timedelta(minutes=1))
        case, before = case or self.case, len(self.desk.to(who))
        to = self.team(case, who)
        said = text(f"{words}\n\n{below}\n-- \n{who}\n{case}, {self.number}\n")
        self.desk.comes(self.written(said, who, to, key, proved), sender=who, to=to)
        return told_of_commands(self.kit, self.desk.to(who)[before:], self.keys.get(who, ""))

    def team(self, case: str, who: str) -> str:
        """The address by which a member writes to the team of a case."""
        with self.desk.desk() as opened:
            return f"security+{token(opened.policy.desk.secret, case, who, 'team')}@project.example"

    def written(self, said: bytes, who: str, to: str, key: str, proved: bool) -> bytes:
        """His mail, sealed to the desk where the case is."""
        lines = {
            "From": f"Member <{who}>",
            "To": to,
            "Subject": f"words {self.number}",
            "Message-ID": f"<w{self.number}@home.example>",
            "Date": format_datetime(self.desk.clock),
            "MIME-Version": "1.0",
        }
        top = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
        by = key or self.keys[who]
        if not proved:
            return pgp_mime(self.kit.encrypt(text=said), head=top) if self.sealed else top + said
        if self.sealed:
            return pgp_mime(self.kit.sealed_by(by, text=said), head=top)
        return signed(said, self.kit.detached(by, text=said), head=top)

    def drafted(self) -> str:
        """The last draft for the reporter that Mia got."""
        opened = [read_by(self.kit, one, self.kit.member) for one in self.desk.to(MIA)]
        drafts = [one for one in opened if "Draft reply to the reporter" in subject_as_read(one)]
        return plain_text(drafts[-1])

    def digest(self, item: str = "announcement") -> str:
        """The digest of a prepared text."""
        return self.facts().get(("prepared", item), "")

    def approve(self, item: str = "announcement", *who: str) -> str:
        """Members (both who have keys, unless named) approve a text; what the last is told."""
        said = [self.says(f"!approve {self.digest(item)}", one) for one in who or (MIA, BEA)]
        return said[-1]

    # what came of it

    def cases(self) -> set[str]:
        """The cases."""
        return {str(one["case"]) for one in self.desk.cases()}

    @property
    def case(self) -> str:
        """The oldest case."""
        return str(self.desk.cases()[0]["case"])

    def facts(self) -> dict[tuple[str, str], str]:
        """What is recorded of the oldest case."""
        return {(row["what"], row["item"] or ""): row["value"] for row in self.desk.cases()[0]["disclosure"]}

    @property
    def instant(self) -> datetime:
        """When the oldest case is announced."""
        return datetime.fromisoformat(self.facts()["embargo", ""])

    @property
    def seen(self) -> datetime:
        """When the list's copy was seen."""
        return datetime.fromisoformat(self.facts()["seen-at", "announce"])

    def outside(self) -> list[tuple[datetime, str]]:
        """Who outside got a letter, and when."""
        known = (*TEAM, SAM, RITA, FIXER)
        return [(one.at, one.to) for one in self.desk.sent if one.to not in known]

    def about(self, who: str, subject: str) -> int:
        """How many letters of that subject somebody got."""
        return sum(subject in one for one in self.desk.about(who))

    def letters(self, kind: str) -> list[Letter]:
        """The letters of one kind."""
        kinds = {row["message_id"]: row["kind"] for row in self.desk.view("outbox", True)}
        return [one.letter for one in self.desk.sent if kinds[header(one.letter, "Message-ID")] == kind]

    def ledger(self) -> list[dict[str, Any]]:
        """Every promise that was made."""
        found: list[dict[str, Any]] = json.loads(self.desk.word("ledger", "--json").out)
        return found
