"""The officer's day: how many bills, matches and lists stand at each stage, every number opening exactly its rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.bills.rules import BillKind
from ccezone.cases.queries import count_open
from ccezone.clearance.queries import (
    bill_counts,
    bills_of_day,
    count_parked,
    count_unreadable,
    find_number,
    merge_counts,
    merges_of_day,
    message_counts,
)
from ccezone.declarations.queries import ListFilter, Scope, count_stages
from ccezone.kernel.clock import SHANGHAI
from ccezone.matching.rules import Verdict
from ccezone.web.firm.declarations import words
from ccezone.web.firm.declarations.viewing import OFFICE, day_bounds
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, office_readers, opens
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.paging import PAGE, page, searched

blueprint = Blueprint("today", __name__, url_prefix="/office/today")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(Group.DATA, _l("今日监控"), "today.show", OFFICE, order=5, note=_l("各环节当日数量，点击数字查看明细")),
        MenuEntry(Group.DATA, _l("编号查询"), "today.find", OFFICE, order=6, note=_l("按任意编号查单据、清单、批次与报文")),
    ),
)
KINDS: Mapping[str, LazyString] = {
    BillKind.ORDER: _l("订单"),
    BillKind.PAYMENT: _l("支付单"),
    BillKind.WAYBILL: _l("运单"),
    BillKind.LINK: _l("运单关联"),
}
VERDICTS: Mapping[str, LazyString] = {
    Verdict.MATCHED: _l("一致"),
    Verdict.WARNED: _l("一致（有提示）"),
    Verdict.CONFLICT: _l("有冲突"),
    Verdict.WAITING: _l("等待单据"),
    Verdict.DELETED: _l("订单已删除"),
}
WAITING: Mapping[str, LazyString] = {
    "order": _l("缺订单"),
    "payment": _l("缺支付单"),
    "waybill": _l("缺运单"),
    "link": _l("缺运单关联"),
    "link_lines": _l("运单关联的商品数量与订单不符"),
}
HITS: Mapping[str, LazyString] = {**KINDS, "list": _l("清单"), "batch": _l("报送批次"), "message": _l("对外报文")}
Column = TypeVar("Column")
_USUAL_MODES = (("9610", "E"), ("9610", "I"), ("1210", "I"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the rows it opens."""

    number: int
    address: str


@dataclass(frozen=True, slots=True)
class Stages:
    """A table of one part of the day: columns, and for each stage its cells, the last of them the total."""

    title: LazyString
    note: LazyString
    columns: Sequence[str]
    rows: Sequence[tuple[LazyString, Sequence[Cell]]]


@blueprint.get("")
@office_readers
def show() -> ResponseReturnValue:
    """Show the day's numbers, and what waits for an officer."""
    day = _day()
    since, until = day_bounds(day)
    with hub().database.reading() as connection:
        bills = {(entry.kind, entry.flow): entry.number for entry in bill_counts(connection, since, until)}
        merges = {(entry.verdict, entry.flow): entry.number for entry in merge_counts(connection, since, until)}
        found = count_stages(connection, Scope(), ListFilter(since=since, until=until))
        lists = {(entry.stage, entry.trade_mode, entry.flow): entry.number for entry in found}
        messages = message_counts(connection)
        waiting = _waiting(count_open(connection), messages, count_parked(connection), count_unreadable(connection))
    tables = (_bill_table(bills, day), _merge_table(merges, day), _list_table(lists, day))
    return render_template("today/show.html", day=day, tables=tables, waiting=waiting, **_neighbours(since))


@blueprint.get("/bills")
@office_readers
def bills() -> ResponseReturnValue:
    """Show the bill versions that arrived on a day."""
    kind, flow, day = request.args.get("kind", ""), request.args.get("flow", ""), _day()
    if kind not in KINDS:
        abort(400)
    with hub().database.reading() as connection:
        try:
            rows = bills_of_day(connection, BillKind(kind), flow, *day_bounds(day), request.args.get("after", ""), PAGE + 1)
        except ValueError:
            abort(400)
    return render_template(
        "today/bills.html",
        page=page(rows, lambda row: row.cursor),
        kind=KINDS[kind],
        flow=words.FLOWS.get(flow),
        day=day,
        flows=words.FLOWS,
    )


@blueprint.get("/merges")
@office_readers
def merges() -> ResponseReturnValue:
    """Show the orders whose verdict was given on a day."""
    verdict, flow, day = request.args.get("verdict", ""), request.args.get("flow", ""), _day()
    with hub().database.reading() as connection:
        try:
            rows = merges_of_day(connection, verdict, flow, *day_bounds(day), request.args.get("after", ""), PAGE + 1)
        except ValueError:
            abort(400)
    return render_template(
        "today/merges.html",
        page=page(rows, lambda row: row.cursor),
        verdict=VERDICTS.get(verdict),
        verdicts=VERDICTS,
        missing=WAITING,
        flow=words.FLOWS.get(flow),
        flows=words.FLOWS,
        day=day,
    )


@blueprint.get("/find")
@office_readers
def find() -> ResponseReturnValue:
    """Find everything that bears a number."""
    text = searched()
    with hub().database.reading() as connection:
        hits = find_number(connection, text)
    return render_template("today/find.html", text=text, hits=hits, kinds=HITS, flows=words.FLOWS)


def _day() -> str:
    return request.args.get("day", "") or f"{hub().clock.now().astimezone(SHANGHAI):%Y-%m-%d}"


def _neighbours(since: datetime) -> Mapping[str, str | None]:
    """The day before, and the day after unless it is still to come."""
    after = since + timedelta(days=1)
    begun = after <= hub().clock.now()
    return {"before": f"{since - timedelta(days=1):%Y-%m-%d}", "after": f"{after:%Y-%m-%d}" if begun else None}


def _waiting(cases: int, messages: Mapping[str, int], parked: int, unreadable: int) -> Sequence[tuple[LazyString, Cell]]:
    """What waits, as far as the reader may open it: a node's officer is shown no receipts that nobody can attribute."""
    found = (
        (_l("待处理的异常工单"), cases, "cases.listing", ""),
        (_l("被拒收的对外报文"), messages["refused"], "messages.listing", "refused"),
        (_l("待发送的对外报文"), messages["waiting"], "messages.listing", "waiting"),
        (_l("找不到单据的回执"), parked, "receipts.parked", ""),
        (_l("无法读取的来报"), unreadable, "receipts.unreadable", ""),
    )
    return [
        (label, Cell(number, url_for(page, standing=standing or None)))
        for label, number, page, standing in found
        if opens(current_principal(), page)
    ]


def _bill_table(counts: Mapping[tuple[str, str], int], day: str) -> Stages:
    def cell(kind: str, flow: str) -> Cell:
        return Cell(counts.get((kind, flow), 0), url_for("today.bills", kind=kind, flow=flow, day=day))

    rows = _rows(KINDS, words.FLOWS, cell, lambda kind: url_for("today.bills", kind=kind, day=day))
    return Stages(_l("收到单据"), _l("当日存入的单据版本，不含重复报送与被拒单据"), _flow_names(), rows)


def _merge_table(counts: Mapping[tuple[str, str], int], day: str) -> Stages:
    def cell(verdict: str, flow: str) -> Cell:
        return Cell(counts.get((verdict, flow), 0), url_for("today.merges", verdict=verdict, flow=flow, day=day))

    rows = _rows(VERDICTS, words.FLOWS, cell, lambda verdict: url_for("today.merges", verdict=verdict, day=day))
    return Stages(_l("三单比对"), _l("当日比对的订单，按现在的结论"), _flow_names(), rows)


def _list_table(counts: Mapping[tuple[str, str, str], int], day: str) -> Stages:
    modes = sorted({*_USUAL_MODES, *((mode, flow) for _stage, mode, flow in counts)}, key=lambda each: (each[1], each[0]))

    def cell(stage: str, column: tuple[str, str]) -> Cell:
        mode, flow = column
        return Cell(counts.get((stage, *column), 0), url_for("declarations.listing", stage=stage, mode=mode, flow=flow, day=day))

    rows = _rows(words.STAGES, modes, cell, lambda stage: url_for("declarations.listing", stage=stage, day=day))
    columns = [f"{mode} {words.FLOWS[flow]}" for mode, flow in modes]
    return Stages(_l("清单申报"), _l("当日状态有变动的清单，按现在的状态"), columns, rows)


def _flow_names() -> Sequence[str]:
    return [str(label) for label in words.FLOWS.values()]


def _rows(
    stages: Mapping[str, LazyString], columns: Iterable[Column], cell: Callable[[str, Column], Cell], whole: Callable[[str], str]
) -> Sequence[tuple[LazyString, Sequence[Cell]]]:
    """Lay a table out: every stage's cells, and a last one with their sum, that opens them all."""
    table, across = [], list(columns)
    for stage, label in stages.items():
        cells = [cell(stage, column) for column in across]
        table.append((label, [*cells, Cell(sum(each.number for each in cells), whole(stage))]))
    return table
