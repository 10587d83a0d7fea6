"""Summary declarations: what may be summed up and what may not, filing, and the customs declarations that came of it."""

import json
from collections.abc import Callable, Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.accounts.service import record
from ccezone.clearance.queries.applications import application_story
from ccezone.declarations.queries.summaries import (
    count_summaries,
    groups_of_month,
    left_out,
    open_months,
    search_summaries,
    summary_detail,
)
from ccezone.declarations.rules.summaries import due_on, former_month
from ccezone.declarations.service.summaries import drop_summary, file_summary, leave_list_out, open_summary
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.parameters.queries import book
from ccezone.storage import Connection, UnitOfWork
from ccezone.web.firm.applications import words
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import FIRM, READERS, current_enterprise_id, current_principal, firm_only, firms_and_office
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.paging import PAGE, page, searched

blueprint = Blueprint("summaries", __name__, url_prefix="/declarations/summaries")
DUE_DAY = "summary.due_day"


def _waiting(tab: str) -> Callable[[Connection, Principal], int]:
    return lambda connection, principal: count_summaries(connection, principal.enterprise_id)[tab] if principal.enterprise_id else 0


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("汇总申报"),
            "summaries.listing",
            READERS | FIRM,
            order=13,
            note=_l("已结关清单按月汇总申报，取得报关单号"),
        ),
    ),
    todo=(
        Todo(_l("汇总申报待提交"), "summaries.listing", FIRM, _waiting("draft"), {"tab": "draft"}),
        Todo(_l("汇总申报被退单"), "summaries.listing", FIRM, _waiting("rejected"), {"tab": "rejected"}, urgent=True),
    ),
)


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List summary declarations of a tab, the newest first."""
    tab = request.args.get("tab", "")
    if tab not in words.TABS:
        abort(400)
    with hub().database.reading() as connection:
        rows = search_summaries(connection, viewer(), tab, searched(), cursor(), PAGE + 1)
        counts = count_summaries(connection, viewer(), searched())
        parties = directory(connection).by_id
    shown = page(rows, lambda row: row.id)
    return render_template(
        "applications/summaries.html",
        page=shown,
        tab=tab,
        text=searched(),
        counts=counts,
        parties=parties,
        words=words,
        mine=mine(),
    )


@blueprint.get("/new")
@firm_only
def candidates() -> ResponseReturnValue:
    """Show what may be summed up of a month by its key, and what may not and why."""
    return _candidates()


@blueprint.post("/new")
@firm_only
def begin() -> ResponseReturnValue:
    """Open a draft of one group."""
    month, key = request.form.get("month", ""), _key(request.form.get("key", ""))
    _judge(month)
    try:
        with hub().database.begin() as uow:
            number = open_summary(uow, current_enterprise_id(), month, key, current_principal().actor, hub().clock)
            record(uow, current_principal(), "summary.open", f"summary:{number}", hub().clock)
    except Refused as refused:
        return _candidates(refused.faults, 422)
    return redirect(url_for("summaries.detail", application_id=number))


@blueprint.get("/<int:application_id>")
@firms_and_office
def detail(application_id: int) -> ResponseReturnValue:
    """Show one summary: where it stands, its lists, the declarations that came of it, its story."""
    return _show(application_id)


@blueprint.post("/<int:application_id>/submit")
@firm_only
def submit(application_id: int) -> ResponseReturnValue:
    """File a summary."""
    surroundings, actor = hub(), current_principal().actor
    given = (
        surroundings.vault,
        surroundings.deliveries,
        current_enterprise_id(),
        in_range(application_id),
        actor,
        surroundings.clock,
    )
    return _do(application_id, "submit", lambda uow: file_summary(uow, *given), _("已提交，正在发送海关。"))


@blueprint.post("/<int:application_id>/drop")
@firm_only
def drop(application_id: int) -> ResponseReturnValue:
    """Give a summary up."""
    given = (current_enterprise_id(), in_range(application_id), current_principal().actor, hub().clock)
    return _do(application_id, "drop", lambda uow: drop_summary(uow, *given), _("已作废，清单可以重新汇总。"))


@blueprint.post("/<int:application_id>/lists/<int:declaration_id>")
@firm_only
def leave_out(application_id: int, declaration_id: int) -> ResponseReturnValue:
    """Take a list out."""
    given = (in_range(application_id), in_range(declaration_id), current_principal().actor, hub().clock)
    return _do(application_id, "leave_out", lambda uow: leave_list_out(uow, current_enterprise_id(), *given), _("清单已移出。"))


def in_range(number: int) -> int:
    """Return a number of an address; 404 for one that no row can have."""
    return number if number < 1 << 63 else abort(404)


def cursor() -> int | None:
    """Return the cursor of the address; 400 when it is none."""
    given = request.args.get("after", "")
    if given and not (given.isascii() and given.isdecimal() and len(given) < 19):
        abort(400)
    return int(given) if given else None


def mine() -> bool:
    """Say whether this person may write for a firm."""
    principal = current_principal()
    return principal.role == Role.FIRM and principal.may(Permission.DECLARATIONS_WRITE)


def _do(application_id: int, action: str, verb: Callable[[UnitOfWork], object], done: str) -> ResponseReturnValue:
    try:
        with hub().database.begin() as uow:
            verb(uow)
            record(uow, current_principal(), f"summary.{action}", f"summary:{application_id}", hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _show(application_id, refused.faults, 422)
    flash(done)
    return redirect(url_for("summaries.detail", application_id=application_id))


def _show(application_id: int, faults: Sequence[Fault] = (), status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = summary_detail(connection, viewer(), in_range(application_id)) or abort(404)
        steps = application_story(connection, application_id)
        parties = directory(connection)
        due = due_on(
            found.row.month, book(connection, hub().settings.zone).integer(DUE_DAY, hub().clock.now().astimezone(SHANGHAI).date())
        )
    return render_template(
        "applications/summary.html", view=found, row=found.row, story=words.story(steps), words=words, parties=parties, due=due,
        faults=faults, editable=mine() and found.row.changeable,
    ), status  # fmt: skip


def _candidates(faults: Sequence[Fault] = (), status: int = 200) -> ResponseReturnValue:
    today, firm = hub().clock.now().astimezone(SHANGHAI).date(), current_enterprise_id()
    with hub().database.reading() as connection:
        months = open_months(connection, firm)
        month = request.values.get("month", "") or (months[0] if months else former_month(today))
        _judge(month)
        groups = groups_of_month(connection, firm, month)
        others = left_out(connection, firm, month)
        parties = directory(connection)
        due = due_on(month, book(connection, hub().settings.zone).integer(DUE_DAY, today))
    return render_template(
        "applications/candidates.html", month=month, months=months, groups=groups, others=others, due=due, today=today, words=words,
        parties=parties, faults=faults, spelled=json.dumps, why=lambda reason: Fault("", reason),
    ), status  # fmt: skip


def _judge(month: str) -> None:
    try:
        due_on(month, 1)
    except ValueError:
        abort(400)


def _key(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        abort(400)
    if not isinstance(found, dict):
        abort(400)
    return {str(name): str(value) for name, value in found.items()}
