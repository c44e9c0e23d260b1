"""The storm: mails come in while the daemon is killed again and again; then days go by, and it is killed on."""

import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import islice

from tests.chaos.books import Books, balance
from tests.chaos.feed import Fed, answer, feed, one
from tests.chaos.steps import POINTS, Aim
from tests.chaos.world import Way, World
from tests.support.relaying import letter_text

PATIENCE = 8.0
"""Seconds in which an armed life has to reach its step; then it is killed where it is."""
QUIET = 2.0
"""The same while days go by, when often there is nothing to do."""
LIFE = 1.0
"""Seconds that a life has at the most when it is killed at random."""
LATE_STEPS = [point for point in POINTS if point.startswith(("0 ", "9 ", "8 ")) and "postpone" not in point]
"""The steps that are taken while days go by without new mail."""
SPARE = 500_000
"""Numbers from here on are those of mails that the storm needs beside."""
DAYS = 4
"""How long after the last mail: both steps of the ladder are climbed by then."""


class Feeding:
    """Feeds what comes on a way, and answers for the member who reads in clear."""

    def __init__(self, way: Way, chance: random.Random) -> None:
        self.way, self.chance = way, chance
        self.further = 0
        self._looked = 0

    @property
    def numbered(self) -> int:
        """How many of the mails were fed that the storm was asked for."""
        return len(self.way.fed) - self.further

    def feed(self, mails: list[Fed]) -> None:
        """These mails come in, and some of them a second time; a member answers what he has read."""
        for mail in mails:
            self.way.put(mail)
            if mail.kind == "plain" and self.chance.random() < 0.05:
                self.way.again(mail)
        for reply in self.answers():
            self.way.put(reply)
            self.further += 1

    def answers(self) -> Iterator[Fed]:
        """Bea answers every fifth plain report of which she has a copy."""
        letters = self.way.sink.letters
        known = {mail.name for mail in self.way.fed}
        plain = {mail.name for mail in self.way.fed if mail.kind == "plain" and int(mail.name) % 5 == 0}
        while self._looked < len(letters):
            sent = letters[self._looked]
            self._looked += 1
            if sent.recipients != ("bea@project.example",):
                continue
            name = letter_text(sent).partition("Report ")[2][:6]
            if name in plain and f"a{name}" not in known:
                known.add(f"a{name}")
                yield answer(sent, name)


class Storm(Feeding):
    """Feeds a world, kills its daemon, lets time go by, and balances the books."""

    def __init__(
        self,
        world: World,
        chance: random.Random,
        hours: int = 24,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__(world, chance)
        self.world, self.hours, self.say = world, hours, say
        self.kills = self.set_aside = 0
        early = [point for point in POINTS if not point.startswith("9 ")]  # nothing lapses on the first day
        self._steps = deque(point for point in early if not (world.postfix and "postpone" in point))
        chance.shuffle(self._steps)

    def run(self, kills: int, mails: int) -> Books:
        """Two thirds of the *kills* while *mails* come in, the rest while days go by; then peace."""
        world = self.world
        world.once()  # fixes the baseline
        world.sink.rough = 0.0 if world.postfix else 0.06
        coming = feed(mails, world.kit, self.chance)
        early = kills * 2 // 3
        for left in range(early, 0, -1):
            self.feed(list(islice(coming, -(-(mails - self.numbered) // left))))
            self.life(self._steps, PATIENCE)
            if left % 50 == 0:
                self.say(
                    f"{self.kills} kills, {len(self.world.fed)} mails, {self.world.busy()} things left to do"
                )
            world.advance(1 / 60)
        self.go_on(kills - early)
        self.peace()
        books = balance(world.fed, world.folder / "state", world.sink.letters, self.excuses())
        books.faults += world.verify()
        books.figures["set aside, and handled when an operator said retry"] = self.set_aside
        return books

    def life(self, steps: deque[str], patience: float) -> None:
        """One life of the daemon and its death: in turn at a named step and at a random instant."""
        self.kills += 1
        if self.kills % 2:
            pid = self.world.begin()
            self.world.kill(pid, self.chance.uniform(0.02, LIFE))
            self.world.deaths["at a random instant"] += 1
            return
        point = steps[0]
        if point.startswith(("5 ", "6 ")):  # there must be something to open
            self.feed([one(SPARE + self.kills, "sealed", self.world.kit)])
            self.further += 1
        pid = self.world.begin(aim=Aim(point, self.chance.choice((1, 1, 2))))
        if self.world.kill(pid, patience):
            self.world.deaths[point] += 1
            steps.rotate(-1)
        else:
            self.world.deaths["at a random instant"] += 1
            steps.append(steps.popleft())

    def go_on(self, kills: int) -> None:
        """Days go by; at each step of them the daemon is killed some times and then finishes."""
        steps = deque(LATE_STEPS)
        self.chance.shuffle(steps)
        for left in range(DAYS * 24 // self.hours, 0, -1):
            self.world.advance(self.hours)
            share = -(-kills // left)
            kills -= share
            for _ in range(share):
                self.life(steps, QUIET)
            self.world.once()
            self.say(
                f"{self.kills} kills, {self.world.hours:.0f} h later, {self.world.busy()} things left to do"
            )

    def peace(self) -> None:
        """The servers behave, the daemon has the time it needs, and an operator has set-aside mail tried again."""
        self.world.sink.rough = 0.0
        if shunted := self.world.shunted():
            self.set_aside += shunted
            said = self.world.word("retry", "--all")
            assert said.returncode == 0, said.stderr
        for _ in range(12):
            self.world.once()
            self.world.settle_down()
            if not self.world.busy():
                break
            self.world.advance(1)
        for _ in range(2):  # whose first step was told late has his second one
            self.world.advance(25)
            self.world.once()
        self.world.settle_down()

    def excuses(self) -> Counter[str]:
        """By Message-ID, how often a letter may have arrived again."""
        return self.world.excused + self.world.sink.cut

    def report(self, books: Books, seconds: float) -> str:
        """All that is to be printed."""
        deaths = [f"  {count:6d}  killed: {where}" for where, count in sorted(self.world.deaths.items())]
        whims = [f"  {count:6d}  trouble: {what}" for what, count in sorted(self.world.sink.whims.items())]
        head = f"{self.kills} kills, {len(self.world.fed)} mails, {len(self.world.sink.letters)} letters, {seconds:.0f} s"
        return "\n".join([head, *deaths, *whims, str(books)])


def stopwatch() -> Callable[[], float]:
    """Seconds since now."""
    began = time.monotonic()
    return lambda: time.monotonic() - began


__all__ = ["Feeding", "Storm", "stopwatch"]
