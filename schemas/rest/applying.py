"""What firms send about summary declarations and goods returns, and what they may sum up."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from schemas.messages.ceb.judging import Flaw
from schemas.rest.credit import Day
from schemas.rest.inputs import BIGGEST, Amount, Input, Longest, as_in, element, text, whole
from schemas.rest.stored import shown_amount, shown_count, shown_list, shown_moment, shown_text, shown_texts
from schemas.rest.words import Words, labelled

MOST_LISTS, MOST_LINES = 1_000, 999
_RETURN = "CEB213Message"


class Month(validate.Regexp):
    """A month of this century, ``YYYY-MM``."""

    def __init__(self) -> None:
        super().__init__(r"^20[0-9]{2}-(0[1-9]|1[0-2])$")

    def __call__(self, value: Any) -> Any:
        if value and not self.regex.match(value):
            raise ValidationError([Flaw("bad_month", {"value": str(value)[:20]})])
        return value


class ListNumber(validate.Regexp):
    """The id of a list, as lists are answered: digits in a text."""

    def __init__(self) -> None:
        super().__init__(r"^[0-9]{1,19}$")

    def __call__(self, value: Any) -> Any:
        if not self.regex.match(value) or int(value) > BIGGEST:
            raise ValidationError([Flaw("not_an_integer", {"value": str(value)[:40]})])
        return value


class CandidatesQuery(Input):
    """Which month."""

    month = text(
        "结关月份，如 2026-05；不填为最早的一个",
        "Month such as 2026-05; without one the earliest",
        most=7,
        default="",
        check=Month(),
    )


class SummaryGroup(Schema):
    """Closed lists of one grouping key that may be summed up; ``value`` in the key's currency, weights in kg."""

    key = fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata=labelled("归并条件", "Grouping key"))
    lists = shown_count("清单数", "Lists in it")
    value = shown_amount("金额", "Value")
    gross_weight = shown_amount("毛重（千克）", "Gross weight")
    net_weight = shown_amount("净重（千克）", "Net weight")
    first_closed = shown_moment("最早结关", "First closed")
    last_closed = shown_moment("最晚结关", "Last closed")


class SummaryLeftOut(Schema):
    """A list that cannot be summed up, and why: ``reason`` is a problem code."""

    id = shown_text("清单标识", "Id of the list")
    list_no = shown_text("清单编号", "List number")
    order_no = shown_text("订单编号", "Order number")
    state = shown_text("状态", "State")
    summary_id = shown_text("所在汇总申报", "The summary that has it", optional=True)
    reason = shown_text("原因代码", "Code of the reason")
    message = shown_text("原因", "Reason")
    remedy = shown_text("处理办法", "Remedy")


class SummaryCandidates(Schema):
    """What may be summed up of a month, and what may not; ``months`` are those with lists that nobody has summed up."""

    month = shown_text("结关月份", "Month")
    months = shown_texts("尚有清单未汇总的月份", "Months with lists that nobody has summed up")
    groups = shown_list(SummaryGroup, "可以汇总的清单", "What may be summed up")
    left_out = shown_list(SummaryLeftOut, "不能汇总的清单（最多 50 份）", "Lists that cannot go in, 50 at most")


class SummaryKey(Input):
    """What the lists of one summary have in common, as the candidates tell it."""

    merchant_code = text("收发货人代码", "Consignor", least=1, most=18)
    transport_mode = text("运输方式", "Transport mode", most=1, default="")
    owner_code = text("生产销售单位代码", "Producer or seller", most=18, default="")
    country = text("运抵国（地区）", "Country of arrival", most=3, default="")
    port_code = text("出境关别", "Customs of exit", most=4, default="")
    currency = text("币制", "Currency", least=1, most=3)
    trade_mode = text("监管方式", "Supervision mode", most=4, default="")
    customs_code = text("申报海关", "Customs office", most=4, default="")
    agent_code = text("申报单位代码", "Declarant", most=18, default="")


class SummaryBody(Input):
    """A group to be summed up, by its month and key."""

    month = text("结关月份，如 2026-05", "Month its lists were closed in, such as 2026-05", least=7, most=7, check=Month())
    key = fields.Nested(
        SummaryKey, required=True, metadata=labelled("归并条件，照候选中的 key 填写", "Grouping key, as the candidates have it")
    )


class LeaveOutBody(Input):
    """Lists to be taken out of a draft."""

    lists = fields.List(
        text("清单标识", "Id of a list", least=1, most=19, check=ListNumber()),
        required=True,
        validate=Longest(min=1, max=MOST_LISTS),
        metadata=labelled("移出的清单", "Lists to take out"),
    )


class ReturnLineBody(Input):
    """How much of a line of the list comes back."""

    line_no = whole("项号", "Line", 1, MOST_LINES, required=True)
    quantity = Amount(required=True, metadata=labelled("退货数量", "Quantity that comes back"))


def _way(name: str) -> fields.String:
    known = element(_RETURN, "head", name)
    most = {"waybill_no": 32}.get(name)  # as the page has it: what a carrier's number may be
    return text(known.label_zh, known.label_en, most=most, default="") if most else as_in(_RETURN, "head", name, default="")


class ReturnWay(Input):
    """The way back of an export; what is left out is as on the list."""

    waybill_no = _way("waybill_no")
    country = _way("country")
    transport_mode = _way("transport_mode")
    traf_name = _way("traf_name")
    voyage_no = _way("voyage_no")
    bill_no = _way("bill_no")
    port_code = _way("port_code")


class ReturnWishBody(Input):
    """What comes back of a released list, why, and on which way."""

    lines = fields.List(
        fields.Nested(ReturnLineBody),
        required=True,
        validate=Longest(min=1, max=MOST_LINES),
        metadata=labelled("退货商品", "What comes back"),
    )
    reason = text("退货原因", "Reason", least=1, most=500)
    relief = fields.Boolean(
        load_default=False,
        metadata=labelled(
            "申请免征退运进境税款",
            "Ask for relief from import taxes",
            help=Words(
                "只用于出口退货：原状退运且不是食品；已退税的，须先补缴。",
                "Exports only: unchanged goods that are no food; a refund must be repaid first.",
            ),
        ),
    )
    way = fields.Nested(
        ReturnWay, load_default=dict, metadata=labelled("退运途径（只用于出口退货）", "The way back (exports only)")
    )


class GoodsReturnBody(ReturnWishBody):
    """A return to be opened."""

    declaration_id = text("清单标识", "Id of the list", least=1, most=19, check=ListNumber())


class ArrivalBody(Input):
    """When the goods arrived."""

    day = Day(required=True, metadata=labelled("货物运抵日期", "Day the goods arrived"))
