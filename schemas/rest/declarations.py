"""Declaration lists as the API shows them."""

from marshmallow import Schema, fields

from schemas.rest.answers import following
from schemas.rest.stored import Document, shown_count, shown_moment, shown_text
from schemas.rest.words import labelled


class ListRow(Schema):
    """A declaration list in a table."""

    id = shown_text("清单标识", "Id of the list")
    order_no = shown_text("订单编号", "Order number")
    waybill_no = shown_text("物流运单编号", "Waybill number")
    list_no = shown_text("海关清单编号", "Number customs gave it", optional=True)
    flow = shown_text("进出口", "Direction")
    trade_mode = shown_text("监管方式", "Supervision mode", code_list="trade_mode")
    state = shown_text("状态（海关回执代码或平台状态）", "State: a customs code, or the hub's own")
    created_at = shown_moment("生成时间", "Made at")


class ListPage(Schema):
    """A page of lists, the newest first."""

    declarations = fields.List(fields.Nested(ListRow), required=True, metadata=labelled("清单", "Lists"))
    next = following()


class Lacking(Schema):
    """Something that keeps a list from being filed."""

    kind = shown_text("种类", "Kind")
    name = shown_text("所缺", "What")
    params = fields.Dict(
        keys=fields.String(), values=fields.Raw(allow_none=True), required=True, metadata=labelled("详情", "Details")
    )
    message = shown_text("说明", "What is wrong")
    remedy = shown_text("处理办法", "What to do")


class Submission(Schema):
    """One filing of a list."""

    guid = shown_text("报文标识", "Its guid")
    number = shown_count("第几次", "Its number")
    created_at = shown_moment("时间", "At")


class DeclarationList(ListRow):
    """A list in full; values of people stay out."""

    document = Document("CEB603Message", "CEB621Message")
    tax = fields.Dict(keys=fields.String(), required=True, allow_none=True, metadata=labelled("进口税款", "Import tax"))
    missing = fields.List(fields.Nested(Lacking), required=True, metadata=labelled("所缺内容", "What it lacks"))
    submissions = fields.List(fields.Nested(Submission), required=True, metadata=labelled("各次申报", "Filings"))


class Step(Schema):
    """One step of a list's way."""

    kind = shown_text("种类", "Kind")
    at = shown_moment("时间", "At")
    submission = shown_count("第几次申报（0 为申报前）", "Which filing, 0 before the first")
    code = fields.Integer(required=True, allow_none=True, metadata=labelled("海关代码", "Customs code"))
    text = shown_text("说明", "What customs says")
    expected = fields.Boolean(required=True, allow_none=True, metadata=labelled("在预期之内", "It was to be expected"))


class Timeline(Schema):
    """Every step of a list, the oldest first."""

    timeline = fields.List(fields.Nested(Step), required=True, metadata=labelled("时间线", "Timeline"))


class Queued(Schema):
    """A list that waits in the outbox."""

    id = shown_text("清单标识", "Id of the list")
    state = shown_text("状态", "State")
