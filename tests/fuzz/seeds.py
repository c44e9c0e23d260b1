"""What the fuzzers begin with: one small example of everything that the code tells apart."""

from tests.openpgp.craft import anonymous, packet
from tests.openpgp.kit import armor
from tests.openpgp.mails import HEAD, VERSION, data, multipart, pgp_mime, protected, signed, text

_KEY_ID = bytes.fromhex("0123456789ABCDEF")
SEALED = packet(1, b"\x03" + _KEY_ID + b"\x12" + bytes(40)) + packet(18, b"\x01" + bytes(60))
PRINT = b"0123456789ABCDEF0123456789ABCDEF01234567"


def mails() -> list[bytes]:
    """Mails of every shape, around packets that look right from outside."""
    block = armor(SEALED).decode()
    quoted = "".join(f"> {line}\n" for line in block.split("\n"))
    newer = packet(1, b"\x06\x00\x19" + bytes(40)) + packet(18, b"\x02\x09\x02\x06" + bytes(60))
    inner = pgp_mime(SEALED, head=b"", boundary="in")
    forward = b"Content-Type: message/rfc822\r\n\r\n" + pgp_mime(SEALED, boundary="in")
    key = b"Content-Type: application/pgp-keys\r\n\r\n" + armor(packet(6, b"\x04abcd"), "PUBLIC KEY BLOCK")
    odd = (
        b'From: a@b.example\r\nFrom: "x, y" <c@d.example>\r\nMessage-ID: <[x@y>\r\nTo: ((((\r\n'
        b"Subject: =?utf-8?q?=C3=9C?= =?x?b?!?=\r\nAutocrypt: addr=a@b.example; keydata=xgQE\r\n"
        b"Content-Type: text/plain; name*0*=utf-8''%2e%2e; name*1=/x; charset=punycode\r\n\r\n\x00\xff"
    )
    report = b"Content-Type: message/delivery-status\r\n\r\n"
    report += b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n"
    return [
        pgp_mime(SEALED),
        pgp_mime(newer),
        pgp_mime(anonymous(5)[:400]),
        text(block, head=HEAD),
        text("See:\n" + quoted, head=HEAD),
        text(block.replace("\n", "<br>\n"), "html", HEAD),
        multipart("mixed", text("\n"), VERSION, data(SEALED)),
        multipart("mixed", text("Read this.\n"), inner),
        multipart("mixed", forward),
        multipart("alternative", text(block), text(f"<pre>{block}</pre>", "html")),
        multipart("mixed", text("x\n"), key),
        multipart("report", text("It failed.\n"), report, forward),
        signed(text("Words.\n"), b"\x88\x00"),
        text(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nx\n"
            + armor(b"\x88\x00", "SIGNATURE").decode(),
            head=HEAD,
        ),
        HEAD + protected(),
        HEAD + b"Content-Type: application/pkcs7-mime\r\n\r\nMIAG",
        odd,
        b"",
    ]


def statuses() -> list[bytes]:
    """What gpg says of good and of bad mail."""
    opened = (b"BEGIN_DECRYPTION", b"DECRYPTION_INFO 2 9 0", b"PLAINTEXT 62 0 x", b"PLAINTEXT_LENGTH 5")
    opened += (b"DECRYPTION_OKAY", b"GOODMDC", b"END_DECRYPTION")
    valid = b"VALIDSIG %s 2026-03-01 1772323200 0 4 0 22 10 00 %s" % (PRINT, PRINT)
    made = (b"NEWSIG", b"GOODSIG 1 x", valid)
    unknown = (b"NEWSIG", b"ERRSIG 1 22 10 00 1772323200 9 -", b"NO_PUBKEY 1")
    trouble = (
        b"ERROR pkdecrypt_failed 67108949",
        b"FAILURE decrypt 1",
        b"FAILURE gpg-exit 33554433",
        b"NODATA 1",
        b"NO_SECKEY 1",
    )
    groups = (opened, made, (*opened, *made), unknown, trouble)
    return [b"".join(b"[GNUPG:] " + line + b"\n" for line in group) for group in groups]


SEEDS = {"envelope": mails, "shape": mails, "status": statuses}
WORDS = {
    "envelope": ("Content-Type: ", "multipart/mixed; boundary=", "--bb1", "=?utf-8?q?", "From: ", "charset="),
    "shape": (
        *("-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"),
        *("application/pgp-encrypted", "Version: 1", "multipart/signed", "message/rfc822", "hp=", "<br>"),
    ),
    "status": (
        "[GNUPG:] ",
        "GOODSIG",
        "VALIDSIG",
        "NEWSIG",
        "DECRYPTION_OKAY",
        "PLAINTEXT",
        "GOODMDC",
        "ERROR",
    ),
}
