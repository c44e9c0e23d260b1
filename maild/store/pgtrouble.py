"""Trouble with a server of PostgreSQL in our words, by its SQLSTATE (PostgreSQL's manual, appendix A)."""

from sqlalchemy.exc import DBAPIError

from maild.errors import PermanentError, StoreError

_HELD = "another command or daemon has locked it for too long; try again, or look at pg_stat_activity"
_ENDED = "the server ended the connection; maild tries again"
CAUSES = {
    "55P03": _HELD,
    "40": _HELD,
    "57014": "a statement was cancelled; maild tries again",
    "57": _ENDED,
    "25P03": "a transaction was idle for too long and the server ended it; maild tries again",
    "25006": "the server accepts no changes: it is a replica, or set to read-only",
    "53100": "the server's disk is full; make room on it",
    "53": "the server is short of connections or memory; look at its log",
    "58": "the server has a problem with its disk; look at its log",
    "08": _ENDED,
    "28": "the server refuses the login; look at [database] and pg_hba.conf",
    "3D": "there is no such database; create it (`maild help postgresql`)",
    "42501": "the role has too few rights; it must own the database (`maild help postgresql`)",
}
"""What PostgreSQL says when nothing can be stored, by SQLSTATE or how it begins, and what to do."""


def in_words(place: str, error: DBAPIError) -> Exception:
    """Trouble with the server at *place* in our words; anything else that it says is a bug of ours."""
    state = getattr(error.orig, "sqlstate", None) or ""
    if state.startswith("XX"):
        return PermanentError(
            f"database {place} is damaged: {_line(error)}; stop maild and restore the last backup"
        )
    for begin, words in CAUSES.items():
        if state.startswith(begin):
            return StoreError(f"database {place}: {words}")
    if not state and (error.connection_invalidated or _unreached(error)):
        return StoreError(f"database {place} cannot be reached: {_line(error)}")
    return error


def _unreached(error: DBAPIError) -> bool:
    from psycopg import InterfaceError, OperationalError

    return isinstance(error.orig, OperationalError | InterfaceError)


def _line(error: DBAPIError) -> str:
    """The first line of what the driver says; it names hosts and roles, no value of a statement."""
    return (str(error.orig).splitlines() or ["no reason given"])[0][:300]
