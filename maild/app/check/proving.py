"""How each member can prove who they are, and whose results stand in recent mail (ruling 14)."""

from collections import Counter
from collections.abc import Iterable, Iterator

from maild.app.check.line import Line, fault, ok, warning
from maild.config import Config
from maild.config.model import MemberSection
from maild.core.mail.address import sender
from maild.core.mail.addressed import others
from maild.core.mail.authentication import authenticate, means, named, obstacle, writer
from maild.core.mail.evidence import evidence, is_desk
from maild.core.mail.headers import Headers
from maild.core.mail.lists import by_schleuder
from maild.core.mail.mime import parse
from maild.core.mail.text import harmless
from maild.core.values.desk import Mode
from maild.gateways.imap import Mailbox

FEW = 3
"""Of fewer messages nothing is said about lists."""
RECENT = 50
"""How many of the newest messages are looked at."""
_CAP = 64 * 1024


def of_team(config: Config) -> Iterator[Line]:
    """A line a member with every way that is open to them; one fault when there is none for anybody."""
    ways = {member.name: _ways(member, config) for member in config.file.team}
    if not any(ways.values()):
        wanted = "set inbox.sent, or trust.authserv_id, or a member's fingerprint and openpgp.key"
        yield fault("team", "no answer from the team can ever be recognized", wanted)
        return
    for name, open_ways in ways.items():
        if open_ways:
            yield ok("team", f"{name} is recognized by {', '.join(open_ways)}")
        else:
            mend = 'set their fingerprint and key_file, or trust.authserv_id, or trust.tokens = "on"'
            yield fault("team", f"{name} cannot prove who they are: their replies will be held", mend)


def _ways(member: MemberSection, config: Config) -> list[str]:
    file = config.file
    rows = (
        (bool(file.openpgp.key and member.fingerprint), "signature (every command)"),
        (bool(file.trust.authserv_id), "your mail server's results (replies, taken, !status)"),
        (
            file.trust.tokens == "on" and file.desk.mode is Mode.RELAY,
            "token (replies, taken, !status; not in encrypted cases)",
        ),
        (bool(file.inbox.sent), "the desk's Sent folder"),
    )
    return [way for there, way in rows if there]


def recent(mailbox: Mailbox, config: Config) -> list[Headers]:
    """The heads of the newest messages of the inbox, the newest last."""
    folder = next(iter(config.file.inbox.folders), "")
    if folder not in mailbox.folders():
        return []
    mailbox.select(folder, read_only=True)
    mails = mailbox.take(mailbox.uids_from(1)[-RECENT:], _CAP, RECENT * _CAP).mails
    return [parse(mail.raw).root.headers for mail in mails]


def of_results(heads: list[Headers], config: Config) -> Iterator[Line]:
    """Who wrote the Authentication-Results of recent messages, beside what ``trust.authserv_id`` says."""
    written = [writer(headers) for headers in heads]
    found, ids = Counter(host for host in written if host), config.file.trust.authserv_id
    if not found:
        if ids and written and not _logged_in(heads, config):
            text = "no recent message carries Authentication-Results"
            yield warning("trust", text, "ask your provider whether the mail server writes them")
        return
    ours = [host for host in found if named(host, ids)]
    if ours:
        shown = ", ".join(harmless(one, 80) for one in sorted(ours)[:5])
        yield ok("trust", f"results of {shown} are used to recognize the team")
        return
    host, number = harmless(found.most_common(1)[0][0], 80), found.most_common(1)[0][1]
    text = f"{number} of the newest messages carry results of {host}, and trust.authserv_id "
    text += f"names {', '.join(ids)}" if ids else "is not set"
    yield warning("trust", text, f'if that is your own mail server, set trust.authserv_id = "{host}"')


def _logged_in(heads: list[Headers], config: Config) -> bool:
    """Whether somebody is proved by a login at the server, of which there are no results."""
    policy = config.policy(b"")
    logins = (policy.authserv_ids, policy.local_submission, policy.trusted_hops, policy.results_below)
    return any(authenticate(one, sender(one), *logins).logged_in for one in heads)


def of_members(heads: list[Headers], config: Config) -> Iterator[Line]:
    """Whether the newest message of each member is proved by those results, and what stands in the way."""
    members = config.policy(b"").team.members
    newest = {one.name: _newest(heads, one.addresses) for one in members}
    for name, mail in newest.items():
        if mail is not None and config.file.trust.authserv_id:
            yield _of_member(name, mail, config)
    if silent := [name for name, mail in newest.items() if mail is None]:
        text = f"no message from {' or '.join(silent)} is among the newest {RECENT} in the inbox"
        yield ok("team", f"{text}: let each send one to {config.file.desk.address}, then check again")


def _newest(heads: list[Headers], addresses: Iterable[str]) -> Headers | None:
    mails = [one for one in heads if (by := sender(one)) and by.address in addresses]
    return mails[-1] if mails else None


def _of_member(name: str, mail: Headers, config: Config) -> Line:
    policy = config.policy(b"")
    rules = policy.authserv_ids, policy.trusted_hops, policy.results_below
    logins = (policy.authserv_ids, policy.local_submission, policy.trusted_hops, policy.results_below)
    date = harmless(mail.get("Date") or "", 40)
    which = f"{name}'s newest message{f' ({date})' if date else ''}"
    if authenticate(mail, sender(mail), *logins).author:
        return ok("team", f"{which} is proved by your mail server: {harmless(means(mail, *rules), 100)}")
    text = f"{which} is not proved by your mail server: {harmless(obstacle(mail, *rules), 200)}"
    mend = "see `maild help mailboxes`, or give them a key"
    relays = policy.desk.mode is Mode.RELAY
    return _by_token(text) if policy.tokens and relays else warning("team", text, mend)


def _by_token(text: str) -> Line:
    return ok("team", f"{text}; the token in maild's letters proves their replies")


def of_recipients(heads: list[Headers], config: Config) -> Iterator[Line]:
    """How many of the newest messages are for others who share the mailbox."""
    desk, only_to = config.file.desk, config.file.inbox.only_to
    ours = only_to or (desk.address, *desk.aliases)
    found = [others(headers, ours, desk.subaddress) for headers in heads]
    count = Counter(address for one in found for address in one)
    strangers = sum(1 for one in found if one)
    if only_to:
        yield ok("inbox", f"{strangers} of the newest {len(heads)} messages are for others and left alone")
    elif strangers:
        shown = ", ".join(harmless(address, 80) for address, _ in count.most_common(3))
        text = f"{strangers} of the newest {len(heads)} messages name {shown}, and not the desk"
        mend = f'name it in desk.aliases if it is the desk\'s, else set inbox.only_to = ["{desk.address}"]'
        yield warning("inbox", text, mend)


def of_schleuder(heads: list[Headers], _config: Config) -> Iterator[Line]:
    """Whether schleuder delivers: nobody behind it is known, and maild can take its place."""
    if found := sum(by_schleuder(headers) for headers in heads):
        text = f"{found} of the newest {len(heads)} messages came by schleuder, which hides who wrote them"
        mend = 'let maild take its place: mode = "relay", and the list\'s key (`maild help mailboxes`)'
        yield warning("inbox", text, mend)


def of_lists(heads: list[Headers], config: Config) -> Iterator[Line]:
    """Which list delivers the desk's mail without being named: its reporters are not acknowledged."""
    desk = config.file.desk
    found = evidence(heads, desk.address, desk.subaddress).delivered_by if len(heads) >= FEW else ""
    if found and not any(is_desk(found, one) for one in (desk.address, *desk.aliases, *desk.own_lists)):
        shown = harmless(found, 80)
        text = (
            f"most of the newest messages came through the list {shown}, which desk.own_lists does not name"
        )
        yield warning("inbox", text, f'if it is your own, set desk.own_lists = ["{shown}"]')


LOOKS = (of_results, of_members, of_recipients, of_lists, of_schleuder)
"""What is looked at in the newest messages."""
