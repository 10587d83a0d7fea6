"""Use cases of the refund upon leaving the country: dividing a claim, following it, recording sales, accounting for them."""

from ccezone.tax_refunds.service.leave.accounting import bring_back, close_prerefund, reconcile_sales
from ccezone.tax_refunds.service.leave.dividing import divide_item
from ccezone.tax_refunds.service.leave.keeping import keep_prerefunds
from ccezone.tax_refunds.service.leave.news import PrerefundMoved
from ccezone.tax_refunds.service.leave.selling import Sale, record_sales, remove_sale
from ccezone.tax_refunds.service.leave.sheets import record_sheet

__all__ = [
    "PrerefundMoved",
    "Sale",
    "bring_back",
    "close_prerefund",
    "divide_item",
    "keep_prerefunds",
    "reconcile_sales",
    "record_sales",
    "record_sheet",
    "remove_sale",
]
