"""The clean orders of both flows, delivered by each party with ``ccezone submit``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hub.bills import Bill, export_bills, import_bills, message
from tests.hub.link_json import link_json
from tests.journeys.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.storage]


@pytest.mark.parametrize(("bills", "end"), [(export_bills(101), "899"), (import_bills(101), "800")], ids=["9610", "1210"])
def test_a_clean_order_submitted_as_files_is_released(system: Running, tmp_path: Path, bills: list[Bill], end: str) -> None:
    for place, bill in enumerate(bills):
        done = submit(system, write(tmp_path, place, bill), bill.sender)
        assert done.returncode == 0, done.stdout + done.stderr
    assert system.wait_for(bills[0], end) == end


def test_a_refused_file_is_told_with_its_exit_status(system: Running, tmp_path: Path) -> None:
    done = submit(system, write(tmp_path, 0, export_bills(105)[0]), "oranges")
    assert done.returncode == 1
    assert "/BaseTransfer/copCode" in done.stdout + done.stderr


def write(folder: Path, place: int, bill: Bill) -> Path:
    """Write a bill as the file its sender has."""
    if bill.message_type:
        path = folder / f"{place}.xml"
        path.write_bytes(message(bill))
        return path
    path = folder / "shipping-links.json"
    path.write_text(json.dumps([{"flow": bill.flow, **link_json(bill)}]))
    return path


def submit(system: Running, path: Path, sender: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    words = ["submit", str(path), "--url", system.url, "--token", system.tokens[sender], "--kind", "shipping-links"]
    words = words if path.suffix == ".json" else words[:-2]
    return subprocess.run([sys.executable, "-m", "ccezone.cli", *words], capture_output=True, text=True, timeout=60, check=False)
