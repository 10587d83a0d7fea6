"""Python's cyclic garbage collector, set for processes that build many short-lived values."""

import gc

_YOUNG, _MIDDLE, _OLD = 100_000, 50, 100


def relax_collector() -> None:
    """Collect rarely, and never look again at what was imported: batches of documents leave no cycles behind."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
