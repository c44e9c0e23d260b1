"""The commands by what they are for, as ``maild --help`` lists them, with an example of each."""

import os
import re
from collections.abc import Iterator, Mapping
from textwrap import fill
from typing import Any

import click

from maild.config import find
from maild.core.words.row import Group
from maild.core.words.table import ROWS

TITLES: Mapping[Group, str] = {
    Group.DESK: "The desk",
    Group.CASES: "Cases",
    Group.MAIL: "Messages and letters",
    Group.DISCLOSURE: "Disclosure",
    Group.POLICY: "The policy and its promises",
    Group.UPKEEP: "Upkeep",
}
"""In the order in which help shows them."""
CASE = "EX-7KQ2M9"
EXAMPLES: Mapping[str, tuple[Group, str]] = {
    "init": (Group.DESK, "init --address security@example.org"),
    "install-service": (Group.DESK, "install-service --dry-run"),
    "check": (Group.DESK, "check --letter you@example.org"),
    "run": (Group.DESK, "run --once"),
    "board": (Group.DESK, "board --once"),
    "status": (Group.DESK, "status"),
    "demo": (Group.DESK, "demo"),
    "away": (Group.DESK, "away Anna until 5d"),
    "back": (Group.DESK, "back Anna"),
    "cases": (Group.CASES, "cases --all"),
    "show": (Group.CASES, f"show {CASE}"),
    "timeline": (Group.CASES, f"timeline {CASE}"),
    "access": (Group.CASES, f"access {CASE}"),
    "when": (Group.CASES, "when --days 7"),
    "handler": (Group.CASES, f"handler {CASE} Anna"),
    "pause": (Group.CASES, f"pause {CASE} waiting for the vendor until 5d"),
    "resume": (Group.CASES, f"resume {CASE}"),
    "close": (Group.CASES, f"close {CASE} fixed in 4.3"),
    "spam": (Group.CASES, f"spam {CASE}"),
    "not-spam": (Group.CASES, f"not-spam {CASE}"),
    "reopen": (Group.CASES, f"reopen {CASE}"),
    "duplicate": (Group.CASES, f"duplicate {CASE} EX-M2M2M2"),
    "postmortem": (Group.CASES, f"postmortem {CASE}"),
    "mail": (Group.MAIL, "mail --kept"),
    "quarantine": (Group.MAIL, "quarantine"),
    "release": (Group.MAIL, "release 12"),
    "open": (Group.MAIL, "open 12"),
    "reject": (Group.MAIL, "reject 12 13"),
    "outbox": (Group.MAIL, "outbox --all"),
    "send": (Group.MAIL, "send 7"),
    "adopt": (Group.MAIL, "adopt --all"),
    "explain": (Group.MAIL, "explain message.eml"),
    "screen": (Group.MAIL, "screen --labels ham reports"),
    "acknowledge": (Group.MAIL, f"acknowledge {CASE}"),
    "askkey": (Group.MAIL, f"askkey {CASE}"),
    "usekey": (Group.MAIL, f"usekey {CASE} {'0123456789ABCDEF' * 2}01234567"),
    "reporter": (Group.MAIL, f"reporter {CASE} rita@example.org"),
    "answered": (Group.MAIL, f"answered {CASE} https://github.com/example/xqparser/security/advisories"),
    "ask": (Group.MAIL, f"ask {CASE} version steps"),
    "guest": (Group.MAIL, f"guest {CASE} fixer@example.org until 5d"),
    "catch-up": (Group.MAIL, f"catch-up {CASE} fixer@example.org"),
    "tell": (Group.MAIL, f"tell {CASE} fixer@example.org until 5d maintains the library"),
    "verdict": (Group.DISCLOSURE, f"verdict {CASE} vulnerability"),
    "not-a-bug": (Group.DISCLOSURE, f"not-a-bug {CASE} trusted-input"),
    "severity": (Group.DISCLOSURE, f"severity {CASE} Important"),
    "track": (Group.DISCLOSURE, f"track {CASE} private"),
    "affects": (Group.DISCLOSURE, f"affects {CASE} '4.0 to 4.2'"),
    "branch": (Group.DISCLOSURE, f"branch {CASE} 4.2 fixed"),
    "done": (Group.DISCLOSURE, f"done {CASE} advisory"),
    "cve": (Group.DISCLOSURE, f"cve {CASE} CVE-2026-12345"),
    "cvss": (Group.DISCLOSURE, f"cvss {CASE} CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"),
    "credit": (Group.DISCLOSURE, f"credit {CASE} Rita Reed"),
    "stage": (Group.DISCLOSURE, f"stage {CASE} confirmed"),
    "embargo": (Group.DISCLOSURE, f"embargo {CASE} 2026-12-21 16:00 UTC"),
    "reporter-date": (Group.DISCLOSURE, f"reporter-date {CASE} 2027-01-11 16:00 UTC"),
    "leaked": (Group.DISCLOSURE, f"leaked {CASE}"),
    "exploited": (Group.DISCLOSURE, f"exploited {CASE}"),
    "predisclose": (Group.DISCLOSURE, f"predisclose {CASE} distros advisory.toml"),
    "announce": (Group.DISCLOSURE, f"announce {CASE} advisory.toml"),
    "in-the-open": (Group.DISCLOSURE, f"in-the-open {CASE} no attack is possible"),
    "told": (Group.DISCLOSURE, f"told {CASE} distros"),
    "published": (Group.DISCLOSURE, f"published {CASE} announcement"),
    "closing": (Group.DISCLOSURE, f"closing {CASE}"),
    "regulatory": (Group.DISCLOSURE, f"regulatory {CASE} start"),
    "advisory": (Group.DISCLOSURE, f"advisory {CASE} advisory.toml --format html"),
    "policy": (Group.POLICY, "policy show"),
    "policy show": (Group.POLICY, "policy show"),
    "policy render": (Group.POLICY, "policy render --format html"),
    "policy lint": (Group.POLICY, "policy lint page.html"),
    "policy security-txt": (Group.POLICY, "policy security-txt"),
    "policy suggest": (Group.POLICY, "policy suggest"),
    "ledger": (Group.POLICY, "ledger --since 2026-10-01"),
    "ledger verify": (Group.POLICY, "ledger verify"),
    "statistics": (Group.POLICY, "statistics --since 2026-10-01"),
    "report": (Group.POLICY, "report --since 2026-10-01 --html report.html"),
    "replay": (Group.POLICY, "replay last-year.mbox --sent sent.mbox"),
    "keys": (Group.UPKEEP, "keys"),
    "keys export": (Group.UPKEEP, "keys export"),
    "keys wkd": (Group.UPKEEP, "keys wkd /var/www/html"),
    "token": (Group.UPKEEP, "token refresh"),
    "token authorize": (Group.UPKEEP, "token authorize"),
    "token refresh": (Group.UPKEEP, "token refresh --now"),
    "backup": (Group.UPKEEP, "backup maild.sqlite"),
    "restore": (Group.UPKEEP, "restore maild.sqlite"),
    "verify": (Group.UPKEEP, "verify"),
    "migrate-database": (Group.UPKEEP, "migrate-database postgresql://maild@/maild"),
    "export": (Group.UPKEEP, f"export {CASE} --to Anna --output case.tar.gpg"),
    "forget": (Group.UPKEEP, "forget rita@example.org"),
    "shunted": (Group.UPKEEP, "shunted"),
    "retry": (Group.UPKEEP, "retry --all"),
    "help": (Group.UPKEEP, "help set-up"),
    "manual": (Group.UPKEEP, "manual maild.8"),
    "completion": (Group.UPKEEP, "completion bash"),
}
"""What each command is for, and one way to give it (without ``maild``)."""

WIDTH = 79
WHERE = """\
`maild help` says what each command does, and lists the pages of the handbook;
`maild help COMMAND` shows an example."""
SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
"""How every command shows its help; click remembers the names of the first time, so they are always these."""


class Grouped(click.Group):
    """``maild`` itself: its commands by group, and where to begin while there is no configuration."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Without anything behind ``maild``, its commands on one screen."""
        if not args and not context.resilient_parsing:
            click.echo(self.overview(), err=True)
            context.exit(os.EX_USAGE)
        return super().parse_args(context, args)

    def overview(self) -> str:
        """The names of all commands by group, for a terminal of 80 columns and 24 lines."""
        groups = [f"{title}: {', '.join(self._of(group))}" for group, title in TITLES.items()]
        folded = [fill(one, WIDTH, subsequent_indent="  ", break_on_hyphens=False) for one in groups]
        file = find(None)
        begin = "" if file.exists() else f"There is no configuration yet ({file}): start with `maild init`.\n"
        return "\n".join(("Usage: maild [OPTIONS] COMMAND [ARGS]...", *folded, "", begin + WHERE))

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command under the title of its group."""
        for group, title in TITLES.items():
            rows = [(name, self.commands[name]) for name in self._of(group)]
            with formatter.section(title):
                formatter.write_dl([(name, short(one.help or "")) for name, one in rows])

    def _of(self, group: Group) -> Iterator[str]:
        known = [*EXAMPLES, *(name for name in self.commands if name not in EXAMPLES)]
        return (name for name in known if name in self.commands and group_of(name) is group)

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """What to read and, before there is a configuration, where to begin."""
        file = find(context.params.get("config_file"))
        if not file.exists():
            formatter.write_paragraph()
            formatter.write_text(f"There is no configuration yet ({file}): start with `maild init`.")
        formatter.write_paragraph()
        formatter.write_text("`maild help COMMAND` shows an example, `maild help` the pages of the handbook.")


def short(text: str) -> str:
    """What a help text says first, up to where it begins to explain; never broken off."""
    first = re.split(r"\.(?:\s|$)|\n\n", " ".join(text.split()), maxsplit=1)[0]
    return re.split(r"[;:] | \(|, (?:and|most|oldest|from|in|five|without|also)\b", first, maxsplit=1)[0]


def group_of(name: str) -> Group:
    """What a command is for: as declared here, else as the table of the team's commands has it."""
    return EXAMPLES[name][0] if name in EXAMPLES else ROWS[name].group if name in ROWS else Group.UPKEEP


def example(name: str) -> str:
    """One way to give a command; without one here, its arguments as the table shows them."""
    if name in EXAMPLES:
        return EXAMPLES[name][1]
    return f"{name} {CASE} {ROWS[name].arguments}".rstrip() if name in ROWS else name


def with_examples(group: click.Group, path: tuple[str, ...] = ()) -> None:
    """Give each command below *group* its example, at the end of its help, and what lists say of it."""
    for name, command in group.commands.items():
        here = (*path, name)
        command.short_help = short(command.help or "")
        command.epilog = f"Example: maild {example(' '.join(here))}"
        if isinstance(command, click.Group):
            with_examples(command, here)
