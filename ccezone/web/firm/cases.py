"""A firm's own exception cases: what the zone looks into, what it asks, and what the firm answers."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.accounts.service import record
from ccezone.cases.queries import CaseView, case, cases_of_firm, count_of_firm, steps_of
from ccezone.cases.rules.queues import StepKind
from ccezone.cases.service import By, answer
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.office.cases import words
from ccezone.web.office.cases.papers import PURPOSE, handed_out
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page
from ccezone.web.shell.scans import MOST_MB, keep_scan

blueprint = Blueprint("own_cases", __name__, url_prefix="/firm/cases")
FIRM = frozenset({Role.FIRM})


def _asked(connection: Connection, principal: Principal) -> int:
    return count_of_firm(connection, principal.enterprise_id)["asked"] if principal.enterprise_id else 0


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(Group.GOVERNMENT, _l("异常工单"), "own_cases.listing", FIRM, order=20, note=_l("查看综试区正在核实的事项并答复")),
    ),
    todo=(Todo(_l("综试区办公室等待贵企业答复"), "own_cases.listing", FIRM, _asked, urgent=True),),
)
FIELDS = (
    Field(
        "answer",
        _l("答复"),
        "textarea",
        required=True,
        max_length=2000,
        help=_l("写明原因、已采取的措施和预计完成时间；提交后不能修改。"),
    ),
)


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List the firm's cases, newest first."""
    closed, firm, surroundings = request.args.get("standing") == "closed", current_enterprise_id(), hub()
    with surroundings.database.reading() as connection:
        rows = cases_of_firm(connection, firm, only_open=not closed, after=after_id(), limit=PAGE + 1)
        counts = count_of_firm(connection, firm)
    return render_template(
        "cases/own_listing.html",
        page=page(rows, lambda row: row.id),
        closed=closed,
        counts=counts,
        words=words,
        clock=surroundings.clock,
    )


@blueprint.get("/<uuid:case_id>")
@firm_only
def detail(case_id: UUID) -> ResponseReturnValue:
    """Show one case of the firm."""
    return _show(_own(case_id), Form(FIELDS))


@blueprint.post("/<uuid:case_id>")
@firm_only
def reply(case_id: UUID) -> ResponseReturnValue:
    """Answer the office."""
    found, values = _own(case_id), submitted(FIELDS)
    faults: list[Fault] = faults_of_form(FIELDS, values)
    surroundings, principal = hub(), current_principal()
    try:
        if faults:
            raise Refused(*faults)
        with surroundings.database.begin() as uow:
            said, paper = texts(values)["answer"], keep_scan(uow, current_enterprise_id(), PURPOSE)
            answer(uow, case_id, current_enterprise_id(), By.of(principal), said, surroundings.clock.now(), paper)
            record(uow, principal, "case.answer", f"case:{case_id}", surroundings.clock)
    except Refused as refused:
        return _show(found, Form(FIELDS, values, refused.faults), 422)
    flash(_("答复已提交。"))
    return redirect(url_for("own_cases.detail", case_id=case_id))


@blueprint.get("/<uuid:case_id>/files/<uuid:file_id>")
@firm_only
def file(case_id: UUID, file_id: UUID) -> Response:
    """Hand out a file the firm sent with an answer."""
    return handed_out(_own(case_id).id, file_id)


def _own(case_id: UUID) -> CaseView:
    with hub().database.reading() as connection:
        return case(connection, case_id, current_enterprise_id()) or abort(404)


def _show(found: CaseView, form: Form, status: int = 200) -> ResponseReturnValue:
    surroundings = hub()
    with surroundings.database.reading() as connection:
        steps = steps_of(connection, found.id, for_firm=True)
    return render_template(
        "cases/own_detail.html",
        case=found,
        form=form,
        steps=steps,
        kind=words.kind_name(found.kind),
        address=_address(found),
        tones={StepKind.ASKED.value: "warn", StepKind.ANSWERED.value: "info", StepKind.CLOSED.value: "good"},
        words=words,
        clock=surroundings.clock,
        most_mb=MOST_MB,
        answering=found.open and current_principal().may(Permission.BILLS_WRITE),
    ), status


def _address(found: CaseView) -> str | None:
    """Return where the firm sees what the case is about."""
    if found.subject_kind == "list":
        return url_for("declarations.detail", declaration_id=found.subject)
    if found.kind == "lists_rejected":
        return url_for("declarations.listing", stage="rejected")
    return url_for("matches.detail", order_key=found.subject) if found.subject_kind == "order" else None
