"""Manual pages and shell completion, from the same source as ``--help`` and the commented configuration."""

import re
from collections.abc import Iterator

import click
from click.shell_completion import get_completion_class

from maild import __version__
from maild.cli import handbook
from maild.cli.groups import SETTINGS
from maild.cli.help import INTRODUCTION, explained
from maild.cli.roff import escaped, written
from maild.config.share import shipped
from maild.core.words.table import TABLE

SHELLS = {
    "bash": "/usr/local/share/bash-completion/completions/maild",
    "zsh": "/usr/local/share/zsh/site-functions/_maild",
    "fish": "/usr/local/share/fish/vendor_completions.d/maild.fish",
}
"""Where each shell looks."""
FOLDER = "/usr/local/share/man"
EXITS = (
    ("0", "Done."),
    ("1", "The command was refused and nothing was changed; or a check found something."),
    ("64", "A wrong command or option (EX_USAGE)."),
    ("69", "A problem that waiting will not solve, or one that check found (EX_UNAVAILABLE)."),
    ("70", "A bug in maild (EX_SOFTWARE)."),
    ("75", "A problem that may pass: a server, a lock, a full disk (EX_TEMPFAIL)."),
    ("78", "A faulty configuration (EX_CONFIG)."),
)
FILES = (
    ("/etc/maild/maild.toml", "The configuration, see maild.toml(5)."),
    ("/etc/maild/secrets/", "Passwords and passphrases, handed to the service as credentials."),
    ("/var/lib/maild/", "The database, the keys and the lock."),
)


@click.command()
@click.argument("page", type=click.Choice(["maild.8", "maild.toml.5", "maild.7"]))
def manual(page: str) -> None:
    """Write a manual PAGE (roff) to standard output; to read it: maild manual maild.8 | man -l - ."""
    root = click.get_current_context().find_root().command
    assert isinstance(root, click.Group)
    click.echo(next(text for path, text in pages(root).items() if path.endswith(f"/{page}")), nl=False)


@click.command()
@click.argument("shell", type=click.Choice(list(SHELLS)))
def completion(shell: str) -> None:
    """Write the completion for SHELL to standard output."""
    root = click.get_current_context().find_root().command
    click.echo(_completion(root, shell))


def pages(root: click.Group) -> dict[str, str]:
    """The manual pages by the path at which man looks for them."""
    return {
        f"{FOLDER}/man8/maild.8": maild_8(root),
        f"{FOLDER}/man5/maild.toml.5": maild_toml_5(),
        f"{FOLDER}/man7/maild.7": maild_7(),
    }


def completions(root: click.Command) -> dict[str, str]:
    """The completion of every shell by its path."""
    return {path: _completion(root, shell) + "\n" for shell, path in SHELLS.items()}


def _completion(root: click.Command, shell: str) -> str:
    kind = get_completion_class(shell)
    assert kind is not None
    maker = kind(root, {}, "maild", "_MAILD_COMPLETE")
    # source() would start bash to ask for its version
    return maker.source_template % maker.source_vars()


def maild_8(root: click.Group) -> str:
    """maild(8): every command, option and argument as ``--help`` tells them."""
    lines = [_title("MAILD", 8), ".SH NAME", r"maild \- " + escaped(_summary(root)), ".SH SYNOPSIS"]
    lines += [
        r"\fBmaild\fR [\fIOPTIONS\fR] \fICOMMAND\fR [\fIARGUMENTS\fR]",
        ".SH DESCRIPTION",
        *_prose(root),
    ]
    lines += [".SH OPTIONS", *_options(root), ".SH COMMANDS"]
    for path, command in _commands(root, ()):
        lines += [".SS " + escaped(_usage(path, command)), *_prose(command), *_options(command)]
    lines += [".SH COMMANDS BY MAIL", ".PP", escaped(" ".join(INTRODUCTION.split()))]
    lines += _pairs(tuple((row.usage, explained(row)) for row in TABLE))
    lines += [
        ".SH EXIT STATUS",
        *_pairs(EXITS),
        ".SH FILES",
        *_pairs(FILES),
        ".SH SEE ALSO",
        "maild(7), maild.toml(5), gpg(1)",
    ]
    return "\n".join(lines) + "\n"


def maild_7() -> str:
    """maild(7): the handbook, page after page."""
    lines = [_title("MAILD", 7), ".SH NAME", r"maild \- the handbook"]
    for name in handbook.NAMES:
        lines += written(handbook.page(name))
    return "\n".join([*lines, ".SH SEE ALSO", "maild(8), maild.toml(5)"]) + "\n"


def maild_toml_5() -> str:
    """maild.toml(5): the commented configuration, its tables as sections."""
    text = (shipped("config") / "maild.toml").read_text("utf-8")
    lines = [
        _title("MAILD.TOML", 5),
        ".SH NAME",
        r"maild.toml \- the configuration of maild(8)",
        ".SH DESCRIPTION",
    ]
    for block in re.split(r"\n\s*\n", text.strip()):
        lines += [".PP", *_block(block)]
    return "\n".join([*lines, ".SH SEE ALSO", "maild(8)"]) + "\n"


def _block(block: str) -> Iterator[str]:
    """A paragraph of the file: comments as text, tables as headings, keys and examples as they stand."""
    for line in block.split("\n"):
        if header := re.fullmatch(r"\[+[a-z_]+\]+", line):
            yield f".SS {escaped(header.group())}"
        elif re.fullmatch(r"#?[a-z_]+ = .*", line) or line.startswith("#  "):
            yield from (".nf", r"\fB" + escaped(line.removeprefix("#")) + r"\fR", ".fi")
        else:
            yield escaped(line.removeprefix("#").strip())


def _title(name: str, section: int) -> str:
    return f'.TH {name} {section} "" "maild {__version__}" "maild"'


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if not command.hidden:
            yield (*path, name), command
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


def _usage(path: tuple[str, ...], command: click.Command) -> str:
    with click.Context(command, info_name=" ".join(path), **SETTINGS) as context:
        return " ".join([*path, *command.collect_usage_pieces(context)])


def _summary(command: click.Command) -> str:
    return (command.help or "").split("\n", 1)[0].rstrip(".")


def _prose(command: click.Command) -> list[str]:
    return [f".PP\n{escaped(' '.join(part.split()))}" for part in (command.help or "").split("\n\n")]


def _options(command: click.Command) -> list[str]:
    with click.Context(command, **SETTINGS) as context:
        options = [one for one in command.params if isinstance(one, click.Option)]
        return _pairs(tuple(record for one in options if (record := one.get_help_record(context))))


def _pairs(pairs: tuple[tuple[str, str], ...]) -> list[str]:
    return [
        line for name, text in pairs for line in (".TP", rf"\fB{escaped(name)}\fR", escaped(text) or r"\&")
    ]
