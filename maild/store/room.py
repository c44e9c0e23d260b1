"""How many bytes the database takes, without the pages that it would write to next."""

from sqlalchemy import Connection


def used(connection: Connection) -> int:
    """The bytes of its pages that hold something."""
    pages, free, size = (
        int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size
