"""``bench workbook``: a large xlsx over HTTP → its good rows stored, its bad ones in a workbook to mend; time and memory.

The web site and the background worker run as processes of their own; the stages that take the bills further stand still,
so that the figure is the workbook's alone.
"""

import json
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from python_calamine import CalamineWorkbook

from ccezone.bench.pipeline import Incomplete
from ccezone.bench.system import System, peak_megabytes, python_module, running_system
from ccezone.bench.workbook_file import SENDER
from ccezone.storage.copying import fetch

Say = Callable[[str], object]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AIM_SECONDS, AIM_MEGABYTES = 15.0, 512
_PROCESSES = ("web", "worker-background")
_LONGEST = 600.0
_STORED = "SELECT count(*), count(DISTINCT order_key), coalesce(sum(jsonb_array_length(lines)), 0) FROM order_version"


def run_workbook(rows: int, runs: int, say: Say) -> Iterator[Mapping[str, object]]:
    """Yield one figure per run, then the median. Raises ``Incomplete`` when a row is lost, doubled or counted wrongly."""
    seconds, peaks = [], []
    with TemporaryDirectory(prefix="ccezone-bench-") as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "orders.xlsx"
        say(f"writing a workbook of {rows} rows")
        written = subprocess.run(
            python_module("ccezone.bench.workbook_file", str(path), str(rows)), capture_output=True, check=True
        )
        expected = json.loads(written.stdout)
        for number in range(runs):
            figure = _one_run(Path(folder) / f"run-{number}", path.read_bytes(), expected, say)
            seconds.append(float(str(figure["seconds"])))
            peaks.append(float(str(figure["peak_mb"])))
            yield figure
    median, peak = statistics.median(seconds), max(peaks)
    met = median <= AIM_SECONDS and peak <= AIM_MEGABYTES
    aim = f"aim {AIM_SECONDS:g} s, {AIM_MEGABYTES} MB: {'met' if met else 'missed'}"
    yield {"name": "workbook", "value": median, "unit": "s", "n": rows, "peak_mb": peak, "note": f"median of {runs}; {aim}"}


def _one_run(data: Path, content: bytes, expected: Mapping[str, int], say: Say) -> Mapping[str, object]:
    with running_system(data, processes=1, only=_PROCESSES) as system:
        say(f"uploading {len(content) / 1e6:.1f} MB")
        before, began = system.cpu_seconds(), time.perf_counter()
        batch = json.loads(_call(system, "/api/v1/batches", content))["batch"]
        accepted_after = time.perf_counter() - began
        found = _settled(system, batch, began)
        seconds = time.perf_counter() - began
        cpu = {name: round(used - before.get(name, 0.0), 2) for name, used in system.cpu_seconds().items()}
        peaks = {name: peak_megabytes(process.pid) for name, process in system.processes.items()}
        _check(system, batch, found, expected)
    counts = {name: found["workbook"][name] for name in ("rows", "accepted", "replayed", "rejected", "blank")}
    return {
        "name": "workbook",
        "value": round(seconds, 2),
        "unit": "s",
        "n": expected["rows"],
        "seconds": round(seconds, 2),
        "kept_after_seconds": round(accepted_after, 2),
        "peak_mb": peaks["worker-background"],
        "web_peak_mb": peaks["web"],
        "cpu_seconds": cpu,
        "counts": counts,
        "orders": expected["good_orders"],
        "repairs": expected["damaged_cells"],
        "lost": 0,
        "doubled": 0,
        "note": f"xlsx of {len(content) / 1e6:.1f} MB over HTTP to the last row settled and the error workbook written",
    }


def _call(system: System, path: str, body: bytes | None = None, accept: str = "application/json") -> bytes:
    headers = {"Authorization": f"Bearer {system.logins[SENDER].token}", "Content-Type": XLSX, "Accept": accept}
    request = urllib.request.Request(system.url + path, body, headers)  # noqa: S310  # our own loopback address
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        content: bytes = answer.read()
        return content


def _settled(system: System, batch: str, began: float) -> Mapping[str, Any]:
    while time.perf_counter() - began < _LONGEST:
        found: Mapping[str, Any] = json.loads(_call(system, f"/api/v1/batches/{batch}"))
        if found["workbook"]["state"] == "done":
            return found
        if found["workbook"]["state"] not in ("waiting", "running"):
            raise Incomplete(f"the workbook ended as {found['workbook']}")
        time.sleep(0.25)
    raise Incomplete(f"not settled after {_LONGEST:g} s")


def _check(system: System, batch: str, found: Mapping[str, Any], expected: Mapping[str, int]) -> None:
    """Hold the counts, the rows stored and the rows that came back against what the workbook held."""
    book = found["workbook"]
    with system.database.reading() as connection:
        stored = fetch(connection, _STORED)[0]
    back = CalamineWorkbook.from_object(BytesIO(_call(system, f"/api/v1/batches/{batch}/errors", accept=XLSX)))
    repaired = sum(each["cells"] for each in book["repairs"])
    held = {
        "rows": (book["rows"], expected["rows"]),
        "sum of the counts": (sum(book[name] for name in ("accepted", "replayed", "rejected", "blank")), expected["rows"]),
        "rows accepted": (book["accepted"], expected["good_rows"]),
        "rows sent back": (book["rejected"], expected["bad_rows"]),
        "rows in the error workbook": (back.get_sheet_by_index(0).height - 1, expected["bad_rows"]),
        "repairs": (repaired, expected["damaged_cells"]),
        "orders stored": (stored[0], expected["good_orders"]),
        "different orders stored": (stored[1], expected["good_orders"]),
        "lines stored": (stored[2], expected["good_rows"]),
    }
    wrong = {name: pair for name, pair in held.items() if pair[0] != pair[1]}
    if wrong:
        raise Incomplete(", ".join(f"{name}: {pair[0]} instead of {pair[1]}" for name, pair in wrong.items()))
