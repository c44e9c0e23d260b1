"""Text as every database takes it: PostgreSQL knows no NUL and no half of a surrogate pair."""

from typing import Any


def clean(value: Any) -> Any:
    """The JSON *value* with ``clean_text`` of every text in it."""
    match value:
        case str():
            return clean_text(value)
        case dict():
            return {clean(name): clean(one) for name, one in value.items()}
        case list() | tuple():
            return [clean(one) for one in value]
    return value


def clean_text(value: str) -> str:
    """*value* without NULs, and with U+FFFD for each half of a surrogate pair."""
    if value.isascii():
        return value.replace("\0", "")
    return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
