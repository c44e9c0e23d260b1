"""Several letters over one connection: logging in costs more than handing a letter in."""

from collections.abc import Callable

from maild.gateways.smtp.account import Outcome, SmtpAccount
from maild.gateways.smtp.sending import check_form
from maild.gateways.smtp.talk import TROUBLE, Ended, Talk

CLOSING = 421
MOST = 50
"""Letters over one connection: servers that count have limits from about a hundred on."""


class Sessions:
    """Connections that are kept between letters, until ``close``; each carries one letter at a time.

    What is wrong with a kept connection (the server closed it, or will take no more letters over it) is found
    before anything of the next letter is handed over, and that letter goes over a new one.
    """

    def __init__(self, may: Callable[[], bool] = lambda: True) -> None:
        """*may* is asked right before each final dot (``Talk``)."""
        self.may = may
        self._idle: list[Talk] = []

    async def send(
        self,
        account: SmtpAccount,
        envelope_from: str,
        recipients: tuple[str, ...],
        raw: bytes,
        envelope_id: str = "",
    ) -> Outcome:
        """Hand in one letter, as ``send`` does."""
        about = (envelope_from, recipients, raw, envelope_id)
        if talk := await self._ready(account):
            outcome = await self._over(talk, *about)
            if outcome.kind in ("sent", "unknown") or not _of_the_connection(outcome):
                return outcome
        return await self._over(Talk(account, self.may), *about)

    async def close(self) -> None:
        """Say goodbye on every connection that is kept."""
        idle, self._idle = self._idle, []
        for talk in idle:
            await talk.quit()
            talk.hang_up()

    async def _ready(self, account: SmtpAccount) -> Talk | None:
        """A kept connection on which the server waits for the next letter."""
        while found := next((one for one in self._idle if one.account == account), None):
            self._idle.remove(found)
            if await found.again():
                return found
            found.hang_up()
        return None

    async def _over(
        self, talk: Talk, envelope_from: str, recipients: tuple[str, ...], raw: bytes, envelope_id: str
    ) -> Outcome:
        """One letter over *talk*, which is kept for a further one only when all went well."""
        kept = False
        try:
            check_form(envelope_from, recipients)
            if not talk.letters:
                await talk.open()
            refused, deferred = await talk.envelope(envelope_from, recipients, raw, envelope_id)
            code = await talk.content(raw)
            kept = await self._keep(talk)
        except Ended as ended:
            return ended.outcome
        except TROUBLE as error:
            return talk.broken(error)
        finally:
            if not kept:
                talk.hang_up()
        return Outcome("sent", "data", code, "accepted", refused, deferred)

    async def _keep(self, talk: Talk) -> bool:
        """Whether *talk* is kept; what the server says from now on changes nothing about the letter."""
        if talk.letters < min(MOST, talk.most):
            self._idle.append(talk)
            return True
        await talk.quit()
        return False


def _of_the_connection(outcome: Outcome) -> bool:
    """Whether it may be about the kept connection: too many letters, too long idle (421), or it is gone.

    Nothing of the letter was handed over yet. A word about its recipient is about the letter.
    """
    return outcome.stage == "mail" or (outcome.stage == "rcpt" and outcome.code in (0, CLOSING))
