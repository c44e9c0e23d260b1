"""Addresses that no person reads, known by their local part."""

import re

from maild.core.mail.platforms import platform_of

_ROBOT = re.compile(
    r"(?:do[._-]?)?no(?:t)?[._-]?reply.*|.*[._-]no[._-]?reply|nobody|root|cron|daemon|postmaster|www-data|apache"
    r"|nginx|httpd|wordpress|joomla|drupal|(?:web|contact)[._-]?forms?|form[._-]?mail(?:er)?"
    r"|(?:.+[._-])?notifications?|notify|alerts?|(?:auto)?mailer|newsletters?|bounces?(?:\+.+)?|msprvs1=.+|robot|bot"
    r"|auto(?:mat(?:ed|ic))?[._-]?(?:reply|replies|respon(?:d|der|se)|confirm(?:ation)?|mail)|automated|automatic"
    r"|unattended|unmonitored|owner-.+|.+-(?:owner|request|bounces?|admin-bot)",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    r"(?:do[._-]?not|dont|no)[._-]?(?:repl(?:y|ies)|respond|answer)|reply[._-]?no\b"
    r"|(?:bitte[._-]?)?nicht[._-]?(?:be)?antwort|keine?[._-]?antwort|ne[._-]?pas[._-]?repondre"
    r"|n[aã]o[._-]?respond|non[._-]?rispond|niet[._-]?(?:be)?antwoord|geen[._-]?antwoord"
    r"|svara?[._-]?(?:ej|inte|ikke)\b|(?:ej|inte|ikke)[._-]?svara?\b|ei[._-]?vasta|nie[._-]?odpowiada"
    r"|ne[._-]?odpov[ií]da|ne[._-]?valaszol|ne[._-]?otvecha",
    re.IGNORECASE,
)
"""That nobody reads it, in the languages in which addresses say so."""
_TOKEN = re.compile(
    r"(?:reply|replies|reply-?to|incoming|inbound|parse|comments?|case-comment|fbnotify|notes?)\+.+",
    re.IGNORECASE,
)


def is_robot(address: str) -> bool:
    """Whether the local part of *address* is one that programs write from."""
    return bool(_ROBOT.fullmatch(address.rpartition("@")[0]))


def answers_nobody(address: str) -> bool:
    """Whether no person reads what is sent to *address*: a robot's, or a platform's for one thread or all."""
    local = address.rpartition("@")[0]
    return is_robot(address) or bool(
        _TOKEN.fullmatch(local) or _SAYS_SO.search(local) or platform_of(address)
    )
