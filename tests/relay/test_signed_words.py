"""What a text signature leaves open, words about two cases, structure, heads, keys.

Eve is the one of ``test_eve``: she has a case of her own, has seen signed mail of Mia's that never
arrived, and can send anything.
"""

from collections.abc import Callable

import pytest

from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import multipart, pgp_mime, signed, text
from tests.relay.test_eve import EVE, MEMBER, TEAM, Scene
from tests.support.desk import MX
from tests.support.relaying import BEA, CARL, MIA, RITA, RelayDesk

pytestmark = pytest.mark.dovecot
OURS = f"Received: from far.example (far.example [192.0.2.9]) by {MX} with ESMTP; Mon, 2 Mar 2026 09:40:00 +0000\r\n"
PASS = "dmarc=pass header.from=project.example"
Attempt = Callable[[Scene], bytes]


def in_text_mode(s: Scene, change: Callable[[bytes], bytes], entity: bytes = b"") -> bytes:
    """What Mia wrote with a command below other words, signed as mutt does, and then changed."""
    s.number += 1
    part = entity or text(f"I would never say {s.number}\r\n\r\n!handler Bea\r\n\r\n{s.case}\r\n")
    made = s.kit.detached(s.kit.member, "--textmode", text=part)
    return s.head(MEMBER) + signed(change(part), made, head=b"", boundary=f"t{s.number}")


def mixed(s: Scene) -> bytes:
    """The same as a part of a multipart."""
    return multipart(
        "mixed", text(f"Never:\r\n\r\n!handler Bea\r\n\r\n{s.case}\r\n"), text("x"), head=b"", boundary="in"
    )


def about(s: Scene, words: str, more: str = "", protect: str = "") -> bytes:
    """What Mia signed about Eve's case, sent into Rita's thread."""
    s.number += 1
    part = text(f"{words}\r\n\r\n{s.number}\r\n")
    if protect:
        part = part.replace(b"charset=utf-8", b'charset=utf-8; hp="clear"', 1)
        part = f"Subject: {protect}\r\n".encode() + part
    made = s.kit.detached(s.kit.member, text=part)
    return s.head(MEMBER, "", more) + signed(part, made, head=b"", boundary=f"a{s.number}")


TEXT_MODE: dict[str, Attempt] = {
    "a CR above the text": lambda s: in_text_mode(s, lambda p: p.replace(b"8bit\r\n\r\n", b"8bit\r\n\r\r\n")),
    "CRs above the text": lambda s: in_text_mode(
        s, lambda p: p.replace(b"8bit\r\n\r\n", b"8bit\r\n\r\r\r\r\n")
    ),
    "a CR behind a field": lambda s: in_text_mode(s, lambda p: p.replace(b"utf-8\r\n", b"utf-8\r\r\n")),
    "a CR above the text, LF else": lambda s: in_text_mode(
        s, lambda p: p.replace(b"\r\n", b"\n").replace(b"8bit\n\n", b"8bit\n\r\r\n")
    ),
    "a CR within a part": lambda s: in_text_mode(
        s, lambda p: p.replace(b"8bit\r\n\r\n", b"8bit\r\n\r\r\n", 1), mixed(s)
    ),
    "a CR behind a boundary": lambda s: in_text_mode(
        s, lambda p: p.replace(b"--in\r\n", b"--in\r\r\n", 1), mixed(s)
    ),
    "CRs behind every line": lambda s: in_text_mode(s, lambda p: p.replace(b"\r\n", b"\r\r\n")),
}
TWO_CASES: dict[str, Attempt] = {
    "closed as a duplicate of it": lambda s: about(
        s, f"!handler Bea\r\n!close duplicate of {s.case}\r\n\r\n{s.hers}"
    ),
    "named in the words alone": lambda s: about(s, f"!handler Bea\r\n\r\n{s.hers}: as we did with {s.case}."),
    "joined to it": lambda s: about(s, f"!duplicate {s.case}\r\n\r\n{s.hers}"),
    "its tag in the outer subject": lambda s: about(
        s, f"!handler Bea\r\n\r\n{s.hers}, not {s.case}", f"Subject: [{s.case}] x\r\n"
    ),
    "below a quoted block": lambda s: about(
        s, f"!handler Bea\r\n\r\nsame as {s.case}\r\n\r\n> Case:  {s.hers}\r\n> From:  Eve"
    ),
    "its own subject protected": lambda s: about(
        s, f"!handler Bea\r\n\r\nsame as {s.case}", "Subject: ...\r\n", f"Re: [{s.hers}] x"
    ),
    "handler of another": lambda s: about(s, f"!handler Bea\r\n\r\n{s.hers} {s.case}"),
}


def plain(s: Scene, sender: str, more: str = "") -> bytes:
    """Words in clear under a head."""
    return text(s.words(), head=s.head(sender, "", more))


def headed(s: Scene, raw: str) -> bytes:
    """Words below these very lines."""
    s.number += 1
    top = f"{raw}\r\nTo: security@project.example\r\nIn-Reply-To: <one@reporter.example>\r\nMessage-ID: <h{s.number}@x>\r\n"
    return text(s.words(), head=top.encode())


RESULTS = (
    f"Authentication-Results: {MX}; {PASS}\r\n",
    f"Authentication-Results: {MX.upper()}; {PASS}\r\n",
    f"Authentication-Results:\r\n\t{MX}\r\n\t;\r\n\t{PASS}\r\n",
    f"Authentication-Results: {MX} 1; {PASS}\r\n",
    f"Authentication-Results: (x) {MX}; {PASS}\r\n",
    f"Authentication-Results : {MX}; {PASS}\r\n",
    f"authentication-results: {MX}; {PASS}\r\nAuthentication-Results: {MX}; {PASS}\r\n",
    f"ARC-Authentication-Results: i=1; {MX}; {PASS}\r\n",
    f"ARC-Authentication-Results: i=1; {MX}; {PASS}\r\nARC-Seal: i=1; cv=none; d=project.example; b=x\r\n",
    f"X-Authentication-Results: {MX}; {PASS}\r\n",
    "Received-SPF: pass (mia@project.example) client-ip=192.0.2.9\r\n",
    f"Received: from {MX} (localhost [127.0.0.1]) by {MX} with LMTP; now\r\nAuthentication-Results: {MX}; {PASS}\r\n",
    f"Received: by {MX} (Postfix, from userid 0); now\r\nAuthentication-Results: {MX}; {PASS}\r\n",
    f"Received: from x ([10.0.0.1]) (Authenticated sender: {MIA}) by {MX} with ESMTPSA; now\r\n",
    f"X: y\r\n\tAuthentication-Results: {MX}; {PASS}\r\n",
    f"X: y\rAuthentication-Results: {MX}; {PASS}\r\n",
    f"X: y\nAuthentication-Results: {MX}; {PASS}\r\n",
    f"=?utf-8?q?Authentication-Results?=: {MX}; {PASS}\r\n",
    f"DKIM-Signature: v=1; a=rsa-sha256; d=project.example; s=x; h=from; bh=x; b=x\r\nX-Spam: dkim=pass {PASS}\r\n",
    f"Authentication-Results: {MX}.elsewhere.example; {PASS}\r\n",
    f"Authentication-Results: x{MX}; {PASS}\r\n",
    f'Authentication-Results: "{MX}"; {PASS}\r\n',
    f"Authentication-Results: {MX}\x00; {PASS}\r\n",
)
SENDERS = (
    MEMBER,
    MEMBER.upper(),
    f"Mia <{MIA}.>",
    "Mia <m\u0456a@project.example>",
    "Mia <mia@xn--project-7fg.example>",
    "Mia <mia+x@project.example>",
    'Mia <"mia"@project.example>',
    "Mia <mia(x)@project.example>",
    f"Mia <{EVE}> <{MIA}>",
    f"Mia <{MIA}> <{EVE}>",
    f"=?utf-8?q?Mia_=3C{MIA.replace('@', '=40')}=3E?=",
    f"undisclosed: {MIA};",
    f"Mia\u202e <{MIA}>",
    f'"Mia" <{MIA}>, "" <>',
    f"Mia <mailto:{MIA}>",
)
LINES = (
    f"From:\r\n {MIA}",
    f"From: {EVE}\r\nfrom: {MIA}",
    f"From : {MIA}",
    f"X: y\nFrom: {MIA}",
    f"X: y\rFrom: {MIA}\r\nFrom: {EVE}",
    f"From: {EVE}\r\nResent-From: {MIA}\r\nResent-Sender: {MIA}",
    f"From: {EVE}\r\nSender: {MIA}\r\nX-Original-From: {MIA}\r\nX-Google-Original-From: {MIA}",
    f"From: {EVE}\r\nReply-To: {MIA}\r\nReturn-Path: <{MIA}>",
    f"Fr\u043em: {EVE}\r\nFrom: {MIA}",
    f"\ufeffFrom: {EVE}\r\nFrom: {MIA}",
)
HEADS: dict[str, Attempt] = {
    **{f"results {at}": lambda s, one=one: plain(s, MEMBER, OURS + one) for at, one in enumerate(RESULTS)},
    **{f"sender {at}": lambda s, one=one: plain(s, one, OURS) for at, one in enumerate(SENDERS)},
    **{f"lines {at}": lambda s, one=one: headed(s, OURS + one) for at, one in enumerate(LINES)},
}


def clear(s: Scene, words: str) -> str:
    """Words that Mia signed in the clear."""
    s.number += 1
    return s.kit.gpg(
        s.kit.people, "--local-user", s.kit.member, "--clearsign", feed=f"{words} {s.number}\n".encode()
    ).decode()


def around(s: Scene, kind: str, *parts: bytes, pre: bytes = b"", post: bytes = b"") -> bytes:
    """A multipart with something before and behind its parts."""
    s.number += 1
    raw = multipart(kind, *parts, head=s.head(MEMBER), boundary=f"q{s.number}")
    edge = f"--q{s.number}".encode()
    top, rest = raw.split(b"\r\n\r\n" + edge, 1)
    return top + b"\r\n\r\n" + pre + edge + rest + post


def benign(s: Scene) -> tuple[bytes, bytes]:
    """A harmless note of Mia's about Eve's case, and its signature as a part."""
    s.number += 1
    part = text(f"Lunch is at noon.\r\n\r\n{s.hers} {s.number}\r\n")
    made = s.kit.detached(s.kit.member, text=part)
    return part, b"Content-Type: application/pgp-signature\r\n\r\n" + armor(made, "SIGNATURE")


SIGNED = 'signed; micalg=pgp-sha512; protocol="application/pgp-signature"'
PARTS: dict[str, Attempt] = {
    "words before the first part": lambda s: around(s, SIGNED, *benign(s), pre=s.words().encode()),
    "words behind the last": lambda s: around(s, SIGNED, *benign(s), post=s.words().encode()),
    "three parts": lambda s: around(s, SIGNED, text(s.words()), *benign(s)),
    "three parts, words last": lambda s: around(s, SIGNED, *benign(s), text(s.words())),
    "signature first": lambda s: around(s, SIGNED, *benign(s)[::-1], text(s.words())),
    "signed within alternative": lambda s: around(
        s, "alternative", text(s.words()), signed(*raw(benign(s)), head=b"", boundary="ii")
    ),
    "signed within related": lambda s: around(
        s, "related", text(s.words()), signed(*raw(benign(s)), head=b"", boundary="ii")
    ),
    "signed twice over": lambda s: around(
        s, SIGNED, signed(*raw(benign(s)), head=b"", boundary="ii"), benign(s)[1]
    ),
    "signed in the clear, words above": lambda s: text(
        f"{s.words()}\n{clear(s, s.hers)}", head=s.head(MEMBER)
    ),
    "signed in the clear, words below": lambda s: text(
        f"{clear(s, s.hers)}\n{s.words()}", head=s.head(MEMBER)
    ),
    "words signed in the clear": lambda s: text(clear(s, s.words()), head=s.head(MEMBER)),
    "two texts signed in the clear": lambda s: text(
        clear(s, s.words()) + clear(s, s.hers), head=s.head(MEMBER)
    ),
    "clear-signed in a ciphertext of hers": lambda s: pgp_mime(
        s.kit.encrypt(text=text(clear(s, s.words()))), head=s.head(MEMBER)
    ),
    "her ciphertext as a file": lambda s: multipart(
        "mixed",
        text(""),
        b"Content-Type: application/octet-stream; name=a.pgp\r\n\r\n"
        + armor(s.kit.sealed_by(s.kit.stranger, text=s.words().encode())),
        head=s.head(MEMBER),
    ),
    "a file that Mia signed for another case": lambda s: multipart(
        "mixed",
        text(s.words()),
        b"Content-Type: application/octet-stream; name=a.pgp\r\n\r\n"
        + armor(s.kit.sealed_by(s.kit.member, text=s.hers.encode())),
        head=s.head(MEMBER),
    ),
    "message/partial": lambda s: (
        s.head(MEMBER) + b"Content-Type: message/partial; number=1; total=1; id=x\r\n\r\n" + s.mia(s.hers)
    ),
    "another Content-Type in a comment": lambda s: (
        s.head(MEMBER) + s.mia(s.hers).replace(b"multipart/signed", b"(multipart/mixed) multipart/signed", 1)
    ),
    "a boundary in pieces": lambda s: s.head(MEMBER) + s.mia(s.hers).replace(b"boundary=", b"boundary*0=", 1),
}


def raw(pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """A part and a bad signature."""
    return pair[0], b"\x88\x01\x00"


def uid_key(s: Scene, *names: str) -> bytes:
    """A key of Eve's with these names on it, as a file."""
    home = s.kit.home(f"k{s.number}")
    made = s.kit.key(home, names[0])
    for one in names[1:]:
        s.kit.gpg(home, "--quick-add-uid", made, one)
    key = armor(s.kit.public(home, made), "PUBLIC KEY BLOCK")
    s.kit.end(home)
    return (
        b'Content-Type: application/pgp-keys\r\nContent-Disposition: attachment; filename="k.asc"\r\n\r\n'
        + key
    )


KEYS: dict[str, Attempt] = {
    "a key in Rita's name": lambda s: multipart(
        "mixed", text("My key."), uid_key(s, f"Rita <{RITA}>"), head=s.head(f"Rita <{RITA}>", "", OURS)
    ),
    "a key in everybody's name": lambda s: multipart(
        "mixed",
        text("My key."),
        uid_key(s, f"Eve <{EVE}>", f"Rita <{RITA}>", f"Mia <{MIA}>"),
        head=s.head(f"Eve <{EVE}>", "", OURS),
    ),
    "a key of Mia's": lambda s: multipart(
        "mixed", text("My key."), uid_key(s, f"Mia <{MIA}>"), head=s.head(MEMBER, "", OURS)
    ),
}


@pytest.mark.parametrize(
    "attempts", [TEXT_MODE, TWO_CASES, HEADS, PARTS, KEYS], ids=["text", "two", "heads", "parts", "keys"]
)
def test_no_attempt_is_obeyed(desk: RelayDesk, kit: Kit, attempts: dict[str, Attempt]) -> None:
    """Nothing is obeyed in Rita's case, no clock of it stops, nobody outside gets a letter, no key is known."""
    s = Scene(desk, kit)
    for one in attempts.values():
        desk.inbox.append(one(s), desk.clock)
    before = len(desk.sink.letters)
    desk.run()
    assert (desk.trouble, desk.view("shunted")) == ("", [])
    (number,) = (at for at, one in enumerate(desk.cases()) if one["case"] == s.case)
    one = desk.cases()[number]
    assert (one["state"], one["answered"], one["handler"]) == ("open", False, "")
    assert desk.promises(number) == {"acknowledge": "receipt", "respond": "running"}
    assert desk.answers(RITA) == []
    assert {to for sent in desk.sink.letters[before:] for to in sent.recipients} <= {*TEAM, EVE}
    assert [desk.known_key(who) for who in (RITA, MIA, BEA, CARL)] == [""] * 4
