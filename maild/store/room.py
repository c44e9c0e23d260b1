"""How many bytes the database takes of those that it may."""

from sqlalchemy import Connection

from maild.store import sound


def used(connection: Connection) -> int:
    """The bytes of it that hold something."""
    return sound.of(connection).used(connection)
