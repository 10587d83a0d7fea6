"""Looking at declaration lists: by state, one in full with its story, what it lacks. A firm sees its own, the office all."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.cases.queries import cases_of
from ccezone.clearance.queries import tax_bills_of, timeline
from ccezone.declarations.queries import (
    STAGES,
    ListDetail,
    ListFilter,
    Scope,
    count_lists,
    list_detail,
    personal_value,
    scope_of,
    search_lists,
    tab_counts,
)
from ccezone.declarations.queries.returns import returns_of_list
from ccezone.declarations.queries.summaries import summary_of_list
from ccezone.enterprises.queries import directory
from ccezone.inspection.queries import orders_about
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault
from ccezone.storage import Connection
from ccezone.web.firm.declarations import words as shown
from ccezone.web.firm.declarations.mending import mendings
from ccezone.web.hub import hub
from ccezone.web.office.inspection import words as inspecting
from ccezone.web.shell.access import current_principal, firms_and_office
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Reveal, Todo
from ccezone.web.shell.paging import PAGE, page, searched

blueprint = Blueprint("declarations", __name__, url_prefix="/declarations")
FIRM = frozenset({Role.FIRM})
OFFICE = frozenset({Role.ZONE_OFFICER, Role.ADMIN, Role.AUDITOR})


def _scope(connection: Connection, principal: Principal) -> Scope:
    """Whose lists a person may see: those of the firm they work for, as far as they may."""
    return scope_of(connection, principal.enterprise_id, principal.scope)


def _todo(stage: str, label: LazyString, *, urgent: bool = False) -> Todo:
    """A counter of a firm's lists in one stage, that opens them."""
    return Todo(
        label,
        "declarations.listing",
        FIRM,
        lambda connection, principal: count_lists(connection, _scope(connection, principal), ListFilter(stage)),
        {"stage": stage},
        urgent,
    )


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("清单申报"),
            "declarations.listing",
            FIRM | OFFICE,
            order=10,
            note=_l("查询、补全、申报清单，查看通关进度"),
        ),
    ),
    todo=(
        _todo("rejected", _l("清单被退单，请更正后重新申报"), urgent=True),
        _todo("incomplete", _l("清单待补全资料"), urgent=True),
        _todo("held", _l("清单因单据不一致而暂停")),
        _todo("ready", _l("清单待申报")),
    ),
    reveals=(
        Reveal(
            "list",
            frozenset(shown.PERSONAL),
            lambda connection, vault, principal, row_id, field: personal_value(
                connection, vault, _scope(connection, principal), row_id.int, field
            ),
        ),
    ),
)


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List declaration lists by tab, the newest first."""
    wanted = filter_of_address()
    with hub().database.reading() as connection:
        scope = _scope(connection, current_principal())
        rows = search_lists(connection, scope, wanted, _after(), PAGE + 1)
        everywhere = ListFilter("", wanted.text, wanted.flow, wanted.trade_mode, wanted.since, wanted.until)
        counts = tab_counts(connection, scope, everywhere)
    return render_template(
        "declarations/listing.html",
        page=page(rows, lambda row: row.id),
        wanted=wanted,
        day=request.args.get("day", ""),
        counts=counts,
        total=sum(counts.values()),
        tabs_named=shown.TABS,
        stages=shown.STAGES,
        flows=shown.FLOWS,
        words=shown.words,
    )


@blueprint.get("/<int:declaration_id>")
@firms_and_office
def detail(declaration_id: int) -> ResponseReturnValue:
    """Show one list: where it stands, what comes next, its story, its content."""
    return render_template("declarations/detail.html", **_everything(declaration_id))


@blueprint.get("/<int:declaration_id>/print")
@firms_and_office
def printed(declaration_id: int) -> ResponseReturnValue:
    """Show one list for paper."""
    return render_template("declarations/print.html", printed_at=hub().clock.now(), **_everything(declaration_id))


@blueprint.get("/<int:declaration_id>/complete")
@firms_and_office
def complete(declaration_id: int) -> ResponseReturnValue:
    """Show everything that keeps a list from being filed, each with the page that mends it."""
    found = own_list(declaration_id)
    return render_template(
        "declarations/complete.html",
        list=found,
        items=mendings(found),
        words=shown.words(found.row.state),
        mine=is_mine(found),
    )


def filter_of_address() -> ListFilter:
    """Read the filter from the address; 400 for a stage or day that does not exist."""
    stage, day = request.args.get("stage", ""), request.args.get("day", "")
    if stage and stage not in STAGES and stage not in shown.TABS:
        abort(400)
    since, until = day_bounds(day) if day else (None, None)
    return ListFilter(stage, searched(), request.args.get("flow", ""), request.args.get("mode", ""), since, until)


def day_bounds(day: str) -> tuple[datetime, datetime]:
    """Return when a day in Shanghai begins and ends; 400 for what is no day."""
    try:
        begin = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=SHANGHAI)
    except ValueError:
        abort(400)
    return begin, begin + timedelta(days=1)


def own_list(declaration_id: int) -> ListDetail:
    """Return a list this person may see; 404 for any other."""
    if declaration_id >= 1 << 63:
        abort(404)
    surroundings = hub()
    with surroundings.database.reading() as connection:
        scope = _scope(connection, current_principal())
        return list_detail(connection, surroundings.vault, scope, declaration_id) or abort(404)


def is_mine(found: ListDetail) -> bool:
    """Say whether this person's enterprise declares the list, rather than only sees it."""
    principal = current_principal()
    return principal.enterprise_id == found.row.merchant_id and principal.may(Permission.DECLARATIONS_WRITE)


def _everything(declaration_id: int) -> Mapping[str, object]:
    found = own_list(declaration_id)
    office = current_principal().enterprise_id is None
    with hub().database.reading() as connection:
        steps = timeline(connection, declaration_id)
        bills = tax_bills_of(connection, found.row.list_no)
        cases = cases_of(connection, "list", declaration_id) if office else []
        owner = office or found.row.merchant_id == current_principal().enterprise_id
        inspections = orders_about(connection, "list", str(declaration_id)) if owner else []
        summary_id = summary_of_list(connection, declaration_id) if owner else None
        returned = returns_of_list(connection, current_principal().enterprise_id, declaration_id) if owner else []
        transmitter = directory(connection).find(found.row.transmitter_code)
    state = found.row.state
    return {
        "list": found,
        "words": shown.words(state),
        "actor": shown.ACTORS[shown.words(state).actor],
        "tab": shown.tab_label(state),
        "waiting": shown.waiting_since(steps, state, hub().clock.now()),
        "steps": shown.shown_steps(steps),
        "head": shown.shown_head(found),
        "columns": shown.line_labels(found.row.message_type),
        "tax_by_line": {str(line["line_no"]): line for line in (found.tax or {}).get("lines", [])},
        "route": shown.ROUTES.get((found.tax or {}).get("route", ""), ""),
        "tax_bills": bills,
        "cases": cases,
        "inspections": inspections,
        "summary_id": summary_id,
        "goods_returns": returned,
        "inspecting": inspecting,
        "transmitter": transmitter,
        "mine": is_mine(found),
        "owner": owner,
        "refusal": lambda allowed, state: Fault("", allowed.reason, {"state": state}),
        "reveal_id": UUID(int=declaration_id),
    }


def _after() -> int | None:
    given = request.args.get("after", "")
    if given and not (given.isascii() and given.isdecimal() and len(given) < 19):
        abort(400)
    return int(given) if given else None
