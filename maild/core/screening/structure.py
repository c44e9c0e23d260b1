"""Rules about header fields. They only add to what a subject says already; they never hold a mail."""

import re

from maild.core.mail.address import addresses
from maild.core.screening.seen import Seen

_ZONE = re.compile(r"\d\d:\d\d(?::\d\d)?\s+[+-](\d\d)(\d\d)\b")
_CLAIMS = re.compile(r"\s*(?:\[[^\]]{1,40}\]\s*)?re\s?:", re.IGNORECASE)
_LIST = frozenset({"list-id", "list-post", "mailing-list"})
_CAMPAIGN = frozenset(
    [
        "list-unsubscribe",
        "x-campaign",
        "x-campaignid",
        "x-campaign-id",
        "x-mailer-recptid",
        "x-csa-complaints",
        "feedback-id",
        "x-mailgun-sid",
        "x-sg-eid",
        "x-bulkmail",
    ]
)


def undisclosed(seen: Seen) -> int:
    """Nobody named in To or Cc."""
    named = any("@" in value for name in ("To", "Cc") for value in seen.headers.all(name))
    return 0 if named else 1


def bulk(seen: Seen) -> int:
    """Marks of bulk mail without a mailing list behind them."""
    if seen.names & _LIST:
        return 0
    marked = seen.headers.get("Precedence").strip().lower() in {"bulk", "junk"}
    return 1 if marked or seen.names & _CAMPAIGN else 0


def missing_basics(seen: Seen) -> int:
    """No Date, no Message-ID or no address in From (RFC 5322 §3.6)."""
    complete = "date" in seen.names and all("@" in seen.headers.get(name) for name in ("Message-ID", "From"))
    return 0 if complete else 1


def forged_date(seen: Seen) -> int:
    """A Date in a zone that does not exist."""
    match = _ZONE.search(seen.headers.get("Date"))
    return 1 if match and (int(match[1]) > 14 or int(match[2]) > 59) else 0


def empty_answer(seen: Seen) -> int:
    """The subject claims to answer; the header names no message it answers."""
    return 1 if _CLAIMS.match(seen.subject) and not seen.names & {"in-reply-to", "references"} else 0


def other_reply(seen: Seen) -> int:
    """Answers go to another domain than the author's, and no mailing list explains it."""
    if "reply-to" not in seen.names or seen.names & _LIST:
        return 0
    author, reply = addresses(seen.headers, "From"), addresses(seen.headers, "Reply-To")
    return 1 if author and reply and author[0].domain != reply[0].domain else 0


def upstream(seen: Seen) -> int:
    """Our own mail server took it for spam (only when the operator named its header)."""
    name, _, wanted = seen.policy.upstream_spam_header.partition(":")
    values = seen.headers.all(name.strip()) if name.strip() else ()
    return 1 if any(wanted.strip().lower() in value.lower() for value in values) else 0
