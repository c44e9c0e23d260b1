"""Addresses that no person reads, known by their local part."""

import re

from maild.core.mail.platforms import platform_of
from maild.core.values.phrases import Phrases

_ROBOT = re.compile(
    r"(?:do[._-]?)?no(?:t)?[._-]?reply.*|.*[._-]no[._-]?reply|nobody|root|cron|(?:mail(?:er)?[._-]?)?daemon|postmaster|www-data|apache"
    r"|nginx|httpd|wordpress|joomla|drupal|(?:web|contact)[._-]?forms?|form[._-]?mail(?:er)?"
    r"|(?:.+[._-])?notifications?|notify|alerts?|(?:auto)?mailer|newsletters?|bounces?(?:\+.+)?|msprvs1=.+|robot|bot"
    r"|auto(?:mat(?:ed|ic))?[._-]?(?:reply|replies|respon(?:d|der|se)|confirm(?:ation)?|mail)|automated|automatic"
    r"|unattended|unmonitored|owner-.+"
    r"|majordomo|listserv|listproc|mailman|sympa|ecartis|ezmlm|mlmmj",
    re.IGNORECASE,
)
_OF_A_LIST = re.compile(
    r"(?<=.)[+-](?:(?:owners?|request|bounces?|admin-bot)\Z|(?:un)?subscribe(?:[+=-]|\Z))", re.IGNORECASE
)
"""What stands behind a list's name where its program is spoken to."""
_SAYS_SO = "@no-answer@"
"""That nobody reads it."""
_TRACKER = re.compile(
    r"(?:jira|bugzilla|redmine|gerrit|phabricator|trac|buganizer|monorail|gitea|forgejo)(?:[+-].+)?",
    re.IGNORECASE,
)
"""Where trackers take mail: what comes back there stands in a report, perhaps a public one."""
_TOKEN = re.compile(
    r"contact-project\+.+|.+\+[0-9a-f]{24,64}|(?:reply|replies|reply-?to|incoming|inbound|parse|comments?|case-comment|fbnotify|notes?)\+.+",
    re.IGNORECASE,
)


def is_robot(address: str) -> bool:
    """Whether the local part of *address* is one that programs write from."""
    local = address.rpartition("@")[0]
    return bool(_ROBOT.fullmatch(local) or _OF_A_LIST.search(local))


def answers_nobody(address: str, phrases: Phrases) -> bool:
    """Whether no person reads what is sent to *address*: a robot's, or a platform's for one thread or all."""
    local = address.rpartition("@")[0]
    says_so = phrases.pattern(_SAYS_SO, re.IGNORECASE).search(local)
    taken = _TOKEN.fullmatch(local) or _TRACKER.fullmatch(local)
    return is_robot(address) or bool(taken or says_so or platform_of(address))
