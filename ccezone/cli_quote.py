"""``ccezone quote``: worked answers to JSON lines, with the published vectors' column names as keys.

Inputs are the columns without ``expected_``; answers are the ``expected_…`` columns without that prefix. Decimals are
strings (numbers are taken too). Needs no database: limits and rates are the shipped national parameters of the line's day.
"""

import json
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import BinaryIO

import click

from ccezone.kernel.clock import SHANGHAI, SystemClock
from ccezone.kernel.errors import Fault, Refused
from ccezone.parameters.queries import default_book
from ccezone.tax_refunds.queries.quoting import QUOTES, Answer, Row, Terms
from schemas.codes.problems import text


@click.group()
def quote() -> None:
    """Work examples out: JSON lines in, JSON lines out. 试算。"""


@quote.command("import-tax")
def import_tax() -> None:
    """Tax on retail imports; keys as in import_tax_vectors.csv. Exit 1 when any line was bad."""
    _answer("import-tax")


@quote.command("refund")
def refund() -> None:
    """Export refund by both methods; keys as in refund_vectors.csv. Exit 1 when any line was bad. 出口退税"""
    _answer("refund")


@quote.command("exemption")
def exemption() -> None:
    """Exemption without invoice; keys as in exemption_vectors.csv. Exit 1 when any line was bad. 无票免税"""
    _answer("exemption")


@quote.command("assessed-income-tax")
def assessed_income_tax() -> None:
    """Income tax by revenue; keys as in assessed_income_tax_vectors.csv. Exit 1 when any line was bad. 核定征收"""
    _answer("assessed-income-tax")


def _answer(kind: str) -> None:
    terms = Terms(default_book(), SystemClock().now().astimezone(SHANGHAI).date())
    good = answer_lines(lambda row: QUOTES[kind](row, terms), sys.stdin.buffer, click.echo)
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
