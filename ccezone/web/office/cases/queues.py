"""Exception queues: what automatic work could not settle, each case with clock, owner and history, closed with a cause."""

from typing import cast, get_args
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Role
from ccezone.accounts.service import record
from ccezone.cases.queries import (
    CaseFilter,
    CaseView,
    Whose,
    case,
    count_cases,
    count_whose,
    next_case,
    search_cases,
    steps_of,
)
from ccezone.cases.rules.queues import StepKind
from ccezone.cases.service import By, take
from ccezone.enterprises.queries import directory
from ccezone.inspection.queries import orders_from
from ccezone.web.firm.declarations.viewing import OFFICE
from ccezone.web.firm.papers import printed
from ccezone.web.hub import hub
from ccezone.web.office.cases import words
from ccezone.web.office.cases.papers import handed_out
from ccezone.web.office.inspection import words as inspecting
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("cases", __name__, url_prefix="/office/cases")
OFFICERS = frozenset({Role.ZONE_OFFICER, Role.ADMIN})


def _todo(whose: Whose, label: LazyString, *, urgent: bool = False) -> Todo:
    """A counter of open cases by whose turn it is, that opens them."""
    return Todo(
        label,
        "cases.listing",
        OFFICERS,
        lambda connection, principal: count_whose(connection, CaseFilter(user=principal.user_id, now=hub().clock.now()))[whose],
        {"whose": whose} if whose else {},
        urgent=urgent,
    )


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("异常工单"),
            "cases.listing",
            OFFICE,
            order=20,
            note=_l("处理系统无法自动办结的事项"),
        ),
    ),
    todo=(
        _todo("", _l("待处理的异常工单"), urgent=True),
        _todo("overdue", _l("已超时的异常工单"), urgent=True),
        _todo("answered", _l("企业已答复的异常工单"), urgent=True),
    ),
)


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List a queue: open cases, the most pressing first, or closed ones, the last closed first."""
    wanted = _filter()
    surroundings = hub()
    with surroundings.database.reading() as connection:
        parties = directory(connection).by_id
        rows = search_cases(connection, wanted, after_id(), PAGE + 1)
        queues = count_cases(connection, only_open=wanted.only_open)
        counts = {standing: sum(count_cases(connection, only_open=standing == "open").values()) for standing in ("open", "closed")}
        turns = count_whose(connection, wanted) if wanted.only_open else {}
    return render_template(
        "cases/listing.html",
        page=page(rows, lambda row: row.id),
        wanted=wanted,
        counts=counts,
        queues=queues,
        turns=turns,
        parties=parties,
        words=words,
        clock=surroundings.clock,
        now=surroundings.clock.now(),
    )


@blueprint.post("/take")
@officer_only
def take_many() -> ResponseReturnValue:
    """Take the ticked cases that nobody owns."""
    try:
        chosen = [UUID(each) for each in request.form.getlist("case")][:PAGE]
    except ValueError:
        abort(400)
    taken = len(_take(chosen))
    flash(_("已承办 %(taken)s 件，另有 %(rest)s 件已有承办人或已关闭。", taken=taken, rest=len(chosen) - taken))
    return redirect(url_for("cases.listing", kind=request.form.get("kind") or None, whose="mine" if taken else None))


@blueprint.get("/next")
@office_readers
def following() -> ResponseReturnValue:
    """Open the next case to work on: one's own or nobody's, which waits for no firm."""
    kind = request.args.get("kind", "")
    with hub().database.reading() as connection:
        found = next_case(connection, current_principal().user_id, kind, after_id())
    if found is None:
        flash(_("没有下一件待处理的工单。"))
        return redirect(url_for("cases.listing", kind=kind or None))
    return redirect(url_for("cases.detail", case_id=found, kind=kind or None))


@blueprint.post("/<uuid:case_id>/take")
@officer_only
def take_one(case_id: UUID) -> ResponseReturnValue:
    """Take a case that nobody owns."""
    found = known_case(case_id)
    if _take([case_id]):
        flash(_("已由您承办。"))
    else:
        flash(_("这件工单已有承办人或已关闭。"))
    return redirect(url_for("cases.detail", case_id=found.id))


@blueprint.post("/<uuid:case_id>/paper")
@office_readers
def paper(case_id: UUID) -> ResponseReturnValue:
    """Print a case."""
    return printed("case", str(case_id))


@blueprint.get("/<uuid:case_id>/files/<uuid:file_id>")
@office_readers
def file(case_id: UUID, file_id: UUID) -> Response:
    """Hand out a file a firm sent with an answer."""
    return handed_out(known_case(case_id).id, file_id)


def known_case(case_id: UUID) -> CaseView:
    """Return a case; 404 when there is none."""
    with hub().database.reading() as connection:
        return case(connection, case_id) or abort(404)


def story(found: CaseView) -> dict[str, object]:
    """Everything a page shows of a case beside its forms."""
    surroundings = hub()
    with surroundings.database.reading() as connection:
        party = directory(connection).by_id.get(found.enterprise_id) if found.enterprise_id else None
        steps, inspections = steps_of(connection, found.id), orders_from(connection, f"case:{found.id}")
    tones = {StepKind.ASKED.value: "info", StepKind.ANSWERED.value: "warn", StepKind.CLOSED.value: "good"}
    return {
        "case": found,
        "party": party,
        "steps": steps,
        "inspections": inspections,
        "inspecting": inspecting,
        "tones": tones,
        "words": words,
        "clock": surroundings.clock,
        "now": surroundings.clock.now(),
        "kind": words.kind_name(found.kind),
        "mine": found.owner_id is not None and found.owner_id == current_principal().user_id,
    }


def _take(chosen: list[UUID]) -> list[UUID]:
    principal, surroundings = current_principal(), hub()
    with surroundings.database.begin() as uow:
        taken = take(uow, chosen, By.of(principal), surroundings.clock.now())
        for case_id in taken:
            record(uow, principal, "case.take", f"case:{case_id}", surroundings.clock)
    return taken


def _filter() -> CaseFilter:
    """Read the filter from the address; 400 for a queue or a turn that does not exist."""
    kind, whose, text = request.args.get("kind", ""), request.args.get("whose", ""), searched()
    is_open = request.args.get("standing") != "closed"
    if whose not in get_args(Whose):
        abort(400)
    with hub().database.reading() as connection:
        named = [firm.id for firm in directory(connection).by_id.values() if text and text.lower() in firm.name.lower()]
    turn = cast(Whose, whose if is_open else "")
    return CaseFilter(is_open, kind, turn, text, named, current_principal().user_id, hub().clock.now())
