"""What webhooks are sent, kind by kind: the published shape of every event (Standard Webhooks: type, timestamp, data)."""

from collections.abc import Mapping

from marshmallow import Schema, fields, validate

from schemas.rest.stored import shown_count, shown_flag, shown_moment, shown_text
from schemas.rest.words import labelled

MOST_LISTED = 100


class MovedList(Schema):
    """A declaration list whose state changed."""

    id = shown_text("清单标识", "Id of the list")
    order_no = shown_text("订单编号", "Order number")
    waybill_no = shown_text("物流运单编号", "Waybill number")
    state = shown_text("状态（海关回执代码或平台状态）", "State: the code of a customs receipt, or one of the platform's")
    before = shown_text("原状态（新清单为 null）", "State before; null for a new list", optional=True)
    eport_no = shown_text("电子口岸编号", "E-port number", optional=True)
    list_no = shown_text("海关清单编号", "Customs' number of the list", optional=True)


class MovedApplication(Schema):
    """A summary declaration or goods return whose state changed."""

    id = shown_text("申请编号", "Application number")
    kind = shown_text("种类（summary 汇总申报，return 退货）", "Kind: summary or return")
    state = shown_text("状态（海关回执代码或平台状态）", "State: the code of a customs receipt, or one of the platform's")
    before = shown_text("原状态", "State before")


class MovedOrder(Schema):
    """An order whose verdict changed."""

    id = shown_text("订单标识", "Id of the order")
    order_no = shown_text("订单编号", "Order number")
    flow = shown_text("进出口", "Direction")
    verdict = shown_text("比对结果", "Verdict")
    fileable = shown_flag("可以申报", "May be filed")


class ListsData(Schema):
    """Lists that changed at the same moment."""

    lists = fields.List(
        fields.Nested(MovedList), required=True, validate=validate.Length(1, MOST_LISTED), metadata=labelled("清单", "Lists")
    )


class ApplicationsData(Schema):
    """Summaries and returns that changed at the same moment."""

    applications = fields.List(
        fields.Nested(MovedApplication),
        required=True,
        validate=validate.Length(1, MOST_LISTED),
        metadata=labelled("汇总申报与退货", "Summaries and returns"),
    )


class OrdersData(Schema):
    """Orders that changed at the same moment."""

    orders = fields.List(
        fields.Nested(MovedOrder), required=True, validate=validate.Length(1, MOST_LISTED), metadata=labelled("订单", "Orders")
    )


class BatchData(Schema):
    """A delivery that was taken in."""

    batch = fields.UUID(required=True, metadata=labelled("批次", "Batch"))
    kind = shown_text("单证种类", "Kind of bill")
    documents = shown_count("份数", "Documents")
    accepted = shown_count("接受份数（含重复）", "Documents accepted, repeats included")
    rejected = shown_count("退回份数", "Documents refused")


class JobData(Schema):
    """A background job that is over."""

    job = fields.UUID(required=True, metadata=labelled("任务", "Job"))
    kind = shown_text("任务种类", "Kind of job")
    state = shown_text("结果（done 完成，failed 失败）", "Outcome: done or failed")
    result = fields.Dict(keys=fields.String(), required=True, metadata=labelled("结果数据", "Figures"))


class CaseData(Schema):
    """An exception case."""

    case = fields.UUID(required=True, metadata=labelled("事项", "Case"))
    kind = shown_text("种类", "Kind")
    subject_kind = shown_text("单证种类", "What it is about")
    subject = shown_text("单证标识", "Id of what it is about")


class TestData(Schema):
    """What a test event says."""

    __test__ = False  # no test of ours, whatever its name

    endpoint = fields.UUID(required=True, metadata=labelled("推送地址标识", "Id of the endpoint"))
    note = shown_text("用途说明", "What the endpoint is for")


class _Event(Schema):
    type = shown_text("事件类型", "Kind of event")
    timestamp = shown_moment("发生时间", "Happened at")


class ListStateChanged(_Event):
    """Declaration lists were prepared, filed, held, or answered by customs."""

    data = fields.Nested(ListsData, required=True, metadata=labelled("内容", "Data"))


class ApplicationStateChanged(_Event):
    """Summary declarations or goods returns were filed, answered by customs, or given up."""

    data = fields.Nested(ApplicationsData, required=True, metadata=labelled("内容", "Data"))


class OrderVerdictChanged(_Event):
    """Orders were matched again with another verdict."""

    data = fields.Nested(OrdersData, required=True, metadata=labelled("内容", "Data"))


class BatchFinished(_Event):
    """A delivery was taken in and judged document by document."""

    data = fields.Nested(BatchData, required=True, metadata=labelled("内容", "Data"))


class JobOver(_Event):
    """A background job ended."""

    data = fields.Nested(JobData, required=True, metadata=labelled("内容", "Data"))


class CaseOpened(_Event):
    """An exception case was opened."""

    data = fields.Nested(CaseData, required=True, metadata=labelled("内容", "Data"))


class TestSent(_Event):
    """A test."""

    __test__ = False  # no test of ours, whatever its name

    data = fields.Nested(TestData, required=True, metadata=labelled("内容", "Data"))


EVENTS: Mapping[str, type[Schema]] = {
    "list.state_changed": ListStateChanged,
    "application.state_changed": ApplicationStateChanged,
    "order.verdict_changed": OrderVerdictChanged,
    "batch.finished": BatchFinished,
    "job.finished": JobOver,
    "case.opened": CaseOpened,
    "test.sent": TestSent,
}
"""The shape of every kind of event."""
