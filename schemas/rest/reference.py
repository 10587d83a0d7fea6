"""Code lists, and the sandbox's outcomes, as the API shows them."""

from marshmallow import Schema, fields

from schemas.rest.answers import following
from schemas.rest.stored import shown_count, shown_flag, shown_text, shown_texts
from schemas.rest.words import labelled


class CodeListRow(Schema):
    """A code list."""

    name = shown_text("名称", "Name")
    label = shown_text("标题", "Title")
    edition = shown_text("版本", "Edition")
    complete = shown_flag("完整（表外代码会被退回）", "Complete: a code outside it is refused")
    codes = shown_count("条数", "Number of codes")


class CodeLists(Schema):
    """All code lists."""

    lists = fields.List(fields.Nested(CodeListRow), required=True, metadata=labelled("代码表", "Code lists"))


class CodeRow(Schema):
    """A code."""

    code = shown_text("代码", "Code")
    label_zh = shown_text("中文名称", "Chinese name")
    label_en = shown_text("英文名称", "English name")
    note = shown_text("备注", "Note")


class CodePage(CodeListRow):
    """A page of one code list."""

    rows = fields.List(fields.Nested(CodeRow), required=True, metadata=labelled("代码", "Codes"))
    next = following()


class HsRow(Schema):
    """A ten-digit commodity code."""

    hs_code = shown_text("商品编码", "Commodity code")
    name_zh = shown_text("品名", "Name (Chinese)")
    name_en = shown_text("英文品名（仅部分）", "English name, of some codes only")
    unit1 = shown_text("法定计量单位", "Legal unit", code_list="units")
    unit2 = shown_text("第二法定计量单位", "Second legal unit", code_list="units")
    declaration_elements = shown_texts("申报要素", "Declaration elements")
    edition = shown_text("税则年份", "Tariff edition")


class HsPage(Schema):
    """The best matches first."""

    codes = fields.List(fields.Nested(HsRow), required=True, metadata=labelled("商品编码", "Commodity codes"))
    next = following()


class Outcome(Schema):
    """An outcome that an order number asks for."""

    pattern = shown_text("订单编号式样", "Pattern of the order number")
    example = shown_text("示例", "For example")
    outcome = shown_text("结果", "Outcome")
    codes = shown_texts("海关回执代码", "Codes customs answers with")


class Sandbox(Schema):
    """Whether outcomes can be tried here, and which."""

    on = shown_flag("已开启", "Switched on")
    outcomes = fields.List(fields.Nested(Outcome), required=True, metadata=labelled("可试的结果", "Outcomes to try"))
