"""Inspection orders: lists with filters and counts, a new one by hand or from an alert or a case, the whole as a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.service import record
from ccezone.cases.queries import case
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.inspection.queries import TABS, OrderFilter, OrderRow, count_orders, every_order, search_orders
from ccezone.inspection.queries.terms import inspection_terms
from ccezone.inspection.rules import REASONS
from ccezone.inspection.service import Wanted, open_order
from ccezone.kernel.csv_text import csv_text
from ccezone.kernel.errors import Refused
from ccezone.risk.queries.alerts import alert
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.office.inspection import words
from ccezone.web.shell.access import OFFICERS, READERS, current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.files import attachment
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, submitted, texts
from ccezone.web.shell.moments import read_day, read_moment
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("inspections", __name__, url_prefix="/office/inspection")


def _counted(tab: str) -> Todo:
    """A counter of orders in a tab, that opens them."""
    label = {"open": _l("办理中的查验单"), "overdue": _l("已超期的查验单")}[tab]
    return Todo(
        label,
        "inspections.listing",
        OFFICERS,
        lambda connection, _principal: count_orders(connection, OrderFilter(words.today()))[tab],
        {"tab": tab},
        urgent=tab == "overdue",
    )


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("联合查验"),
            "inspections.listing",
            READERS,
            order=26,
            note=_l("多部门一张查验单、一个结果；随机抽查"),
        ),
    ),
    todo=(_counted("open"), _counted("overdue")),
)
_COLUMNS = (
    *("number", "subject_kind", "subject", "uscc", "enterprise", "reason", "due_on", "checks", "signed", "result", "findings"),
    *("opened_at", "closed_at"),
)


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List orders of a tab, the newest first."""
    with hub().database.reading() as connection:
        wanted = _filter(connection)
        rows = search_orders(connection, wanted, after_id(), PAGE + 1)
        counts = count_orders(connection, wanted)
        parties = directory(connection).by_id
        agencies = inspection_terms(connection, hub().settings.zone, wanted.today).agencies
    return render_template(
        "inspection/orders.html", page=page(rows, lambda row: row.id), wanted=wanted, counts=counts, parties=parties,
        agencies=agencies, words=words,
    )  # fmt: skip


@blueprint.get("/export.csv")
@office_readers
def export() -> Response:
    """Hand out all orders of a filter as a table, made while it is sent; recorded."""
    with hub().database.begin() as uow:
        wanted = _filter(uow.connection)
        record(uow, current_principal(), "inspection.export", f"inspection:{wanted.tab}", hub().clock)
    return attachment(_table(wanted), f"inspection-{wanted.tab}-{wanted.today:%Y%m%d}.csv", "text/csv")


def _table(wanted: OrderFilter) -> Iterator[bytes]:
    database = hub().database

    def told() -> Iterator[bytes]:
        yield csv_text([_COLUMNS])
        with database.reading() as connection:
            parties = directory(connection).by_id
            for row in every_order(connection, wanted):
                yield csv_text([_cells(row, parties.get(row.enterprise_id))], marked=False)

    return told()


def _cells(row: OrderRow, party: EnterpriseView | None) -> Sequence[object]:
    firm = (party.uscc, party.name) if party else ("", "")
    about = (row.spelled, row.subject_kind, row.subject, *firm, row.reason, row.due_on.isoformat(), row.checks, row.signed)
    closed = row.closed_at.isoformat() if row.closed_at else ""
    return (*about, row.result, " ".join(row.findings), row.opened_at.isoformat(), closed)


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty order, filled in from the alert, case, list or firm the address names."""
    return _form(_begun())


@blueprint.post("/new")
@officer_only
def create() -> ResponseReturnValue:
    """Open an order, or join the open one about the same list."""
    fields, principal = _fields(), current_principal()
    values = submitted(fields)
    typed, agencies = texts(values), values["agencies"]
    faults = faults_of_form(fields, values)
    reason, origin = _origin(typed["origin"])
    try:
        if faults:
            raise Refused(*faults)
        wanted = Wanted(
            typed["subject_kind"], typed["subject"], list(agencies), read_day(typed["due_on"], "/due_on"), reason, origin,
            typed["party"], typed["what"], typed["place"], read_moment(typed["planned_at"], "/planned_at"),
        )  # fmt: skip
        with hub().database.begin() as uow:
            order_id = open_order(uow, wanted, principal.actor, hub().clock)
            record(uow, principal, "inspection.open", f"inspection:{order_id}", hub().clock, {"reason": reason})
    except Refused as refused:
        return _form(values, refused)
    flash(_("查验单已开具，企业将收到通知。"))
    return redirect(url_for("inspection_orders.detail", order_id=order_id))


def _origin(typed: str) -> tuple[str, str]:
    """Say why, by what the order came from: an alert, a case, or nothing."""
    kind, _colon, known = typed.partition(":")
    reasons = {"risk_alert": "risk", "case": "case"}
    return (reasons[kind], f"{kind}:{_uuid(known)}") if kind in reasons else ("hand", "")


def _begun() -> Values:
    """What stands in a new order's form: an alert's or a case's list and firm, where the address names one."""
    due = words.today()
    with hub().database.reading() as connection:
        terms = inspection_terms(connection, hub().settings.zone, due)
        about = _about(connection)
    usual = {"agencies": list(terms.agencies), "due_on": (due + timedelta(days=terms.order_days)).isoformat()}
    return {**usual, "subject_kind": "list", **about}


def _about(connection: Connection) -> Mapping[str, str]:
    if given := request.args.get("alert"):
        known = alert(connection, _uuid(given)) or abort(404)
        lists = [row["key"] for row in known.evidence if row["kind"] == "list"]
        origin = {"origin": f"risk_alert:{given}"}
        if lists:
            return {**origin, "subject": lists[0]}
        firm = directory(connection).by_id.get(known.row.merchant_id) if known.row.merchant_id else None
        return {**origin, "subject_kind": "firm", "subject": firm.uscc if firm else ""}
    if given := request.args.get("case"):
        found = case(connection, _uuid(given)) or abort(404)
        origin = {"origin": f"case:{given}"}
        if found.subject_kind == "list":
            return {**origin, "subject": str(found.subject)}
        firm = directory(connection).by_id.get(found.enterprise_id) if found.enterprise_id else None
        return {**origin, "subject_kind": "firm", "subject": firm.uscc if firm else ""}
    return {"subject": request.args.get("list", "")[:20]}


def _uuid(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        abort(404)


def _form(values: Values, refused: Refused | None = None) -> ResponseReturnValue:
    form = Form(_fields(), values, refused.faults if refused else ())
    return render_template("inspection/order_form.html", form=form, words=words), 422 if refused else 200


def _fields() -> tuple[Field, ...]:
    with hub().database.reading() as connection:
        agencies = inspection_terms(connection, hub().settings.zone, words.today()).agencies
    return (
        Field("subject_kind", _l("查验对象"), "select", required=True, options=tuple(words.SUBJECTS.items())),
        Field(
            "subject",
            _l("清单编号、批次或企业代码"),
            required=True,
            max_length=60,
            help=_l("清单填平台编号，企业填统一社会信用代码。"),
        ),
        Field("party", _l("批次所属企业代码"), max_length=18, help=_l("仅货物批次需要填写。")),
        Field("agencies", _l("参加部门"), "checkboxes", required=True, options=words.options(agencies, "inspection_agencies")),
        Field("due_on", _l("办结期限"), "date", required=True),
        Field("planned_at", _l("查验时间"), "datetime"),
        Field("place", _l("查验地点"), max_length=200),
        Field("what", _l("查验内容"), "textarea", max_length=1000),
        Field("origin", _l("来源"), max_length=60),
    )


def _filter(connection: Connection) -> OrderFilter:
    """Read the filter from the address; 400 for a tab or reason that does not exist."""
    tab, reason = request.args.get("tab", "open"), request.args.get("reason", "")
    if tab not in TABS or (reason and reason not in REASONS):
        abort(400)
    wanted = OrderFilter(words.today(), tab, reason, request.args.get("agency", "")[:40], searched())
    lowered = wanted.text.lower()
    named = [firm.id for firm in directory(connection).by_id.values() if lowered and lowered in f"{firm.name} {firm.uscc}".lower()]
    return replace(wanted, firms=named)
