"""A mocked counterparty in a process of its own."""

import os

from ccezone.kernel.demo_clock import clock_at
from ccezone.processes.collector import relax_collector
from ccezone.settings import Settings
from integrations.mockservers.bank.server import main as serve_bank
from integrations.mockservers.single_window.server import main as serve_single_window
from integrations.mockservers.tax_bureau.server import main as serve_tax_bureau


def run_mock(name: str, host: str, port: int) -> None:
    """Serve a mocked counterparty; its own database lies beside the hub's."""
    settings = Settings.from_environment()
    if name == "tax-bureau":
        serve_tax_bureau(port, settings.data_dir / "mock", host, os.environ.get("CCEZONE_MOCK_TAX_SWITCHES", ""))
        return
    if name == "bank":
        serve_bank(port, settings.data_dir / "mock", host, os.environ.get("CCEZONE_MOCK_BANK_SWITCHES", ""))
        return
    url = os.environ.get("CCEZONE_MOCK_DATABASE_URL") or mock_database(settings.database_url)
    relax_collector()
    serve_single_window(port, url, settings.data_dir / "keys" / "public", host, clock_at(settings.demo_clock))


def mock_database(hub_url: str) -> str:
    """Address of the mock's database in the hub's server."""
    base, slash, query = hub_url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/ccezone_mock{'?' if slash else ''}{query}"
