"""When a token is renewed, and how long the pauses are when that fails."""

from datetime import UTC, datetime, timedelta

from maild.core.values.token import Token

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TOKEN = Token("t0ken", NOW, NOW + 60 * MINUTE, "r3fresh")


def test_a_token_is_renewed_when_half_its_life_is_over() -> None:
    """Half an hour is left for trouble that passes."""
    assert not TOKEN.due(NOW + 29 * MINUTE)
    assert TOKEN.due(NOW + 30 * MINUTE)
    assert not TOKEN.expired(NOW + 59 * MINUTE)
    assert TOKEN.expired(NOW + 60 * MINUTE)


def test_pauses_grow_to_a_quarter_of_an_hour() -> None:
    """1, 2, 4, 8, 15, 15 … minutes; in a pause nothing is asked."""
    token, now, pauses = TOKEN, NOW + 30 * MINUTE, []
    for _ in range(12):
        token = token.failed(now)
        assert token.again is not None
        pauses.append((token.again - now) / MINUTE)
        assert not token.due(token.again - MINUTE / 60)
        assert token.due(token.again)
        now = token.again
    assert pauses == [1, 2, 4, 8, *[15] * 8]
    assert token.refused is None


def test_a_refusal_keeps_its_first_instant() -> None:
    """Later ones, and trouble that passes, do not make it look newer."""
    first = TOKEN.failed(NOW + 30 * MINUTE, "invalid_grant")
    assert (
        first.failed(NOW + 40 * MINUTE).failed(NOW + 50 * MINUTE, "invalid_client").refused == first.refused
    )
    assert (first.refused, first.why) == (NOW + 30 * MINUTE, "invalid_grant")
