"""``ccezone bench figures``: what it measures holds the lists it says."""

import json

import pytest
from click.testing import CliRunner

from ccezone.cli import main

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
