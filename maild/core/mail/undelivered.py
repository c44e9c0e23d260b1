"""How mail systems begin the subject of a bounce that nothing else marks as one.

People report about bounces in the same words, so these count only beside a null return path, or from a
mail system's own address.
"""
# ruff: noqa: RUF001 - words of many languages

import re

from maild.core.mail.address import first_author
from maild.core.mail.bounce import returned_headers
from maild.core.mail.headers import Headers
from maild.core.mail.mime import Part
from maild.core.mail.robots import is_robot

_PHRASES = r"""
    undeliver(?:able|ed)(?:[ ](?:e-?mail|mail|message))?(?:[ ]returned[ ]to[ ]sender)?
    | (?:(?:e-?mail|mail|message)[ ])?delivery[ ](?:status[ ]notification|fail(?:ed|ure)|has[ ]failed|problem)
    | failure[ ]notice | returned[ ]mail | non-?delivery(?:[ ](?:notification|report))?
    | (?:your[ ])?(?:e-?mail|mail|message)[ ](?:could[ ]not[ ]be|not)[ ](?:sent|delivered)
    | (?:e-?mail|mail|message)[ ]undeliverable
    | unzustellbar | nicht[ ]zustellbar | zustellung[ ]fehlgeschlagen
    | non[ ]remis | échec[ ]de[ ](?:la[ ])?remise | no[ ]se[ ]puede[ ]entregar | no[ ]entregado
    | non[ ]recapitabile | mancato[ ]recapito | onbestelbaar | não[ ]é[ ]possível[ ]entregar | não[ ]entregue
    | niedostarczalne | nie[ ]można[ ]dostarczyć | nedoručitelné | kan[ ]ikke[ ]leveres
    | kan[ ]inte[ ]levereras
    | не[ ]уда(?:ётся|ется|лось)[ ]доставить | недоставлен\w{0,4} | teslim[ ]edilemedi
    | 无法送达 | 未送达 | 系统退信 | 退信 | 無法傳遞 | 配信不能 | 배달되지[ ]않음
"""
_BEGINS = re.compile(
    rf"\s{{0,9}}(?:\[[^\[\]]{{1,40}}\]\s{{0,9}})?(?:{_PHRASES})\s{{0,9}}(?:[:：(/-]|$)",
    re.IGNORECASE | re.VERBOSE,
)
_SYSTEM = re.compile(r"postmaster|(?:mail|system)[._-]?admin(?:istrator)?|mailsystem", re.IGNORECASE)


def undelivered(headers: Headers, root: Part, null: bool) -> str:
    """The reason for which a mail is a bounce by its subject and a second sign; empty when it is none.

    *null*: it came with a null return path. A robot's address is a sign only where the mail comes back in it:
    forms have such addresses too.
    """
    if not _BEGINS.match(headers.text("Subject")):
        return ""
    if null:
        return "not delivered, by its subject and a null return path"
    author = first_author(headers)
    address = author.address if author else ""
    if _SYSTEM.fullmatch(address.rpartition("@")[0]):
        return "not delivered, by its subject and its mail system's address"
    robot = is_robot(address) and not headers.has("Reply-To")
    comes_back = robot and (returned := returned_headers(root)) is not None and returned.has("Message-ID")
    return "not delivered, by its subject and the mail that it returns" if comes_back else ""
