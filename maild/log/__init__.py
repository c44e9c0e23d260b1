"""The operator's log: one function an event, ids and figures only.

On a terminal it is readable, under systemd every key is a field of the journal, elsewhere it is JSON lines.

This is an interface: event names and keys stay. Never a subject, an address of a reporter, a text or a
secret; ``maild show`` is where people look at a case.
"""

import sys
from datetime import datetime
from typing import TextIO

import structlog

from maild.log import journald
from maild.log.libraries import listen

LEVELS = ("debug", "info", "warning", "error")

_log = structlog.get_logger()


def set_up(stream: TextIO, as_lines: bool, level: str = "info") -> None:
    """Readable lines on a terminal, one JSON object a line elsewhere. Time stamps are UTC."""
    shape = (
        structlog.dev.ConsoleRenderer(0, colors=stream.isatty(), pad_level=False)  # 80 columns are enough
        if as_lines
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def started(version: str, desk: str) -> None:
    """The service runs."""
    _log.info("started", version=version, desk=desk)


def stands_by(works: str) -> None:
    """Another host works for the desk, or nobody can tell; this one waits for its turn."""
    _log.info("stands by", works=works)


def works(term: int) -> None:
    """The desk is this daemon's from now on, in this term."""
    _log.info("works", term=term)


def deposed() -> None:
    """Another host has the desk since; this one stands by."""
    _log.warning("deposed")


def lost_commits() -> None:
    """The database lacks what this host had seen in it; what may have been sent already is parked."""
    _log.error("database lost commits")


def reloading() -> None:
    """SIGHUP: the configuration was read anew, and the service goes on with it."""
    _log.info("reloading")


def reload_refused(faults: list[str]) -> None:
    """SIGHUP: the configuration is faulty; the service goes on with the one it had."""
    _log.error("reload refused", faults=faults)


def promise_changed(what: str) -> None:
    """A promise runs as an earlier configuration had it."""
    _log.info("promise of an earlier configuration", promise=what)


def stopped() -> None:
    """The service ended in good order."""
    _log.info("stopped")


def baseline(folder: str, count: int) -> None:
    """The first reading of a folder: what is in it already is backlog."""
    _log.info("baseline", folder=folder, backlog=count)


def folder_gone(folder: str) -> None:
    """The server no longer names a folder that was read because it named it."""
    _log.warning("folder gone", folder=folder)


def renumbered(folder: str) -> None:
    """The server numbered the mail of a folder anew; it is read again and recognised."""
    _log.warning("folder renumbered", folder=folder)


def kept(folder: str, count: int) -> None:
    """New mail was fetched and kept."""
    _log.info("mail kept", folder=folder, count=count)


def not_given(folder: str, count: int) -> None:
    """The server lists mail and did not give it; it is asked for again later."""
    _log.warning("mail not given", folder=folder, count=count)


def vanished(folder: str, count: int) -> None:
    """Mail was gone before it could be fetched."""
    _log.warning("mail vanished", folder=folder, count=count)


def unfetched(folder: str, tries: int, count: int) -> None:
    """Mail could not be fetched; it is asked for again, after everything else."""
    _log.warning("mail not fetched", folder=folder, tries=tries, count=count)


def handled(envelope: int, verdict: str, case: str) -> None:
    """A mail was decided upon."""
    _log.info("mail handled", envelope=envelope, verdict=verdict, case=case)


def opening(envelope: int, attempts: int) -> None:
    """A sealed or signed mail is about to be opened."""
    _log.debug("opening", envelope=envelope, attempts=attempts)


def opened(envelope: int, form: str, decryption: str, signature: str) -> None:
    """A sealed or signed mail was opened, as far as it could be."""
    _log.info("mail opened", envelope=envelope, form=form, decryption=decryption, signature=signature)


def opening_waits(envelope: int, why: str) -> None:
    """A mail cannot be opened now and is tried again."""
    _log.warning("opening waits", envelope=envelope, why=why)


def shunted(envelope: int, fingerprint: str) -> None:
    """A mail met a bug of maild; it is kept and set aside."""
    _log.error("mail shunted", envelope=envelope, fingerprint=fingerprint)


def purged(count: int) -> None:
    """Texts of closed cases and of spam were kept long enough and are given up."""
    _log.info("texts given up", count=count)


def escalated(case: str, clock: int, rung: int) -> None:
    """A promise lapsed and somebody is told."""
    _log.warning("escalated", case=case, clock=clock, rung=rung)


def letter(number: int, kind: str, case: str, outcome: str, code: int) -> None:
    """What became of a letter."""
    _log.info("letter", letter=number, kind=kind, case=case, outcome=outcome, code=code)


def letter_trouble(number: int, kind: str, why: str, again: datetime) -> None:
    """A letter could not be sent now."""
    _log.warning("letter waits", letter=number, kind=kind, why=why, again=again.isoformat())


def trouble(room: str, why: str) -> None:
    """A loop met trouble outside and goes on later."""
    _log.warning("trouble", room=room, why=why)


def recovered(room: str) -> None:
    """The trouble of a loop is over."""
    _log.info("recovered", room=room)


def alert(event: str, what: str, since: datetime) -> None:
    """The operator's alert socket was told that mail is down, or up again, or the clock wrong."""
    _log.warning("alert", alert=event, what=what, since=since.isoformat())


def clock_jumped(seconds: int, held: bool) -> None:
    """The wall clock was set (backwards below zero); forward, one sweep is held."""
    _log.error("clock jumped", seconds=seconds, sweep_held=held)


def clock_apart(seconds: int) -> None:
    """Our clock is ahead of the mail server's (behind it below zero): nothing is announced by it."""
    _log.error("clock apart", seconds=seconds)


def clock_skewed(seconds: int) -> None:
    """Our clock is ahead of the shared database's (behind it below zero); one sweep is held."""
    _log.error("clock skewed", seconds=seconds, sweep_held=True)


def hosts_differ(hosts: list[str]) -> None:
    """Other hosts of the desk have another configuration: who left the team is decided when they agree."""
    _log.error("hosts differ", hosts=hosts)


def sweep_held(why: str) -> None:
    """Deadlines were not looked at."""
    _log.warning("sweep held", why=why)


def died(room: str, fingerprint: str) -> None:
    """A loop met a bug; the process ends and is started again."""
    _log.error("died", room=room, fingerprint=fingerprint, pid_exits=True)


def library(name: str, place: str, fingerprint: str, error: bool) -> None:
    """A library or the interpreter complained of something at a place (module and line) in its own code."""
    about = {"name": name, "place": place, "fingerprint": fingerprint}
    if error:
        _log.error("library", **about)
    else:
        _log.warning("library", **about)


def to_stderr(level: str = "info") -> None:
    """The usual place of the log; *level* is one of ``LEVELS``, any other word means ``info``.

    Under systemd the journal gets each event with its keys as fields.
    """
    level = level if level in LEVELS else "info"
    listen(library)
    if journald.leads_there(sys.stderr):
        to_journal(journald.Journal(sys.stderr), level)
    else:
        set_up(sys.stderr, sys.stderr.isatty(), level)


def to_journal(journal: journald.Journal, level: str = "info") -> None:
    """Every event to systemd's journal, which keeps the time itself."""
    structlog.configure(
        processors=[structlog.processors.add_log_level, journald.as_keywords],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: journal,
        cache_logger_on_first_use=False,
    )
