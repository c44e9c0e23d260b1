"""``!open``: a person has looked at a message whose quote or forwarded part is encrypted (ruling 36)."""

from maild.core.letters.payloads import Copy
from maild.core.values.desk import Mode
from maild.core.values.people import Audience
from maild.core.words.command import Command, Obeyed
from maild.core.writing.copying import Shown, to_team


def open_(command: Command) -> Obeyed:
    """``!open MAIL``: the members get the message once more, with what it quotes or forwards opened.

    Guests do not: what was sent to us may be somebody else's. A reply to this copy goes to the team only.
    """
    word, case = command.word.rest.replace(command.case.id, " ").strip(), command.case
    number = int(word) if word.isascii() and word.isdecimal() and len(word) < 19 else -1
    if number not in command.mails:
        return Obeyed(f"!open: give the number of a message of {case.id}; `maild mail {case.id}` lists them")
    if command.policy.desk.mode is not Mode.RELAY:
        return Obeyed("!open: not done; in observe mode your list delivers the messages")
    says = Copy(number, Audience.TEAM.value, looked=True)
    shown = Shown(f"opened:{case.id}:{number}", case.id, True, says)
    said = f"The members with a key get message {number} of {case.id} with what it quotes or forwards opened."
    return Obeyed(said, tuple(to_team(shown, None, (), command.policy)))


DOES = {"open": open_}
