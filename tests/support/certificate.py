"""A throw-away certificate for the servers of the tests, made by the openssl command."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files; the certificate is its own authority, so it serves as ``ca_file`` too."""

    cert: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """For the server's side of a connection."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


def make_certificate(
    folder: Path, names: str = "DNS:localhost,IP:127.0.0.1", days: int = 30, ago: int = 0
) -> Certificate:
    """A self-signed certificate for ``names`` (subjectAltName), made ``ago`` days ago and valid for ``days``."""
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=test"
    command += " -addext keyUsage=critical,digitalSignature,keyCertSign"
    extra = ["-addext", f"subjectAltName={names}", "-keyout", str(made.key), "-out", str(made.cert)]
    back = ["faketime", "-f", f"-{ago}d"] if ago else []
    subprocess.run([*back, *command.split(), "-days", str(days), *extra], check=True, capture_output=True)
    return made
