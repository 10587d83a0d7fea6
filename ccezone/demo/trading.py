"""The orders of the month as facts: who sold what to whom, when, for how much. Equal seed, number and days give equal facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from ccezone.demo.people import BUYERS, buyer
from ccezone.demo.span import Span
from ccezone.demo.stories import SWITCHES, Flow, Story, companion, story_of
from ccezone.demo.zone import SELLS_TOO
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.money import round_half_up
from schemas.messages.ceb.trades import Facts, export_trade, import_trade, party

EXPORTERS = ("electronics", "furniture", "oranges", "textiles")  # in the order export_trade takes its merchants
IMPORTERS = ("cosmetics", "milk")  # as import_trade takes them
_WEIGHTS: Mapping[Flow, tuple[int, ...]] = {"E": (20, 40, 15, 25), "I": (55, 45)}
_RESOLD_SHARE = 0.3
_VAT = Decimal("0.13") * Decimal("0.7")  # what these goods bear within the limits; GACC and others 2018 No. 157
_PACKING = Decimal("0.2")
_BONDED_SHARE = 0.7
_SPENDER = BUYERS  # the buyer who runs out of quota
_SPENDER_PIECES = 29  # of the essence: 4,872 yuan, just below the limit of one order
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Deal:
    """One order and all that follows from it. ``merchant`` is a key of the cast; amounts are in the order's currency."""

    seed: int
    number: int
    flow: Flow
    story: Story
    merchant: str
    moment: datetime
    facts: Facts
    lines: tuple[Facts, ...]

    def amount(self, name: str) -> Decimal:
        """Return an amount among the facts."""
        value = self.facts[name]
        return value if isinstance(value, Decimal) else Decimal(str(value))

    def altered(self, **facts: object) -> "Deal":
        """Return the deal with some facts told otherwise."""
        return replace(self, facts={**self.facts, **facts})


def deal(seed: int, number: int, span: Span) -> Deal:
    """Return the deal of this number, counted from 0."""
    flow, story = story_of(seed, number)
    first = companion(seed, number) if story == Story.SHARED else number
    random = Random(f"deal/{seed}/{first}")
    merchants = EXPORTERS if flow == "E" else IMPORTERS
    choice = random.choices(range(len(merchants)), _WEIGHTS[flow])[0]
    if story in (Story.OVER_YEAR, Story.OVER_SINGLE, Story.PAID_DIFFERS):
        choice = 0
    moment = span.moment(seed, first) + timedelta(minutes=2 * (first != number))
    serial = number * len(merchants) + choice
    start = moment - timedelta(seconds=serial)
    if flow == "E":
        trade = export_trade(serial, seed, start)
    else:
        bonded = random.random() < _BONDED_SHARE or story == Story.PAID_DIFFERS
        trade = import_trade(serial, seed, "1210" if bonded else "9610", start)
    facts = {**trade.facts, **_numbers(flow, story, seed, number, moment)}
    made = Deal(seed, number, flow, story, merchants[choice], moment, facts, tuple(trade.lines))
    return settled(made) if flow == "E" else _bought(_resold(made, random), random)


def settled(order: Deal, lines: Iterable[Facts] | None = None) -> Deal:
    """Return the deal with its sums drawn anew, over other lines where they are given."""
    lines = order.lines if lines is None else tuple(lines)
    value, weight = total(lines, "total_price"), total(lines, "weight")
    facts = {"goods_value": value, "net_weight": weight, "gross_weight": weight + _PACKING, "weight": weight + _PACKING}
    if order.flow == "E":
        facts["amount"] = value + order.amount("freight")
    else:
        lines = tuple({**line, "value_added_tax": _tax(line)} for line in lines)
        tax = total(lines, "value_added_tax")
        paid = value + order.amount("freight") + tax - order.amount("discount")
        facts |= {"tax_total": tax, "actual_paid": paid, "amount": paid}
    return replace(order.altered(**facts), lines=lines)


def reckoned(line: Facts, qty: Decimal) -> Facts:
    """Return a line with another quantity; what depends on it follows."""
    before = Decimal(str(line["qty"]))
    scaled = {name: Decimal(str(line[name])) / before * qty for name in ("qty1", "qty2", "weight") if line.get(name) is not None}
    return {**line, **scaled, "qty": qty, "total_price": Decimal(str(line["price"])) * qty}


def total(lines: Iterable[Facts], name: str) -> Decimal:
    """Add an amount up over lines."""
    return sum((Decimal(str(line[name])) for line in lines), ZERO)


def _tax(line: Facts) -> Decimal:
    return round_half_up(Decimal(str(line["total_price"])) * _VAT)


def _numbers(flow: Flow, story: Story, seed: int, number: int, moment: datetime) -> Facts:
    """The numbers the parties gave; the order number may hold the mark a switch of the mock single window looks for."""
    serial = f"{moment.astimezone(SHANGHAI):%y%m%d}{seed:02d}{number:06d}"
    return {
        "order_no": f"G{flow}{SWITCHES.get(story, '')}{serial}",
        "payment_no": f"P{flow}{serial}",
        "waybill_no": f"{'GZ' if flow == 'E' else 'SD'}{serial}",
    }


def _resold(order: Deal, random: Random) -> Deal:
    """Some imported goods are sold by a merchant that exports besides."""
    reseller = next((merchant for merchant, source in SELLS_TOO.items() if source == order.merchant), None)
    if reseller is None or order.story == Story.OVER_YEAR or random.random() >= _RESOLD_SHARE:
        return order
    row = party(reseller)
    code, name = row["customs_code"], row["name_zh"]
    return replace(order, merchant=reseller).altered(merchant_code=code, merchant_name=name, assure_code=code)


def _bought(order: Deal, random: Random) -> Deal:
    """Give an import order its buyer, and the basket its story asks for."""
    spender = order.story == Story.OVER_YEAR
    order = order.altered(**buyer(_SPENDER if spender else random.randrange(BUYERS)))
    lines = [reckoned(line, Decimal(str(line["qty"]))) for line in order.lines]
    if order.story == Story.DISCOUNT:
        order = order.altered(discount=Decimal(random.randint(5, 30)))
    if spender or order.story == Story.OVER_SINGLE:
        line = max(lines, key=lambda each: Decimal(str(each["price"])))
        fitting = int(Decimal(4_900) / Decimal(str(line["price"])))
        lines = [{**reckoned(line, Decimal(fitting if spender else fitting + random.randint(3, 6))), "line_no": 1}]
    return settled(order, lines)
