"""Reading the desk for the live board: a connection that cannot write, opened anew for each look."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from maild.app.desk import become_owner, place_of
from maild.config import Config
from maild.errors import Refused
from maild.store.overview import Overview, overview


@contextmanager
def reading(config: Config) -> Iterator[Callable[[], Overview]]:
    """What reads the desk's overview. ``Refused`` when there is no database yet."""
    become_owner(config)
    place = place_of(config)
    if not place.exists():
        raise Refused(f"there is no database in {config.state} yet; `maild run` makes it")
    database = place.open_read_only()
    try:
        yield lambda: database.call(overview)
    finally:
        database.close()
