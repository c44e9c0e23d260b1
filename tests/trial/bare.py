"""The tree of the trial's machine: a small host before maild is installed.

In it: systemd, and the mail server of the project (Postfix, Dovecot). Not in it: Python, gpg, maild. The packages
that README tells to install lie in apt's own cache, so that its command works without a network.
"""

from pathlib import Path

from tests.trees.tree import kept_tree, run

BASE = ("systemd", "systemd-sysv", "dbus")
MAIL_SERVER = ("postfix", "dovecot-imapd", "dovecot-lmtpd", "openssl")


def machine_tree(release: str, wanted: tuple[str, ...]) -> Path:
    """The tree of Debian's *release*, with the packages *wanted* in apt's cache (two minutes when it is new)."""

    def finish(tree: Path) -> None:
        apt = ("chroot", str(tree), "apt-get", "-qq")
        run(*apt, "install", "-y", "--no-install-recommends", *MAIL_SERVER)
        run(*apt, "clean")
        run(*apt, "install", "-y", "--no-install-recommends", "--download-only", *wanted)
        (tree / "usr/sbin/policy-rc.d").unlink()

    return kept_tree(release, BASE, finish, also=repr((MAIL_SERVER, sorted(wanted))))
