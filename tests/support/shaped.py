"""A place where security@ lives: how a message gets there, and how it lies in the mailbox afterwards.

A ``Shape`` is one row of the table in ``tests/roads/test_shapes.py``. ``lies`` is the one builder of heads: a list or
forwarder writes its fields first, then the exchanger (``tests/support/heads.py``) vouches for whoever stands in From.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr

from tests.support.heads import SHAPES

DESK = "security@project.example"
HOME = "project.example"
Carrier = Callable[[str, str], dict[str, str]]
"""The fields that a list or forwarder writes of the author with this name and address; ``From`` among them."""


def google_group(group: str) -> Carrier:
    """Google Groups: From rewritten where the author's domain demands it (here: all but the group's own)."""

    def carry(name: str, address: str) -> dict[str, str]:
        label = group.partition("@")[0]
        marks = {
            "X-Original-Sender": address,
            "Precedence": "list",
            "Mailing-list": f"list {group}; contact {label}+owners@{HOME}",
            "List-ID": f"<{group.replace('@', '.')}>",
            "X-Google-Group-Id": "357212215037",
            "List-Post": f"<https://groups.google.com/a/{HOME}/group/{label}/post>, <mailto:{group}>",
            "List-Unsubscribe": "<mailto:googlegroups-manage+357212215037+unsubscribe@googlegroups.com>",
        }
        if address.endswith(f"@{HOME}"):
            return marks
        author = f"{name} <{address}>"
        via = {"X-Original-From": author, "From": f"'{name}' via {label} <{group}>", "Reply-To": author}
        return marks | via

    return carry


def mailman(name: str, address: str) -> dict[str, str]:
    """Mailman 3 with "replace From" where the author's domain demands it, and replies to the poster."""
    marks = {
        "X-MailFrom": address,
        "X-Mailman-Version": "3.3.10",
        "Precedence": "list",
        "List-Id": "Security <report.lists.project.example>",
        "List-Post": "<mailto:report@lists.project.example>",
        "Sender": "report-bounces@lists.project.example",
    }
    if address.endswith(f"@{HOME}"):
        return marks
    munged = {
        "From": f"{name} via Security <report@lists.project.example>",
        "Reply-To": f"{name} <{address}>",
    }
    return marks | munged


def simplelogin(name: str, address: str) -> dict[str, str]:
    """SimpleLogin: an address of its own for each author."""
    made = f"{address.replace('@', '_at_').replace('.', '_')}_abcde@alias.example"
    return {
        "From": f'"{name} - {address.replace("@", " at ")}" <{made}>',
        "X-SimpleLogin-Type": "Forward",
        "X-SimpleLogin-Envelope-To": DESK,
        "X-SimpleLogin-Original-From": f"{name} <{address}>",
    }


@dataclass(frozen=True, slots=True)
class Shape:
    """Where security@ lives. ``carried``: what a list or forwarder in front writes.

    ``by_all``: it stands before the desk's own address, so that everything passes it, replies too. ``desk`` and
    ``inbox`` are further keys of these sections, ``trust`` is what stands in ``[trust]`` beside the preset.
    """

    name: str
    exchanger: str
    provider: str
    mode: str = "relay"
    published: str = DESK
    carried: Carrier | None = None
    by_all: bool = False
    desk: str = ""
    inbox: str = ""
    trust: str = ""

    def lies(self, raw: bytes, published: bool) -> bytes:
        """*raw* as it lies in the mailbox; *published*: it was written to the address that is public."""
        if self.carried and (published or self.by_all):
            raw = rewritten(raw, self.carried(*author(raw)))
        domain = author(raw)[1].partition("@")[2]
        head = SHAPES[self.exchanger][1](vouched(self.exchanger, domain))
        return head.replace("\n", "\r\n").encode() + raw

    def configured(self, text: str) -> str:
        """The configuration *text* of a desk for tests, as an operator of this place would have it."""
        text = text.replace('mode = "relay"', f'mode = "{self.mode}"\n{self.desk}', 1)
        text = re.sub(r'authserv_id = ".*"\n', self.trust, text)
        return text.replace("[inbox]\n", f'[inbox]\nprovider = "{self.provider}"\n{self.inbox}\n', 1)


def author(raw: bytes) -> tuple[str, str]:
    """Name and address in From."""
    found = re.search(rb"^From: (.*)\r$", raw, re.MULTILINE)
    assert found
    return parseaddr(found[1].decode())


def rewritten(raw: bytes, fields: dict[str, str]) -> bytes:
    """*raw* with these *fields*, in the place of those of the same name, on top of the others."""
    head, _, body = raw.partition(b"\r\n\r\n")
    names = tuple(f"{name}:".lower().encode() for name in fields)
    kept = [line for line in re.split(rb"\r\n(?![ \t])", head) if not line.lower().startswith(names)]
    return (
        b"\r\n".join([f"{name}: {value}".encode() for name, value in fields.items()] + kept)
        + b"\r\n\r\n"
        + body
    )


def vouched(exchanger: str, domain: str) -> str:
    """What an exchanger found of a message that *domain* signed."""
    microsoft = exchanger == "Microsoft 365"
    if microsoft and domain == HOME:  # mail within one tenant
        return f"spf=none smtp.mailfrom={domain}; dkim=none (message not signed) header.d=none; dmarc=none action=none header.from={domain}"
    comment, policy = (
        ("(signature was verified) ", "action=none") if microsoft else ("", "(p=reject dis=none)")
    )
    return (
        f"dkim=pass {comment}header.d={domain} header.s=s1; spf=pass smtp.mailfrom=a@{domain};"
        f" dmarc=pass {policy} header.from={domain}"
    )
