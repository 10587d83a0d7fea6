"""Credit as the API shows it, a rating as a rater states it, and evidence as an agency states it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields

from schemas.messages.ceb.judging import Flaw
from schemas.rest.inputs import Amount, Input, choice, refusals, text
from schemas.rest.stored import shown_text, shown_texts
from schemas.rest.words import labelled

_SPELLED = re.compile(r"\d{4}-\d{2}-\d{2}")
GRADES = ("AAA", "AA", "A", "BBB", "BB")
AGENCY_FACTORS = ("customs_class", "tax_class", "fx_class", "market_risk")
MOST_SCAN = 4_000_000  # letters of base64: three million bytes


def _shown_day(zh: str, en: str) -> fields.Date:
    return fields.Date(required=True, allow_none=True, metadata=labelled(zh, en))


class Day(fields.Date):
    """A day (``YYYY-MM-DD``)."""

    def __init__(self, **more: Any) -> None:
        super().__init__(format="iso", error_messages=refusals("not_text"), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> date:
        if not isinstance(value, str) or not _SPELLED.fullmatch(value):
            raise ValidationError([Flaw("bad_day", {"value": str(value)[:40]})])
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError([Flaw("bad_day", {"value": value})]) from None


class CreditEvidence(Schema):
    """One piece of evidence that counts now."""

    factor = shown_text("因素", "Factor", code_list="credit_factors")
    value = shown_text("内容", "What it says: a class, or a share")
    issuer = shown_text("出具机构", "Issuer")
    valid_from = _shown_day("有效期起", "Valid from")
    valid_to = _shown_day("有效期止", "Valid to")


class CreditListing(Schema):
    """A list the enterprise is on now."""

    kind = shown_text("名单", "List", code_list="credit_lists")
    ground = shown_text("理由", "Ground")
    document = shown_text("依据文件", "Document")
    since = _shown_day("列入日期", "Listed on")
    until = _shown_day("列入至", "Listed until")


class CreditAnswer(Schema):
    """An enterprise's credit as far as the caller may see it."""

    uscc = shown_text("统一社会信用代码", "Unified social credit code")
    name = shown_text("名称", "Name")
    viewer = shown_text("查询身份", "In which capacity you look")
    shown = fields.List(
        fields.String(), required=True, data_key="fields", attribute="fields", metadata=labelled("可见内容", "What you may see")
    )
    roles = shown_texts("角色", "Roles")
    grade = shown_text("信用等级", "Grade", optional=True)
    score = Amount(required=True, allow_none=True, metadata=labelled("信用分", "Score"))
    day = _shown_day("评价日期", "Judged on")
    evidence = fields.List(fields.Nested(CreditEvidence), required=True, metadata=labelled("证据", "Evidence"))
    listings = fields.List(fields.Nested(CreditListing), required=True, metadata=labelled("信用名单", "Credit lists"))


class RatingBody(Input):
    """A rating of an enterprise, in the rater's own name."""

    value = choice("评级", "Rating", GRADES)
    document = text("评级报告名称或文号", "Report", most=200, least=1)
    valid_from = Day(required=True, metadata=labelled("有效期起", "Valid from"))
    valid_to = Day(load_default=None, allow_none=True, metadata=labelled("有效期止", "Valid to"))
    note = text("说明", "Note", most=500, default="")


class RatingAnswer(Schema):
    """What was recorded."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    uscc = shown_text("统一社会信用代码", "Unified social credit code")


class EvidenceBody(Input):
    """What an agency states of an enterprise, in its own name, with the document that says so."""

    uscc = text("统一社会信用代码", "Unified social credit code", most=18, least=1)
    factor = choice("评价因素", "Factor", AGENCY_FACTORS)
    value = text("评价结果：该因素的等级代码", "Result: a class of the factor", most=40, least=1)
    document = text("文件名称或文号", "Document", most=200, least=1)
    valid_from = Day(required=True, metadata=labelled("有效期起", "Valid from"))
    valid_to = Day(load_default=None, allow_none=True, metadata=labelled("有效期止", "Valid to"))
    note = text("说明", "Note", most=500, default="")
    scan = text(
        "文件扫描件（PDF、PNG 或 JPEG，base64）", "Scan of the document (PDF, PNG or JPEG, in base64)", most=MOST_SCAN, default=""
    )


class EvidenceAnswer(Schema):
    """What was recorded; ``repeated``: exactly this was on record."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    uscc = shown_text("统一社会信用代码", "Unified social credit code")
    repeated = fields.Boolean(required=True, metadata=labelled("已登记过", "Was on record"))
