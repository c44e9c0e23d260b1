"""The database: whole, unchanged from outside, and nothing in it that waits for a person."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection

from maild.app import promises
from maild.app.check.line import Line, fault, ok, warning
from maild.app.desk import Desk, now, open_desk
from maild.app.run import is_running
from maild.config import Config
from maild.config.servers import SENT
from maild.core import canary
from maild.core.candidates.times import CanaryCandidates
from maild.core.keeping.room import Room, room
from maild.core.letters.kinds import LetterKind
from maild.engine.skew import APART
from maild.store import canaries, folders, journal, lease, letters, sound, team, unfetched, views
from maild.store.room import used

SILENT = timedelta(minutes=15)
"""A running maild that has not read a folder for so long is blind."""


def look(config: Config) -> Iterator[Line]:
    """Integrity first; then what waits."""
    with open_desk(config) as desk:
        yield from _whole(desk)
        yield _room(desk)
        yield from _waiting(desk)
        yield from _canary(desk)
        yield from _team(desk)
        yield from _promises(desk)
        yield from _hosts(desk)
        if is_running(config):
            yield from _read(desk)


def _whole(desk: Desk) -> Iterator[Line]:
    found, broken = desk.ask(_quickly), desk.ask(journal.broken_at)
    back = "stop maild, restore the last backup, and start maild again"
    if found:
        yield fault("database", f"{desk.config.state}: damaged ({found})", back)
    elif broken is not None:
        words = f"the journal's chain is broken at row {broken}: something other than maild changed it"
        yield fault("database", words, f"find out what writes to {desk.config.state}; then {back}")
    else:
        yield ok("database", desk.database.place)
    for risk, mend in desk.ask(_risks):
        yield warning("database", risk, mend)


def _quickly(connection: Connection) -> str:
    return sound.of(connection).quickly(connection)


def _risks(connection: Connection) -> list[tuple[str, str]]:
    return sound.of(connection).risks(connection)


def _room(desk: Desk) -> Line:
    """What it takes of what it may."""
    taken, most = desk.ask(used), desk.policy.limits.database
    left = f"{taken / 1e6:,.0f} MB of {most / 1e6:,.0f} MB used (limits.database_mb)"
    mend = "shorten [retention], close what is done, or raise limits.database_mb if the disk has room"
    match room(taken, most):
        case Room.OVER:
            return fault("database", left, mend)
        case Room.TIGHT:
            return warning("database", left, mend)
        case Room.ENOUGH:
            return ok("database", left)


def _waiting(desk: Desk) -> Iterator[Line]:
    """What will not go on by itself, or does not at the moment."""
    if since := desk.ask(unfetched.oldest):
        found = f"{desk.ask(unfetched.count)} listed by the server but not delivered"
        mend = "open the folder in a mail client; maild retries, and finally opens a case for each message"
        yield warning("mail", f"{found} since {since:%Y-%m-%d %H:%M} UTC", mend)
    if aside := len(desk.ask(views.shunted)):
        yield warning("mail", f"{aside} set aside because maild could not handle them", "see `maild shunted`")
    if stuck := desk.ask(letters.count, letters.HELD, letters.PARKED):
        mend = "see `maild outbox`; `maild send` sends one"
        yield warning("letters", f"{stuck} waiting for a person", mend)


def _canary(desk: Desk) -> Iterator[Line]:
    """Whether the last letter to ourselves came back; nothing where none flies."""
    if desk.policy.canary.every is None:
        return
    last, tagged = desk.ask(canaries.last), desk.ask(canaries.last, LetterKind.TAGGED)
    if last is None or last.sent is None:
        when = f"due since {last.owed:%Y-%m-%d %H:%M} UTC" if last else "the service will send the first"
        yield ok("canary", f"none has been sent yet: {when}")
    elif since := canary.silent_since(last, desk.policy, now()):
        mend = (
            "look for it in the mailbox (junk folder, filters), and ask whoever forwards the public address"
        )
        yield fault("canary", f"the one sent at {since:%Y-%m-%d %H:%M} UTC has not arrived", mend)
    else:
        came = f"arrived at {last.seen:%Y-%m-%d %H:%M} UTC" if last.seen else "is on its way"
        yield ok("canary", f"the last one {came}")
    if canary.tag_lost(CanaryCandidates(last, tagged), desk.policy, now()):
        mend = "set desk.subaddress = false: replies then find their case by References"
        yield warning("canary", f"the one sent to {canary.tagged(desk.policy.desk)} did not arrive", mend)


def _team(desk: Desk) -> Iterator[Line]:
    """Who left the team, and may still open what is sealed to the desk's key."""
    known = desk.ask(team.known)
    for gone in (one for one in known.members if not one.within(desk.policy.team)):
        mend = "start maild, or reload its configuration (systemctl reload maild)"
        yield warning(
            "team", f"{gone.name} is no longer in the configuration, but maild has not reloaded it yet", mend
        )
    for left in (one for one in known.left if one.key and one.key == desk.policy.desk.fingerprint):
        mend = "make a new key, publish it, and set openpgp.key to it (`maild keys` lists them)"
        told = f"{left.name} left on {left.at:%Y-%m-%d}, and the desk still uses a key that they may have"
        yield warning("team", told, mend)


def _promises(desk: Desk) -> Iterator[Line]:
    """Promises that run as an earlier configuration had them; nothing has to be done about it."""
    for line in promises.other_than_configured(desk):
        yield ok("promises", line)


def _hosts(desk: Desk) -> Iterator[Line]:
    """Whether the hosts of the desk agree with one another, and this one's clock with the database's."""
    if not desk.database.shared:
        return
    if others := desk.ask(lease.configured_otherwise, desk.config.digest):
        text = f"{', '.join(others)} runs with another maild.toml than this host"
        yield fault("hosts", text, "give every host the same file, and reload maild there")
    ahead = now() - desk.ask(lease.clock)
    if abs(ahead) > APART:
        text = f"this host's clock differs from the database's by {abs(ahead).total_seconds():,.0f} seconds"
        yield fault("hosts", text, "have both set by NTP (`timedatectl`)")


def _read(desk: Desk) -> Iterator[Line]:
    """Whether the running service really reads the mailbox."""
    inbox = desk.config.file.inbox
    for name in (*inbox.folders, inbox.sent.removeprefix(SENT), inbox.junk or ""):
        found = desk.ask(folders.position, name) if name else None
        if name and (found is None or found.read_at is None or now() - found.read_at > SILENT):
            when = found.read_at if found else None
            since = when.isoformat(timespec="minutes") if when else "the service started"
            mend = "see the log (journalctl -u maild); the imap lines here say whether the server answers"
            yield fault("mailbox", f'maild is running, but has not read "{name}" since {since}', mend)
