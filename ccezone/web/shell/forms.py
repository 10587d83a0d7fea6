"""Forms: fields as data, what was typed, and the faults beside it. Used by pages that keep master data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Literal

from flask import request
from flask_babel.speaklater import LazyString

from ccezone.kernel.errors import Fault
from ccezone.web.shell.i18n import Language
from schemas.codes import Code, code_list
from schemas.codes.problems import text
from schemas.derive.form import FormField

Kind = Literal[
    "text", "textarea", "decimal", "email", "password", "integer", "date", "datetime", "select", "checkbox", "checkboxes"
]
MOST_OPTIONS = 400
Values = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. With ``codes`` its options are that code list, suggested or (when short) chosen from."""

    name: str
    label: LazyString
    kind: Kind = "text"
    required: bool = False
    max_length: int | None = None
    codes: str = ""
    options: tuple[tuple[str, LazyString | str], ...] = ()
    help: LazyString | None = None
    autocomplete: str = "off"

    def choices(self, language: Language) -> list[tuple[str, str]]:
        """Return the options as (value, words); of a code list with the code in front."""
        if not self.codes:
            return [(value, str(label)) for value, label in self.options]
        codes = code_list(self.codes)
        return [(code, f"{code} {codes.label(code, language)}") for code in codes.codes]

    @property
    def chosen(self) -> bool:
        """Say whether it is chosen from a closed list, rather than typed with suggestions."""
        if self.codes:
            codes = code_list(self.codes)
            return codes.complete and len(codes.codes) <= MOST_OPTIONS
        return self.kind == "select"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A fault as a form shows it: the field it belongs to (empty: the whole form), message and remedy."""

    field: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Form:
    """Fields, what stands in them, and what is wrong with it."""

    fields: Sequence[Field]
    values: Values = field(default_factory=dict)
    faults: Sequence[Fault] = ()

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        found = self.values.get(name, "")
        return found if isinstance(found, str) else ""

    def ticked(self, name: str, option: str) -> bool:
        """Say whether a box is ticked."""
        return option in self.values.get(name, ())

    def mistakes(self, language: Language) -> list[Mistake]:
        """Return all faults in the reader's language."""
        return [Mistake(field_of(fault.pointer), *text(fault, language)) for fault in self.faults]

    def mistakes_of(self, name: str, language: Language) -> list[Mistake]:
        """Return the faults of one field."""
        return [mistake for mistake in self.mistakes(language) if mistake.field == name]

    def field_named(self, name: str) -> Field | None:
        """Return a field by name."""
        return next((known for known in self.fields if known.name == name), None)


def field_of(pointer: str) -> str:
    """Return the field a JSON pointer names: ``/0/hs_code`` is ``hs_code``, ``/lines/2/qty`` is ``lines-2-qty``."""
    parts = pointer.strip("/").split("/")
    return "-".join(parts) if parts[0] == "lines" else parts[-1]


def message_field(known: FormField, language: Language, prefix: str = "") -> Field:
    """Turn a field derived from a message definition into one of a form (``prefix``: ``lines-0-`` for a line's)."""
    label = known.label_zh if language == "zh" else known.label_en
    options = tuple((entry.code, f"{entry.code} {_named(entry, language)}") for entry in known.options)
    return Field(prefix + known.name, label, known.kind, known.required, known.max_length, options=options, help=known.note)


def _named(entry: Code, language: Language) -> str:
    return entry.label_zh if language == "zh" else entry.label_en or entry.label_zh


def submitted(fields: Iterable[Field]) -> dict[str, str | Sequence[str]]:
    """Return what the browser sent for these fields, without outer white space (passwords as they are)."""
    values: dict[str, str | Sequence[str]] = {}
    for known in fields:
        if known.kind == "checkboxes":
            values[known.name] = request.form.getlist(known.name)
        else:
            typed = request.form.get(known.name, "")
            values[known.name] = typed if known.kind == "password" else typed.strip()
    return values


def posted_version() -> int:
    """Return the version a form was drawn from; -1, which no row has, when the browser sent none."""
    version = request.form.get("version", "")
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else -1


def texts(values: Values) -> dict[str, str]:
    """Return the single values only."""
    return {name: value for name, value in values.items() if isinstance(value, str)}


def faults_of_form(fields: Iterable[Field], values: Values) -> list[Fault]:
    """Judge what every form judges: required fields, lengths, choices, numbers."""
    faults = []
    for known in fields:
        typed = values.get(known.name, "")
        if known.required and not typed:
            faults.append(Fault(f"/{known.name}", "required"))
        elif isinstance(typed, str) and typed:
            faults += _faults_of_value(known, typed)
    return faults


def number(typed: str) -> Decimal | None:
    """Read a plain decimal; ``None`` when nothing is typed. Raises ``ValueError``."""
    if not typed:
        return None
    try:
        found = Decimal(typed.replace(",", ""))
    except InvalidOperation:
        raise ValueError(typed) from None
    if not found.is_finite() or "e" in typed.lower():
        raise ValueError(typed)
    return found


def required_number(typed: str) -> Decimal:
    """Read a plain decimal that must be there. Raises ``ValueError``."""
    found = number(typed)
    if found is None:
        raise ValueError(typed)
    return found


def _faults_of_value(known: Field, typed: str) -> list[Fault]:
    pointer = f"/{known.name}"
    if known.max_length and len(typed) > known.max_length:
        return [Fault(pointer, "too_long", {"max": str(known.max_length), "actual": str(len(typed))})]
    if known.kind == "decimal":
        try:
            number(typed)
        except ValueError:
            return [Fault(pointer, "not_a_number", {"value": typed})]
    if known.codes and known.chosen and not code_list(known.codes).contains(typed):
        names = code_list(known.codes)
        return [Fault(pointer, "unknown_code", {"value": typed, "list_zh": names.label_zh, "list_en": names.label_en})]
    return []
