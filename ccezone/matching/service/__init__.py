"""Use cases of the merge: note what was touched, match it again."""

from ccezone.matching.service.merge import MergeOutcome, OrdersMerged, merge_touched, note_orders, note_touched
from ccezone.matching.service.previewing import Preview, Supposed, preview

__all__ = [
    "MergeOutcome", "OrdersMerged", "Preview", "Supposed", "merge_touched", "note_orders", "note_touched", "preview",
]  # fmt: skip
