"""General declarations (报关单): goods that may not go by list are declared elsewhere; what was declared is recorded here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.declarations.queries.general import GeneralView, general_declaration, search_general
from ccezone.declarations.rules.general import MODES, GeneralLine
from ccezone.declarations.rules.modes import EXPORT_LIST
from ccezone.declarations.service import GeneralEntry, amend_general, record_general, remove_general
from ccezone.kernel.errors import Fault, Refused, Stale
from ccezone.web.firm.declaring.opening import declarant, whose
from ccezone.web.firm.declaring.typed import amount, spelled
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firm_only, firms_and_office
from ccezone.web.shell.acting import reaches
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, Kind, posted_version
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from schemas.codes import code_list
from schemas.derive.labels import labels

blueprint = Blueprint("general", __name__, url_prefix="/general-declarations")
READERS = frozenset({Role.FIRM, Role.ZONE_OFFICER, Role.ADMIN, Role.AUDITOR})
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("报关单登记"),
            "general.listing",
            READERS,
            order=15,
            note=_l("登记不能按清单申报、已按报关单申报的货物"),
        ),
    ),
)
_LINE = re.compile(r"lines-(\d{1,2})-(\w+)")
_OWN = {
    "declaration_no": _l("报关单号"),
    "flow": _l("进出口"),
    "trade_mode": _l("监管方式"),
    "declared_on": _l("申报日期"),
    "released_on": _l("放行日期"),
    "total_value": _l("货值合计"),
    "order_nos": _l("涉及的订单编号（每行一个）"),
}
_FLOWS = (("E", _l("出口")), ("I", _l("进口")))
_HEAD: tuple[tuple[str, Kind, bool, int | None], ...] = (
    ("declaration_no", "text", True, 18),
    ("flow", "select", True, None),
    ("trade_mode", "select", True, None),
    ("customs_code", "text", True, 4),
    ("declared_on", "date", True, None),
    ("released_on", "date", False, None),
    ("country", "text", False, 3),
    ("transport_mode", "text", False, 1),
    ("currency", "text", True, 3),
    ("total_value", "decimal", True, None),
    ("net_weight", "decimal", False, None),
    ("order_nos", "textarea", False, 3000),
    ("note", "text", False, 1000),
)
_LINES: tuple[tuple[str, Kind, bool], ...] = (
    ("hs_code", "text", True),
    ("goods_name", "text", True),
    ("qty", "decimal", True),
    ("unit", "text", True),
    ("total_price", "decimal", True),
    ("country", "text", False),
)


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List what was recorded, the newest first."""
    with hub().database.reading() as connection:
        rows = search_general(connection, viewer(), searched(), after_id(), PAGE + 1, current_principal().scope)
    mine = current_principal().role == Role.FIRM
    return render_template("declaring/general_list.html", page=page(rows, lambda row: row.id), text=searched(), mine=mine)


@blueprint.get("/new")
@firm_only
def blank() -> ResponseReturnValue:
    """Show an empty record."""
    declarant()
    return _show({"flow": "E", "trade_mode": request.args.get("mode", "")}, None)


@blueprint.post("/new")
@firm_only
def record() -> ResponseReturnValue:
    """Record a general declaration, or give the form another line."""
    return _act(None)


@blueprint.get("/<uuid:declaration_id>")
@firms_and_office
def detail(declaration_id: UUID) -> ResponseReturnValue:
    """Show one record; its own firm may mend it."""
    known = own_record(declaration_id)
    if current_principal().role == Role.FIRM and known.removed_at is None:
        return _show(_spelled(known), known)
    return render_template("declaring/general.html", form=_form(_spelled(known), ()), known=known, mine=False, lines=_count(known))


@blueprint.post("/<uuid:declaration_id>")
@firm_only
def amend(declaration_id: UUID) -> ResponseReturnValue:
    """Mend a record."""
    return _act(own_record(declaration_id))


@blueprint.post("/<uuid:declaration_id>/remove")
@firm_only
def remove(declaration_id: UUID) -> ResponseReturnValue:
    """Take a record back, or with ``undo`` put it up again."""
    owner, known = whose(), own_record(declaration_id)
    undo = request.form.get("undo") == "1"
    surroundings = hub()
    actor = current_principal().actor
    remove_general(surroundings.database, surroundings.clock, owner.enterprise_id, declaration_id, known.version, actor, undo=undo)
    if undo:
        flash(_("已恢复。"))
        return redirect(url_for("general.detail", declaration_id=declaration_id))
    return redirect(url_for("general.listing", removed=declaration_id))


def _act(known: GeneralView | None) -> ResponseReturnValue:
    firm, typed = declarant(), _typed()
    if request.form.get("do") == "add_line":
        return _show(typed, known, extra=1)
    surroundings, actor = hub(), current_principal().actor
    try:
        entry = _entry(typed)
        if not reaches(current_principal(), entry.flow, entry.trade_mode):
            abort(403)
        if known is None:
            record_general(surroundings.database, surroundings.clock, firm.id, entry, actor)
        else:
            amend_general(surroundings.database, surroundings.clock, firm.id, known.id, entry, posted_version(), actor)
    except Stale as stale:
        return _show(typed, own_record(known.id) if known else None, stale.faults, 409)
    except Refused as refused:
        return _show(typed, known, refused.faults, 422)
    flash(_("报关单 %(number)s 已登记。", number=entry.declaration_no))
    return redirect(url_for("general.listing"))


def own_record(declaration_id: UUID) -> GeneralView:
    """Return a record that this person may see; 404 for any other, and for what an agent's authority does not reach."""
    with hub().database.reading() as connection:
        found = general_declaration(connection, viewer(), declaration_id) or abort(404)
    return found if reaches(current_principal(), found.flow, found.trade_mode) else abort(404)


def _typed() -> dict[str, str]:
    """Return what was typed; blank lines are dropped, the others numbered anew."""
    typed = {name: request.form.get(name, "").strip() for name, *_rest in _HEAD}
    rows: dict[int, dict[str, str]] = {}
    for name, value in request.form.items():
        found = _LINE.fullmatch(name)
        if found and value.strip():
            rows.setdefault(int(found[1]), {})[found[2]] = value.strip()
    for number, place in enumerate(sorted(rows)):
        typed |= {f"lines-{number}-{column}": value for column, value in rows[place].items()}
    return typed


def _entry(typed: Mapping[str, str]) -> GeneralEntry:
    """Read a record. Raises ``Refused`` for what is no day or no amount."""
    faults: list[Fault] = [Fault(f"/{name}", "required") for name, _kind, needed, _most in _HEAD if needed and not typed[name]]
    lines = [_line(typed, number, faults) for number in range(_lines(typed))]
    declared, released = _day(typed, "declared_on", faults), _day(typed, "released_on", faults)
    total = _number(typed.get("total_value", ""), "/total_value", faults)
    net = _number(typed["net_weight"], "/net_weight", faults) if typed.get("net_weight") else None
    if faults or declared is None:
        raise Refused(*faults)
    orders = [each.strip() for each in typed["order_nos"].splitlines() if each.strip()]
    return GeneralEntry(
        declaration_no=typed["declaration_no"],
        flow=typed["flow"],
        trade_mode=typed["trade_mode"],
        customs_code=typed["customs_code"],
        declared_on=declared,
        currency=typed["currency"],
        total_value=total,
        lines=lines,
        released_on=released,
        country=typed["country"],
        transport_mode=typed["transport_mode"],
        net_weight=net,
        order_nos=orders,
        note=typed["note"],
    )


def _line(typed: Mapping[str, str], number: int, faults: list[Fault]) -> GeneralLine:
    def said(column: str) -> str:
        return typed.get(f"lines-{number}-{column}", "")

    qty = _number(said("qty"), f"/lines/{number}/qty", faults)
    total = _number(said("total_price"), f"/lines/{number}/total_price", faults)
    return GeneralLine(said("hs_code"), said("goods_name"), qty, said("unit"), total, said("country"))


def _day(typed: Mapping[str, str], name: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(typed[name]) if typed[name] else None
    except ValueError:
        faults.append(Fault(f"/{name}", "bad_day", {"value": typed[name]}))
        return None


def _number(text: str, pointer: str, faults: list[Fault]) -> Decimal:
    found = amount(text) if text else None
    if text and found is None:
        faults.append(Fault(pointer, "not_a_number", {"value": text}))
    if not text and pointer.startswith("/lines"):
        faults.append(Fault(pointer, "required"))
    return found if found is not None else Decimal(0)


def _spelled(known: GeneralView) -> dict[str, str]:
    typed = {name: _text(getattr(known, name)) for name, *_rest in _HEAD}
    for number, line in enumerate(known.lines):
        typed |= {f"lines-{number}-{column}": _text(getattr(line, column)) for column, *_rest in _LINES}
    return typed


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return spelled(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(str(each) for each in value)
    return str(value)


def _lines(typed: Mapping[str, str]) -> int:
    numbers = [int(found[1]) for name in typed if (found := _LINE.fullmatch(name))]
    return max(numbers, default=-1) + 1


def _count(known: GeneralView) -> int:
    return len(known.lines)


def _form(typed: Mapping[str, str], faults: Sequence[Fault], lines: int = 1) -> Form:
    """Build the form; what a message also says is called as the message calls it."""
    fields = [_field(name, kind, needed, most) for name, kind, needed, most in _HEAD]
    row = [_field(name, kind, needed, None, line=True) for name, kind, needed in _LINES]
    for number in range(lines):
        fields += [replace(known, name=f"lines-{number}-{known.name}") for known in row]
    return Form(fields, typed, faults)


def _field(name: str, kind: Kind, needed: bool, most: int | None, *, line: bool = False) -> Field:
    known = labels(EXPORT_LIST).line if line else labels(EXPORT_LIST).head
    said = known.get(name) or labels(EXPORT_LIST).line.get(name)
    label = _OWN[name] if name in _OWN else said.text(language()) if said else name
    options = _FLOWS if name == "flow" else _modes() if name == "trade_mode" else ()
    codes = "" if name in ("flow", "trade_mode") or not said else said.code_list
    return Field(name, label, kind, needed, most, codes, options)


def _modes() -> tuple[tuple[str, str], ...]:
    return tuple((mode, f"{mode} {code_list('supervision_modes').label(mode, language())}") for mode in MODES)


def _show(
    typed: Mapping[str, str], known: GeneralView | None, faults: Sequence[Fault] = (), status: int = 200, extra: int = 0
) -> ResponseReturnValue:
    lines = max(1, _lines(typed) + extra)
    page_of = render_template("declaring/general.html", form=_form(typed, faults, lines), known=known, mine=True, lines=lines)
    return page_of, status
