"""Use cases of exports and figures."""

from ccezone.statistics.service.exports import GOODS_JOB, JOB, KEPT, drop_stale_parts, request_export, request_goods
from ccezone.statistics.service.figures import A_WHILE, recompute_figures, refresh_figures

__all__ = [
    "A_WHILE",
    "GOODS_JOB",
    "JOB",
    "KEPT",
    "drop_stale_parts",
    "recompute_figures",
    "refresh_figures",
    "request_export",
    "request_goods",
]
