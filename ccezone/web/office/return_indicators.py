"""What stands behind an indicator of a return: the very refunds, settlements, rejected lists, warehouses or registrations.

Indicators of goods and orders open the pages those have; an indicator that adds nothing up (a target's progress) opens nothing.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.kernel.money import round_half_up
from ccezone.parameters.queries import book
from ccezone.printing.returns.words import number as written
from ccezone.statistics.queries.indicator_rows import BEHIND, Row, counted_rows, indicator_rows
from ccezone.statistics.queries.return_figures import definitions
from ccezone.statistics.queries.return_outcomes import outcomes
from ccezone.statistics.queries.returns import registered
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.shell.access import office_readers
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.paging import PAGE, page

blueprint = Blueprint("return_indicators", __name__, url_prefix="/office/indicators")
FEATURE = Feature(blueprint)
_LONGEST_DAYS = 400
HEADS: Mapping[str, tuple[LazyString, LazyString, LazyString, LazyString]] = {
    "refunds": (_l("退税申报"), _l("企业"), _l("受理日期"), _l("到账日期")),
    "settlements": (_l("收汇"), _l("企业"), _l("起息日"), _l("结汇日期")),
    "rejections": (_l("清单的订单"), _l("企业"), _l("制作日期"), _l("结束日期")),
    "registrations": (_l("统一社会信用代码"), _l("企业"), _l("备案日期"), _l("结束日期")),
    "warehouses": (_l("节点代码"), _l("名称"), _l("启用日期"), _l("停用日期")),
}
"""What the columns of a kind of rows say: document, name, the first day, the last."""
PLACES: Mapping[str, tuple[str, str]] = {
    "refunds": ("refund_claims.detail", "claim_id"),
    "settlements": ("fx.detail", "receipt_id"),
    "rejections": ("declarations.detail", "declaration_id"),
    "registrations": ("enterprises.detail", "enterprise_id"),
}
"""Where a row of a kind opens: the page, and what its address names the row by."""
_GOODS = frozenset({"total", "export", "import", "lists", "parcels", "average", "average_parcel", "median_clearance"})
_STEPS: Mapping[str, str] = {"match_rate": "matched", "release_rate": "released"}


@blueprint.get("/<key>")
@office_readers
def rows(key: str) -> ResponseReturnValue:
    """Show the rows an indicator adds up, with its formula and what they come to now."""
    kind, (since, until) = BEHIND.get(key) or abort(404), _days()
    with hub().database.reading() as connection:
        known = book(connection, hub().settings.zone)
        try:
            found = indicator_rows(connection, known, kind, since, until, request.args.get("after", "")[:60], PAGE + 1)
        except ValueError:
            abort(400)
        value, number = _value(connection, key, since, until), counted_rows(connection, kind, since, until)
    definition = next(row for row in definitions() if row["key"] == key)
    shown = None if value is None else f"{round_half_up(Decimal(value), Decimal(1).scaleb(-int(definition['decimals']))):f}"
    return render_template(
        "returns/indicator.html", page=page(found, lambda row: row.cursor), since=since, until=until, kind=kind, heads=HEADS[kind],
        definition=definition, value=shown, figure=written, number=number, address=_address(kind),
    )  # fmt: skip


def drill(told: Mapping[str, Any], key: str) -> str:
    """Return the page of what stands behind an indicator of a return; nothing where it adds nothing up."""
    span: dict[str, Any] = {"since": told["period"]["since"], "until": told["period"]["until"]}
    if key in BEHIND:
        return url_for("return_indicators.rows", key=key, **span)
    if key in _STEPS:
        return url_for("monitor.orders", step=_STEPS[key], **span)
    if key not in _GOODS:
        return ""
    flow = {"export": "E", "import": "I"}.get(key, "")
    span |= {"by": "flow", "key": flow} if flow else {"by": "every", "key": ""}
    listed = key in ("lists", "average", "median_clearance")
    beyond = any(each["standing"] == "counted" for each in told["coverage"].get("others", ()))
    return url_for("supplements.behind" if beyond and not listed else "monitor.goods", **span)


def _value(connection: Connection, key: str, since: date, until: date) -> Decimal | int | None:
    if key == "registered":
        return registered(connection, since, until)
    return outcomes(connection, book(connection, hub().settings.zone), since, until)[key]


def _address(kind: str) -> Callable[[Row], str]:
    if kind not in PLACES:
        return lambda _row: url_for("nodes.listing")
    endpoint, name = PLACES[kind]

    def address(row: Row) -> str:
        values: dict[str, Any] = {name: row.of}
        return url_for(endpoint, **values)

    return address


def _days() -> tuple[date, date]:
    try:
        since, until = (date.fromisoformat(request.args.get(name, "")) for name in ("since", "until"))
    except ValueError:
        abort(400)
    return (since, until) if 0 <= (until - since).days <= _LONGEST_DAYS else abort(400)
