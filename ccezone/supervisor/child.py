"""What is to run, and how to tell that it does."""

import http.client
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

_ANSWER_SECONDS = 1.0


class ReadyCheck(Protocol):
    """Tells whether a started process does its work. ``log`` is its output since this start."""

    def holds(self, log: bytes) -> bool: ...


@dataclass(frozen=True)
class HttpReady:
    """Ready when the address answers with a success."""

    url: str

    def holds(self, log: bytes) -> bool:
        # Never through a proxy: the process is on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(self.url, timeout=_ANSWER_SECONDS).close()
        except (OSError, http.client.HTTPException):  # refused, an error status (an OSError too), or no HTTP at all
            return False
        return True


@dataclass(frozen=True)
class LogReady:
    """Ready when a text stands in the process's output."""

    text: str

    def holds(self, log: bytes) -> bool:
        return self.text.encode() in log


@dataclass(frozen=True)
class Started:
    """Ready as soon as it runs."""

    def holds(self, log: bytes) -> bool:
        return True


@dataclass(frozen=True)
class Child:
    """One process to keep alive, or with ``once`` to run to its end a single time.

    ``argv[0]`` is an absolute path. ``env`` is added to our own environment. It is started when each of ``after`` is
    ready (or, run once, has succeeded). Times are seconds.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: ReadyCheck = field(default_factory=Started)
    after: Sequence[str] = ()
    once: bool = False
    ready_within: float = 60.0
    stop_within: float = 15.0


def read_from(log: Path, offset: int) -> bytes:
    """A log's content from an offset, or all of it when it was cut since."""
    with log.open("rb") as handle:
        size = handle.seek(0, 2)
        handle.seek(offset if offset <= size else 0)
        return handle.read()
