"""What banks and insurers found when they checked firms: recorded with the document, searched, taken back with a reason."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.kernel.errors import NotFound, Refused
from ccezone.risk.queries.background import background_checks, background_file, count_background
from ccezone.risk.rules.background import Checker, Outcome, Purpose
from ccezone.risk.service.background import BackgroundReport, report_background, take_background_back
from ccezone.web.hub import hub
from ccezone.web.office.credit.reading import today
from ccezone.web.registering.fields import BadDay, day_or_none
from ccezone.web.shell.access import READERS, current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from ccezone.web.shell.rendering import problem
from ccezone.web.shell.scans import MOST_MB, hand_out, keep_scan

blueprint = Blueprint("background_checks", __name__, url_prefix="/office/background-checks")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("金融背景调查"),
            "background_checks.listing",
            READERS,
            order=27,
            note=_l("银行、保险机构对企业的调查结果"),
        ),
    ),
)
PURPOSE = "background"
CHECKERS: Mapping[str, LazyString] = {Checker.BANK.value: _l("银行"), Checker.INSURER.value: _l("保险机构")}
PURPOSES: Mapping[str, LazyString] = {
    Purpose.SETTLEMENT.value: _l("结算服务"),
    Purpose.LOAN.value: _l("融资授信"),
    Purpose.INSURANCE.value: _l("出口信用保险"),
}
OUTCOMES: Mapping[str, LazyString] = {
    Outcome.CLEAR.value: _l("未见异常"),
    Outcome.CONCERN.value: _l("存在疑点"),
    Outcome.REFUSED.value: _l("拒绝服务"),
}
TONES = {Outcome.CLEAR.value: "good", Outcome.CONCERN.value: "warn", Outcome.REFUSED.value: "bad"}
FIELDS = (
    Field("uscc", _l("统一社会信用代码"), required=True, max_length=18),
    Field("institution", _l("调查机构"), required=True, max_length=100),
    Field("kind", _l("机构类型"), "select", required=True, options=tuple(CHECKERS.items())),
    Field("purpose", _l("调查目的"), "select", required=True, options=tuple(PURPOSES.items())),
    Field("outcome", _l("调查结果"), "select", required=True, options=tuple(OUTCOMES.items())),
    Field("checked_on", _l("调查日期"), "date", required=True),
    Field("valid_to", _l("有效期止"), "date"),
    Field("document", _l("文件名称或文号"), required=True, max_length=200),
    Field("note", _l("说明"), "textarea", max_length=1000, help=_l("存在疑点或拒绝服务的，写明事实。")),
)


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List reports by outcome."""
    outcome = request.args.get("outcome", "")
    if outcome and outcome not in OUTCOMES:
        abort(404)
    with hub().database.reading() as connection:
        rows = background_checks(connection, outcome, searched(), None, after_id(), PAGE + 1)
        counts = count_background(connection)
    tabs = [(_("全部"), url_for("background_checks.listing"), sum(counts.values()), not outcome)]
    tabs += [
        (label, url_for("background_checks.listing", outcome=code), counts.get(code, 0), code == outcome)
        for code, label in OUTCOMES.items()
    ]
    shown = page(rows, lambda row: row.id)
    words = {"outcomes": OUTCOMES, "tones": TONES, "checkers": CHECKERS, "purposes": PURPOSES}
    return render_template("risk/background.html", page=shown, tabs=tabs, text=searched(), **words)


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty report."""
    return _show(Form(FIELDS, {"checked_on": today().isoformat(), "uscc": request.args.get("uscc", "")[:18]}))


@blueprint.post("/new")
@officer_only
def enter() -> ResponseReturnValue:
    """Record a report."""
    values = texts(submitted(FIELDS))
    try:
        if faults := faults_of_form(FIELDS, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            kept = keep_scan(uow, None, PURPOSE)
            report_background(uow, values["uscc"], _report(values, kept[0] if kept else None), current_principal(), hub().clock)
    except Refused as refused:
        return _show(Form(FIELDS, values, refused.faults), 422)
    flash(_("调查结果已登记。"))
    return redirect(url_for("background_checks.listing"))


@blueprint.post("/<uuid:check_id>/revoke")
@officer_only
def revoke(check_id: UUID) -> ResponseReturnValue:
    """Take a report back, with a reason; it stays on record."""
    try:
        with hub().database.begin() as uow:
            take_background_back(uow, check_id, request.form.get("reason", "")[:500], current_principal(), hub().clock)
    except NotFound:
        abort(404)
    except Refused as refused:
        flash(problem(refused.faults[0])[0])
        return redirect(url_for("background_checks.listing"))
    flash(_("已撤回，记录保留。"))
    return redirect(url_for("background_checks.listing"))


@blueprint.get("/<uuid:check_id>/file")
@office_readers
def file(check_id: UUID) -> Response:
    """Hand out the scan of a report."""
    with hub().database.reading() as connection:
        known = background_file(connection, check_id)
    return hand_out(known, PURPOSE)


def _report(values: dict[str, str], file_id: UUID | None) -> BackgroundReport:
    try:
        checked, until = day_or_none(values["checked_on"], "/checked_on"), day_or_none(values["valid_to"], "/valid_to")
    except BadDay as bad:
        raise Refused(bad.fault) from None
    named = {name: values[name] for name in ("institution", "kind", "purpose", "outcome", "document", "note")}
    return BackgroundReport(**named, checked_on=checked or today(), valid_to=until, file_id=file_id)


def _show(form: Form, status: int = 200) -> ResponseReturnValue:
    return render_template("risk/background_form.html", form=form, most_mb=MOST_MB), status
