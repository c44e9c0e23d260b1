"""What libraries and the interpreter have to say, told in our way: where it was said, and how bad it is.

Their words and tracebacks may hold words of a mail; they go nowhere.
"""

import logging
from asyncio import CancelledError
from collections.abc import Callable

from maild.errors import fingerprint


class Libraries(logging.Handler):
    """Calls *tell* for each warning and error: the logger, its module and line, the error's kind, how bad."""

    def __init__(self, tell: Callable[[str, str, str, bool], None]) -> None:
        super().__init__(logging.WARNING)
        self.tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of one record."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, CancelledError):
            return  # a job that was cut off because the service ends
        place = f"{record.module}:{record.lineno}"
        self.tell(record.name, place, fingerprint(error) if error else "", record.levelno >= logging.ERROR)


def listen(tell: Callable[[str, str, str, bool], None]) -> None:
    """From now on *tell* hears of all that is said through ``logging`` and ``warnings``."""
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, Libraries)] + [Libraries(tell)]
    logging.captureWarnings(True)
