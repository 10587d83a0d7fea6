"""The ledgers of tax refunds that are reconciled each night, in the order of the page."""

from ccezone.tax_refunds.queries.area_balance import area_balances
from ccezone.tax_refunds.queries.balance import goods_balances, refund_balances
from ccezone.tax_refunds.queries.leave_balance import prerefund_balances

LEDGERS = (goods_balances, refund_balances, prerefund_balances, area_balances)
