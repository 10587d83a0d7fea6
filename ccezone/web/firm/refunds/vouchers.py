"""Promotion-cost vouchers: a firm records and uses its own, officers certify or send back, everybody concerned sees the story."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.accounts.service import record
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.storage import Connection
from ccezone.tax_refunds.queries.pilots import open_pilot
from ccezone.tax_refunds.queries.vouchers import (
    TABS,
    VoucherView,
    count_vouchers,
    search_vouchers,
    voucher,
    voucher_steps,
    vouchers_sheet,
)
from ccezone.tax_refunds.rules.vouchers import OFFICE_STEPS, State, Step, Voucher, steps_from
from ccezone.tax_refunds.service.vouchers import PURPOSE, move_voucher, record_voucher
from ccezone.web.firm.fx.receipts import is_mine, today
from ccezone.web.firm.refunds import voucher_words as words
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import (
    FIRM,
    OFFICERS,
    READERS,
    current_enterprise_id,
    current_principal,
    firm_only,
    firms_and_office,
    officer_only,
)
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.forms import Field, Form, faults_of_form, posted_version, required_number, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from ccezone.web.shell.scans import MOST_MB, hand_out, keep_scan

blueprint = Blueprint("vouchers", __name__, url_prefix="/promotion-vouchers")
FIELDS = (
    Field("platform", _l("电商平台"), required=True, max_length=100),
    Field("period", _l("所属月份"), required=True, max_length=7, help=_l("年月，例如 2026-05")),
    Field("currency", _l("币制"), required=True, max_length=3, codes="currencies"),
    Field("amount", _l("推广费金额"), "decimal", required=True),
    Field("document_no", _l("平台单据编号"), required=True, max_length=60, help=_l("平台账单或发票上的编号，同一单据只登记一次。")),
)
WORDS = (Field("words", _l("说明"), "textarea", max_length=500, help=_l("退回时写原因，使用时写用途；认证时可不填。")),)


def _waiting(connection: Connection, _principal: Principal) -> int:
    return count_vouchers(connection, None)["recorded"]


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT, _l("平台推广费凭证"), "vouchers.listing", FIRM | READERS, order=49,
            note=_l("登记平台推广费凭证，认证后使用一次"),
        ),
    ),
    todo=(Todo(_l("推广费凭证待认证"), "vouchers.listing", OFFICERS, _waiting, {"tab": "recorded"}),),
)  # fmt: skip


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List vouchers of a state, the newest first."""
    tab = _tab()
    with hub().database.reading() as connection:
        rows = search_vouchers(connection, viewer(), tab, searched(), after_id(), PAGE + 1)
        counts = count_vouchers(connection, viewer())
        firm = viewer()
        pilot = open_pilot(connection, firm) if firm else None
    return render_template(
        "refunds/vouchers.html", page=page(rows, lambda row: row.id), tab=tab, text=searched(), counts=counts, words=words,
        mine=is_mine(), pilot=pilot, today=today(),
    )  # fmt: skip


@blueprint.get("/file")
@firms_and_office
def file() -> Response:
    """Hand the vouchers out as a workbook, which is recorded."""
    with hub().database.reading() as connection:
        content = vouchers_sheet(connection, viewer(), _tab(), searched())
    with hub().database.begin() as uow:
        record(uow, current_principal(), "voucher.download", "vouchers", hub().clock)
    return attachment(content, f"promotion-vouchers-{today():%Y%m%d}.xlsx", XLSX)


@blueprint.get("/new")
@firm_only
def blank() -> ResponseReturnValue:
    """Show an empty voucher."""
    return render_template("refunds/voucher_new.html", form=Form(FIELDS, {"currency": "142"}), most_mb=MOST_MB)


@blueprint.post("/new")
@firm_only
def enter() -> ResponseReturnValue:
    """Record a voucher, perhaps with its scan."""
    values, firm = texts(submitted(FIELDS)), current_enterprise_id()
    try:
        if faults := faults_of_form(FIELDS, values):
            raise Refused(*faults)
        said = Voucher(
            values["platform"], values["period"], values["currency"], required_number(values["amount"]), values["document_no"]
        )
        with hub().database.begin() as uow:
            kept = keep_scan(uow, firm, PURPOSE)
            number = record_voucher(uow, firm, said, kept[0] if kept else None, current_principal(), hub().clock)
    except Refused as refused:
        return render_template("refunds/voucher_new.html", form=Form(FIELDS, values, refused.faults), most_mb=MOST_MB), 422
    flash(_("凭证已登记，等待综试区认证。"))
    return redirect(url_for("vouchers.detail", voucher_id=number))


@blueprint.get("/<uuid:voucher_id>")
@firms_and_office
def detail(voucher_id: UUID) -> ResponseReturnValue:
    """Show one voucher with its story."""
    return _show(_own(voucher_id), Form(WORDS))


@blueprint.get("/<uuid:voucher_id>/scan")
@firms_and_office
def scan(voucher_id: UUID) -> ResponseReturnValue:
    """Hand the scan of a voucher out."""
    return hand_out(_own(voucher_id).file_id, PURPOSE)


@blueprint.post("/<uuid:voucher_id>/use")
@firm_only
def use(voucher_id: UUID) -> ResponseReturnValue:
    """Use a certified voucher, saying for what."""
    return _move(voucher_id, Step.USE.value)


@blueprint.post("/<uuid:voucher_id>/judge")
@officer_only
def judge(voucher_id: UUID) -> ResponseReturnValue:
    """Certify a voucher, or send it back with a reason."""
    return _move(voucher_id, request.form.get("step", ""))


def _move(voucher_id: UUID, step: str) -> ResponseReturnValue:
    found, values = _own(voucher_id), texts(submitted(WORDS))
    try:
        known = _step(step)
        if faults := faults_of_form(WORDS, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            move_voucher(uow, voucher_id, posted_version(), known, values["words"], current_principal(), hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _show(_own(found.id), Form(WORDS, values, refused.faults), 422)
    flash(str(words.DONE[known]))
    return redirect(url_for("vouchers.detail", voucher_id=voucher_id))


def _tab() -> str:
    tab = request.args.get("tab", "")
    return tab if tab in TABS else abort(400)


def _step(typed: str) -> Step:
    """Read the button that was pressed. Raises ``Refused``: none of ours."""
    if typed not in list(Step):
        raise Refused(Fault("", "voucher_step_not_allowed"))
    return Step(typed)


def _own(voucher_id: UUID) -> VoucherView:
    with hub().database.reading() as connection:
        return voucher(connection, voucher_id, viewer()) or abort(404)


def _steps(found: VoucherView) -> list[Step]:
    """What whoever looks may do now."""
    by = current_principal()
    firm = by.enterprise_id is not None and by.may(Permission.DECLARATIONS_WRITE)
    office = by.role == Role.ZONE_OFFICER
    return [step for step in steps_from(State(found.state)) if (office if step in OFFICE_STEPS else firm)]


def _show(found: VoucherView, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        story = voucher_steps(connection, found.id)
    return render_template("refunds/voucher.html", row=found, story=story, steps=_steps(found), form=form, words=words), status
