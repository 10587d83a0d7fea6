"""A fake hub, a data folder with two logins, and a way to run the command."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ccezone.cli_submit import submit
from ccezone.demo.zone import Login, save_logins
from schemas.messages.ceb.trades import party
from tests.submit.hub import FakeHub, serving

Run = Callable[..., Result]


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serving() as fake:
        yield fake


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that knows the platform's and the carrier's tokens."""
    logins = []
    for key in ("platform_export", "logistics_export"):
        row = party(key)
        logins.append(Login("x", key, row["name_zh"], row["customs_code"], row["uscc"], key, "secret", f"token-{key}"))
    save_logins(tmp_path, logins)
    return tmp_path


@pytest.fixture
def run(hub: FakeHub, data: Path) -> Run:
    """Run ``ccezone submit`` against the fake hub."""

    def call(*arguments: str | Path, url: str | None = None) -> Result:
        return CliRunner(env={"CCEZONE_TOKEN": "", "CCEZONE_URL": ""}).invoke(
            submit, [*map(str, arguments), "--url", url or hub.url, "--data", str(data)]
        )

    return call
