"""Lists of bills and one bill with everything known of it; firms see their own, the office all."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal, Role
from ccezone.bills import queries, rules
from ccezone.bills.queries import BillView, Cursor, Scope, Wanted
from ccezone.bills.queries.detail import flow_of
from ccezone.bills.rules import SENDERS, BillKind
from ccezone.clearance.queries import receipts_of
from ccezone.declarations.queries import lists_of_order, scope_of
from ccezone.enterprises.queries import Directory, EnterpriseView, directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.matching.queries import match
from ccezone.storage import Connection
from ccezone.storage.personal import PersonalVault
from ccezone.web.firm.bills import words
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firms_and_office
from ccezone.web.shell.acting import flows_in_reach, reaches
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Reveal
from ccezone.web.shell.paging import PAGE, page, searched

blueprint = Blueprint("bills", __name__, url_prefix="/bills")
PATHS = {"orders": BillKind.ORDER, "payments": BillKind.PAYMENT, "waybills": BillKind.WAYBILL, "links": BillKind.LINK}
NOTES = {
    BillKind.ORDER: _l("查询、填报、变更订单"),
    BillKind.PAYMENT: _l("查询、填报、变更支付单"),
    BillKind.WAYBILL: _l("查询、填报、变更运单"),
    BillKind.LINK: _l("说明哪个订单装在哪个运单里"),
}
SCOPES = {Scope.OWN: _l("本企业订单的"), Scope.SENT: _l("本企业报送的")}


@firms_and_office
def listing(kind: BillKind) -> ResponseReturnValue:
    """List bills of one kind, the last to arrive first."""
    who = viewer()
    with hub().database.reading() as connection:
        firm = directory(connection).by_id.get(who) if who else None
        scope = _scope(firm)
        rows = queries.search_bills(connection, kind, scope, who, _wanted())
    return render_template(
        "bills/list.html", kind=kind, path=path_of(kind), words=words, scope=scope, scopes=SCOPES if who else {},
        flow=request.args.get("flow", ""), text=searched(), may_send=may_send(kind, firm),
        days={name: request.args.get(name, "")[:10] for name in ("from", "to")}, page=page(rows, lambda row: row.cursor),
    )  # fmt: skip


def path_of(kind: BillKind) -> str:
    """Return how a kind of bill is called in addresses."""
    return f"{kind.value}s"


for _path, _kind in PATHS.items():
    blueprint.get(f"/{_path}", endpoint=_path, defaults={"kind": _kind})(listing)


@blueprint.get("/<any(order, payment, waybill, link):kind>/<int(signed=True):key>")
@firms_and_office
def detail(kind: str, key: int) -> ResponseReturnValue:
    """Show one bill: its values, its versions, what customs said, and what it belongs to."""
    who = viewer()
    with hub().database.reading() as connection:
        known = found_bill(connection, BillKind(kind), key, who)
        shape = words.fields_of(known.kind, known.flow)
        parties = directory(connection).by_id
        scope = scope_of(connection, who, current_principal().scope)
        own = match(connection, known.order_key, who) if known.order_key is not None else None
        return render_template(
            "bills/bill.html", bill=known, shape=shape, words=words, personal=queries.PERSONAL[known.kind], match=own,
            receipts=receipts_of(connection, shape.answer, key) if shape.answer else [],
            lists=lists_of_order(connection, key, scope) if known.kind == BillKind.ORDER else [],
            others=_others(connection, known, who), parties=parties, row_id=row_id(key), path=path_of(known.kind),
            order_visible=known.order_key is not None and queries.visible(connection, BillKind.ORDER, known.order_key, who),
            may_change=may_change(known, directory(connection), who), viewer=who,
            may_send=known.flow in may_send(known.kind, parties.get(who) if who else None),
        )  # fmt: skip


def found_bill(connection: Connection, kind: BillKind, key: int, who: UUID | None) -> BillView:
    """Return a bill that this viewer may see; 404 for another's."""
    surroundings = hub()
    found = queries.bill(connection, surroundings.vault, surroundings.deliveries, kind, key, who) or abort(404)
    return found if reaches(current_principal(), found.flow) else abort(404)


def may_send(kind: BillKind, firm: EnterpriseView | None) -> tuple[str, ...]:
    """Return the flows in which an enterprise may send this kind of bill, by its roles."""
    if firm is None:
        return ()
    return tuple(flow for flow in words.FLOWS if any(role in firm.roles for _field, role in SENDERS[kind, flow]))


def may_change(known: BillView, parties: Directory, who: UUID | None) -> bool:
    """Say whether an enterprise may send a newer version of a bill: it must be a sender of such a document."""
    firm = parties.by_id.get(who) if who else None
    if firm is None or known.deleted or known.locked:
        return False

    def is_sender(code: str) -> bool:
        found = parties.find(code)
        return found is not None and found.id == firm.id

    return rules.may_send(known.kind, known.flow, known.newest.values, firm.roles, is_sender)


def row_id(key: int) -> UUID:
    """Write a bill's key as the id that the page of personal values expects."""
    return UUID(int=key & (1 << 64) - 1)


def _key(given: UUID) -> int:
    return int.from_bytes((given.int & (1 << 64) - 1).to_bytes(8), signed=True)


def _reveal(kind: BillKind) -> Reveal:
    def read(connection: Connection, vault: PersonalVault, principal: Principal, given: UUID, field: str) -> str | None:
        key, who = _key(given), None if principal.role != Role.FIRM else principal.enterprise_id
        if (principal.role == Role.FIRM and who is None) or not queries.visible(connection, kind, key, who):
            return None
        if principal.acting and not reaches(principal, flow_of(connection, kind, key)):
            return None
        return queries.sealed_value(connection, vault, kind, key, field)

    return Reveal(kind.value, queries.PERSONAL[kind], read)


def _scope(firm: EnterpriseView | None) -> Scope:
    """A merchant starts with its own orders, whoever else with what it sent."""
    if firm is None:
        return Scope.ALL
    given = request.args.get("scope", "")
    if given in (Scope.OWN, Scope.SENT):
        return Scope(given)
    return Scope.OWN if "merchant" in firm.roles else Scope.SENT


def _wanted() -> Wanted:
    flow = _flow_in_reach(request.args.get("flow", ""))
    given = request.args.get("after", "")
    try:
        after = Cursor.read(given) if given else None
    except ValueError:
        abort(400)
    begin, end = _day("from"), _day("to")
    return Wanted(searched(), flow if flow in words.FLOWS else "", begin, end and end + timedelta(days=1), after, PAGE + 1)


def _flow_in_reach(given: str) -> str:
    """Return the flow asked for; an agent limited to one flow gets that."""
    limited = flows_in_reach(current_principal())
    return limited[0] if len(limited) == 1 else given


def _day(name: str) -> datetime | None:
    """Return a day of the address in Asia/Shanghai; what is no day is not looked for."""
    try:
        return datetime.strptime(request.args.get(name, ""), "%Y-%m-%d").replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


def _others(connection: Connection, known: BillView, who: UUID | None) -> list[queries.BillRow]:
    """Return the bills of an order; to an enterprise that only sent the order, those it sent as well."""
    if known.kind != BillKind.ORDER:
        return []
    rows = queries.bills_of_order(connection, known.key)
    return [row for row in rows if who is None or queries.visible(connection, row.kind, row.key, who)]


FEATURE = Feature(
    blueprint,
    menu=tuple(
        MenuEntry(Group.DATA, words.KINDS[kind], f"bills.{path}", frozenset(Role), order=20 + place, note=NOTES[kind])
        for place, (path, kind) in enumerate(PATHS.items())
    ),
    reveals=tuple(_reveal(kind) for kind in (BillKind.ORDER, BillKind.PAYMENT, BillKind.WAYBILL)),
)
