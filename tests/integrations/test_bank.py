"""The adapter and the mock bank over real HTTP, in a process that is killed after it took an instruction and before it answered."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import requests

from ccezone.fx.ports import BankInstruction, BankRefused, BankUnavailable
from integrations.bank import HttpBank
from integrations.mockservers.bank.app import create_app
from integrations.mockservers.bank.store import BankStore
from schemas.statements import read_statement

_SETTLE = BankInstruction(UUID(int=1), "FXI00000001", "settle", "36001234", "BR1", "502", Decimal("100.00"), True, "")


def _process(folder: Path) -> tuple["subprocess.Popen[str]", str]:
    code = "import pathlib, sys; from integrations.mockservers.bank.server import main; main(0, pathlib.Path(sys.argv[1]))"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().split(": ", 1)[1].strip().rstrip("/")


def test_a_bank_killed_after_it_took_an_instruction_neither_loses_nor_doubles_it(tmp_path: Path) -> None:
    process, url = _process(tmp_path)
    requests.put(f"{url}/switches", json={"lose_answers": 1, "delay_seconds": 0}, timeout=5)
    with pytest.raises(BankUnavailable):
        HttpBank.at(url).send(_SETTLE)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    with pytest.raises(BankUnavailable):
        HttpBank.at(url).notices(0, 10)
    again, url = _process(tmp_path)
    try:
        bank = HttpBank.at(url)
        bank.send(_SETTLE)
        time.sleep(0.01)
        [told] = bank.notices(0, 100)
        assert (told.outcome, told.rate, told.yuan) == ("confirmed", Decimal("7.1"), Decimal("710.00"))
        with pytest.raises(BankRefused):
            bank.send(replace(_SETTLE, amount=Decimal(7)))
    finally:
        again.terminate()
        again.communicate()


def test_money_booked_stands_in_statements_that_go_on_from_each_other(tmp_path: Path) -> None:
    process, url = _process(tmp_path)
    try:
        money = {"account": "36001234", "currency": "502", "payer": "P", "kind": "platform"}
        for number, day in enumerate(("2026-01-01", "2026-01-01", "2026-01-02"), start=1):
            said = {**money, "bank_reference": f"F{number}", "amount": "10.00", "value_date": day}
            assert requests.post(f"{url}/bookings", json=said, timeout=5).json()["new"]
        files = HttpBank.at(url).files(0, 10)
        first, second = (read_statement(file.content) for file in files)
        assert [len(first.entries), first.closing, second.opening, second.sequence] == [2, 20, 20, 2]
        assert HttpBank.at(url).files(files[-1].number, 10) == []
    finally:
        process.terminate()
        process.communicate()


@pytest.mark.parametrize("switch", [{"outcome": "dance"}, {"colour": "red"}, {"rates": {"502": "0"}}, {"delay_seconds": -1}])
def test_a_switch_that_cannot_be_is_refused(tmp_path: Path, switch: dict[str, object]) -> None:
    answer = create_app(BankStore(tmp_path / "bank.sqlite")).test_client().put("/switches", json=switch)
    assert answer.status_code == 400
