"""While the demo's month is loaded every page says how far it is; a hub without a demo says nothing of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from ccezone.kernel.clock import FixedClock
from ccezone.kernel.demo_clock import TERM, DemoClock, write_lag
from ccezone.web.hub import EXTENSION

pytestmark = pytest.mark.storage


def test_the_demos_day_is_told_while_it_is_loaded_and_not_afterwards(app: Flask, clock: FixedClock, tmp_path: Path) -> None:
    client, path = app.test_client(), tmp_path / "clock.json"
    assert "正在装载演示数据" not in client.get("/sign-in").get_data(as_text=True)
    write_lag(path, timedelta(days=3), clock.now() + TERM)
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], traffic=DemoClock(path, clock))
    stands = (clock.now() - timedelta(days=3)).date()
    assert f"演示业务走到 {stands}" in client.get("/sign-in").get_data(as_text=True)
    path.unlink()
    assert "正在装载演示数据" not in client.get("/sign-in").get_data(as_text=True)
