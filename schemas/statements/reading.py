"""Reading a statement: each format is cut into the same named texts, which the definition then judges."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from ccezone.kernel.errors import Fault, Refused
from schemas.statements.definition import ENTRY, HEAD, MOST_ENTRIES, Entry, Statement, unguarded, unreadable, values_of

_MOST_BYTES = 4 * 1024 * 1024
_TAG = re.compile(r":(\d\d[A-Z]?):(.*)")
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})([\d,]+)")
_ENTRY = re.compile(r"(\d{6})(\d{4})?(C|D|RC|RD)([\d,]+)N[A-Z]{3}(?:NONREF|[^/]*)//(.*)")
_PART = re.compile(r"/(PAYER|KIND|REF)/([^/]*)")
_HEAD_NAMES = [each.name for each in HEAD]
_SIGNS = {"C": "", "RD": "", "D": "-", "RC": "-"}


@dataclass(frozen=True, slots=True)
class _Cut:
    """A file as named texts, each with the line it stands on."""

    head: Mapping[str, str]
    entries: Sequence[tuple[int, Mapping[str, str]]]


def read_statement(content: bytes) -> Statement:
    """Read a statement of any format. Raises ``Refused`` with a fault for each field that is missing or wrong."""
    if len(content) > _MOST_BYTES:
        raise unreadable(1, "too large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unreadable(1, "UTF-8") from None
    start = text.lstrip()[:1]
    name = {"{": "json", ":": "mt940"}.get(start, "csv")
    cut = {"json": _json, "mt940": _mt940, "csv": _csv}[name](text)
    if len(cut.entries) > MOST_ENTRIES:
        raise unreadable(MOST_ENTRIES, "too many lines")
    return _built(cut, name)


def _built(cut: _Cut, name: str) -> Statement:
    head, faults = values_of(HEAD, cut.head, "", 1)
    entries, seen = [], set[object]()
    for place, (line, said) in enumerate(cut.entries):
        values, wrong = values_of(ENTRY, said, f"/entries/{place}", line)
        if not wrong and values["bank_reference"] in seen:
            told = {"line": str(line), "value": str(values["bank_reference"])}
            wrong.append(Fault(f"/entries/{place}/bank_reference", "statement_twice", told))
        seen.add(values.get("bank_reference"))
        faults += wrong
        if not wrong:
            entries.append(Entry(**values))  # type: ignore[arg-type]  # the definition read them
    if faults:
        raise Refused(*faults[:50])
    found = Statement(**head, entries=tuple(entries), format=name)  # type: ignore[arg-type]  # the definition read them
    total = found.opening + sum(each.amount for each in found.entries)
    if total != found.closing:
        raise Refused(Fault("/closing", "statement_sum", {"sum": f"{total:f}", "closing": f"{found.closing:f}"}))
    return found


def _json(text: str) -> _Cut:
    try:
        said = json.loads(text)
    except ValueError as error:
        raise unreadable(getattr(error, "lineno", 1), "JSON") from None
    if not isinstance(said, dict) or not isinstance(said.get("entries"), list):
        raise unreadable(1, "JSON: entries")
    if not all(isinstance(each, dict) for each in said["entries"]):
        raise unreadable(1, "JSON: entries")
    return _Cut(_texts(said), [(place, _texts(each)) for place, each in enumerate(said["entries"], start=1)])


def _texts(said: Mapping[str, object]) -> Mapping[str, str]:
    """Texts and whole numbers as texts; amounts are written as texts, for a JSON fraction has no exact value."""
    return {name: str(value) for name, value in said.items() if isinstance(value, str | int) and not isinstance(value, bool)}


def _csv(text: str) -> _Cut:
    try:
        table = list(csv.DictReader(StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise unreadable(1, f"CSV: {error}") from None
    if not table or not set(_HEAD_NAMES) <= set(table[0]):
        raise unreadable(1, "CSV: " + " ".join(_HEAD_NAMES))
    clean = [{name: value or "" for name, value in row.items() if isinstance(name, str)} for row in table]
    head = {name: clean[0][name] for name in _HEAD_NAMES}
    for line, row in enumerate(clean, start=2):
        if any(row[name] != head[name] for name in _HEAD_NAMES):
            raise unreadable(line, "CSV: two statements in one file")
    kept = [(line, row) for line, row in enumerate(clean, start=2) if row.get("bank_reference") or row.get("amount")]
    return _Cut(head, kept)


def _mt940(text: str) -> _Cut:
    head: dict[str, str] = {}
    entries: list[tuple[int, dict[str, str]]] = []
    for number, tag, value in _fields(text):
        if tag == "25":
            head["account"] = value.strip()
        elif tag == "28C":
            head["sequence"] = value.split("/")[0].strip()
        elif tag in ("60F", "62F"):
            _balance(head, tag, value, number)
        elif tag == "61":
            entries.append((number, _entry(value, number)))
        elif tag == "86" and entries:
            found = {name: unguarded(said.strip()) for name, said in _PART.findall(value)}
            entries[-1][1].update(payer=found.get("PAYER", ""), kind=found.get("KIND", ""))
            entries[-1][1]["settlement_reference"] = found.get("REF", "")
    return _Cut(head, entries)


def _fields(text: str) -> Sequence[tuple[int, str, str]]:
    """The tagged fields with their lines; a line without a tag goes on with the field before it."""
    found: list[tuple[int, str, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if tagged := _TAG.fullmatch(line):
            found.append((number, tagged[1], tagged[2]))
        elif found and line.strip() not in ("", "-"):
            found[-1] = (*found[-1][:2], found[-1][2] + line)
    return found


def _balance(head: dict[str, str], tag: str, value: str, number: int) -> None:
    found = _BALANCE.fullmatch(value.strip())
    if found is None:
        raise unreadable(number, f":{tag}:")
    head["currency"] = found[3]
    head["opening" if tag == "60F" else "closing"] = ("-" if found[1] == "D" else "") + _plain(found[4])
    if tag == "62F":
        head["day"] = _date(found[2])


def _entry(value: str, number: int) -> dict[str, str]:
    found = _ENTRY.fullmatch(value.strip())
    if found is None:
        raise unreadable(number, ":61:")
    amount = _SIGNS[found[3]] + _plain(found[4])
    return {"bank_reference": found[5].strip(), "amount": amount, "value_date": _date(found[1])}


def _plain(amount: str) -> str:
    """``1234,`` and ``1234,5`` as plain decimals."""
    return amount.replace(",", ".", 1).rstrip(".")


def _date(digits: str) -> str:
    return f"20{digits[:2]}-{digits[2:4]}-{digits[4:6]}"
