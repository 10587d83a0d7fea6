"""``ccezone quote``: worked answers to JSON lines, with the published vectors' column names as keys.

Inputs are the columns without ``expected_``; answers are the ``expected_…`` columns without that prefix. Decimals are
strings (numbers are taken too). Needs no database: limits are the shipped national parameters of the line's day.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import BinaryIO

import click

from ccezone.import_tax.rules import (
    DutiableGoods,
    EffectiveRate,
    Limits,
    Route,
    TaxAssessment,
    assess,
    choose_route,
    limits_on,
    spread,
)
from ccezone.kernel.clock import SHANGHAI, SystemClock
from ccezone.kernel.errors import Fault, Refused
from ccezone.parameters.queries import default_book
from ccezone.parameters.rules import ParameterMissing
from schemas.codes.problems import text

Row = Mapping[str, object]
Answer = Mapping[str, object]

_IMPORT_TAX_INPUTS = frozenset(
    {
        "vector_id", "group", "effective_regime", "order_items", "retail_price_cny", "freight_cny", "insurance_cny",
        "dutiable_price_cny", "statutory_qty", "statutory_qty_unit", "tariff_rate_pct", "vat_rate_pct",
        "ct_advalorem_pct", "ct_specific_cny_per_unit", "reduction_factor", "annual_used_before_cny",
        "result_origin", "source", "note",
    }
)  # fmt: skip
_PLAIN_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,10})?")
_REGIME = re.compile(r"(\d{4}-\d{2}-\d{2})(\.\.(\d{4}-\d{2}-\d{2})?)?", re.ASCII)
_HUNDRED = Decimal(100)


@click.group()
def quote() -> None:
    """Work examples out: JSON lines in, JSON lines out. 试算。"""


@quote.command("import-tax")
def import_tax() -> None:
    """Tax on retail imports; keys as in import_tax_vectors.csv. Exit 1 when any line was bad."""
    good = answer_lines(quote_import_tax, sys.stdin.buffer, click.echo)
    sys.exit(0 if good else 1)


def answer_lines(answer: Callable[[Row], Answer], source: BinaryIO, write: Callable[[str], None]) -> bool:
    """Answer every line of ``source``; a bad line is answered by an error object. Return whether all were good.

    ``answer`` raises ``Refused`` with faults whose pointers name the keys.
    """
    good = True
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        row: Row = {}
        try:
            row = _read_line(line)
            reply = _named(row) | dict(answer(row))
        except Refused as refused:
            good = False
            reply = _named(row) | {"line": number, "errors": [_error(fault) for fault in refused.faults]}
        write(json.dumps(reply, ensure_ascii=False))
    return good


def quote_import_tax(row: Row) -> Answer:
    """Answer one line of import-tax inputs. Raises ``Refused``."""
    inputs = Inputs(row)
    limits = _limits(inputs)
    price = _dutiable_price(inputs)
    used_before = inputs.amount("annual_used_before_cny", Decimal(0))
    items = inputs.count("order_items")
    rate, quantity = _rate(inputs)
    route = choose_route(price, items == 1, used_before, limits)
    if route is Route.FULL_TAX and rate.tariff_pct is None:
        inputs.fault("tariff_rate_pct", "quote_tariff_needed")
    inputs.refuse_faults()
    goods = DutiableGoods(1, spread(price, [price])[0], rate, quantity)
    reply = _reply(assess([goods], price, route, limits, used_before))
    unknown = sorted(key for key in row if key not in _IMPORT_TAX_INPUTS and not key.startswith("expected_"))
    return {**reply, "ignored_keys": unknown} if unknown else reply


class Inputs:
    """Reads one line's values, and gathers what is wrong with them so that all is told at once."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._faults: list[Fault] = []

    def text(self, key: str) -> str:
        """Return the value as trimmed text; empty when absent or null."""
        value = self._row.get(key)
        if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 30:
            return format(value, "f")
        return "" if value is None else str(value).strip()

    def given(self, key: str) -> bool:
        return bool(self.text(key))

    def amount(self, key: str, default: Decimal | None = None) -> Decimal:
        """Return a number of zero or more. Absent: the default, or a fault when there is none."""
        value = self.text(key)
        if not value:
            if default is None:
                self.fault(key, "required")
            return default or Decimal(0)
        if not _PLAIN_NUMBER.fullmatch(value):
            self.fault(key, "quote_amount", value=value)
            return Decimal(0)
        return Decimal(value)

    def percent(self, key: str, default: Decimal | None = None) -> Decimal:
        """Return a percentage from 0 to below 100."""
        value = self.amount(key, default)
        if value >= _HUNDRED:
            self.fault(key, "quote_percent", value=str(value))
            return Decimal(0)
        return value

    def count(self, key: str) -> int:
        """Return a whole number of one or more; required."""
        value = self.text(key)
        if not value:
            self.fault(key, "required")
        elif _PLAIN_NUMBER.fullmatch(value) and Decimal(value) >= 1 and Decimal(value) % 1 == 0:
            return int(Decimal(value))
        else:
            self.fault(key, "quote_count", value=value)
        return 1

    def fault(self, key: str, code: str, **params: str) -> None:
        self._faults.append(Fault(f"/{key}", code, params))

    def refuse_faults(self) -> None:
        """Raise ``Refused`` with everything that was found wrong, if anything was."""
        if self._faults:
            raise Refused(*self._faults)


def _limits(inputs: Inputs) -> Limits:
    regime = inputs.text("effective_regime")
    book = default_book()
    today = SystemClock().now().astimezone(SHANGHAI).date()
    factor = inputs.amount("reduction_factor") if inputs.given("reduction_factor") else None
    if factor is not None and factor > 1:
        inputs.fault("reduction_factor", "quote_factor", value=str(factor))
    try:
        shape = _REGIME.fullmatch(regime) if regime else None
        if regime and shape is None:
            raise ValueError(regime)
        limits = limits_on(book.decimal, date.fromisoformat(shape[1]) if shape else today)
    except (ValueError, ParameterMissing):
        inputs.fault("effective_regime", "quote_regime", value=regime)
        limits = limits_on(book.decimal, today)
    return limits if factor is None else limits.with_factor(factor)


def _dutiable_price(inputs: Inputs) -> Decimal:
    parts = ("retail_price_cny", "freight_cny", "insurance_cny")
    if not inputs.given("retail_price_cny") and inputs.given("dutiable_price_cny"):
        return inputs.amount("dutiable_price_cny")
    total = sum((inputs.amount(part, None if part == parts[0] else Decimal(0)) for part in parts), Decimal(0))
    if inputs.given("dutiable_price_cny"):
        stated = inputs.amount("dutiable_price_cny")
        if stated != total:
            inputs.fault("dutiable_price_cny", "quote_sum", value=str(stated), sum=str(total))
    return total


def _rate(inputs: Inputs) -> tuple[EffectiveRate, Decimal]:
    specific = inputs.amount("ct_specific_cny_per_unit", Decimal(0))
    if specific and not inputs.given("statutory_qty"):
        inputs.fault("statutory_qty", "quote_quantity_needed")
    rate = EffectiveRate(
        inputs.percent("vat_rate_pct"),
        inputs.percent("ct_advalorem_pct", Decimal(0)),
        specific,
        inputs.amount("tariff_rate_pct") if inputs.given("tariff_rate_pct") else None,
    )
    return rate, inputs.amount("statutory_qty", Decimal(0))


def _reply(assessment: TaxAssessment) -> Answer:
    retail = assessment.route.retail
    taxes = {
        "tariff_cny": assessment.tariff,
        "consumption_tax_cny": assessment.consumption_tax,
        "vat_cny": assessment.vat,
        "total_tax_cny": assessment.total,
        "composite_rate_pct": assessment.composite_rate_pct,
    }
    return {
        "route": str(assessment.route),
        **{key: f"{value:f}" if retail and value is not None else None for key, value in taxes.items()},
        "annual_used_after_cny": f"{assessment.used_after:f}",
    }


def _read_line(line: bytes) -> Row:
    try:
        row = json.loads(line.decode("utf-8-sig"), parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused(Fault("", "quote_not_json")) from None
    if not isinstance(row, dict):
        raise Refused(Fault("", "quote_not_json"))
    return row


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _named(row: Row) -> dict[str, object]:
    return {"vector_id": str(row["vector_id"])} if "vector_id" in row else {}


def _error(fault: Fault) -> dict[str, str]:
    message_zh, remedy_zh = text(fault, "zh")
    message, remedy = text(fault, "en")
    return {
        "key": fault.pointer.removeprefix("/"),
        "code": fault.code,
        "message": message,
        "remedy": remedy,
        "message_zh": message_zh,
        "remedy_zh": remedy_zh,
    }
