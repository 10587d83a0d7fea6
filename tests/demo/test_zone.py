"""The demo zone as the hub stores it, and its logins."""

import json
import socket
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ccezone.accounts.queries import authenticate_token
from ccezone.accounts.queries.roles import count_role_requests
from ccezone.accounts.service import verify_audit
from ccezone.cli_demo import demo
from ccezone.demo.zone import (
    ROUTES,
    Login,
    credentials_file,
    export_defaults,
    found_zone,
    import_defaults,
    load_logins,
    save_logins,
)
from ccezone.enterprises.queries import directory
from ccezone.enterprises.rules import defaults_faults
from ccezone.kernel.clock import FixedClock
from ccezone.parameters.queries.values import count_proposals
from ccezone.storage import Database
from schemas.codes import code_list, rows

CLOCK = FixedClock(datetime(2026, 1, 5, tzinfo=UTC))
MERCHANTS = [row for row in rows("example_parties") if "merchant" in row["roles"]]
LOGIN = Login("merchant", "furniture", "店", "360796Y001", "91360700MAYYY0013H", "a@zone.example", "secret", "token")


def test_exports_go_to_four_parts_of_the_world_by_three_means() -> None:
    assert {route.country for route in ROUTES.values()} == {"344", "141", "304", "502"}
    assert {route.transport_mode for route in ROUTES.values()} == {"3", "4", "5"}


@pytest.mark.parametrize("merchant", MERCHANTS, ids=lambda row: row["key"])
def test_a_merchants_defaults_are_complete_and_their_codes_exist(merchant: dict[str, str]) -> None:
    entries = [export_defaults(merchant)] if merchant["key"] in ROUTES else import_defaults(merchant)
    for entry in entries:
        assert defaults_faults(asdict(entry)) == []
        assert code_list("countries").contains(entry.country)
        assert code_list("customs_districts").contains(entry.port_code)
        assert code_list("customs_districts").contains(entry.customs_code)
        assert code_list("transport_modes").contains(entry.transport_mode)


@pytest.mark.storage
def test_the_zone_is_founded_once_and_its_tokens_open_the_door(database: Database) -> None:
    kept: list[Login] = []
    logins = found_zone(database, CLOCK, kept.extend)
    assert kept == logins
    assert found_zone(database, CLOCK, kept.extend) == []
    assert {login.role for login in logins} >= {"merchant", "platform", "payment", "logistics", "agent", "officer"}
    with database.reading() as connection:
        assert all(authenticate_token(connection, login.token, CLOCK.now()) for login in logins if login.token)
        assert {login.role for login in logins if not login.token} == {
            "officer",
            "auditor",
            "system_admin",
            "security_admin",
            "audit_admin",
            "node_officer",
            "node_colleague",
            "bank",
            "tax_officer",
            "inspector",
        }
        assert count_proposals(connection) == {"waiting": 1, "approved": 1, "refused": 1}
        assert count_role_requests(connection) == {"waiting": 1}
    assert verify_audit(database, CLOCK).whole


@pytest.mark.storage
def test_a_zone_whose_logins_cannot_be_kept_is_not_founded(database: Database) -> None:
    def full(_: object) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        found_zone(database, CLOCK, full)
    with database.reading() as connection:
        assert directory(connection).find(MERCHANTS[0]["uscc"]) is None


def test_logins_are_for_their_owners_eyes_only(tmp_path: Path) -> None:
    save_logins(tmp_path / "new", [LOGIN])
    assert load_logins(tmp_path / "new") == [LOGIN]
    assert credentials_file(tmp_path / "new").stat().st_mode & 0o077 == 0


def test_credentials_are_printed_for_people_and_for_programs(tmp_path: Path) -> None:
    save_logins(tmp_path, [LOGIN])
    for_people = CliRunner().invoke(demo, ["credentials", "--data", str(tmp_path)])
    assert "a@zone.example / secret" in for_people.output
    for_programs = CliRunner().invoke(demo, ["credentials", "--json", "--data", str(tmp_path)])
    assert json.loads(for_programs.output) == [asdict(LOGIN)]


def test_a_folder_without_a_demo_says_how_to_get_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(demo, ["credentials", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "ccezone demo found" in result.output


def test_a_month_to_come_is_wrong_usage(tmp_path: Path) -> None:
    result = CliRunner().invoke(demo, ["load", "--month", "2999-01", "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert "2999-01" in result.output


def test_loading_into_a_hub_that_does_not_run_fails_at_once_and_prepares_nothing(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    result = CliRunner().invoke(demo, ["load", "--url", f"http://127.0.0.1:{free}", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "not reachable" in result.output
    assert not (tmp_path / "postgres").exists()


def test_a_folder_that_is_no_hubs_gets_no_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    result = CliRunner().invoke(demo, ["found", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "no hub's data folder" in result.output
    assert not (tmp_path / "postgres").exists()
