"""Tax refunds over the API: the goods ledger, claims with what is behind them, and what firms send about them."""

from marshmallow import Schema, fields

from schemas.rest.answers import following
from schemas.rest.credit import Day
from schemas.rest.inputs import Amount, Input, Longest, choice, text, whole
from schemas.rest.queries import Paging, text_query
from schemas.rest.stored import shown_amount, shown_count, shown_day, shown_moment, shown_text, shown_texts
from schemas.rest.words import labelled

METHODS = ("exempt-refund", "exempt-credit-refund")
STANDINGS = ("", "gaps", "complete", "claimed", "exempt", "open")
TABS = ("", "draft", "bureau", "doubt", "paid", "ended")
MOST_ITEMS, MOST_INVOICES = 200, 50


class GoodsLedgerQuery(Paging):
    """Which exported items."""

    text = text_query("单证、订单编号，商品编码或名称的一部分", "Number of a document or order, code, or part of a name", 100)
    standing = choice("台账情况", "Standing", list(STANDINGS), default="")


class GoodsLedgerItem(Schema):
    """An exported item with its six legal fields; ``use`` is open, claimed, exempt or exempt_filed."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    document_no = shown_text("单证编号", "Document")
    line_no = shown_count("项号", "Line")
    order_no = shown_text("订单编号", "Order number")
    trade_mode = shown_text("监管方式", "Supervision mode", code_list="supervision_modes")
    hs_code = shown_text("商品编码", "HS code")
    exported_on = shown_day("出口日期", "Exported on", optional=True)
    goods_name = shown_text("货物名称", "Goods")
    unit = shown_text("计量单位", "Unit", code_list="units")
    quantity = shown_amount("数量", "Quantity", optional=True)
    unit_price = shown_amount("单价", "Unit price", optional=True)
    amount = shown_amount("金额", "Amount", optional=True)
    currency = shown_text("币制", "Currency", code_list="currencies")
    gaps = shown_texts("缺少的字段", "Missing fields")
    use = shown_text("用途", "Use")


class GoodsLedgerPage(Schema):
    """A page of the ledger."""

    items = fields.List(fields.Nested(GoodsLedgerItem), required=True, metadata=labelled("商品", "Items"))
    next = following()


class TaxRefundsQuery(Paging):
    """Which claims."""

    text = text_query("申报编号或所属期", "Reference or period", 20)
    tab = choice("办理进度", "How far", list(TABS), default="")


class TaxRefundRow(Schema):
    """A claim. Amounts are yuan; ``due_back`` is what the firm must give back after a second check."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    reference = shown_text("申报编号", "Reference")
    method = shown_text("退税办法", "Method")
    period = shown_text("所属期", "Period")
    taxpayer_class = shown_count("出口企业分类", "Taxpayer's class")
    state = shown_text("状态", "State")
    version = shown_count("版本", "Version")
    claimed = shown_amount("申报退税额", "Claimed", optional=True)
    approved = shown_amount("核准", "Approved", optional=True)
    reversed = shown_amount("复审冲回", "Reversed by a second check")
    paid = shown_amount("到账", "Paid")
    recovered = shown_amount("追回或抵减", "Taken back or set off")
    due_back = shown_amount("尚须补缴", "To be given back")
    created_at = shown_moment("建立时间", "Opened at")
    updated_at = shown_moment("更新时间", "Changed at")


class TaxRefundPage(Schema):
    """A page of claims."""

    claims = fields.List(fields.Nested(TaxRefundRow), required=True, metadata=labelled("申报", "Claims"))
    next = following()


class RefundInvoiceShown(Schema):
    """An invoice behind an item."""

    item = fields.UUID(required=True, metadata=labelled("商品", "Item"))
    invoice_no = shown_text("发票号码", "Invoice number")
    seller_uscc = shown_text("销售方统一社会信用代码", "Seller's credit code")
    issued_on = shown_day("开票日期", "Issued on", optional=True)
    amount = shown_amount("金额（不含税）", "Amount without VAT")
    vat_pct = shown_amount("税率（%）", "Rate (%)")
    vat = shown_amount("税额", "VAT")


class RefundItemShown(Schema):
    """An item in a claim, with its rates."""

    item = fields.UUID(required=True, metadata=labelled("商品", "Item"))
    document_no = shown_text("单证编号", "Document")
    goods_name = shown_text("货物名称", "Goods")
    declaration_no = shown_text("报关单号", "Declaration number")
    vat_pct = shown_amount("征税率（%）", "VAT rate (%)", optional=True)
    refund_pct = shown_amount("退税率（%）", "Refund rate (%)", optional=True)
    value_cny = shown_amount("离岸价（元）", "FOB value (yuan)", optional=True)


class RefundStepShown(Schema):
    """A step of a claim."""

    at = shown_moment("时间", "At")
    step = shown_text("步骤", "Step")
    state = shown_text("状态", "State")
    amount = shown_amount("金额", "Amount", optional=True)
    note = shown_text("说明", "Note")


class RefundDoubtShown(Schema):
    """What the self-check doubts; what blocks must be mended before filing."""

    code = shown_text("代码", "Code")
    blocks = fields.Boolean(required=True, metadata=labelled("须更正", "Blocks"))
    message = shown_text("疑点", "Doubt")
    remedy = shown_text("处理办法", "Remedy")


class TaxRefund(TaxRefundRow):
    """A claim with all that belongs to it; ``doubts`` while it is not filed."""

    items = fields.List(fields.Nested(RefundItemShown), required=True, metadata=labelled("商品", "Items"))
    invoices = fields.List(fields.Nested(RefundInvoiceShown), required=True, metadata=labelled("发票", "Invoices"))
    steps = fields.List(fields.Nested(RefundStepShown), required=True, metadata=labelled("办理过程", "Steps"))
    doubts = fields.List(fields.Nested(RefundDoubtShown), required=True, metadata=labelled("自检疑点", "Doubts"))


def _figure(zh: str, en: str) -> Amount:
    return Amount(load_default=0, metadata=labelled(zh, en))


class RefundInvoiceBody(Input):
    """An invoice behind an item of the ledger."""

    invoice_no = text("发票号码", "Invoice number", least=1, most=20)
    seller_uscc = text("销售方统一社会信用代码", "Seller's credit code", least=1, most=18)
    issued_on = Day(required=True, metadata=labelled("开票日期", "Issued on"))
    amount = Amount(required=True, metadata=labelled("金额（不含税）", "Amount without VAT"))
    vat_pct = Amount(required=True, metadata=labelled("税率（%）", "Rate (%)"))
    vat = Amount(required=True, metadata=labelled("税额", "VAT"))


class RefundItemBody(Input):
    """An item of the goods ledger, with what the ledger does not know of it."""

    item = fields.UUID(required=True, metadata=labelled("台账商品标识", "Id in the goods ledger"))
    declaration_no = text("报关单号（清单汇总申报的商品）", "Declaration number, of goods of lists", most=18, default="")
    vat_pct = text("征税率（%），平台未知时填写", "VAT rate (%), where the hub knows none", most=8, default="")
    refund_pct = text("退税率（%），平台未知时填写", "Refund rate (%), where the hub knows none", most=8, default="")
    invoices = fields.List(
        fields.Nested(RefundInvoiceBody),
        load_default=list,
        validate=Longest(max=MOST_INVOICES),
        metadata=labelled("发票", "Invoices"),
    )


class TaxRefundBody(Input):
    """A claim to be opened; the four figures are a manufacturer's."""

    method = choice("退税办法", "Method", METHODS)
    period = text("所属期，如 2026-05", "Period such as 2026-05", least=7, most=7)
    taxpayer_class = whole("出口企业分类", "Taxpayer's class", 1, 4, required=True)
    domestic_sales = _figure("内销额（不含税）", "Domestic sales without VAT")
    domestic_vat_pct = _figure("内销适用税率（%）", "VAT rate of domestic sales (%)")
    input_vat = _figure("当期进项税额", "Input VAT")
    carried_credit = _figure("上期留抵税额", "Credit carried over")
    items = fields.List(
        fields.Nested(RefundItemBody), load_default=list, validate=Longest(max=MOST_ITEMS), metadata=labelled("商品", "Items")
    )


class RefundVersionBody(Input):
    """Which version is filed."""

    version = whole("读到的版本", "The version you read", required=True, high=2**31 - 1)


class RefundWordsBody(RefundVersionBody):
    """What the firm says to the bureau."""

    text = text("内容", "Words", least=1, most=1000)
