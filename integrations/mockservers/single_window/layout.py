"""What the single window looks at in each message: who may send it, what identifies it, which values its checks need.

Values go by their domain names; the definition of the message knows how they are spelled on the wire.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Literal

from schemas.messages.ceb.definition import MessageDefinition, definition

Role = Literal["bill", "list", "cancellation", "arrival", "departure", "other"]

_ALWAYS = ("guid", "app_type", "app_time", "app_status")
_ORDER_PERSON = ("buyer_name", "buyer_id_number", "buyer_telephone")
_CONSIGNEE = ("consignee_name", "consignee_telephone", "consignee_address")
_PARTIES = ("merchant_code", "platform_code", "agent_code", "carrier_code", "payment_enterprise_code", "operator_code")


@dataclass(frozen=True, eq=False)
class Layout:
    """How one upstream message is read. ``key`` is its business key, ``senders`` hold the codes that may transmit it.

    There is one of each, so that they are compared, and looked up, as themselves.
    """

    number: int
    role: Role
    key: tuple[str, ...]
    senders: tuple[str, ...]
    values: tuple[str, ...] = ()
    line_values: tuple[str, ...] = ()

    @cached_property
    def message_type(self) -> str:
        return f"CEB{self.number}Message"

    @cached_property
    def definition(self) -> MessageDefinition:
        return definition(self.message_type)

    @cached_property
    def answer(self) -> MessageDefinition:
        """The definition of its receipt."""
        return definition(self.definition.answered_by.split()[0])

    @cached_property
    def head(self) -> tuple[str, ...]:
        """The head values that are read and kept, in official order."""
        answered = tuple(field.name for field in self.answer.fields())
        wanted = {*_ALWAYS, *self.key, *self.senders, *_PARTIES, *answered, *self.values}
        return tuple(field.name for field in self.definition.fields() if field.name in wanted)

    @cached_property
    def names_waybill(self) -> bool:
        """Whether a document of this kind names a waybill by its full key."""
        return {"carrier_code", "waybill_no"} <= set(self.head)

    @cached_property
    def key_values(self) -> Callable[[Mapping[str, str]], Sequence[str]]:
        """Picks the values of the business key out of a head."""
        one = len(self.key) == 1
        pick = itemgetter(*self.key)
        return (lambda head: (pick(head),)) if one else pick

    @cached_property
    def parties(self) -> Callable[[Mapping[str, str]], Sequence[str]]:
        """Picks whatever decides who may transmit a document: all its parties' codes."""
        names = [name for name in dict.fromkeys((*self.senders, *_PARTIES)) if name in self.head]
        one = len(names) == 1
        pick = itemgetter(*names)
        return (lambda head: (pick(head),)) if one else pick

    @cached_property
    def blank_head(self) -> dict[str, str]:
        """A head with every value empty, in the order values are kept in."""
        return dict.fromkeys(self.head, "")

    @cached_property
    def blank_line(self) -> dict[str, str]:
        """A line with every value empty."""
        return dict.fromkeys(self.lines, "")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The line values that are read and kept, in official order; ``line_no`` opens a line."""
        return tuple(field.name for field in self.definition.lines() if field.name in ("line_no", *self.line_values))


_LIST_KEY = ("merchant_code", "platform_code", "order_no", "carrier_code", "waybill_no")
_LIST_VALUES = (
    *("customs_code", "flow", "trade_mode", "ems_no", "bonded_enterprise_code", "bonded_enterprise_name"),
    *("voyage_no", "bill_no", "country", "packages", "gross_weight", "net_weight", "freight", "insurance"),
)
SUMMED_HEAD = ("declaration_path", "transport_mode", "owner_code", "port_code")
SUMMED_LINES = ("country", "currency")
"""What version 3 keeps of export lists beside the above, to sum them up."""
_LIST_LINES = ("qty", "qty1", "qty2", "unit", "unit1", "unit2", "item_record_no", "hs_code", "total_price")

LAYOUTS: Mapping[str, Layout] = {
    layout.message_type: layout
    for layout in (
        Layout(
            303,
            "bill",
            ("merchant_code", "platform_code", "order_no"),
            ("platform_code", "merchant_code"),
            line_values=("qty", "price", "total_price"),
        ),
        Layout(
            403,
            "bill",
            ("merchant_code", "platform_code", "order_no", "payment_enterprise_code", "payment_no"),
            ("payment_enterprise_code", "merchant_code"),
        ),
        Layout(505, "bill", ("carrier_code", "waybill_no"), ("carrier_code",)),
        Layout(
            311,
            "bill",
            ("platform_code", "order_no"),
            ("platform_code", "merchant_code"),
            ("actual_paid", *_ORDER_PERSON, *_CONSIGNEE),
        ),
        Layout(
            411,
            "bill",
            ("payment_enterprise_code", "payment_no"),
            ("payment_enterprise_code",),
            ("order_no", "platform_code", "amount", "payer_name", "payer_id_number"),
        ),
        Layout(511, "bill", ("carrier_code", "waybill_no"), ("carrier_code",), ("order_no", *_CONSIGNEE)),
        Layout(
            603,
            "list",
            _LIST_KEY,
            ("agent_code", "merchant_code"),
            (*_LIST_VALUES, *SUMMED_HEAD),
            (*_LIST_LINES, *SUMMED_LINES),
        ),
        Layout(
            621,
            "list",
            _LIST_KEY,
            ("agent_code", "merchant_code"),
            (*_LIST_VALUES, "traf_no", "assure_code", *_ORDER_PERSON),
            _LIST_LINES,
        ),
        Layout(605, "cancellation", ("list_no",), ("agent_code", "merchant_code")),
        Layout(623, "cancellation", ("list_no",), ("agent_code", "merchant_code")),
        Layout(
            507,
            "arrival",
            ("cop_no", "msg_seq_no"),
            ("carrier_code", "operator_code"),
            line_values=("waybill_no",),
        ),
        Layout(509, "departure", ("cop_no", "msg_seq_no"), ("carrier_code",), line_values=("waybill_no",)),
        Layout(607, "other", ("cop_no", "msg_seq_no"), ("agent_code", "carrier_code")),
        Layout(
            701,
            "other",
            ("cop_no", "msg_seq_no"),
            ("agent_code", "merchant_code", "decl_agent_code"),
            ("customs_code", "agent_name", "merchant_name", "decl_agent_name"),
            ("list_no",),
        ),
        Layout(213, "other", ("co_el_no",), ("agent_code", "merchant_code"), line_values=("hs_code", "qty")),
        Layout(215, "other", ("co_el_no",), ("operator_code",)),
        Layout(513, "other", ("carrier_code", "waybill_no", "logistics_status"), ("carrier_code",)),
        Layout(625, "other", ("cop_no",), ("agent_code", "merchant_code"), ("order_no",), ("hs_code", "qty")),
        Layout(711, "other", ("cop_no",), ("operator_code",)),
    )
}
BY_NUMBER: Mapping[int, Layout] = {layout.number: layout for layout in LAYOUTS.values()}
PARTIES = _PARTIES
