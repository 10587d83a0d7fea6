"""One inspection order: its checks, story and documents, and what can be done: invite, appoint, sign in, note, conclude, print."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.inspection.queries import OrderRow, OrderView, order
from ccezone.inspection.queries.inspectors import names_by_code
from ccezone.inspection.rules import RESULTS
from ccezone.inspection.service import Check, Conclusion, add_note, appoint, conclude, invite, sign
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import UnitOfWork
from ccezone.web.firm.papers import printed
from ccezone.web.hub import hub
from ccezone.web.office.inspection import words
from ccezone.web.office.inspection.papers import handed_out, scan
from ccezone.web.office.risk.alerts import people_named
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, posted_version, submitted
from ccezone.web.shell.moments import read_day, read_moment
from ccezone.web.shell.scans import MOST_MB
from schemas.codes import code_list

blueprint = Blueprint("inspection_orders", __name__, url_prefix="/office/inspection/orders")
FEATURE = Feature(blueprint)
Verb = Callable[[UnitOfWork, OrderView, Mapping[str, str], Sequence[str]], None]


def fields_of(action: str, found: OrderView) -> tuple[Field, ...]:
    """The fields of one of the forms beside an order; their names begin with the form's, for several stand on one page."""
    waiting = [check.agency for check in found.checks if not check.opinion]
    invited = {check.agency for check in found.checks}
    others = [code for code in code_list("inspection_agencies").codes if code not in invited]
    opinions = tuple((code, words.TABS[code]) for code in RESULTS)
    kinds = words.options(tuple(code_list("inspection_findings").codes), "inspection_findings")
    tell = _l("企业能看到。")

    def agency(codes: Sequence[str]) -> Field:
        return Field(f"{action}_agency", _l("部门"), "select", required=True, options=words.options(codes, "inspection_agencies"))

    findings = Field(f"{action}_findings", _l("异常种类"), "checkboxes", options=kinds, help=_l("发现异常时至少选一种。"))
    return {
        "invite": (agency(others),),
        "appoint": (
            Field("appoint_planned_at", _l("查验时间"), "datetime"),
            Field("appoint_place", _l("查验地点"), max_length=200),
            Field("appoint_due_on", _l("办结期限"), "date", required=True),
        ),
        "sign": (
            agency(waiting),
            Field("sign_opinion", _l("部门意见"), "select", required=True, options=opinions[:2]),
            findings,
            Field("sign_note", _l("查验情况"), "textarea", max_length=2000, help=tell),
        ),
        "note": (Field("note_note", _l("备注"), "textarea", max_length=2000, help=_l("只有办公室人员能看到。")),),
        "conclude": (
            Field("conclude_result", _l("查验结果"), "select", required=True, options=opinions),
            findings,
            Field("conclude_words", _l("结论说明"), "textarea", max_length=2000, help=tell),
        ),
    }[action]


FORMS = ("sign", "conclude", "appoint", "invite", "note")


@blueprint.get("/<uuid:order_id>")
@office_readers
def detail(order_id: UUID) -> ResponseReturnValue:
    """Show one order."""
    return _show(_found(order_id), {})


@blueprint.post("/<uuid:order_id>/invite")
@officer_only
def ask(order_id: UUID) -> ResponseReturnValue:
    """Invite another agency."""
    actor = current_principal().actor
    return _do(order_id, "invite", lambda uow, _o, v, _f: invite(uow, order_id, v["agency"], actor, hub().clock))


@blueprint.post("/<uuid:order_id>/appoint")
@officer_only
def plan(order_id: UUID) -> ResponseReturnValue:
    """Say where and when."""
    actor = current_principal().actor

    def verb(uow: UnitOfWork, _o: OrderView, v: Mapping[str, str], _f: Sequence[str]) -> None:
        at, due = read_moment(v["planned_at"], "/planned_at"), read_day(v["due_on"], "/due_on")
        appoint(uow, order_id, v["place"], at, due, actor, hub().clock)

    return _do(order_id, "appoint", verb)


@blueprint.post("/<uuid:order_id>/sign")
@officer_only
def sign_in(order_id: UUID) -> ResponseReturnValue:
    """Sign an agency's check in, perhaps with a document."""
    actor = current_principal().actor

    def verb(uow: UnitOfWork, found: OrderView, v: Mapping[str, str], findings: Sequence[str]) -> None:
        check = Check(v["agency"], v["opinion"], findings, v["note"], scan(uow, found.row.enterprise_id))
        sign(uow, order_id, check, actor, hub().clock)

    return _do(order_id, "sign", verb)


@blueprint.post("/<uuid:order_id>/note")
@officer_only
def note(order_id: UUID) -> ResponseReturnValue:
    """Add a note, perhaps with a document."""
    actor = current_principal().actor

    def verb(uow: UnitOfWork, found: OrderView, v: Mapping[str, str], _f: Sequence[str]) -> None:
        add_note(uow, order_id, v["note"], scan(uow, found.row.enterprise_id), actor, hub().clock)

    return _do(order_id, "note", verb)


@blueprint.post("/<uuid:order_id>/conclude")
@officer_only
def end(order_id: UUID) -> ResponseReturnValue:
    """End it with its one result."""
    actor, version, zone = current_principal().actor, posted_version(), hub().settings.zone

    def verb(uow: UnitOfWork, _o: OrderView, v: Mapping[str, str], findings: Sequence[str]) -> None:
        conclude(uow, zone, order_id, version, Conclusion(v["result"], findings, v["words"]), actor, hub().clock)

    return _do(order_id, "conclude", verb)


@blueprint.post("/<uuid:order_id>/paper")
@office_readers
def paper(order_id: UUID) -> ResponseReturnValue:
    """Print an order."""
    return printed("inspection", str(_found(order_id).row.id))


@blueprint.get("/<uuid:order_id>/files/<uuid:file_id>")
@office_readers
def file(order_id: UUID, file_id: UUID) -> Response:
    """Hand out a document of an order."""
    return handed_out(file_id) if file_id in _found(order_id).files else abort(404)


def _do(order_id: UUID, action: str, verb: Verb) -> ResponseReturnValue:
    """Do one thing to an order, on record; whatever is wrong stands beside its form."""
    found, principal = _found(order_id), current_principal()
    fields = fields_of(action, found)
    values = submitted(fields)
    said = {name.removeprefix(f"{action}_"): value for name, value in values.items() if isinstance(value, str)}
    faults = faults_of_form(fields, values)
    try:
        if faults:
            raise Refused(*faults)
        with hub().database.begin() as uow:
            verb(uow, found, said, list(values.get(f"{action}_findings", ())))
            record(uow, principal, f"inspection.{action}", f"inspection:{order_id}", hub().clock)
    except Refused as refused:
        return _show(found, {action: Form(fields, values, [_placed(action, fault) for fault in refused.faults])}, 422)
    flash(_("已登记。"))
    return redirect(url_for("inspection_orders.detail", order_id=order_id))


def _placed(action: str, fault: Fault) -> Fault:
    """Point a fault of a use case at the field of its form."""
    name = fault.pointer.strip("/")
    return fault if not name or name.startswith(f"{action}_") else Fault(f"/{action}_{name}", fault.code, fault.params)


def _show(found: OrderView, tried: Mapping[str, Form], status: int = 200) -> ResponseReturnValue:
    codes = [code for check in found.checks for code in check.inspectors]
    actors = [*(step.actor for step in found.steps), *(check.signed_by for check in found.checks)]
    with hub().database.reading() as connection:
        party = directory(connection).by_id.get(found.row.enterprise_id)
        people, sent = people_named(connection, actors), names_by_code(connection, codes)
    officer = current_principal().role == "zone_officer"
    forms = {name: tried.get(name) or Form(fields_of(name, found), _standing(name, found.row)) for name in FORMS}
    return render_template(
        "inspection/order.html", found=found, row=found.row, party=party, people=people, sent=sent, forms=forms, words=words,
        working=officer and found.row.open, officer=officer, today=words.today(), most_mb=MOST_MB, tried=tried,
        origin=origin_address(found.row), about=subject_address(found.row),
    ), status  # fmt: skip


def _standing(name: str, row: OrderRow) -> Values:
    if name != "appoint":
        return {}
    at = f"{row.planned_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if row.planned_at else ""
    return {"appoint_planned_at": at, "appoint_place": row.place, "appoint_due_on": row.due_on.isoformat()}


def origin_address(row: OrderRow) -> str | None:
    """Return the page of what an order came from."""
    kind, _colon, known = row.origin.partition(":")
    match kind:
        case "risk_alert":
            return url_for("risk_alerts.detail", alert_id=known)
        case "case":
            return url_for("cases.detail", case_id=known)
        case "draw":
            return url_for("inspection_plans.detail", plan_id=known)
        case _:
            return None


def subject_address(row: OrderRow) -> str | None:
    """Return the page of the list an order is about."""
    return url_for("declarations.detail", declaration_id=int(row.subject)) if row.subject_kind == "list" else None


def _found(order_id: UUID) -> OrderView:
    with hub().database.reading() as connection:
        return order(connection, order_id) or abort(404)
