"""The merge board: orders that wait, disagree or match; one order's bills side by side; the book of rules."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Principal, Role
from ccezone.bills import queries as bills
from ccezone.bills.queries import BillView
from ccezone.bills.rules import BillKind
from ccezone.declarations.queries import lists_of_order, scope_of
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.matching import queries
from ccezone.matching.queries.recognition import recognition
from ccezone.matching.rules import Criterion, Verdict
from ccezone.storage import Connection
from ccezone.web.firm.bills import words
from ccezone.web.firm.bills.viewing import may_change, may_send, row_id
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firms_and_office, public
from ccezone.web.shell.acting import flows_in_reach, reaches
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.paging import PAGE, page, searched

blueprint = Blueprint("matches", __name__, url_prefix="/matches")
VERDICTS: Mapping[Verdict, LazyString] = {
    Verdict.WAITING: _l("待齐单"),
    Verdict.CONFLICT: _l("比对不符"),
    Verdict.WARNED: _l("有提示"),
    Verdict.MATCHED: _l("比对一致"),
    Verdict.DELETED: _l("已删除"),
}
TONES = {
    Verdict.WAITING: "info",
    Verdict.CONFLICT: "bad",
    Verdict.WARNED: "warn",
    Verdict.MATCHED: "good",
    Verdict.DELETED: "neutral",
}
WAITING: Mapping[str, LazyString] = {
    "order": _l("缺订单"),
    "payment": _l("缺支付单"),
    "waybill": _l("缺运单"),
    "link": _l("缺运单关联"),
    "link_lines": _l("关联的商品数量与订单不符"),
}
REASONS: Mapping[str, LazyString] = {
    "deleted": _l("订单已删除"),
    "order": _l("订单未到"),
    "payment": _l("支付单未到，当前参数要求三单齐备"),
    "waybill": _l("运单或运单关联未到"),
    "conflict": _l("比对不符，须先更正"),
    "waybill_shared": _l("多个订单共用一个运单"),
}
CRITERIA: Mapping[Criterion, LazyString] = {
    Criterion.MERCHANT: _l("商家已备案且有效"),
    Criterion.PLATFORM: _l("交易平台（或自营网站的商家）已备案"),
    Criterion.PAYMENT: _l("由已备案的支付机构收款"),
    Criterion.WAYBILL: _l("由已备案的物流企业承运"),
    Criterion.AGREED: _l("三单比对一致"),
}
STAGES: Mapping[str, LazyString] = {
    "merge": _l("三单比对"),
    "gate": _l("齐单条件（参数）"),
    "built": _l("由生成保证"),
    "list": _l("申报前检查"),
    "off": _l("未启用，由海关核对"),
}


@blueprint.get("")
@firms_and_office
def board() -> ResponseReturnValue:
    """Show the orders of one verdict."""
    who, wanted = viewer(), request.args.get("waiting", "")
    verdict = Verdict(request.args.get("verdict") or Verdict.WAITING) if _known_verdict() else abort(404)
    with hub().database.reading() as connection:
        flows = flows_in_reach(current_principal())
        counts = queries.counts(connection, who, flows)
        waiting_for = wanted if wanted in WAITING else ""
        wish = {"text": searched(), "waiting_for": waiting_for}
        rows = queries.board(connection, who, verdict, _cursor(), **wish, limit=PAGE + 1, flows=flows)
        parties = directory(connection).by_id
    return render_template(
        "matches/board.html", page=page(rows, lambda row: f"{row.merged_at.isoformat()}_{row.order_key}"), counts=counts,
        verdict=verdict, verdicts=VERDICTS, waiting_words=WAITING, reasons=REASONS, parties=parties, text=searched(), viewer=who,
        waiting=waiting_for, words=words, most=queries.COUNTED_UP_TO, tones=TONES, now=hub().clock.now(),
    )  # fmt: skip


@blueprint.get("/<int(signed=True):order_key>")
@firms_and_office
def detail(order_key: int) -> ResponseReturnValue:
    """Show an order, its payments and its waybills side by side, with every difference and how to mend it."""
    who = viewer()
    with hub().database.reading() as connection:
        known = queries.match(connection, order_key, who) or abort(404)
        if not reaches(current_principal(), known.flow):
            abort(404)
        differences = queries.opened_differences(connection, hub().vault, known, who)
        columns = _columns(connection, known, who)
        parties = directory(connection).by_id
        firm = parties.get(who) if who else None
        changeable = {(each.kind, each.key) for each in columns if may_change(each, directory(connection), who)}
        lists = lists_of_order(connection, order_key, scope_of(connection, who, current_principal().scope))
        links = bills.bills_of_order(connection, order_key)
        judged = recognition(connection, hub().settings.zone, known, hub().clock.now().astimezone(SHANGHAI).date())
    marked = {(side.kind, side.key, name) for each in differences for side in (each.left, *each.right) for name in _names(side)}
    return render_template(
        "matches/match.html", match=known, differences=differences, columns=columns, marked=marked, words=words, lists=lists,
        verdicts=VERDICTS, tones=TONES, waiting_words=WAITING, reasons=REASONS, parties=parties, viewer=who,
        changeable=changeable, row_id=row_id, recognition=judged, criteria=CRITERIA,
        links=[row for row in links if row.kind == BillKind.LINK],
        may_send={kind: known.flow in may_send(kind, firm) for kind in BillKind}, label_of=label_for(known.flow),
    )  # fmt: skip


@blueprint.get("/rules")
@public
def rules() -> ResponseReturnValue:
    """Show all cross-check rules, on and off, with source, confidence and the tolerance in force."""
    surroundings = hub()
    day = surroundings.clock.now().astimezone(SHANGHAI).date()
    with surroundings.database.reading() as connection:
        booked = queries.rule_book(connection, surroundings.settings.zone, day)
    return render_template("matches/rules.html", rules=booked, stages=STAGES, flows=words.FLOWS, day=day)


def _known_verdict() -> bool:
    given = request.args.get("verdict", "")
    return not given or given in {verdict.value for verdict in Verdict}


def _cursor() -> tuple[datetime, int] | None:
    given = request.args.get("after", "")
    if not given:
        return None
    moment, _line, key = given.rpartition("_")
    try:
        return datetime.fromisoformat(moment.replace(" ", "+")), int(key)
    except ValueError:
        abort(400)


def _columns(connection: Connection, known: queries.MatchRow, who: UUID | None) -> list[BillView]:
    """Return the bills of an order in the order of the page: order, payments, waybills."""
    surroundings = hub()
    wanted = [(BillKind.ORDER, known.order_key)]
    wanted += [(BillKind.PAYMENT, key) for key in known.payments] + [(BillKind.WAYBILL, key) for key in known.waybills]
    found = (bills.bill(connection, surroundings.vault, surroundings.deliveries, kind, key, who) for kind, key in wanted[:20])
    return [each for each in found if each]


def _names(side: queries.Side) -> list[str]:
    return [name for said in side.values for name in said.name.split() if name not in "+-"]


def label_for(flow: str) -> Callable[[BillKind, str], str]:
    """Return what writes the fields of a comparison (``goods_value + freight``) with their labels."""

    def label_of(kind: BillKind, shown: str) -> str:
        labels = {field.attribute: words.label(field) for field in words.fields_of(kind, flow).head}
        return " ".join(labels.get(token, token) for token in shown.split())

    return label_of


def _conflicts(connection: Connection, principal: Principal) -> int:
    return queries.counts(connection, principal.enterprise_id, flows_in_reach(principal))[Verdict.CONFLICT]


def _unlinked(connection: Connection, principal: Principal) -> int:
    return queries.count_waiting_for(connection, principal.enterprise_id, "link", flows_in_reach(principal))


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(Group.DATA, _l("三单比对"), "matches.board", frozenset(Role), order=10, note=_l("待齐单、不符、一致的订单")),
        MenuEntry(Group.SPECIAL, _l("比对规则"), "matches.rules", order=85, note=_l("全部校验规则、来源与容差")),
    ),
    todo=(
        Todo(_l("比对不符的订单"), "matches.board", frozenset({Role.FIRM}), _conflicts, {"verdict": "conflict"}, urgent=True),
        Todo(_l("待关联运单的订单"), "matches.board", frozenset({Role.FIRM}), _unlinked, {"verdict": "waiting", "waiting": "link"}),
    ),
)
