"""A second round of forgeries: what shapes of mail, addresses and ciphertexts might make of a stranger.

As in ``test_forged`` every trick comes with stolen tokens, once to the team with commands and once as an answer.
"""

from collections.abc import Callable

import pytest

from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import VERSION, data, multipart, pgp_mime, signed, text
from tests.relay.test_forged import MEMBER, Forger, tokens_prove_nothing
from tests.support import mails
from tests.support.desk import MX
from tests.support.relaying import MIA, RelayDesk

pytestmark = pytest.mark.dovecot
EVE = "eve@elsewhere.example"
HOP = f"Received: from elsewhere.example (elsewhere.example [192.0.2.1]) by {MX}; now\r\n"
"""Where the mail reached us: what a server makes of a lone CR in it stands below."""
KIND = 'signed; micalg=pgp-sha512; protocol="application/pgp-signature"'


def _signature(packets: bytes) -> bytes:
    return b"Content-Type: application/pgp-signature\r\n\r\n" + armor(packets, "SIGNATURE")


def _old(f: Forger) -> bytes:
    """What Mia once signed and encrypted to the desk, about nothing."""
    f.number += 1
    return f.kit.sealed_by(f.kit.member, text=f"Lunch {f.number}, {f.case}.\r\n".encode())


def _signed_old(f: Forger, inside: str = "") -> bytes:
    """A part that Mia once signed."""
    f.number += 1
    part = text(f"Lunch {f.number}.\r\n{inside}")
    return signed(part, f.by(f.kit.member, part), head=b"", boundary=f"o{f.number}")


def _results(more: str) -> str:
    return f"Authentication-Results: {MX}; {more}\r\n"


TRICKS: dict[str, Callable[[Forger], bytes]] = {
    "her words above his ciphertext": lambda f: text(
        f.words + "\r\n" + armor(_old(f)).decode(), head=f.head(MEMBER)
    ),
    "her words below his ciphertext": lambda f: text(
        armor(_old(f)).decode() + "\r\n" + f.words, head=f.head(MEMBER)
    ),
    "her ciphertext beside his": lambda f: text(
        armor(_old(f)).decode() + armor(f.kit.encrypt(text=f.words.encode())).decode(), head=f.head(MEMBER)
    ),
    "her ciphertext first": lambda f: multipart(
        "mixed", data(f.kit.encrypt(text=f.words.encode())), data(_old(f)), head=f.head(MEMBER)
    ),
    "his signed mail within her ciphertext, beside words": lambda f: pgp_mime(
        f.kit.encrypt(text=multipart("mixed", f.part(), _signed_old(f), head=b"")), head=f.head(MEMBER)
    ),
    "his signed mail within her wrapped headers": lambda f: pgp_mime(
        f.kit.encrypt(
            text=b"Content-Type: message/rfc822; forwarded=no\r\n\r\n"
            + f.head(MEMBER)
            + multipart("mixed", f.part(), _signed_old(f), head=b"")
        ),
        head=f.head(MEMBER),
    ),
    "wrapped headers that she signed herself": lambda f: signed(
        wrapped := b"Content-Type: message/rfc822; forwarded=no\r\n\r\n" + f.plain(MEMBER),
        f.by(f.kit.stranger, wrapped),
        head=f.head(MEMBER),
    ),
    "alternatives: his signed one, her words": lambda f: multipart(
        "alternative", _signed_old(f), f.part(), head=f.head(MEMBER)
    ),
    "a third part in his signed mail": lambda f: multipart(
        KIND,
        part := f.part("Lunch.\r\n"),
        _signature(f.by(f.kit.member, part)),
        f.part(),
        head=f.head(MEMBER),
    ),
    "his signature first, her words second": lambda f: multipart(
        KIND, _signature(f.by(f.kit.member, f.part("Tea.\r\n"))), f.part(), head=f.head(MEMBER)
    ),
    "an S/MIME cover around his signed mail, her words beside": lambda f: multipart(
        'signed; protocol="application/pkcs7-signature"',
        multipart("mixed", f.part(), _signed_old(f), head=b"", boundary="sm"),
        b"Content-Type: application/pkcs7-signature\r\n\r\nMIAG",
        head=f.head(MEMBER),
    ),
    "clear-signed text with words above": lambda f: text(
        f.words + f.kit.gpg(f.kit.people, "-u", f.kit.member, "--clearsign", feed=b"Lunch.\n").decode(),
        head=f.head(MEMBER),
    ),
    "clear-signed text as the ciphertext": lambda f: multipart(
        'encrypted; protocol="application/pgp-encrypted"',
        VERSION,
        b"Content-Type: application/octet-stream\r\n\r\n"
        + f.kit.gpg(f.kit.people, "-u", f.kit.member, "--clearsign", feed=f.words.encode()),
        head=f.head(MEMBER),
    ),
    "an S/MIME signature that nobody looks at": lambda f: multipart(
        'signed; protocol="application/pkcs7-signature"',
        f.part(),
        b"Content-Type: application/pkcs7-signature\r\n\r\nMIAG",
        head=f.head(MEMBER),
    ),
    "group syntax": lambda f: f.plain(f"team: {MEMBER};"),
    "an empty group and a member": lambda f: f.plain(f"x:;, {MEMBER}", more=_results("dmarc=pass")),
    "an encoded word as the address": lambda f: f.plain(f"=?utf-8?q?{MIA.replace('@', '=40')}?="),
    "an encoded word within the address": lambda f: f.plain(f"<=?utf-8?q?mia?=@{MIA.partition('@')[2]}>"),
    "a route": lambda f: f.plain(f"Mia <@elsewhere.example:{MIA}>"),
    "a quoted local part": lambda f: f.plain(f'"mia"@{MIA.partition("@")[2]}'),
    "comments within the address": lambda f: f.plain(f"mia(x)@(y){MIA.partition('@')[2]}"),
    "another case": lambda f: f.plain(f"Mia <{MIA.upper()}>"),
    "a full-width address": lambda f: f.plain("Mia <mia\uff20project.example>"),
    "a full-width letter": lambda f: f.plain(f"Mia <\uff4d{MIA[1:]}>", more=_results("dmarc=pass")),
    "a zero-width joiner": lambda f: f.plain(f"Mia <m\u200d{MIA[1:]}>"),
    "a NUL in From": lambda f: f.plain(f"Mia <{MIA}\0>"),
    "From a megabyte long": lambda f: f.plain(f"{'a ' * 50_000}<{MIA}>"),
    "Sender is Mia": lambda f: f.plain(f"Eve <{EVE}>", more=f"Sender: {MEMBER}\r\n"),
    "Resent-From is Mia": lambda f: f.plain(f"Eve <{EVE}>", more=f"Resent-From: {MEMBER}\r\n"),
    "X-Original-From is Mia": lambda f: f.plain(f"Eve <{EVE}>", more=f"X-Original-From: {MEMBER}\r\n"),
    "a folded From within another field": lambda f: f.plain(
        MEMBER, more=f"X-A: b\r\n {_results('dmarc=pass header.from=project.example')}"
    ),
    "results in a field that ends oddly": lambda f: f.plain(
        MEMBER, more=f"Authentication-Results\t: {MX}; dmarc=pass header.from=elsewhere.example\r\n"
    ),
    "From after an empty line of blanks": lambda f: f.plain(MEMBER, more=" \r\nX-A: b\r\n"),
    "a lone CR before results": lambda f: f.plain(
        MEMBER,
        more=HOP + f"Subject: x\rAuthentication-Results: {MX}; dmarc=pass header.from=project.example\r\n",
    ),
    "Autocrypt in the member's name": lambda f: f.plain(
        MEMBER, more=f"Autocrypt: addr={MIA}; prefer-encrypt=mutual; keydata=mDMEAAAA\r\n"
    ),
    "our own mark, invented": lambda f: f.plain(MEMBER, more="X-Maild-Mark: 00000000\r\n"),
    "in the name of the desk": lambda f: f.plain("Security <security@project.example>"),
}


NOBODYS = {"From a megabyte long", "From after an empty line of blanks"}
"""Their token stands where no field is read: they open a case of their own, without an author."""


@pytest.mark.parametrize("audience", ["reporter", "team"])
def test_no_shape_makes_a_member(desk: RelayDesk, kit: Kit, audience: str) -> None:
    """Nothing is obeyed, answered, passed on to the reporter or counted, and no key is known afterwards."""
    tokens_prove_nothing(desk)
    desk.comes(mails.plain(date=desk.clock))
    before = [one.raw for one in desk.sink.letters]
    forger = Forger(desk, kit, audience)
    for trick in TRICKS.values():
        desk.inbox.append(trick(forger), desk.clock)
    desk.run()
    assert (desk.trouble, desk.view("shunted")) == ("", [])
    (one,) = [row for row in desk.cases() if row["case"] == forger.case]
    names = list(TRICKS)
    believed = [names[row["mail"] - 2] for row in one["messages"] if row["authority"].startswith("team")]
    assert believed == []
    assert (one["state"], one["handler"], one["answered"]) == ("open", "", False)
    assert desk.promises(desk.cases().index(one)) == {"acknowledge": "receipt", "respond": "running"}
    new = [one for one in desk.sink.letters if one.raw not in before]
    assert {to for one in new for to in one.recipients} <= {
        MIA,
        "bea@project.example",
        "carl@project.example",
    }
    assert desk.known_key(MIA) == ""
    held = {row["mail"] - 2 for row in desk.view("quarantine")}
    assert {name for number, name in enumerate(TRICKS) if number not in held} <= NOBODYS
