"""Yuan borrowed across the border: a firm sees its own, officers register contracts and note what was drawn and repaid."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.queries.partners import PartnerView, search_partners
from ccezone.accounts.rules import Role
from ccezone.accounts.rules.partners import PartnerKind
from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory, enterprise
from ccezone.fx.queries.borrowing import TABS, BorrowingView, Whose, borrowing, borrowing_steps, borrowings, borrowings_sheet
from ccezone.fx.rules.borrowing import steps_from
from ccezone.fx.service.borrowing import move_borrowing, register_borrowing
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.storage import Connection
from ccezone.web.firm.fx import borrowing_words as words
from ccezone.web.firm.fx.borrowing_forms import SAID, TERMS, read_contract, read_said
from ccezone.web.firm.fx.receipts import blueprint, today
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firms_and_office, officer_only
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.forms import Field, Form, posted_version, submitted, texts
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page, searched


@blueprint.get("/borrowings")
@firms_and_office
def borrowings_listing() -> ResponseReturnValue:
    """List borrowings of a state, the newest first."""
    with hub().database.reading() as connection:
        rows = borrowings(connection, _wanted(), after_id(), PAGE + 1)
    shown = page(rows, lambda row: row.id)
    return render_template(
        "fx/borrowings.html", page=shown, words=words, today=today(), may=_officer(), tab=_wanted().state, text=searched()
    )


@blueprint.get("/borrowings/file")
@firms_and_office
def borrowings_file() -> Response:
    """Hand the borrowings out as a workbook, which is recorded."""
    with hub().database.reading() as connection:
        content = borrowings_sheet(connection, _wanted())
    with hub().database.begin() as uow:
        record(uow, current_principal(), "fx.download", "fx_borrowings", hub().clock)
    return attachment(content, f"fx-borrowings-{today():%Y%m%d}.xlsx", XLSX)


@blueprint.get("/borrowings/new")
@officer_only
def blank_borrowing() -> ResponseReturnValue:
    """Show an empty contract."""
    return render_template("fx/borrowing_new.html", form=Form(_contract(_banks())))


@blueprint.post("/borrowings/new")
@officer_only
def enter_borrowing() -> ResponseReturnValue:
    """Register a contract."""
    banks = _banks()
    fields = _contract(banks)
    values = texts(submitted(fields))
    try:
        contract = read_contract(fields, values, _bank(banks, values))
        with hub().database.begin() as uow:
            partner = UUID(values["partner"]) if values["partner"] else None
            given = (contract, partner, values["document"], current_principal(), hub().clock)
            number = register_borrowing(uow, _firm(uow.connection, values["uscc"]), *given)
    except Refused as refused:
        return render_template("fx/borrowing_new.html", form=Form(fields, values, refused.faults)), 422
    flash(_("借款已登记。"))
    return redirect(url_for("fx.one_borrowing", borrowing_id=number))


@blueprint.get("/borrowings/<uuid:borrowing_id>")
@firms_and_office
def one_borrowing(borrowing_id: UUID) -> ResponseReturnValue:
    """Show one borrowing with its story."""
    return _show(_own(borrowing_id), Form(SAID))


@blueprint.post("/borrowings/<uuid:borrowing_id>")
@officer_only
def note_borrowing(borrowing_id: UUID) -> ResponseReturnValue:
    """Note what was drawn or repaid, or close the contract."""
    found, values = _own(borrowing_id), texts(submitted(SAID))
    try:
        said = read_said(values, request.form.get("step", ""))
        with hub().database.begin() as uow:
            move_borrowing(uow, borrowing_id, posted_version(), said, current_principal(), hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _show(found, Form(SAID, values, refused.faults), 422)
    flash(_("已登记。"))
    return redirect(url_for("fx.one_borrowing", borrowing_id=borrowing_id))


def _wanted() -> Whose:
    state = request.args.get("tab", "")
    return Whose(viewer(), None, state, searched()) if state in TABS else abort(400)


def _banks() -> Sequence[PartnerView]:
    with hub().database.reading() as connection:
        return search_partners(connection, PartnerKind.BANK, limit=1000, only_active=True)


def _contract(banks: Sequence[PartnerView]) -> tuple[Field, ...]:
    """The fields of a contract, with the banks of the hub; another bank is named."""
    options = tuple((str(each.id), each.called(language())) for each in banks)
    return (
        Field("uscc", _l("统一社会信用代码"), required=True, max_length=18, help=_l("借款企业。")),
        Field("partner", _l("办理银行"), "select", options=options, help=_l("已接入平台的银行。")),
        Field("bank", _l("其他银行名称"), max_length=100, help=_l("办理银行未接入平台时填写。")),
        *TERMS,
    )


def _bank(banks: Sequence[PartnerView], values: Mapping[str, str]) -> str:
    """Return the name of the bank that is chosen, or typed. Raises ``Refused``: neither, or both."""
    if bool(values["partner"]) == bool(values["bank"]):
        raise Refused(Fault("/bank", "fx_borrowing_one_bank"))
    known = {str(each.id): each.name for each in banks}
    if values["partner"] and values["partner"] not in known:
        raise Refused(Fault("/partner", "required"))
    return known.get(values["partner"], values["bank"])


def _firm(connection: Connection, uscc: str) -> UUID:
    """Return a firm in reach. Raises ``Refused``."""
    found = directory(connection).find(uscc.strip().upper())
    if found is None or enterprise(connection, found.id) is None:
        raise Refused(Fault("/uscc", "party_not_registered", {"code": uscc.strip()}))
    return found.id


def _officer() -> bool:
    return current_principal().role == Role.ZONE_OFFICER


def _own(borrowing_id: UUID) -> BorrowingView:
    with hub().database.reading() as connection:
        return borrowing(connection, borrowing_id, viewer()) or abort(404)


def _show(found: BorrowingView, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        story = borrowing_steps(connection, found.id)
    steps = steps_from(found.standing) if _officer() else []
    return render_template(
        "fx/borrowing.html", row=found, story_rows=story, steps=steps, form=form, words=words, today=today()
    ), status
