"""What firms send about foreign exchange: receipts, orders to match, declarations, instructions, accounts."""

from marshmallow import fields

from schemas.rest.credit import Day
from schemas.rest.inputs import Amount, Input, Longest, OneOf, choice, refusals, text, whole
from schemas.rest.words import Words, labelled

KINDS = ("platform", "payment_institution", "buyer", "warehouse")
NETTINGS = ("platform_fee", "storage", "logistics", "tax", "refund", "bank_fee")
MOST_RECEIPTS, MOST_ORDERS = 1_000, 500


class FxReceiptBody(Input):
    """A receipt of money as the firm tells it; the bank's statement confirms it by the bank's reference."""

    account = text("入账账户", "Account it came to", least=1, most=34)
    bank_reference = text("银行业务编号", "The bank's reference", least=1, most=40)
    currency = text("币制", "Currency", most=3, codes="currencies")
    amount = Amount(required=True, metadata=labelled("金额", "Amount"))
    payer = text("付款方", "Payer", least=1, most=140)
    value_date = Day(required=True, metadata=labelled("收汇日期", "Value date"))
    kind = choice("款项来源", "Kind of payer", KINDS)
    settlement_reference = text(
        "订单编号或结算编号",
        "Orders or settlement it names",
        most=500,
        default="",
        help=Words(
            "可写多个订单编号，或支付机构结算编号；系统据此自动匹配。", "Order numbers, or a settlement's: it is matched by them."
        ),
    )


def _netting(zh: str, en: str) -> Amount:
    return Amount(load_default=0, metadata=labelled(zh, en))


class FxNettings(Input):
    """What was kept back, in the receipt's currency (Huifa 2020 No.11 art.2)."""

    platform_fee = _netting("平台服务费", "Platform's fee")
    storage = _netting("仓储费", "Storage")
    logistics = _netting("物流费", "Logistics")
    tax = _netting("境外税费", "Taxes abroad")
    refund = _netting("向买家退款", "Refunds to buyers")
    bank_fee = _netting("银行手续费", "Bank charges")


class _Versioned(Input):
    version = whole(
        "读到的版本",
        "The version you read",
        high=2**31 - 1,
        help=Words(
            "填写时，该收汇已被改动则答复 412；省略则不检查。",
            "If given and the receipt changed meanwhile: 412. Left out: not checked.",
        ),
    )


class FxMatchOrder(Input):
    """An order to match; without an amount all that is open of it."""

    order_no = text("订单编号", "Order number", least=1, most=60)
    platform_code = text("平台代码（订单编号重复时填写）", "Platform's code, where two gave the same number", most=18, default="")
    amount = Amount(load_default=None, allow_none=True, metadata=labelled("匹配金额（扣费前）", "Gross amount to match"))
    nettings = fields.Nested(FxNettings, load_default=dict, metadata=labelled("本订单扣除项", "Kept back of this order"))


class FxMatchBody(_Versioned):
    """Orders that a receipt pays, and what was kept back of all of them together."""

    orders = fields.List(
        fields.Nested(FxMatchOrder), required=True, validate=Longest(min=1, max=MOST_ORDERS), metadata=labelled("订单", "Orders")
    )
    nettings = fields.Nested(FxNettings, load_default=dict, metadata=labelled("合并扣除项", "Kept back of all together"))


class FxUnmatchBody(_Versioned):
    """The order to take off the receipt."""

    order_id = text("订单标识", "Id of the order", least=1, most=20)


class FxDeclareBody(_Versioned):
    """A declaration to the balance of payments."""

    bop_code = text("国际收支交易编码", "Balance-of-payments code", least=1, most=10)
    registration_no = text("外汇局登记编号", "Registration with SAFE", most=40, default="")


class FxReturnBody(_Versioned):
    """Money to be sent back abroad."""

    amount = Amount(required=True, metadata=labelled("金额", "Amount"))
    source = choice("资金来源", "Part it takes from", ("open", "pending", "settled"), default="open")
    original_route = fields.Boolean(
        load_default=True,
        validate=OneOf([True, False]),
        metadata=labelled("按原路退回", "By the way it came"),
        error_messages=refusals("bad_value"),
    )
    registration_no = text("外汇局登记编号", "Registration with SAFE", most=40, default="")
    reason = text("原因", "Reason", least=1, most=500)


class FxSettlementBody(_Versioned):
    """An instruction to the bank: settle, credit yuan, put on the pending-check account, or settle from there."""

    receipt = fields.UUID(required=True, metadata=labelled("收汇标识", "Id of the receipt"))
    action = choice("办理事项", "Action", ("settle", "credit", "pend", "release"))
    amount = Amount(required=True, metadata=labelled("金额", "Amount"))


class FxAccountBody(Input):
    """An account that money comes to."""

    bank = text("开户银行", "Bank", least=1, most=100)
    currency = text("币制", "Currency", most=3, codes="currencies")
