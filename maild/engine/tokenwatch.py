"""The OAuth token that another unit renews: its figures; and whoever refuses it is told of at once."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime

from maild.core.event import TokenRefused
from maild.core.figures import Figure
from maild.core.values.token import Token
from maild.engine.outage import TOKEN, Outages
from maild.engine.parts import Parts
from maild.errors import MaildError
from maild.gateways.oauth import tokenfile


async def token_of(parts: Parts) -> Token | None:
    """The desk's token; ``None`` when it uses none, or none can be read (the login says why)."""
    if not parts.config.file.oauth.grant:
        return None
    try:
        return await asyncio.to_thread(tokenfile.read, parts.config.token_path)
    except MaildError:
        return None


async def look(parts: Parts, outages: Outages, refused: Iterable[datetime | None]) -> None:
    """Tell, by alert and by letter, when the provider refuses to renew the token or a server to take it.

    The alert socket also hears when that is over. *refused* says since when each server does.
    """
    if not parts.config.file.oauth.grant:
        return
    token = await token_of(parts)
    known = [one for one in (token.refused if token else None, *refused) if one]
    since = min(known, default=None)
    if since and await outages.last(TOKEN) is None:
        await parts.handle(TokenRefused(since, token.expires if token else None))
    await outages.look({TOKEN: since}, escalated=False)


def figures(token: Token | None) -> Iterator[Figure]:
    """Its age, its end, and whether only a person can renew it."""
    if token:
        yield Figure("maild_token_obtained_timestamp_seconds", token.obtained.timestamp())
        yield Figure("maild_token_expiry_timestamp_seconds", token.expires.timestamp())
        yield Figure("maild_token_refused", float(token.refused is not None))
