"""Special-area export (1210): goods that entered with what is left of them, deliveries out of them, consolidated declarations."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.parameters.queries import book
from ccezone.storage import Connection, UnitOfWork
from ccezone.tax_refunds.queries import area as queries
from ccezone.tax_refunds.rules.area import Period
from ccezone.tax_refunds.service import area as service
from ccezone.web.firm.applications.summaries import mine
from ccezone.web.firm.refunds import area_words as words
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import FIRM, READERS, current_enterprise_id, current_principal, firm_only, firms_and_office
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Field, Form, faults_of_form, posted_version, required_number, submitted, texts
from ccezone.web.shell.moments import read_day
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("special_area", __name__, url_prefix="/special-area")
DELIVERING = (
    Field("delivery_no", _l("出区单号"), required=True, max_length=60, help=_l("企业自己的编号，同一批次内不重复。")),
    Field("delivered_on", _l("出区日期"), "date", required=True),
    Field("quantity", _l("数量"), "decimal", required=True),
    Field("waybill_no", _l("运单号"), max_length=60),
    Field("list_no", _l("出口清单编号"), max_length=60, help=_l("本企业的1210出口清单；填写后该清单不再单独申报退税。")),
)
DECLARING = (
    Field("declaration_no", _l("报关单号"), required=True, max_length=18),
    Field("declared_on", _l("申报日期"), "date", required=True),
)


def _due(connection: Connection, principal: Principal) -> int:
    """Count a firm's periods that are over and not declared."""
    if not principal.enterprise_id:
        return 0
    found = queries.due_periods(connection, principal.enterprise_id, book(connection, hub().settings.zone))
    return sum(each.period.until < _today() for each in found)


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("特殊区域出口"),
            "special_area.listing",
            READERS | FIRM,
            order=47,
            note=_l("1210 入区退税、分送出区、集中申报"),
        ),
    ),
    todo=(Todo(_l("出区待集中申报"), "special_area.summaries", FIRM, _due, urgent=True),),
)


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List lots of a tab, the newest first."""
    tab = request.args.get("tab", "")
    if tab not in queries.TABS:
        abort(400)
    with hub().database.reading() as connection:
        rows = queries.search_lots(connection, viewer(), tab, searched(), after_id(), PAGE + 1)
        counts = queries.count_lots(connection, viewer(), searched())
        parties = directory(connection).by_id
    shown = page(rows, lambda row: row.id)
    return render_template(
        "refunds/area_lots.html", page=shown, tab=tab, text=searched(), counts=counts, parties=parties, words=words
    )


@blueprint.get("/lots/<uuid:item_id>")
@firms_and_office
def detail(item_id: UUID) -> ResponseReturnValue:
    """Show one lot with its account and deliveries."""
    return _lot(item_id)


@blueprint.post("/lots/<uuid:item_id>")
@firm_only
def deliver(item_id: UUID) -> ResponseReturnValue:
    """Record a delivery."""
    values = texts(submitted(DELIVERING))

    def verb(uow: UnitOfWork) -> None:
        if faults := faults_of_form(DELIVERING, values):
            raise Refused(*faults)
        told = (read_day(values["delivered_on"], "/delivered_on"), required_number(values["quantity"]))
        given = service.Delivery(values["delivery_no"], *told, values["waybill_no"], values["list_no"])
        service.record_delivery(uow, current_enterprise_id(), item_id, given, current_principal().actor, hub().clock)

    if refused := _done("deliver", f"lot:{item_id}", verb):
        return _lot(item_id, Form(DELIVERING, values, refused.faults), status=422)
    return redirect(url_for("special_area.detail", item_id=item_id))


@blueprint.post("/lots/<uuid:item_id>/deliveries/<uuid:delivery_id>")
@firm_only
def remove(item_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Take a delivery back."""
    firm = current_enterprise_id()
    verb: Callable[[UnitOfWork], object] = lambda uow: service.remove_delivery(uow, firm, delivery_id, hub().clock)  # noqa: E731
    if refused := _done("remove", f"delivery:{delivery_id}", verb):
        return _lot(item_id, faults=refused.faults, status=422)
    return redirect(url_for("special_area.detail", item_id=item_id))


@blueprint.get("/declarations")
@firms_and_office
def summaries() -> ResponseReturnValue:
    """List what is due, and consolidated declarations, the newest first."""
    return _summaries()


@blueprint.post("/declarations")
@firm_only
def gather() -> ResponseReturnValue:
    """Draft one of the deliveries of a day's period."""
    made: list[UUID] = []

    def verb(uow: UnitOfWork) -> None:
        period = service.gathered_period(book(uow.connection, hub().settings.zone), read_day(request.form.get("since", ""), ""))
        made.append(service.gather(uow, current_enterprise_id(), period, current_principal().actor, hub().clock))

    if refused := _done("gather", "special_area", verb):
        return _summaries(refused.faults, 422)
    return redirect(url_for("special_area.summary", summary_id=made[0]))


@blueprint.get("/declarations/<uuid:summary_id>")
@firms_and_office
def summary(summary_id: UUID) -> ResponseReturnValue:
    """Show one consolidated declaration with its deliveries."""
    return _summary(summary_id)


@blueprint.post("/declarations/<uuid:summary_id>/<any(declare, withdraw):what>")
@firm_only
def take(summary_id: UUID, what: str) -> ResponseReturnValue:
    """Note its customs declaration, or take it back."""
    version, values, firm = posted_version(), texts(submitted(DECLARING)), current_enterprise_id()

    def verb(uow: UnitOfWork) -> None:
        if what == "withdraw":
            return service.withdraw(uow, firm, summary_id, version, hub().clock)
        if faults := faults_of_form(DECLARING, values):
            raise Refused(*faults)
        day = read_day(values["declared_on"], "/declared_on")
        return service.declare(uow, firm, summary_id, version, values["declaration_no"], day, hub().clock)

    if refused := _done(what, f"area_summary:{summary_id}", verb):
        form = Form(DECLARING, values, refused.faults) if what == "declare" else None
        return _summary(summary_id, form, () if form else refused.faults, 422)
    return redirect(url_for("special_area.summary", summary_id=summary_id))


def _today() -> date:
    return hub().clock.now().astimezone(SHANGHAI).date()


def _done(what: str, subject: str, verb: Callable[[UnitOfWork], object]) -> Refused | None:
    """Do one thing, on record; return why not. What is not the firm's looks like nothing."""
    try:
        with hub().database.begin() as uow:
            verb(uow)
            record(uow, current_principal(), f"special_area.{what}", subject, hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return refused
    flash(str(words.DONE[what]))
    return None


def _lot(item_id: UUID, form: Form | None = None, faults: Sequence[Fault] = (), status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        row = queries.lot(connection, viewer(), item_id) or abort(404)
        deliveries = queries.deliveries_of_lots(connection, [item_id], queries.MOST_SHOWN)
        parties = directory(connection).by_id
    form = form or Form(DELIVERING, {"delivered_on": _today().isoformat()})
    return render_template(
        "refunds/area_lot.html", row=row, deliveries=deliveries, parties=parties, words=words, form=form, faults=faults, may=mine(),
        most=queries.MOST_SHOWN,
    ), status  # fmt: skip


def _summaries(faults: Sequence[Fault] = (), status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        rows = queries.search_summaries(connection, viewer(), searched(), after_id(), PAGE + 1)
        due = queries.due_periods(connection, viewer(), book(connection, hub().settings.zone))
        parties = directory(connection).by_id
    return render_template(
        "refunds/area_summaries.html", page=page(rows, lambda row: row.id), due=due, text=searched(), parties=parties, words=words,
        today=_today(), faults=faults, may=mine(),
    ), status  # fmt: skip


def _summary(summary_id: UUID, form: Form | None = None, faults: Sequence[Fault] = (), status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        row = queries.summary(connection, viewer(), summary_id) or abort(404)
        deliveries = queries.deliveries_of_summaries(connection, [summary_id], queries.MOST_SHOWN)
        due = queries.due_on(book(connection, hub().settings.zone), Period(row.since, row.until))
        parties = directory(connection).by_id
    form = form or Form(DECLARING, {"declared_on": _today().isoformat()})
    return render_template(
        "refunds/area_summary.html", row=row, deliveries=deliveries, parties=parties, words=words, form=form, faults=faults,
        may=mine(), due=due, most=queries.MOST_SHOWN,
    ), status  # fmt: skip
