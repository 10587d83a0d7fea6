"""The mock's database over versions: an older one is brought up with what waits in it, a newer one is left alone."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from ccezone.storage.embedded import EmbeddedPostgres
from integrations.mockservers.single_window.bodies import unpacked
from integrations.mockservers.single_window.database import VERSION, WrongVersion, native_url, prepare

pytestmark = pytest.mark.storage

_WAITING = "INSERT INTO mailbox (receiver, message_type, guid, documents, body) VALUES ('DXPENT', 'CEB604Message', %s, 1, %s)"


@pytest.fixture
def url(database_server: EmbeddedPostgres) -> Iterator[str]:
    """A mock's database of its own, as the mock creates it."""
    found = database_server.create_database("mock_versions")
    prepare(found)
    yield found
    database_server.drop_database("mock_versions")


def test_what_waits_in_a_database_of_version_1_is_there_in_the_newest(url: str) -> None:
    with psycopg.connect(native_url(url)) as connection:
        connection.execute(_WAITING, (uuid4(), b"<ceb:CEB604Message/>"))
        connection.execute("UPDATE mock_version SET version = 1")
    prepare(url)
    with psycopg.connect(native_url(url)) as connection:
        assert connection.execute("SELECT version FROM mock_version").fetchall() == [(VERSION,)]
        [(body,)] = connection.execute("SELECT body FROM mailbox").fetchall()
    assert unpacked(body) == b"<ceb:CEB604Message/>"


def test_a_database_that_is_up_to_date_is_not_touched(url: str) -> None:
    with psycopg.connect(native_url(url)) as connection:
        connection.execute(_WAITING, (uuid4(), b"as stored"))
    prepare(url)
    with psycopg.connect(native_url(url)) as connection:
        assert connection.execute("SELECT body FROM mailbox").fetchall() == [(b"as stored",)]


def test_a_database_of_a_newer_program_is_refused(url: str) -> None:
    with psycopg.connect(native_url(url)) as connection:
        connection.execute("UPDATE mock_version SET version = 99")
    with pytest.raises(WrongVersion, match="99"):
        prepare(url)
