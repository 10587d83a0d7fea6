"""Applications about released lists: summary declarations (701), goods returns of exports (213) and imports (625)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ccezone.kernel.ids import key8
from integrations.mockservers.single_window import plans
from integrations.mockservers.single_window.cross_checks import dutiable_value
from integrations.mockservers.single_window.desk import Desk
from integrations.mockservers.single_window.plans import Step
from integrations.mockservers.single_window.records import Document, Record
from integrations.mockservers.single_window.summing import RESULTS, serial
from integrations.mockservers.single_window.texts import filled, reason

SUMMARY, EXPORT_RETURN, IMPORT_RETURN = 701, 213, 625
APPLIED_FOR = (SUMMARY, EXPORT_RETURN, IMPORT_RETURN)
_NOT_SUMMED = -703001  # the published range of business checks of summaries begins here
_LINE_UNKNOWN = -625209
_MAX_INFO = 1000
_SUMMARY_PATH = "B"
_MINUTE = 60.0


def lists_named(document: Document | Record) -> list[str]:
    """Return the numbers of the lists an application speaks of."""
    if document.layout.number == SUMMARY:
        return [line["list_no"] for line in document.lines]
    return [document.head["list_no"]]


def apply(desk: Desk, record: Record) -> None:
    """Judge an application, and answer it."""
    targets = {each.list_no: each for each in desk.records.values() if each.layout.role == "list"}
    named = [targets[list_no] for list_no in lists_named(record) if list_no in targets]
    order_no = named[0].head["order_no"] if named else ""
    effects = desk.switches.effects(record.layout.message_type, {**record.head, "order_no": order_no})
    taken = plans.accepted(record)
    if "drop_after_acceptance" in effects:
        desk.carry_out(record, taken[:1])
        return
    judge = _summary_steps if record.layout.number == SUMMARY else _return_steps
    steps = [plans.REFUSED] if "reject" in effects else judge(desk, record, named)
    if "delay" in effects and steps:
        steps[0] = steps[0]._replace(delay=effects["delay"].seconds)
    desk.carry_out(record, [*taken, *steps])


def _summary_steps(desk: Desk, record: Record, named: Sequence[Record]) -> list[Step]:
    """A summary: closed lists of one consignor on the summary path, each in one summary only."""
    numbers = [each.number for each in named]
    rows = desk.connection.execute("SELECT number FROM summed WHERE number = ANY(%s) AND summary <> %s", (numbers, record.key))
    flaws = list(_summary_flaws(record, named, {row[0] for row in rows.fetchall()}))
    if flaws:
        return [Step(_NOT_SUMMED, f"{reason(_NOT_SUMMED)}[{';'.join(flaws)}]"[:_MAX_INFO])]
    desk.connection.execute("DELETE FROM summed WHERE summary = %s", (record.key,))
    with desk.connection.cursor() as cursor:
        cursor.executemany("INSERT INTO summed VALUES (%s, %s)", [(number, record.key) for number in numbers])
    return [Step(399, wait=2), *(Step(stage, "汇总结果", wait=10 * _MINUTE) for stage in RESULTS)]


def _summary_flaws(record: Record, named: Sequence[Record], taken: set[int]) -> Iterator[str]:
    known = {each.list_no: each for each in named}
    seen: set[str] = set()
    for list_no in lists_named(record):
        each = known.get(list_no)
        if each is None or each.layout.number != 603 or each.head["merchant_code"] != record.head["merchant_code"]:
            yield f"{list_no}:清单不存在"
        elif each.status != plans.CLOSED:
            yield f"{list_no}:清单未结关"
        elif each.head["declaration_path"] != _SUMMARY_PATH:
            yield f"{list_no}:清单不是汇总申报"
        elif each.number in taken or list_no in seen:
            yield f"{list_no}:清单已汇总"
        seen.add(list_no)


def _return_steps(desk: Desk, record: Record, named: Sequence[Record]) -> list[Step]:
    """Goods coming back: lines of a released list, never more of them than went, over all its returns."""
    imported = record.layout.number == IMPORT_RETURN
    target = named[0] if named else None
    name = record.head["cop_no" if imported else "co_el_no"]
    if target is None or target.layout.number != (621 if imported else 603) or target.status not in (plans.RELEASED, plans.CLOSED):
        return [Step(100, f"原清单[{record.head['list_no']}]不存在或未放行", wait=3)]
    desk.connection.execute("DELETE FROM came_back WHERE application = %s", (record.key,))
    rows = desk.connection.execute(
        "SELECT line_no, sum(quantity) FROM came_back WHERE number = %s GROUP BY 1", (target.number,)
    ).fetchall()
    back: dict[str, Decimal] = {str(row[0]): row[1] for row in rows}
    declared = {line["line_no"]: line for line in target.lines}
    for line in record.lines:
        known = declared.get(line["line_no"])
        if known is None or known["hs_code"] != line["hs_code"]:
            return [Step(_LINE_UNKNOWN, filled(reason(_LINE_UNKNOWN), name, line["line_no"], line["hs_code"]))]
        back[line["line_no"]] = back.get(line["line_no"], Decimal(0)) + Decimal(line["qty"])
        if Decimal(line["qty"]) <= 0 or back[line["line_no"]] > Decimal(known["qty"]):
            return [Step(100, f"退货申请单[{name}]第{line['line_no']}项累计退货数量超过原清单数量", wait=3)]
    with desk.connection.cursor() as cursor:
        entries = [(target.number, int(line["line_no"]), record.key, Decimal(line["qty"])) for line in record.lines]
        cursor.executemany("INSERT INTO came_back VALUES (%s, %s, %s, %s)", entries)
    if imported:
        _give_quota_back(desk, target, back)
    return [Step(120, wait=3), Step(300, wait=_MINUTE), Step(399 if imported else plans.RELEASED, wait=_MINUTE)]


def _give_quota_back(desk: Desk, target: Record, back: dict[str, Decimal]) -> None:
    """The buyer's year takes only what stays: goods, and their share of freight and insurance."""
    goods = sum((Decimal(line["total_price"]) for line in target.lines), Decimal(0))
    gone = sum(
        (Decimal(line["total_price"]) * back.get(line["line_no"], Decimal(0)) / Decimal(line["qty"]) for line in target.lines),
        Decimal(0),
    )
    whole = dutiable_value(target)
    left = (whole - whole * gone / goods).quantize(Decimal("0.01")) if goods else Decimal(0)
    desk.quota.set(key8(target.head["buyer_id_number"].upper()), target.key, left)


__all__ = ["APPLIED_FOR", "apply", "lists_named", "serial"]
