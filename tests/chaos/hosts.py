"""A storm over two daemons of one desk in PostgreSQL: ``python -m tests.chaos.hosts --rounds 300``.

In each round mails come in (reports in clear and sealed, spam, bounces, a member's replies), and something befalls
whoever works (see ``pair.BLOWS``), in turn at a named step of the road and at a random instant. The lease is of three
seconds. In the last third days go by, and promises lapse. At the end the desk is moved into a file, and the books are
balanced over it; the times from each blow until somebody works again are printed as a distribution.
"""

import argparse
import logging
import random
import re
import shutil
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from tests.chaos.books import Books, balance
from tests.chaos.feed import feed, one
from tests.chaos.pair import Pair
from tests.chaos.steps import POINTS
from tests.chaos.storm import DAYS, LATE_STEPS, SPARE, Feeding, stopwatch
from tests.chaos.world import RoughSink
from tests.openpgp.kit import Kit
from tests.support import postgres
from tests.support.certificate import make_certificate
from tests.support.dovecot import Dovecot
from tests.support.smtpsink import running

EACH = 2
WITHIN = 30.0
"""Seconds in which somebody works again, at the most."""
ROUGH = 0.03
DRIP = 0.0005


class HostStorm(Feeding):
    """Feeds a pair of hosts, strikes them, lets time go by, and balances the books."""

    def __init__(
        self, pair: Pair, chance: random.Random, say: Callable[[str], None] = lambda _: None
    ) -> None:
        super().__init__(pair, chance)
        self.pair, self.say = pair, say
        self.rounds = self.at_steps = 0
        early = [point for point in POINTS if not point.startswith("9 ")]  # nothing lapses on the first day
        chance.shuffle(early)
        self._early = deque(early)

    def run(self, rounds: int) -> Books:
        """Two thirds of the *rounds* while mails come in, the rest while days go by; then peace."""
        pair = self.pair
        pair.start()
        pair.await_one()
        pair.rest()
        pair.sink.rough, pair.sink.drip = ROUGH, DRIP
        early = rounds * 2 // 3
        coming = feed(early * EACH, pair.kit, self.chance)
        for _ in range(early):
            self.feed(list(islice(coming, EACH)))
            self.round(self._early)
            pair.advance(1 / 60)
        self.go_on(rounds - early)
        set_aside = self.peace()
        return self.balanced(set_aside)

    def round(self, steps: deque[str]) -> None:
        """One blow: in turn at a named step and at a random instant."""
        self.rounds += 1
        if self.rounds % 2:
            time.sleep(self.chance.uniform(0.0, 2.0))
            self.pair.blow()
        else:
            point = steps[0]
            if point.startswith(("5 ", "6 ")):  # there must be something to open
                self.feed([one(SPARE + self.rounds, "sealed", self.pair.kit)])
                self.further += 1
            strike = self.pair.blow_at_takeover if point.startswith("0 ") else self.pair.blow
            self.at_steps += strike(point)
            steps.rotate(-1)
        if self.rounds % 10 == 0:
            self.say(f"{self.rounds} blows, {len(self.pair.fed)} mails\n{self.figures()}")

    def go_on(self, rounds: int) -> None:
        """Days go by, with blows in each part of them."""
        steps, parts = deque(LATE_STEPS), min(rounds, DAYS * 4)
        self.chance.shuffle(steps)
        for left in range(parts, 0, -1):
            self.pair.advance(DAYS * 24 / parts)
            share = -(-rounds // left)
            rounds -= share
            for _ in range(share):
                self.feed([])  # but for answers
                self.round(steps)

    def peace(self) -> int:
        """The servers behave, and an operator has set-aside mail tried again; how many mails that were."""
        pair = self.pair
        pair.sink.rough = pair.sink.drip = 0.0
        pair.rest()
        if set_aside := pair.shunted():
            said = pair.word("retry", "--all")
            assert said.status == 0, said.out + said.err
        for hours in (1, 25, 25, 25):  # whose first step was told late has their second one
            pair.rest()
            pair.advance(hours)
        pair.rest()
        pair.close()
        return set_aside

    def balanced(self, set_aside: int) -> Books:
        """The books, over the desk as it is in a file."""
        pair = self.pair
        here = pair.word("verify")
        state, moved = pair.copied()
        if moved.status:
            return Books(faults=[moved.out + moved.err])
        excused = pair.taken_up() + pair.sink.cut
        for name in pair.answers():  # what a person wrote goes out once, whatever happens
            del excused[name]
        books = balance(pair.fed, state, pair.sink.letters, excused)
        books.faults += [here.out + here.err] if here.status else []
        books.faults += [*pair.terms(), *pair.ended]
        late = [f"{blow}: {took:.1f} s" for blow, many in pair.took.items() for took in many if took > WITHIN]
        books.faults += [f"nobody worked for too long after {one}" for one in late]
        self.say("\n".join(self.trails(books)))
        books.figures["set aside, and handled when an operator said retry"] = set_aside
        return books

    def trails(self, books: Books) -> Iterator[str]:
        """What became of the letters that faults name."""
        for name in dict.fromkeys(name for fault in books.faults for name in re.findall(r"<\S+>", fault)):
            yield "\n  ".join([name, *self.pair.trail(name)])

    def figures(self) -> str:
        """What befell the hosts, and how long nobody worked."""
        pair = self.pair
        lines = [f"  {count:6d}  {what}" for what, count in sorted(pair.blows.items())]
        lines += [f"  {len(pair.ended):6d}  daemons ended by themselves, term {pair.lease()[0]}"]
        every = [took for many in pair.took.values() for took in many]
        for name, many in (*pair.took.items(), ("all", every)):
            if many:
                lines.append(f"  works again after {name}: {spread(many)}")
        return "\n".join(lines)


def spread(seconds: list[float]) -> str:
    """Median, 95 of 100, most."""
    ordered = sorted(seconds)
    shares = (ordered[min(int(len(ordered) * part), len(ordered) - 1)] for part in (0.5, 0.95, 1))
    return "median {:.1f} s, p95 {:.1f} s, most {:.1f} s".format(*shares) + f" of {len(ordered)}"


def main() -> int:
    """Run the storm and print the books; exit status 1 when they do not balance."""
    words = argparse.ArgumentParser(prog="python -m tests.chaos.hosts", description=__doc__)
    words.add_argument("--rounds", type=int, default=60)
    words.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    words.add_argument("--clear", action="store_true", help="no member has a key: copies cost no gpg")
    given = words.parse_args()
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # deaths in the middle of a talk are meant
    print(f"seed {given.seed}", flush=True)
    began = stopwatch()
    folder = Path(tempfile.mkdtemp(prefix="hosts", dir="/tmp"))
    with ExitStack() as stack:
        chance = random.Random(given.seed)
        dovecot = Dovecot()
        stack.callback(dovecot.remove)
        dovecot.start()
        inbox = dovecot.user("desk")
        sink = stack.enter_context(running(RoughSink(make_certificate(folder), chance)))
        kit = Kit()
        stack.callback(kit.remove)
        cluster = stack.enter_context(postgres.running())
        pair = Pair(folder, inbox, sink, kit, cluster, chance, keys=not given.clear)
        storm = HostStorm(pair, chance, lambda text: print(f"{began():6.0f} s  {text}", flush=True))
        books = storm.run(given.rounds)
        print(f"{storm.rounds} blows ({storm.at_steps} at a named step), {len(sink.letters)} letters")
        print(f"{storm.figures()}\n{books}")
        inbox.log_out()
    if books.faults:
        print(f"the state is kept in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
