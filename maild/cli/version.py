"""``--version``: maild, and what it stands on."""

import platform
import re
import sqlite3
import subprocess
from importlib import metadata

import click

from maild import __version__


def version() -> str:
    """Maild's version, those of Python, SQLite and gpg, and of the libraries that it names."""
    libraries = (
        re.match(r"[\w.-]+", one) for one in metadata.requires("maild") or () if "extra ==" not in one
    )
    names = sorted(match.group() for match in libraries if match)
    base = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_gpg()}"
    return f"maild {__version__}\n{base}\n{', '.join(f'{name} {metadata.version(name)}' for name in names)}"


def shown(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    """The option's callback: print it and be done."""
    if wanted and not context.resilient_parsing:
        click.echo(version())
        context.exit()


def _gpg() -> str:
    command = ["gpg", "--version"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return "no gpg"
    found = re.match(r"gpg \(GnuPG.*?\) (\S+)", said)
    return f"gpg {found.group(1)}" if found else "a gpg that tells no version"
