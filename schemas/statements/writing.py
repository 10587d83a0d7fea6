"""Writing a statement, for whoever plays a bank."""

import csv
import json
from datetime import date
from decimal import Decimal
from io import StringIO

from schemas.statements.definition import ENTRY, HEAD, Entry, Statement, guarded, letters


def write_statement(said: Statement, form: str) -> bytes:
    """Spell a statement in a format. Raises ``KeyError``: no such format."""
    return {"mt940": _mt940, "csv": _csv, "json": _json}[form](said).encode()


def _head(said: Statement) -> dict[str, str]:
    return {
        "account": said.account,
        "currency": letters(said.currency),
        "sequence": str(said.sequence),
        "day": said.day.isoformat(),
        "opening": f"{said.opening:f}",
        "closing": f"{said.closing:f}",
    }


def _entry(said: Entry) -> dict[str, str]:
    return {
        "bank_reference": said.bank_reference,
        "amount": f"{said.amount:f}",
        "value_date": said.value_date.isoformat(),
        "payer": said.payer,
        "kind": said.kind,
        "settlement_reference": said.settlement_reference,
    }


def _json(said: Statement) -> str:
    return json.dumps({**_head(said), "entries": [_entry(each) for each in said.entries]}, ensure_ascii=False, indent=1)


def _csv(said: Statement) -> str:
    text = StringIO(newline="")
    sheet = csv.DictWriter(text, [each.name for each in (*HEAD, *ENTRY)], lineterminator="\r\n")
    sheet.writeheader()
    for entry in [_entry(each) for each in said.entries] or [{}]:
        sheet.writerow({**_head(said), **entry})
    return text.getvalue()


def _mt940(said: Statement) -> str:
    currency = letters(said.currency)
    lines = [
        f":20:{said.day:%Y%m%d}",
        f":25:{said.account}",
        f":28C:{said.sequence}/1",
        f":60F:{_signed(said.opening, said.day, currency)}",
    ]
    for each in said.entries:
        mark = "C" if each.amount >= 0 else "D"
        lines.append(f":61:{each.value_date:%y%m%d}{mark}{_comma(abs(each.amount))}NTRFNONREF//{each.bank_reference}")
        lines.append(f":86:/PAYER/{guarded(each.payer)}/KIND/{each.kind}/REF/{guarded(each.settlement_reference)}")
    return "\r\n".join([*lines, f":62F:{_signed(said.closing, said.day, currency)}", "-", ""])


def _signed(amount: Decimal, day: date, currency: str) -> str:
    return f"{'D' if amount < 0 else 'C'}{day:%y%m%d}{currency}{_comma(abs(amount))}"


def _comma(amount: Decimal) -> str:
    return f"{amount:f}".replace(".", ",") if "." in f"{amount:f}" else f"{amount:f},"
