"""How the test processes share the tests out: file by file, and all that runs a whole hub in one of them, one hub after another.

What takes longest goes first, so that no process is left with it at the end.
"""

from collections.abc import Iterable

import pytest
from xdist.scheduler import LoadFileScheduling

_TOGETHER = "tests/journeys/"
_LONG = ("journey", "browser")


class Scheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist does not say that it has types
    """Files, but for those of the journeys, which are one."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def unit_of(nodeid: str) -> str:
    """What a test is done together with, in one process."""
    file = nodeid.partition("::")[0]
    return _TOGETHER if file.startswith(_TOGETHER) else file


def longest_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Journeys, then what drives a browser, then everything else as it stands."""
    return sorted(items, key=lambda item: next((place for place, mark in enumerate(_LONG) if item.get_closest_marker(mark)), 9))
