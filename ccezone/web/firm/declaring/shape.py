"""What the form of a mode asks, in sections: every field is one of a message definition, named once, asked once.

Which values a mode lets a firm state is the table ``declarations.rules.modes``; this module only says in which section
each is asked. Names of fields are domain names; those of the declaration itself start with ``list-``, because order and
declaration both have a freight and a note.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ccezone.bills.rules import BillKind
from ccezone.declarations.rules.modes import LINE, MODE, Mode
from ccezone.web.hub import hub
from ccezone.web.shell.forms import Field, Kind
from ccezone.web.shell.i18n import Language
from schemas.derive.form import FormField, form
from schemas.derive.labels import Label, labels

Part = Literal["order", "payment", "link", "list"]
SECTIONS = ("parties", "order", "goods", "payment", "logistics", "customs")
LIST = "list-"
_SPELLED_OTHERWISE = {"transport_name": ("traf_name", "traf_no")}
"""What messages of the two flows call differently."""
ASKED_AS = {other: name for name, others in _SPELLED_OTHERWISE.items() for other in others} | {"trade_mode": "declaration_path"}
"""Under which question a value of the declaration is mended that has another name in its message."""
_COMPUTED = frozenset({"order_type", "goods_value", "actual_paid", "line_no", "total_price"})
"""Values the form works out itself."""
_SECTION: Mapping[str, str] = {
    **dict.fromkeys(("platform_code", "platform_name", "merchant_code", "merchant_name"), "parties"),
    **dict.fromkeys(("list-agent_code", "list-agent_name", "list-owner_code", "list-owner_name"), "parties"),
    **dict.fromkeys(("list-bonded_enterprise_code", "list-bonded_enterprise_name", "list-assure_code"), "parties"),
    **dict.fromkeys(("payment_enterprise_code", "payment_enterprise_name", "payment_no", "amount", "paid_at"), "payment"),
    **dict.fromkeys(("discount", "tax_total"), "payment"),
    **dict.fromkeys(("carrier_code", "waybill_no", "list-transport_mode", "list-transport_name", "list-voyage_no"), "logistics"),
    **dict.fromkeys(("list-bill_no", "list-total_package_no", "list-gross_weight", "list-net_weight"), "logistics"),
    **dict.fromkeys(("list-packages", "list-wrap_type", "list-freight", "list-insurance"), "logistics"),
    **dict.fromkeys(("list-f_currency", "list-f_flag", "list-i_currency", "list-i_flag"), "logistics"),
}
"""Where a field is asked; what is not named: of the order with the order, of the declaration with customs."""
SELDOM = frozenset(
    {"list-f_currency", "list-f_flag", "list-i_currency", "list-i_flag", "list-freight", "list-insurance", "list-ie_date"}
    | {"list-gross_weight", "list-packages", "list-net_weight", "list-note", "note", "batch_numbers", "consignee_district"}
    | {"list-license_no", "list-loct_no"}
)
"""Asked under "more": the hub knows them from the waybill and the products, or they may stay empty."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: the name of its input, the document it goes into, and the value's name there."""

    name: str
    part: Part
    attribute: str
    element: str
    label_zh: str
    label_en: str
    kind: Kind
    required: bool
    max_length: int | None
    codes: str

    def label(self, language: Language) -> str:
        """Return what it is called."""
        return self.label_zh if language == "zh" else self.label_en

    def field(self, language: Language, prefix: str = "") -> Field:
        """Return it as a field of a form; ``prefix`` is ``lines-0-`` for a line's."""
        return Field(prefix + self.name, self.label(language), self.kind, self.required, self.max_length, self.codes)


@dataclass(frozen=True, slots=True)
class Shape:
    """All questions of a mode: by section, and of a line: those of the order, and those laid over the product master."""

    mode: Mode
    sections: Mapping[str, Sequence[Asked]]
    line: Sequence[Asked]
    stated: Sequence[Asked]

    @property
    def head(self) -> Sequence[Asked]:
        return [asked for fields in self.sections.values() for asked in fields]

    def seldom(self, section: str) -> Sequence[Asked]:
        """Return the questions of a section that are asked under "more"."""
        return [asked for asked in self.sections.get(section, ()) if asked.name in SELDOM]

    def often(self, section: str) -> Sequence[Asked]:
        """Return the other questions of a section."""
        return [asked for asked in self.sections.get(section, ()) if asked.name not in SELDOM]

    def part(self, part: Part) -> Sequence[Asked]:
        """Return the questions that go into the head of one document."""
        return [asked for asked in self.head if asked.part == part]


def spellings(attribute: str) -> Sequence[str]:
    """Return the names a value of the declaration has in messages."""
    return (attribute, *_SPELLED_OTHERWISE.get(attribute, ()))


def shape_of(trade_mode: str, flow: str) -> Shape:
    """Return what the form of a mode asks. Raises ``KeyError`` for a mode that has no list."""
    types = {kind: hub().deliveries.message_type(kind, flow) for kind in BillKind}
    return _shape(MODE[trade_mode, flow], types[BillKind.ORDER], types[BillKind.PAYMENT], types[BillKind.LINK])


@cache
def _shape(mode: Mode, order: str, payment: str, link: str) -> Shape:
    names: set[str] = set()
    found: list[Asked] = []
    parts: tuple[tuple[Part, str], ...] = (("order", order), ("payment", payment), ("link", link))
    for part, message_type in parts:
        if part == "payment" and mode.flow == "I":
            continue  # CEB411 is the payment enterprise's own word
        known = _codes(message_type)[0] if part != "link" else {}
        for field in form(message_type).head:
            if field.attribute not in names | _COMPUTED:
                names.add(field.attribute)
                found.append(_asked(field, part, known.get(field.attribute, "")))
    found += _of_list(mode)
    sections: dict[str, list[Asked]] = {section: [] for section in SECTIONS}
    for asked in found:
        sections[_SECTION.get(asked.name, "customs" if asked.part == "list" else "order")].append(asked)
    line, stated = _lines(mode, order)
    return Shape(mode, sections, line, stated)


def _of_list(mode: Mode) -> list[Asked]:
    known, codes = {field.attribute: field for field in form(mode.message_type).head}, _codes(mode.message_type)[0]
    found = []
    for name in (*(["declaration_path"] if len(mode.paths) > 1 else []), *dict.fromkeys((*mode.needed, *mode.head))):
        spelled = next((each for each in spellings(name) if each in known), None)
        if spelled is not None:
            field = known[spelled]
            found.append(_asked(field, "list", codes.get(spelled, ""), LIST, name, required=name in mode.needed))
    return found


def _lines(mode: Mode, order: str) -> tuple[tuple[Asked, ...], tuple[Asked, ...]]:
    codes = _codes(order)[1]
    line = [
        _asked(field, "order", codes.get(field.attribute, ""))
        for field in form(order).line
        if field.attribute not in _COMPUTED | {"currency"}
    ]
    asked = {each.name for each in line}
    fields, codes = {field.attribute: field for field in form(mode.message_type).line}, _codes(mode.message_type)[1]
    stated = [
        _asked(fields[name], "list", codes.get(name, ""), required=False) for name in LINE if name in fields and name not in asked
    ]
    return tuple(line), tuple(stated)


def _asked(field: FormField, part: Part, codes: str, prefix: str = "", name: str = "", *, required: bool | None = None) -> Asked:
    wanted = field.required if required is None else required
    if part in ("payment", "link"):
        wanted = False  # may come later, or from whoever else knows
    attribute = name or field.attribute
    return Asked(
        prefix + attribute, part, attribute, field.name, field.label_zh, field.label_en, field.kind, wanted, field.max_length, codes
    )


def _codes(message_type: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    def named(known: Mapping[str, Label]) -> Mapping[str, str]:
        return {name: label.code_list for name, label in known.items()}

    found = labels(message_type)
    return named(found.head), named(found.line)
