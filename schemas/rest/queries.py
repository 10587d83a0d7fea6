"""What callers may ask lists for."""

from marshmallow import fields

from schemas.rest.inputs import Input, Longest, Moment, OneOf, choice, refusals, text, whole
from schemas.rest.words import labelled

PAGE, LONGEST_PAGE = 50, 200
_AFTER = 200
_SCOPES = ("own", "sent")


def text_query(zh: str, en: str, most: int) -> fields.String:
    """Return an optional text of an address."""
    return fields.String(
        load_default="", validate=Longest(max=most), metadata=labelled(zh, en), error_messages=refusals("not_text")
    )


class Paging(Input):
    """A page of a list."""

    after = text_query("上一页返回的 next", "“next” of the page before", _AFTER)
    limit = whole("每页条数", "Rows of a page", 1, LONGEST_PAGE, default=PAGE, strict=False)


class FaultsQuery(Input):
    """A page of a batch's faults."""

    after = text_query("上一页返回的 next", "“next” of the page before", _AFTER)
    limit = whole("每页条数", "Rows of a page", 1, 1000, default=500, strict=False)


class BillsQuery(Paging):
    """Which bills."""

    text = text_query("单号的一部分", "Part of a number", 100)
    flow = choice("进出口", "Direction", ["", "E", "I"], default="")
    scope = choice(
        "范围：own 本企业订单的单证，sent 本企业报送的单证", "Bills of own orders, or those sent", ["own", "sent"], default="own"
    )
    arrived_from = Moment(load_default=None, metadata=labelled("到达时间起（含）", "Arrived at or after"))
    arrived_before = Moment(load_default=None, metadata=labelled("到达时间止（不含）", "Arrived before"))


class BatchesQuery(Paging):
    """Which batches."""

    with_faults = fields.Boolean(
        load_default=False,
        validate=OneOf([True, False]),
        metadata=labelled("只看有退回的批次", "Only those with refused documents"),
        error_messages=refusals("bad_value"),
    )


class FlowQuery(Input):
    """Which direction of trade bills are of, where their elements do not tell."""

    flow = choice("进出口（缺省按内容判断）", "Direction (told by the content when left out)", ["", "E", "I"], default="")


class ProductsQuery(Paging):
    """Which products."""

    text = text_query("货号、名称或商品编码的一部分", "Part of number, name or commodity code", 100)


class CodesQuery(Paging):
    """Which codes."""

    text = text_query("代码或名称的一部分", "Part of a code or name", 100)
    limit = whole("每页条数", "Rows of a page", 1, 1000, default=LONGEST_PAGE, strict=False)


class HsQuery(Paging):
    """Which commodity codes."""

    q = text("编码前几位，或品名中的词", "First digits of a code, or words of its name", least=1, most=100)
    limit = whole("每页条数", "Rows of a page", 1, 100, default=20, strict=False)
