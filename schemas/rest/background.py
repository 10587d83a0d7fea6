"""A bank's background check of a firm, as its own system reports it."""

from marshmallow import Schema, fields

from schemas.rest.credit import Day
from schemas.rest.inputs import Input, choice, text
from schemas.rest.stored import shown_text
from schemas.rest.words import labelled

PURPOSES = ("settlement", "loan", "insurance")
OUTCOMES = ("clear", "concern", "refused")


class BackgroundBody(Input):
    """A report: about whom, what for, how it came out, by which document."""

    uscc = text("统一社会信用代码", "Unified social credit code", most=18, least=1)
    purpose = choice("调查目的", "What it was for", PURPOSES)
    outcome = choice("调查结果", "How it came out", OUTCOMES)
    checked_on = Day(required=True, metadata=labelled("调查日期", "Day of the check"))
    valid_to = Day(load_default=None, allow_none=True, metadata=labelled("有效期止", "Valid to"))
    document = text("文件名称或文号", "Title or number of the document", most=200, least=1)
    note = text("说明（存在疑点或拒绝服务时必填）", "Words; needed unless it is clear", most=1000, default="")


class BackgroundAnswer(Schema):
    """What was recorded."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    uscc = shown_text("统一社会信用代码", "Unified social credit code")
    institution = shown_text("调查机构", "Institution")
