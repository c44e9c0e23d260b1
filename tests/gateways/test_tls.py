"""Which authorities maild trusts."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from maild.gateways import tls

Key = ec.EllipticCurvePrivateKey


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def signed(subject: str, key: Key, issuer: str, by: Key, extension: x509.ExtensionType) -> bytes:
    """A certificate without key identifiers, as ``openssl x509 -req`` made them for years (PEM)."""
    made = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        .sign(by, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def test_a_private_authority_without_key_identifiers_is_trusted(tmp_path: Path) -> None:
    """An authority that openssl made years ago is trusted on every Python, not only before 3.13."""
    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = signed("root", authority, "root", authority, x509.BasicConstraints(ca=True, path_length=None))
    names = x509.SubjectAlternativeName([x509.DNSName("mail.example")])
    secret = server.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "root.pem").write_bytes(root)
    (tmp_path / "server.pem").write_bytes(signed("mail", server, "root", authority, names) + secret)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(tmp_path / "server.pem")
    assert shaken(tls.context(str(tmp_path / "root.pem")), theirs) == "TLSv1.3"


def shaken(ours: ssl.SSLContext, theirs: ssl.SSLContext) -> str | None:
    """The version of TLS that both agree on, in memory."""
    to_us, to_them = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ours.wrap_bio(to_us, to_them, server_hostname="mail.example")
    server = theirs.wrap_bio(to_them, to_us, server_side=True)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return client.version()
