"""Statistical feeds as a data provider's system sends them, and what became of them."""

from typing import Any

from marshmallow import Schema, fields

from schemas.rest.answers import Fault, following
from schemas.rest.inputs import Input, Longest, choice, refusals, text
from schemas.rest.queries import Paging, text_query
from schemas.rest.stored import shown_count, shown_flag, shown_moment, shown_text
from schemas.rest.words import Words, labelled

SOURCES = ("mail", "express", "overseas_node", "enterprise_report", "park_report", "sample", "general_declaration")
METHODS = ("roll-up", "model", "sample")
MOST_LINES = 10_000
_LONGEST = 64


def _said(zh: str, en: str, help_: Words | None = None) -> fields.String:
    """Return a text of a line, as long as a line's text may be; nothing by default."""
    return text(zh, en, most=_LONGEST, default="", **({} if help_ is None else _helped(help_)))


def _helped(help_: Words) -> dict[str, Any]:
    return {"help": help_}


class FeedLine(Input):
    """A line: a parcel, a document or a sum that no declaration list of the hub tells of. Everything is a text; what a text says
    wrongly is refused line by line."""

    day = _said("日期", "Day", Words("YYYY-MM-DD", "YYYY-MM-DD"))
    flow = _said("进出口", "Flow", Words("E 出口，I 进口", "E for exports, I for imports"))
    trade_mode = _said("监管方式", "Procedure")
    country = _said("国家（地区）", "Country")
    hs_code = _said("商品编码", "HS code", Words("2、4、6、8 或 10 位", "2, 4, 6, 8 or 10 digits"))
    currency = _said("币制", "Currency")
    amount = _said("金额", "Value", Words("出口离岸价，进口到岸价", "exports by FOB, imports by CIF value"))
    parcels = _said("件数", "Parcels", Words("不填为 1", "1 when left out"))
    weight = _said("扩展系数", "Expansion factor", Words("仅限抽样", "of samples only"))
    waybill_no = _said("运单号", "Waybill", Words("运单号和凭证号须填其一，据此去重", "one of waybill and document tells repeats"))
    document_no = _said("凭证号", "Document")
    order_no = _said("订单编号", "Order")
    mark = _said("海关加标", "Customs mark")
    enterprise_code = _said(
        "企业代码", "Enterprise", Words("统一社会信用代码或海关注册编码", "credit code, or customs registration")
    )
    node = _said("节点", "Node", Words("平台登记的节点代码", "code of a node that the hub registers"))


class FeedBody(Input):
    """A feed; its sender is the partner whose credential calls."""

    source = choice("来源", "Source", SOURCES)
    method = choice("方法", "Method", METHODS, default="roll-up")
    period = text("所属期", "Period", most=_LONGEST, least=1, help=Words("如 2026-11；每行按自己的日期计入", "such as 2026-11"))
    name = text("文件或批次名称", "Name of the file or batch", most=200, default="")
    lines = fields.List(
        fields.Nested(FeedLine),
        required=True,
        validate=Longest(min=1, max=MOST_LINES),
        metadata=labelled("各行", "Lines"),
        error_messages=refusals("bad_value"),
    )


class FeedsQuery(Paging):
    """Which feeds."""

    text = text_query("所属期、文件名或运单号", "Period, name of the file, or waybill", _LONGEST)
    source = choice("来源", "Source", ("", *SOURCES), default="")


class FeedRow(Schema):
    """A feed without its lines. Taken back by the zone's office, it counts no longer."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    number = shown_text("批次号", "Number")
    source = shown_text("来源", "Source")
    method = shown_text("方法", "Method")
    sender = shown_text("报送单位", "Sender")
    period = shown_text("所属期", "Period")
    name = shown_text("文件或批次名称", "Name")
    lines = shown_count("接收行数", "Lines taken")
    refused = shown_count("退回行数", "Lines refused")
    taken_at = shown_moment("接收时间", "Taken at")
    taken_back_at = shown_moment("撤销时间", "Taken back at", optional=True)
    taken_back_why = shown_text("撤销原因", "Why it was taken back")


class FeedPage(Schema):
    """A page of the provider's own feeds, the newest first."""

    feeds = fields.List(fields.Nested(FeedRow), required=True, metadata=labelled("批次", "Feeds"))
    next = following()


class FeedStanding(Schema):
    """How many lines count, or why they do not."""

    standing = shown_text(
        "状态", "Standing",
        help=Words(
            "counted 已计入；declared 与清单重复；fed 与先前报送重复；unrecognised 未认定；undone 已撤销",
            "counted; declared: a list tells of it; fed: an earlier feed does; unrecognised; undone",
        ),
    )  # fmt: skip
    lines = shown_count("行数", "Lines")


class FeedAnswer(FeedRow):
    """A feed: how its lines stand (empty for some seconds, until figures took them in), and why lines were refused."""

    repeated = shown_flag("先前已报送同样内容，未重复办理", "The same was sent before: nothing was done")
    standings = fields.List(fields.Nested(FeedStanding), required=True, metadata=labelled("各行如何计入", "How lines stand"))
    errors = fields.List(
        fields.Nested(Fault),
        required=True,
        metadata=labelled("退回原因（前 1000 行）", "Why lines were refused (1000 at most)"),
    )
