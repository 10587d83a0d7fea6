"""The garbage collector at rest while a large document is made, and what was made for it swept away at once afterwards.

A return's pages are hundreds of thousands of objects that all live until the last page is drawn. The collector looks through
them again and again meanwhile, finds nothing, and takes a tenth of the time; the more a process holds, the longer it looks.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class _Rest:
    """How many are making documents, and whether the collector was on when the first of them began."""

    lock: Lock = field(default_factory=Lock)
    makers: int = 0
    was_on: bool = False


_REST = _Rest()


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let the collector rest, in all threads, until the last that asked for it is done; one that was off before stays off."""
    with _REST.lock:
        if not _REST.makers:
            _REST.was_on = gc.isenabled()
        _REST.makers += 1
        gc.disable()
    try:
        yield
    finally:
        with _REST.lock:
            _REST.makers -= 1
            last = not _REST.makers
            if last and _REST.was_on:
                gc.enable()
        if last:
            gc.collect(0)  # everything of the document is young: this costs nothing for what a process held before
