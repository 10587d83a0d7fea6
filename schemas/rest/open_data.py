"""Open data as the API shows it: the tables, their rows, their dictionary."""

from marshmallow import Schema, fields

from schemas.rest.stored import shown_count, shown_moment, shown_text
from schemas.rest.words import labelled


class OpenTableRow(Schema):
    """A table of open data and where it is."""

    name = shown_text("名称", "Name")
    label_zh = shown_text("中文标题", "Chinese title")
    label_en = shown_text("英文标题", "English title")
    json = shown_text("JSON 地址", "Address of the JSON")
    csv = shown_text("CSV 地址", "Address of the CSV")
    dictionary = shown_text("数据字典地址", "Address of the data dictionary")


class OpenCatalogue(Schema):
    """All tables, and under which terms they are open."""

    licence_zh = shown_text("使用许可（中文）", "Licence (Chinese)")
    licence_en = shown_text("使用许可（英文）", "Licence (English)")
    least_firms = shown_count("数字至少涉及的企业数，更少的不公开", "The fewest firms a figure rests on: fewer are withheld")
    changed_at = shown_moment("最近一次发布", "Last publication", optional=True)
    tables = fields.List(fields.Nested(OpenTableRow), required=True, metadata=labelled("数据表", "Tables"))


class OpenFieldRow(Schema):
    """A field of a table."""

    name = shown_text("字段", "Field")
    kind = shown_text("类型", "Kind: text, integer, decimal (as text), boolean, moment")
    unit = shown_text("计量单位", "Unit")
    label_zh = shown_text("中文说明", "What it is (Chinese)")
    label_en = shown_text("英文说明", "What it is")


class OpenDictionary(Schema):
    """What a table is: its source, method and fields."""

    name = shown_text("名称", "Name")
    label_zh = shown_text("中文标题", "Chinese title")
    label_en = shown_text("英文标题", "English title")
    source_zh = shown_text("来源（中文）", "Source (Chinese)")
    source_en = shown_text("来源（英文）", "Source (English)")
    method_zh = shown_text("统计方法（中文）", "Method (Chinese)")
    method_en = shown_text("统计方法（英文）", "Method (English)")
    licence_zh = shown_text("使用许可（中文）", "Licence (Chinese)")
    licence_en = shown_text("使用许可（英文）", "Licence (English)")
    fields_ = fields.List(
        fields.Nested(OpenFieldRow), required=True, data_key="fields", metadata=labelled("字段", "Fields, in their order")
    )


class OpenRows(Schema):
    """A table's rows; the dictionary names their fields."""

    name = shown_text("名称", "Name")
    changed_at = shown_moment("最近一次发布", "Last publication", optional=True)
    rows = fields.List(fields.Dict(keys=fields.String()), required=True, metadata=labelled("各行", "Rows"))
