"""Processes a dead server left behind. They hold its shared memory, and PostgreSQL will not start beside them.

They are told by their titles, which everybody may read; their working folders only root with extra rights may.
"""

import os
import signal
import time
from pathlib import Path

from ccezone.storage.embedded.cluster import Cluster, ClusterInUse

_GRACE_SECONDS = 12.0
_POLL_SECONDS = 0.05


def clear(cluster: Cluster) -> None:
    """Wait for a dying predecessor, end orphans, and remove a stale pid file. The lock must be held.

    Raises ``ClusterInUse`` when a complete server that is not ours is alive and stays so.
    """
    deadline = time.monotonic() + _GRACE_SECONDS
    while running := postmasters(cluster):
        if time.monotonic() > deadline:
            raise ClusterInUse(f"PostgreSQL (process {running[0]}) runs on {cluster.pgdata}: `kill -INT {running[0]}`")
        time.sleep(_POLL_SECONDS)
    for kind in (signal.SIGQUIT, signal.SIGKILL):
        grace = time.monotonic() + 2.0
        while orphans := backends(cluster):
            if time.monotonic() > grace:
                _signal_all(orphans, kind)
                break
            time.sleep(_POLL_SECONDS)
    # No process of this cluster is left, so the pid in the file is dead or, after a reboot, a stranger's.
    (cluster.pgdata / "postmaster.pid").unlink(missing_ok=True)


def postmasters(cluster: Cluster) -> list[int]:
    """Live main processes on the folder."""
    return [pid for pid, title in _titles() if title[1:] == ["-D", str(cluster.pgdata)]]


def backends(cluster: Cluster) -> list[int]:
    """Live processes of the cluster that a main process started."""
    return [pid for pid, title in _titles() if title and title[0].startswith(f"postgres: {cluster.name}: ")]


def _titles() -> list[tuple[int, list[str]]]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            title = (entry / "cmdline").read_bytes()
        except OSError:  # it ended meanwhile
            continue
        found.append((int(entry.name), title.rstrip(b"\0").decode(errors="replace").split("\0")))
    return found


def _signal_all(pids: list[int], kind: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, kind)
        except ProcessLookupError:
            continue
