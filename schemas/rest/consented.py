"""What a bank's system reads under a firm's consent: its consents, and an order beside its payments and waybills."""

from marshmallow import Schema, fields

from schemas.rest.answers import following
from schemas.rest.credit import Day
from schemas.rest.inputs import Amount, choice
from schemas.rest.queries import Paging, text_query
from schemas.rest.stored import BillRow, Merge, shown_flag, shown_text, shown_texts
from schemas.rest.words import Words, labelled

TABS = ("live", "asked", "over")


class ConsentsQuery(Paging):
    """Which consents."""

    text = text_query("企业名称或统一社会信用代码的一部分", "Part of the firm's name or code", 100)
    tab = choice("情况", "Standing", TABS, default="live")


class ConsentRow(Schema):
    """A firm's consent to the bank that calls; ``standing`` is asked, future, live, expired, refused or withdrawn."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    reference = shown_text("授权编号", "Reference")
    uscc = shown_text("统一社会信用代码", "Credit code")
    firm = shown_text("企业", "Enterprise")
    kinds = shown_texts("数据范围", "Kinds of data")
    purpose = shown_text("用途", "Purpose")
    valid_from = Day(required=True, metadata=labelled("生效日期", "First day"))
    valid_to = Day(required=True, metadata=labelled("截止日期", "Last day"))
    standing = shown_text("情况", "Standing")


class ConsentPage(Schema):
    """A page of consents, the newest first."""

    consents = fields.List(fields.Nested(ConsentRow), required=True, metadata=labelled("授权", "Consents"))
    next = following()


class ConsentedBillsQuery(Paging):
    """Which of the firm's bills."""

    text = text_query("单号的一部分", "Part of a number", 100)


class ComparedOrder(Merge):
    """An order by the hub's own verdict; personal values are never shown."""

    order_id = shown_text("订单标识", "Id of the order")
    order_no = shown_text("订单编号", "Order number")
    amount = Amount(required=True, allow_none=True, metadata=labelled("金额", "Amount"))
    currency = shown_text("币制", "Currency", code_list="currencies")
    agrees = shown_flag("三单一致", "The three bills agree")
    payments = fields.List(fields.Nested(BillRow), required=True, metadata=labelled("支付单", "Payments"))
    waybills = fields.List(
        fields.Nested(BillRow),
        required=True,
        metadata=labelled("运单", "Waybills", help=Words("金额见订单", "Amounts stand on the order")),
    )
