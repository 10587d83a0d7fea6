"""The kinds of rules there are: which traces each looks at, its detector, the thresholds an officer may set and their bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ccezone.kernel.errors import Fault
from ccezone.risk.rules.parcels import impossible_times, repeated_waybill, weight
from ccezone.risk.rules.people import circular_payer, identity_reuse, quota, shared_contact, splitting
from ccezone.risk.rules.traces import Detector, Stream, Thresholds, Trace
from ccezone.risk.rules.trade import burst, price_band


class Level(StrEnum):
    """How grave an alert is, in the four colours of Chinese early warning, the gravest last."""

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


class Type(StrEnum):
    """What an alert endangers (zone plan of Nanchang)."""

    MARKET = "market"
    TRADE = "trade"
    FINANCE = "finance"
    TECHNOLOGY = "technology"
    PUBLIC_SAFETY = "public_safety"
    CREDIT = "credit"
    COUNTRY = "country"
    COMPLIANCE = "compliance"


LEVELS = frozenset(level.value for level in Level)
TYPES = frozenset(each.value for each in Type)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number an officer may set, from ``least`` to ``most``; ``window``: how many days back it makes the rule look."""

    name: str
    unit: str
    usual: str
    least: str
    most: str
    whole: bool = False
    window: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rule. ``scope`` names the filters it understands."""

    name: str
    stream: Stream
    detector: Detector
    thresholds: Sequence[Threshold]
    type: Type
    level: Level
    scope: Sequence[str] = ()
    window: Decimal = Decimal(0)

    def days(self, limits: Thresholds) -> Decimal:
        """Days before a trace that have to be looked at to judge it."""
        return self.window + sum((limits[each.name] * each.window for each in self.thresholds), Decimal(0))


_DAY, _YEAR = Decimal(1), Decimal(366)


def _days(usual: str, most: str = "366") -> Threshold:
    return Threshold("days", "day", usual, "1", most, whole=True, window=_DAY)


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "repeated_waybill", Stream.PARCEL, repeated_waybill,
            (_days("180"), Threshold("orders", "order", "4", "2", "1000", whole=True)), Type.TRADE, Level.ORANGE, ("flow",),
        ),
        Kind(
            "identity_reuse", Stream.BUYER, identity_reuse,
            (Threshold("orders", "order", "8", "2", "1000", whole=True), _days("7")), Type.TRADE, Level.YELLOW,
        ),
        Kind(
            "shared_contact", Stream.CONTACT, shared_contact,
            (Threshold("identities", "person", "5", "2", "1000", whole=True), _days("30")), Type.TRADE, Level.ORANGE,
        ),
        Kind(
            "price_band", Stream.PRICE, price_band,
            (
                Threshold("low", "%", "35", "0", "100"), Threshold("high", "%", "300", "100", "100000"), _days("90"),
                Threshold("samples", "line", "20", "1", "5000", whole=True),
                Threshold("floor", "CNY", "0", "0", "100000000"), Threshold("ceiling", "CNY", "0", "0", "100000000"),
            ),
            Type.COMPLIANCE, Level.YELLOW, ("flow", "hs_code", "country"),
        ),
        Kind(
            "splitting", Stream.BUYER, splitting,
            (
                Threshold("orders", "order", "3", "2", "100", whole=True),
                Threshold("hours", "hour", "24", "1", "720", whole=True, window=_DAY / 24),
                Threshold("share", "%", "100", "50", "1000"),
            ),
            Type.COMPLIANCE, Level.ORANGE,
        ),
        Kind(
            "burst", Stream.HOURS, burst,
            (
                Threshold("orders", "order", "60", "2", "1000000", whole=True), Threshold("factor", "times", "6", "1.5", "1000"),
                _days("14", "90"), Threshold("history", "hour", "12", "1", "500", whole=True),
            ),
            Type.MARKET, Level.YELLOW, ("flow",), _DAY / 8,
        ),
        Kind("quota", Stream.QUOTA, quota, (Threshold("share", "%", "90", "10", "200"),), Type.COMPLIANCE, Level.BLUE, (), _YEAR),
        Kind(
            "circular_payer", Stream.PAYER, circular_payer,
            (
                Threshold("buyers", "person", "4", "2", "1000", whole=True), _days("30"),
                Threshold("ring", "person", "3", "2", "50", whole=True),
            ),
            Type.FINANCE, Level.ORANGE,
        ),
        Kind(
            "impossible_times", Stream.TIMES, impossible_times,
            (
                Threshold("parcel_ahead", "hour", "24", "0", "8784"), Threshold("payment_ahead", "hour", "720", "0", "8784"),
                Threshold("payment_behind", "hour", "48", "0", "8784"), Threshold("future", "hour", "2", "0", "8784"),
            ),
            Type.TRADE, Level.YELLOW, ("flow",),
        ),
        Kind(
            "weight", Stream.WEIGHT, weight,
            (
                Threshold("low", "%", "95", "0", "100"), Threshold("high", "%", "300", "100", "100000"),
                Threshold("kilograms", "kg", "1", "0", "10000"),
            ),
            Type.PUBLIC_SAFETY, Level.YELLOW, ("flow",),
        ),
    )
}  # fmt: skip
"""Every kind, in the order pages show them."""


def read_thresholds(kind: Kind, typed: Mapping[str, str]) -> tuple[dict[str, str], list[Fault]]:
    """Judge thresholds as people typed them; return them as plain numbers, and what is wrong with each."""
    limits, faults = {}, []
    for known in kind.thresholds:
        text = typed.get(known.name, "").replace(",", "").strip()
        try:
            value = Decimal(text)
        except InvalidOperation:
            faults.append(Fault(f"/{known.name}", "not_a_number" if text else "required", {"value": text}))
            continue
        if not value.is_finite() or not Decimal(known.least) <= value <= Decimal(known.most):
            bounds = {"least": known.least, "most": known.most, "value": text}
            faults.append(Fault(f"/{known.name}", "risk_threshold_bounds", bounds))
        elif known.whole and value != value.to_integral_value():
            faults.append(Fault(f"/{known.name}", "risk_threshold_whole", {"value": text}))
        limits[known.name] = f"{value:f}"
    return limits, faults


def limits_of(kind: Kind, stored: Mapping[str, str]) -> dict[str, Decimal]:
    """Return stored thresholds as numbers; one that a rule of an older make does not name has its usual value."""
    return {known.name: Decimal(stored.get(known.name, known.usual)) for known in kind.thresholds}


def in_scope(trace: Trace, scope: Mapping[str, str]) -> bool:
    """Say whether a rule that is limited to a flow, to commodity codes that begin so, or to a country looks at a trace."""
    return (
        (not scope.get("flow") or trace.flow == scope["flow"])
        and trace.values.get("hs_code", "").startswith(scope.get("hs_code", ""))
        and (not scope.get("country") or trace.values.get("country") == scope["country"])
    )
