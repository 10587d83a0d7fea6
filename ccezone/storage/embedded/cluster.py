"""The folder of an embedded PostgreSQL: who owns it, how it is created and configured, who holds it now.

Layout below the given folder: ``cluster`` (PostgreSQL's own), ``password`` (0600), ``run`` (the socket), ``lock``.
"""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from ccezone.storage.embedded.binaries import program
from ccezone.supervisor import launch

ROLE = "ccezone"
_SYSTEM_USERS = ("postgres", "nobody")
_SOCKET_PATH_LIMIT = 107  # sun_path of a Unix socket address, less its closing zero byte
_INITDB_SECONDS = 120

_SETTINGS: Mapping[str, str] = {
    "max_connections": "100",
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_line_prefix": "%m [%p] %d %a ",
    "log_lock_waits": "on",
    "log_autovacuum_min_duration": "-1",
    "log_checkpoints": "off",
}
_EPHEMERAL: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
}
_ACCESS = """\
# Written at every start. One role, by password, from this machine only.
local all all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
"""


class ClusterInUse(RuntimeError):
    """Another live process holds the folder."""


class ClusterFailed(RuntimeError):
    """PostgreSQL could not be initialised or started; the message quotes its own words."""


@dataclass(frozen=True)
class Cluster:
    """One folder. ``port`` 0 means a Unix socket only; ``durable`` False is for tests, which may lose their data."""

    folder: Path
    port: int = 0
    durable: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def pgdata(self) -> Path:
        return self.folder / "cluster"

    @property
    def name(self) -> str:
        """A name no other folder has: it stands in the title of each server process."""
        return f"ccezone-{hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]}"

    @property
    def socket_folder(self) -> Path:
        folder = self.folder / "run"
        if len(str(folder / ".s.PGSQL.5432").encode()) <= _SOCKET_PATH_LIMIT:
            return folder
        return Path("/tmp") / f"{self.name}-{os.getuid()}"  # noqa: S108 - private: created 0700, its owner is checked

    @property
    def password(self) -> str:
        return (self.folder / "password").read_text().strip()

    def url(self, database: str, scheme: str = "postgresql+psycopg") -> str:
        """Address of one of the cluster's databases, for SQLAlchemy or (scheme ``postgresql``) for libpq."""
        place = f"127.0.0.1:{self.port}/{database}" if self.port else f"/{database}"
        query = "" if self.port else f"?host={quote(str(self.socket_folder))}"
        return f"{scheme}://{ROLE}:{self.password}@{place}{query}"

    def server_user(self) -> tuple[int, int] | None:
        """Uid and gid the server runs under when we are root (PostgreSQL refuses to), else ``None``."""
        if os.getuid() != 0:
            return None
        if self.pgdata.exists() and (owner := self.pgdata.stat()).st_uid != 0:
            return owner.st_uid, owner.st_gid
        for name in _SYSTEM_USERS:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return entry.pw_uid, entry.pw_gid
        raise ClusterFailed(f"PostgreSQL may not run as root, and this machine has none of the users {_SYSTEM_USERS}")

    def launched(self, argv: list[str], death_signal: signal.Signals) -> list[str]:
        """``argv`` as the server's user, bound to the life of the calling thread."""
        user = self.server_user()
        places = (program("postgres"), self.pgdata, self.socket_folder)
        reach = user is not None and not all(_may_enter(place, user) for place in places)
        return launch.command(argv, death_signal=death_signal, user=user, reach=reach)

    def hold(self) -> int:
        """Lock the folder for this process; the kernel releases it with the descriptor. Raises ``ClusterInUse``."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            holder = os.read(descriptor, 32).decode().strip() or "unknown"
            os.close(descriptor)
            raise ClusterInUse(
                f"{self.folder} is in use by the running process {holder}: stop that one, or choose another folder"
            ) from held
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return descriptor

    def prepare(self) -> None:
        """Create the cluster if the folder is new, and write its configuration afresh. The lock must be held."""
        if not (self.pgdata / "PG_VERSION").exists():
            self._initialise()
        settings = {**_SETTINGS, **({} if self.durable else _EPHEMERAL), **self.settings, **self._place()}
        lines = [f"{key} = '{value.replace(chr(39), chr(39) * 2)}'" for key, value in settings.items()]
        text = "# Written at every start; your own settings belong in local.conf.\n" + "\n".join(lines)
        (self.pgdata / "postgresql.conf").write_text(text + "\ninclude_if_exists = 'local.conf'\n")
        (self.pgdata / "pg_hba.conf").write_text(_ACCESS)
        self._make_private(self.socket_folder)

    def _place(self) -> dict[str, str]:
        return {
            "listen_addresses": "127.0.0.1" if self.port else "",
            "port": str(self.port or 5432),
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "cluster_name": self.name,
        }

    def _initialise(self) -> None:
        """Run initdb beside the final place and rename: an interrupted one leaves nothing that looks finished."""
        unfinished = self.folder / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._make_private(unfinished)
        password = self.folder / "password"
        password.unlink(missing_ok=True)
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(24) + "\n")
        os.chown(password, *self._owner())
        # The built-in collation provider needs no locale of the machine's C library, nor ICU.
        options = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += ["--auth=scram-sha-256", f"--username={ROLE}", f"--pwfile={password}"]
        options += [] if self.durable else ["--no-sync"]
        argv = [str(program("initdb")), f"--pgdata={unfinished}", *options]
        done = subprocess.run(
            self.launched(argv, signal.SIGKILL),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_INITDB_SECONDS,
            env=environment(),
            cwd="/",
            check=False,
        )
        if done.returncode != 0:
            raise ClusterFailed(f"initdb failed in {self.folder}: {done.stderr.strip() or done.stdout.strip()}")
        unfinished.rename(self.pgdata)

    def _make_private(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = self._owner()
        if folder.is_symlink() or folder.stat().st_uid not in (owner[0], os.getuid()):
            raise ClusterFailed(f"{folder} belongs to somebody else: remove it, or choose another data folder")
        os.chown(folder, *owner)
        folder.chmod(0o700)

    def _owner(self) -> tuple[int, int]:
        return self.server_user() or (os.getuid(), os.getgid())


def environment() -> dict[str, str]:
    """What server programs see: nothing of ours that could change their behaviour."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def running_port(folder: Path) -> int:
    """TCP port of the server that runs on a folder, 0 when it has a socket only (as the server itself wrote down)."""
    lines = (folder / "cluster" / "postmaster.pid").read_text().splitlines()
    port, address = lines[3], lines[5]
    return int(port) if address else 0


def _may_enter(path: Path, user: tuple[int, int]) -> bool:
    """Whether a user without further groups may pass through every folder above ``path``."""
    for folder in path.parents:
        entry = folder.stat()
        needed = 0o100 if entry.st_uid == user[0] else 0o010 if entry.st_gid == user[1] else 0o001
        if not entry.st_mode & needed:
            return False
    return True
