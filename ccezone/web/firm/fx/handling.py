"""What a firm does with its receipts: match, take back, declare, settle, send back. Everything on record."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.credit.queries.fx_standing import fx_firm
from ccezone.fx.queries.receipts import count_receipts
from ccezone.fx.rules.matching import NETTINGS, LineKind
from ccezone.fx.rules.parts import Action, Part
from ccezone.fx.rules.routing import Firm
from ccezone.fx.service.matching import Wish, match, unmatch
from ccezone.fx.service.orders import OrderName
from ccezone.fx.service.settling import Back, declare, instruct, send_back
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.parameters.queries import book
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection, UnitOfWork
from ccezone.web.firm.fx import words
from ccezone.web.firm.fx.receipts import AMOUNT, BACK, MATCH, blueprint, declaration, show, today
from ccezone.web.hub import hub
from ccezone.web.shell.access import FIRM, READERS, current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Form, faults_of_form, number, posted_version, required_number, submitted, texts


def _waiting(connection: Connection, principal: Principal) -> int:
    return count_receipts(connection, principal.enterprise_id)["match"] if principal.enterprise_id else 0


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("跨境收汇"),
            "fx.listing",
            READERS | FIRM,
            order=47,
            note=_l("收汇登记、订单匹配、三流核对、结汇办理"),
        ),
    ),
    todo=(Todo(_l("收汇待匹配订单"), "fx.listing", FIRM, _waiting, {"tab": "match"}),),
)
Verb = Callable[[UnitOfWork, ParameterBook], object]


@blueprint.post("/receipts/<uuid:receipt_id>/match")
@firm_only
def match_orders(receipt_id: UUID) -> ResponseReturnValue:
    """Match a receipt to the orders that were ticked or typed."""
    values = texts(submitted(MATCH))
    faults = faults_of_form(MATCH, values)
    firm, actor, version = current_enterprise_id(), current_principal().actor, posted_version()

    def verb(uow: UnitOfWork, rules: ParameterBook) -> None:
        if faults:
            raise Refused(*faults)
        kept: dict[LineKind, Decimal] = {kind: amount for kind in NETTINGS if (amount := number(values[kind]))}
        match(uow, firm, receipt_id, version, _wishes(values["orders"]), kept, rules, actor, hub().clock)

    return _do(receipt_id, "match", verb, lambda refused: {"match": Form(MATCH, values, [_to_field(f) for f in refused.faults])})


@blueprint.post("/receipts/<uuid:receipt_id>/unmatch")
@firm_only
def unmatch_order(receipt_id: UUID) -> ResponseReturnValue:
    """Take back what a receipt explains of an order."""
    firm, actor, version, key = current_enterprise_id(), current_principal().actor, posted_version(), _order_key()
    return _do(receipt_id, "unmatch", lambda uow, _b: unmatch(uow, firm, receipt_id, version, key, actor, hub().clock))


@blueprint.post("/receipts/<uuid:receipt_id>/declare")
@firm_only
def declare_receipt(receipt_id: UUID) -> ResponseReturnValue:
    """Declare a receipt to the balance of payments."""
    with hub().database.reading() as connection:
        fields = declaration(book(connection, hub().settings.zone))
    values = texts(submitted(fields))
    faults = faults_of_form(fields, values)
    firm, actor, version = current_enterprise_id(), current_principal().actor, posted_version()

    def verb(uow: UnitOfWork, rules: ParameterBook) -> None:
        if faults:
            raise Refused(*faults)
        given = (values["bop_code"], values["registration_no"], rules, actor, hub().clock)
        declare(uow, firm, receipt_id, version, *given)

    return _do(receipt_id, "declare", verb, lambda refused: {"declare": Form(fields, values, refused.faults)})


@blueprint.post("/receipts/<uuid:receipt_id>/<any(settle, credit, pend, release):what>")
@firm_only
def ask(receipt_id: UUID, what: str) -> ResponseReturnValue:
    """Ask the bank to settle, to put on the pending-check account, or to settle from there."""
    values = texts(submitted((AMOUNT,)))
    faults = faults_of_form((AMOUNT,), values)
    owner, actor, version = current_enterprise_id(), current_principal().actor, posted_version()

    def verb(uow: UnitOfWork, rules: ParameterBook) -> None:
        if faults:
            raise Refused(*faults)
        amount = required_number(values["amount"])
        instruct(uow, owner, _firm(uow, owner), receipt_id, version, Action(what), amount, rules, actor, hub().clock)

    return _do(receipt_id, "ask", verb, lambda refused: {"ask": Form((AMOUNT,), values, refused.faults)})


@blueprint.post("/receipts/<uuid:receipt_id>/return")
@firm_only
def give_back(receipt_id: UUID) -> ResponseReturnValue:
    """Ask the bank to send money back abroad."""
    values = texts(submitted(BACK))
    faults = faults_of_form(BACK, values)
    owner, actor, version = current_enterprise_id(), current_principal().actor, posted_version()

    def verb(uow: UnitOfWork, rules: ParameterBook) -> None:
        if faults:
            raise Refused(*faults)
        asked = Back(
            required_number(values["amount"]),
            Part(values["source"]),
            bool(values["original_route"]),
            values["registration_no"],
            values["reason"],
        )
        send_back(uow, owner, _firm(uow, owner), receipt_id, version, asked, rules, actor, hub().clock)

    return _do(receipt_id, "return", verb, lambda refused: {"back": Form(BACK, values, refused.faults)})


def _do(
    receipt_id: UUID, action: str, verb: Verb, forms: Callable[[Refused], Mapping[str, Form]] = lambda _r: {}
) -> ResponseReturnValue:
    """Do one thing to a receipt, on record; whatever is wrong stands on its page."""
    try:
        with hub().database.begin() as uow:
            verb(uow, book(uow.connection, hub().settings.zone))
            record(uow, current_principal(), f"fx.{action}", f"fx_receipt:{receipt_id}", hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        given = forms(refused)
        return show(receipt_id, given, () if given else refused.faults, 422)
    flash(str(words.DONE[action]))
    return redirect(url_for("fx.detail", receipt_id=receipt_id))


def _wishes(typed: str) -> list[Wish]:
    """Read the ticked orders and the typed lines: an order's number, and after a space the amount to match of it."""
    wishes = [Wish(OrderName(each)) for each in dict.fromkeys(request.form.getlist("order")) if each]
    for place, line in enumerate(typed.splitlines()):
        parts = line.split()
        if not parts:
            continue
        try:
            amount = Decimal(parts[1].replace(",", "")) if len(parts) > 1 else None
        except InvalidOperation:
            amount = Decimal("NaN")
        if len(parts) > 2 or (amount is not None and not amount.is_finite()):
            raise Refused(Fault(f"/orders/{place}", "not_a_number", {"value": line.strip()[:60]}))
        wishes.append(Wish(OrderName(parts[0]), amount))
    return wishes


def _to_field(fault: Fault) -> Fault:
    """Show what is wrong with an order beside the field where orders are typed."""
    inside = fault.pointer.startswith("/orders/")
    return Fault("/orders", fault.code, fault.params) if inside else fault


def _firm(uow: UnitOfWork, owner: UUID) -> Firm:
    return fx_firm(uow.connection, owner, today(), hub().clock.now())


def _order_key() -> int:
    """Return the order a form names; 0, which nothing is matched to, when it names none."""
    typed = request.form.get("order", "")
    known = typed.removeprefix("-").isdecimal() and typed.isascii() and len(typed) <= 20
    return int(typed) if known and -(1 << 63) <= int(typed) < 1 << 63 else 0
