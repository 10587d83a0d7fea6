"""Foreign exchange over the API: receipts of money, their orders, the gate, instructions to the bank, ledgers and statements."""

from marshmallow import Schema, fields

from schemas.rest.answers import Fault, following
from schemas.rest.fx_inputs import NETTINGS
from schemas.rest.inputs import Amount, choice
from schemas.rest.queries import Paging, text_query
from schemas.rest.stored import shown_amount, shown_count, shown_day, shown_flag, shown_list, shown_moment, shown_text
from schemas.rest.words import Words, labelled

RECEIPT_TABS = ("", "match", "declare", "settle", "pending", "done", "returned")
ORDER_TABS = ("", "open", "overdue", "paid", "over")
STATEMENT_TABS = ("", "taken", "parked")


class FxReceiptsQuery(Paging):
    """Which receipts."""

    text = text_query(
        "收汇编号、银行业务编号、结算编号、账号，或付款方名称的一部分", "A reference, an account, or part of a payer", 100
    )
    tab = choice("办理进度", "How far", RECEIPT_TABS, default="")


class FxReceiptRow(Schema):
    """A receipt of money; its parts (``open`` to ``returned``) always add up to ``amount``. Amounts are in its currency."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    reference = shown_text("收汇编号", "Reference")
    account = shown_text("入账账户", "Account")
    bank_reference = shown_text("银行业务编号", "The bank's reference")
    currency = shown_text("币制", "Currency", code_list="currencies")
    amount = shown_amount("金额", "Amount")
    payer = shown_text("付款方", "Payer")
    value_date = shown_day("收汇日期", "Value date")
    kind = shown_text("款项来源", "Kind of payer")
    settlement_reference = shown_text("订单编号或结算编号", "Orders or settlement it names")
    origin = shown_text("登记途径", "How it was told")
    confirmed_at = shown_moment("银行对账单确认时间", "Confirmed by the bank's statement at", optional=True)
    limited = shown_flag("个体工商户，仅凭匹配订单结汇", "An individual trader's: settled against matched orders only")
    matched = shown_amount("已匹配订单", "Matched to orders")
    unmatched = shown_amount("未匹配", "Matched to nothing")
    open = shown_amount("未办理", "Nothing asked yet")
    held = shown_amount("办理中", "Under way")
    pending = shown_amount("待核查", "On the pending-check account")
    settled = shown_amount("已结汇", "Settled")
    leaving = shown_amount("退汇中", "Being sent back")
    returned = shown_amount("已退汇", "Sent back")
    bop_code = shown_text("国际收支交易编码", "Balance-of-payments code")
    registration_no = shown_text("外汇局登记编号", "Registration with SAFE")
    declared_at = shown_moment("申报时间", "Declared at", optional=True)
    state = shown_text("状态", "State")
    version = shown_count("版本", "Version")
    created_at = shown_moment("登记时间", "Told at")


class FxReceiptPage(Schema):
    """A page of receipts, the newest first."""

    receipts = shown_list(FxReceiptRow, "收汇", "Receipts")
    next = following()


class FxMatchedOrder(Schema):
    """An order that a receipt pays: this receipt's money, what was kept back of it, and what the order still expects."""

    order_id = shown_text("订单标识", "Id of the order")
    order_no = shown_text("订单编号", "Order number")
    expected = shown_amount("应收", "Expected")
    money = shown_amount("本笔收汇匹配", "This receipt's money")
    elsewhere = shown_amount("其他收汇匹配", "Other receipts' money")
    open = shown_amount("还差", "Still open")
    nettings = fields.Dict(
        keys=fields.String(),
        values=Amount(),
        required=True,
        metadata=labelled("扣除项", "Nettings", help=Words("；".join(NETTINGS), ", ".join(NETTINGS))),
    )


class FxSettlement(Schema):
    """An instruction to the bank and what came of it: ``outcome`` is empty, ``confirmed`` or ``refused``."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    reference = shown_text("编号", "Reference")
    receipt = fields.UUID(required=True, metadata=labelled("收汇", "Receipt"))
    receipt_reference = shown_text("收汇编号", "The receipt's reference")
    currency = shown_text("币制", "Currency", code_list="currencies")
    action = shown_text("办理事项", "Action")
    source = shown_text("资金来源", "Part it takes from")
    amount = shown_amount("金额", "Amount")
    converts = shown_flag("兑换为人民币", "Converted into yuan")
    rule = shown_text("依据的参数", "Parameter it rests on")
    document = shown_text("依据文件", "Document")
    created_at = shown_moment("申请时间", "Asked at")
    sent_at = shown_moment("送达银行时间", "With the bank at", optional=True)
    outcome = shown_text("结果", "Outcome")
    answered_at = shown_moment("答复时间", "Answered at", optional=True)
    rate = shown_amount("汇率", "Rate", optional=True)
    yuan = shown_amount("人民币金额", "Yuan", optional=True)
    answer = shown_text("银行说明", "The bank's words")


class FxSettlementPage(Schema):
    """A page of instructions, the newest first."""

    settlements = shown_list(FxSettlement, "办理申请", "Instructions")
    next = following()


class FxSettlementsQuery(Paging):
    """Which instructions."""

    outcome = choice("结果：waiting 未答复", "Outcome; waiting: not answered", ("", "waiting", "confirmed", "refused"), default="")


class FxActionShown(Schema):
    """What may be done with a receipt now: the most of it, and what stands in the way."""

    action = shown_text("办理事项", "Action")
    most = shown_amount("最多", "At most")
    allowed = shown_flag("可办理", "Allowed")
    reasons = shown_list(Fault, "不能办理的原因", "What stands in the way")


class FxGate(Schema):
    """The gate of a receipt by the rule in force today."""

    rule = shown_text("参数", "Parameter")
    value = shown_text("取值", "Value")
    document = shown_text("依据文件", "Document")
    status = shown_text("可信程度", "How sure it is")
    since = shown_day("生效日期", "In force since")
    converts = shown_flag("兑换为人民币", "Converted into yuan")
    actions = shown_list(FxActionShown, "办理事项", "Actions")
    warnings = shown_list(Fault, "请留意", "To be minded")


class FxStepShown(Schema):
    """A step of a receipt."""

    at = shown_moment("时间", "At")
    step = shown_text("步骤", "Step")
    state = shown_text("状态", "State")
    amount = shown_amount("金额", "Amount", optional=True)
    note = shown_text("说明", "Note")


class FxReceipt(FxReceiptRow):
    """A receipt with all that belongs to it."""

    orders = shown_list(FxMatchedOrder, "匹配的订单", "Orders it pays")
    settlements = shown_list(FxSettlement, "办理申请", "Instructions")
    steps = shown_list(FxStepShown, "办理过程", "Steps")
    gate = fields.Nested(FxGate, required=True, metadata=labelled("结汇办理", "The gate"))


class FxTaken(Schema):
    """What became of one receipt of a delivery; ``replayed``: it was on record already, word for word."""

    position = shown_count("第几笔（从 0 计）", "Which one, from 0")
    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    reference = shown_text("收汇编号", "Reference")
    replayed = shown_flag("重复报送", "A harmless repeat")


class FxDelivery(Schema):
    """What became of a delivery, receipt by receipt."""

    accepted = shown_count("接受笔数（含重复）", "Accepted, repeats included")
    replayed = shown_count("其中重复报送", "Of these, harmless repeats")
    rejected = shown_count("退回笔数", "Refused")
    receipts = shown_list(FxTaken, "已登记", "On record")
    errors = shown_list(Fault, "退回原因", "Why")


class FxOrdersQuery(Paging):
    """Which orders."""

    text = text_query("订单编号", "Order number, exactly", 60)
    tab = choice("收汇进度", "How far", ORDER_TABS, default="")


class FxOrder(Schema):
    """An export order's money: expected, received, kept back, settled, open, over; ``due`` the last day by the firm's class."""

    order_id = shown_text("订单标识", "Id of the order")
    order_no = shown_text("订单编号", "Order number")
    platform_name = shown_text("平台", "Platform")
    currency = shown_text("币制", "Currency", code_list="currencies")
    expected = shown_amount("应收", "Expected")
    received = shown_amount("已收", "Received")
    netted = shown_amount("扣除", "Kept back")
    settled = shown_amount("已结汇", "Settled")
    open = shown_amount("待收", "Open")
    over = shown_amount("多收", "Over")
    ordered_on = shown_day("下单日期", "Ordered on")
    exported_on = shown_day("出口日期", "Exported on", optional=True)
    due = shown_day("收汇期限", "Due", optional=True)


class FxOrderPage(Schema):
    """A page of orders by number."""

    orders = shown_list(FxOrder, "订单", "Orders")
    next = following()


class FxStatementsQuery(Paging):
    """Which statements."""

    text = text_query("账号", "Account", 34)
    tab = choice("是否读入", "Taken or parked", STATEMENT_TABS, default="")


class FxStatement(Schema):
    """A bank's statement of a day; a ``parked`` one waits with its ``reason``."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    account = shown_text("账号", "Account")
    currency = shown_text("币制", "Currency", code_list="currencies")
    sequence = shown_count("序号", "Sequence")
    day = shown_day("日期", "Day")
    opening = shown_amount("期初余额", "Opening balance")
    closing = shown_amount("期末余额", "Closing balance")
    format = shown_text("格式", "Format")
    state = shown_text("状态", "State")
    reason = shown_text("暂存原因", "Why it waits")
    receipts = shown_count("收汇笔数", "Receipts")
    received_at = shown_moment("到达时间", "Arrived at")


class FxStatementPage(Schema):
    """A page of statements, the newest first."""

    statements = shown_list(FxStatement, "对账单", "Statements")
    next = following()


class FxStatementTaken(Schema):
    """What became of a statement: ``taken``, ``known`` (read before) or ``parked``; and how many parked ones it released."""

    standing = shown_text("结果", "What became of it")
    reason = shown_text("暂存原因", "Why it waits")
    released = shown_count("同时读入的暂存对账单", "Parked ones it released")


class FxAccount(Schema):
    """An account that money comes to."""

    number = shown_text("账号", "Number")
    bank = shown_text("开户银行", "Bank")
    currency = shown_text("币制", "Currency", code_list="currencies")
    receipts = shown_count("收汇笔数", "Receipts")


class FxAccounts(Schema):
    """All accounts of the firm."""

    accounts = shown_list(FxAccount, "账户", "Accounts")
