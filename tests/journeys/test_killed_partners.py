"""The tax bureau and the bank, each in a process that dies after it took something and before it answered: the hub's own books.

That the processes themselves neither lose nor double is tried in ``tests/integrations``.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from ccezone.fx.rules.parts import Action
from ccezone.fx.service.exchanging import send_instructions, take_notices
from ccezone.tax_refunds.service.exchanging import send_refund_messages, take_refund_notices
from integrations.bank import HttpBank
from integrations.tax_bureau import HttpTaxBureau
from tests.fx.money import Zone
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import Claiming

pytestmark = pytest.mark.storage
PATIENCE = 20.0  # seconds of real time: the partners keep their own


@contextmanager
def partner(kind: str, folder: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A partner in a process of its own, and its address."""
    code = f"import pathlib, sys; from integrations.mockservers.{kind}.server import main; main(0, pathlib.Path(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().split(": ", 1)[1].strip().rstrip("/")
    finally:
        process.kill()
        process.communicate()


def until(done: Callable[[], bool], turn: Callable[[], object]) -> None:
    """Take turns until it is done."""
    ends = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < ends, "it never was"
        turn()


def killed_after_taking(process: "subprocess.Popen[str]", url: str, kind: str, send: Callable[[], object]) -> None:
    """Let it take what is sent, lose its answer, and die."""
    requests.put(f"{url}/switches", json={"lose_answers": 1, "delay_seconds": 0}, timeout=5)
    send()
    assert requests.get(f"{url}/counts", timeout=5).json()[kind] == 1, "it was taken"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_a_claim_is_paid_once_though_the_bureau_died_before_it_answered(hub: Hub, tmp_path: Path) -> None:
    story = Claiming(hub, tmp_path)
    claim_id = story.filed()
    with partner("tax_bureau", tmp_path / "bureau") as (process, url):
        bureau = HttpTaxBureau.at(url)
        killed_after_taking(process, url, "message", lambda: send_refund_messages(hub.database, bureau, hub.clock))
        hub.clock.advance(minutes=30)
        send_refund_messages(hub.database, bureau, hub.clock)
        assert story.state(claim_id) == "submitted", "nobody is there; it is tried again"
    with partner("tax_bureau", tmp_path / "bureau") as (_process, url):
        back = HttpTaxBureau.at(url)

        def turn() -> None:
            hub.clock.advance(minutes=30)
            send_refund_messages(hub.database, back, hub.clock)
            take_refund_notices(hub.database, back, hub.clock)

        until(lambda: story.state(claim_id) == "paid", turn)
        turn()
        assert requests.get(f"{url}/counts", timeout=5).json()["message"] == 1
    assert [each.step for each in story.view(claim_id).steps].count("pay") == 1
    assert (story.view(claim_id).row.paid, hub.count("refund_parked_notice")) == (story.view(claim_id).row.claimed, 0)


def test_money_is_settled_once_though_the_bank_died_before_it_answered(hub: Hub, tmp_path: Path) -> None:
    zone = Zone(hub, tmp_path)
    receipt = zone.receive("100.00")
    zone.match(receipt, zone.sell())
    zone.declare(receipt)
    zone.ask(receipt, Action.SETTLE, "100.00")
    with partner("bank", tmp_path / "bank") as (process, url):
        bank = HttpBank.at(url)
        killed_after_taking(process, url, "instruction", lambda: send_instructions(hub.database, bank, hub.clock))
        hub.clock.advance(minutes=30)
        send_instructions(hub.database, bank, hub.clock)
        assert zone.held(receipt).parts.settled == 0, "nobody is there; it is tried again"
    with partner("bank", tmp_path / "bank") as (_process, url):
        back = HttpBank.at(url)

        def turn() -> None:
            hub.clock.advance(minutes=30)
            send_instructions(hub.database, back, hub.clock)
            take_notices(hub.database, back, hub.clock)

        until(lambda: zone.state(receipt) == "closed", turn)
        turn()
        assert requests.get(f"{url}/counts", timeout=5).json()["instruction"] == 1
    assert zone.held(receipt).parts.settled == 100
    assert hub.count("fx_move") == 2, "one asking, one settling"
