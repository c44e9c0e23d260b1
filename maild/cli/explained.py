"""``maild explain`` for eyes: what would be done with a message, why, and how it was read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.text import Text

from maild.app.story import PROOFS, person
from maild.cli.listing import folded, shown
from maild.core.mail.text import disarmed
from maild.core.screening.said import sentence

Found = Mapping[str, Any]
_UNREAD: Mapping[str, str] = {
    "no-key": "it is not encrypted to the desk's key",
    "symmetric": "it is encrypted to a password",
    "refused": "maild refuses it",
    "failed": "it is damaged",
    "unsupported": "the installed gpg cannot read its format",
}
_SIGNED: Mapping[str, str] = {
    "none": "Not signed.",
    "good": "The signature is good",
    "bad": "The signature is bad",
    "unknown-key": "The signature is by a key that is not known",
    "expired": "The signature, or its key, has expired",
    "revoked": "The key of the signature was revoked",
}


def page(seen: Found, width: int) -> list[Text]:
    """What ``maild explain --json`` has of one message, or of a key, as lines of at most *width* cells."""
    if seen["key_file"]:
        return _laid((("", _key(seen["key_file"])),), width)
    parts = (
        ("", _head(seen)),
        ("What maild would do", _done(seen)),
        ("Why", _why(seen["screening"])),
        ("How it was read", _read(seen)),
    )
    return _laid(parts, width)


def row(file: str, seen: Found) -> dict[str, Any]:
    """One message among several: the row of a listing."""
    case, key = seen["case"], seen["key_file"]
    return {
        "file": file,
        "verdict": "a key" if key else seen["screening"]["verdict"],
        "case": "new" if case["opens"] and not key else case["joins"],
        "acknowledged": seen["acknowledgement"]["send"],
        "subject": seen["message"]["subject"],
    }


def _laid(parts: Iterable[tuple[str, Iterable[str]]], width: int) -> list[Text]:
    lines: list[Text] = []
    for title, sentences in parts:
        inside = [line for one in sentences for line in _folded(one, width, 2 if title else 0)]
        if inside:
            lines += [Text(), Text(title, "bold"), *inside] if title else inside
    return lines


def _folded(text: str, width: int, indent: int) -> Iterator[Text]:
    for number, part in enumerate(folded(Text(disarmed(text)), width - indent - 2)):
        yield Text(" " * (indent if number == 0 else indent + 2)).append_text(part)


def _head(seen: Found) -> Iterator[str]:
    envelope, message = seen["envelope"], seen["message"]
    yield f"Subject: {message['subject'] or '(none)'}"
    yield f"From: {envelope['from'] or '(nobody)'}"
    yield f"Message-ID: {envelope['message_id'] or '(none)'}"
    yield f"{envelope['size']:,} bytes, SHA-256 {envelope['sha256']}"


def _done(seen: Found) -> Iterator[str]:
    case, ack = seen["case"], seen["acknowledgement"]
    reasons = _told(ack["reasons"])
    if case["opens"]:
        yield "Open a case."
    elif case["joins"]:
        yield f"Add it to {case['joins']}. {sentence('thread: ' + seen['thread']['by'])}"
    elif seen["screening"]["verdict"] == "quarantine":
        yield "Put it into the quarantine, where a person looks at it."
    else:
        yield f"Keep it, without a case. {_told(case['why_none'])}"
    if ack["send"]:
        yield f"Send the acknowledgement to {ack['to']}."
    elif case["opens"]:
        yield f"Ask a person to send the acknowledgement. {reasons}"
    else:
        yield "Send no acknowledgement."
    for one in seen["promises"]:
        yield f'Promise "{one["promise"]}", by {shown(one["due"])}.'


def _why(screening: Found) -> Iterator[str]:
    alone = f"By its subject alone: {screening['rules']}, with a score of {screening['score']:g}."
    yield f"Taken for: {screening['verdict']}. {alone}"
    yield from (sentence(one) for one in screening["reasons"])


def _read(seen: Found) -> Iterator[str]:
    opened, author = seen["opened"], seen["author"]
    signature, why = opened["signature"], author["signature_fault"]
    if opened["decryption"] == "ok":
        yield f"Encrypted ({opened['form']}), and decrypted."
    elif opened["decryption"] != "none":
        unread = _UNREAD.get(opened["decryption"], opened["decryption"])
        yield f"Encrypted ({opened['form']}), and not decrypted: {unread}."
    else:
        yield "Not encrypted."
    key = f": {signature['fingerprint']}" if signature["fingerprint"] else ""
    yield f"{_SIGNED[signature['status']].rstrip('.')}{key}{f' ({why})' if why else ''}."
    who = person(author["authority"])
    by = author["proved_by"]
    proof = f", proved by {PROOFS.get(by, by)}" if by else ""
    yield f"Author: {who}{proof}." if who else "Author: nobody of the team, or not verified."
    yield from (f"{one[:1].upper()}{one[1:]}." for one in (*opened["reasons"], *seen["envelope"]["faults"]))
    for one in seen["message"]["attachments"]:
        yield f"Attachment: {one['name'] or '(no name)'} ({one['type']}, {one['size']:,} bytes)."


def _told(reasons: Iterable[str]) -> str:
    return shown([sentence(one) for one in reasons]).removesuffix("-")


def _key(key: Found) -> Iterator[str]:
    yield "This is an OpenPGP key, and not a message."
    if key["refused"]:
        yield f"maild would not take it from a message: {key['refused']}."
        return
    yield f"Fingerprint: {key['fingerprint']}"
    yield from (f"Name: {name}" for name in key["names"])
    yield f"Expires: {shown(key['expires']) if key['expires'] else 'never'}"
    yield f"Can be encrypted to: {shown(key['can_encrypt'] and not key['revoked'])}"
    if key["revoked"]:
        yield "It was revoked."
