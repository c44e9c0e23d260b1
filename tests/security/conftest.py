"""A desk with a key, and the keys of the people who write to it."""

from tests.engine.conftest import sealed_desk
from tests.openpgp.conftest import kit

__all__ = ["kit", "sealed_desk"]
