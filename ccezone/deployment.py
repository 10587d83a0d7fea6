"""One machine's deployment: its addresses, its keys, and the processes that make up the system."""

import json
import os
import secrets
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from ccezone.kernel.demo_clock import clock_file
from ccezone.settings import hex_key
from ccezone.storage.personal import PersonalVault
from ccezone.supervisor import Child, HttpReady, LogReady

PLAYED = {"TR00000004": "doubt", "TR00000006": "linger"}
"""What the mock tax bureau does with the demo's claims (``ccezone.demo.refunds``) but approve them."""
_STARTED = "worker_started"


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def secrets_of(data: Path) -> dict[str, str]:
    """Return the data folder's keys, made at the first start; whoever loses them loses the personal data."""
    path = data / "secrets.json"
    if not path.exists():
        made = {"CCEZONE_SECRET_KEY": secrets.token_hex(32), "CCEZONE_PERSONAL_KEY": secrets.token_hex(32)}
        path.touch(mode=0o600)
        path.write_text(json.dumps(made), encoding="utf-8")
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return {name: os.environ.get(name, value) for name, value in kept.items()}


def vault_of(data: Path) -> PersonalVault | None:
    """Return the vault of the hub here, by its key: the environment's or the data folder's; ``None`` where neither knows it."""
    known = "CCEZONE_PERSONAL_KEY" in os.environ or (data / "secrets.json").exists()
    return PersonalVault(hex_key(secrets_of(data), "CCEZONE_PERSONAL_KEY")) if known else None


def addresses(data: Path, url: str, site: str) -> dict[str, str]:
    """Where the parts find each other."""
    return {
        "DATABASE_URL": url,
        "CCEZONE_DATA": str(data),
        "CCEZONE_PUBLIC_URL": os.environ.get("CCEZONE_PUBLIC_URL", site),
        "CCEZONE_SINGLE_WINDOW_URL": os.environ.get("CCEZONE_SINGLE_WINDOW_URL", f"http://127.0.0.1:{free_port()}"),
        "CCEZONE_TAX_BUREAU_URL": os.environ.get("CCEZONE_TAX_BUREAU_URL", f"http://127.0.0.1:{free_port()}"),
        "CCEZONE_BANK_URL": os.environ.get("CCEZONE_BANK_URL", f"http://127.0.0.1:{free_port()}"),
        "CCEZONE_URL": site,
    }


def for_show(data: Path) -> dict[str, str]:
    """What a demonstration does otherwise: mail goes into a folder, never out, and webhooks may call this machine.

    Where its month is still to be loaded, its clock is led through it.
    """
    clock = clock_file(data)
    return {
        **({"CCEZONE_DEMO_CLOCK": str(clock)} if clock.exists() else {}),
        "CCEZONE_MAIL_URL": os.environ.get("CCEZONE_MAIL_URL", f"maildir://{quote(str(data / 'mail'))}"),
        "CCEZONE_WEBHOOKS_PRIVATE": os.environ.get("CCEZONE_WEBHOOKS_PRIVATE", "1"),
        "CCEZONE_MOCK_TAX_SWITCHES": os.environ.get(
            "CCEZONE_MOCK_TAX_SWITCHES", json.dumps({"by_claim": PLAYED, "lifelike": True})
        ),
    }


def children(environment: Mapping[str, str], host: str, port: int, processes: int, demo_orders: int | None) -> list[Child]:
    """The processes of the system, in the order they depend on each other."""
    program = [sys.executable, "-m", "ccezone.cli"]
    window = environment["CCEZONE_SINGLE_WINDOW_URL"]
    site = f"http://{host}:{port}"
    web = [*program, "web", "--host", host, "--port", str(port), "--processes", str(processes)]
    found = []
    if "CCEZONE_SINGLE_WINDOW_URL" not in os.environ:
        mock = [*program, "mock", "single-window", "--port", window.rsplit(":", 1)[1]]
        found.append(Child("single-window", mock, environment, HttpReady(f"{window}/health/live")))
    if "CCEZONE_TAX_BUREAU_URL" not in os.environ:
        bureau = environment["CCEZONE_TAX_BUREAU_URL"]
        mock = [*program, "mock", "tax-bureau", "--port", bureau.rsplit(":", 1)[1]]
        found.append(Child("tax-bureau", mock, environment, HttpReady(f"{bureau}/health/live")))
    if "CCEZONE_BANK_URL" not in os.environ:
        bank = environment["CCEZONE_BANK_URL"]
        mock = [*program, "mock", "bank", "--port", bank.rsplit(":", 1)[1]]
        found.append(Child("bank", mock, environment, HttpReady(f"{bank}/health/live")))
    for name, *others in (("merge",), ("send",), ("receive",), ("background", "webhooks")):
        stages = [word for stage in (name, *others) for word in ("--stage", stage)]
        found.append(Child(f"worker-{name}", [*program, "worker", *stages], environment, LogReady(_STARTED)))
    found.append(Child("scheduler", [*program, "scheduler"], environment, LogReady("scheduler_started")))
    found.append(Child("web", web, environment, HttpReady(f"{site}/health/ready")))
    if demo_orders:
        load = [*program, "demo", "load", "--orders", str(demo_orders), "--url", site]
        found.append(Child("demo-load", load, environment, after=["web"], once=True))
    return found
