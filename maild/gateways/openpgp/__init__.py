"""OpenPGP through gpg: hostile mail by a bounded runner of our own, trusted work by python-gnupg."""

from maild.gateways.openpgp.desk import OpenPGP
from maild.gateways.openpgp.homes import Recipient, check_home, prepare_home, system_options
from maild.gateways.openpgp.mailed import NO_KEY, MailedKey, examine
from maild.gateways.openpgp.making import ALGORITHMS, end_agent, import_secret, make_key, try_secret
from maild.gateways.openpgp.runner import Limits, Runner
from maild.gateways.openpgp.status import Decrypted
from maild.gateways.openpgp.trusted import ListedKey, export_public, gpg_version, list_keys, weak_signatures

__all__ = [
    "ALGORITHMS",
    "NO_KEY",
    "Decrypted",
    "Limits",
    "ListedKey",
    "MailedKey",
    "OpenPGP",
    "Recipient",
    "Runner",
    "check_home",
    "end_agent",
    "examine",
    "export_public",
    "gpg_version",
    "import_secret",
    "list_keys",
    "make_key",
    "prepare_home",
    "system_options",
    "try_secret",
    "weak_signatures",
]
