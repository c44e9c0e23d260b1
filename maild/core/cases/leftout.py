"""What of a member's own lines and files is not in the letter to the reporter: its author reads it."""

from maild.core.cases.incoming import Incoming
from maild.core.change import Change
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.mail.answer import Answer
from maild.core.mail.text import harmless
from maild.core.mail.tnef import NAME
from maild.core.values import ids
from maild.core.values.case import Case
from maild.core.values.noticekind import NoticeKind
from maild.core.writing import notice

MOST_LINES, MOST_FILES = 30, 10


def told(mail: Incoming, case: Case, given: Answer) -> list[Change]:
    """One letter to the author; once a case for the same lines and files, such as a signature.

    Of an encrypted message it says how much stayed behind, and no word of it.
    """
    member = mail.author.member
    if member is None or not (given.left or given.unsent or given.cut):
        return []
    secret, arrival = mail.policy.desk.secret, mail.event.arrival
    always = arrival.identity if given.cut or NAME in given.unsent else ""
    same = ids.digest(secret, "left out", *given.left, *given.unsent, always).hex()
    name = keys.notice(NoticeKind.NOT_SENT, case.id, member.contact, same)
    facts = _facts(given, case.sealed or mail.facts.sealed)
    return [notice.to_one(name, case.id, NoticeKind.NOT_SENT, member.contact, mail.policy, facts)]


def _facts(given: Answer, encrypted: bool) -> dict[str, Detail]:
    lines = [] if encrypted else [harmless(line) for line in given.left[:MOST_LINES]]
    files = [] if encrypted else [harmless(name) for name in given.unsent[:MOST_FILES]]
    return {
        "left": _in_words(given, files),
        "left_lines": lines,
        "left_files": files,
        "more": len(given.left) - len(lines),
        "cut": given.cut,
    }


def _in_words(given: Answer, files: list[str]) -> str:
    """For the subject: the files by name where they may be named, and how many lines."""
    what = list(files) or ([_counted(len(given.unsent), "file")] if given.unsent else [])
    what += [_counted(len(given.left), "line")] if given.left else []
    return ", ".join([*what, *(["the end of a long message"] if given.cut else [])])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
