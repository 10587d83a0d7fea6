"""Bills and batches as the API shows them."""

from typing import Any

from marshmallow import Schema, fields

from schemas.rest.answers import Fault, following
from schemas.rest.inputs import Amount, Moment
from schemas.rest.uploads import Workbook
from schemas.rest.words import Words, labelled


def shown_text(zh: str, en: str, *, optional: bool = False, **more: Any) -> fields.String:
    """Return a text of an answer; ``optional`` means that it may be null."""
    return fields.String(required=True, allow_none=optional, metadata=labelled(zh, en, **more))


def shown_flag(zh: str, en: str) -> fields.Boolean:
    """Return a yes or no of an answer."""
    return fields.Boolean(required=True, metadata=labelled(zh, en))


def shown_count(zh: str, en: str) -> fields.Integer:
    """Return a count of an answer."""
    return fields.Integer(required=True, metadata=labelled(zh, en))


def shown_moment(zh: str, en: str, *, optional: bool = False) -> Moment:
    """Return a moment of an answer."""
    return Moment(required=True, allow_none=optional, metadata=labelled(zh, en))


def shown_amount(zh: str, en: str, *, optional: bool = False) -> Amount:
    """Return an amount of an answer."""
    return Amount(required=True, allow_none=optional, metadata=labelled(zh, en))


def shown_day(zh: str, en: str, *, optional: bool = False) -> fields.Date:
    """Return a day of an answer."""
    return fields.Date(required=True, allow_none=optional, metadata=labelled(zh, en))


def shown_list(shape: type[Schema], zh: str, en: str) -> fields.List[Any]:
    """Return a list of objects of an answer."""
    return fields.List(fields.Nested(shape), required=True, metadata=labelled(zh, en))


def shown_texts(zh: str, en: str) -> fields.List[Any]:
    """Return a list of texts of an answer."""
    return fields.List(fields.String(), required=True, metadata=labelled(zh, en))


class Document(fields.Field[Any]):
    """A document in its official element names; its shape is one of those of ``message_types``."""

    def __init__(self, *message_types: str) -> None:
        super().__init__(required=True, metadata=labelled("内容（官方数据项名称）", "Content, in the official element names"))
        self.message_types = message_types


class Version(Schema):
    """One version of a bill, as one message told it."""

    version = shown_count("版本", "Version")
    app_type = shown_text("报送类型", "Submission type", code_list="app_type")
    app_time = shown_text("报送时间", "Submission time")
    batch = fields.UUID(required=True, metadata=labelled("批次", "Batch"))
    received_at = shown_moment("到达时间", "Arrived at")
    source = shown_text("来源", "Source")
    signed = shown_flag("已签名", "Signed")
    changed = shown_texts("与上一版不同的数据项", "Elements that differ from the version before")


class BillRow(Schema):
    """A bill in a list."""

    id = shown_text("标识", "Id")
    flow = shown_text("进出口", "Direction")
    number = shown_text("单号", "Number")
    order_no = shown_text("订单编号", "Order number")
    order_id = shown_text("订单标识", "Id of the order", optional=True)
    party = shown_text("企业", "Enterprise")
    amount = Amount(required=True, allow_none=True, metadata=labelled("金额", "Amount"))
    currency = shown_text("币制", "Currency", code_list="currencies")
    gross_weight = Amount(required=True, allow_none=True, metadata=labelled("毛重（千克）", "Gross weight in kilograms"))
    version = shown_count("版本", "Version")
    deleted = shown_flag("已删除", "Deleted")
    batch = fields.UUID(required=True, metadata=labelled("批次", "Batch"))
    received_at = shown_moment("到达时间", "Arrived at")


class BillPage(Schema):
    """A page of bills, the last to arrive first."""

    bills = fields.List(fields.Nested(BillRow), required=True, metadata=labelled("单证", "Bills"))
    next = following()


class Difference(Schema):
    """Where two bills of an order disagree; values of people are never shown."""

    rule = shown_text("规则", "Rule")
    severity = shown_text("程度（block 拦截，warn 提示）", "Severity")
    bill = shown_text("与订单不符的单证", "The bill that disagrees with the order")
    left = shown_text("订单的值", "What the order says", optional=True)
    right = shown_text("该单证的值", "What that bill says", optional=True)
    message = shown_text("说明", "What is wrong")
    remedy = shown_text("处理办法", "What to do")


class MadeList(Schema):
    """A declaration list made from an order."""

    id = shown_text("清单标识", "Id of the list")
    state = shown_text("状态", "State")
    waybill_no = shown_text("物流运单编号", "Waybill number")


class Merge(Schema):
    """What the merge says of an order."""

    verdict = shown_text("比对结果", "Verdict", optional=True, help=Words("尚未比对时为 null。", "Null before the first merge."))
    waiting = shown_texts("待到单证", "What it waits for")
    fileable = shown_flag("可以申报", "May be filed")
    reasons = shown_texts("不能申报的原因", "Why it may not be filed")
    differences = fields.List(fields.Nested(Difference), required=True, metadata=labelled("不符之处", "Differences"))


class _Stored(Schema):
    id = shown_text("标识", "Id")
    number = shown_text("单号", "Number")
    flow = shown_text("进出口", "Direction")
    deleted = shown_flag("已删除", "Deleted")
    locked = shown_flag("货物已放行，不能再变更", "Its goods are released: it may not change")
    message_type = shown_text("报文类型", "Message type")
    versions = fields.List(fields.Nested(Version), required=True, metadata=labelled("各版本，最新在前", "Versions, newest first"))


class StoredOrder(_Stored, Merge):
    """An order, what the merge says of it, and its declaration lists."""

    document = Document("CEB303Message", "CEB311Message")
    declarations = fields.List(fields.Nested(MadeList), required=True, metadata=labelled("清单", "Declaration lists"))


class StoredPayment(_Stored):
    """A payment."""

    order_id = shown_text("订单标识", "Id of the order", optional=True)
    document = Document("CEB403Message", "CEB411Message")


class StoredWaybill(_Stored):
    """A waybill."""

    document = Document("CEB505Message", "CEB511Message")


class StoredLink(_Stored):
    """A shipping link."""

    order_id = shown_text("订单标识", "Id of the order", optional=True)
    document = Document("ShippingLink")


class BatchRow(Schema):
    """A delivery."""

    batch = fields.UUID(required=True, metadata=labelled("批次", "Batch"))
    kind = shown_text("单证种类", "Kind of bill")
    flow = shown_text("进出口", "Direction")
    source = shown_text("来源", "Source")
    message_type = shown_text("报文类型", "Message type")
    received_at = shown_moment("到达时间", "Arrived at")
    documents = shown_count("份数", "Documents")
    accepted = shown_count("接受份数（含重复）", "Documents accepted, repeats included")
    replayed = shown_count("其中重复报送", "Of these, harmless repeats")
    rejected = shown_count("退回份数", "Documents refused")


class Batch(BatchRow):
    """A delivery and how far its documents have come. What a workbook holds is null until that is known."""

    kind = shown_text("单证种类", "Kind of bill", optional=True)
    flow = shown_text("进出口", "Direction", optional=True)
    message_type = shown_text("报文类型", "Message type", optional=True)
    matched = shown_count("已比对份数", "Documents matched")
    answered = shown_count("海关已答复份数", "Documents customs has answered")
    done = shown_flag("已全部办完", "All of it is done")
    workbook = fields.Nested(
        Workbook, required=True, allow_none=True, metadata=labelled("表格（其他来源为 null）", "The workbook; null for others")
    )


class BatchPage(Schema):
    """A page of deliveries, the last first."""

    batches = fields.List(fields.Nested(BatchRow), required=True, metadata=labelled("批次", "Batches"))
    next = following()


class FaultPage(Schema):
    """A page of a delivery's faults, in the order of its documents."""

    errors = fields.List(fields.Nested(Fault), required=True, metadata=labelled("退回原因", "Faults"))
    next = following()
