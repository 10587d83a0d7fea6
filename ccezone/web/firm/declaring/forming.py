"""From a draft to the form a page draws: fields with values and faults, section by section, lines below each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from ccezone.declarations.rules.modes import STATEMENTS
from ccezone.kernel.errors import Fault
from ccezone.web.firm.declaring import words
from ccezone.web.firm.declaring.shape import SECTIONS, Asked, Shape
from ccezone.web.firm.declaring.typed import lines
from ccezone.web.shell.forms import Field, Form
from ccezone.web.shell.i18n import Language


@dataclass(frozen=True, slots=True)
class SectionForm:
    """One section: questions asked always, those under "more" (``open``: one of them is answered or wrong)."""

    name: str
    often: Sequence[Field]
    seldom: Sequence[Field]
    open: bool


@dataclass(frozen=True, slots=True)
class LineForm:
    """One line; ``stated`` overlays the product master (``open`` as in a section)."""

    number: int
    fields: Sequence[Field]
    stated: Sequence[Field]
    open: bool


@dataclass(frozen=True, slots=True)
class DeclaringForm:
    """A form to draw. ``form`` holds all fields, values and faults; ``fixed`` may not be typed into."""

    form: Form
    sections: Sequence[SectionForm]
    lines: Sequence[LineForm]
    statements: Sequence[Field]
    filing: Field
    fixed: frozenset[str]


def declaring_form(
    shape: Shape, typed: Mapping[str, str], faults: Sequence[Fault], language: Language, fixed: frozenset[str]
) -> DeclaringForm:
    """Build the form of a draft. ``fixed`` names fields that others have said already."""
    wrong = {fault.pointer.strip("/").replace("/", "-") for fault in faults}

    def drawn(asked: Sequence[Asked], prefix: str = "") -> list[Field]:
        return [each.field(language, prefix) for each in asked]

    def opened(fields: Sequence[Field]) -> bool:
        return any(each.name in wrong or typed.get(each.name) for each in fields)

    sections = []
    for name in SECTIONS:
        seldom = drawn(shape.seldom(name))
        sections.append(SectionForm(name, drawn(shape.often(name)), seldom, opened(seldom)))
    rows = []
    for number in range(max(1, len(lines(typed)))):
        stated = drawn(shape.stated, f"lines-{number}-")
        rows.append(LineForm(number, drawn(shape.line, f"lines-{number}-"), stated, opened(stated)))
    statements, filing = _statements(shape), _filing()
    every = [field for section in sections for field in (*section.often, *section.seldom)]
    every.append(Field("lines", words.SECTIONS["goods"]))
    for row in rows:
        every += [replace(field, label=f"{row.number + 1} · {field.label}") for field in (*row.fields, *row.stated)]
    return DeclaringForm(Form([*every, *statements, filing], typed, faults), sections, rows, statements, filing, fixed)


def _statements(shape: Shape) -> list[Field]:
    wanted = [name for name in STATEMENTS if name in shape.mode.conditions]
    options = tuple(words.STATEMENTS.items())
    return [Field(f"state-{name}", words.LABELS[f"state-{name}"], "select", options=options) for name in wanted]


def _filing() -> Field:
    return Field("filing", words.LABELS["filing"], "select", options=tuple(words.FILINGS.items()))


def name_of(shape: Shape, field: str, language: Language) -> str:
    """Return what a value of a form is called, also one of a line."""
    if field in words.LABELS:
        return str(words.LABELS[field])
    if field == "order_key":
        return str(_("已选订单"))
    *line, last = field.split("-", 2) if field.startswith("lines-") else (field,)
    asked = next((each for each in (*shape.head, *shape.line, *shape.stated) if each.name == last), None)
    words_of = asked.label(language) if asked else last
    return str(_("第 %(number)s 项 · %(name)s", number=int(line[1]) + 1, name=words_of)) if line else words_of
