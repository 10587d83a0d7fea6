"""Setting an office up: three people with a power each, by command, once."""

import re

import pytest
from click.testing import CliRunner

from ccezone.accounts.queries import user_by_login
from ccezone.accounts.service import accept
from ccezone.cli import main
from ccezone.kernel.clock import SystemClock
from ccezone.storage import Database
from tests.hub.people import PASSWORD

pytestmark = pytest.mark.storage
THREE = ["--system", "a@zone.example", "--security", "b@zone.example", "--audit", "c@zone.example"]


@pytest.fixture(autouse=True)
def at_home(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database.url)


def test_three_people_get_a_link_each_and_a_power_each(database: Database) -> None:
    told = CliRunner().invoke(main, ["administrators", *THREE])
    assert told.exit_code == 0, told.output
    tokens = re.findall(r"/link/(\S+)", told.output)
    with database.begin() as uow:
        for token in tokens:
            accept(uow, token, PASSWORD, SystemClock())
        roles = [found.role for login in THREE[1::2] if (found := user_by_login(uow.connection, login))]
    assert roles == ["admin", "security_admin", "audit_admin"]
    again = CliRunner().invoke(main, ["administrators", *[each.replace("zone", "other") for each in THREE]])
    assert again.exit_code == 1
    assert "三员均已设立" in again.output


def test_two_powers_for_one_address_are_refused() -> None:
    told = CliRunner().invoke(main, ["administrators", *THREE[:4], "--audit", "A@zone.example"])
    assert told.exit_code == 2


def test_a_login_that_is_none_is_told() -> None:
    told = CliRunner().invoke(main, ["administrators", *THREE[:4], "--audit", "nobody"])
    assert told.exit_code == 1
    assert "nobody" in told.output
