"""Composing one list from its parcel: mode and path, bills, products, defaults and wish; then rules, tests, tax."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ccezone.declarations.rules.checks import broken_rules
from ccezone.declarations.rules.composition import compose_export, compose_import, import_mode, linked_lines
from ccezone.declarations.rules.conditions import FULL_CODE, Declared, Rate, SimpleTerms, Tested, obstacles, plainly_fits, run_tests
from ccezone.declarations.rules.facts import Composition, Goods, Missing
from ccezone.declarations.rules.lifecycle import BEFORE_SENDING, ended_unsuccessfully
from ccezone.declarations.rules.modes import MODE, Mode, export_mode
from ccezone.declarations.rules.wishes import wished_order, wished_waybill
from ccezone.declarations.service.documents import BUYER
from ccezone.declarations.service.gathering import Existing, MasterData, Parcel
from ccezone.enterprises.queries import EnterpriseView
from ccezone.import_tax.rules import Limits, TariffRate, TaxAssessment, TaxLine, price_list
from ccezone.kernel.clock import SHANGHAI

ZERO = Decimal(0)
_PLAIN = SimpleTerms(ZERO, FULL_CODE)
_NOT_STATED = "-"  # the path of a message that knows none


@dataclass(frozen=True, slots=True)
class ListTerms:
    """Zone, rates and limits in force on a day. ``auto_submit`` files ready lists of merchants who did not say otherwise.

    ``gates`` says which bills gate filing, by (mode, flow, path); ``simple`` what the simplified paths demand, by (mode, flow);
    ``rate_of`` tells the month's customs exchange rate of a currency.
    """

    zone: str
    rates: Mapping[str, TariffRate]
    limits: Limits
    auto_submit: bool
    gates: Mapping[tuple[str, str, str], frozenset[str]] = field(default_factory=dict)
    simple: Mapping[tuple[str, str], SimpleTerms] = field(default_factory=dict)
    rate_of: Callable[[str], Rate | None] = lambda _: None


@dataclass(slots=True)
class Prepared:
    """A composed list, ready to be stored."""

    parcel: Parcel
    composition: Composition
    mode: Mode
    path: str
    tests: list[Tested]
    tax: TaxAssessment | None
    transmitter: EnterpriseView | None
    id: int = 0
    attempt: int = 1

    @property
    def transmitter_code(self) -> str:
        """The declarant by the code the list names it with: customs compares the two letter by letter."""
        return self.composition.head.get("agent_code", "") if self.transmitter else ""

    @property
    def declaration_path(self) -> str:
        """The path as a list's row keeps it."""
        return self.path or _NOT_STATED

    @property
    def state(self) -> str:
        return "incomplete" if self.composition.missing else "ready"


@dataclass
class Composer:
    """One call's terms and master data. ``used`` is what buyers used of their year; composing counts on in it.

    ``changing`` says that lists are composed in place of what customs holds, ``telling`` that every test is wanted and not only
    what it stops.
    """

    terms: ListTerms
    at: datetime
    master: MasterData
    used: dict[int, Decimal]
    changing: bool = False
    telling: bool = False
    today: date = field(init=False)
    _exchange: dict[str, Rate | None] = field(default_factory=dict)
    _modes: dict[tuple[UUID, str, str, str], Mode | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.today = self.at.astimezone(SHANGHAI).date()

    def compose(self, parcel: Parcel) -> Prepared | None:
        """Compose one list; None when its order goes another way than a list."""
        flow, merchant, wish = parcel.order.flow, parcel.merchant_id, parcel.wish
        mode = self._mode(parcel)
        if mode is None:
            return None
        known = self.master.defaults.get((merchant, mode.trade_mode, flow), {})
        path = wish.path or known.get("declaration_path", "")
        path = path if path in mode.paths else next(iter(mode.paths), "")
        defaults = {**known, **wish.head, "trade_mode": mode.trade_mode}
        order, waybill = (wished_order(parcel.order, wish), wished_waybill(parcel.waybill, wish)) if wish.head else (
            parcel.order, parcel.waybill,
        )  # fmt: skip
        composer = compose_export if flow == "E" else compose_import
        lines = linked_lines(parcel.order.lines, parcel.linked)
        composition = composer(order, waybill, lines, self._finder(merchant), defaults, self.today, path=path, wish=wish)
        tests = self._judge(parcel, composition, mode, path)
        tax = self._tax(parcel, composition) if flow == "I" and not _unfinished(composition) else None
        composition.head.update(
            {name: parcel.order.personal[name] for name in BUYER if flow == "I" and name in parcel.order.personal}
        )
        transmitter = self.master.parties.find(composition.head.get("agent_code", ""))
        if transmitter is None and not composition.missing:
            composition.missing.append(Missing("defaults", "agent_code", {"code": composition.head.get("agent_code", "")}))
        return Prepared(parcel, composition, mode, path, tests, tax, transmitter)

    def simple(self, mode: Mode) -> SimpleTerms:
        """Return what the simplified path of a mode demands; a full code where it has none."""
        return self.terms.simple.get(mode.key, _PLAIN)

    def _mode(self, parcel: Parcel) -> Mode | None:
        flow, wished = parcel.order.flow, parcel.wish.trade_mode
        if flow == "I":
            known = self.master.modes(parcel.merchant_id, flow)
            return MODE.get((wished if (wished, "I") in MODE else import_mode(parcel.waybill, known), flow))
        key = parcel.merchant_id, flow, parcel.order.order_type, wished
        if key not in self._modes:
            name = export_mode(parcel.order.order_type, self.master.modes(parcel.merchant_id, flow), wished)
            self._modes[key] = MODE.get((name, flow)) if name else None
        return self._modes[key]

    def _judge(self, parcel: Parcel, composition: Composition, mode: Mode, path: str) -> list[Tested]:
        """Run the mode's tests, and when nothing is missing the list's rules."""
        head = composition.head
        codes = [line["hs_code"] for line in composition.lines]
        declared = Declared(
            composition.total_value, parcel.order.currency, head.get("license_no", ""), parcel.wish.statements, codes
        )
        simple = self.simple(mode)
        rate = self._rate(parcel.order.currency) if mode.tested(path) else None
        plain = not self.telling and plainly_fits(mode, path, declared, simple, rate)
        tests = [] if plain else run_tests(mode, path, declared, simple, rate)
        gate = self.terms.gates.get((mode.trade_mode, mode.flow, path), frozenset())
        if parcel.unpaid and "payment" in gate:
            composition.missing.append(Missing("bill", "payment", {"mode": mode.trade_mode}))
        if not composition.missing:
            composition.missing += broken_rules(mode.flow, composition)
            composition.missing += [] if plain else obstacles(mode, path, declared, simple, tests)
        return tests

    def _rate(self, currency: str) -> Rate | None:
        if currency not in self._exchange:
            self._exchange[currency] = self.terms.rate_of(currency)
        return self._exchange[currency]

    def _finder(self, merchant: UUID) -> Callable[[str], Goods | None]:
        return lambda item: self.master.products.get((merchant, item))

    def _tax(self, parcel: Parcel, composition: Composition) -> TaxAssessment:
        """Tax an import list; what it cannot pay as a retail import keeps it from being filed."""
        lines = [
            TaxLine(int(line["line_no"]), line["hs_code"], Decimal(line["total_price"]), Decimal(line["qty"]), _statutory(line))
            for line in composition.lines
        ]
        buyer = parcel.buyer_digest
        existing = parcel.existing
        before = self.used.get(buyer, ZERO) if buyer is not None else ZERO
        if existing is not None and existing.buyer_digest == buyer and self._counted(existing):
            before -= existing.dutiable_price  # its own use: it would be filed in place of what waits, or of what customs holds
        head = composition.head
        tax = price_list(lines, self.terms.rates, self.terms.limits, before, Decimal(head["freight"]), Decimal(head["insurance"]))
        composition.missing += [Missing("tax", fault.code, {"pointer": fault.pointer, **fault.params}) for fault in tax.faults]
        if not tax.faults and not tax.route.retail:
            rule = "I23" if str(tax.route) == "general_trade" else "I22"
            composition.missing.append(Missing("rule", rule, {"dutiable_price": str(tax.dutiable_price), "used": str(before)}))
        elif buyer is not None and (existing is None or existing.state in BEFORE_SENDING):
            self.used[buyer] = tax.used_after
        return tax

    def _counted(self, existing: Existing) -> bool:
        return existing.state == "queued" or (self.changing and not ended_unsuccessfully(existing.state))


def _unfinished(composition: Composition) -> bool:
    """Whether something is missing so that no tax can be worked out; broken rules do not hinder that."""
    return any(each.kind in ("product", "defaults", "line") for each in composition.missing)


def _statutory(line: Mapping[str, str]) -> dict[str, Decimal]:
    pairs = ((line.get("unit1"), line.get("qty1")), (line.get("unit2"), line.get("qty2")))
    return {unit: Decimal(qty) for unit, qty in pairs if unit and qty}
