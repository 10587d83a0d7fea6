"""Goods returns: asked for on a released list, filed, followed to the goods' arrival; a firm's own, or all for the office."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.clearance.queries.applications import application_story
from ccezone.clearance.queries.receipts import released_at
from ccezone.declarations.queries import ListDetail
from ccezone.declarations.queries.returns import (
    count_returns,
    goods_return,
    return_terms,
    returned_so_far,
    returns_of_list,
    search_returns,
)
from ccezone.declarations.rules.returns import RETURNABLE, ReturnWish, apply_until, arrive_until, relief_until
from ccezone.declarations.service.returns import (
    ReturnDesk,
    change_return,
    drop_return,
    file_return,
    note_arrival,
    open_return,
)
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.storage import Connection, UnitOfWork
from ccezone.tax_refunds.queries.clawbacks import clawbacks_of_return
from ccezone.web.firm.applications import words
from ccezone.web.firm.applications.summaries import cursor, in_range, mine
from ccezone.web.firm.declarations.viewing import own_list
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import FIRM, READERS, current_enterprise_id, current_principal, firm_only, firms_and_office
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Field, Form, faults_of_form, number, submitted, texts
from ccezone.web.shell.paging import PAGE, page, searched

blueprint = Blueprint("goods_returns", __name__, url_prefix="/goods-returns")
_REASON = Field("reason", _l("退货原因"), "textarea", required=True, max_length=500)
_RELIEF = Field("relief", _l("申请免征退运进境税款"), "checkbox", help=_l("原状退运且不是食品；已退税的，须先补缴"))
_WAY = (
    Field("waybill_no", _l("退货运单号"), max_length=32, help=_l("以下各项不填的，沿用原清单")),
    Field("country", _l("启运国（地区）"), codes="countries", max_length=3),
    Field("transport_mode", _l("运输方式"), codes="transport_modes", max_length=1),
    Field("traf_name", _l("运输工具名称"), max_length=100),
    Field("voyage_no", _l("航班航次号"), max_length=32),
    Field("bill_no", _l("提运单号"), max_length=37),
    Field("port_code", _l("进境关别"), codes="customs_districts", max_length=4),
)
_ARRIVAL = (Field("day", _l("货物运抵日期"), "date", required=True),)


def _waiting(tab: str) -> Callable[[Connection, Principal], int]:
    return lambda connection, principal: count_returns(connection, principal.enterprise_id)[tab] if principal.enterprise_id else 0


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("退货"),
            "goods_returns.listing",
            READERS | FIRM,
            order=14,
            note=_l("已放行清单的商品退货：申请、期限、运抵"),
        ),
    ),
    todo=(
        Todo(_l("退货申请待提交"), "goods_returns.listing", FIRM, _waiting("draft"), {"tab": "draft"}),
        Todo(_l("退货申请被退单"), "goods_returns.listing", FIRM, _waiting("rejected"), {"tab": "rejected"}, urgent=True),
    ),
)


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List returns of a tab, the newest first."""
    tab = request.args.get("tab", "")
    if tab not in words.TABS:
        abort(400)
    with hub().database.reading() as connection:
        rows = search_returns(connection, viewer(), tab, searched(), cursor(), PAGE + 1)
        counts = count_returns(connection, viewer(), searched())
        parties = directory(connection).by_id
    shown = page(rows, lambda row: row.id)
    return render_template(
        "applications/returns.html", page=shown, tab=tab, text=searched(), counts=counts, parties=parties, words=words
    )


@blueprint.get("/new/<int:declaration_id>")
@firm_only
def blank(declaration_id: int) -> ResponseReturnValue:
    """Ask what comes back of a list."""
    found = _returnable(declaration_id)
    return _asked(found, _form(found, {}))


@blueprint.post("/new/<int:declaration_id>")
@firm_only
def begin(declaration_id: int) -> ResponseReturnValue:
    """Open a draft."""
    found = _returnable(declaration_id)
    values, faults = _typed(found)
    try:
        if faults:
            raise Refused(*faults)
        with hub().database.begin() as uow:
            actor = current_principal().actor
            made = open_return(uow, return_desk(), current_enterprise_id(), declaration_id, _wish(found, values), actor)
            record(uow, current_principal(), "goods_return.open", f"goods_return:{made}", hub().clock)
    except Refused as refused:
        return _asked(found, _form(found, values, refused.faults), 422)
    return redirect(url_for("goods_returns.detail", application_id=made))


@blueprint.get("/<int:application_id>")
@firms_and_office
def detail(application_id: int) -> ResponseReturnValue:
    """Show one return: where it stands, what comes back, its refund, its story."""
    return _show(application_id)


@blueprint.get("/<int:application_id>/edit")
@firm_only
def edit(application_id: int) -> ResponseReturnValue:
    """Ask anew what comes back."""
    with hub().database.reading() as connection:
        row = goods_return(connection, current_enterprise_id(), in_range(application_id)) or abort(404)
    found = _returnable(row.declaration_id)
    known = {f"lines-{line}-qty": qty for line, qty in row.quantities.items()}
    return _asked(found, _form(found, {**row.head, **known, "reason": row.reason, "relief": "1" if row.relief else ""}))


@blueprint.post("/<int:application_id>/edit")
@firm_only
def change(application_id: int) -> ResponseReturnValue:
    """Change a return that customs does not have."""
    with hub().database.reading() as connection:
        row = goods_return(connection, current_enterprise_id(), in_range(application_id)) or abort(404)
    found = _returnable(row.declaration_id)
    values, faults = _typed(found)
    try:
        if faults:
            raise Refused(*faults)
        with hub().database.begin() as uow:
            actor = current_principal().actor
            change_return(uow, return_desk(), current_enterprise_id(), application_id, _wish(found, values), actor)
            record(uow, current_principal(), "goods_return.change", f"goods_return:{application_id}", hub().clock)
    except Refused as refused:
        return _asked(found, _form(found, values, refused.faults), 422)
    return redirect(url_for("goods_returns.detail", application_id=application_id))


@blueprint.post("/<int:application_id>/submit")
@firm_only
def submit(application_id: int) -> ResponseReturnValue:
    """File a return."""
    given = (return_desk(), current_enterprise_id(), in_range(application_id), current_principal().actor)
    return _do(application_id, "submit", lambda uow: file_return(uow, *given), _("已提交，正在发送海关。"))


@blueprint.post("/<int:application_id>/drop")
@firm_only
def drop(application_id: int) -> ResponseReturnValue:
    """Give a return up."""
    given = (current_enterprise_id(), in_range(application_id), current_principal().actor, hub().clock)
    return _do(application_id, "drop", lambda uow: drop_return(uow, *given), _("已作废，商品可以重新申请退货。"))


@blueprint.post("/<int:application_id>/arrival")
@firm_only
def arrival(application_id: int) -> ResponseReturnValue:
    """Note that the goods have arrived."""
    typed = request.form.get("day", "")
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return _show(application_id, (Fault("/day", "return_arrival_wrong", {"value": typed}),), 422)
    given = (return_desk(), current_enterprise_id(), in_range(application_id), day, current_principal().actor)
    return _do(application_id, "arrival", lambda uow: note_arrival(uow, *given), _("运抵日期已登记。"))


def return_desk() -> ReturnDesk:
    """What returns are judged with."""
    surroundings = hub()
    return ReturnDesk(surroundings.vault, surroundings.deliveries, surroundings.clock, surroundings.settings.zone, released_at)


def _do(application_id: int, action: str, verb: Callable[[UnitOfWork], object], done: str) -> ResponseReturnValue:
    try:
        with hub().database.begin() as uow:
            verb(uow)
            record(uow, current_principal(), f"goods_return.{action}", f"goods_return:{application_id}", hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _show(application_id, refused.faults, 422)
    flash(done)
    return redirect(url_for("goods_returns.detail", application_id=application_id))


def _show(application_id: int, faults: Sequence[Fault] = (), status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        row = goods_return(connection, viewer(), in_range(application_id)) or abort(404)
        steps = application_story(connection, application_id)
        windows = _windows(connection, row.declaration_id, row.flow)
        owed = clawbacks_of_return(connection, application_id)
        parties = directory(connection).by_id
    return render_template(
        "applications/return.html", row=row, story=words.story(steps), words=words, windows=windows, clawbacks=owed, faults=faults,
        editable=mine() and row.changeable, owner=mine(), arrival=Form(_ARRIVAL), parties=parties, today=_today(),
    ), status  # fmt: skip


def _asked(found: ListDetail, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        windows = _windows(connection, found.row.id, found.row.flow)
        taken = returned_so_far(connection, found.row.id)
        others = returns_of_list(connection, current_enterprise_id(), found.row.id)
    return render_template(
        "applications/return_form.html", list=found, form=form, windows=windows, taken=taken, others=others, words=words
    ), status


def _windows(connection: Connection, declaration_id: int, flow: str) -> Mapping[str, date | None]:
    """The days until which it may be applied for, the goods may arrive, and relief may be had."""
    at = released_at(connection, declaration_id)
    if at is None:
        return {}
    day = at.astimezone(SHANGHAI).date()
    terms = return_terms(connection, hub().settings.zone, _today())
    relief = relief_until(day, terms) if flow == "E" else None
    return {"released": day, "apply": apply_until(flow, day, terms), "arrive": arrive_until(flow, day, terms), "relief": relief}


def _returnable(declaration_id: int) -> ListDetail:
    found = own_list(declaration_id)
    if found.row.merchant_id != current_enterprise_id():
        abort(403)
    return found if found.row.state in RETURNABLE else abort(404)


def _form(found: ListDetail, values: Mapping[str, str], faults: Sequence[Fault] = ()) -> Form:
    return Form(_fields(found), values, faults)


def _fields(found: ListDetail) -> Sequence[Field]:
    lines = [Field(f"lines-{line['line_no']}-qty", _l("退货数量"), "decimal") for line in found.lines]
    return (*lines, _REASON, *((_RELIEF, *_WAY) if found.row.flow == "E" else ()))


def _typed(found: ListDetail) -> tuple[Mapping[str, str], Sequence[Fault]]:
    fields = _fields(found)
    values = texts(submitted(fields))
    return values, faults_of_form(fields, values)


def _wish(found: ListDetail, values: Mapping[str, str]) -> ReturnWish:
    typed = {int(line["line_no"]): number(values.get(f"lines-{line['line_no']}-qty", "")) for line in found.lines}
    quantities: dict[int, Decimal] = {line: qty for line, qty in typed.items() if qty is not None}
    head = {known.name: values.get(known.name, "") for known in _WAY}
    return ReturnWish(quantities, values.get("reason", ""), bool(values.get("relief")), head)


def _today() -> date:
    return hub().clock.now().astimezone(SHANGHAI).date()
