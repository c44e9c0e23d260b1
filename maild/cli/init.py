"""The commands of an operator's first day: ``init`` and ``install-service``."""

import os
import sys
from pathlib import Path
from typing import get_args

import click

from maild.app import check as checking
from maild.app import init as founding
from maild.app import install
from maild.app import token as oauth
from maild.app.desk import become_owner, now
from maild.app.init import Answers
from maild.cli import output
from maild.cli.context import config_path
from maild.cli.draft import Draft
from maild.cli.interview import interview
from maild.cli.manual import completions, pages
from maild.cli.questions import answers, own_key
from maild.cli.running import told
from maild.cli.said import Said
from maild.config import Config, load, providers
from maild.config.load import SYSTEM_FILE
from maild.config.oauth import Grant
from maild.errors import Refused

TLS = click.Choice(["implicit", "starttls", "none"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WHO = '"NAME <ADDRESS>"'
NEW = ("address", "name", "imap", "smtp", "coordinator", "backup", "handler", "team_key", "sent", "mode")
"""Options that only a new configuration takes."""
GRANTS = tuple(one for one in get_args(Grant) if one)


@click.command()
@click.option("--address", help="The published address, for example security@example.org.")
@click.option("--name", help="The name under which the desk writes.")
@click.option("--imap", metavar="HOST[:PORT]", help="The server of the inbox.")
@click.option("--imap-tls", type=TLS, help="Default: starttls on port 143, else implicit.")
@click.option("--smtp", metavar="HOST[:PORT]", help="The server that sends the desk's letters.")
@click.option("--smtp-tls", type=TLS, help="Default: starttls on port 587, else implicit.")
@click.option("--smtp-open", is_flag=True, help="The SMTP server needs no login.")
@click.option("--provider", type=click.Choice(providers.names()), help="Who keeps the mailbox.")
@click.option("--mode", type=click.Choice(["relay", "observe"]), help="Who tells the team: maild, or a list.")
@click.option("--own-list", multiple=True, metavar="LIST", help="A mailing list that delivers here.")
@click.option("--authserv-id", multiple=True, metavar="HOST", help="Whose Authentication-Results count.")
@click.option("--token-file", type=FILE, help="A file with an OAuth access token, instead of a password.")
@click.option("--grant", type=click.Choice(GRANTS), help="How to get OAuth tokens (maild help oauth).")
@click.option("--client-id", metavar="ID", help="The id of the OAuth application.")
@click.option("--tenant", metavar="ID", help="Microsoft: the directory (tenant) id.")
@click.option(
    "--oauth-file", type=FILE, help="Its secret, certificate with key (PEM) or service account (JSON)."
)
@click.option("--token-url", metavar="URL", help="Where it gets tokens, if the provider does not say.")
@click.option("--user", help="The user name on both servers [the address].")
@click.option(
    "--password-file", type=FILE, help="A file with the password for both; without it you are asked."
)
@click.option("--ca-file", type=FILE, help="Certificate authorities to trust instead of the system's.")
@click.option("--sent", metavar="FOLDER", help="The folder with what the team sends from the shared account.")
@click.option("--coordinator", metavar=WHO, help="Who is told first when a promise is overdue.")
@click.option("--backup", metavar=WHO, help="Who is told next.")
@click.option("--handler", metavar=WHO, multiple=True, help="Somebody else who answers reports.")
@click.option("--team-key", type=FILE, multiple=True, help="The public key of one of these people.")
@click.option("--key", metavar="make|none|FILE", help="The desk's key: a new one, none, or your secret key.")
@click.option("--passphrase-file", type=FILE, help="A file with the passphrase of your secret key.")
@click.option("--preset", default="rust-2015", show_default=True, help="The published policy to start from.")
@click.option("--state", metavar="DIR", help="The folder for the database and keys.")
@click.pass_context
def init(context: click.Context, /, **given: str) -> None:
    """Set up a desk: create the configuration and key, import the team's keys, check everything.

    Asks for what no option says. Run it again to add what is missing; what exists stays as it is.
    """
    said, path = Said(**given), config_path()  # type: ignore[arg-type]  # click converts each
    _may_write(path)
    new = not path.exists() or _wanted_anew(path)
    first = None
    if new:
        asked = _asked(said, path)
        founding.found(path, asked, now())
        first = asked.login.first
    output.tell(f"{path}: written" if new else f"{path} exists and was not changed{_unused(context)}.")
    if _key_wanted(said, load(path), new):
        own = own_key(said)
        with output.busy("making the desk's key"):
            fingerprint = founding.add_key(path, own, now())
        click.echo(f"The desk's key: {fingerprint}")
    config = load(path)
    if first:
        oauth.keep(config, first)
    become_owner(config)
    if public := founding.ready(config).decode("ascii"):
        click.echo(f"\nThe public key of {config.file.desk.address}, for your page:\n\n{public}")
    with output.busy("checking"):
        lines = checking.check(config)
        founding.rest(config)
    status = told(lines, as_json=False)
    click.echo(_next(path))
    Draft(path).done()
    context.exit(status if status == os.EX_UNAVAILABLE else 0)  # a warning is no failure to found a desk


def _may_write(path: Path) -> None:
    """Refuse before anything is asked where a configuration that is missing cannot be written."""
    if path.exists():
        return
    folder = next((one for one in path.absolute().parents if one.exists()), path.absolute().parent)
    if not os.access(folder, os.W_OK | os.X_OK):
        own = "; to set up a desk as yourself, in a folder of your own: maild --config maild.toml init"
        raise Refused(f"{folder} is not yours to write to: run `maild init` as root{own}")


def _unused(context: click.Context) -> str:
    """What was given that counts only for a new configuration."""
    unused = [
        f"--{name.replace('_', '-')}" for name, value in context.params.items() if value and name in NEW
    ]
    return f", and {', '.join(unused)} had no effect: edit it (maild help set-up)" if unused else ""


def _asked(said: Said, path: Path) -> Answers:
    """The answers: tried one by one at a terminal, else taken from the options and the input."""
    return interview(said, path) if said.asking and sys.stdin.isatty() else answers(said, path)


def _wanted_anew(path: Path) -> bool:
    """Whether the operator, asked, wants a configuration that is there written anew."""
    return sys.stdin.isatty() and click.confirm(f"{path} exists. Replace it (the old one is kept)?")


def _key_wanted(said: Said, config: Config, new: bool) -> bool:
    """A new desk gets a key unless somebody says ``none``; an old one without it, when somebody says so."""
    if config.file.openpgp.key or said.key == "none":
        return False
    if new or said.key:
        return True
    return sys.stdin.isatty() and click.confirm("The desk has no key yet. Give it one?")


def _next(path: Path) -> str:
    folder, here = path.absolute().parent, "" if path == SYSTEM_FILE else f" --config {path}"
    unit = {SYSTEM_FILE.parent: "maild", SYSTEM_FILE.parent / folder.name: f"maild@{folder.name}"}.get(folder)
    start = f"systemctl enable --now {unit}" if unit else f"maild{here} run"
    runs = "starts the service, now and at every boot" if unit else "runs it in this terminal"
    steps = (
        (
            f"maild{here} check",
            "says how each member is recognized; let each send one message there",
        ),
        (start, f"{runs}; members get a page by email"),
        (f"maild{here} policy render", "prints the policy page, with the promises that maild keeps"),
        (f"maild{here} cases", "lists the cases, once you have written to your own address"),
    )
    return "\nWhat to do next:\n" + "\n".join(f"  {word}\n      {about}" for word, about in steps)


@click.command("install-service")
@click.option(
    "--instance", metavar="NAME", default="", help="The name of one of several desks: maild@NAME.service."
)
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.pass_context
def install_service(context: click.Context, instance: str, dry_run: bool) -> None:
    """Install the systemd unit, its user and folders, manual pages and shell completion."""
    root = context.find_root().command
    assert isinstance(root, click.Group)
    plan = install.steps(install.Program.running(), instance, {**pages(root), **completions(root)})
    if not dry_run:
        install.may_install()
    for step in plan:
        click.echo(f"would {step}" if dry_run else str(step))
        if not dry_run:
            with output.busy(str(step)):
                step.carry_out()
    click.echo(
        f"next: maild --config /etc/maild/{instance}/maild.toml init" if instance else "next: maild init"
    )
