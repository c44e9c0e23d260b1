"""The pages of the handbook, as they come with maild, and how a terminal shows them."""

import sys
from collections.abc import Mapping
from pathlib import PurePosixPath

import click
from rich.console import Console

from maild.config.handbook import FOLDER, page

TOPICS = (
    ("set-up", "installing, the configuration, the first start"),
    ("mailboxes", "Google, Microsoft, lists, your own server"),
    ("oauth", "logins without passwords"),
    ("team", "one page for team members: replies, commands, signatures"),
    ("screening", "spam, the quarantine, measuring it on your own mail"),
    ("promises", "policies, deadlines, escalation, the public page"),
    ("disclosure", "one case from report to advisory"),
    ("trouble", "when something is wrong"),
    ("upgrading", "upgrades, backups, moving to another host"),
    ("postgresql", "the database on a server of its own"),
    ("security", "what maild protects, and what it trusts"),
    ("monitoring", "log events, metrics, exit statuses"),
)
"""Each page by the name of its file, and what it covers, in the order in which to read them."""
COMMANDS, ABOUT_COMMANDS = "commands", "every command that the team gives by mail"
__all__ = ["FOLDER", "page"]
NAMES = tuple(name for name, _ in TOPICS)
WIDTH = 96


def show(topic: str) -> None:
    """Print the page: laid out and paged on a terminal, as Markdown anywhere else."""
    text = page(topic)
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.markdown import Markdown  # no other command needs it, and the service least of all

    console = Console(width=min(WIDTH, Console().width))
    with console.pager(styles=True):
        console.print(Markdown(text))


def site(commands: str) -> Mapping[PurePosixPath, bytes]:
    """The handbook as files of HTML, with the page on *commands* by mail in Markdown."""
    from maild.config import handbookpage

    topics = [(COMMANDS, ABOUT_COMMANDS), *TOPICS]
    texts = {
        "index": handbookpage.contents(topics),
        COMMANDS: commands,
        **{name: page(name) for name in NAMES},
    }
    return {
        PurePosixPath(f"{name}.html"): handbookpage.html(name, text, topics).encode()
        for name, text in texts.items()
    }


def contents() -> str:
    """The topics, as ``maild help`` ends with them."""
    rows = "\n".join(f"  {name:<11} {about}" for name, about in TOPICS)
    return f"Handbook (maild help TOPIC):\n  {COMMANDS:<11} {ABOUT_COMMANDS}\n{rows}"
