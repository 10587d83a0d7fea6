"""The running embedded PostgreSQL: a child that is waited for, restarted when it dies, and stopped with us."""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from ccezone.storage.embedded import leftovers
from ccezone.storage.embedded.binaries import program
from ccezone.storage.embedded.cluster import ROLE, Cluster, ClusterFailed, ClusterInUse, environment, running_port

_log = logging.getLogger(__name__)

_READY_SECONDS = 60.0  # crash recovery replays up to max_wal_size
_STOP_SECONDS = 60.0
_BACK_OFF_SECONDS = (0.0, 0.5, 1.0, 2.0, 5.0)
_STEADY_SECONDS = 30.0  # a server that lived this long has its failures forgiven


class EmbeddedPostgres:
    """A PostgreSQL server on ``data_dir``, alive between ``start`` and ``stop`` (or within ``with``).

    It listens on a Unix socket in a private folder, so no port can be taken from it between two lives; ``port`` adds
    127.0.0.1. Killed, it comes back with its data at the same address. When this process dies, it shuts down.
    ``durable=False`` is for tests: much faster commits, data lost with a crash.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int = 0,
        *,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._cluster = Cluster(data_dir.resolve(), port, durable, settings or {})
        self._hold: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._failure: Exception | None = None

    @property
    def url(self) -> str:
        """SQLAlchemy address of the main database, ``ccezone``."""
        return self.database_url(ROLE)

    @property
    def pid(self) -> int | None:
        """Process id of the main server process, while there is one."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def database_url(self, name: str) -> str:
        """SQLAlchemy address of a database of this server. The folder must have been started once."""
        return self._cluster.url(name)

    def start(self) -> Self:
        """Start and wait until it answers. Raises ``ClusterInUse``, ``ClusterFailed``, ``BinariesMissing``."""
        if self._thread is not None:
            return self
        self._hold = self._cluster.hold()
        self._stopping.clear()
        self._ready.clear()
        self._failure = None
        # One thread does all the starting: the kernel ties a child's death signal to the thread that began it.
        self._thread = threading.Thread(target=self._live, name="embedded-postgres", daemon=True)
        self._thread.start()
        self._ready.wait()
        self._raise_failure()
        self.create_database(ROLE)
        return self

    def _raise_failure(self) -> None:
        if self._failure is not None:
            self.stop()
            raise self._failure

    def stop(self) -> None:
        """Shut down fast but cleanly, and release the folder. Harmless when it does not run."""
        self._stopping.set()
        if self._thread is not None:
            self._signal(signal.SIGINT)
            self._thread.join(_STOP_SECONDS)
            if self._thread.is_alive():
                self._signal(signal.SIGQUIT)
                self._thread.join()
            self._thread = None
        if self._hold is not None:
            os.close(self._hold)
            self._hold = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database unless it exists, as a copy of ``template`` if given; return its SQLAlchemy address."""
        with self._administer() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if known is None:
                source = sql.Identifier(template or "template0")
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source))
        return self.database_url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, ending the sessions in it."""
        with self._administer() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _administer(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self._cluster.url("postgres", "postgresql"), autocommit=True)

    def _signal(self, kind: signal.Signals) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(kind)

    def _live(self) -> None:
        """Run the server again and again until told to stop; the first failure is the caller's."""
        failures = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._run_once()
            except Exception as failure:
                if not self._ready.is_set():
                    self._failure = failure
                    self._ready.set()
                    return
                _log.exception("embedded PostgreSQL did not restart")
            if self._stopping.is_set():
                return
            failures = 0 if time.monotonic() - began > _STEADY_SECONDS else failures
            _log.warning("embedded PostgreSQL ended unasked, starting it again", extra={"failures": failures})
            self._stopping.wait(_BACK_OFF_SECONDS[min(failures, len(_BACK_OFF_SECONDS) - 1)])
            failures += 1

    def _run_once(self) -> None:
        """One life of the server, from the pid file's check to its end."""
        cluster = self._cluster
        leftovers.clear(cluster)
        cluster.prepare()
        argv = cluster.launched([str(program("postgres")), "-D", str(cluster.pgdata)], signal.SIGINT)
        with (cluster.folder / "startup.log").open("wb") as output:
            self._process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=environment(),
                start_new_session=True,  # the terminal's Ctrl-C is for us; we stop it last
            )
        if self._stopping.is_set():  # asked to stop between two lives: nobody has signalled this process yet
            self._process.send_signal(signal.SIGINT)
        self._await_ready(self._process)
        self._ready.set()
        self._process.wait()

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while process.poll() is None and not self._stopping.is_set():
            try:
                self._administer().close()
            except psycopg.OperationalError as refused:
                if time.monotonic() > deadline:
                    self._signal(signal.SIGQUIT)
                    process.wait()
                    raise ClusterFailed(f"PostgreSQL gave no answer in {_READY_SECONDS:.0f} s: {refused}") from refused
                time.sleep(0.02)
            else:
                return
        if not self._stopping.is_set():
            words = (self._cluster.folder / "startup.log").read_text(errors="replace").strip()
            raise ClusterFailed(f"PostgreSQL ended at once (status {process.returncode}): {words}")


@contextmanager
def serving(data_dir: Path) -> Iterator[str]:
    """Address of the main database on ``data_dir``: of the server that runs there, or of one started for the time being.

    Raises as ``EmbeddedPostgres.start`` does, and ``ClusterInUse`` when the holder's server does not answer.
    """
    server = EmbeddedPostgres(data_dir)
    try:
        server.start()
    except ClusterInUse as held:
        url = Cluster(data_dir.resolve(), port=running_port(data_dir)).url(ROLE)
        try:
            psycopg.connect(url.replace("+psycopg", "", 1)).close()
        except psycopg.OperationalError as refused:
            raise held from refused
        yield url
        return
    try:
        yield server.url
    finally:
        server.stop()
