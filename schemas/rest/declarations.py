"""Declaration lists as the API shows them."""

from marshmallow import Schema, fields

from schemas.rest.answers import Fault, following
from schemas.rest.inputs import Input, choice, text
from schemas.rest.matches import Sent
from schemas.rest.stored import Document, shown_count, shown_moment, shown_text, shown_texts
from schemas.rest.wishes import WishBody
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


class Cancellation(Submission):
    """One application to cancel a list."""

    reason = shown_text("撤单原因", "Reason")
    state = shown_text("状态：queued、sent 或回执代码", "queued, sent, or a code: 399 approved, 100 not")


class DeclarationList(ListRow):
    """A list in full; values of people stay out."""

    document = Document("CEB603Message", "CEB621Message")
    tax = fields.Dict(keys=fields.String(), required=True, allow_none=True, metadata=labelled("进口税款", "Import tax"))
    missing = fields.List(fields.Nested(Lacking), required=True, metadata=labelled("所缺内容", "What it lacks"))
    submissions = fields.List(fields.Nested(Submission), required=True, metadata=labelled("各次申报", "Filings"))
    cancellations = fields.List(
        fields.Nested(Cancellation), required=True, metadata=labelled("撤销申请", "Applications to cancel it")
    )
    former_id = shown_text("它所代替的已撤销清单", "The cancelled list it was filed in place of", optional=True)
    next_id = shown_text("代替它申报的清单", "The list that was filed in place of it", optional=True)


class Step(Schema):
    """One step of a list's way."""

    document = shown_text("单证：list 或 cancellation", "Whose step: list or cancellation")
    kind = shown_text("种类", "Kind")
    at = shown_moment("时间", "At")
    submission = shown_count("第几次申报（0 为申报前）", "Which filing, 0 before the first")
    code = fields.Integer(required=True, allow_none=True, metadata=labelled("海关代码", "Customs code"))
    text = shown_text("说明", "What customs says")
    expected = fields.Boolean(required=True, allow_none=True, metadata=labelled("在预期之内", "It was to be expected"))


class Timeline(Schema):
    """Every step of a list, the oldest first."""

    timeline = fields.List(fields.Nested(Step), required=True, metadata=labelled("时间线", "Timeline"))


class Test(Schema):
    """One test of a simplified path."""

    condition = shown_text("条件", "Condition")
    outcome = shown_text("结果：passed、failed、unknown", "passed, failed or unknown")
    ground = shown_text("依据", "On what ground")
    source = shown_text("法规出处", "Legal source")
    params = fields.Dict(keys=fields.String(), required=True, metadata=labelled("详情", "Details"))


class ListToBe(Schema):
    """A list as it would be made now."""

    waybill_id = shown_text("运单标识（0 为运单未到）", "Id of the waybill, 0 while it is to come")
    trade_mode = shown_text("监管方式", "Supervision mode", code_list="trade_mode")
    declaration_path = shown_text("申报业务类型", "Declaration path")
    document = Document("CEB603Message", "CEB621Message")
    missing = fields.List(fields.Nested(Lacking), required=True, metadata=labelled("所缺内容", "What it lacks"))
    tests = fields.List(fields.Nested(Test), required=True, metadata=labelled("条件核对", "Tests"))
    hs_digits = shown_count("商品编码最少位数", "How long a commodity code must be")
    tax_total = shown_text("进口税合计（元）", "Import tax, yuan", optional=True)
    used_before = shown_text("订购人本年已用额度（元）", "The buyer's year so far, yuan")


class FormBody(Input):
    """One transaction: the bills the caller may state, and what is stated of the declaration."""

    flow = choice("进出口", "Direction", ["E", "I"])
    order_id = text("已有订单标识", "Id of an order that is there", most=20, default="")
    order = Sent("CEB303Message", "CEB311Message", load_default=None, allow_none=True, metadata=labelled("订单", "Order"))
    payment = Sent("CEB403Message", "CEB411Message", load_default=None, allow_none=True, metadata=labelled("支付单", "Payment"))
    waybill = Sent("CEB505Message", "CEB511Message", load_default=None, allow_none=True, metadata=labelled("运单", "Waybill"))
    link = Sent("ShippingLink", load_default=None, allow_none=True, metadata=labelled("订单运单关联", "Shipping link"))
    declaration = fields.Nested(WishBody, load_default=dict, metadata=labelled("申报内容", "What is stated of the declaration"))


class FormPreview(Schema):
    """What would become of a transaction."""

    order_id = shown_text("订单标识", "Id of the order", optional=True)
    verdict = shown_text("比对结论", "The merge's verdict", optional=True)
    waiting = shown_texts("尚缺", "Waits for")
    lists = fields.List(fields.Nested(ListToBe), required=True, metadata=labelled("将生成的清单", "Lists to be"))
    errors = fields.List(fields.Nested(Fault), required=True, metadata=labelled("单证问题", "What is wrong with the parts"))


class Filed(Schema):
    """A form that was taken in; its lists are made when its bills match."""

    order_id = shown_text("订单标识", "Id of the order")


class CancelBody(Input):
    """Why a list is to be cancelled."""

    reason = text("撤单原因", "Reason", most=1000, least=1)


class Applied(Schema):
    """An application to cancel, on its way."""

    id = shown_text("清单标识", "Id of the list")
    number = shown_count("第几次撤销申请", "Which application")


class Queued(Schema):
    """A list that waits in the outbox."""

    id = shown_text("清单标识", "Id of the list")
    state = shown_text("状态", "State")
