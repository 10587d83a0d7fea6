"""One search box for any number of the trade, and one page for an order: seven strands, every node, and how long each took."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.clearance.queries.chain import chain, orders_of_number
from ccezone.declarations.queries import scope_of
from ccezone.matching import queries
from ccezone.tracing.queries import StoryStep, Strand, story
from ccezone.web.firm import trace_words as words
from ccezone.web.firm.declarations import words as listed
from ccezone.web.firm.declarations.viewing import OFFICE
from ccezone.web.firm.refunds import words as refunded
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.office.inspection import words as inspected
from ccezone.web.partner import words as consented
from ccezone.web.shell.access import FIRM, current_principal, firms_and_office, opens
from ccezone.web.shell.acting import reaches
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import searched

blueprint = Blueprint("trace", __name__, url_prefix="/trace")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.DATA,
            _l("全链追踪"),
            "trace.find",
            FIRM | OFFICE,
            order=7,
            note=_l("输入任一编号，查看关检税汇商融企全过程与用时"),
        ),
    ),
)


@blueprint.get("")
@firms_and_office
def find() -> ResponseReturnValue:
    """Show the chain of the only order a number belongs to, or the orders to choose from."""
    text, who = searched(), viewer()
    with hub().database.reading() as connection:
        found = orders_of_number(connection, text, who) if text else ()
    found = [each for each in found if reaches(current_principal(), each.flow)]
    if len(found) == 1:
        return redirect(url_for("trace.show", order_key=found[0].order_key, q=text))
    return render_template("trace/find.html", text=text, found=found, flows=listed.FLOWS)


@blueprint.get("/<int(signed=True):order_key>")
@firms_and_office
def show(order_key: int) -> ResponseReturnValue:
    """Show one order's whole story, all strands or one."""
    wanted = request.args.get("strand", "")
    if wanted and wanted not in set(Strand):
        abort(404)
    return _show("trace/show.html", order_key, wanted)


@blueprint.get("/<int(signed=True):order_key>/print")
@firms_and_office
def printed(order_key: int) -> ResponseReturnValue:
    """Show one order's whole story for paper, strand by strand."""
    return _show("trace/print.html", order_key)


@dataclass(frozen=True, slots=True)
class Told:
    """A step as the page shows it."""

    step: StoryStep
    title: str
    tone: str
    code: str
    address: str | None


def _show(template: str, order_key: int, wanted: str = "") -> ResponseReturnValue:
    who, principal, now = viewer(), current_principal(), hub().clock.now()
    with hub().database.reading() as connection:
        known = queries.match(connection, order_key, who)
        if known is None or not reaches(principal, known.flow):
            return render_template("trace/find.html", text=searched(), found=(), flows=listed.FLOWS), 404
        found = chain(connection, known, scope_of(connection, who, principal.scope))
        whole = story(connection, found, who, hub().money, finance=not principal.acting)
    told = {strand: [_told(step) for step in steps] for strand, steps in whole.strands.items()}
    shown = [_told(step) for step in whole.steps if not wanted or step.strand == wanted]
    return render_template(
        template, chain=found, told=told, shown=shown, wanted=wanted, text=request.args.get("q", "") or known.order_no, now=now,
        words=words, flows=listed.FLOWS, duration=listed.duration,
    )  # fmt: skip


def _told(step: StoryStep) -> Told:
    """Word a step, by whose strand it is."""
    title, tone, code = "", "info", ""
    if step.chain is not None and step.chain.step is not None:
        said = listed.shown_steps([step.chain.step])[0]
        title, tone, code = said.title, said.tone, str(said.code)
    elif step.strand is Strand.INSPECTION:
        agency = inspected.agency(step.detail["agency"]) if step.detail["agency"] and step.kind != "customs" else ""
        parts = (inspected.ACTIONS[step.kind], agency, inspected.TABS[step.code] if step.code else "")
        title, tone = " ".join(str(part) for part in parts if part), inspected.TONES[step.code]
    elif step.kind.startswith("claim."):
        title, tone = str(refunded.STEPS[step.kind.removeprefix("claim.")]), refunded.STATES[step.code][1]
    elif step.strand is Strand.FX:
        title, tone = str(words.MONEY[step.kind]), "good" if step.kind == "matched" else "info"
    elif step.strand is Strand.FINANCE:
        outcome, tone = consented.OUTCOMES[step.code]
        title = f"{words.KINDS[step.kind]} {step.detail[language()]} {outcome}"
    else:
        title = str(words.KINDS[step.kind])
    return Told(step, title, tone, code, _address(step))


def _address(step: StoryStep) -> str | None:
    """Return the page of what a step is about, where whoever reads may open it."""
    office = current_principal().role != Role.FIRM
    place: tuple[str, dict[str, str | int]] | None = None
    if step.chain is not None and step.chain.list_id:
        place = ("declarations.detail", {"declaration_id": step.chain.list_id})
    elif step.chain is not None and step.kind == "matched":
        place = ("matches.detail", {"order_key": step.chain.key})
    elif step.strand is Strand.INSPECTION:
        place = ("inspection_orders.detail" if office else "own_inspections.detail", {"order_id": step.subject})
    elif step.kind == "area":
        place = ("special_area.detail", {"item_id": step.subject})
    elif step.kind == "ledger":
        place = ("goods_ledger.detail", {"item_id": step.subject})
    elif step.kind.startswith("claim."):
        place = ("refund_claims.detail", {"claim_id": step.subject})
    elif step.strand is Strand.FINANCE:
        place = ("office_consents.detail" if office else "consents.detail", {"consent_id": step.subject})
    if place is None or not opens(current_principal(), place[0]):
        return None
    endpoint, values = place
    return url_for(endpoint, _anchor=None, _method=None, _scheme=None, _external=None, **values)
