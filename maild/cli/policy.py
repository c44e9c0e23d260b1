"""The commands about the published policy."""

from pathlib import Path

import click

from maild.app import policy as published
from maild.app.desk import now
from maild.app.replay import suggestions
from maild.app.suggest import suggested
from maild.cli import output
from maild.cli.context import as_json, configured, desk
from maild.cli.replay import played, sent_option
from maild.config.page import FORMATS
from maild.store.kept import kept


@click.group()
def policy() -> None:
    """Show, render and check the published policy."""


@policy.command()
@as_json
def show(as_json: bool) -> None:
    """Show what is in force, and where each value comes from: the file, a preset, or a default."""
    output.rows(published.shown(configured()), as_json, "", "policy")


@policy.command()
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="markdown", show_default=True)
def render(form: str) -> None:
    """Write the policy page to standard output; refused while it disagrees with the deadlines."""
    click.echo(published.rendered(configured(), form, now()), nl=False)


@policy.command()
@click.argument("page", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def lint(page: Path | None, as_json: bool) -> None:
    """Compare PAGE with the deadlines (without PAGE: the rendered page, in each format)."""
    text = page.read_text("utf-8", "replace") if page else None
    found = published.linted(configured(), text, now())
    rows = [{"page": str(page or form), **fault.row} for form, fault in found]
    if as_json or not rows:
        output.rows(rows, as_json, "The page and the deadlines agree.", "lint")
    else:
        for row in rows:
            click.echo("{page}:{line}: {found}: {wanted}".format(**row))
    if rows:
        click.get_current_context().exit(1)


@policy.command("security-txt")
def security_txt() -> None:
    """Write security.txt (RFC 9116) to standard output, for /.well-known/security.txt."""
    config = configured()
    click.echo(published.security_txt(config, now()), nl=False)
    if soon := published.expires_soon(config.file.policy.security_txt_expires, now()):
        click.echo(f"maild: {soon}", err=True)


@policy.command()
@click.argument("mail", nargs=-1, metavar="[MAIL...]", type=click.Path(path_type=Path))
@sent_option
@as_json
def suggest(mail: tuple[Path, ...], sent: tuple[Path, ...], as_json: bool) -> None:
    """Show the times that the team really keeps beside those that are promised.

    With MAIL, an archive of past mail, the times are those of the archive (`maild replay`).
    """
    if mail or sent:
        with output.busy("replaying"), played(mail, sent) as past:
            output.rows(suggestions(past), as_json, "Nothing is promised.", "suggest")
        return
    with desk() as opened:
        found = opened.ask(kept, opened.clock())
        output.rows(suggested(found, opened.policy.rules), as_json, "Nothing is promised.", "suggest")
