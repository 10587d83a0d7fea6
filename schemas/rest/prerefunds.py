"""Refunds upon leaving the country over the API: pre-refunds of unsold goods, sales abroad, accounts of them."""

from marshmallow import Schema, fields

from schemas.rest.answers import following
from schemas.rest.credit import Day
from schemas.rest.inputs import Amount, Input, Longest, choice, text
from schemas.rest.queries import Paging, text_query
from schemas.rest.refunds import RefundVersionBody
from schemas.rest.stored import shown_amount, shown_count, shown_day, shown_moment, shown_text
from schemas.rest.words import labelled

TABS = ("", "waiting", "open", "soon", "owed", "ended")
MOST_SALES = 2_000


class PreRefundsQuery(Paging):
    """Which pre-refunds."""

    text = text_query("预退税、申报或报关单编号，货物名称的一部分", "Number, claim, declaration, or part of a name", 100)
    tab = choice("核算进度", "Standing", list(TABS), default="")


class PreRefundRow(Schema):
    """A pre-refund: quantities in the goods' unit, amounts in yuan; ``uncounted`` sales wait to be accounted for."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    reference = shown_text("预退税编号", "Reference")
    claim_reference = shown_text("申报编号", "Claim")
    document_no = shown_text("报关单号", "Declaration")
    line_no = shown_count("项号", "Line")
    goods_name = shown_text("货物名称", "Goods")
    unit = shown_text("计量单位", "Unit", code_list="units")
    state = shown_text("状态", "State")
    version = shown_count("版本", "Version")
    quantity = shown_amount("未售数量", "Unsold when claimed")
    amount = shown_amount("预退税额", "Pre-refund", optional=True)
    settled = shown_amount("已核销数量", "Settled quantity")
    settled_cny = shown_amount("已核销税款", "Settled")
    recovered = shown_amount("应补缴数量", "Quantity to be repaid for")
    recovered_cny = shown_amount("应补缴税款", "To be repaid")
    uncounted = shown_amount("已登记未核算的销售数量", "Recorded sales not accounted for")
    owed = shown_amount("尚待补缴", "Still owed")
    window_from = shown_day("核算期开始", "Window from", optional=True)
    window_until = shown_day("核算期截止", "Window until", optional=True)
    updated_at = shown_moment("更新时间", "Changed at")


class PreRefundPage(Schema):
    """A page of pre-refunds."""

    prerefunds = fields.List(fields.Nested(PreRefundRow), required=True, metadata=labelled("预退税", "Pre-refunds"))
    next = following()


class OverseasSaleShown(Schema):
    """A recorded sale; ``counted``: accounted for."""

    sale_no = shown_text("销售单号", "Sale number")
    sold_on = shown_day("销售日期", "Sold on", optional=True)
    quantity = shown_amount("数量", "Quantity")
    amount = shown_amount("销售金额", "Amount")
    currency = shown_text("币制", "Currency", code_list="currencies")
    warehouse = shown_text("海外仓", "Warehouse abroad")
    source = shown_text("来源", "Source")
    counted = fields.Boolean(required=True, metadata=labelled("已核算", "Accounted for"))


class PreRefund(PreRefundRow):
    """A pre-refund with its sales, the last recorded first."""

    sales = fields.List(fields.Nested(OverseasSaleShown), required=True, metadata=labelled("境外销售", "Sales abroad"))


class OverseasSaleBody(Input):
    """A sale abroad."""

    sale_no = text("销售单号", "Sale number", least=1, most=60)
    sold_on = Day(required=True, metadata=labelled("销售日期", "Sold on"))
    quantity = Amount(required=True, metadata=labelled("数量", "Quantity"))
    amount = Amount(required=True, metadata=labelled("销售金额", "Amount"))
    currency = text("币制（海关代码）", "Currency (customs' code)", least=3, most=3)
    warehouse = text("海外仓", "Warehouse abroad", most=60, default="")


class OverseasSalesBody(Input):
    """Sales of the goods of one pre-refund: all are recorded, or none."""

    sales = fields.List(
        fields.Nested(OverseasSaleBody), required=True, validate=Longest(min=1, max=MOST_SALES), metadata=labelled("销售", "Sales")
    )


class ReconcileBody(RefundVersionBody):
    """An account of the recorded sales: what they come to by the firm's own books."""

    quantity = Amount(required=True, metadata=labelled("账载已售数量", "Sold by your books"))
    note = text("说明", "Note", most=500, default="")
