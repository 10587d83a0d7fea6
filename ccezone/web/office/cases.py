"""Exception cases: what automatic work could not settle, each with its clock, closed by an officer with a cause."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Role
from ccezone.accounts.service import record
from ccezone.bills.rules import BillKind
from ccezone.cases.queries import CaseView, case, count_cases, count_open, search_cases
from ccezone.cases.service import close_case
from ccezone.enterprises.queries import directory
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.firm.bills import words as bills
from ccezone.web.firm.declarations.viewing import OFFICE
from ccezone.web.firm.declarations.words import duration
from ccezone.web.firm.papers import printed
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page

blueprint = Blueprint("cases", __name__, url_prefix="/office/cases")
OFFICERS = frozenset({Role.ZONE_OFFICER, Role.ADMIN})
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("异常工单"),
            "cases.listing",
            OFFICE,
            order=20,
            note=_l("处理系统无法自动办结的事项"),
        ),
    ),
    todo=(
        Todo(
            _l("待处理的异常工单"),
            "cases.listing",
            OFFICERS,
            lambda connection, _principal: count_open(connection),
            urgent=True,
        ),
    ),
)
KINDS: Mapping[str, LazyString] = {
    "contradictory_receipts": _l("海关回执相互矛盾"),
    "message_refused": _l("对外报文被单一窗口拒收"),
    "late_correction": _l("放行后要求变更单据"),
}
ADVICE: Mapping[str, LazyString] = {
    "contradictory_receipts": _l("同一清单收到两个互斥的终结状态。请与申报地海关核实真实状态，再通知企业。"),
    "message_refused": _l(
        "单一窗口按报文格式或传输身份拒收，自动重发不会成功。请查看拒收原因，更正企业的传输编号或证书后由企业重新报送。"
    ),
    "late_correction": _l("货物已放行，单据变更被拒。请核实变更理由，需要时由企业向海关办理修改或撤销。"),
}
FIELDS = (
    Field("cause", _l("处理结果"), "textarea", required=True, max_length=500, help=_l("写明原因和已采取的措施；关闭后不能修改。")),
)


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List open or closed cases, the newest first."""
    closed, kind = request.args.get("standing") == "closed", request.args.get("kind", "")
    with hub().database.reading() as connection:
        rows = search_cases(connection, only_open=not closed, kind=kind, after=after_id(), limit=PAGE + 1)
        counts = {standing: sum(count_cases(connection, only_open=standing == "open").values()) for standing in ("open", "closed")}
        parties = directory(connection).by_id
    return render_template(
        "cases/listing.html",
        page=page(rows, lambda row: row.id),
        closed=closed,
        counts=counts,
        kinds=KINDS,
        parties=parties,
        age=_age,
    )


@blueprint.get("/<uuid:case_id>")
@office_readers
def detail(case_id: UUID) -> ResponseReturnValue:
    """Show one case."""
    return _show(_case(case_id), Form(FIELDS))


@blueprint.post("/<uuid:case_id>")
@officer_only
def close(case_id: UUID) -> ResponseReturnValue:
    """Close a case with its cause."""
    found, values = _case(case_id), submitted(FIELDS)
    faults: list[Fault] = faults_of_form(FIELDS, values)
    surroundings, principal = hub(), current_principal()
    try:
        if faults:
            raise Refused(*faults)
        with surroundings.database.begin() as uow:
            close_case(uow, case_id, principal.actor, texts(values)["cause"], surroundings.clock.now())
            record(uow, principal, "case.close", f"case:{case_id}", surroundings.clock)
    except Refused as refused:
        return _show(found, Form(FIELDS, values, refused.faults), 422)
    flash(_("工单已关闭。"))
    return redirect(url_for("cases.listing"))


@blueprint.post("/<uuid:case_id>/paper")
@office_readers
def paper(case_id: UUID) -> ResponseReturnValue:
    """Print a case."""
    return printed("case", str(case_id))


def _case(case_id: UUID) -> CaseView:
    with hub().database.reading() as connection:
        return case(connection, case_id) or abort(404)


def _show(found: CaseView, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        party = directory(connection).by_id.get(found.enterprise_id) if found.enterprise_id else None
    return render_template(
        "cases/detail.html", case=found, form=form, kind=KINDS.get(found.kind, found.kind), advice=ADVICE.get(found.kind),
        party=party, age=_age(found), address=_subject(found),
        detail={name: _said(name, value) for name, value in found.detail.items()},
    ), status  # fmt: skip


def _said(name: str, value: object) -> str:
    """Spell a detail of a case: a kind of bill by its name, anything else as it is."""
    return str(bills.KINDS[BillKind(str(value))]) if name == "bill" else str(value)


def _subject(found: CaseView) -> str | None:
    """Return where the case's subject is to be seen."""
    if found.subject_kind == "list":
        return url_for("declarations.detail", declaration_id=found.subject)
    if found.subject_kind == "message":
        return url_for("messages.detail", message_id=found.detail["message"])
    if found.subject_kind == "order":
        return url_for("bills.detail", kind="order", key=found.subject)
    return None


def _age(found: CaseView) -> str:
    return duration((found.closed_at or hub().clock.now()) - found.opened_at)
