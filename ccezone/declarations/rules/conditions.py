"""The tests of the simplified paths: each is passed, failed, or not known, and says on what ground (CEB603 ``statisticsFlag``).

Path A of 9610 and 1210: no export duty, no refund wanted, no licence or inspection, parcel value within the limit; then goods
may be declared by a four-digit heading. 9710 and 9810 lists: no duty, no licence or inspection, value within the limit; six
digits. Export duties and licences are in no table the hub has, so a firm states them; the hub never guesses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ccezone.declarations.rules.facts import Missing
from ccezone.declarations.rules.modes import Condition, Mode
from ccezone.kernel.money import round_half_up

FULL_CODE = 10
YUAN = "142"


class Outcome(StrEnum):
    """What a test says."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rate:
    """Yuan for one unit of a currency. ``provisional``: of an earlier month, because none is published yet."""

    cny: Decimal
    document: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class SimpleTerms:
    """What is in force on a day for one mode: the parcel limit (yuan) and how many digits of a code suffice."""

    limit: Decimal
    digits: int
    limit_source: str = ""


@dataclass(frozen=True, slots=True)
class Tested:
    """One test. ``ground`` says where the outcome comes from: ``stated`` by the firm, ``licence_no``, ``value``, ``none``."""

    condition: Condition
    outcome: Outcome
    ground: str
    source: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declared:
    """What the tests look at: the parcel's goods value in the order's currency, the licence, the firm's statements."""

    value: Decimal
    currency: str
    licence_no: str
    statements: Mapping[str, str]
    codes: Sequence[str]


def plainly_fits(mode: Mode, path: str, declared: Declared, terms: SimpleTerms, rate: Rate | None) -> bool:
    """Say whether nothing can stop these goods: the short way for the many of which their firm stated nothing."""
    if any(len(code) < FULL_CODE for code in declared.codes):
        return False
    if not mode.tested(path):
        return True
    if declared.statements or declared.licence_no:
        return False
    if declared.currency == YUAN:
        return declared.value <= terms.limit
    return not mode.listed_only if rate is None else round_half_up(declared.value * rate.cny) <= terms.limit


def run_tests(mode: Mode, path: str, declared: Declared, terms: SimpleTerms, rate: Rate | None) -> list[Tested]:
    """Run the tests of a mode and path; none when it has no such tests."""
    if not mode.tested(path):
        return []
    return [_run(condition, mode, declared, terms, rate) for condition in mode.conditions]


def _run(condition: Condition, mode: Mode, declared: Declared, terms: SimpleTerms, rate: Rate | None) -> Tested:
    if condition == Condition.PARCEL_VALUE:
        return _within_limit(declared, terms, rate)
    if condition == Condition.NO_LICENCE and declared.licence_no:
        return Tested(condition, Outcome.FAILED, "licence_no", mode.source, {"value": declared.licence_no})
    said = declared.statements.get(condition, "")
    outcome = {"yes": Outcome.PASSED, "no": Outcome.FAILED}.get(said)
    if outcome is None and condition == Condition.NO_REFUND:
        outcome = Outcome.PASSED  # whoever chooses path A wants no refund, unless it says that it does
        return Tested(condition, outcome, "path", mode.source)
    return Tested(condition, outcome or Outcome.UNKNOWN, "stated" if outcome else "none", mode.source)


def _within_limit(declared: Declared, terms: SimpleTerms, rate: Rate | None) -> Tested:
    params = {"value": f"{declared.value:f}", "currency": declared.currency, "limit": f"{terms.limit:f}"}
    rate = Rate(Decimal(1)) if declared.currency == YUAN else rate
    if rate is None:
        return Tested(Condition.PARCEL_VALUE, Outcome.UNKNOWN, "no_rate", terms.limit_source, params)
    yuan = round_half_up(declared.value * rate.cny)
    told = {**params, "yuan": f"{yuan:f}", "rate": f"{rate.cny:f}"}
    outcome = Outcome.PASSED if yuan <= terms.limit else Outcome.FAILED
    return Tested(Condition.PARCEL_VALUE, outcome, "provisional_rate" if rate.provisional else "value", terms.limit_source, told)


def digits_allowed(mode: Mode, path: str, results: Sequence[Tested], terms: SimpleTerms) -> int:
    """Return how many digits of a commodity code suffice: fewer only where every test was passed."""
    simplified = mode.tested(path) and all(each.outcome == Outcome.PASSED for each in results)
    return terms.digits if simplified else FULL_CODE


def obstacles(mode: Mode, path: str, declared: Declared, terms: SimpleTerms, results: Sequence[Tested]) -> list[Missing]:
    """Return what keeps a list from being filed: a failed test, an unknown value of a mode that is only for small parcels,
    a commodity code that is too short."""
    found = [
        Missing(
            "condition", each.condition, {"mode": mode.trade_mode, "outcome": each.outcome, "ground": each.ground, **each.params}
        )
        for each in results
        if each.outcome == Outcome.FAILED or (mode.listed_only and each.ground == "no_rate")
    ]
    least = digits_allowed(mode, path, results, terms)
    for place, code in enumerate(declared.codes):
        if len(code) < least:
            found.append(
                Missing("hs_digits", f"lines/{place}/hs_code", {"value": code, "least": str(least), "mode": mode.trade_mode})
            )
    return found
