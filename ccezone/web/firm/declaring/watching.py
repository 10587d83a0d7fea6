"""What the hub thinks of a form while it is filled in: faults by the same rules as everywhere, tests, merge, tax."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ccezone.declarations.queries import missing_fault
from ccezone.declarations.rules.conditions import Tested
from ccezone.declarations.rules.facts import Missing
from ccezone.declarations.service.forming import DECLARATION, FormFault, ListPreview, preview_form
from ccezone.enterprises.queries import EnterpriseView
from ccezone.import_tax.rules import TaxAssessment
from ccezone.kernel.errors import Fault
from ccezone.matching.queries import MatchRow
from ccezone.web.firm.declarations.words import ROUTES
from ccezone.web.firm.declaring.documents import form_of, labelled, line_of, placed
from ccezone.web.firm.declaring.forming import name_of
from ccezone.web.firm.declaring.shape import Shape
from ccezone.web.firm.declaring.typed import lines
from ccezone.web.firm.matches import TONES, VERDICTS, WAITING
from ccezone.web.hub import hub
from ccezone.web.shell.forms import Mistake, field_of
from ccezone.web.shell.i18n import Language, language
from schemas.codes import code_list
from schemas.codes.problems import text

_NOT_THE_FORMS = frozenset({"bill", "tax"})
"""What a list lacks that nobody mends in the form: it is told, and does not keep a form from being submitted."""

_NAMED_BY_PLACE = frozenset({"line"})
"""Told by a pointer into the list: the form calls it as it calls the field."""


@dataclass(frozen=True, slots=True)
class MatchWords:
    """The merge's verdict in words."""

    label: str
    tone: str
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class TaxWords:
    """What an import would cost the buyer, by which route (yuan); ``used`` of the year's quota as far as the hub knows."""

    dutiable_price: Decimal
    total: Decimal
    used: Decimal
    route: str


@dataclass(frozen=True, slots=True)
class Watched:
    """Everything that stands beside a form. ``blocking`` faults keep it from being submitted."""

    shape: Shape
    faults: Sequence[Fault]
    blocking: Sequence[Fault] = ()
    tests: Sequence[Tested] = ()
    digits: int = 0
    match: MatchWords | None = None
    tax: TaxWords | None = None

    def mistakes(self, language: Language) -> list[Mistake]:
        """Return the faults in words."""
        return [Mistake(field_of(fault.pointer), *text(fault, language)) for fault in self.faults]

    def label(self, name: str, language: Language) -> str:
        """Return what a field is called."""
        return name_of(self.shape, name, language)


def watch(shape: Shape, typed: Mapping[str, str], firm: EnterpriseView) -> Watched:
    """Judge what stands in a form now; nothing is kept."""
    table = hub().forms
    if table is None:
        return Watched(shape, of_list(shape, typed))
    seen = preview_form(table, firm, form_of(shape, typed))
    found = _once([*faults_of(shape, seen.faults), *of_list(shape, typed)])
    missing = [each for planned in seen.lists for each in planned.missing]
    blocking = _once([*found, *(_lacking(shape, typed, each) for each in missing if each.kind not in _NOT_THE_FORMS)])
    every = _once([*blocking, *(_lacking(shape, typed, each) for each in missing)])
    planned = seen.lists[0] if seen.lists else None
    if planned is None:
        blocking = _once([*blocking, *_unanswered(shape, typed)])
        every = blocking
    return Watched(
        shape,
        every,
        blocking,
        planned.tests if planned else (),
        planned.digits if planned and planned.tests else 0,
        _words(seen.match) if seen.match else None,
        _tax(planned, planned.tax) if planned and planned.tax else None,
    )


def faults_of(shape: Shape, faults: Sequence[FormFault]) -> list[Fault]:
    """Return faults of a form's parts as faults of the form."""
    return [placed(shape, each.part, each.fault) for each in faults]


def of_list(shape: Shape, typed: Mapping[str, str]) -> list[Fault]:
    """Judge what a form says of the declaration itself by its message: lengths and code lists."""
    faults = []
    for asked in shape.part("list"):
        faults += _of_value(f"/{asked.name}", asked.max_length, asked.codes, typed.get(asked.name, ""))
    for number, row in enumerate(lines(typed)):
        for asked in shape.stated:
            faults += _of_value(f"/lines/{number}/{asked.name}", asked.max_length, asked.codes, row.get(asked.name, ""))
    return faults


def _unanswered(shape: Shape, typed: Mapping[str, str]) -> list[Fault]:
    """What the declaration needs and nobody has said, while no list can be composed that would tell."""
    return [Fault(f"/{asked.name}", "required") for asked in shape.part("list") if asked.required and not typed.get(asked.name)]


def _lacking(shape: Shape, typed: Mapping[str, str], missing: Missing) -> Fault:
    fault = missing_fault(missing)
    if missing.kind == "product":
        return Fault(f"/lines/{line_of(typed, missing.name)}/item_no", fault.code, fault.params)
    if missing.kind == "defaults":
        return Fault(f"/{labelled(missing.name)}", "required")
    found = placed(shape, DECLARATION, fault)
    if missing.kind in _NAMED_BY_PLACE:
        return replace(found, params={**found.params, "value": name_of(shape, field_of(found.pointer), language())})
    return found


def _once(faults: Sequence[Fault]) -> list[Fault]:
    """Keep the first fault of each field and code."""
    kept: dict[tuple[str, str, str], Fault] = {}
    for fault in faults:
        kept.setdefault((fault.pointer, fault.code, "" if fault.pointer else str(fault.params)), fault)
    return list(kept.values())


def _words(match: MatchRow) -> MatchWords:
    notes = [str(WAITING[each]) for each in match.waiting if each in WAITING]
    notes += [f"{each.rule.id} {each.left or '—'} / {each.right or '—'}" for each in match.differences]
    return MatchWords(str(VERDICTS[match.verdict]), TONES[match.verdict], notes)


def _tax(planned: ListPreview, tax: TaxAssessment) -> TaxWords:
    return TaxWords(tax.dutiable_price, tax.total, planned.used_before, str(ROUTES.get(tax.route, "")))


def _of_value(pointer: str, longest: int | None, codes: str, value: str) -> list[Fault]:
    if longest and len(value) > longest:
        return [Fault(pointer, "too_long", {"max": str(longest), "actual": str(len(value))})]
    if value and codes:
        known = code_list(codes)
        if known.complete and not known.contains(value):
            return [Fault(pointer, "unknown_code", {"value": value, "list_zh": known.label_zh, "list_en": known.label_en})]
    return []
