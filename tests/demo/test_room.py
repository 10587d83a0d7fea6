"""The demo goes into an empty hub or into its own, and leaves a hub with real data as it was."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from ccezone import cli_demo
from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation, create_user
from ccezone.cli_up import found_demo, up
from ccezone.demo.room import NotTheDemos, leave_real_data_alone
from ccezone.demo.zone import credentials_file, found_zone
from ccezone.enterprises.service import Registration, register
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from tests.submit.hub import serving

pytestmark = pytest.mark.storage
CLOCK = FixedClock(datetime(2026, 1, 5, tzinfo=UTC))
BEFORE = FixedClock(CLOCK.now() - timedelta(days=1))
AFTER = FixedClock(CLOCK.now() + timedelta(days=1))
REAL = Registration(str(complete_uscc("91360700MA35CAM09")), "真实企业", ["merchant"], "3607960ZZZ", node="")


def real_firm(database: Database, clock: FixedClock) -> None:
    with database.begin() as uow:
        register(uow, REAL, clock)


def stored(database: Database) -> list[tuple[int, ...]]:
    with database.reading() as connection:
        return fetch(
            connection,
            "SELECT (SELECT count(*) FROM enterprise), (SELECT count(*) FROM user_account), (SELECT count(*) FROM node), "
            "(SELECT count(*) FROM parameter)",
        )


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def test_an_empty_hub_has_room_and_the_demos_own_keeps_it_whoever_registers_there_later(database: Database) -> None:
    leave_real_data_alone(database)
    found_zone(database, CLOCK)
    leave_real_data_alone(database)
    real_firm(database, AFTER)
    leave_real_data_alone(database)


def test_a_real_firm_or_a_real_user_keeps_the_demo_out(database: Database) -> None:
    with database.begin() as uow:
        create_user(uow, Invitation("someone@real.example", "某人", Role.ZONE_OFFICER, None), "a long password 1", CLOCK)
    with pytest.raises(NotTheDemos, match="用户 1"):
        leave_real_data_alone(database)
    real_firm(database, CLOCK)
    with pytest.raises(NotTheDemos, match="enterprises 1, users 1"):
        leave_real_data_alone(database)


def test_a_hub_whose_real_data_are_older_than_a_demo_that_got_in_is_refused(database: Database) -> None:
    real_firm(database, BEFORE)
    found_zone(database, CLOCK)
    with pytest.raises(NotTheDemos, match="enterprises 1, users 0"):
        leave_real_data_alone(database)


def test_founding_into_real_data_stores_nothing(database: Database, tmp_path: Path) -> None:
    real_firm(database, BEFORE)
    before = stored(database)
    with pytest.raises(NotTheDemos):
        found_demo(tmp_path, url_of(database), months_traffic=True)
    assert stored(database) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["load", "found"])
def test_the_command_says_why_it_refuses_and_sends_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    real_firm(database, BEFORE)
    before = stored(database)
    monkeypatch.setenv("DATABASE_URL", url_of(database))
    with serving() as hub:
        options = ["--url", hub.url] if command == "load" else []
        result = CliRunner().invoke(cli_demo.demo, [command, *options, "--data", str(tmp_path)])
        assert not any(asked.body for asked in hub.asked)
    assert result.exit_code == 1
    assert "未写入任何数据" in result.output
    assert "nothing was stored" in result.output
    assert stored(database) == before
    assert not credentials_file(tmp_path).exists()


def test_one_command_with_the_demo_starts_nothing_over_real_data(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_firm(database, BEFORE)
    monkeypatch.setenv("DATABASE_URL", url_of(database))
    result = CliRunner().invoke(up, ["--demo", "--port", "0", "--data", str(tmp_path / "hub")])
    assert result.exit_code == 1
    assert "nothing was stored" in result.output
    assert list((tmp_path / "hub").iterdir()) == []
