"""A made-up zone's import and export trade for ``bench risk``: shops, people, sales, and the documents that tell each sale.

Knows nothing of how risks are looked for: it imports no rule, and its numbers come from its own seed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random

from ccezone.demo.people import buyer
from ccezone.demo.stories import Story
from ccezone.demo.trading import Deal, settled
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import SHANGHAI, wire_time
from schemas.codes import Row, rows
from schemas.messages.ceb.definition import Node, definition
from schemas.messages.ceb.trades import Facts, export_trade, import_trade, party

FIRST = date(2026, 3, 2)
DAYS = 60
SHOPS = 12
LINK = "ShippingLink"
_TYPES = {"order": "CEB311Message", "payment": "CEB411Message", "waybill": "CEB511Message"}
_EXPORTS = {"order": "CEB303Message", "payment": "CEB403Message", "waybill": "CEB505Message"}
_CENT = Decimal("0.01")
_MERCHANTS = len({row["merchant"] for row in rows("example_goods") if row["flow"] == "E"})


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its message type (``LINK``: a shipping link), what it says, and the day on which it is delivered."""

    message_type: str
    day: date
    values: Facts


@dataclass(frozen=True, slots=True)
class Sale:
    """One import order with what follows from it. ``goods`` are (place in the catalogue, pieces, share of the list price).

    ``order_at``, ``paid_at`` and ``parcel_at`` shift what the documents are dated; ``kilos`` is added to what the parcel weighs;
    ``ahead`` shifts what the order is dated but not when it is delivered. ``waybill`` is a number of the fraudster's own.
    """

    number: int
    shop: int
    at: datetime
    who: int
    goods: tuple[tuple[int, int, float], ...]
    payer: int | None = None
    telephone: int | None = None
    waybill: str = ""
    kilos: Decimal = Decimal("0.15")
    order_at: timedelta = timedelta()
    paid_at: timedelta = timedelta(minutes=4)
    parcel_at: timedelta = timedelta(minutes=90)
    ahead: timedelta = timedelta()
    order_only: bool = False


@dataclass
class World:
    """One seed's zone: who sells what, and whatever was sold so far."""

    seed: int
    random: Random = field(init=False)
    sales: list[Sale] = field(default_factory=list)
    others: list[Document] = field(default_factory=list)
    _number: int = 0
    _person: int = 10_000

    def __post_init__(self) -> None:
        self.random = Random(f"fraud world/{self.seed}")
        self.dearness = [self.random.uniform(0.85, 1.2) for _ in range(SHOPS)]

    def number(self) -> int:
        """Give the next sale its number."""
        self._number += 1
        return self._number

    def number_like(self, other: int) -> int:
        """Give a number under which an export is the same merchant's as another (``export_trade`` deals them out in turn)."""
        number = self.number()
        while number % _MERCHANTS != other % _MERCHANTS:
            number = self.number()
        return number

    def stranger(self) -> int:
        """Give somebody who has not bought before."""
        self._person += 1
        return self.seed * 1_000_000 + self._person

    def moment(self, first: int = 0, last: int = DAYS - 1) -> datetime:
        """Give a moment in the opening hours of one of these days."""
        day = FIRST + timedelta(days=self.random.randint(first, last))
        return datetime.combine(day, time(8), SHANGHAI) + timedelta(seconds=self.random.randrange(11 * 3600))

    def sell(self, sale: Sale) -> Sale:
        """Let a sale happen."""
        self.sales.append(sale)
        return sale

    def usual(self, at: datetime, who: int | None = None, shop: int | None = None) -> Sale:
        """Make up an ordinary sale."""
        chosen = self.random.sample(range(len(GOODS)), self.random.choice((1, 1, 2)))
        goods = tuple((each, self.random.randint(1, 3), self.priced()) for each in chosen)
        shop = self.random.randrange(SHOPS) if shop is None else shop
        person = self.seed * 1_000_000 + self.random.randrange(6_000) if who is None else who
        parcel = timedelta(minutes=self.random.randint(20, 240))
        return Sale(self.number(), shop, at, person, goods, parcel_at=parcel)

    def priced(self) -> float:
        """Give an ordinary price, as a share of the list price."""
        return self.random.lognormvariate(0, 0.13)

    def worth(self, sale: Sale) -> float:
        """Give what a sale comes to, in yuan."""
        return sum(float(GOODS[good]["price"]) * share * self.dearness[sale.shop] * pieces for good, pieces, share in sale.goods)

    def documents(self) -> Iterator[Document]:
        """Yield all documents."""
        for sale in self.sales:
            yield from self._told(sale)
        yield from self.others

    def names(self, sale: Sale) -> dict[str, str]:
        """Give the numbers a sale's documents go by."""
        serial = f"{self.seed % 1000:03d}{sale.number:06d}"
        return {"order_no": f"FO{serial}", "payment_no": f"FP{serial}", "waybill_no": sale.waybill or f"SD77{serial}4"}

    def _told(self, sale: Sale) -> Iterator[Document]:
        deal = self._deal(sale)
        dated = {"order": sale.at + sale.order_at, "payment": sale.at + sale.paid_at, "waybill": sale.at + sale.parcel_at}
        payer = buyer(sale.payer) if sale.payer is not None else {}
        people = {name: value for name, value in payer.items() if name.startswith("payer")}
        facts = {**deal.facts, **people, "paid_at": wire_time(dated["payment"])}
        for kind, message_type in _TYPES.items():
            if kind != "order" and sale.order_only:
                continue
            stated = dated[kind] + (sale.ahead if kind == "order" else timedelta())
            yield _document(message_type, dated[kind].date(), stated, facts, deal)

    def _deal(self, sale: Sale) -> Deal:
        trade = import_trade(sale.number, self.seed, "1210", sale.at - timedelta(seconds=sale.number))
        shop, person = shop_row(sale.shop), buyer(sale.who)
        if sale.telephone is not None:
            person |= {"consignee_telephone": buyer(sale.telephone)["consignee_telephone"]}
        named = {"merchant_code": shop["customs_code"], "merchant_name": shop["name_zh"], "assure_code": shop["customs_code"]}
        lines = tuple(_line(place, GOODS[good], pieces, share * self.dearness[sale.shop])
                      for place, (good, pieces, share) in enumerate(sale.goods, 1))  # fmt: skip
        facts = {**trade.facts, **person, **named, **self.names(sale)}
        deal = settled(Deal(self.seed, sale.number, "I", Story.CLEAN, "", sale.at, facts, lines))
        weight = deal.amount("net_weight") + sale.kilos
        return deal.altered(weight=weight, gross_weight=weight)


GOODS: tuple[Row, ...] = tuple(row for row in rows("example_goods") if row["flow"] == "I")


def shop_row(number: int) -> Row:
    """Return a shop as a row of the cast; it sells everything."""
    sells = party("cosmetics")
    uscc = str(complete_uscc(f"91360700MA88{number:05d}"))
    return {**sells, "uscc": uscc, "customs_code": f"360796Z{number:03d}", "name_zh": f"赣州试验店铺{number + 1}号", "dxp_id": ""}


def exported(world: World, at: datetime, number: int, waybill_no: str = "", *, with_order: int = 0) -> list[Document]:
    """Return an export with its own parcel, or (``waybill_no``) one more order in a parcel that exists.

    ``with_order`` travels in the same parcel, which weighs as much as both.
    """
    deal = _export(world, at, number, waybill_no)
    if with_order:
        deal = deal.altered(gross_weight=deal.amount("gross_weight") + _export(world, at, with_order).amount("net_weight"))
    kinds = ("order", "payment") if waybill_no else ("order", "payment", "waybill")
    found = [_document(_EXPORTS[kind], at.date(), at, deal.facts, deal) for kind in kinds]
    named = ("merchant_code", "platform_code", "order_no", "carrier_code", "waybill_no")
    link = {name: deal.facts[name] for name in named} | {"app_type": "1", "app_time": wire_time(at), "lines": []}
    return [*found, Document(LINK, at.date(), link)]


def _export(world: World, at: datetime, number: int, waybill_no: str = "") -> Deal:
    trade = export_trade(number, world.seed, at - timedelta(seconds=number))
    serial = f"{world.seed % 1000:03d}{number:06d}"
    facts = {**trade.facts, "order_no": f"FX{serial}", "payment_no": f"FY{serial}", "waybill_no": waybill_no or f"GZ77{serial}4"}
    return settled(Deal(world.seed, number, "E", Story.CLEAN, "", at, facts, tuple(trade.lines)))


def _document(message_type: str, day: date, at: datetime, facts: Facts, deal: Deal) -> Document:
    message = definition(message_type)
    said = f"{facts['order_no']}/{facts['waybill_no']}/{message_type}/{at}"
    told = {**facts, "guid": _guid(said), "app_type": "1", "app_time": wire_time(at)}
    values = _chosen(message.head, told)
    if message.lines_node:
        values["lines"] = [_chosen(message.lines_node, line) for line in deal.lines]
    return Document(message_type, day, values)


def _line(place: int, row: Row, pieces: int, share: float) -> Facts:
    price = (Decimal(row["price"]) * Decimal(str(round(share, 4)))).quantize(_CENT)
    return {
        "line_no": place, "item_no": row["key"].upper(), "item_name": row["name_zh"], "bar_code": row["barcode"],
        "specification": row["specification"],
        "unit": row["unit"], "currency": row["currency"], "qty": Decimal(pieces), "price": price, "total_price": price * pieces,
        "country": row["origin"], "weight": Decimal(row["weight_kg"]) * pieces,
    }  # fmt: skip


def _chosen(node: Node, facts: Mapping[str, object]) -> Facts:
    return {known.name: facts[known.name] for known in node.written if facts.get(known.name) is not None}


def _guid(said: str) -> str:
    digest = sha256(said.encode()).hexdigest().upper()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-A{digest[17:20]}-{digest[20:32]}"
