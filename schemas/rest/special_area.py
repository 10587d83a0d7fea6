"""Special-area export (1210) over the API: lots that entered, deliveries out of them, consolidated declarations."""

from marshmallow import Schema, fields

from schemas.rest.answers import following
from schemas.rest.credit import Day
from schemas.rest.inputs import Amount, Input, Longest, choice, text
from schemas.rest.queries import Paging, text_query
from schemas.rest.refunds import RefundVersionBody
from schemas.rest.stored import shown_amount, shown_count, shown_day, shown_moment, shown_text
from schemas.rest.words import labelled

TABS = ("", "stock", "open", "empty")
MOST_DELIVERIES = 500


class AreaLotsQuery(Paging):
    """Which lots."""

    text = text_query(
        "入区报关单号、出区单号、运单号、清单编号或货物名称的一部分", "Entry, delivery, waybill, list, or part of a name", 100
    )
    tab = choice("库存", "Stock", list(TABS), default="")


class AreaDeclarationsQuery(Paging):
    """Which consolidated declarations."""

    text = text_query("集中申报编号或报关单号", "Its number here or at customs", 100)


class AreaLotRow(Schema):
    """Goods that entered: quantities in their unit; entered = declared + open + stock."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    reference = shown_text("入区批次", "Lot")
    document_no = shown_text("入区报关单号", "Declaration of entry")
    line_no = shown_count("项号", "Line")
    goods_name = shown_text("货物名称", "Goods")
    hs_code = shown_text("商品编码", "HS code")
    unit = shown_text("计量单位", "Unit", code_list="units")
    entered_on = shown_day("入区日期", "Entered on")
    entered = shown_amount("入区数量", "Entered")
    declared = shown_amount("已集报", "Declared")
    open = shown_amount("已送未报", "Delivered, not declared")
    stock = shown_amount("在区", "In stock")
    currency = shown_text("币制", "Currency", code_list="currencies")
    amount = shown_amount("入区金额", "Value", optional=True)
    claim_id = fields.UUID(required=True, allow_none=True, metadata=labelled("退税申报", "Refund claim"))
    exempt = fields.Boolean(required=True, metadata=labelled("已按免税办理", "Taken as exempt"))
    stands = fields.Boolean(required=True, metadata=labelled("入区报关单有效", "The declaration of entry stands"))


class AreaLotPage(Schema):
    """A page of lots."""

    lots = fields.List(fields.Nested(AreaLotRow), required=True, metadata=labelled("入区批次", "Lots"))
    next = following()


class AreaDelivery(Schema):
    """A delivery out of a lot; ``value`` is its share of the lot's."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    delivery_no = shown_text("出区单号", "Delivery")
    delivered_on = shown_day("出区日期", "Delivered on")
    quantity = shown_amount("数量", "Quantity")
    value = shown_amount("金额", "Value", optional=True)
    waybill_no = shown_text("运单号", "Waybill")
    list_no = shown_text("出口清单编号", "Export list")
    summary_reference = shown_text("集中申报编号", "Consolidated declaration")


class AreaDeliveryPage(Schema):
    """A page of deliveries."""

    deliveries = fields.List(fields.Nested(AreaDelivery), required=True, metadata=labelled("出区", "Deliveries"))
    next = following()


class AreaLot(AreaLotRow):
    """A lot with what was delivered out of it, the last first; with very many the newest of them, all on pages of their own."""

    deliveries_total = shown_count("出区总笔数", "Deliveries in all")

    deliveries = fields.List(fields.Nested(AreaDelivery), required=True, metadata=labelled("出区", "Deliveries"))


class AreaDeclaration(Schema):
    """A consolidated declaration of a period's deliveries."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    reference = shown_text("集中申报编号", "Reference")
    since = shown_day("周期起", "From")
    until = shown_day("周期止", "Until")
    state = shown_text("状态", "State")
    version = shown_count("版本", "Version")
    declaration_no = shown_text("报关单号", "Declaration")
    declared_on = shown_day("申报日期", "Declared on", optional=True)
    deliveries = shown_count("出区笔数", "Deliveries")
    updated_at = shown_moment("更新时间", "Changed at")


class AreaDeclarationPage(Schema):
    """A page of consolidated declarations."""

    declarations = fields.List(fields.Nested(AreaDeclaration), required=True, metadata=labelled("集中申报", "Declarations"))
    next = following()


class AreaGatherBody(Input):
    """Which period's deliveries are gathered."""

    day = Day(required=True, metadata=labelled("周期内的任一日", "Any day of the period"))


class AreaDeclareBody(RefundVersionBody):
    """The customs declaration that was made of a draft."""

    declaration_no = text("报关单号", "Declaration", least=1, most=60)
    declared_on = Day(required=True, metadata=labelled("申报日期", "Declared on"))


class AreaDeliveryBody(Input):
    """A delivery out of a lot."""

    delivery_no = text("出区单号", "Delivery", least=1, most=60)
    delivered_on = Day(required=True, metadata=labelled("出区日期", "Delivered on"))
    quantity = Amount(required=True, metadata=labelled("数量", "Quantity"))
    waybill_no = text("运单号", "Waybill", most=60, default="")
    list_no = text("本企业的1210出口清单编号", "A 1210 export list of your own", most=60, default="")


class AreaDeliveriesBody(Input):
    """Deliveries out of one lot: all are recorded, or none."""

    deliveries = fields.List(
        fields.Nested(AreaDeliveryBody),
        required=True,
        validate=Longest(min=1, max=MOST_DELIVERIES),
        metadata=labelled("出区", "Deliveries"),
    )
