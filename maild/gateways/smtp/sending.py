"""Handing in one letter, and trying the account without one."""

import re
from datetime import datetime

from maild.errors import PermanentError, TemporaryError
from maild.gateways.smtp.account import Outcome, SmtpAccount
from maild.gateways.smtp.talk import TROUBLE, Ended, Talk

_NO_ADDRESS = re.compile(r"[\s<>\x00-\x1f\x7f]")


async def send(
    account: SmtpAccount,
    envelope_from: str,
    recipients: tuple[str, ...],
    raw: bytes,
    envelope_id: str = "",
) -> Outcome:
    """Hand in one letter: ``raw`` (headers and body, ASCII or 8-bit) for at least one recipient.

    ``envelope_from`` empty is the null sender. ``envelope_id`` (short: servers take 100 characters)
    comes back in bounces as Original-Envelope-Id where the server can DSN (RFC 3461 §4.4); bounces are
    then asked to quote headers only. Never raises for anything the server does. When cancelled after
    the final dot was sent the outcome is unknown, and the caller has to take it so.
    """
    talk = Talk(account)
    try:
        check_form(envelope_from, recipients)
        await talk.open()
        refused, deferred = await talk.envelope(envelope_from, recipients, raw, envelope_id)
        code = await talk.content(raw)
        await talk.quit()
    except Ended as ended:
        return ended.outcome
    except TROUBLE as error:
        return talk.broken(error)
    finally:
        talk.hang_up()
    return Outcome("sent", "data", code, "accepted", refused, deferred)


async def check(account: SmtpAccount) -> datetime | None:
    """Connect, encrypt, log in and leave; when the server's certificate expires (aware UTC).

    Raises TemporaryError or PermanentError with what to do.
    """
    talk = Talk(account)
    try:
        await talk.open()
        end = talk.certificate_end()
        await talk.quit()
    except Ended as ended:
        raise TemporaryError(ended.outcome.text) from None
    except PermanentError:
        raise
    except TROUBLE as error:
        raise TemporaryError(talk.broken(error).text) from None
    finally:
        talk.hang_up()
    return end


def check_form(envelope_from: str, recipients: tuple[str, ...]) -> None:
    """Addresses that would break out of their command, or none at all, go nowhere."""
    if not recipients:
        raise Ended(Outcome("permanent", "rcpt", text="the letter has no recipient"))
    if _NO_ADDRESS.search(envelope_from):
        raise Ended(Outcome("permanent", "mail", text="the envelope sender is not an address"))
    if any("@" not in one or _NO_ADDRESS.search(one) for one in recipients):
        raise Ended(Outcome("permanent", "rcpt", text="a recipient is not an address"))
