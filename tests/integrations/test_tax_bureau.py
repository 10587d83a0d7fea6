"""The adapter and the mock over real HTTP, in a process that is killed after it took a claim and before it answered."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
import requests
from werkzeug.serving import make_server

from ccezone.tax_refunds.ports import BureauMessage, TaxBureauRefused, TaxBureauUnavailable
from integrations.mockservers.tax_bureau.app import create_app
from integrations.mockservers.tax_bureau.store import BureauStore
from integrations.tax_bureau import HttpTaxBureau

_CLAIM = BureauMessage(UUID(int=1), "submit", "TR00000001", {"amount": "104.00"})


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(BureauStore(folder / "bureau.sqlite")), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_claim_sent_twice_is_answered_alike_and_told_of_once(tmp_path: Path) -> None:
    with _serving(tmp_path) as url:
        requests.put(f"{url}/switches", json={"delay_seconds": 0}, timeout=5)
        bureau = HttpTaxBureau.at(url)
        bureau.send(_CLAIM)
        bureau.send(_CLAIM)
        told = bureau.notices(0, 100)
        assert [each.step for each in told] == ["accept", "review", "approve", "treasury", "pay"]
        assert [each.number for each in bureau.notices(told[2].number, 100)] == [told[3].number, told[4].number]


def test_the_same_id_with_another_content_is_refused_for_good(tmp_path: Path) -> None:
    with _serving(tmp_path) as url:
        bureau = HttpTaxBureau.at(url)
        bureau.send(_CLAIM)
        with pytest.raises(TaxBureauRefused):
            bureau.send(BureauMessage(_CLAIM.id, "submit", "TR00000001", {"amount": "999.00"}))
        with pytest.raises(TaxBureauRefused):
            bureau.send(BureauMessage(UUID(int=2), "answer", "TR00000404", {"text": "?"}))


def test_a_bureau_that_is_down_or_gone_is_unavailable(tmp_path: Path) -> None:
    with _serving(tmp_path) as url:
        requests.put(f"{url}/switches", json={"down": True}, timeout=5)
        with pytest.raises(TaxBureauUnavailable):
            HttpTaxBureau.at(url).send(_CLAIM)
    with pytest.raises(TaxBureauUnavailable):
        HttpTaxBureau.at(url).notices(0, 1)


@pytest.mark.parametrize(
    "switch", [{"outcome": "dance"}, {"colour": "red"}, {"lifelike": 1}, {"part_share": "2"}, {"delay_seconds": -1}]
)
def test_a_switch_that_cannot_be_is_refused(tmp_path: Path, switch: dict[str, object]) -> None:
    answer = create_app(BureauStore(tmp_path / "bureau.sqlite")).test_client().put("/switches", json=switch)
    assert answer.status_code == 400


@pytest.mark.parametrize(("days_ago", "done"), [(20, 5), (5, 2), (0, 0)])
def test_what_was_written_days_ago_was_dealt_with_in_days_as_far_as_they_have_passed(
    tmp_path: Path, days_ago: int, done: int
) -> None:
    written = datetime.now(UTC) - timedelta(days=days_ago)
    with _serving(tmp_path) as url:
        requests.put(f"{url}/switches", json={"delay_seconds": 600, "lifelike": True}, timeout=5)
        bureau = HttpTaxBureau.at(url)
        bureau.send(replace(_CLAIM, written_at=written))
        assert [(each.step, (each.at - written).days) for each in bureau.notices(0, 100)] == [
            ("accept", 1), ("review", 3), ("approve", 8), ("treasury", 9), ("pay", 10)
        ][:done]  # fmt: skip
        requests.put(f"{url}/switches", json={"delay_seconds": 0}, timeout=5)
        assert requests.get(f"{url}/counts", timeout=5).json()["plan"] == 5 - done


def test_a_bureau_that_is_not_lifelike_takes_its_steps_now_however_old_a_message_is(tmp_path: Path) -> None:
    begun = datetime.now(UTC)
    with _serving(tmp_path) as url:
        requests.put(f"{url}/switches", json={"delay_seconds": 0}, timeout=5)
        bureau = HttpTaxBureau.at(url)
        bureau.send(replace(_CLAIM, written_at=begun - timedelta(days=20)))
        assert all(each.at >= begun for each in bureau.notices(0, 100))


@pytest.mark.parametrize("written", ["yesterday", "2026-01-05T08:00:00", 7])
def test_a_message_written_at_no_moment_is_refused(tmp_path: Path, written: object) -> None:
    said = {"id": "1", "kind": "submit", "claim": "TR00000001", "body": {"amount": "1.00"}, "written_at": written}
    answer = create_app(BureauStore(tmp_path / "bureau.sqlite")).test_client().post("/messages", json=said)
    assert answer.status_code == 400


def _process(folder: Path) -> tuple["subprocess.Popen[str]", str]:
    code = "import pathlib, sys; from integrations.mockservers.tax_bureau.server import main; main(0, pathlib.Path(sys.argv[1]))"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().split(": ", 1)[1].strip().rstrip("/")


def test_a_bureau_killed_after_it_took_a_claim_neither_loses_nor_doubles_it(tmp_path: Path) -> None:
    process, url = _process(tmp_path)
    requests.put(f"{url}/switches", json={"lose_answers": 1, "delay_seconds": 0}, timeout=5)
    with pytest.raises(TaxBureauUnavailable):
        HttpTaxBureau.at(url).send(_CLAIM)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    again, url = _process(tmp_path)
    try:
        bureau = HttpTaxBureau.at(url)
        bureau.send(_CLAIM)
        time.sleep(0.01)
        assert [each.step for each in bureau.notices(0, 100)].count("pay") == 1
    finally:
        again.terminate()
        again.communicate()
