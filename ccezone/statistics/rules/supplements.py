"""What counts beyond declaration lists: where a line comes from, by which method it was made, whether it counts, and why not.

A parcel counts once. A list that customs released stands before any feed, an earlier feed before a later one; what was repeated is
kept, and told as coverage. What is declared generally counts where it is recognised as e-commerce trade.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ccezone.kernel.errors import Fault


class Source(StrEnum):
    """Where a fact comes from."""

    LISTS = "lists"
    GENERAL = "general_declaration"
    MAIL = "mail"
    EXPRESS = "express"
    OVERSEAS = "overseas_node"
    ENTERPRISE = "enterprise_report"
    PARK = "park_report"
    SAMPLE = "sample"
    RETURN = "goods_return"


class Method(StrEnum):
    """How its number was made."""

    ROLL_UP = "roll-up"
    MODEL = "model"
    SAMPLE = "sample"


class Standing(StrEnum):
    """Whether a fact counts, and if not, why."""

    COUNTED = "counted"
    DECLARED = "declared"
    FED = "fed"
    LINKED = "linked"
    UNRECOGNISED = "unrecognised"
    UNDONE = "undone"


class Sign(StrEnum):
    """By what a general declaration is recognised as e-commerce trade; any one is enough."""

    MODE = "mode"
    MARK = "mark"
    ORDER = "order"
    REGISTER = "register"


FED = (Source.MAIL, Source.EXPRESS, Source.OVERSEAS, Source.ENTERPRISE, Source.PARK, Source.SAMPLE, Source.GENERAL)
"""Sources that come as feeds; the others are in the hub already."""
REPORTED = (Source.ENTERPRISE, Source.PARK)
"""Sources that tell of money without having to tell of parcels."""
COLUMNS = (
    *("day", "flow", "trade_mode", "country", "hs_code", "currency", "amount", "parcels", "weight", "waybill_no", "document_no"),
    *("order_no", "mark", "enterprise_code", "node"),
)
"""What a line of a feed may say, by the names that faults point to."""
LONGEST = 64
MOST_LINES = 100_000
MOST_WEIGHT, MOST_PARCELS = Decimal(1_000_000), 10_000_000
_HS = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{10}")
_THREE, _FOUR, _ANY = re.compile(r"[0-9]{3}"), re.compile(r"[0-9]{4}"), re.compile(r".+")
_FIRST = date(2016, 1, 1)


@dataclass(frozen=True, slots=True)
class Known:
    """What a line may name; ``None`` where the code list at hand is not complete: then the form alone is judged."""

    countries: Collection[str] | None
    currencies: Collection[str] | None
    modes: Collection[str] | None
    nodes: Collection[str]
    today: date


@dataclass(frozen=True, slots=True)
class Line:
    """A line that can be taken. ``amount`` in ``currency``: exports by FOB, imports by CIF value."""

    position: int
    day: date
    flow: str
    trade_mode: str
    country: str
    hs_code: str
    currency: str
    amount: Decimal
    parcels: int
    weight: Decimal
    waybill_no: str
    document_no: str
    order_no: str
    mark: str
    enterprise_code: str
    node: str

    def number(self, source: str) -> str:
        """What tells it again in any feed: its waybill, or its document among those of one source."""
        return self.waybill_no.replace(" ", "").upper() or f"{source}:{self.document_no}"


def read_line(position: int, values: Mapping[str, str], source: Source, known: Known) -> Line | list[Fault]:
    """Read a line as people write it; return everything wrong with it instead, each fault pointing at its field."""
    said = {name: str(values.get(name) or "").strip() for name in COLUMNS}
    faults = [
        Fault(f"/{name}", "too_long", {"max": str(LONGEST), "actual": str(len(value))})
        for name, value in said.items()
        if len(value) > LONGEST
    ]
    day = _day(said["day"], known, faults)
    amount, parcels, weight = _numbers(said, source, faults)
    faults += _code_faults(said, known)
    if not said["waybill_no"] and not said["document_no"]:
        faults.append(Fault("/waybill_no", "supplement_number_missing"))
    if faults or day is None:
        return faults
    texts = {name: said[name] for name in COLUMNS if name not in ("day", "amount", "parcels", "weight")}
    return Line(position, day, amount=amount, parcels=parcels, weight=weight, **texts)


def _day(text: str, known: Known, faults: list[Fault]) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        faults.append(Fault("/day", "bad_day", {"value": text}) if text else Fault("/day", "required"))
        return None
    if day > known.today:
        faults.append(Fault("/day", "day_to_come", {"value": text}))
    elif day < _FIRST:
        faults.append(Fault("/day", "bad_day", {"value": text}))
    return day


def _numbers(said: Mapping[str, str], source: Source, faults: list[Fault]) -> tuple[Decimal, int, Decimal]:
    amount = _decimal("amount", said["amount"], faults, Decimal(10) ** 15)
    uncounted = source in REPORTED and said["parcels"] == "0"
    parcels = Decimal(0) if uncounted else _decimal("parcels", said["parcels"] or "1", faults, Decimal(MOST_PARCELS))
    weight = _decimal("weight", said["weight"] or "1", faults, MOST_WEIGHT)
    if parcels != parcels.to_integral_value():
        faults.append(Fault("/parcels", "supplement_bad_number", {"value": said["parcels"]}))
    if weight != 1 and source is not Source.SAMPLE:
        faults.append(Fault("/weight", "supplement_weight_unwanted", {"value": said["weight"]}))
    return amount, int(parcels), weight


def _decimal(name: str, text: str, faults: list[Fault], most: Decimal) -> Decimal:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 < value <= most:
        faults.append(Fault(f"/{name}", "supplement_bad_number", {"value": text}) if text else Fault(f"/{name}", "required"))
        return Decimal(1)
    return value


def _code_faults(said: Mapping[str, str], known: Known) -> list[Fault]:
    faults = []
    if said["flow"] not in ("E", "I"):
        faults.append(Fault("/flow", "supplement_bad_flow", {"value": said["flow"]}))
    for name, codes, form, needed in (
        ("country", known.countries, _THREE, True),
        ("currency", known.currencies, _THREE, True),
        ("trade_mode", known.modes, _FOUR, False),
        ("node", known.nodes, _ANY, False),
    ):
        value = said[name]
        if not value and needed:
            faults.append(Fault(f"/{name}", "required"))
        elif value and (value not in codes if codes is not None else not form.fullmatch(value)):
            faults.append(Fault(f"/{name}", "supplement_unknown", {"value": value}))
    if said["hs_code"] and not _HS.fullmatch(said["hs_code"]):
        faults.append(Fault("/hs_code", "supplement_bad_hs", {"value": said["hs_code"]}))
    return faults


def method_faults(source: Source, method: Method) -> list[Fault]:
    """A sample is made by sampling, and nothing else is; a model or a roll-up may make anything else."""
    if (source is Source.SAMPLE) is not (method is Method.SAMPLE):
        return [Fault("/method", "supplement_method_unfit", {"method": method.value})]
    return []


def recognised_by(signs: Sequence[str], said: Mapping[str, bool]) -> str | None:
    """Return the first sign that holds, of those that count; ``None`` where none does."""
    return next((sign for sign in signs if said.get(sign)), None)
