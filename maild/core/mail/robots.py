"""Addresses that no person reads, known by their local part."""

import re

from maild.core.mail.platforms import platform_of

_ROBOT = re.compile(
    r"(?:do[._-]?)?no(?:t)?[._-]?reply.*|.*[._-]no[._-]?reply|nobody|root|cron|daemon|postmaster|www-data|apache"
    r"|notifications?|(?:auto)?mailer|newsletters?|bounces?|robot|bot|owner-.+|.+-(?:owner|request|bounces?|admin-bot)",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(r"(?:do[._-]?not|dont|no)[._-]?(?:reply|respond|answer)", re.IGNORECASE)
_TOKEN = re.compile(r"(?:reply|replies|incoming|comments?|notes?)\+.+", re.IGNORECASE)


def is_robot(address: str) -> bool:
    """Whether the local part of *address* is one that programs write from."""
    return bool(_ROBOT.fullmatch(address.rpartition("@")[0]))


def answers_nobody(address: str) -> bool:
    """Whether no person reads what is sent to *address*: a robot's, or a platform's for one thread or all."""
    local = address.rpartition("@")[0]
    return is_robot(address) or bool(
        _TOKEN.fullmatch(local) or _SAYS_SO.search(local) or platform_of(address)
    )
