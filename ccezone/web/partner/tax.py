"""The tax bureau's portal: filed claims with doubts, invoices and steps, and the goods ledger of a claim; looks are recorded."""

from datetime import date
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal, Role
from ccezone.consents.service import note_competent_look
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault
from ccezone.kernel.holidays import published_calendar
from ccezone.parameters.queries import book
from ccezone.storage import Connection
from ccezone.tax_refunds.queries.bureau import BUREAU_TABS, count_filed, filed_claim, filed_claims
from ccezone.tax_refunds.queries.claims import facts_of, review_clocks
from ccezone.tax_refunds.queries.leave import prerefunds_of_claim
from ccezone.tax_refunds.queries.ledger import check_exemption, ledger_item
from ccezone.tax_refunds.queries.pledges import live_pledge
from ccezone.tax_refunds.rules.self_check import self_check
from ccezone.web.firm.refunds import leave_words, words
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, roles_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("tax_bureau", __name__, url_prefix="/tax-bureau")
OFFICERS = frozenset({Role.TAX_OFFICER})


def _reviewed(connection: Connection, _principal: Principal) -> int:
    return count_filed(connection)["bureau"]


def _doubted(connection: Connection, _principal: Principal) -> int:
    return count_filed(connection)["doubt"]


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.PARTNER,
            _l("退税申报查询"),
            "tax_bureau.listing",
            OFFICERS,
            order=2,
            note=_l("企业已提交的退税申报、疑点、发票与台账"),
        ),
    ),
    todo=(
        Todo(_l("办理中的退税申报"), "tax_bureau.listing", OFFICERS, _reviewed),
        Todo(_l("待企业答复疑点的申报"), "tax_bureau.listing", OFFICERS, _doubted, {"tab": "doubt"}),
    ),
)


@blueprint.get("")
@roles_only(Role.TAX_OFFICER)
def listing() -> ResponseReturnValue:
    """List filed claims of a tab, the newest first, with the bureau's clocks."""
    tab, day = request.args.get("tab", "bureau"), _today()
    if tab not in BUREAU_TABS:
        abort(404)
    with hub().database.reading() as connection:
        rows = filed_claims(connection, tab, searched(), after_id(), PAGE + 1)
        counts = count_filed(connection, searched())
        clocks = review_clocks(connection, rows, book(connection, hub().settings.zone), published_calendar(), day)
        parties = directory(connection).by_id
    return render_template(
        "partner/tax_listing.html", page=page(rows, lambda row: row.id), tab=tab, tabs_known=BUREAU_TABS, counts=counts,
        clocks=clocks, parties=parties, words=words, text=searched(),
    )  # fmt: skip


@blueprint.get("/<uuid:claim_id>")
@roles_only(Role.TAX_OFFICER)
def detail(claim_id: UUID) -> ResponseReturnValue:
    """Show one filed claim: doubts of the self-check, goods, invoices, steps."""
    day = _today()
    with hub().database.begin() as uow:
        view = filed_claim(uow.connection, claim_id) or abort(404)
        by = current_principal()
        note_competent_look(uow, view.row.merchant_id, "claim", view.row.reference, by, hub().clock)
        parameters = book(uow.connection, hub().settings.zone)
        doubts = self_check(facts_of(view, parameters, day))
        clock = review_clocks(uow.connection, [view.row], parameters, published_calendar(), day).get(claim_id)
        firm = directory(uow.connection).by_id.get(view.row.merchant_id)
        bound, unsold = live_pledge(uow.connection, view.row.merchant_id), prerefunds_of_claim(uow.connection, claim_id)
    told = [(Fault("", each.code, {"subject": each.subject, **each.params}), each.blocks) for each in doubts]
    behind = {item.item_id: [each for each in view.invoices if each.item_id == item.item_id] for item in view.items}
    return render_template(
        "partner/tax_claim.html", view=view, row=view.row, firm=firm, doubts=told, clock=clock, invoices=behind, words=words,
        pledge=bound, prerefunds=unsold, leave_states=leave_words.STATES,
    )  # fmt: skip


@blueprint.get("/<uuid:claim_id>/items/<uuid:item_id>")
@roles_only(Role.TAX_OFFICER)
def item(claim_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Show one item of the goods ledger that stands in a filed claim, with its exemption check."""
    with hub().database.begin() as uow:
        view = filed_claim(uow.connection, claim_id) or abort(404)
        row = ledger_item(uow.connection, view.row.merchant_id, item_id)
        if row is None or item_id not in {each.item_id for each in view.items}:
            abort(404)
        what = f"{view.row.reference} {row.document_no}-{row.line_no}"
        note_competent_look(uow, view.row.merchant_id, "ledger", what, current_principal(), hub().clock)
        checked = check_exemption(uow.connection, book(uow.connection, hub().settings.zone), row, _today())
        firm = directory(uow.connection).by_id.get(row.merchant_id)
    return render_template("partner/tax_item.html", claim=view.row, row=row, verdict=checked.verdict, firm=firm, words=words)


def _today() -> date:
    return hub().clock.now().astimezone(SHANGHAI).date()
