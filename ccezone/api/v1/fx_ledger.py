"""``/api/v1/fx-orders`` and ``/api/v1/fx-statements``: what orders are owed and got, and banks' statements."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from ccezone.accounts.service import record
from ccezone.api.bodies import JSON, demand_media_type, raw_body
from ccezone.api.operations import Example, Media, Resource
from ccezone.api.paging import as_bigint, as_uuid, cut, read_cursor
from ccezone.api.services import Caller, services
from ccezone.api.v1.fx_receipts import KNOWN_ACCOUNT, READ, WRITE
from ccezone.api.v1.fx_shown import order_shown
from ccezone.credit.queries.fx_standing import money_terms
from ccezone.fx.queries.orders import search_orders
from ccezone.fx.queries.statements import search_statements
from ccezone.fx.service.statements import take_statement
from schemas.rest.fx import FxOrderPage, FxOrdersQuery, FxStatementPage, FxStatementsQuery, FxStatementTaken
from schemas.rest.words import Words
from schemas.statements import Entry, Statement, read_statement, write_statement

RESOURCE = Resource("跨境收汇", "Foreign exchange")
_TYPES = ("text/csv", "text/plain", *JSON, "application/octet-stream")


def _day() -> str:
    entry = Entry("BR20251201009", Decimal("120.00"), date(2025, 12, 1), "EXAMPLE MARKETPLACE LTD", "platform", "")
    said = Statement(KNOWN_ACCOUNT, "502", 1, date(2025, 12, 1), Decimal(0), Decimal("120.00"), (entry,))
    return write_statement(said, "csv").decode()


@RESOURCE.get(
    "/fx-orders",
    "listFxOrders",
    Words("订单收汇台账", "List orders' money"),
    details=Words(
        "出口订单应收、已收、扣除、已结汇、待收、多收，按订单编号排列。",
        "What export orders expect, received, had kept back, have settled, lack and were overpaid, by order number.",
    ),
    permission=READ,
    query=FxOrdersQuery,
    answer=FxOrderPage,
)
def get_orders(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of orders' money."""
    by.demand_whole(READ)
    work, after = services(), read_cursor(query["after"], as_bigint)
    with work.database.reading() as connection:
        terms = money_terms(connection, work.book.current(connection), work.today(), work.clock.now())
        rows = search_orders(connection, by.enterprise.id, terms, query["tab"], query["text"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.order_key)
    return {"orders": [order_shown(row, terms) for row in page], "next": following}


@RESOURCE.get(
    "/fx-statements",
    "listFxStatements",
    Words("银行对账单列表", "List banks' statements"),
    permission=READ,
    query=FxStatementsQuery,
    answer=FxStatementPage,
)
def get_statements(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of statements, the newest first."""
    by.demand_whole(READ)
    after = read_cursor(query["after"], as_uuid)
    with services().database.reading() as connection:
        rows = search_statements(connection, by.enterprise.id, query["tab"], query["text"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"statements": [asdict(row) for row in page], "next": following}


@RESOURCE.post(
    "/fx-statements",
    "postFxStatement",
    Words("报送银行对账单", "Hand in a bank's statement"),
    details=Words(
        "MT940 文本、CSV 或 JSON，一份为一个账户一天。读入过的不重复登记；前面有缺的先暂存，补齐后自动读入。",
        "MT940 text, CSV or JSON; one account's day. A day is taken once; one that follows a missing day waits and is taken in "
        "when that has come.",
    ),
    permission=WRITE,
    media=[Media("text/csv", {"type": "string"}, [Example("csv", Words("一天", "A day"), _day)])]
    + [Media(each, {"type": "object"} if each in JSON else {"type": "string"}) for each in _TYPES[1:]],
    answer=FxStatementTaken,
)
def post_statement(by: Caller) -> dict[str, object]:
    """Take a statement in."""
    by.demand_whole(WRITE)
    demand_media_type(_TYPES)
    statement, work = read_statement(raw_body()), services()
    with work.database.begin() as uow:
        found = take_statement(uow, statement, "api", by.principal.actor, work.clock, by.enterprise.id)
        record(uow, by.principal, "fx.upload_statement", "fx", work.clock)
    return asdict(found)
