"""The pages of the handbook, as they come with maild, and how a terminal shows them."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.markdown import Markdown

FOLDER = Path(__file__).parents[1] / "handbook"
TOPICS = (
    ("set-up", "installing, the configuration, the first start"),
    ("mailboxes", "Google, Microsoft, lists, your own server"),
    ("team", "one page for team members: replies, commands, signatures"),
    ("screening", "spam, the quarantine, measuring it on your own mail"),
    ("promises", "policies, deadlines, escalation, the public page"),
    ("disclosure", "one case from report to advisory"),
    ("trouble", "when something is wrong"),
    ("upgrading", "upgrades, backups, moving to another host"),
    ("security", "what maild protects, and what it trusts"),
    ("monitoring", "log events, metrics, exit statuses"),
)
"""Each page by the name of its file, and what it covers, in the order in which to read them."""
NAMES = tuple(name for name, _ in TOPICS)
WIDTH = 96


def page(topic: str) -> str:
    """The page about *topic*, in Markdown."""
    return (FOLDER / f"{topic}.md").read_text("utf-8")


def show(topic: str) -> None:
    """Print the page: laid out and paged on a terminal, as Markdown anywhere else."""
    text = page(topic)
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    console = Console(width=min(WIDTH, Console().width))
    with console.pager(styles=True):
        console.print(Markdown(text))


def contents() -> str:
    """The topics, as ``maild help`` ends with them."""
    rows = "\n".join(f"  {name:<11} {about}" for name, about in TOPICS)
    return (
        f"Handbook (maild help TOPIC):\n  {'commands':<11} every command that the team gives by mail\n{rows}"
    )
