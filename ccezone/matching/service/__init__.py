"""Use cases of the merge: note what was touched, match it again."""

from ccezone.matching.service.merge import MergeOutcome, OrdersMerged, merge_touched, note_orders, note_touched

__all__ = ["MergeOutcome", "OrdersMerged", "merge_touched", "note_orders", "note_touched"]
