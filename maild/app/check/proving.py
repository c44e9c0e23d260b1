"""How each member can prove who they are, and whose results stand in recent mail (ruling 14)."""

from collections import Counter
from collections.abc import Iterator

from maild.app.check.line import Line, fault, ok, warning
from maild.config import Config
from maild.config.model import MemberSection
from maild.core.mail.authentication import named, writer
from maild.core.mail.mime import parse
from maild.core.values.desk import Mode
from maild.gateways.imap import Mailbox

RECENT = 20
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


def of_results(mailbox: Mailbox, config: Config) -> Iterator[Line]:
    """Who wrote the Authentication-Results of recent messages, beside what ``trust.authserv_id`` says."""
    recent = list(_writers(mailbox, config))
    found, ids = Counter(host for host in recent if host), config.file.trust.authserv_id
    if not found:
        if ids and recent:
            text = "no recent message carries Authentication-Results"
            yield warning("trust", text, "ask your provider whether the mail server writes them")
        return
    ours = [host for host in found if named(host, ids)]
    if ours:
        yield ok("trust", f"results of {', '.join(sorted(ours)[:5])} are used to recognize the team")
        return
    host, number = found.most_common(1)[0]
    text = f"{number} of the newest messages carry results of {host}, and trust.authserv_id "
    text += f"names {', '.join(ids)}" if ids else "is not set"
    yield warning("trust", text, f'if that is your own mail server, set trust.authserv_id = "{host}"')


def _writers(mailbox: Mailbox, config: Config) -> Iterator[str]:
    """The host that wrote the topmost results of each recent message; empty for one without."""
    folder = next(iter(config.file.inbox.folders), "")
    if folder not in mailbox.folders():
        return
    mailbox.select(folder, read_only=True)
    for uid in mailbox.uids_from(1)[-RECENT:]:
        mail = mailbox.fetch(uid, _CAP)
        if mail is not None:
            yield writer(parse(mail.raw).root.headers)
