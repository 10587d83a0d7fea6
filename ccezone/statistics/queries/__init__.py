"""Read models of exports, of a firm's own figures and of the zone's volumes."""

from ccezone.statistics.queries.exports import archive
from ccezone.statistics.queries.figures import BY, FactRow, Figure, Span, figure_rows, figures
from ccezone.statistics.queries.monitor import (
    STEPS,
    Funnel,
    Goods,
    GoodsRow,
    OrderRow,
    Orders,
    Sum,
    added,
    as_of,
    counted,
    firm_names,
    funnels,
    goods_rows,
    goods_so_far,
    largest,
    order_rows,
)
from ccezone.statistics.queries.totals import Total

__all__ = [
    "BY",
    "STEPS",
    "FactRow",
    "Figure",
    "Funnel",
    "Goods",
    "GoodsRow",
    "OrderRow",
    "Orders",
    "Span",
    "Sum",
    "Total",
    "added",
    "archive",
    "as_of",
    "counted",
    "figure_rows",
    "figures",
    "firm_names",
    "funnels",
    "goods_rows",
    "goods_so_far",
    "largest",
    "order_rows",
]
