"""How ten mail programs quote what they answer."""

# ruff: noqa: RUF001 - dashes and colons of many programs

from collections.abc import Callable

from maild.core.mail.copy import FENCE, FENCE_END

BLOCK = (
    f"{FENCE}\nCase:  EX-222222, no handler yet\nReply: goes to the REPORTER, x@y.example\n{FENCE_END}\n\n"
)
WHO = "Rita via Example Security Team"


def marked(lines: list[str], mark: str = "> ") -> list[str]:
    """Each line behind the mark."""
    return [f"{mark}{line}".rstrip() for line in lines]


def wrapped(lines: list[str]) -> list[str]:
    """Each line broken after six words, as programs do that wrap what they quote."""
    found: list[str] = []
    for line in lines:
        words = line.split()
        found += [" ".join(words[at : at + 6]) for at in range(0, len(words), 6)] or [""]
    return found


STYLES: dict[str, tuple[list[str], Callable[[list[str]], list[str]]]] = {
    "Thunderbird": ([f"On 3/2/26 10:30, {WHO} wrote:"], marked),
    "Gmail": (
        [f"On Mon, Mar 2, 2026 at 10:30 AM {WHO} <", "security+abcdefg@project.example> wrote:", ""],
        marked,
    ),
    "Gmail, German": (
        [f"Am Mo., 2. März 2026 um 10:30 Uhr schrieb {WHO} <", "s@project.example>:", ""],
        marked,
    ),
    "Outlook": (
        [
            "________________________________",
            f"From: {WHO} <s@project.example>",
            "Sent: Monday, March 2, 2026 10:30 AM",
            "To: s@project.example",
            "Subject: [EX-222222] Overflow",
            "",
        ],
        list,
    ),
    "Outlook, French": (
        [f"De : {WHO} <s@p.example>", "Envoyé : lundi 2 mars 2026 10:30", "À : s@p.example", "Objet : x", ""],
        list,
    ),
    "old Outlook": (["-----Original Message-----", "From: Rita", "Sent: Monday", ""], list),
    "Apple Mail": (["", f"> On 2 Mar 2026, at 10:30, {WHO} <s@p.example> wrote:", "> "], marked),
    "mutt": ([f"On Mon, Mar 02, 2026 at 10:30:00AM +0000, {WHO} wrote:"], marked),
    "KMail": (["On Monday, 2 March 2026 10:30:00 CET Rita via Example wrote:"], lambda x: marked(wrapped(x))),
    "a telephone": (
        ["On 2 Mar 2026, at 10:30, Rita <s@p.example> wrote:", ""],
        lambda x: marked(wrapped(x), ">"),
    ),
}
"""The lines above the quote, and what becomes of the quoted lines."""

_AT = "<s@project.example>"
MORE: dict[str, tuple[list[str], Callable[[list[str]], list[str]]]] = {
    "Proton": (
        ["------- Original Message -------", f"On Monday, March 2nd, 2026 at 10:30, {WHO} {_AT} wrote:", ""],
        marked,
    ),
    "old Proton": (
        ["‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐", f"On Monday, March 2nd, 2026 10:30 AM, {WHO} {_AT} wrote:", ""],
        marked,
    ),
    "Proton of 2023": (
        [
            "----------- Original Message -----------",
            f'From: "{WHO}"',
            "Date: Monday, March 2nd 2026 at 10:30",
            "",
        ],
        lambda lines: marked(lines, " > "),
    ),
    "Zoho": ([f"---- On Mon, 02 Mar 2026 10:30:00 +0000 {WHO} {_AT} wrote ---- ", ""], list),
    "Spark": ([f"On 2 Mar 2026, 10:30 +0100, {WHO} {_AT}, wrote:"], marked),
    "Gmail, Spanish": ([f"El lun, 2 mar 2026 a las 10:30, {WHO} ({_AT})", "escribió:", ""], marked),
    "Gmail, Russian": ([f"пн, 2 мар. 2026 г. в 10:30, {WHO} {_AT}:", ""], marked),
    "Gmail, Chinese": ([f"Rita {_AT} 于2026年3月2日周一 10:30写道：", ""], marked),
    "NetEase": ([f'在 2026-03-02 10:30:00，"{WHO}" {_AT} 写道：', ""], lambda lines: marked(lines, ">")),
    "QQ": (
        [
            "------------------ 原始邮件 ------------------",
            f'发件人: "Rita" {_AT};',
            "发送时间: 2026年3月2日",
            "主题: x",
            "",
        ],
        list,
    ),
    "Outlook, Russian": ([f"От: {WHO} {_AT}", "Отправлено: 2 марта 2026 г. 10:30", "Тема: x", ""], list),
    "Outlook, Japanese": ([f"差出人: {WHO} {_AT}", "送信日時: 2026年3月2日 10:30", "件名: x", ""], list),
    "Outlook, bold": (
        [f"*From:* {WHO} {_AT}", "*Sent:* Monday, March 2, 2026 10:30 AM", "*Subject:* x", ""],
        list,
    ),
    "GroupWise": ([f">>> {WHO} {_AT} 02.03.26 10:30 >>>"], list),
    "mu4e": (["", f"{WHO} {_AT} writes:", ""], marked),
    "bars": ([f"On 3/2/26 10:30, {WHO} wrote:"], lambda lines: marked(lines, "| ")),
    "K-9": (
        ["-------- Original Message --------", f"From: {WHO} {_AT}", "Sent: March 2, 2026", "Subject: x", ""],
        list,
    ),
    "The Bat!": (["Monday, March 2, 2026, 10:30:00 AM, you wrote:", ""], lambda lines: marked(lines, "RD> ")),
    "a name before each line": ([f"On 3/2/26 10:30, {WHO} wrote:"], lambda lines: marked(lines, "Rita> ")),
    "supercite": ([f'>>>>> "RD" == {WHO} {_AT} writes:', ""], lambda lines: marked(lines, "    RD> ")),
    "initials in levels": ([f"On 3/2/26 10:30, {WHO} wrote:"], lambda lines: marked(lines, " R.D>> ")),
    "colons": ([f"On 3/2/26 10:30, {WHO} wrote:"], lambda lines: marked(lines, ": ")),
    "colons, wrapped": ([f"On 3/2/26 10:30, {WHO} wrote:"], lambda lines: marked(wrapped(lines), ": ")),
    "braces": ([f"{WHO} {_AT} writes:"], lambda lines: marked(lines, "} ")),
    "Apple Mail, a link broken": (
        ["", f"> On 2 Mar 2026, at 10:30, {WHO} {_AT} wrote:", "> "],
        lambda lines: [piece for line in lines for piece in _broken(line)],
    ),
}
"""Further programs, from public reports about parsers of replies."""


def _broken(line: str) -> list[str]:
    """A long word goes on in a line without a mark."""
    start, link, rest = line.partition("https://")
    return [f"> {start}{link}{rest[:30]}", rest[30:]] if len(rest) > 40 else [f"> {line}"]
