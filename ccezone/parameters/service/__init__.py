"""Changing parameters: a new value is a new dated row; nothing is overwritten, so every past day can be recomputed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.parameters import queries
from ccezone.parameters.rules import NATIONAL, Kind, Parameter, rate_key, read_value
from ccezone.parameters.service.proposing import (
    ProposalMoved,
    approve_proposal,
    propose,
    propose_cancel,
    refuse_proposal,
    withdraw_proposal,
)
from ccezone.parameters.service.storing import add_row
from ccezone.storage import UnitOfWork

__all__ = [
    "MonthlyRates",
    "ProposalMoved",
    "approve_proposal",
    "load_defaults",
    "propose",
    "propose_cancel",
    "refuse_proposal",
    "set_exchange_rates",
    "set_parameter",
    "withdraw_proposal",
]


def load_defaults(uow: UnitOfWork, clock: Clock) -> int:
    """Add the shipped values that are not there yet, and return how many; rows that people made stay as they are."""
    return sum(add_row(uow, parameter, clock, "") for parameter in queries.defaults())


def set_parameter(
    uow: UnitOfWork,
    clock: Clock,
    *,
    zone: str,
    key: str,
    value: str,
    effective_from: date,
    document: str,
    created_by: str,
    effective_to: date | None = None,
    note: str = "",
) -> Parameter:
    """Give a key a value from a day on, in one zone.

    ``value`` as people write it (see ``rules.read_value``). Raises ``Refused`` with every reason: unknown key,
    value of another kind, missing document, ends before it begins, or a row that already begins on that day.
    """
    known = queries.catalogue().get(key)
    faults = [] if known else [Fault("/key", "unknown_parameter", {"key": key})]
    if known:
        try:
            read_value(known.kind, value)
        except ValueError:
            faults.append(Fault("/value", "parameter_kind", {"value": value, "kind": known.kind}))
    if not document.strip():
        faults.append(Fault("/document", "required"))
    if effective_to is not None and effective_to < effective_from:
        faults.append(Fault("/effective_to", "ends_before_begin"))
    if faults or known is None:
        raise Refused(*faults)
    parameter = Parameter(zone, key, read_value(known.kind, value), effective_from, effective_to, document, "zone decision", note)
    if not add_row(uow, parameter, clock, created_by):
        raise Refused(Fault("/effective_from", "parameter_begins_already", {"day": effective_from.isoformat()}))
    return parameter


@dataclass(frozen=True, slots=True)
class MonthlyRates:
    """Customs exchange rates of one month, as entered: numeric currency code to yuan for one unit; with their document."""

    month: date
    rates: Mapping[str, str]
    document: str
    status: str = "zone decision"


def set_exchange_rates(uow: UnitOfWork, clock: Clock, *, entered: MonthlyRates, created_by: str) -> int:
    """Keep a month's customs exchange rates, all or none; return how many.

    Raises ``Refused``: no rate, no document, an unknown currency, no positive number, or a rate the month has already.
    """
    faults = [] if entered.rates else [Fault("", "exchange_rates_none")]
    if not entered.document.strip():
        faults.append(Fault("/document", "required"))
    faults += [fault for currency, rate in entered.rates.items() for fault in _rate_faults(currency, rate)]
    if faults:
        raise Refused(*faults)
    first = entered.month.replace(day=1)
    for currency, rate in entered.rates.items():
        key = rate_key(currency)
        row = Parameter(NATIONAL, key, rate, first, None, entered.document.strip(), entered.status)
        if not add_row(uow, row, clock, created_by):
            faults.append(Fault(f"/{currency}", "exchange_rate_known", {"month": f"{first:%Y-%m}"}))
    if faults:
        raise Refused(*faults)
    return len(entered.rates)


def _rate_faults(currency: str, rate: str) -> list[Fault]:
    if rate_key(currency) not in queries.catalogue():
        return [Fault(f"/{currency}", "unknown_currency", {"value": currency})]
    try:
        good = Decimal(str(read_value(Kind.DECIMAL, rate))) > 0
    except ValueError:
        return [Fault(f"/{currency}", "not_a_number", {"value": rate})]
    return [] if good else [Fault(f"/{currency}", "must_be_positive", {"value": rate})]
