"""Uploaded workbooks as the API shows them."""

from marshmallow import Schema, fields

from schemas.derive.workbook import MESSAGE_TYPES
from schemas.rest.answers import Delivery, Fault
from schemas.rest.inputs import Input, choice
from schemas.rest.queries import text_query
from schemas.rest.words import labelled


class UploadQuery(Input):
    """What an uploaded workbook holds, where its headings do not tell."""

    name = text_query("文件名", "Name of the file", 200)
    message_type = choice("内容（缺省按表头判断）", "What it holds (told by its headings)", ["", *MESSAGE_TYPES], default="")
    flow = choice("运单关联的进出口", "Direction of shipping links", ["", "E", "I"], default="")


class TemplateQuery(Input):
    """Which template."""

    language = choice("语言（缺省按 Accept-Language）", "Language (told by Accept-Language)", ["", "zh", "en"], default="")


class Upload(Delivery):
    """A workbook that was kept and will be taken in; ask for the batch to see how far it is."""

    state = fields.String(required=True, metadata=labelled("状态", "State"))


class Repairs(Schema):
    """Cells that were put right in one way."""

    kind = fields.String(required=True, metadata=labelled("种类", "Kind"))
    cells = fields.Integer(required=True, metadata=labelled("单元格数", "Cells"))


class Workbook(Schema):
    """How far a workbook is: its counts are rows, and once it is done rows = accepted + replayed + rejected + blank."""

    state = fields.String(required=True, metadata=labelled("状态", "State"))
    name = fields.String(required=True, metadata=labelled("文件名", "Name of the file"))
    percent = fields.Integer(required=True, allow_none=True, metadata=labelled("已处理百分比", "Per cent done"))
    rows = fields.Integer(required=True, allow_none=True, metadata=labelled("数据行", "Rows"))
    accepted = fields.Integer(required=True, metadata=labelled("新收下行数", "Rows accepted"))
    replayed = fields.Integer(required=True, metadata=labelled("重复行数", "Rows replayed"))
    rejected = fields.Integer(required=True, metadata=labelled("退回行数", "Rows sent back"))
    blank = fields.Integer(required=True, allow_none=True, metadata=labelled("空行及跳过", "Rows blank or passed over"))
    repairs = fields.List(fields.Nested(Repairs), required=True, metadata=labelled("自动修复", "Repairs"))
    notices = fields.List(fields.Nested(Fault), required=True, metadata=labelled("提示", "Notes"))
    errors = fields.List(fields.Nested(Fault), required=True, metadata=labelled("整个文件的问题", "What is wrong with the file"))
    batches = fields.List(fields.UUID(), required=True, metadata=labelled("报送批次", "Batches its bills came in with"))
