"""Shapes of what every resource may answer: what became of a delivery, and problems (RFC 9457)."""

from marshmallow import Schema, fields

from schemas.rest.words import Words, labelled


class Fault(Schema):
    """One thing that is wrong; the code is the contract, message and remedy speak the caller's language."""

    pointer = fields.String(required=True, metadata=labelled("位置（JSON Pointer）", "Where (JSON Pointer)"))
    code = fields.String(required=True, metadata=labelled("问题代码", "Problem code"))
    message = fields.String(required=True, metadata=labelled("问题", "What is wrong"))
    remedy = fields.String(required=True, metadata=labelled("处理办法", "What to do"))
    position = fields.Integer(metadata=labelled("第几份单证（从 0 计）", "Which document, from 0"))
    document = fields.String(metadata=labelled("单证编号", "The document's own number"))
    line = fields.Integer(metadata=labelled("报文行号", "Line of the message"))
    row = fields.Integer(metadata=labelled("表格行号（从 1 计）", "Row of the workbook, from 1"))


class Problem(Schema):
    """An error (RFC 9457)."""

    type = fields.String(required=True, metadata=labelled("类型", "Type"))
    title = fields.String(required=True, metadata=labelled("状态说明", "Title of the status"))
    status = fields.Integer(required=True, metadata=labelled("HTTP 状态", "HTTP status"))
    detail = fields.String(required=True, metadata=labelled("说明", "Detail"))
    errors = fields.List(fields.Nested(Fault), required=True, metadata=labelled("各项问题", "Everything that is wrong"))
    request_id = fields.String(metadata=labelled("请求编号", "Number of the request"))


class Delivery(Schema):
    """What became of a delivery, document by document."""

    batch = fields.UUID(required=True, metadata=labelled("批次", "Batch"))
    accepted = fields.Integer(required=True, metadata=labelled("接受份数（含重复）", "Documents accepted, repeats included"))
    replayed = fields.Integer(required=True, metadata=labelled("其中重复报送", "Of these, harmless repeats"))
    rejected = fields.Integer(required=True, metadata=labelled("退回份数", "Documents refused"))
    errors = fields.List(fields.Nested(Fault), required=True, metadata=labelled("退回原因", "Why"))


def following() -> fields.String:
    """The cursor of a page: give it as ``after`` to get the next one; null on the last page."""
    help_ = Words("作为 after 参数取下一页；最后一页为 null。", "Give it as “after” for the next page; null on the last one.")
    return fields.String(required=True, allow_none=True, metadata=labelled("下一页", "Next page", help=help_))
