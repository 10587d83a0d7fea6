"""After the demo's traffic: one exporter's closed lists are summed up and filed, and goods of two lists come back."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from ccezone.bootstrap import Hub
from ccezone.clearance.queries.receipts import released_at
from ccezone.declarations.queries import ListFilter, list_detail, scope_of, search_lists
from ccezone.declarations.queries.returns import search_returns
from ccezone.declarations.queries.summaries import groups_of_month, open_months, search_summaries
from ccezone.declarations.rules.returns import ReturnWish
from ccezone.declarations.service.returns import ReturnDesk, file_return, open_return
from ccezone.declarations.service.summaries import file_summary, open_summary
from ccezone.demo.zone import export_defaults
from ccezone.enterprises.queries import directory
from ccezone.enterprises.service import save_defaults
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Refused
from ccezone.storage import Database
from schemas.codes import rows

SUMMED, IMPORTER = "furniture", "cosmetics"
_DEMO, _PATIENCE_SECONDS, _LOOK_SECONDS = "demo", 90.0, 3.0


def found_path(database: Database, clock: Clock) -> None:
    """Let one exporter take the path of the summary declaration, before its first list is made."""
    party = next(row for row in rows("example_parties") if row["key"] == SUMMED)
    with database.begin() as uow:
        found = directory(uow.connection).find(party["uscc"])
        if found is not None and not search_lists(uow.connection, scope_of(uow.connection, found.id), ListFilter(), limit=1):
            save_defaults(uow, found.id, replace(export_defaults(party), declaration_path="B"), clock)


def apply_for(hub: Hub, say: Callable[[str], None]) -> int:
    """Sum up and send back, once, as soon as lists are closed and released; return how many applications were filed."""
    firms = _firms(hub.database)
    if len(firms) < 2:
        return 0
    with hub.database.reading() as connection:
        known = any(search_summaries(connection, each, limit=1) or search_returns(connection, each, limit=1) for each in firms)
    if known:
        return 0
    exporter, importer = firms
    filed = _sum_up(hub, exporter, _closed_month(hub, exporter))
    filed += _send_back(hub, exporter, "closed", relief=True) + _send_back(hub, importer, "released", relief=False)
    say(f"汇总与退货 summaries and returns: {filed}")
    return filed


def _firms(database: Database) -> Sequence[UUID]:
    with database.reading() as connection:
        known = {row["key"]: directory(connection).find(row["uscc"]) for row in rows("example_parties")}
    return [found.id for key in (SUMMED, IMPORTER) if (found := known.get(key)) is not None]


def _closed_month(hub: Hub, firm: UUID) -> str:
    """Wait until customs has closed something; empty when nothing is closed in good time."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with hub.database.reading() as connection:
            months = open_months(connection, firm)
        if months or time.monotonic() > until:
            return months[-1] if months else ""
        time.sleep(_LOOK_SECONDS)


def _sum_up(hub: Hub, firm: UUID, month: str) -> int:
    """File a summary for every group of the month."""
    if not month:
        return 0
    with hub.database.reading() as connection:
        groups = groups_of_month(connection, firm, month)
    for group in groups:
        with hub.database.begin() as uow:
            number = open_summary(uow, firm, month, group.key, _DEMO, hub.clock)
            file_summary(uow, hub.vault, hub.deliveries, firm, number, _DEMO, hub.clock)
    return len(groups)


def _send_back(hub: Hub, firm: UUID, stage: str, *, relief: bool) -> int:
    """Let one piece of the first line of a firm's newest such list come back; an export declares where it comes from."""
    desk = ReturnDesk(hub.vault, hub.deliveries, hub.clock, hub.settings.zone, released_at)
    with hub.database.reading() as connection:
        scope = scope_of(connection, firm)
        found = search_lists(connection, scope, ListFilter(stage), limit=1)
        detail = list_detail(connection, hub.vault, scope, found[0].id) if found else None
    if detail is None:
        return 0
    wish = ReturnWish({int(detail.lines[0]["line_no"]): Decimal(1)}, "买家退货（演示）", relief)
    try:
        with hub.database.begin() as uow:
            number = open_return(uow, desk, firm, detail.row.id, wish, _DEMO)
            file_return(uow, desk, firm, number, _DEMO)
    except Refused:
        return 0  # a list of the traffic whose value is wrong on purpose
    return 1
