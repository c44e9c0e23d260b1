"""How ten mail programs quote what they answer."""

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
