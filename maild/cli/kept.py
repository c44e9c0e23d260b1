"""The commands about mail as it is kept: what was set aside, and what is written out."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import click

from maild.app import export as exporting
from maild.app import operator
from maild.cli import output
from maild.cli.context import NUMBER, as_json, config_path, desk
from maild.config import load
from maild.errors import Refused
from maild.store import views


@click.command()
@as_json
def shunted(as_json: bool) -> None:
    """List the messages that maild could not handle; they are kept whole."""
    with desk() as opened:
        output.rows(opened.ask(views.shunted), as_json, "Nothing was set aside.", "shunted")


@click.command()
@click.argument("mails", nargs=-1, type=NUMBER, metavar="[NUMBER]...")
@click.option("--all", "everything", is_flag=True, help="Everything that was set aside.")
def retry(mails: tuple[int, ...], everything: bool) -> None:
    """Try again to handle messages that were set aside, from where they stopped."""
    if bool(mails) == everything:
        raise Refused("give the numbers of messages, or --all; `maild shunted` lists what was set aside")
    with desk() as opened:
        found = [int(row["mail"]) for row in opened.ask(views.shunted)] if everything else mails
        for mail in found:
            operator.retry(opened, mail)
        click.echo(f"{output.counted(len(found), 'message')} will be handled in the next round.")


@click.command()
@click.argument("what", metavar="MAIL|CASE")
@click.option("--to", default="", help="Encrypt to this member, to the desk, or to the key in this file.")
@click.option("--anyway", is_flag=True, help="Encrypt to a stranger's key although the case is not public.")
@click.option("--output", "file", type=click.Path(path_type=Path), help="A new file, readable only by you.")
def export(what: str, to: str, anyway: bool, file: Path | None) -> None:
    """Write out one message as it was received, or everything about a case.

    MAIL is a number: its bytes, still encrypted if it arrived so. CASE: an archive (tar) with case.json, the
    messages and letters as mbox, and the encrypted ones decrypted. An encrypted case needs --to. Until the
    case is public, a key file must be the known key of somebody who may see the case.
    """
    if what.isdecimal():
        if to:
            raise Refused("--to is for a case; a message is written out as it was received")
        mail = NUMBER(what)
        with writing(file) as out, desk() as opened:
            out.write(operator.raw_mail(opened, mail))
        return
    config = load(config_path())
    with writing(file) as out:
        out.write(exporting.case(config, what.upper(), to, anyway))


@contextmanager
def writing(file: Path | None) -> Iterator[BinaryIO]:
    """A new file of mode 0600, gone again when something fails; without one standard output, no terminal.

    It is opened before the desk is: root then still writes where the desk's owner cannot.
    """
    if file is None:
        if sys.stdout.isatty():
            raise Refused(
                "a message may contain anything, even what harms a terminal: name a file with --output"
            )
        yield sys.stdout.buffer
        return
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(f"{file} exists already; name a new file") from None
    except OSError as error:
        raise Refused(f"cannot write {file}: {error.strerror}") from None
    try:
        with os.fdopen(number, "wb") as out:
            yield out
    except BaseException:
        with suppress(OSError):
            file.unlink()
        raise
