"""``bench pipeline``: how many declarations a second go from three signed bills to release, on everything this machine has."""

import json
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from ccezone.bench.system import System, python_module, running_system
from ccezone.bench.traffic import write_traffic
from ccezone.storage.copying import fetch
from integrations.signatures import KeyRing
from integrations.signatures.keys import publish

Say = Callable[[str], object]
_CONNECTIONS = 4
_STALLED_SECONDS = 120.0
_END = "('800', '899')"
_DONE = f"SELECT count(*) FILTER (WHERE state IN {_END}), count(*) FROM declaration_state"  # noqa: S608
_BUSY = """
SELECT (SELECT count(*) FROM merge_queue) + (SELECT count(*) FROM outbox_item)
    + (SELECT count(*) FROM outgoing_message WHERE sent_at IS NULL)
"""
_FOLLOWED = """
SELECT (SELECT count(*) FROM list_fact WHERE cleared IS NOT NULL), (SELECT count(*) FROM order_fact WHERE released_at IS NOT NULL),
    (SELECT count(*) FROM fx_order) + (SELECT count(*) FROM declaration_list WHERE flow = 'I'),
    (SELECT count(DISTINCT source_id) FROM goods_ledger_item) + (SELECT count(*) FROM declaration_list WHERE flow = 'I')
"""
_AUDIT = """
SELECT (SELECT count(*) FROM order_version), (SELECT count(*) FROM payment_version), (SELECT count(*) FROM waybill_version),
    (SELECT count(*) FROM order_match WHERE verdict = 'matched'), (SELECT count(*) FROM declaration_list),
    (SELECT count(DISTINCT (order_key, waybill_key)) FROM declaration_list), (SELECT count(*) FROM submission),
    (SELECT count(*) FROM receipt), (SELECT count(*) FROM parked_receipt), (SELECT count(*) FROM exception_case)
"""


class Incomplete(Exception):
    """The run lost, doubled or stopped something."""


def run_pipeline(declarations: int, runs: int, share_import: float, say: Say) -> Iterator[Mapping[str, object]]:
    """Yield one figure per run, then the median. Raises ``Incomplete``."""
    rates = []
    for number in range(runs):
        with TemporaryDirectory(prefix="ccezone-bench-") as folder:
            Path(folder).chmod(0o755)
            figure = one_run(Path(folder), declarations, share_import, number, say)
        rates.append(float(str(figure["value"])))
        yield figure
    yield {
        "name": "pipeline",
        "value": statistics.median(rates),
        "unit": "declarations/s",
        "n": declarations,
        "note": f"median of {runs}",
    }


def one_run(folder: Path, declarations: int, share_import: float, seed: int, say: Say) -> Mapping[str, object]:
    """Measure once, on a fresh database."""
    with running_system(folder / "data") as system:
        keys = KeyRing(folder / "keys")
        say(f"writing the messages of {declarations} declarations")
        requests = write_traffic(folder / "traffic", keys, declarations, share_import, seed)
        trust(system, keys)
        say(f"posting {requests} requests")
        tokens = folder / "tokens.json"
        tokens.write_text(json.dumps({name: login.token for name, login in system.logins.items()}))
        before, load_before, began = system.cpu_seconds(), children_cpu(), time.perf_counter()
        load = subprocess.Popen(
            python_module("ccezone.bench.traffic", str(folder / "traffic"), system.url, str(tokens), str(_CONNECTIONS)),
            stdout=subprocess.PIPE,
        )
        seconds = wait_for_release(system, declarations, began, say, load)
        posted = json.loads(load.communicate(timeout=60)[0])
        cpu = {name: used - before.get(name, 0.0) for name, used in system.cpu_seconds().items()}
        cpu["load"] = children_cpu() - load_before  # the load is the one process waited for meanwhile
        counts = audit(system, declarations)
        behind = wait_for_followers(system, declarations) - began - seconds
    return {**figure(declarations, seconds, posted, cpu, counts), "followed_seconds": round(behind, 1)}


def children_cpu() -> float:
    """CPU seconds of all processes this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def trust(system: System, keys: KeyRing) -> None:
    """Register the partners' public keys at the hub and at the single window."""
    for path in keys.folder.glob("*.key"):
        pair = keys.pair(path.stem)
        publish(pair, system.data / "keys" / "partners")
        publish(pair, system.data / "keys" / "public")


def wait_for_release(system: System, declarations: int, began: float, say: Say, load: subprocess.Popen[bytes]) -> float:
    """Wait until every list is released; return the seconds since ``began``. Raises ``Incomplete`` when nothing moves."""
    last, moved = -1, time.perf_counter()
    told = began
    while True:
        with system.database.reading() as connection:
            done, prepared = fetch(connection, _DONE)[0]
        now = time.perf_counter()
        if done >= declarations:
            return now - began
        if done != last:
            last, moved = done, now
        if now - told > 5:
            told = now
            say(f"{now - began:6.1f} s: {prepared} lists prepared, {done} released")
        if load.poll() not in (None, 0):
            raise Incomplete("the load process failed")
        if now - moved > _STALLED_SECONDS:
            raise Incomplete(f"{done} of {declarations} released, and nothing moves any more")
        time.sleep(0.2 if done > declarations * 0.95 else 1.0)  # counting takes from what is measured


def wait_for_followers(system: System, declarations: int) -> float:
    """Wait until figures, the ledger of goods and the orders owed money for hold all; return when. Raises ``Incomplete``."""
    deadline = time.perf_counter() + _STALLED_SECONDS
    while time.perf_counter() < deadline:
        with system.database.reading() as connection:
            found = fetch(connection, _FOLLOWED)[0]
        if min(found) >= declarations:
            return time.perf_counter()
        time.sleep(1.0)
    raise Incomplete(f"what follows the chain holds {found} of {declarations} lists, orders, orders owed money for and documents")


def audit(system: System, declarations: int) -> Mapping[str, int]:
    """Count what is there once everything has come to rest. Raises ``Incomplete`` for anything lost or doubled."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with system.database.reading() as connection:
            busy = fetch(connection, _BUSY)[0][0]
        if not busy:
            break
        time.sleep(0.5)
    with system.database.reading() as connection:
        found = fetch(connection, _AUDIT)[0]
    names = ("orders", "payments", "waybills", "matched", "lists", "parcels", "submissions", "receipts", "parked", "cases")
    counts = dict(zip(names, found, strict=True))
    wrong = {name: counts[name] for name in names[:7] if counts[name] != declarations}
    wrong |= {name: counts[name] for name in ("parked", "cases") if counts[name]}
    if wrong:
        raise Incomplete(f"expected {declarations} of each, found {wrong}")
    return counts


def figure(
    declarations: int, seconds: float, posted: Mapping[str, object], cpu: Mapping[str, float], counts: Mapping[str, int]
) -> Mapping[str, object]:
    """One JSON line."""
    times = posted["seconds"]
    ordered = times if isinstance(times, list) else []
    split = {name: round(used / declarations * 1000, 3) for name, used in sorted(cpu.items(), key=lambda item: -item[1])}
    return {
        "name": "pipeline",
        "value": round(declarations / seconds, 1),
        "unit": "declarations/s",
        "n": declarations,
        "seconds": round(seconds, 2),
        "lost": 0,
        "doubled": 0,
        "receipts": counts["receipts"],
        "post_p50_ms": round(ordered[len(ordered) // 2] * 1000, 1) if ordered else None,
        "post_p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 1) if ordered else None,
        "cpu_seconds_per_1000": split,
        "note": "mock, load and PostgreSQL (fsync on) on the same cores; lists 603 of 1-2 lines",
    }
