"""The sandbox: on outside production, where it may be switched off; never in production. What is tried comes out as asked."""

import pytest

from ccezone.settings import SettingError, Settings

NEEDED = {"DATABASE_URL": "postgresql://localhost/x", "CCEZONE_SECRET_KEY": "s", "CCEZONE_PERSONAL_KEY": "00" * 32}


@pytest.mark.parametrize(
    ("more", "on"),
    [
        ({}, True),
        ({"CCEZONE_SANDBOX": "0"}, False),
        ({"CCEZONE_SANDBOX": "1"}, True),
        ({"CCEZONE_PRODUCTION": "1"}, False),
        ({"CCEZONE_PRODUCTION": "1", "CCEZONE_SANDBOX": "0"}, False),
    ],
)
def test_production_switches_the_sandbox_off(more: dict[str, str], on: bool) -> None:
    assert Settings.from_environment({**NEEDED, **more}).sandbox is on


def test_a_sandbox_in_production_is_refused_at_the_start() -> None:
    with pytest.raises(SettingError, match="CCEZONE_SANDBOX"):
        Settings.from_environment({**NEEDED, "CCEZONE_PRODUCTION": "1", "CCEZONE_SANDBOX": "1"})


def test_a_demos_clock_in_production_is_refused_at_the_start() -> None:
    demo = {**NEEDED, "CCEZONE_DEMO_CLOCK": "/tmp/clock.json"}  # noqa: S108  # nothing is read or written
    assert Settings.from_environment(demo).demo_clock is not None
    with pytest.raises(SettingError, match="CCEZONE_DEMO_CLOCK"):
        Settings.from_environment({**demo, "CCEZONE_PRODUCTION": "1"})
