"""What our own mail exchanger found out about the author (RFC 8601), read so that nobody can forge it.

A sender can write any Authentication-Results into a mail. Only those count that carry the configured
authserv-id *and* stand above the first Received header of a foreign host: below it everything was written
by somebody else. OpenDKIM and OpenDMARC write separate headers, so all in that zone are read together, and
one "fail" outweighs any "pass".
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from maild.core.mail.address import Address
from maild.core.mail.headers import Headers
from maild.core.mail.text import MAX_HEADER

MAX_COMMENTS = 4
"""How deep comments may nest (RFC 5322 §3.2.2) before the rest of them is read as text."""

_INSIDE = tuple(
    ip_network(net)
    for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
"""Loopback, RFC 1918 and RFC 4193."""
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_COMMENT = re.compile(r"\([^()]*\)")
_ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9a-fA-F.:]{2,45})\]")
_METHOD = re.compile(r"^\s*(dmarc|dkim|auth)\s*=\s*(\w+)(.*)$", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"(header\.from|header\.d|header\.i|smtp\.auth)\s*=\s*([^\s\";]+)", re.IGNORECASE)


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
            hop = _hop(value[:MAX_HEADER], authserv_id)
            if at_boundary or hop == "foreign":
                break
            at_boundary = hop == "boundary"
        elif name.lower() == "authentication-results":
            words = _bare(value[:MAX_HEADER])
            if _serv_id(words) == authserv_id.lower():
                found.append(words)
    return found


def _bare(value: str) -> str:
    """*value* without quoted strings and comments: a stranger chooses what stands in them."""
    value = _QUOTED.sub("", value)
    for _ in range(MAX_COMMENTS):
        value = _COMMENT.sub(" ", value)
    return value


def _hop(received: str, authserv_id: str) -> str:
    """``internal``: between our hosts. ``boundary``: where the mail reached us. ``foreign``: before that.

    The name after ``from`` is what the other side called itself and proves nothing. The address that our
    host saw does, and so does the name it looked up for it (Postfix writes ``from HELO (name [address])``).
    """
    sender, by, receiver = received.partition(" by ")
    if not by or not receiver.split():
        return "foreign"
    seen = _ADDRESS.findall(sender)
    if seen and (all(_inside(address) for address in seen) or _looked_up(sender, authserv_id)):
        return "internal"
    return "boundary" if _ours(receiver.split()[0], authserv_id) else "foreign"


def _inside(address: str) -> bool:
    """Whether *address* is of this machine or of a private network."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in net for net in _INSIDE if net.version == found.version)


def _looked_up(sender: str, authserv_id: str) -> bool:
    """Whether the name that our host looked up for the other side is ours."""
    words = sender.rpartition("(")[2].split()
    return bool(words) and "forged" not in sender and _ours(words[0], authserv_id)


def _ours(host: str, authserv_id: str) -> bool:
    """Whether *host* is the exchanger itself or a host of its domain."""
    name, own = host.strip(";").lower(), authserv_id.lower()
    parent = own.partition(".")[2]
    return name == own or name.endswith("." + own) or ("." in parent and name.endswith("." + parent))


def _serv_id(value: str) -> str:
    words = value.split(";", maxsplit=1)[0].split()
    return words[0].lower() if words else ""


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
