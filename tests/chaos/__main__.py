"""The crash harness by hand, for as long as you like: `python -m tests.chaos --kills 500 --mails 2000`."""

import argparse
import logging
import random
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.chaos.lives import Lives
from tests.chaos.storm import Storm, stopwatch
from tests.chaos.world import ADDRESS, RoughSink, World
from tests.openpgp.kit import Kit
from tests.support.certificate import make_certificate
from tests.support.dovecot import Dovecot
from tests.support.postfix import Postfix
from tests.support.smtpsink import running


def main() -> int:
    """Run the storm and print the books; exit status 1 when they do not balance."""
    words = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    words.add_argument("--kills", type=int, default=500)
    words.add_argument("--mails", type=int, default=2000)
    words.add_argument("--server", choices=("postfix", "rough"), default="rough")
    words.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    words.add_argument("--clear", action="store_true", help="no member has a key: copies cost no gpg")
    given = words.parse_args()
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # deaths in the middle of a talk are meant
    print(f"seed {given.seed}, server {given.server}", flush=True)
    began = stopwatch()

    def say(text: str) -> None:
        print(f"{began():6.0f} s  {text}", flush=True)

    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="chaos"))
        chance = random.Random(given.seed)
        dovecot = Dovecot()
        stack.callback(dovecot.remove)
        dovecot.start()
        inbox = dovecot.user("desk")
        sink = stack.enter_context(running(RoughSink(make_certificate(folder), chance)))
        kit = Kit()
        stack.callback(kit.remove)
        postfix = None
        if given.server == "postfix":
            postfix = Postfix(inbox, ADDRESS, sink.port)
            stack.callback(postfix.remove)
            postfix.start()
        lives = Lives()
        stack.callback(lives.close)
        world = World(folder, lives, inbox, sink, kit, postfix, keys=not given.clear)
        took, storm = stopwatch(), Storm(world, chance, hours=6, say=say)
        books = storm.run(given.kills, given.mails)
        print(storm.report(books, took()))
        inbox.log_out()
    if books.faults:
        print(f"the state is kept in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
