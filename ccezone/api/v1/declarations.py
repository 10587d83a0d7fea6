"""``/api/v1/declarations``: lists with their states, one list, its timeline, filing by hand.

Cancelling, changing and returning a list are further operations of this resource.
"""

from collections.abc import Mapping
from typing import Any

from ccezone.accounts.rules import Permission
from ccezone.api.operations import Resource
from ccezone.api.paging import as_bigint, cut, read_cursor
from ccezone.api.problems import Problem, described
from ccezone.api.services import Caller, services
from ccezone.clearance.queries import timeline
from ccezone.declarations.queries import (
    STAGES,
    ListDetail,
    ListFilter,
    ListRow,
    list_detail,
    missing_fault,
    scope_of,
    search_lists,
)  # fmt: skip
from ccezone.declarations.rules.facts import Missing
from ccezone.declarations.rules.lifecycle import TABS
from ccezone.declarations.service import file_list
from ccezone.kernel.errors import Fault
from schemas.rest.declarations import DeclarationList, ListPage, Queued, Timeline
from schemas.rest.documents import spelled
from schemas.rest.inputs import choice
from schemas.rest.queries import Paging, text_query
from schemas.rest.words import Words

RESOURCE = Resource("清单", "Declaration lists")
_LINKS = [(name, "number", "/declarations/0/id") for name in ("getDeclaration", "getDeclarationTimeline", "submitDeclaration")]
_NUMBER = {"number": {"description": Words("清单标识", "Id of the list")}}


class ListsQuery(Paging):
    """Which lists."""

    tab = choice("页签或阶段（与网页相同）", "Tab or stage, as on the pages", ["", *dict.fromkeys((*TABS, *STAGES))], default="")
    text = text_query("单号", "A number", 100)
    flow = choice("进出口", "Direction", ["", "E", "I"], default="")
    trade_mode = text_query("监管方式", "Supervision mode", 4)


@RESOURCE.get(
    "/declarations",
    "listDeclarations",
    Words("清单列表", "List declaration lists"),
    permission=Permission.DECLARATIONS_READ,
    query=ListsQuery,
    links=_LINKS,
    answer=ListPage,
)
def get_lists(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of the caller's lists, newest first."""
    wanted = ListFilter(stage=query["tab"], text=query["text"], flow=query["flow"], trade_mode=query["trade_mode"])
    after = read_cursor(query["after"], as_bigint)
    with services().database.reading() as connection:
        scope = scope_of(connection, by.enterprise.id, by.principal.scope)
        rows = search_lists(connection, scope, wanted, after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"declarations": [_row(row) for row in page], "next": following}


@RESOURCE.get(
    "/declarations/<int:number>",
    "getDeclaration",
    Words("清单", "A declaration list"),
    permission=Permission.DECLARATIONS_READ,
    answer=DeclarationList,
    parameters=_NUMBER,
)
def get_list(by: Caller, number: int) -> dict[str, object]:
    """One list in full; personal values stay out."""
    found = _detail(by, number)
    head = {name: value for name, value in found.head.items() if name not in found.personal}
    return {
        **_row(found.row),
        "document": spelled(found.row.message_type, {**head, "lines": found.lines}),
        "tax": found.tax,
        "missing": [lacking(each) for each in found.missing],
        "submissions": [
            {"guid": str(each.id).upper(), "number": each.number, "created_at": each.created_at} for each in found.submissions
        ],
        "cancellations": [
            {
                "guid": str(each.id).upper(),
                "number": each.number,
                "created_at": each.created_at,
                "reason": each.reason,
                "state": each.state,
            }
            for each in found.cancellations
        ],
        "former_id": None if found.former_id is None else str(found.former_id),
        "next_id": None if found.next_id is None else str(found.next_id),
    }


@RESOURCE.get(
    "/declarations/<int:number>/timeline",
    "getDeclarationTimeline",
    Words("清单时间线", "Every step of a list"),
    permission=Permission.DECLARATIONS_READ,
    answer=Timeline,
    parameters=_NUMBER,
)
def get_timeline(by: Caller, number: int) -> dict[str, object]:
    """Every step of a list, oldest first, with official code and text."""
    _detail(by, number)
    with services().database.reading() as connection:
        steps = timeline(connection, number)
    return {
        "timeline": [
            {
                "document": step.document,
                "kind": step.kind,
                "at": step.at,
                "submission": step.submission,
                "code": step.code,
                "text": step.info,
                "expected": step.expected,
            }
            for step in steps
        ]
    }


@RESOURCE.post(
    "/declarations/<int:number>/submit",
    "submitDeclaration",
    Words("申报清单", "File a list"),
    details=Words(
        "立即申报，或退单后再次申报；已撤销的清单以新清单重新申报，答复新清单的 id。入队后答复 202。",
        "File it now, or again after a rejection; in place of a cancelled list a fresh one goes out, whose id is answered. "
        "202 once queued.",
    ),
    permission=Permission.DECLARATIONS_WRITE,
    status=202,
    answer=Queued,
    parameters=_NUMBER,
)
def post_submit(by: Caller, number: int) -> dict[str, object]:
    """File a list now, or again; a fresh one in place of a cancelled one. 202: it waits in the outbox."""
    if by.principal.acting:
        _detail(by, number)
    filed = file_list(services().forms, number, by.enterprise.id, by.principal.actor, by.agent)
    return {"id": str(filed), "state": "queued"}


def _detail(by: Caller, number: int) -> ListDetail:
    with services().database.reading() as connection:
        found = list_detail(connection, services().vault, scope_of(connection, by.enterprise.id, by.principal.scope), number)
    if found is None:
        raise Problem(404, [Fault("", "declaration_not_found", {"id": str(number)})])
    return found


def lacking(each: Missing) -> dict[str, object]:
    """Say what keeps a list from being filed."""
    said = described(missing_fault(each))
    return {
        "kind": each.kind,
        "name": each.name,
        "params": dict(each.params),
        "message": said["message"],
        "remedy": said["remedy"],
    }


def _row(row: ListRow) -> dict[str, object]:
    return {
        "id": str(row.id),
        "order_no": row.order_no,
        "waybill_no": row.waybill_no,
        "list_no": row.list_no,
        "flow": row.flow,
        "trade_mode": row.trade_mode,
        "state": row.state,
        "created_at": row.created_at,
    }
