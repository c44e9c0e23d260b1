"""The demo's configuration: a ``maild.toml`` as an operator would write it."""

from pathlib import Path

from maild.demo.keys import Keys
from maild.demo.servers import HOST, PASSWORD, PATIENCE, USER, Servers

FILE = "maild.toml"

_TEXT = """\
# The desk of an invented project, as `maild demo` played it. Its servers are gone: `maild run` finds no mail
# here, but `maild --config {file} cases` (show, outbox, quarantine, explain, ...) works.

[desk]
name = "Heron security"
address = "security@heron.example"
prefix = "HERON"
state = "state"
mode = "observe"
policy_url = "https://heron.example/security"

[inbox]
host = "{host}"
port = {imap}
tls = "none"  # this machine's own loopback only
username = "{user}"
password_file = "imap.password"
folders = ["INBOX"]
sent = "Sent"
poll = "60s"
timeout = "{patience}s"

[smtp]
host = "{host}"
port = {smtp}
tls = "none"
timeout = "{patience}s"

[promises]
acknowledge = "24h"
respond = "48h"
update = "5d"

[escalation]
backup_after = "24h"
digest_at = ""
held_digest_at = ""

[[team]]
name = "Ana Acosta"
addresses = ["ana@heron.example"]
roles = ["handler"]
{member_key}
[[team]]
name = "Cora Conti"
addresses = ["cora@heron.example"]
roles = ["coordinator"]

[[team]]
name = "Ben Brandt"
addresses = ["ben@heron.example"]
roles = ["backup"]
"""


def write(folder: Path, servers: Servers, keys: Keys | None) -> Path:
    """Write the configuration and the files that it names into *folder*; its path."""
    path = folder / FILE
    member_key = ""
    if keys:
        (folder / "ana.asc").write_text(keys.public(keys.member))
        member_key = f'fingerprint = "{keys.member}"\nkey_file = "ana.asc"\n'
    text = _TEXT.format(
        file=FILE,
        host=HOST,
        imap=servers.imap_port,
        smtp=servers.smtp_port,
        user=USER,
        patience=PATIENCE,
        member_key=member_key,
    )
    if keys:
        text += f'\n[openpgp]\nhome = "gnupg"\nkey = "{keys.desk}"\n'
    path.write_text(text)
    secret = folder / "imap.password"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORD + "\n")
    return path
