"""Use cases of exports and figures."""

from ccezone.statistics.service.exports import GOODS_JOB, JOB, KEPT, drop_stale_parts, request_export, request_goods
from ccezone.statistics.service.figures import A_WHILE, recompute_figures, refresh_figures
from ccezone.statistics.service.goods_facts import recompute_goods, refresh_goods
from ccezone.statistics.service.supplement_facts import recompute_supplements, refresh_supplements

__all__ = [
    "A_WHILE",
    "GOODS_JOB",
    "JOB",
    "KEPT",
    "drop_stale_parts",
    "recompute_figures",
    "recompute_goods",
    "recompute_supplements",
    "refresh_figures",
    "refresh_goods",
    "refresh_supplements",
    "request_export",
    "request_goods",
]
