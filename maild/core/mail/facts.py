"""What can be known of a mail from its outside: the facts that decisions are made from."""

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from maild.core.mail import invitation
from maild.core.mail.address import Address, addresses, first_author, in_group, sender
from maild.core.mail.authentication import Authentication, authenticate
from maild.core.mail.automatic import Automatic, Kind, automatic
from maild.core.mail.body import read
from maild.core.mail.bounce import delivery_report, enclosed, returned_headers, unreached
from maild.core.mail.headers import Headers
from maild.core.mail.length import word_count
from maild.core.mail.listauthor import Origin, origin
from maild.core.mail.mailpolicy import MailPolicy
from maild.core.mail.mime import TOO_LARGE, Part, Tree
from maild.core.mail.opened import Form, Made, Opened, SignatureStatus
from maild.core.mail.reply import own_text
from maild.core.mail.sealed import find_sealed, is_smime
from maild.core.mail.signed import clear_signed, find_signed, network_lines
from maild.core.mail.text import decode_words
from maild.core.values.ids import MARK_HEADER, digest, marked
from maild.core.values.phrases import Phrases

DELIVERED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
"""Fields that name the address a mail was delivered to."""
MAX_REFERENCES = 100
_PIECE = 1024 * 1024
_BLANKS = re.compile(rb"\s*")

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_BARE_ID = re.compile(r"[^<>@\s]{1,200}@[^<>@\s]{1,200}")
"""One without its brackets, as some programs write them."""


class FolderRole(StrEnum):
    """What a folder of the mailbox is to the desk."""

    INBOX = "inbox"
    SENT = "sent"
    JUNK = "junk"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one mail. After opening, ``subject`` is the protected one where there was one.

    ``marks`` are those of a mail that a person may have written all the same: they withhold the receipt.
    Of a bounce, ``returned_mark`` is the proved name of our letter; ``returned_id``, the Message-ID of what
    came back, and ``unreached``, the addresses that it names, prove nothing.
    ``from_desk``: the desk's own address stands in From. ``behind``: a list or forwarder stands there, and
    the author is whom its fields name. ``signatures`` are the names of its good signatures, made at
    ``signed_at``; ``covered`` are the names that older versions gave them.
    """

    message_id: str
    references: tuple[str, ...]
    subject: str
    author: Address | None
    shown_author: Address | None
    recipients: tuple[Address, ...]
    headers: Headers = field(repr=False)
    role: FolderRole = FolderRole.INBOX
    from_desk: bool = False
    behind: bool = False
    automatic: Automatic | None = None
    marks: tuple[str, ...] = ()
    authentication: Authentication = Authentication()
    own_mark: str = ""
    returned_mark: str = ""
    returned_id: str = ""
    unreached: tuple[str, ...] = field(default=(), repr=False)
    form: Form = Form.NONE
    signed: bool = False
    smime: bool = False
    own_words: int = 0
    text: str = field(default="", repr=False)
    signatures: tuple[str, ...] = ()
    covered: tuple[str, ...] = ()
    signed_at: datetime | None = None
    faults: tuple[str, ...] = ()

    @property
    def by_machine(self) -> bool:
        """Whether anything speaks for a machine as its author, however little."""
        return self.automatic is not None or bool(self.marks)

    @property
    def sealed(self) -> bool:
        """Whether it came encrypted in some way, readable to us or not."""
        return self.form is not Form.NONE or self.smime

    @property
    def cut(self) -> tuple[str, ...]:
        """Why only the beginning of its text was read; empty when all of it was."""
        return tuple(fault for fault in self.faults if fault == TOO_LARGE)


def read_facts(tree: Tree, policy: MailPolicy, role: FolderRole, opened: Opened | None = None) -> Facts:
    """The facts of the mail *tree*, seen in a folder of this *role*; once *opened*, of its inside too."""
    headers = tree.root.headers
    written = origin(headers, policy.desk, policy.phrases)
    mark = marked(policy.desk.secret, headers.get(MARK_HEADER))
    proved = authentication(headers, written, policy)
    ours_too = written.own and (role is FolderRole.SENT or bool(mark) or proved.logged_in)
    author = sender(headers) if ours_too else written.author
    inner = opened.tree.root if opened else tree.root
    text, more = read(inner)
    ours = (*policy.desk.own_lists, policy.desk.address, *policy.desk.aliases)
    found = automatic(headers, tree.root, policy.phrases, ours)
    kind = None if found and found.only_marked else found
    sent, returned = _returned(tree, policy) if kind and kind.kind is Kind.BOUNCE else ("", "")
    form, signed = (
        (opened.form, False) if opened and opened.form is not Form.NONE else _shape(tree, policy.phrases)
    )
    return Facts(
        message_id=message_id(headers),
        references=references(headers),
        subject=opened.protected.get("subject", headers.text("Subject"))
        if opened
        else headers.text("Subject"),
        author=author,
        shown_author=author or first_author(headers),
        recipients=addresses(headers, "To", "Cc"),
        headers=headers,
        role=role,
        automatic=kind,
        marks=found.reasons if found and not kind else (),
        from_desk=written.own,
        behind=written.behind and not ours_too,
        authentication=proved,
        own_mark=mark,
        returned_mark=sent,
        returned_id=returned,
        unreached=unreached(enclosed(tree.root), text) if kind and kind.kind is Kind.BOUNCE else (),
        form=form,
        signed=signed,
        smime=is_smime(tree),
        own_words=word_count(own_text(_written(inner, text, author), policy.phrases)),
        text=text,
        signatures=_signatures(opened, policy) if opened else (),
        covered=_covered(tree, opened, policy) if opened else (),
        signed_at=_signed_at(opened) if opened else None,
        faults=(*tree.faults, TOO_LARGE) if more else tree.faults,
    )


def authentication(headers: Headers, written: Origin, policy: MailPolicy) -> Authentication:
    """What our exchanger says of From; it never proves an author whom a field of a list names (ruling 14).

    Of the desk's own address only a login proves anything: lists, forms and scripts write in its name too.
    """
    found = authenticate(
        headers,
        sender(headers),
        policy.authserv_ids,
        policy.local_submission,
        policy.trusted_hops,
        policy.results_below,
    )
    found = replace(found, author=False) if in_group(headers) else found
    return replace(found, author=found.logged_in) if written.behind else found


def _written(inner: Part, text: str, author: Address | None) -> str:
    """*text*, or what of an answer to an invitation its author wrote."""
    if not invitation.is_answer(inner):
        return text
    return invitation.answered(inner, text, (author.name, author.address) if author else ())


def outer_author(headers: Headers, policy: MailPolicy) -> Address | None:
    """The one author that *headers* name from outside: behind a list or a forwarder, else in From."""
    return origin(headers, policy.desk, policy.phrases).author


def _shape(tree: Tree, phrases: Phrases) -> tuple[Form, bool]:
    """How the mail is sealed, and whether there is a signature to judge; both seen from outside."""
    sealed = find_sealed(tree, phrases)
    if sealed and not sealed.plain:
        return sealed.form, False
    signed, _ = find_signed(tree.root)
    return Form.NONE, bool(sealed or signed or any(clear_signed(part) for part in tree.root.leaves))


def _made(opened: Opened) -> tuple[Made, ...]:
    """The good signatures over the whole mail; text signed in the clear has none that count."""
    good = opened.signature.status is SignatureStatus.GOOD and not opened.signature.clear
    return opened.signature.made if good else ()


def _signatures(opened: Opened, policy: MailPolicy) -> tuple[str, ...]:
    """The names under which the good signatures are known again, keyed so that they tell nothing."""
    return tuple(digest(policy.desk.secret, "made", one.key, str(one.at)).hex() for one in _made(opened))


def _signed_at(opened: Opened) -> datetime | None:
    """When the mail was signed; of several good signatures the oldest decides."""
    times = [one.at for one in _made(opened)]
    return datetime.fromtimestamp(min(times), UTC) if times else None


def _covered(tree: Tree, opened: Opened, policy: MailPolicy) -> tuple[str, ...]:
    """The names that older versions gave to a signature, by the text it covers, in each form of line ends.

    What they accepted is still known by these.
    """
    if not _made(opened):
        return ()
    signed, _ = find_signed(opened.tree.root if opened.sealed else tree.root)
    raw = signed.payload.raw if signed else opened.tree.root.raw
    forms = dict.fromkeys((raw, network_lines(raw), raw.replace(b"\r\n", b"\n")))
    key = opened.signature.fingerprint
    return tuple(
        digest(policy.desk.secret, "signature", key, hashlib.sha256(one).hexdigest()).hex() for one in forms
    )


def _returned(tree: Tree, policy: MailPolicy) -> tuple[str, str]:
    """The letter of ours that a bounce brings back, proved by our mark (ruling 6), and the mail's Message-ID.

    The mark stands in the address the bounce was sent to, in the envelope id we sent with, or in the header
    of what came back. The Message-ID proves nothing: everybody who saw the letter knows it.
    """
    root = enclosed(tree.root)
    report = delivery_report(root)
    if report and report.recipients and not report.failed:
        return "", ""
    returned = (report.returned if report else returned_headers(root)) or Headers()
    given = (*_tags(tree, policy), report.envelope_id if report else "", returned.get(MARK_HEADER))
    proved = (marked(policy.desk.secret, one) for one in given)
    return next((found for found in proved if found), ""), message_id(returned)


def _tags(tree: Tree, policy: MailPolicy) -> list[str]:
    """What stands behind the separator in each address of the desk that the mail was delivered to."""
    desk = policy.desk
    ours = [a.address for a in addresses(tree.root.headers, *DELIVERED) if desk.owns(a.address)]
    tails = [one.rpartition("@")[0].partition(desk.subaddress) for one in ours if desk.subaddress]
    return [tail for _, _, tail in tails if tail]


def message_id(headers: Headers) -> str:
    """The Message-ID with its brackets, or an empty string when there is none to be believed."""
    match = _MESSAGE_ID.search(headers.get("Message-ID"))
    return match[0] if match else ""


def _undone(value: str) -> str:
    """*value* without the encoded words that some programs make of identifiers (RFC 2047 §5 forbids it)."""
    return decode_words(value) if "=?" in value else value


def references(headers: Headers) -> tuple[str, ...]:
    """Every Message-ID this mail answers, nearest first (RFC 5322 §3.6.4; Outlook keeps one aside)."""
    found: dict[str, None] = {}
    for name in ("In-Reply-To", "References", "X-Microsoft-Original-Message-ID"):
        value = " ".join(map(_undone, headers.all(name)))[-20_000:]
        ids = _MESSAGE_ID.findall(value) or [f"<{one}>" for one in value.split() if _BARE_ID.fullmatch(one)]
        found.update(dict.fromkeys(reversed(ids)))
    return tuple(found)[:MAX_REFERENCES]


def identity(tree: Tree, secret: bytes) -> str:
    """The name under which this mail is known again wherever it appears, keyed so that it tells nothing.

    Message-ID, author, subject and content decide; what servers add or re-wrap on the way does not.
    """
    headers = tree.root.headers
    who = "|".join(headers.all("From"))
    content = _content_digest(tree.root)
    return digest(
        secret, "identity", message_id(headers), who, headers.get("Subject"), headers.get("Date"), content
    ).hex()


def _content_digest(part: Part) -> str:
    """The SHA-256 of a body without blanks around it and at line ends; in pieces, as copies cost memory."""
    source, digested = part.source, hashlib.sha256()
    start, end = _without_blanks(source, part.body_start, part.end)
    while start < end:
        until = source.find(b"\n", start + _PIECE, end) + 1 or end
        digested.update(b"\n".join(line.rstrip(b" \t\r") for line in source[start:until].split(b"\n")))
        start = until
    return digested.hexdigest()


def _without_blanks(source: bytes, start: int, end: int) -> tuple[int, int]:
    """Where what stands in *source* from *start* to *end* begins and ends, but for the blanks around it."""
    begun = _BLANKS.match(source, start, end)
    start = begun.end() if begun else start
    while start < end:
        piece = source[max(start, end - _PIECE) : end]
        if found := len(piece.rstrip()):
            return start, end - len(piece) + found
        end -= len(piece)
    return start, end
