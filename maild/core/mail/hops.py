"""The way a mail took to us: which Received fields were written between our own hosts (RFC 5321 §4.4).

The name after ``from`` is what the other side called itself and proves nothing. The address that our host saw
does, and so does the name it looked up for it (Postfix writes ``from HELO (name [address])``).
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

_INSIDE = tuple(
    ip_network(net)
    for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
"""Loopback, RFC 1918 and RFC 4193."""
_ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9a-fA-F.:]{2,45})\]")
_BESIDE = re.compile(r"\(([0-9a-fA-F:]{2,45})\)")
_BRACKETED = re.compile(r"[(\[](?:IPv6:)?([0-9a-fA-F.:]{2,45})[)\]]")
"""The address that a host saw, in either kind of brackets: Exchange writes ``from HELO (address)``."""
_SHOWN = re.compile(r"[(\[](?:IPv6:)?[0-9a-fA-F.:]{2,45}[)\]]")
"""An address in whatever brackets, as Haraka, qmail and Exchange write it too."""
_SOCKET = "([unix socket])"
"""What Cyrus writes of the other side on the same machine."""
_QMAIL = re.compile(r"\(qmail \d{1,10} invoked (?:by uid \d{1,10}|from network|by alias|for bounce)\)")
_LMTP = re.compile(r" with LMTP[AS]*\b", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_HTTPS = re.compile(r" with (?:HTTPS|MAPI)\b", re.IGNORECASE)
MICROSOFT = ("exchangelabs.com", "outlook.com", "office365.com")
"""Domains of Microsoft 365's own hosts, which write both sides' addresses, all of one network."""
_FRONT = ".mail.protection.outlook.com"
"""Their hosts where mail comes in, that of other tenants too, which arrives from the same network."""
_NETWORK = 32
_LONGEST = 255
"""Octets of a name (RFC 1035 §2.3.4)."""
_AUTHENTICATED = re.compile(r" with (?:UTF8)?E?SMTPS?A(?=[\s;]|\Z)", re.IGNORECASE)
"""RFC 3848: who handed it in was logged in."""
_USER = re.compile(r"\(Authenticated sender: ([^\s()\"]{1,320})\)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Boundary:
    """The Received field of the hop by which a mail reached us; ``user`` is who was logged in, if it says."""

    there: bool = False
    authenticated: bool = False
    user: str = ""


def boundary(received: str) -> Boundary:
    """What the *received* field of our boundary says of a login; only its last comment can be no HELO."""
    sender, _, receiver = " ".join(received.split()).partition(" by ")
    authenticated = bool(_AUTHENTICATED.search(receiver))
    user = _USER.search(sender) if authenticated else None
    return Boundary(True, authenticated, user[1].lower() if user else "")


def hop(received: str, ids: tuple[str, ...], hosts: tuple[str, ...] = ()) -> str:
    """``internal``: between our hosts. ``boundary``: where the mail reached us. ``foreign``: before that.

    *ids* name our exchanger (an authserv-id, or a pattern with ``*``), *hosts* further hosts of ours in the
    same way; in these ``*`` stands for any letters.
    """
    text = " ".join(received.split())
    if text.lower().startswith("by ") or _QMAIL.match(text):
        return "internal"  # no other side: as Gmail and qmail write between their own steps
    sender, _, receiver = text.partition(" by ")
    if not receiver or " by " in _COMMENT.sub("", receiver):
        return "foreign"  # a HELO may hold anything, another "by" too: nothing is told from such a field
    own = ours(_first(receiver), ids, hosts)
    if _AUTHENTICATED.search(receiver) and own:
        return "boundary"  # a person handed it in, from wherever (RFC 3848)
    if _between(sender, receiver, ids, hosts):
        return "internal"
    return "boundary" if own else "foreign"


def written_by(received: str) -> str:
    """The host that wrote a Received field; empty when it does not say."""
    words = f" {' '.join(received.split())}".partition(" by ")[2].split()
    return _host(words[0]) if words else ""


def ours(host: str, ids: tuple[str, ...], hosts: tuple[str, ...] = ()) -> bool:
    """Whether *host* is one of our exchangers or a host of its domain, or one of our further *hosts*."""
    name = _host(host)
    return any(_belongs(name, one.lower()) for one in ids) or any(_like(name, one.lower()) for one in hosts)


def _between(sender: str, receiver: str, ids: tuple[str, ...], hosts: tuple[str, ...]) -> bool:
    """Whether the other side was one of our own hosts."""
    here, seen = _first(receiver), _ADDRESS.findall(sender)
    if seen and (all(_inside(address) for address in seen) or _looked_up(sender, ids, hosts)):
        return True
    if _known(_BRACKETED.findall(sender), hosts) and ours(here, ids, hosts):
        return True
    there, local = sender.partition("from ")[2].split(" ")[0], not _SHOWN.search(sender)
    if _LMTP.search(receiver) and local and _SOCKET in sender:
        return True
    if _LMTP.search(receiver) and ours(here, ids, hosts):  # never from outside (RFC 2033 §5)
        return ours(there, ids, hosts)
    if local and ours(here, (), hosts):  # a host inside that writes names only, as iCloud's do
        return ours(there, ids, hosts)
    return _microsoft(sender, receiver)


def _like(name: str, pattern: str) -> bool:
    """Whether *name* is what *pattern* says, in which ``*`` stands for any letters; or of that domain."""
    if "*" not in pattern:
        return name == pattern or name.endswith("." + pattern)
    return bool(re.fullmatch(re.escape(pattern).replace(r"\*", "[a-z0-9.-]*"), name[:_LONGEST]))


def _belongs(name: str, own: str) -> bool:
    if "*" in own:
        base = own.rpartition("*")[2].partition(".")[2]
        return name == base or name.endswith("." + base)
    parent = own.partition(".")[2]
    return name == own or name.endswith("." + own) or ("." in parent and name.endswith("." + parent))


def _first(receiver: str) -> str:
    return receiver.partition(" ")[0]


def _host(word: str) -> str:
    return word.strip(";.").lower()


def _inside(address: str) -> bool:
    """Whether *address* is of this machine or of a private network."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in net for net in _INSIDE if net.version == found.version)


def _known(seen: list[str], hosts: tuple[str, ...]) -> bool:
    """Whether every address *seen* is of a private network, or of one that *hosts* name."""
    nets = [ip_network(one, strict=False) for one in hosts if is_network(one)]
    return bool(seen) and all(_inside(one) or any(_in(one, net) for net in nets) for one in seen)


def is_network(text: str) -> bool:
    """Whether *text* is an address or a network (``198.51.100.0/24``), and no name of a host."""
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _in(address: str, net: IPv4Network | IPv6Network) -> bool:
    return is_network(address) and ip_address(address) in net


def _looked_up(sender: str, ids: tuple[str, ...], hosts: tuple[str, ...]) -> bool:
    """Whether the name that our host looked up for the other side is ours."""
    words = sender.rpartition("(")[2].split()
    return bool(words) and "forged" not in sender and ours(words[0], ids, hosts)


def _microsoft(sender: str, receiver: str) -> bool:
    """Whether both are hosts of Microsoft 365: their addresses are of one network, or they speak HTTPS."""
    here = _host(_first(receiver))
    if here.endswith(_FRONT) or not any(here.endswith(f".{domain}") for domain in MICROSOFT):
        return False
    there, own = _networks(sender), _networks(receiver)
    return bool(_HTTPS.search(receiver)) or (bool(there) and there == own)


def _networks(text: str) -> set[IPv6Network]:
    """The networks of the addresses in parentheses, of which there has to be exactly one."""
    found = []
    for one in _BESIDE.findall(text):
        try:
            found.append(IPv6Network((one, _NETWORK), strict=False))
        except ValueError:
            return set()
    return set(found) if len(found) == 1 else set()
