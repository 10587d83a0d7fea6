"""``ccezone bench figures``: what it measures holds the lists it says."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from ccezone.bench.pipeline import Incomplete
from ccezone.bench.return_facts import complete, fill
from ccezone.cli import main
from ccezone.storage import Database
from ccezone.storage.copying import run

pytestmark = pytest.mark.storage


def test_the_longest_span_holds_every_list() -> None:
    done = CliRunner().invoke(main, ["bench", "figures", "--lists", "3000", "--repeats", "1", "--json"])
    assert done.exit_code == 0, done.output
    month, year, both = (json.loads(line) for line in done.output.splitlines())
    assert "731 days, 3000 lists" in both["note"]
    assert [line["n"] for line in (month, year, both)] == [8, 8, 8]
    assert all(line["value"] >= line["p50"] > 0 for line in (month, year, both))


def test_every_number_of_the_monitor_is_what_its_rows_come_to() -> None:
    done = CliRunner().invoke(main, ["bench", "monitor", "--lists", "800", "--repeats", "1", "--json"])
    assert done.exit_code == 0, done.output
    *pages, numbers = (json.loads(line) for line in done.output.splitlines() if line.startswith("{"))
    assert len(pages) == 10
    assert numbers["value"] > 100


def test_a_return_is_compiled_and_rendered_and_its_totals_are_those_of_the_facts() -> None:
    asked = ["bench", "return", "--declarations", "900", "--annex", "60", "--runs", "1", "--json"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    month, annex = (json.loads(line) for line in done.output.splitlines() if line.startswith("{"))
    assert (month["n"], annex["n"]) == (900, 60)
    assert month["compile"] > 0
    assert month["render"] > 0


def test_numbers_of_the_explorer_are_what_their_facts_come_to_for_the_office_and_for_a_firm() -> None:
    done = CliRunner().invoke(main, ["bench", "explore", "--lists", "900", "--repeats", "1", "--json"])
    assert done.exit_code == 0, done.output
    *pages, office, firm = (json.loads(line) for line in done.output.splitlines() if line.startswith("{"))
    assert len(pages) == 14
    assert office["value"] > 200
    assert firm["value"] > 20


def test_totals_that_lack_a_list_are_found_out(database: Database) -> None:
    fill(database, 300, datetime(2026, 11, 22, 7, 30, tzinfo=UTC))
    assert complete(database) == 43
    with database.begin() as uow:
        run(uow.connection, "DELETE FROM list_fact WHERE id = 100")
    with pytest.raises(Incomplete, match="totals by every, D"):
        complete(database)
