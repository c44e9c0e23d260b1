"""The OAuth token, where the desk logs in with one."""

from collections.abc import Iterator

from maild.app.check.line import Line, fault, ok, warning
from maild.app.desk import now
from maild.config import Config
from maild.core.values.token import Token
from maild.gateways.oauth import tokenfile

AUTHORIZE = "maild token authorize"


def look(config: Config) -> Iterator[Line]:
    """How old the token is, and whether it is renewed."""
    if not config.file.oauth.grant:
        return
    if not any(config.by_oauth(one) for one in (config.file.inbox, config.file.smtp)):
        yield warning(
            "oauth", "nothing logs in with the token", "leave out password_file, in [inbox] and in [smtp]"
        )
    token = tokenfile.read(config.token_path)
    yield _line(token) if token else fault("oauth", "there is no token yet", AUTHORIZE)


def _line(token: Token) -> Line:
    at, age = now(), f"{(now() - token.obtained).total_seconds() / 60:.0f} minutes old"
    until = f"valid until {token.expires:%H:%M} UTC"
    if token.refused:
        text = (
            f"since {token.refused:%Y-%m-%d %H:%M} UTC the provider refuses to renew the token ({token.why})"
        )
        return fault("oauth", f"{text}; it is {until}", f"authorize again: {AUTHORIZE}")
    if token.expired(at):
        return fault("oauth", f"the token is {age}, and expired", "maild token refresh says why")
    if token.failures:
        return warning(
            "oauth", f"the token could not be renewed; it is {until}", "maild token refresh --now says why"
        )
    if token.due(at):
        return warning(
            "oauth", f"the token is {age}, {until}, and is not renewed", "is maild-token.timer running?"
        )
    return ok("oauth", f"the token is {age}, {until}")
