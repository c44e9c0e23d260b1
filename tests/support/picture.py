"""The end of a road as a text: cases with their promises, letters as they went out, what else was kept."""

import re
from collections.abc import Mapping
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any

from tests.support.running import RunningDesk

_BLIND = re.compile(r"not been able to read the mailbox since \w+ (\d+ \w+ \d+, [\d:]+) UTC")


def picture(desk: RunningDesk, refusals: list[str]) -> str:
    """Cases are numbered in the order they were opened; letters stand in the order of their dates."""
    cases = desk.cases()
    numbers = {str(one["case"]): f"case {n}" for n, one in enumerate(cases, start=1)}
    lines = [line for one in cases for line in _case(one, numbers)]
    lines += _letters(desk)
    lines += _listing("not sent", desk.view("outbox"), lambda r: f"{r['kind']} to {r['to']}: {r['state']}")
    lines += _listing("quarantine", desk.view("quarantine"), lambda r: f"mail {r['mail']}")
    lines += _listing("set aside", desk.view("shunted"), lambda r: f"mail {r['mail']}: {r['trouble']}")
    lines += _listing("backlog", desk.view("backlogged"), lambda r: f"{r['folder']}, {r['size']} bytes")
    lines.append(f"mail: {_verdicts(desk)}")
    lines += [f"refused: {text}" for text in refusals]
    text = "\n".join(lines) + "\n"
    for name, number in numbers.items():
        text = text.replace(name, number)
    return text


def _case(one: Mapping[str, Any], numbers: Mapping[str, str]) -> list[str]:
    state = one["state"] + (f" ({one['close_reason']})" if one["close_reason"] else "")
    answered = ", answered" if one["answered"] else ""
    people = ", ".join(p["address"] for p in one["participants"] if p["side"] == "reporter") or "nobody"
    lines = [f"{numbers[one['case']]}: {state}{answered}, from {people}: {one['subject']!r}"]
    lines += [f"  handler: {one['handler']}"] if one["handler"] else []
    lines += [f"  flags: {', '.join(one['flags'])}"] if one["flags"] else []
    lines += [f"  related: {one['related']}"] if one["related"] else []
    lines += [f"  {_promise(promise)}" for promise in one["promises"]]
    lines += [f"  message: {m['author'] or 'nobody'} ({m['authority']})" for m in one["messages"]]
    return lines


def _promise(row: Mapping[str, Any]) -> str:
    text = f"{row['promise']}: due {_at(row['due'])}"
    if row["met"]:
        return f"{text}, met {_at(row['met'])} by {row['met_by']}"
    return f"{text}, stopped {_at(row['stopped'])}" if row["stopped"] else text


def _letters(desk: RunningDesk) -> list[str]:
    """Several go out at once, so that among those of one minute the order is not told."""
    kinds = {row["message_id"]: row["kind"] for row in desk.view("outbox", True)}
    lines = []
    for sent in desk.sink.letters:
        letter = message_from_bytes(sent.raw, policy=policy.default)
        at = letter["Date"].datetime.strftime("%m-%d %H:%M")
        blind = _BLIND.search(" ".join(letter.get_content().split()))
        since = f", blind since {_short(blind[1])}" if blind else ""
        kind, to = kinds[letter["Message-ID"]], ", ".join(sent.recipients)
        lines.append((at, kind, to, f"{letter['Subject']}{since}"))
    return [f"letter {at} {kind} to {to}: {what}" for at, kind, to, what in _ordered(desk, lines)]


def _ordered(desk: RunningDesk, lines: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    numbers = {str(one["case"]): f"{n:03}" for n, one in enumerate(desk.cases(), start=1)}
    return sorted(lines, key=lambda line: (line[:3], re.sub(r"EX-\w{6}", lambda m: numbers[m[0]], line[3])))


def _listing(name: str, rows: list[dict[str, Any]], shown: Any) -> list[str]:
    return [f"{name}: {shown(row)}" for row in rows]


def _verdicts(desk: RunningDesk) -> str:
    (status,) = [desk.view("status", desk.clock)]
    found: Any = status
    return ", ".join(f"{count} {name}" for name, count in sorted(found["mail"].items())) or "none"


def _at(instant: str) -> str:
    return re.sub(r"^\d{4}-(\d\d-\d\d)T(\d\d:\d\d).*", r"\1 \2", instant)


def _short(instant: str) -> str:
    """An instant as a letter writes it, in the few digits of a picture."""
    return f"{datetime.strptime(instant, '%d %B %Y, %H:%M'):%m-%d %H:%M}"
