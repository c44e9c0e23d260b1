"""The commands and how every error reaches the operator: what happened, to what, what to do."""

import os
import pwd
import resource
import sys
from io import StringIO
from pathlib import Path
from typing import NoReturn

import click

from maild import log
from maild.app.version import version
from maild.cli import output
from maild.cli.advisory import advisory
from maild.cli.backup import backup, restore, verify
from maild.cli.board import board
from maild.cli.explain import explain
from maild.cli.forget import forget
from maild.cli.groups import SETTINGS, Grouped, with_examples
from maild.cli.help import help_
from maild.cli.history import postmortem, statistics, timeline
from maild.cli.init import init, install_service
from maild.cli.kept import export, retry, shunted
from maild.cli.keys import keys
from maild.cli.ledger import ledger, when
from maild.cli.listings import cases, mail, outbox, show, status
from maild.cli.manual import completion, manual
from maild.cli.moving import migrate_database
from maild.cli.policy import policy
from maild.cli.publishing import announce, predisclose
from maild.cli.quarantine import quarantine, reject, release
from maild.cli.replay import replay
from maild.cli.report import report
from maild.cli.running import check, demo, run
from maild.cli.screen import screen
from maild.cli.table import typed
from maild.cli.token import token
from maild.cli.words import access, adopt, close, open_, send
from maild.config import find
from maild.errors import ConfigError, MaildError, PermanentError, Refused, TemporaryError, fingerprint

EXITS = (
    (ConfigError, os.EX_CONFIG),
    (TemporaryError, os.EX_TEMPFAIL),
    (PermanentError, os.EX_UNAVAILABLE),
    (Refused, 1),
)
FILES = (
    (FileNotFoundError, os.EX_NOINPUT),
    (IsADirectoryError, os.EX_NOINPUT),
    (PermissionError, os.EX_NOPERM),
)
"""What an operator's file may do to a command."""


@click.group(cls=Grouped, context_settings=SETTINGS)
@click.option(
    "--config",
    "config_file",
    metavar="FILE",
    help="The configuration file [$MAILD_CONFIG, /etc/maild/maild.toml].",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, wanted: _version(context) if wanted else None,
    help="Show the versions of maild, gpg and the libraries, and exit.",
)
@click.pass_context
def cli(context: click.Context, config_file: str | None) -> None:
    """Keep the promises of a security policy, by email.

    $MAILD_LOG sets the log level: debug, info, warning or error. No level logs any text of a message.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # opened mail is in memory, and must not end on a disk
    context.obj = find(config_file)
    log.to_stderr(os.environ.get("MAILD_LOG", "info"))


for command in (
    run,
    check,
    cases,
    show,
    close,
    quarantine,
    mail,
    release,
    open_,
    reject,
    adopt,
    outbox,
    send,
    access,
    shunted,
    retry,
    export,
    backup,
    restore,
    verify,
    migrate_database,
    forget,
    status,
    board,
    advisory,
    announce,
    predisclose,
    explain,
    screen,
    keys,
    token,
    policy,
    ledger,
    when,
    timeline,
    statistics,
    report,
    replay,
    postmortem,
    demo,
    help_,
    init,
    install_service,
    manual,
    completion,
):
    cli.add_command(command)
for command in typed():
    cli.add_command(command)
with_examples(cli)


def main() -> NoReturn:
    """The program: runs the command and exits with its status."""
    os.environ.setdefault("LESS", "FRX")  # a pager shows colours, and ends where one page is enough
    try:
        status = cli(prog_name="maild", standalone_mode=False)
    except click.ClickException as error:
        _tell(_shown(error))
        sys.exit(os.EX_USAGE)
    except click.Abort:
        sys.exit(130)
    except MaildError as error:
        _tell(f"maild: {error}")
        sys.exit(next((code for kind, code in EXITS if isinstance(error, kind)), 1))
    except BrokenPipeError:
        # Whoever read our output went away; nothing is left to say.
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - the process ends here
        sys.exit(0)
    except OSError as error:
        told = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        who = f" (for {_user()})" if isinstance(error, PermissionError) else ""
        _tell(f"maild: {told}{who}")
        sys.exit(next((code for kind, code in FILES if isinstance(error, kind)), os.EX_IOERR))
    except Exception as error:
        if os.environ.get("MAILD_LOG") == "debug":
            raise
        _tell(f"maild: this is a bug in maild, please report this line: {fingerprint(error)}")
        sys.exit(os.EX_SOFTWARE)
    sys.exit(status if isinstance(status, int) else 0)


def _tell(text: str) -> None:
    """Print what is wrong, folded between words on a terminal."""
    output.told(text, error=True)


def _shown(error: click.ClickException) -> str:
    """What click has to say about a command that was typed wrongly."""
    text = StringIO()
    error.show(text)
    return text.getvalue()


def _user() -> str:
    """Who we are by now: as root a command has become the owner of the state folder."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"


def _version(context: click.Context) -> None:
    if not context.resilient_parsing:  # not while a shell asks for completions
        click.echo(version())
        context.exit()
