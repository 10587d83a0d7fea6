"""Lists by stage, by number, by day: the rows of a page and the counts above it come from one filter, so that they agree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.rules import order_no_key, waybill_key
from ccezone.declarations.queries.scope import Scope
from ccezone.declarations.rules.lifecycle import TABS, tab_of
from ccezone.enterprises.queries import directory
from ccezone.enterprises.rules import Role
from ccezone.storage.copying import fetch

_OPEN_STAGES = ("held", "incomplete", "ready")
STAGES: tuple[str, ...] = (*_OPEN_STAGES, *(tab for tab in TABS if tab != "preparing"))
_REJECTED = "(s.state = '100' OR left(s.state, 1) = '-')"
COLUMNS = """
    d.id, d.cop_no, d.flow, d.trade_mode, d.message_type, d.order_key, d.waybill_key, d.merchant_id, d.transmitter_code,
    d.order_no, d.waybill_no, d.currency, d.total_value, d.content ->> 'merchant_name', d.created_at, s.state, s.submission,
    s.list_no, s.eport_no, s.updated_at, jsonb_array_length(s.missing)
"""
FROM = "FROM declaration_list d JOIN declaration_state s ON s.id = d.id"
_CANDIDATES = """
WITH numbered AS (SELECT DISTINCT order_key FROM order_version WHERE order_no_key = %(number)s AND order_no = %(text)s),
parcels AS (
    SELECT l.order_key FROM link_version l WHERE l.waybill_key = ANY(%(waybills)s)
    UNION
    SELECT o.order_key FROM waybill_version w JOIN order_version o ON o.order_no_key = w.order_no_key
    WHERE w.waybill_key = ANY(%(waybills)s)
)
SELECT d.id FROM declaration_list d WHERE d.id = %(id)s AND (d.cop_no = %(text)s OR %(bare)s)
UNION SELECT d.id FROM numbered n JOIN declaration_list d ON d.order_key = n.order_key
UNION SELECT d.id FROM parcels p JOIN declaration_list d ON d.order_key = p.order_key WHERE d.waybill_key = ANY(%(waybills)s)
"""
_BY_CUSTOMS_NUMBER = "SELECT id FROM declaration_state WHERE list_no = %(text)s OR eport_no = %(text)s LIMIT 200"
_PART_OF_NUMBER = "(strpos(d.order_no, %(text)s) > 0 OR strpos(d.waybill_no, %(text)s) > 0 OR strpos(d.cop_no, %(text)s) > 0)"


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which lists. ``stage`` is a tab of the page or one of ``STAGES``; ``since`` and ``until`` bound the last change."""

    stage: str = ""
    text: str = ""
    flow: str = ""
    trade_mode: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list in a table. ``missing`` counts what keeps it from being filed; ``state`` as in ``rules.lifecycle``."""

    id: int
    cop_no: str
    flow: str
    trade_mode: str
    message_type: str
    order_key: int
    waybill_key: int
    merchant_id: UUID
    transmitter_code: str
    order_no: str
    waybill_no: str
    currency: str
    total_value: Decimal
    merchant_name: str
    created_at: datetime
    state: str
    submission: int
    list_no: str | None
    eport_no: str | None
    updated_at: datetime
    missing: int

    @property
    def tab(self) -> str:
        """The tab of the list page it stands in."""
        return tab_of(self.state)


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many lists of a flow and mode are in a stage."""

    stage: str
    flow: str
    trade_mode: str
    number: int


def search_lists(
    connection: Connection, scope: Scope, wanted: ListFilter, after: int | None = None, limit: int = 50
) -> Sequence[ListRow]:
    """Return lists in view, newest first, those older than the cursor ``after``."""
    condition, values = _condition(connection, scope, wanted)
    older = " AND d.id < %(after)s" if after is not None else ""
    statement = f"SELECT {COLUMNS} {FROM} WHERE {condition}{older} ORDER BY d.id DESC LIMIT %(limit)s"
    return [ListRow(*row) for row in fetch(connection, statement, {**values, "after": after, "limit": limit})]


def count_stages(connection: Connection, scope: Scope, wanted: ListFilter) -> Sequence[StageCount]:
    """Count the lists of a filter by stage, flow and mode: exactly the rows ``search_lists`` gives for each."""
    condition, values = _condition(connection, scope, wanted)
    statement = f"SELECT s.state, d.flow, d.trade_mode, count(*) {FROM} WHERE {condition} GROUP BY 1, 2, 3"
    counts: Counter[tuple[str, str, str]] = Counter()
    for state, flow, mode, number in fetch(connection, statement, values):
        counts[state if state in _OPEN_STAGES else tab_of(state), flow, mode] += number
    return [StageCount(*key, number) for key, number in sorted(counts.items())]


def tab_counts(connection: Connection, scope: Scope, wanted: ListFilter) -> Mapping[str, int]:
    """Count the lists of a filter for every tab of the page, zero included."""
    counts = dict.fromkeys(TABS, 0)
    for entry in count_stages(connection, scope, wanted):
        counts["preparing" if entry.stage in _OPEN_STAGES else entry.stage] += entry.number
    return counts


def count_lists(connection: Connection, scope: Scope, wanted: ListFilter) -> int:
    """Count the lists of a filter."""
    return sum(entry.number for entry in count_stages(connection, scope, wanted))


def find_lists(connection: Connection, text: str) -> list[int]:
    """Return the ids of lists with this order, waybill, list, e-port or enterprise number, by index where there is one."""
    carriers = [party for party in directory(connection).by_id.values() if party.roles & {Role.CARRIER, Role.EXPRESS}]
    waybills = [waybill_key(flow, party.uscc, text) for party in carriers for flow in ("E", "I")]
    digits = text[2:] if len(text) > 2 and not text.isdecimal() else text
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 18 else None
    values = {"text": text, "number": order_no_key(text), "waybills": waybills, "id": number, "bare": text.isdecimal()}
    found = fetch(connection, _CANDIDATES, values) or fetch(connection, _BY_CUSTOMS_NUMBER, values)
    return [row[0] for row in found]


def _condition(connection: Connection, scope: Scope, wanted: ListFilter) -> tuple[str, dict[str, object]]:
    parts = [scope.condition]
    values: dict[str, object] = {**scope.values, "text": wanted.text, "flow": wanted.flow, "mode": wanted.trade_mode}
    values |= {"since": wanted.since, "until": wanted.until}
    if wanted.stage:
        parts.append(_in_stage(wanted.stage))
    if wanted.flow:
        parts.append("d.flow = %(flow)s")
    if wanted.trade_mode:
        parts.append("d.trade_mode = %(mode)s")
    if wanted.since is not None:
        parts.append("s.updated_at >= %(since)s")
    if wanted.until is not None:
        parts.append("s.updated_at < %(until)s")
    if wanted.text:
        values["found"] = find_lists(connection, wanted.text)
        own = f" OR {_PART_OF_NUMBER}" if scope.enterprise_id is not None else ""  # a part of a number: over own rows only
        parts.append(f"(d.id = ANY(%(found)s::bigint[]){own})")
    return " AND ".join(parts), values


def _in_stage(stage: str) -> str:
    """SQL over ``s`` that says what ``rules.lifecycle.tab_of`` says of a state; ``filed`` is whatever no other tab claims."""
    if stage in _OPEN_STAGES:
        return f"s.state = '{stage}'"
    if stage == "rejected":
        return _REJECTED
    if stage != "filed":
        return f"s.state IN ({_texts(TABS[stage])})"
    others = frozenset(state for tab, states in TABS.items() if tab != "filed" for state in states)
    return f"s.state NOT IN ({_texts(others)}) AND NOT {_REJECTED}"


def _texts(states: frozenset[str]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))
