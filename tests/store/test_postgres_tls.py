"""A server on another host is spoken to encrypted, and must prove by its certificate who it is."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from maild.config.share import shipped
from maild.errors import StoreError
from maild.store.database import secret
from maild.store.place import Place, Server
from tests.support.certificate import Certificate, make_certificate
from tests.support.postgres import Cluster


@pytest.fixture
def encrypted(cluster: Cluster, certificate: Certificate) -> Iterator[Cluster]:
    """The cluster, with a certificate for localhost and 127.0.0.1."""
    cluster.encrypt(certificate)
    yield cluster
    cluster.encrypt(None)


def server(cluster: Cluster, name: str, ca_file: Path, host: str = "localhost") -> Server:
    """The database *name* as a desk reaches it whose server is on another host."""
    url = f"postgresql://maild@{host}:{cluster.port}/{name}"
    return Server(url, str, str(ca_file), remote=True)


def is_encrypted(connection: Connection) -> bool:
    """Whether the server says that this very connection is."""
    query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    return bool(connection.exec_driver_sql(query).scalar())


def test_a_server_that_proves_itself_is_used(
    encrypted: Cluster, certificate: Certificate, tmp_path: Path
) -> None:
    """Its name and its authority are right: the desk opens, encrypted."""
    place = Place(tmp_path, server(encrypted, encrypted.ready(), certificate.cert))
    with closing(place.open(shipped("migrations"))) as database:
        assert database.call(is_encrypted)
        assert database.call(secret)


def test_another_authority_is_refused(encrypted: Cluster, tmp_path: Path) -> None:
    """A certificate that somebody else made proves nothing."""
    other = make_certificate(tmp_path)
    place = Place(tmp_path, server(encrypted, encrypted.ready(), other.cert))
    with pytest.raises(StoreError, match="certificate verify failed"):
        place.open(shipped("migrations"))


def test_another_name_is_refused(encrypted: Cluster, certificate: Certificate, tmp_path: Path) -> None:
    """A certificate of the right authority for another host is not enough."""
    place = Place(tmp_path, server(encrypted, encrypted.ready(), certificate.cert, "127.0.0.2"))
    with pytest.raises(StoreError, match="does not match host name"):
        place.open(shipped("migrations"))


def test_a_server_without_tls_is_refused(cluster: Cluster, certificate: Certificate, tmp_path: Path) -> None:
    """Nothing is said unencrypted to another host, not even who logs in."""
    place = Place(tmp_path, server(cluster, cluster.ready(), certificate.cert))
    with pytest.raises(StoreError, match="does not support SSL"):
        place.open(shipped("migrations"))
