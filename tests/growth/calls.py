"""Every public function of the core over mail bytes, text or headers, as a call on one text.

What cannot be called with a text alone is named in ``ELSEWHERE``, with what covers it.
"""

import inspect
import typing
from collections.abc import Callable, Iterator

from maild.core.mail.address import Address
from maild.core.mail.headers import Headers, parse_headers
from maild.core.mail.mime import Part, Tree, parse
from maild.core.mail.opened import Form
from maild.core.mail.packets import ENCRYPTED
from maild.core.values.desk import Desk
from maild.core.values.phrases import Phrases
from tests.growth.collect import modules
from tests.support.phrases import PHRASES

ROOMS = ("maild.core.mail.", "maild.core.words.", "maild.core.screening.", "maild.core.writing.gate.")
ELSEWHERE = {
    "maild.core.words.reading.text_below": "own_text and the patterns of the words",
    "maild.core.mail.facts.read_facts": "each function that it calls",
    "maild.core.mail.combined.together": "pieces, entities and find_sealed",
    "maild.core.mail.facts.outer_author": "sender and list_author",
    "maild.core.mail.facts.authentication": "authenticate, sender and in_group",
    "maild.core.screening.screen.screen": "the patterns of the rules; a subject is cut first",
    "maild.core.screening.seen.see": "the patterns of the rules; a subject is cut first",
    "maild.core.screening.seen.bare": "its pattern",
    "maild.core.screening.seen.disguised": "its patterns",
    "maild.core.words.reading.until": "its pattern",
    "maild.core.writing.gate.overtaken.overtaken": "no function over mail: it compares facts",
    "maild.core.writing.gate.files.unpacked": "look",
    "maild.core.writing.gate.streams.inflated": "look",
}
_GIVEN = {
    tuple[str, ...]: ("mx.project.example",),
    frozenset[str]: frozenset({"team@project.example"}),
    frozenset[int]: ENCRYPTED,
    Address | None: Address("rita@reporter.example"),
    Address: Address("rita@reporter.example"),
    Form: Form.PGP_MIME,
    Desk: Desk("Example", "security@project.example", b"secret"),
    Phrases: PHRASES,
    int: 4096,
    bool: True,
    Part: parse(b"a").root,
    Tree: parse(b"a"),
    Headers: parse_headers(b"From: rita@reporter.example\n\n"),
    bytes: b"secret",
    list[bytes]: [b"a"],
    str: "On a wrote:",
}
"""What stands for every parameter but the first."""
_MADE: dict[object, Callable[[str], object]] = {
    str: str,
    bytes: str.encode,
    Headers: lambda text: parse_headers(text.encode()),
    Part: lambda text: parse(text.encode()).root,
    Tree: lambda text: parse(text.encode()),
}
"""How a text becomes the first parameter."""


def functions() -> Iterator[tuple[str, object, Callable[[str], object]]]:
    """Name, what it takes, and a call, of each."""
    for module in modules():
        if not module.__name__.startswith(ROOMS):
            continue
        for name, found in vars(module).items():
            label = f"{module.__name__}.{name}"
            own = inspect.isfunction(found) and found.__module__ == module.__name__
            if own and not name.startswith("_") and label not in ELSEWHERE:
                takes = _takes(found)
                if takes and takes[0] in _MADE:
                    unknown = [one for one in takes[1:] if one not in _GIVEN]
                    assert not unknown, f"{label}: add {unknown} to _GIVEN, or the function to ELSEWHERE"
                    yield label, takes[0], _call(found, takes)


def _takes(function: Callable[..., object]) -> list[object]:
    hints = typing.get_type_hints(function)
    wanted = inspect.signature(function).parameters.values()
    return [hints[one.name] for one in wanted if one.default is one.empty]


def _call(function: Callable[..., object], takes: list[object]) -> Callable[[str], object]:
    make, others = _MADE[takes[0]], [_GIVEN[one] for one in takes[1:]]

    def call(text: str) -> object:
        found = function(make(text), *others)
        return sum(1 for _ in found) if inspect.isgenerator(found) else found

    return call
