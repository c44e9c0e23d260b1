"""A Web Key Directory of the desk's key, by which mail programs find it (draft-koch-openpgp-webkey-service).

One tree serves both ways to ask: the advanced one, on the host ``openpgpkey.`` and the domain, and the direct
one, on the domain itself.
"""

from collections.abc import Mapping
from hashlib import sha1
from pathlib import PurePosixPath

from maild.app.keys import exported
from maild.config import Config
from maild.core.mail.armor import PUBLIC_KEY, dearmor
from maild.core.values.address import ADDRESS, normal
from maild.errors import Refused
from maild.gateways.openpgp import list_keys

ROOT = PurePosixPath(".well-known/openpgpkey")
_ALPHABET = "ybndrfg8ejkmcpqxot1uwisza345h769"


def hashed(local: str) -> str:
    """The name of an address's file: SHA-1 of its local part, ASCII in lower case, in z-base-32 (§3.1)."""
    lower = "".join(one.lower() if one.isascii() else one for one in local)
    number = int.from_bytes(sha1(lower.encode(), usedforsecurity=False).digest(), "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(155, -1, -5))


def places(address: str) -> tuple[PurePosixPath, ...]:
    """The files of the directory: the key for each way to ask, and an empty policy beside it (§4.5)."""
    local, _, domain = address.rpartition("@")
    advanced = ROOT / domain.lower()
    return (*(one / "hu" / hashed(local) for one in (advanced, ROOT)), advanced / "policy", ROOT / "policy")


def directory(config: Config) -> Mapping[PurePosixPath, bytes]:
    """What stands in the files: the desk's key in binary, and nothing in the policies.

    ``Refused`` where the key does not name the desk's address: no program would take it (§3.1).
    """
    address = config.file.desk.address
    key = dearmor(exported(config), PUBLIC_KEY)
    if normal(address) not in _named(config):
        raise Refused(
            f"no program would take the desk's key for {address}, because the key does not name it;"
            f" add it: gpg --homedir {config.pgp_home} --quick-add-uid {config.file.openpgp.key} {address}"
        )
    return {one: b"" if one.name == "policy" else key for one in places(address)}


def _named(config: Config) -> set[str]:
    """The addresses in the names of the desk's key."""
    keys = list_keys(config.pgp_home, secret=True)
    names = [name for key in keys if key.fingerprint == config.file.openpgp.key for name in key.names]
    return {normal(address) for name in names for address in ADDRESS.findall(name)}
