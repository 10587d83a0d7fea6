"""Rows of tax refunds: the goods ledger and claims, pre-refunds of goods in warehouses abroad, pledges of refund accounts."""

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
