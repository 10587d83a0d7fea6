"""Rows of tax refunds: the goods ledger and claims, pre-refunds, special-area export, pledges of accounts."""

from ccezone.tax_refunds.tables.area import AreaDelivery, AreaReminder, AreaSummary, AreaSummaryDelivery
from ccezone.tax_refunds.tables.claims import (
    Clawback,
    GoodsExemption,
    LedgerItem,
    LedgerMark,
    RefundClaim,
    RefundClaimItem,
    RefundInvoice,
    RefundMessage,
    RefundNotice,
    RefundStep,
)
from ccezone.tax_refunds.tables.leave import LeaveEntry, LeavePrerefund, OverseasSale
from ccezone.tax_refunds.tables.pilots import TaxpayerPilot
from ccezone.tax_refunds.tables.pledges import AccountPledge, PledgeStep
from ccezone.tax_refunds.tables.vouchers import PromotionVoucher, VoucherStep, VoucherUse

__all__ = [
    "AccountPledge",
    "AreaDelivery",
    "AreaReminder",
    "AreaSummary",
    "AreaSummaryDelivery",
    "Clawback",
    "GoodsExemption",
    "LeaveEntry",
    "LeavePrerefund",
    "LedgerItem",
    "LedgerMark",
    "OverseasSale",
    "PledgeStep",
    "PromotionVoucher",
    "RefundClaim",
    "RefundClaimItem",
    "RefundInvoice",
    "RefundMessage",
    "RefundNotice",
    "RefundStep",
    "TaxpayerPilot",
    "VoucherStep",
    "VoucherUse",
]
