"""The message centre: what a person is told, opened where it belongs, read, searched."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Role
from ccezone.notices import service
from ccezone.notices.queries import Filter, NoticeView, kinds, notices_of, unread_count
from ccezone.notices.queries.centre import MOST_COUNTED
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, principal_or_none, signed_in
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("centre", __name__, url_prefix="/messages")
FEATURE = Feature(blueprint)
GROUPS: Mapping[str, LazyString] = {
    "lists": _l("清单"),
    "bills": _l("三单"),
    "cases": _l("异常事项"),
    "registration": _l("备案"),
    "credit": _l("信用"),
    "inspection": _l("查验"),
    "refunds": _l("出口退税"),
    "consents": _l("银行授权"),
    "fx": _l("跨境收汇"),
    "reports": _l("统计直报"),
    "work": _l("后台任务与推送"),
    "security": _l("账号安全"),
}
TONES: Mapping[str, str] = {
    "list_rejected": "bad",
    "summary_granted": "good",
    "summary_rejected": "bad",
    "return_granted": "good",
    "return_rejected": "bad",
    "registration_refused": "bad",
    "job_failed": "bad",
    "list_incomplete": "warn",
    "merge_conflict": "warn",
    "case_opened": "warn",
    "case_asked": "warn",
    "case_answered": "info",
    "case_handed": "warn",
    "case_closed": "good",
    "registration_returned": "warn",
    "licence_expiring": "warn",
    "webhook_disabled": "warn",
    "credit_notice": "bad",
    "credit_listed": "warn",
    "list_released": "good",
    "registration_approved": "good",
    "job_done": "good",
    "inspection_ordered": "warn",
    "inspection_by_customs": "warn",
    "inspection_concluded": "info",
    "refund_not_accepted": "warn",
    "refund_doubt": "warn",
    "refund_refused": "bad",
    "refund_paid": "good",
    "refund_reversed": "bad",
    "refund_recovered": "warn",
    "leave_refunded": "good",
    "leave_ending": "warn",
    "leave_lapsed": "bad",
    "area_ended": "warn",
    "area_overdue": "bad",
    "pledge_asked": "warn",
    "pledge_agreed": "good",
    "pledge_refused": "bad",
    "pledge_released": "info",
    "voucher_recorded": "info",
    "voucher_certified": "good",
    "voucher_sent_back": "bad",
    "voucher_used": "info",
    "consent_asked": "warn",
    "consent_granted": "good",
    "consent_refused": "bad",
    "consent_withdrawn": "warn",
    "bank_decided": "info",
    "fx_done": "good",
    "fx_refused": "bad",
    "report_due": "warn",
    "report_overdue": "bad",
    "report_sent_back": "warn",
    "report_accepted": "good",
    "park_report_due": "warn",
    "park_report_overdue": "bad",
    "park_report_sent_back": "warn",
    "park_report_accepted": "good",
    "fx_due": "warn",
    "borrowing_told": "info",
    "borrowing_noted": "info",
}
_STAGES = {"list_rejected": "rejected", "list_released": "released", "list_incomplete": "incomplete"}
_JOB_PAGES = {
    "workbook": "workbooks.detail",
    "export": "jobs.detail",
    "print_lists": "jobs.detail",
    "credit_evidence": "evidence_import.detail",
    "goods_export": "monitor.export",
    "statistical_feed": "supplements.progress",
    "refund_pack": "refund_packs.detail",
}
_JOB_LISTS = {"audit_export": "audit.exports", "audit_check": "audit.checks"}
_ROWS: Mapping[str, Callable[[str], str]] = {
    "summary": lambda subject: url_for("summaries.detail", application_id=subject),
    "goods_return": lambda subject: url_for("goods_returns.detail", application_id=subject),
    "refund_claim": lambda subject: url_for("refund_claims.detail", claim_id=subject),
    "pledge": lambda subject: url_for("pledges.detail", pledge_id=subject),
    "voucher": lambda subject: url_for("vouchers.detail", voucher_id=subject),
    "borrowing": lambda subject: url_for("fx.one_borrowing", borrowing_id=subject),
    "own_borrowing": lambda subject: _own_borrowing(*subject.split("/")),
    "prerefund": lambda subject: url_for("prerefunds.detail", prerefund_id=subject),
    "fx_receipt": lambda subject: url_for("fx.detail", receipt_id=subject),
    "webhook": lambda subject: url_for("webhooks.detail", endpoint_id=subject),
    "proposal": lambda subject: url_for("parameters.show", proposal_id=subject),
    "role_request": lambda subject: url_for("users.request_page", request_id=subject),
    "consent": lambda subject: url_for(_consent_page(), consent_id=subject),
    "report": lambda subject: url_for("reports.detail", report_id=subject),
    "office_report": lambda subject: url_for("office_reports.detail", report_id=subject),
}
_PAGES = {
    "credential": "credentials.listing",
    "account": "profile.show",
    "licence": "registration.show",
    "audit": "audit.checks",
    "reports": "reports.listing",
    "office_reports": "office_reports.listing",
    "fx_due": "fx.due",
    "area_period": "special_area.summaries",
}


@blueprint.app_context_processor
def counting() -> dict[str, Callable[[], int]]:
    """Let every page's header ask how many messages are unread."""
    return {"unread_messages": unread_messages}


def unread_messages() -> int:
    """Return how many messages whoever is signed in has not read, counted once a request."""
    principal = principal_or_none()
    if principal is None or principal.user_id is None:
        return 0
    if "unread_messages" not in g:
        with hub().database.reading() as connection:
            g.unread_messages = unread_count(connection, principal.user_id)
    return int(g.unread_messages)


@blueprint.get("")
@signed_in
def listing() -> ResponseReturnValue:
    """List one's messages, the latest first."""
    wanted = Filter(request.args.get("show") == "unread", request.args.get("group", ""), searched(), language())
    if wanted.group and wanted.group not in GROUPS:
        abort(400)
    with hub().database.reading() as connection:
        rows = notices_of(connection, reader(), wanted, after_id(), PAGE + 1)
    return render_template(
        "centre/listing.html",
        page=page(rows, lambda row: row.place),
        wanted=wanted,
        groups=GROUPS,
        kinds=kinds(),
        tones=TONES,
        most=MOST_COUNTED,
    )


@blueprint.get("/<uuid:notice_id>")
@signed_in
def show(notice_id: UUID) -> ResponseReturnValue:
    """Open what a message is about; it counts as read from then on. Mails lead here."""
    with hub().database.begin() as uow:
        found = service.read(uow, reader(), notice_id, hub().clock)
    return redirect(address_of(found, office=current_principal().role != Role.FIRM))


@blueprint.post("/<uuid:notice_id>/read")
@signed_in
def mark(notice_id: UUID) -> ResponseReturnValue:
    """Mark one message as read, without opening it."""
    with hub().database.begin() as uow:
        service.read(uow, reader(), notice_id, hub().clock)
    return redirect(_back())


@blueprint.post("/read")
@signed_in
def mark_all() -> ResponseReturnValue:
    """Mark as read what was shown; what came meanwhile stays unread."""
    try:
        upto = UUID(request.form.get("upto", ""))
    except ValueError:
        abort(400)
    with hub().database.begin() as uow:
        number = service.read_all(uow, reader(), hub().clock, upto)
    flash(_("%(number)s 条消息已标为已读。", number=f"{number:,}"))
    return redirect(_back())


def reader() -> UUID:
    """Return whose messages these are; 403 for whoever is no person."""
    return current_principal().user_id or abort(403)


def address_of(message: NoticeView, *, office: bool) -> str:
    """Return where a message opens: the document itself, or the list of those it counts."""
    subject = message.subject
    match message.subject_kind:
        case "list" if subject:
            return url_for("declarations.detail", declaration_id=int(subject))
        case "list":
            return url_for("declarations.listing", stage=_STAGES.get(message.kind))
        case "order" if subject:
            return url_for("matches.detail", order_key=int(subject))
        case "order":
            return url_for("matches.board", verdict="conflict")
        case "case":
            return url_for("cases.detail" if office else "own_cases.detail", case_id=subject)
        case "inspection" if not subject:
            return url_for("own_inspections.listing")
        case "inspection":
            return url_for("inspection_orders.detail" if office else "own_inspections.detail", order_id=subject)
        case "job":
            return _job(str(message.params["job"]["code"]), subject)
        case "application":
            return url_for("approvals.detail", application_id=subject) if office else url_for("registration.show")
        case "credit" | "credit_listing":
            return _credit(message, office=office)
        case kind if kind in _ROWS:
            return _ROWS[kind](subject)
        case kind:
            return url_for(_PAGES.get(kind, "centre.listing"))


def _job(kind: str, job_id: str) -> str:
    """Return where a message about a background job opens."""
    if kind in _JOB_PAGES:
        return url_for(_JOB_PAGES[kind], job_id=job_id)
    return url_for(_JOB_LISTS.get(kind, "centre.listing"))


def _credit(message: NoticeView, *, office: bool) -> str:
    """Return where a message about credit opens."""
    if not office:
        return url_for("my_credit.show")
    listing = message.subject_kind == "credit_listing"
    return url_for("office_lists.detail", listing_id=message.subject) if listing else url_for("office_credit.listing")


def _consent_page() -> str:
    """A consent opens for the firm on its own page, for the bank's people on theirs."""
    return "consents.detail" if current_principal().role == Role.FIRM else "bank.firm"


def _own_borrowing(consent_id: str, borrowing_id: str) -> str:
    """A bank sees a borrowing under the consent that opens the firm's money to it."""
    return url_for("bank_borrowings.detail", consent_id=consent_id, borrowing_id=borrowing_id)


def _back() -> str:
    """Return to the messages as they were filtered."""
    show, group, text = (request.form.get(name) or None for name in ("show", "group", "q"))
    return url_for("centre.listing", show=show, group=group, q=text)
