"""The commands about the OAuth token."""

import click

from maild.app import token as oauth
from maild.cli import output
from maild.cli.context import configured
from maild.core.values.token import Token

PORT = 8765


@click.group()
def token() -> None:
    """Get and renew the OAuth token that the desk logs in with (maild help oauth)."""


@token.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Where on 127.0.0.1 the browser comes back to (0: any free port).",
)
def authorize(port: int) -> None:
    """Get the first token, or the next one after the provider refused to renew it."""
    _said(oauth.authorize(configured(), oauth.Asking(click.echo, port=port)))


@token.command()
@click.option("--now", "at_once", is_flag=True, help="Renew it even if half of its life is not over.")
def refresh(at_once: bool) -> None:
    """Renew the token if it is due. maild-token.timer does this."""
    config = configured()
    with output.busy("asking the provider"):
        found = oauth.refresh(config, at_once)
    _said(found)


def _said(found: Token) -> None:
    click.echo(f"the token is valid until {found.expires:%Y-%m-%d %H:%M} UTC")
