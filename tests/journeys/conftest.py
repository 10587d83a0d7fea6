"""The running system all journeys share: its processes take a minute of processor time to start."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccezone.bench.system import running_system
from tests.journeys.running import Running


@pytest.fixture(scope="session")
def whole_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Every process of a hub, on free loopback ports, with its mock single window."""
    folder: Path = tmp_path_factory.mktemp("system")
    folder.chmod(0o755)
    with running_system(folder / "data", processes=1) as system:
        tokens = {key: login.token for key, login in system.logins.items()}
        people = {key: (login.login, login.password) for key, login in system.logins.items()}
        yield Running(system.url, system.window_url, system.database, tokens, people=people)


@pytest.fixture
def system(whole_system: Running) -> Iterator[Running]:
    """The running system, its single window as at start."""
    before = whole_system.window("/switches")
    yield whole_system
    whole_system.switch(**before)
