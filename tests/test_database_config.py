"""``[database]``: which connections leave this machine, and so must be encrypted."""

import pytest

from maild.config.database import DatabaseSection


@pytest.mark.parametrize(
    ("url", "remote"),
    [
        ("postgresql://maild@/maild", False),
        ("postgresql+psycopg://maild@/maild?host=/run/postgresql&port=5433", False),
        ("postgresql://maild@127.0.0.1:5433/maild", False),
        ("postgresql://maild@[::1]/maild", False),
        ("postgresql://maild@localhost/maild", False),
        ("postgresql://maild@/maild?host=localhost:5432", False),
        ("postgresql://maild@db.project.example/maild", True),
        ("postgresql://maild@192.0.2.1/maild", True),
        ("postgresql://maild@/maild?host=localhost&host=two.project.example:5433", True),
        ("postgresql://maild@/maild?host=/run/postgresql,two.project.example", True),
    ],
)
def test_a_socket_is_as_good_as_loopback_and_any_other_host_is_remote(url: str, remote: bool) -> None:
    """One host of several that is elsewhere is enough."""
    assert DatabaseSection(url=url).remote is remote


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://maild:sesame@/maild",
        "postgresql://maild@/maild?sslmode=disable",
        "postgresql://maild@/maild?passfile=/tmp/x",
        "postgresql://maild@/",
        "postgresql:///maild",
        "sqlite:///maild.db",
        "postgresql://maild@db:port/maild",
    ],
)
def test_what_a_url_may_not_say_is_refused(url: str) -> None:
    """No password, no word on encryption, no other engine; role and database have to be there."""
    with pytest.raises(ValueError, match="a URL such as"):
        DatabaseSection(url=url)
