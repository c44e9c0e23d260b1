"""What our own mail exchanger found out about the author (RFC 8601), read so that nobody can forge it.

A sender can write any Authentication-Results into a mail. Only those count that carry the configured
authserv-id *and* stand above the first Received header of a foreign host: below it everything was written
by somebody else. OpenDKIM and OpenDMARC write separate headers, so all in that zone are read together, and
one "fail" outweighs any "pass".
"""

import re
from dataclasses import dataclass

from maild.core.mail.address import Address
from maild.core.mail.headers import Headers

_COMMENT = re.compile(r"\([^()]*\)")
_RECEIVED = re.compile(r"\bfrom\s+(\S+)(.*?)\bby\s+(\S+)(.*)", re.DOTALL | re.IGNORECASE)
_LOCAL = re.compile(r"\[?(127\.0\.0\.1|::1|IPv6:::1)\]?|localhost(\.localdomain)?", re.IGNORECASE)
_METHOD = re.compile(r"^\s*(dmarc|dkim|auth)\s*=\s*(\w+)(.*)$", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"(header\.from|header\.d|header\.i|smtp\.auth)\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Authentication:
    """``author``: the From domain is proved. ``dmarc_failed``: our exchanger says the From is forged."""

    author: bool = False
    dmarc_failed: bool = False


def authenticate(
    headers: Headers, author: Address | None, authserv_id: str, local_submission: bool
) -> Authentication:
    """What the trusted Authentication-Results say of *author* (the only From address, or ``None``).

    *local_submission*: whether ``auth=pass`` (a user logged in to our own server) counts as proof as well.
    """
    if not authserv_id or author is None:
        return Authentication()
    results = [r for value in _trusted(headers, authserv_id) for r in value.split(";")[1:]]
    verdicts = [_judge(result, author, local_submission) for result in results]
    failed = "dmarc-fail" in verdicts
    return Authentication("pass" in verdicts and not failed and "conflict" not in verdicts, failed)


def _trusted(headers: Headers, authserv_id: str) -> list[str]:
    """The Authentication-Results of our own exchanger, as far down as it can have written them."""
    found: list[str] = []
    at_boundary = False
    for name, value in headers.fields:
        if name.lower() == "received":
            hop = _hop(value, authserv_id)
            if at_boundary or hop == "foreign":
                break
            at_boundary = hop == "boundary"
        elif name.lower() == "authentication-results" and _serv_id(value) == authserv_id.lower():
            found.append(_COMMENT.sub(" ", value))
    return found


def _hop(received: str, authserv_id: str) -> str:
    """``internal``: between our hosts. ``boundary``: where the mail reached us. ``foreign``: before that."""
    match = _RECEIVED.search(_COMMENT.sub(" ", received))
    if not match:
        return "foreign"
    if _LOCAL.fullmatch(match[1]) or _ours(match[1], authserv_id):
        return "internal"
    return "boundary" if _ours(match[3], authserv_id) else "foreign"


def _ours(host: str, authserv_id: str) -> bool:
    """Whether *host* is the exchanger itself or a host of its domain."""
    name, own = host.strip(";").lower(), authserv_id.lower()
    parent = own.partition(".")[2]
    return name == own or name.endswith("." + own) or ("." in parent and name.endswith("." + parent))


def _serv_id(value: str) -> str:
    return (
        _COMMENT.sub(" ", value).split(";")[0].split()[0].lower()
        if value.split(";", maxsplit=1)[0].split()
        else ""
    )


def _judge(result: str, author: Address, local_submission: bool) -> str:
    """``pass`` for this author, ``dmarc-fail``, ``conflict`` (a verdict on another author), or ``none``."""
    match = _METHOD.match(result)
    if not match:
        return "none"
    method, verdict, rest = match[1].lower(), match[2].lower(), match[3]
    given = {name.lower(): value.lower() for name, value in _PROPERTY.findall(rest)}
    if method == "dmarc":
        if verdict == "fail":
            return "dmarc-fail"
        about = given.get("header.from", author.domain).rpartition("@")[2]
        return "none" if verdict != "pass" else "pass" if about == author.domain else "conflict"
    if method == "dkim":
        signer = given.get("header.d") or given.get("header.i", "").rpartition("@")[2]
        return "pass" if verdict == "pass" and signer == author.domain else "none"
    user = given.get("smtp.auth", "")
    return "pass" if local_submission and verdict == "pass" and user in (author.address, "") else "none"
