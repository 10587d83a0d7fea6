"""An inspection agency's portal: the joint orders its agency is invited to, and signing in its own check (查检合一)."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.queries.partners import partner
from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.accounts.service import record
from ccezone.consents.service import note_competent_look
from ccezone.enterprises.queries import directory
from ccezone.inspection.queries import TABS, CheckView, OrderFilter, OrderView, count_orders, order, search_orders
from ccezone.inspection.queries.inspectors import names_by_code
from ccezone.inspection.service import Check, sign
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.office.inspection import words
from ccezone.web.office.inspection.order import fields_of
from ccezone.web.office.inspection.papers import handed_out, scan
from ccezone.web.shell.access import current_principal, roles_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from ccezone.web.shell.scans import MOST_MB

blueprint = Blueprint("agency", __name__, url_prefix="/agency")
INSPECTORS = frozenset({Role.AGENCY})
_OFFICE_ONLY = frozenset({"noted", "joined"})


def own_agency(connection: Connection, principal: Principal) -> str:
    """Return the agency whoever is signed in inspects for; 403 for whoever has none."""
    found = partner(connection, principal.partner_id) if principal.partner_id else None
    return found.code if found else abort(403)


def _open(connection: Connection, principal: Principal) -> int:
    return count_orders(connection, OrderFilter(words.today(), agency=own_agency(connection, principal)))["open"]


def _overdue(connection: Connection, principal: Principal) -> int:
    return count_orders(connection, OrderFilter(words.today(), agency=own_agency(connection, principal)))["overdue"]


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.PARTNER,
            _l("本部门的联合查验"),
            "agency.listing",
            INSPECTORS,
            order=2,
            note=_l("受邀参加的查验单，提交本部门意见"),
        ),
    ),
    todo=(
        Todo(_l("办理中的联合查验"), "agency.listing", INSPECTORS, _open),
        Todo(_l("已超期的联合查验"), "agency.listing", INSPECTORS, _overdue, {"tab": "overdue"}, urgent=True),
    ),
)


@blueprint.get("")
@roles_only(Role.AGENCY)
def listing() -> ResponseReturnValue:
    """List the orders the agency is invited to, by standing, the newest first."""
    tab = next((each for each in TABS if each == request.args.get("tab", "open")), None) or abort(404)
    text = searched()
    with hub().database.reading() as connection:
        parties = directory(connection).by_id
        firms = [each.id for each in parties.values() if text and text.lower() in each.name.lower()]
        wanted = OrderFilter(words.today(), tab, "", own_agency(connection, current_principal()), text, firms)
        rows = search_orders(connection, wanted, after_id(), PAGE + 1)
        counts = count_orders(connection, wanted)
    return render_template(
        "partner/agency_listing.html", page=page(rows, lambda row: row.id), tab=tab, counts=counts, parties=parties, words=words,
        text=text, today=words.today(),
    )  # fmt: skip


@blueprint.get("/<uuid:order_id>")
@roles_only(Role.AGENCY)
def detail(order_id: UUID) -> ResponseReturnValue:
    """Show one order: what, where, when, what every agency signed in, and the form for one's own check."""
    return _show(order_id, None)


@blueprint.post("/<uuid:order_id>/sign")
@roles_only(Role.AGENCY)
def sign_in(order_id: UUID) -> ResponseReturnValue:
    """Sign the own agency's check in, perhaps with a document."""
    found, own = _found(order_id)
    fields, by = _fields(found), current_principal()
    values = submitted(fields)
    plain = texts(values)
    try:
        if not by.may(Permission.INSPECTION_SIGN):
            abort(403)
        if faults := faults_of_form(fields, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            paper = scan(uow, found.row.enterprise_id)
            said = Check(own.agency, plain["sign_opinion"], [*values["sign_findings"]], plain["sign_note"], paper)
            sign(uow, order_id, said, by.actor, hub().clock)
            record(uow, by, "inspection.sign", f"inspection:{order_id}", hub().clock, {"agency": own.agency})
    except Refused as refused:
        return _show(order_id, Form(fields, values, [_placed(fault) for fault in refused.faults]), 422)
    flash(_("本部门意见已提交。"))
    return redirect(url_for("agency.detail", order_id=order_id))


@blueprint.get("/<uuid:order_id>/files/<uuid:file_id>")
@roles_only(Role.AGENCY)
def file(order_id: UUID, file_id: UUID) -> Response:
    """Hand out a document an agency signed its check in with."""
    found, _own = _found(order_id)
    return handed_out(file_id) if file_id in {check.file_id for check in found.checks} else abort(404)


def _found(order_id: UUID) -> tuple[OrderView, CheckView]:
    """Return an order the agency is invited to, with its own check; 404 for any other."""
    with hub().database.reading() as connection:
        agency = own_agency(connection, current_principal())
        found = order(connection, order_id) or abort(404)
    own = next((check for check in found.checks if check.agency == agency), None)
    return found, own or abort(404)


def _fields(found: OrderView) -> tuple[Field, ...]:
    return fields_of("sign", found)[1:]


def _placed(fault: Fault) -> Fault:
    """Point a fault of the use case at the field of the form."""
    name = fault.pointer.strip("/")
    return Fault(f"/sign_{name}", fault.code, fault.params) if name in ("opinion", "findings", "note", "file") else fault


def _show(order_id: UUID, tried: Form | None, status: int = 200) -> ResponseReturnValue:
    found, own = _found(order_id)
    with hub().database.begin() as uow:
        note_competent_look(uow, found.row.enterprise_id, "inspection", found.row.spelled, current_principal(), hub().clock)
        party = directory(uow.connection).by_id.get(found.row.enterprise_id)
        sent = names_by_code(uow.connection, [code for check in found.checks for code in check.inspectors])
    steps = [step for step in found.steps if step.action not in _OFFICE_ONLY]
    return render_template(
        "partner/agency_order.html", found=found, row=found.row, own=own, party=party, sent=sent, steps=steps, words=words,
        form=tried or Form(_fields(found)), today=words.today(), most_mb=MOST_MB, working=found.row.open and not own.opinion,
    ), status  # fmt: skip
