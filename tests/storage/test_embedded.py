"""The embedded PostgreSQL: found again, restarted, alone on its folder, never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from ccezone.storage.embedded import ClusterFailed, ClusterInUse, EmbeddedPostgres, leftovers
from ccezone.storage.embedded.cluster import Cluster

pytestmark = pytest.mark.storage

_PARENT = """
import sys, time
from pathlib import Path
from ccezone.storage.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1])).start()
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path / "pg") as running:
        yield running


def connect(server: EmbeddedPostgres) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True)


def rows(server: EmbeddedPostgres) -> int:
    with connect(server) as connection:
        count = connection.execute("SELECT count(*) FROM parcel").fetchone()
    assert count is not None
    assert isinstance(count[0], int)
    return count[0]


def add_parcel(server: EmbeddedPostgres) -> None:
    with connect(server) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS parcel (id int)")
        connection.execute("INSERT INTO parcel VALUES (1)")


def wait_until(true: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def answers(server: EmbeddedPostgres) -> bool:
    try:
        connect(server).close()
    except psycopg.OperationalError:
        return False
    return True


def test_sqlalchemy_connects_by_the_address(server: EmbeddedPostgres) -> None:
    engine = sqlalchemy.create_engine(server.url)
    with engine.connect() as connection:
        version = connection.execute(sqlalchemy.text("SHOW server_version_num")).scalar_one()
    engine.dispose()
    assert int(version) // 10_000 == 18


def test_commits_are_durable_by_default(server: EmbeddedPostgres) -> None:
    with connect(server) as connection:
        shown = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
    assert shown == [("on",), ("on",)]


def test_a_second_start_finds_its_data_within_a_moment(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path) as first:
        add_parcel(first)
    began = time.monotonic()
    with EmbeddedPostgres(tmp_path) as second:
        took = time.monotonic() - began
        assert rows(second) == 1
    assert took < 5  # well below 1.5 s on a quiet machine


def test_a_killed_server_returns_with_its_data_at_the_same_address(server: EmbeddedPostgres) -> None:
    add_parcel(server)
    address, killed = server.url, server.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: server.pid not in (None, killed) and answers(server))
    assert rows(server) == 1
    assert server.url == address


def test_a_killed_server_returns_even_when_its_children_linger(server: EmbeddedPostgres, tmp_path: Path) -> None:
    cluster = Cluster((tmp_path / "pg").resolve())
    children = leftovers.backends(cluster)
    stopped = set()
    for child in children:
        with suppress(ProcessLookupError):  # a worker that ended by itself since it was listed
            os.kill(child, signal.SIGSTOP)  # it cannot notice the death, and holds the shared memory
            stopped.add(child)
    assert stopped
    killed = server.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: server.pid not in (None, killed) and answers(server))
    assert not set(children) & set(leftovers.backends(cluster))


def test_a_stale_pid_file_naming_a_stranger_does_not_hinder(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path):
        text = (tmp_path / "cluster/postmaster.pid").read_text()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        lines = text.splitlines()
        (tmp_path / "cluster/postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        with EmbeddedPostgres(tmp_path) as server:
            assert answers(server)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_folder_in_use_is_refused_naming_its_holder(server: EmbeddedPostgres, tmp_path: Path) -> None:
    with pytest.raises(ClusterInUse, match=f"running process {os.getpid()}"):
        EmbeddedPostgres(tmp_path / "pg").start()
    assert answers(server)


def test_a_server_that_cannot_start_says_why_and_frees_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ClusterFailed, match="shared_buffers"):
        EmbeddedPostgres(tmp_path, settings={"shared_buffers": "a lot"}).start()
    with EmbeddedPostgres(tmp_path) as server:
        assert answers(server)


def test_the_server_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout as lines:
        assert int(lines.readline()) > 0
    cluster = Cluster(tmp_path.resolve())
    assert leftovers.postmasters(cluster)
    parent.kill()
    parent.wait()
    wait_until(lambda: not leftovers.postmasters(cluster) and not leftovers.backends(cluster))


def test_databases_are_created_once_copied_and_dropped(server: EmbeddedPostgres) -> None:
    add_parcel(server)
    copy = server.create_database("copy_of_ccezone", template="ccezone")
    assert server.create_database("copy_of_ccezone") == copy
    engine = sqlalchemy.create_engine(copy)
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT count(*) FROM parcel")).scalar_one() == 1
    engine.dispose()
    server.drop_database("copy_of_ccezone")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy.replace("+psycopg", ""))


@pytest.mark.skipif(os.getuid() != 0, reason="only root changes the server's user")
def test_root_s_server_runs_as_somebody_else_even_below_a_closed_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedPostgres(closed / "pg") as server:
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0
        assert answers(server)


def test_stopping_between_two_lives_leaves_nothing(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path).start()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    cluster = Cluster(tmp_path.resolve())
    wait_until(lambda: not leftovers.postmasters(cluster) and not leftovers.backends(cluster))


def test_a_port_is_opened_only_when_asked_for(server: EmbeddedPostgres) -> None:
    with connect(server) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_folder_with_a_long_path_still_gets_a_socket(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / ("long" * 25)) as server:
        assert answers(server)
