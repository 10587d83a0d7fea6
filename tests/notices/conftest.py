"""Fixtures of the tests of notices."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault
from tests.notices.mail_server import MailServer, served
from tests.notices.people import People
from tests.notices.receivers import Desk

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def vault() -> PersonalVault:
    return PersonalVault(bytes(32))


@pytest.fixture
def people(database: Database, clock: FixedClock) -> People:
    return People.move_in(database, clock)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that takes mail from anybody."""
    server = MailServer()
    controller = served(server)
    yield server
    controller.stop()


@pytest.fixture
def guarded_mail_server(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server that asks for TLS and a password."""
    server = MailServer()
    controller = served(server, tmp_path)
    yield server
    controller.stop()


@pytest.fixture
def desk(people: People, vault: PersonalVault) -> Desk:
    """The firm's webhooks, and receivers in memory."""
    return Desk(people, vault)
