"""The office's work list of approvals, and deciding applications: what was stated, what the checks found, what changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal
from ccezone.accounts.rules import Role as UserRole
from ccezone.accounts.service import record
from ccezone.enterprises import service
from ccezone.enterprises.queries.applications import (
    ApplicationRow,
    application,
    count_applications,
    search_applications,
)
from ccezone.enterprises.queries.terms import registration_terms
from ccezone.enterprises.rules.applying import ASKED, DECIDED, PERSONAL, ApplicationState, asked_of
from ccezone.enterprises.rules.changing import Change, changes
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.kernel.holidays import published_calendar
from ccezone.storage import Connection
from ccezone.storage.personal import PersonalVault
from ccezone.web.accounts.links import hand_over
from ccezone.web.hub import hub
from ccezone.web.office.work_list import gathered, waiting_for
from ccezone.web.registering import editing, mails, words
from ccezone.web.registering.reading import Page, firm_name, opened, today
from ccezone.web.shell.access import OFFICERS, READERS, current_principal, office_readers, officer_only, roles_only
from ccezone.web.shell.feature import Approval, Approvals, Due, Feature, Group, MenuEntry, Reveal, Stage, Todo
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from ccezone.web.shell.rendering import another_page

blueprint = Blueprint("approvals", __name__, url_prefix="/office/approvals")
_APPROVERS = READERS | {UserRole.ADMIN, UserRole.SECURITY_ADMIN}
STAGES = {
    Stage.WAITING: (_l("待审批"), frozenset({ApplicationState.SUBMITTED.value})),
    Stage.RETURNED: (_l("待补正"), frozenset({ApplicationState.RETURNED.value})),
    Stage.DECIDED: (_l("已办结"), frozenset(state.value for state in DECIDED)),
}
SIDES = ("licences", "files")


def _count(connection: Connection, _principal: Principal) -> Mapping[Stage, int]:
    counts = count_applications(connection)
    return {stage: sum(counts.get(state, 0) for state in states) for stage, (_words, states) in STAGES.items()}


def _rows(
    connection: Connection, _principal: Principal, stage: Stage, text: str, after: UUID | None, limit: int
) -> Sequence[Approval]:
    found = search_applications(connection, STAGES[stage][1], text, None, after, limit, oldest_first=stage is Stage.WAITING)
    working_days = registration_terms(connection, hub().settings.zone, today()).decide_working_days
    return [_listed(row, _clock(row, working_days)) for row in found]


def _listed(row: ApplicationRow, clock: tuple[date, int] | None) -> Approval:
    return Approval(
        row.id,
        f"{words.KIND_NAMES[row.kind]} {row.reference}",
        _("、").join(str(words.ROLE_NAMES[role]) for role in row.roles),
        url_for("approvals.detail", application_id=row.id),
        f"{row.name or '—'} {row.uscc}",
        row.submitted_at,
        str(words.STATE_NAMES[row.state]),
        words.STATE_TONES[row.state],
        Due(*clock) if clock else None,
    )


def _personal(connection: Connection, vault: PersonalVault, principal: Principal, row_id: UUID, field: str) -> str | None:
    found = application(connection, vault, row_id) if principal.role in OFFICERS else None
    return found.personal.get(field) if found else None


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(Group.GOVERNMENT, _l("审批"), "approvals.listing", _APPROVERS, order=58, note=_l("备案、参数、角色等事项的审批")),
    ),
    todo=(Todo(_l("待审批事项"), "approvals.listing", _APPROVERS, waiting_for),),
    reveals=(Reveal("application", PERSONAL, _personal),),
    approvals=(Approvals("registration", _l("企业备案"), READERS, OFFICERS, _count, _rows),),
)


@blueprint.get("")
@roles_only(*_APPROVERS)
def listing() -> ResponseReturnValue:
    """List what is to be approved, of all kinds: what waits longest on top, each with its clock."""
    tab, only = request.args.get("tab", Stage.WAITING.value), request.args.get("kind", "")
    if tab not in set(Stage):
        abort(404)
    with hub().database.reading() as connection:
        found = gathered(connection, current_principal(), Stage(tab), only, searched(), after_id(), PAGE + 1)
    return render_template(
        "office/approvals.html",
        page=page(found.rows, lambda listed: listed.id),
        text=searched(),
        found=found,
        only=only,
        tabs=[
            (label, another_page(tab=stage.value, after=None), found.by_stage.get(stage, 0), stage == tab)
            for stage, (label, _states) in STAGES.items()
        ],
    )


@blueprint.get("/<uuid:application_id>")
@office_readers
def detail(application_id: UUID) -> ResponseReturnValue:
    """Show one application to decide it."""
    return _show(application_id)


@blueprint.get("/<uuid:application_id>/files/<uuid:file_id>")
@officer_only
def file(application_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Hand a file of the application out; the look is recorded, for scans hold personal data."""
    with hub().database.begin() as uow:
        detail = {"file": str(file_id)}
        record(uow, current_principal(), "application.file", f"application:{application_id}", hub().clock, detail)
    answer: Response = editing.scan(_seen(application_id), str(file_id))
    return answer


@blueprint.post("/<uuid:application_id>/approve")
@officer_only
def approve(application_id: UUID) -> ResponseReturnValue:
    """Approve: the firm is registered or amended, certified, and its first user invited."""
    page = _seen(application_id)
    try:
        with hub().database.begin() as uow:
            approved = service.approve(uow, hub().vault, application_id, current_principal(), hub().clock)
            mails.send_decision(uow, page.found, approved.link)
    except Refused as refused:
        return _show(application_id, refused.faults)
    flash(_("已批准。"))
    if approved.link is None:
        return redirect(url_for("enterprises.detail", enterprise_id=approved.enterprise_id))
    return hand_over(approved.link, _l("备案审核"), "approvals.listing")


@blueprint.post("/<uuid:application_id>/return")
@officer_only
def send_back(application_id: UUID) -> ResponseReturnValue:
    """Return it for mending, with a reason per field."""
    names = ["roles", *(asked.name for asked in ASKED), *SIDES]
    reasons = {name: request.form.get(f"reason-{name}", "")[:500] for name in names}
    note = request.form.get("note", "")[:1000]
    return _decide(application_id, note, reasons)


@blueprint.post("/<uuid:application_id>/refuse")
@officer_only
def refuse(application_id: UUID) -> ResponseReturnValue:
    """Refuse it for good, with a reason."""
    return _decide(application_id, request.form.get("note", "")[:1000], None)


def _decide(application_id: UUID, note: str, reasons: dict[str, str] | None) -> ResponseReturnValue:
    page, by = _seen(application_id), current_principal()
    try:
        with hub().database.begin() as uow:
            if reasons is None:
                service.refuse(uow, hub().vault, application_id, note, by, hub().clock)
            else:
                service.send_back(uow, hub().vault, application_id, reasons, note, by, hub().clock)
            mails.send_decision(uow, page.found, note=note)
    except Refused as refused:
        return _show(application_id, refused.faults, reasons or {}, note)
    flash(_("已退回补正。") if reasons is not None else _("申请未通过，已通知申请人。"))
    return redirect(url_for("approvals.listing"))


def _seen(application_id: UUID) -> Page:
    """Return an application the office may see: a draft that was never submitted is nobody's business."""
    found = opened(application_id)
    if found.found.row.state == ApplicationState.DRAFT:
        abort(404)
    return found


def _show(
    application_id: UUID, faults: Sequence[Fault] = (), reasons: dict[str, str] | None = None, note: str = ""
) -> ResponseReturnValue:
    page = _seen(application_id)
    row = page.found.row
    return (
        render_template(
            "office/approval.html",
            page=page,
            found=page.found,
            row=row,
            words=words,
            fields=[asked.name for asked in asked_of(row.roles)],
            sides=SIDES,
            personal=PERSONAL,
            changed=_changed(page),
            applicant=firm_name(row.enterprise_id) if row.enterprise_id else "",
            clock=_clock(row, page.terms.decide_working_days),
            faults=faults,
            reasons=reasons or {},
            note=note,
        ),
        422 if faults else 200,
    )


def _changed(page: Page) -> dict[str, Change]:
    """What differs: wanted against registered for an amendment, else this submission against the one before."""
    stated = [step.stated for step in page.steps if step.stated is not None and step.action in ("submitted", "resubmitted")]
    if not stated:
        return {}
    row = page.found.row
    if row.kind == "amendment" and row.enterprise_id is not None and row.state != ApplicationState.APPROVED:
        with hub().database.begin() as uow:
            before = service.registered(uow, hub().vault, row.enterprise_id)
    elif len(stated) > 1:
        before = dict(stated[-2])  # type: ignore[arg-type]  # a stating's values are texts or lists of texts
    else:
        return {}
    return {change.field: change for change in changes(before, stated[-1])}


def _clock(row: ApplicationRow, working_days: int) -> tuple[date, int] | None:
    """Return the day by which to decide, and the working days left (below nought: overdue); ``None`` when nothing waits."""
    if row.state != ApplicationState.SUBMITTED or row.submitted_at is None:
        return None
    calendar, begun = published_calendar(), row.submitted_at.astimezone(SHANGHAI).date()
    due, now = calendar.add(begun, working_days), today()
    left = calendar.count(now, due) if now <= due else -calendar.count(due, now)
    return due, left
