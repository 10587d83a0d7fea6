"""Use cases of exports and figures."""

from ccezone.statistics.service.exports import JOB, KEPT, drop_stale_parts, request_export
from ccezone.statistics.service.figures import recompute_figures, refresh_figures

__all__ = ["JOB", "KEPT", "drop_stale_parts", "recompute_figures", "refresh_figures", "request_export"]
