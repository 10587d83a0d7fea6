"""Sending a bill by form: a new one, a change, a deletion. A form is a batch of one document, judged like any other."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.bills import queries
from ccezone.bills.ports import Party, UnreadableDelivery, Values
from ccezone.bills.queries import BillView, Scope, Wanted
from ccezone.bills.rules import SENDERS, AppType, BillKind
from ccezone.bills.service import take_in
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.kernel.clock import wire_time
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.firm.bills import words
from ccezone.web.firm.bills.typed import BillForm, bill_form, line_count, packed, typed_values
from ccezone.web.firm.bills.viewing import blueprint, found_bill, may_change, path_of
from ccezone.web.firm.viewer import sender, viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firm_only
from ccezone.web.shell.acting import reaches
from ccezone.web.shell.i18n import language
from schemas.derive.form import Form as Shape
from schemas.derive.form import read_form

KIND = "<any(order, payment, waybill, link):kind>"
BILL = f"{KIND}/<int(signed=True):key>"
SHARED = frozenset(
    {"order_no", "platform_code", "platform_name", "merchant_code", "merchant_name", "currency", "carrier_code", "carrier_name"}
    | {"waybill_no", "payment_enterprise_code", "payment_enterprise_name", "payment_no"}
)
"""What bills of one trade have in common; amounts and personal values are each sender's own word."""
PARTIES = [f"{party}_{part}" for party in ("platform", "merchant", "payment_enterprise", "carrier") for part in ("code", "name")]
BUTTONS = frozenset({"csrf_token", "for_firm", "add_line", "remove_line"})
YUAN = "142"


@dataclass(frozen=True, slots=True)
class Draft:
    """A bill on its way: its kind and flow, its fields, and the bill it changes, if it changes one.

    ``on_record`` holds personal values of that bill, ``fixed`` those its key is made of, by the form's names.
    """

    kind: BillKind
    flow: str
    shape: Shape
    changes: BillView | None = None
    on_record: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


@blueprint.get(f"/{KIND}/new/<any(E, I):flow>")
@firm_only
def blank(kind: str, flow: str) -> ResponseReturnValue:
    """Show a form that knows what can be known: the sender's codes, and what ``like`` (another bill) has in common."""
    firm, draft = sender(), _draft(BillKind(kind), flow)
    known = {**_last_parties(draft, firm), **_own_values(draft, firm), **_copied(draft)}
    return _show(draft, typed_values(draft.shape, known))


@blueprint.post(f"/{KIND}/new/<any(E, I):flow>")
@firm_only
def send(kind: str, flow: str) -> ResponseReturnValue:
    """Take a new bill in, or add or remove a line of the form."""
    firm, draft = sender(), _draft(BillKind(kind), flow)
    return _line_asked_for(draft) or _send(draft, firm, AppType.NEW)


@blueprint.get(f"/{BILL}/change")
@firm_only
def edit(kind: str, key: int) -> ResponseReturnValue:
    """Show a bill to change it; personal values stay covered and may stay blank."""
    sender()
    draft, values = _changing(BillKind(kind), key)
    return _show(draft, typed_values(draft.shape, values, queries.PERSONAL[draft.kind]))


@blueprint.post(f"/{BILL}/change")
@firm_only
def change(kind: str, key: int) -> ResponseReturnValue:
    """Send a newer version of a bill."""
    firm = sender()
    draft, _values = _changing(BillKind(kind), key)
    return _line_asked_for(draft) or _send(draft, firm, AppType.CHANGE)


@blueprint.post(f"/{BILL}/delete")
@firm_only
def delete(kind: str, key: int) -> ResponseReturnValue:
    """Take a bill back: its last values are sent once more, asking for deletion."""
    firm = sender()
    draft, values = _changing(BillKind(kind), key)
    body = read_form(draft.shape.message_type, typed_values(draft.shape, values))
    faults = _take_in(draft, firm, body, AppType.DELETE)
    if faults:
        raise Refused(*faults)
    flash(_("%(number)s 已删除。", number=draft.changes.number if draft.changes else ""))
    return redirect(url_for("bills.detail", kind=kind, key=key))


def _draft(kind: BillKind, flow: str) -> Draft:
    if not reaches(current_principal(), flow):
        abort(403)
    return Draft(kind, flow, words.fields_of(kind, flow))


def _changing(kind: BillKind, key: int) -> tuple[Draft, Values]:
    """Return a draft that changes a bill this firm may send; 404 for any other."""
    surroundings, who = hub(), viewer()
    with surroundings.database.reading() as connection:
        bill = found_bill(connection, kind, key, who)
        if not may_change(bill, directory(connection), who):
            abort(404)
        values = queries.clear_values(connection, surroundings.vault, surroundings.deliveries, kind, key)
    shape, personal = words.fields_of(kind, bill.flow), queries.PERSONAL[kind]
    kept = {known.name: str(values[known.attribute]) for known in shape.head if known.attribute in personal & values.keys()}
    keys = queries.KEY_FIELDS[kind, bill.flow]
    fixed = {known.name: str(values[known.attribute]) for known in shape.head if known.attribute in keys & values.keys()}
    return Draft(kind, bill.flow, shape, bill, kept, fixed), values


def _send(draft: Draft, firm: EnterpriseView, app_type: AppType) -> ResponseReturnValue:
    typed = packed({name: value for name, value in request.form.items() if name not in BUTTONS})
    body = read_form(
        draft.shape.message_type, {**draft.on_record, **{name: value for name, value in typed.items() if value}, **draft.fixed}
    )
    faults = _take_in(draft, firm, body, app_type)
    if faults:
        return _show(draft, typed, faults, 422)
    flash(_("单证已报送。"))
    return redirect(_address(draft, body, firm))


def _take_in(draft: Draft, firm: EnterpriseView, body: Mapping[str, object], app_type: AppType) -> list[Fault]:
    """Take a batch of one in; return what is wrong, with pointers in the names the form uses."""
    surroundings = hub()
    document = {**body, "appType": str(int(app_type)), "appTime": wire_time(surroundings.clock.now())}
    party = Party(firm.uscc, firm.name, firm.dxp_id or "")
    try:
        batch = surroundings.deliveries.documents(draft.kind, draft.flow, [document], party, "form")
    except UnreadableDelivery as refused:
        return [fault for _line, fault in refused.found]
    outcome = take_in(surroundings.database, surroundings.vault, surroundings.clock, firm, current_principal().actor, batch)
    return [
        Fault(surroundings.deliveries.pointer(batch.message_type, found.fault.pointer), found.fault.code, found.fault.params)
        for found in outcome.faults
    ]


def _address(draft: Draft, body: Mapping[str, object], firm: EnterpriseView) -> str:
    """Return the page of the bill that was sent."""
    if draft.changes:
        return url_for("bills.detail", kind=draft.kind.value, key=draft.changes.key)
    values = {known.attribute: body[known.name] for known in draft.shape.head if known.name in body}
    with hub().database.reading() as connection:
        key = queries.key_of(connection, draft.kind, draft.flow, values)
        seen = queries.visible(connection, draft.kind, key, firm.id)
    kind = draft.kind
    return url_for("bills.detail", kind=kind.value, key=key) if seen else url_for(f"bills.{path_of(kind)}")


def _own_values(draft: Draft, firm: EnterpriseView) -> dict[str, object]:
    """What the sender need not type: its own code and name where its role puts them, direction, currency, now."""
    values: dict[str, object] = {"order_type": draft.flow, "paid_at": wire_time(hub().clock.now()), "packages": 1}
    if draft.flow == "I":
        values["currency"] = YUAN
    for code, role in SENDERS[draft.kind, draft.flow]:
        if role in firm.roles:
            values |= {code: firm.customs_code or firm.uscc, code.replace("_code", "_name"): firm.name}
            break
    return values


def _last_parties(draft: Draft, firm: EnterpriseView) -> dict[str, object]:
    """Return the enterprises that the last bill of this kind named: they seldom change."""
    scope = Scope.OWN if "merchant" in firm.roles else Scope.SENT
    surroundings = hub()
    with surroundings.database.reading() as connection:
        rows = queries.search_bills(connection, draft.kind, scope, firm.id, Wanted(flow=draft.flow, limit=1))
        last = found_bill(connection, draft.kind, rows[0].key, firm.id).newest.values if rows else {}
    return {name: last[name] for name in PARTIES if name in last}


def _copied(draft: Draft) -> dict[str, object]:
    """Return what another bill (``like=kind.key``) has in common; of one of the same kind, all but numbers and people."""
    kind, _dot, key = request.args.get("like", "").partition(".")
    if kind not in {known.value for known in BillKind} or not key.lstrip("-").isdigit():
        return {}
    with hub().database.reading() as connection:
        known = found_bill(connection, BillKind(kind), int(key), viewer())
    values = known.newest.values
    if known.kind == draft.kind and known.flow == draft.flow:
        hidden = queries.PERSONAL[known.kind] | {"order_no", "waybill_no", "payment_no", "paid_at"}
        return {name: value for name, value in values.items() if name not in hidden}
    return {name: value for name, value in values.items() if name in SHARED}


def _line_asked_for(draft: Draft) -> ResponseReturnValue | None:
    """Answer the buttons that add or remove a line; nothing is judged and nothing is lost."""
    if not BUTTONS & {"add_line", "remove_line"} & request.form.keys():
        return None
    typed = {name: value for name, value in request.form.items() if name not in BUTTONS}
    gone = request.form.get("remove_line", "")
    if gone.isdigit():
        typed = packed(typed, int(gone))
        return _show(draft, typed, lines=line_count(typed))
    return _show(draft, typed, lines=line_count(typed) + 1)


def _show(
    draft: Draft, typed: Mapping[str, str], faults: list[Fault] | None = None, status: int = 200, lines: int = 0
) -> ResponseReturnValue:
    form: BillForm = bill_form(draft.shape, typed, language(), faults or [], lines, draft.on_record)
    page = render_template("bills/form.html", form=form, draft=draft, words=words, path=path_of(draft.kind))
    return page, status
