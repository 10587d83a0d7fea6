"""``/api/v1/declarations``: lists with their states, one list, its timeline, filing by hand."""

from flask import Blueprint, Response, jsonify, request

from ccezone.accounts.rules import Permission
from ccezone.api.problems import Problem
from ccezone.api.services import caller, services
from ccezone.clearance.queries import timeline
from ccezone.declarations.queries import ListDetail, ListFilter, ListRow, list_detail, scope_of, search_lists
from ccezone.declarations.service import submit_list
from ccezone.kernel.errors import Fault

_PAGE, _LONGEST_PAGE = 50, 200


def register(blueprint: Blueprint) -> None:
    """Add the resource to the API."""
    blueprint.get("/declarations", endpoint="declarations")(get_lists)
    blueprint.get("/declarations/<int:number>", endpoint="declaration")(get_list)
    blueprint.get("/declarations/<int:number>/timeline", endpoint="declaration_timeline")(get_timeline)
    blueprint.post("/declarations/<int:number>/submit", endpoint="declaration_submit")(post_submit)


def get_lists() -> Response:
    """A page of the caller's lists, newest first: ``?tab=&text=&after=&limit=``."""
    by = caller(Permission.DECLARATIONS_READ)
    limit = min(request.args.get("limit", _PAGE, int), _LONGEST_PAGE)
    wanted = ListFilter(stage=request.args.get("tab", ""), text=request.args.get("text", ""))
    with services().database.reading() as connection:
        rows = search_lists(connection, scope_of(connection, by.enterprise.id), wanted, request.args.get("after", None, int), limit)
    following = str(rows[-1].id) if len(rows) == limit else None
    return jsonify(declarations=[_row(row) for row in rows], next=following)


def get_list(number: int) -> Response:
    """One list in full; personal values stay out."""
    found = _detail(number)
    return jsonify(
        **_row(found.row),
        head={name: value for name, value in found.head.items() if name not in found.personal},
        lines=list(found.lines),
        tax=found.tax,
        missing=[{"kind": each.kind, "name": each.name, "params": dict(each.params)} for each in found.missing],
        submissions=[
            {"guid": str(each.id).upper(), "number": each.number, "created_at": each.created_at.isoformat()}
            for each in found.submissions
        ],
    )


def get_timeline(number: int) -> Response:
    """Every step of a list, oldest first, with official code and text."""
    _detail(number)
    with services().database.reading() as connection:
        steps = timeline(connection, number)
    return jsonify(
        timeline=[
            {
                "kind": step.kind,
                "at": step.at.isoformat(),
                "submission": step.submission,
                "code": step.code,
                "text": step.info,
                "expected": step.expected,
            }
            for step in steps
        ]
    )


def post_submit(number: int) -> Response:
    """File a list now, or again after a rejection. 202: it waits in the outbox."""
    by = caller(Permission.DECLARATIONS_WRITE)
    work = services()
    submit_list(work.database, work.vault, work.clock, number, by.enterprise.id, by.principal.actor)
    response = jsonify(id=str(number), state="queued")
    response.status_code = 202
    return response


def _detail(number: int) -> ListDetail:
    by = caller(Permission.DECLARATIONS_READ)
    with services().database.reading() as connection:
        found = list_detail(connection, services().vault, scope_of(connection, by.enterprise.id), number)
    if found is None:
        raise Problem(404, [Fault("", "declaration_not_found", {"id": str(number)})])
    return found


def _row(row: ListRow) -> dict[str, object]:
    return {
        "id": str(row.id),
        "order_no": row.order_no,
        "waybill_no": row.waybill_no,
        "list_no": row.list_no,
        "flow": row.flow,
        "trade_mode": row.trade_mode,
        "state": row.state,
        "created_at": row.created_at.isoformat(),
    }
