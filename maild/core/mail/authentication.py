"""What our own mail exchanger found out about the author (RFC 8601), read so that nobody can forge it.

A sender can write any Authentication-Results into a mail. Only those count that carry a configured
authserv-id *and* stand above the first Received field that was written before the mail reached us. OpenDKIM
and OpenDMARC write separate fields, so all of them are read together. It vouches for the address in From and
for nothing else (ruling 14).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from maild.core.mail import hops
from maild.core.mail.address import Address
from maild.core.mail.headers import Headers
from maild.core.mail.results import Result, Results, read
from maild.core.mail.text import MAX_HEADER

_FAILED = ("fail", "hardfail", "policy")
_NO_RESULT = ("skipped", "bestguesspass")
"""Exim's word where it did not look, as at mail of who is logged in; Exchange's where there is no policy."""


@dataclass(frozen=True, slots=True)
class Authentication:
    """``author``: the From domain is proved. ``dmarc_failed``: our exchanger says the From is forged.

    ``logged_in``: the very author was logged in at our own server when they sent it. ``handed_in``: a server
    that may send for that very address handed it in (SPF), so that it is no old message sent again.
    """

    author: bool = False
    dmarc_failed: bool = False
    logged_in: bool = False
    handed_in: bool = False


def authenticate(
    headers: Headers,
    author: Address | None,
    ids: tuple[str, ...],
    local_submission: bool,
    hosts: tuple[str, ...] = (),
    below: bool = False,
) -> Authentication:
    """What the trusted Authentication-Results say of *author* (the only From address, or ``None``).

    *ids* are the authserv-ids of our exchanger, which may hold ``*``. *local_submission*: whether
    a login of the author at our own server counts as proof as well. *hosts* are further hosts of ours, which
    write no results: what they hand on is believed. *below*: the exchanger always writes its results right
    below its Received field, and nothing above shows that it did.
    """
    if not ids or author is None:
        return Authentication()
    trusted, boundary = _trusted(headers, ids, hosts, below)
    found = [one for field in trusted for one in field.found]
    dmarc = [one for one in found if one.method == "dmarc" and one.verdict not in _NO_RESULT]
    if dmarc:  # it decides, whatever else was found
        failed = any(one.verdict == "fail" for one in dmarc)
        passed = all(_passed(one, "header.from", author) for one in dmarc)
        return Authentication(passed, failed, handed_in=passed and _handed_in(found, author))
    logged_in = local_submission and _logged_in(found, boundary, author)
    proved = logged_in or _signed_for(found, author)
    return Authentication(proved, logged_in=logged_in, handed_in=proved and _handed_in(found, author))


def writer(headers: Headers) -> str:
    """The host that wrote the topmost results, for the operator to say whether it is theirs; or nothing."""
    above = False
    for name, value in headers.fields:
        if name.lower() == "authentication-results":
            if found := read(value).writer:
                return found
            above = True
        elif name.lower() == "received" and above:
            return hops.written_by(value[:MAX_HEADER])
    return ""


def means(headers: Headers, ids: tuple[str, ...], hosts: tuple[str, ...] = (), below: bool = False) -> str:
    """By which result *headers* prove their author, where they do (``authenticate``), for the operator."""
    trusted, _ = _trusted(headers, ids, hosts, below)
    rows = ((one.method, one.verdict, field.writer) for field in trusted for one in field.found)
    found = {method: writer for method, verdict, writer in rows if verdict == "pass"}
    for method in ("dmarc", "dkim", "auth"):
        if method in found:
            return f"{method}=pass{f' of {found[method]}' if found[method] else ''}"
    return "their login there"


def obstacle(headers: Headers, ids: tuple[str, ...], hosts: tuple[str, ...] = (), below: bool = False) -> str:
    """Why results in *headers* do not prove their author, for the operator; empty where they might."""
    trusted, boundary = _trusted(headers, ids, hosts, below)
    if verdicts := {one.verdict for field in trusted for one in field.found if one.method == "dmarc"}:
        return "" if verdicts == {"pass"} else f"the result is dmarc={', '.join(sorted(verdicts))}"
    if any(one.method == "dkim" and one.verdict == "pass" and not _signer(one) for one in _all(trusted)):
        return "the results say nothing of DMARC, and do not name the domain whose signature is good"
    if trusted:
        return "the results say nothing of DMARC, and no signature of the author's domain is good"
    if boundary.authenticated:
        return "it was handed in by a user who is logged in, and trust.local_submission is off"
    return _unread(headers, ids, hosts)


def _all(fields: list[Results]) -> Iterator[Result]:
    return (one for field in fields for one in field.found)


def _unread(headers: Headers, ids: tuple[str, ...], hosts: tuple[str, ...]) -> str:
    """Where the results in *headers* stand, of which none was believed."""
    written = [read(value) for value in headers.all("Authentication-Results")]
    host = writer(headers) or "nobody by name"
    own = next((one.writer for one in written if named(one.writer, ids)), "")
    own = own or (host if hops.ours(host, ids) else "")
    if _trusted(headers, ids, hosts, below=True)[0]:
        return f"results of {own} stand below its own Received field, and trust.results_below is off"
    if own and _trusted(headers, (*ids, *hosts), hosts, below=True)[0]:
        return f"results of {own} stand below a host that only trust.hops names"
    if own:
        return f"results of {own} stand below a hop that is not known as yours"
    if written:
        return f"its results are of {host}, which trust.authserv_id does not name"
    return "nobody wrote Authentication-Results into it"


def named(host: str, ids: tuple[str, ...]) -> bool:
    """Whether *host* is one of the authserv-ids, in which ``*`` stands for any letters."""
    return any(re.fullmatch(re.escape(one.lower()).replace(r"\*", "[a-z0-9.-]*"), host) for one in ids)


def _trusted(
    headers: Headers, ids: tuple[str, ...], hosts: tuple[str, ...], below: bool
) -> tuple[list[Results], hops.Boundary]:
    """What our own exchanger wrote, as far down as it can have written, and where the mail reached us."""
    found: list[Results] = []
    boundary, sealed = hops.Boundary(), frozenset[str]()
    inside, at_boundary = below, False
    for name, value in headers.fields:
        if name.lower() == "authentication-results" and not _whole(found, ids):
            found.append(_below(read(value), boundary, sealed) if at_boundary else read(value))
        elif name.lower() == "arc-authentication-results" and not at_boundary:
            sealed |= _sealed(value, ids)
        elif name.lower() == "received":
            where, here = hops.hop(value[:MAX_HEADER], ids, hosts), hops.written_by(value[:MAX_HEADER])
            if where == "boundary" and not at_boundary:
                boundary = hops.boundary(value[:MAX_HEADER])
            found = _of_ours(found, here, ids)
            # A filter of our own may write below the Received of the host that it works for. It is believed
            # where the mail then went on between hosts of ours, and nothing was written above. Further hosts
            # write no results: below theirs stands a sender's, who went past the gateway in front of them.
            last = where == "boundary" and (found or not inside or not hops.ours(here, ids))
            if at_boundary or where == "foreign" or last:
                return found, boundary
            at_boundary, inside = where == "boundary", True
    return _of_ours(found, "", ids), boundary


def _sealed(value: str, ids: tuple[str, ...]) -> frozenset[str]:
    """The methods that our exchanger sealed for those who come after it (RFC 8617 §4.1.1)."""
    sealed = read(value.partition(";")[2])
    return frozenset(one.method for one in sealed.found) if named(sealed.writer, ids) else frozenset()


def _below(results: Results, boundary: hops.Boundary, sealed: frozenset[str]) -> Results:
    """What counts of a field that stands below the Received of our boundary, where a sender's may follow.

    Of mail that somebody logged in handed in, filters say nothing but that; where our exchanger sealed above
    what it found (Gmail, Fastmail), it found nothing else.
    """
    if boundary.authenticated:
        sealed = frozenset({"auth"})
    return replace(results, found=tuple(one for one in results.found if not sealed or one.method in sealed))


def _whole(found: list[Results], ids: tuple[str, ...]) -> bool:
    """Whether our exchanger has said all it has to say, of DKIM and of SPF: what follows is a sender's.

    DMARC is found from these two, so where its result has a field of its own that stands above theirs.
    """
    methods = {one.method for field in found if named(field.writer, ids) for one in field.found}
    return {"dkim", "spf"} <= methods


def _of_ours(found: list[Results], here: str, ids: tuple[str, ...]) -> list[Results]:
    """Those of our exchanger; one without a name is of the host *here* that wrote the next Received below."""
    return [one for one in found if (named(one.writer, ids) if one.writer else hops.ours(here, ids))]


def _passed(one: Result, name: str, author: Address) -> bool:
    """Whether a result is a pass for the domain of *author*, which the property *name* holds."""
    about = one.of(name).rpartition("@")[2] if name in one.about or one.tight else author.domain
    return one.clean and one.verdict == "pass" and about == author.domain


def _handed_in(found: list[Result], author: Address) -> bool:
    """Whether SPF passed for the very address of *author*: others of a big provider share its domain."""
    spf = [one for one in found if one.method == "spf"]
    about = {one.of("smtp.mailfrom") if one.clean and one.verdict == "pass" else "" for one in spf}
    return about == {author.address}


def _signed_for(found: list[Result], author: Address) -> bool:
    """Whether a DKIM signature of the author's domain is good, and none of that domain is not."""
    about = [(one, _signer(one)) for one in found if one.method == "dkim"]
    unsigned = any(one.verdict == "none" and not signer for one, signer in about)
    of_author = [one for one, signer in about if signer == author.domain]
    good = any(one.clean and one.verdict == "pass" for one in of_author)
    return good and not unsigned and not any(one.verdict in _FAILED for one in of_author)


def _signer(one: Result) -> str:
    return one.of("header.d") if "header.d" in one.about else one.of("header.i").rpartition("@")[2]


def _logged_in(found: list[Result], boundary: hops.Boundary, author: Address) -> bool:
    """Whether this very author was logged in at our own server.

    rspamd writes ``auth=pass``, or nothing of mail that it skips; Postfix then names the user in its Received
    field (``smtpd_sasl_authenticated_header``). Where that says how the mail was handed in, both must agree.
    """
    logins = [one for one in found if one.method == "auth"]
    users = {one.of("smtp.auth") if one.clean and one.verdict == "pass" else "" for one in logins}
    if boundary.there and not boundary.authenticated:
        return False
    named = {boundary.user} - {""}
    return users | named == {author.address}
