"""How templates are read: in Jinja's sandbox, whoever wrote them, and nothing in them may be missing.

An operator's own words are data that somebody sends around: they can print what they are given, and reach
neither attributes that begin with an underscore nor anything that changes a value.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment


def environment(
    folders: Sequence[Path], autoescape: bool | Callable[[str | None], bool]
) -> ImmutableSandboxedEnvironment:
    """The templates in *folders*, the first that has one of the name; *autoescape* is for pages of HTML."""
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=autoescape,
    )
