"""Summary declarations and goods returns over the API."""

from marshmallow import Schema, fields

from schemas.rest.answers import following
from schemas.rest.inputs import choice
from schemas.rest.queries import Paging, text_query
from schemas.rest.stored import shown_amount, shown_count, shown_flag, shown_moment, shown_text, shown_texts
from schemas.rest.words import labelled

TABS = ["", "draft", "filed", "rejected", "granted", "dropped"]


class ApplicationsQuery(Paging):
    """Which summaries or returns."""

    text = text_query("申请、清单、订单或报关单编号", "A number: application, list, order or declaration", 100)
    tab = choice("办理进度", "How far", TABS, default="")


class ApplicationShown(Schema):
    """What every application has; ``state`` is customs' code, or the hub's own word before customs has it."""

    id = shown_text("申请编号", "Application number")
    state = shown_text("状态", "State")
    tab = shown_text("办理进度", "How far")
    filings = shown_count("申报次数", "Times filed")
    eport_no = shown_text("电子口岸编号", "E-port number", optional=True)
    created_at = shown_moment("建立时间", "Opened at")
    updated_at = shown_moment("更新时间", "Changed at")


class SummaryRow(ApplicationShown):
    """A summary declaration: closed lists of one grouping key and month; ``value`` in the key's currency, weights in kg."""

    month = shown_text("结关月份", "Month its lists were closed in")
    key = fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata=labelled("归并条件", "Grouping key"))
    customs_no = shown_text("海关汇总编号", "Customs' number of it", optional=True)
    proposed = shown_flag("系统建议", "Proposed by the hub")
    lists = shown_count("清单数", "Lists in it")
    value = shown_amount("金额", "Value")
    gross_weight = shown_amount("毛重（千克）", "Gross weight")
    net_weight = shown_amount("净重（千克）", "Net weight")
    entries = shown_count("已知报关单数", "Customs declarations whose numbers are known")


class SummaryPage(Schema):
    """A page of summary declarations."""

    summaries = fields.List(fields.Nested(SummaryRow), required=True, metadata=labelled("汇总申报", "Summary declarations"))
    next = following()


class SummedList(Schema):
    """A list in a summary, and the customs declarations that its lines went into."""

    id = shown_text("清单标识", "Id of the list")
    list_no = shown_text("清单编号", "List number")
    order_no = shown_text("订单编号", "Order number")
    waybill_no = shown_text("运单编号", "Waybill number")
    currency = shown_text("币制", "Currency", code_list="currencies")
    total_value = shown_amount("金额", "Value")
    entry_nos = shown_texts("报关单号", "Customs declaration numbers")


class SummaryEntry(Schema):
    """A customs declaration that customs made of a summary; numbers are empty until customs tells them."""

    decl_seq_no = shown_text("顺序号", "Sequence number")
    draft_no = shown_text("暂存编号", "Draft number")
    pre_entry_no = shown_text("预录入编号", "Pre-entry number")
    entry_no = shown_text("报关单号", "Customs declaration number")
    entry_state = shown_text("状态", "State")
    told_at = shown_moment("海关告知时间", "Told at")
    gross_weight = shown_amount("毛重（千克）", "Gross weight")
    net_weight = shown_amount("净重（千克）", "Net weight")
    lists = shown_count("清单数", "Lists in it")
    items = shown_count("商品项数", "Items in it")


class Summary(SummaryRow):
    """A summary declaration with its lists and the customs declarations that came of it."""

    contents = fields.List(fields.Nested(SummedList), required=True, metadata=labelled("清单", "Lists"))
    declarations = fields.List(fields.Nested(SummaryEntry), required=True, metadata=labelled("报关单", "Customs declarations"))


class GoodsReturnRow(ApplicationShown):
    """Goods of a released list that come back; ``amount`` in the list's currency."""

    declaration_id = shown_text("清单标识", "Id of the list")
    flow = shown_text("进出口", "Direction")
    list_no = shown_text("清单编号", "List number")
    order_no = shown_text("订单编号", "Order number")
    trade_mode = shown_text("监管方式", "Supervision mode", code_list="supervision_modes")
    currency = shown_text("币制", "Currency", code_list="currencies")
    amount = shown_amount("退货金额", "Value that comes back")
    reason = shown_text("退货原因", "Reason")
    relief = shown_flag("申请免征进境税款", "Asks for relief from import taxes")
    repayment = shown_text("退税补缴：none、due 或 settled", "Repayment of a refund: none, due or settled")
    released_at = shown_moment("海关通过时间", "Granted at", optional=True)
    arrived_on = fields.Date(required=True, allow_none=True, metadata=labelled("运抵日期", "Day the goods arrived"))


class GoodsReturnPage(Schema):
    """A page of goods returns."""

    returns = fields.List(fields.Nested(GoodsReturnRow), required=True, metadata=labelled("退货", "Goods returns"))
    next = following()


class ReturnedLine(Schema):
    """How much of a line of the list comes back."""

    line_no = shown_count("项号", "Line")
    hs_code = shown_text("商品编码", "HS code")
    goods_name = shown_text("商品名称", "Goods")
    quantity = shown_amount("退货数量", "Quantity that comes back")
    declared = shown_amount("申报数量", "Quantity declared")
    unit = shown_text("计量单位", "Unit", code_list="units")


class GoodsReturn(GoodsReturnRow):
    """A goods return with its lines."""

    lines = fields.List(fields.Nested(ReturnedLine), required=True, metadata=labelled("商品", "Goods"))
