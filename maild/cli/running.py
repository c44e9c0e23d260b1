"""The commands that run the desk or look whether it could run."""

import os
import sys
from pathlib import Path

import click

from maild import log
from maild.app import check as checking
from maild.app import run as running
from maild.app.check import origins, submission
from maild.app.init import rest
from maild.cli import output
from maild.cli.context import as_json, configured
from maild.errors import ConfigError, TemporaryError


@click.command()
@click.option(
    "--once", is_flag=True, help="Read the mailbox, check the deadlines, send what is due, and exit."
)
def run(once: bool) -> None:
    """Run the desk in the foreground; SIGTERM shuts it down cleanly."""
    config = configured()
    if not once:
        running.forever(config)
        return
    if sys.stderr.isatty() and "MAILD_LOG" not in os.environ:
        log.to_stderr("warning")  # what was done is told below
    with output.busy("reading, deciding, sending"):
        done = running.once(config)
    click.echo(f"received: {done.taken}; letters sent: {done.sent}; left in the backlog: {done.backlog}")
    if done.trouble:
        raise TemporaryError(done.trouble)


EXITS = {checking.FAULT: os.EX_UNAVAILABLE, checking.WARNING: 1, checking.ACCEPTED: 0, checking.OK: 0}
"""The exit status of ``check`` by its worst line, in the order in which people see the lines."""


@click.command()
@click.option("--letter", metavar="ADDRESS", help="Also send a test letter to ADDRESS.")
@click.option(
    "--fail-on",
    type=click.Choice([checking.FAULT, checking.WARNING]),
    default=checking.WARNING,
    show_default=True,
    help="The least that makes the exit status other than 0.",
)
@click.option("--explain", is_flag=True, help="Only show the mailbox's settings, and where each comes from.")
@as_json
def check(letter: str | None, fail_on: str, explain: bool, as_json: bool) -> None:
    """Check whether the desk can run, and say what is wrong and how to fix it.

    Checks the configuration, files, database, keys, IMAP and SMTP. Exit status 0: all is well; 1: there are
    warnings (0 with --fail-on fault); 69: there are faults; 78: the configuration cannot be used. A warning
    that you accept in maild.toml ([[accepted]]) no longer counts.
    """
    try:
        config = configured()
    except ConfigError as error:
        if not as_json:
            raise
        told(checking.of_faults(error), as_json)
        click.get_current_context().exit(os.EX_CONFIG)
    if explain:
        output.rows(origins.values(config), as_json, "")
        for one in () if as_json else origins.todo(config):
            click.echo(f"- {one}")
        return
    with output.busy("checking"):
        lines = checking.check(config)
        if letter:
            lines.append(submission.send_letter(config, letter))
            if config.file.desk.subaddress and lines[-1].state == checking.OK:
                lines.append(submission.send_tagged(config, submission.PATIENCE))
        rest(config)
    status = told(lines, as_json)
    tolerable = fail_on == checking.FAULT and status == EXITS[checking.WARNING]
    click.get_current_context().exit(0 if tolerable else status)


def told(lines: list[checking.Line], as_json: bool) -> int:
    """Print the lines of a check, for people the worst first; the exit status that the worst asks for."""
    fix = "mend" if as_json else "what to do"
    if not as_json:
        lines = sorted(lines, key=lambda one: list(EXITS).index(one.state))
    found = [{"what": one.what, "state": one.state, "text": one.text, fix: one.mend} for one in lines]
    output.rows(found, as_json, "", "check", paged=False)
    return EXITS[next(state for state in EXITS if state in {line.state for line in lines})]


@click.command()
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the configuration, database and messages in DIRECTORY.",
)
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also draw the timeline into FILE (SVG).",
)
def demo(keep: Path | None, picture: Path | None) -> None:
    """Show maild at work on embedded servers, five days in under a minute."""
    try:
        from maild.demo import play
    except ImportError as error:
        raise click.ClickException(
            f"the demo needs more packages: pip install 'maild[demo]' ({error.name})"
        ) from None
    play(keep, picture)
