"""What a firm does with its claims: open one, fill it from the ledger, check, file, answer, withdraw. Everything on record."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.parameters.queries import book
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection, UnitOfWork
from ccezone.tax_refunds.queries.claims import Invoice, claim, count_claims
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.service import claims, filing
from ccezone.tax_refunds.service.leave import divide_item
from ccezone.web.firm.refunds import words
from ccezone.web.firm.refunds.claims import FIGURES, OPENING, TEXT, blueprint, invoice_fields, show
from ccezone.web.hub import hub
from ccezone.web.shell.access import FIRM, READERS, current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Form, faults_of_form, number, posted_version, required_number, submitted, texts


def _doubted(connection: Connection, principal: Principal) -> int:
    return count_claims(connection, principal.enterprise_id)["doubt"] if principal.enterprise_id else 0


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("出口退税"),
            "refund_claims.listing",
            READERS | FIRM,
            order=46,
            note=_l("退税申报、自检、疑点答复、办理进度"),
        ),
    ),
    todo=(Todo(_l("退税疑点待答复"), "refund_claims.listing", FIRM, _doubted, {"tab": "doubt"}, urgent=True),),
)
Verb = Callable[[UnitOfWork, ParameterBook], object]


@blueprint.get("/new")
@firm_only
def blank() -> ResponseReturnValue:
    """Show an empty claim."""
    day = hub().clock.now()
    return render_template("refunds/new.html", form=Form(OPENING, {"period": f"{day:%Y-%m}"}))


@blueprint.post("/new")
@firm_only
def begin() -> ResponseReturnValue:
    """Open a claim."""
    values = texts(submitted(OPENING))
    faults = faults_of_form(OPENING, values)
    try:
        if faults:
            raise Refused(*faults)
        opening = claims.Opening(Method(values["method"]), values["period"], int(values["taxpayer_class"]), _figures(values))
        with hub().database.begin() as uow:
            made = claims.open_claim(uow, current_enterprise_id(), opening, current_principal().actor, hub().clock)
            record(uow, current_principal(), "refund_claim.open", f"refund_claim:{made}", hub().clock)
    except Refused as refused:
        return render_template("refunds/new.html", form=Form(OPENING, values, refused.faults)), 422
    return redirect(url_for("refund_claims.detail", claim_id=made))


@blueprint.post("/<uuid:claim_id>/figures")
@firm_only
def figures(claim_id: UUID) -> ResponseReturnValue:
    """State a manufacturer's figures anew."""
    values = texts(submitted(FIGURES))
    faults = faults_of_form(FIGURES, values)

    def verb(uow: UnitOfWork, _b: ParameterBook) -> None:
        if faults:
            raise Refused(*faults)
        claims.state_figures(uow, current_enterprise_id(), claim_id, _figures(values), current_principal().actor, hub().clock)

    return _do(claim_id, "figures", verb, lambda refused: {"figures": Form(FIGURES, values, refused.faults)})


@blueprint.post("/<uuid:claim_id>/items")
@firm_only
def add(claim_id: UUID) -> ResponseReturnValue:
    """Take the chosen items of the ledger in."""
    chosen = [UUID(each) for each in request.form.getlist("item") if _is_id(each)]

    def verb(uow: UnitOfWork, rates: ParameterBook) -> None:
        if not chosen:
            raise Refused(Fault("", "refund_doubt_no_items"))
        claims.add_items(uow, current_enterprise_id(), claim_id, chosen, rates, current_principal().actor, hub().clock)

    return _do(claim_id, "add", verb)


@blueprint.post("/<uuid:claim_id>/items/<uuid:item_id>")
@firm_only
def mend(claim_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """State an item's declaration number and rates, or take it out."""
    firm, actor, clock = current_enterprise_id(), current_principal().actor, hub().clock
    if request.form.get("do") == "drop":
        return _do(claim_id, "drop", lambda uow, _b: claims.drop_item(uow, firm, claim_id, item_id, actor, clock))
    if request.form.get("do") == "divide":
        return _do(claim_id, "mend", lambda uow, rates: divide_item(uow, firm, claim_id, item_id, _sold(), rates, actor, clock))
    if request.form.get("do") == "collection":
        said = (request.form.get("collection", ""), request.form.get("note", "").strip())
        return _do(claim_id, "mend", lambda uow, _b: claims.state_collection(uow, firm, claim_id, item_id, *said, actor, clock))
    stated = {name: request.form.get(name, "").strip()[:30] for name in ("declaration_no", "vat_pct", "refund_pct")}
    return _do(claim_id, "mend", lambda uow, _b: claims.mend_item(uow, firm, claim_id, item_id, stated, actor, clock))


@blueprint.post("/<uuid:claim_id>/invoices")
@firm_only
def add_invoice(claim_id: UUID) -> ResponseReturnValue:
    """Put an invoice behind an item."""
    firm = current_enterprise_id()
    with hub().database.reading() as connection:
        view = claim(connection, firm, claim_id)
    if view is None:
        raise NotFound(Fault("", "not_found"))
    fields = invoice_fields(view)
    values = texts(submitted(fields))
    faults = faults_of_form(fields, values)
    if not faults and not _is_day(values["issued_on"]):
        faults.append(Fault("/issued_on", "bad_day", {"value": values["issued_on"]}))

    def verb(uow: UnitOfWork, _b: ParameterBook) -> None:
        if faults:
            raise Refused(*faults)
        claims.add_invoice(uow, firm, claim_id, _invoice(values), current_principal().actor, hub().clock)

    return _do(claim_id, "add_invoice", verb, lambda refused: {"invoice": Form(fields, values, refused.faults)})


@blueprint.post("/<uuid:claim_id>/invoices/<uuid:invoice_id>")
@firm_only
def drop_invoice(claim_id: UUID, invoice_id: UUID) -> ResponseReturnValue:
    """Take an invoice out again."""
    firm, actor = current_enterprise_id(), current_principal().actor
    return _do(claim_id, "drop_invoice", lambda uow, _b: claims.drop_invoice(uow, firm, claim_id, invoice_id, actor, hub().clock))


@blueprint.post("/<uuid:claim_id>/check")
@firm_only
def check(claim_id: UUID) -> ResponseReturnValue:
    """Check a draft before filing."""
    firm, actor = current_enterprise_id(), current_principal().actor
    return _do(claim_id, "check", lambda uow, rates: filing.check_claim(uow, firm, claim_id, rates, actor, hub().clock))


@blueprint.post("/<uuid:claim_id>/submit")
@firm_only
def submit(claim_id: UUID) -> ResponseReturnValue:
    """File a checked claim."""
    firm, actor, version = current_enterprise_id(), current_principal().actor, posted_version()
    return _do(claim_id, "submit", lambda uow, rates: filing.submit_claim(uow, firm, claim_id, version, rates, actor, hub().clock))


@blueprint.post("/<uuid:claim_id>/<any(answer, withdraw):what>")
@firm_only
def say(claim_id: UUID, what: str) -> ResponseReturnValue:
    """Answer the bureau's letter, or give the claim up."""
    firm, actor, version = current_enterprise_id(), current_principal().actor, posted_version()
    values = texts(submitted(TEXT))
    verb = filing.answer_doubt if what == "answer" else filing.withdraw_claim
    return _do(
        claim_id,
        what,
        lambda uow, _b: verb(uow, firm, claim_id, version, values["text"], actor, hub().clock),
        lambda refused: {"text": Form(TEXT, values, refused.faults)},
    )


def _do(
    claim_id: UUID, action: str, verb: Verb, forms: Callable[[Refused], Mapping[str, Form]] = lambda _r: {}
) -> ResponseReturnValue:
    """Do one thing to a claim, on record; whatever is wrong stands on its page."""
    try:
        with hub().database.begin() as uow:
            verb(uow, book(uow.connection, hub().settings.zone))
            record(uow, current_principal(), f"refund_claim.{action}", f"refund_claim:{claim_id}", hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        given = forms(refused)
        return show(claim_id, given, () if given else refused.faults, 422)
    flash(str(words.DONE[action]))
    return redirect(url_for("refund_claims.detail", claim_id=claim_id))


def _figures(values: Mapping[str, str]) -> claims.Figures:
    return claims.Figures(**{each.name: number(values[each.name]) or Decimal(0) for each in FIGURES})


def _invoice(values: Mapping[str, str]) -> Invoice:
    amount, vat_pct, vat = (required_number(values[name]) for name in ("amount", "vat_pct", "vat"))
    day = date.fromisoformat(values["issued_on"])
    return Invoice(UUID(values["item_id"]), values["invoice_no"], values["seller_uscc"].upper(), day, amount, vat_pct, vat)


def _sold() -> Decimal:
    """Read how many of the goods are sold. Raises ``Refused``."""
    typed = request.form.get("sold", "").strip()
    try:
        return required_number(typed)
    except ValueError:
        raise Refused(Fault("/sold", "not_a_number", {"value": typed[:40]})) from None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
