"""Summary declarations: which closed lists may go into one, which may not and why; applications with lists and declarations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.declarations.rules.applications import SUMMARY, may_change, tab_of
from ccezone.declarations.rules.summaries import HEAD_KEY, Item, items_of
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage.copying import fetch

_EXPORT_B = "d.flow = 'E' AND d.declaration_path = 'B'"
_FREE = "NOT EXISTS (SELECT FROM summary_list l WHERE l.declaration_id = d.id AND l.live)"
CLOSED_IN_MONTH = f"""{_EXPORT_B} AND s.state = '899' AND s.list_no IS NOT NULL
    AND s.standing_at >= %(since)s AND s.standing_at < %(until)s AND {_FREE}"""
"""Lists ``d`` with state ``s`` that may go into a summary of a month: closed in it, on path B, in no other summary."""
_KEY = ", ".join("d.currency" if name == "currency" else f"coalesce(d.content ->> '{name}', '')" for name in HEAD_KEY)
_GROSS, _NET = (f"coalesce(sum((d.content ->> '{name}')::numeric), 0)" for name in ("gross_weight", "net_weight"))
_GROUPS = f"""
SELECT {_KEY}, count(*), sum(d.total_value), {_GROSS}, {_NET},
    min(s.standing_at), max(s.standing_at)
FROM declaration_list d JOIN declaration_state s ON s.id = d.id
WHERE d.merchant_id = %(merchant)s AND {CLOSED_IN_MONTH}
GROUP BY {", ".join(str(place + 1) for place in range(len(HEAD_KEY)))} ORDER BY {len(HEAD_KEY) + 1} DESC, 1
"""  # noqa: S608  # our own names
_TAKEN, _STATISTICS, _NOT_CLOSED = "summary_taken", "summary_path_statistics", "summary_not_closed"
_LEFT_OUT = f"""
SELECT d.id, coalesce(s.list_no, d.cop_no), d.order_no, s.state, l.application_id,
    CASE WHEN l.application_id IS NOT NULL THEN '{_TAKEN}' WHEN d.declaration_path = 'A' THEN '{_STATISTICS}'
        ELSE '{_NOT_CLOSED}' END
FROM declaration_list d JOIN declaration_state s ON s.id = d.id
LEFT JOIN summary_list l ON l.declaration_id = d.id AND l.live
WHERE d.merchant_id = %(merchant)s AND d.flow = 'E' AND (
    s.state = '899' AND s.standing_at >= %(since)s AND s.standing_at < %(until)s
        AND (l.application_id IS NOT NULL OR d.declaration_path = 'A')
    OR d.declaration_path = 'B' AND s.state = '800')
ORDER BY d.id DESC LIMIT %(limit)s
"""  # noqa: S608  # our own names
_MONTHS = f"""
SELECT DISTINCT to_char(s.standing_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')
FROM declaration_list d JOIN declaration_state s ON s.id = d.id
WHERE d.merchant_id = %(merchant)s AND {_EXPORT_B} AND s.state = '899' AND s.list_no IS NOT NULL AND {_FREE} ORDER BY 1
"""  # noqa: S608  # our own names
_COLUMNS = """a.id, a.merchant_id, a.state, a.submission, a.eport_no, a.customs_no, a.created_at, a.updated_at, a.actor,
    a.message_type, y.month, y.key, y.proposed, t.lists, t.value, t.gross, t.net,
    (SELECT count(*) FROM summary_entry e WHERE e.application_id = a.id AND e.entry_no <> '')"""
_FROM = f"""customs_application a JOIN summary_declaration y ON y.id = a.id
CROSS JOIN LATERAL (
    SELECT count(*) AS lists, coalesce(sum(d.total_value), 0) AS value, {_GROSS} AS gross, {_NET} AS net
    FROM summary_list l JOIN declaration_list d ON d.id = l.declaration_id
    WHERE l.application_id = a.id AND (l.live OR a.state = 'dropped')
) t"""  # noqa: S608  # our own names
_MINE = "a.kind = 'summary' AND (%(merchant)s::uuid IS NULL OR a.merchant_id = %(merchant)s)"
_TEXT = """(%(text)s = '' OR %(text)s IN (a.id::text, a.customs_no, a.eport_no, y.month)
    OR EXISTS (SELECT FROM summary_list l WHERE l.application_id = a.id AND l.list_no = %(text)s)
    OR EXISTS (SELECT FROM summary_entry e WHERE e.application_id = a.id AND %(text)s IN (e.entry_no, e.pre_entry_no)))"""
_STATES: Mapping[str, str] = {
    "": "true",
    "draft": "a.state = 'draft'",
    "dropped": "a.state = 'dropped'",
    "rejected": "(a.state IN ('100', 'refused') OR left(a.state, 1) = '-')",
    "granted": "a.state = '399'",
    "filed": "a.state NOT IN ('draft', 'dropped', '100', 'refused', '399') AND left(a.state, 1) <> '-'",
}
_LISTS = """
SELECT d.id, l.list_no, d.order_no, d.waybill_no, d.currency, d.total_value, d.content -> 'lines',
    coalesce((SELECT array_agg(DISTINCT e.entry_no) FROM summary_entry_line n
        JOIN summary_entry e ON e.application_id = n.application_id AND e.decl_seq_no = n.decl_seq_no
        WHERE n.declaration_id = d.id AND n.application_id = l.application_id AND e.entry_no <> ''), '{}')
FROM summary_list l JOIN declaration_list d ON d.id = l.declaration_id
WHERE l.application_id = %(id)s AND (l.live OR %(all)s) ORDER BY l.list_no
"""
_ENTRIES = """
SELECT e.decl_seq_no, e.draft_no, e.pre_entry_no, e.entry_no, e.entry_state, e.told_at, e.gross_weight, e.net_weight,
    (SELECT count(DISTINCT n.declaration_id) FROM summary_entry_line n
        WHERE n.application_id = e.application_id AND n.decl_seq_no = e.decl_seq_no),
    (SELECT count(DISTINCT n.item_no) FROM summary_entry_line n
        WHERE n.application_id = e.application_id AND n.decl_seq_no = e.decl_seq_no)
FROM summary_entry e WHERE e.application_id = %(id)s ORDER BY e.decl_seq_no
"""
_OF_LIST = "SELECT application_id FROM summary_list WHERE declaration_id = %(id)s AND live"
_ENTRY_NOS = """
SELECT n.declaration_id, n.line_no, e.entry_no FROM summary_entry_line n
JOIN summary_entry e ON e.application_id = n.application_id AND e.decl_seq_no = n.decl_seq_no
WHERE n.declaration_id = ANY(%(ids)s) AND e.entry_no <> ''
"""
SHOWN_LEFT_OUT = 50


@dataclass(frozen=True, slots=True)
class Group:
    """Closed lists of one grouping key that may be summed up. ``value`` in ``key['currency']``, weights in kg."""

    key: Mapping[str, str]
    lists: int
    value: Decimal
    gross_weight: Decimal
    net_weight: Decimal
    first_closed: datetime
    last_closed: datetime


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A list that cannot go in, and why (a problem code); ``application_id`` is the summary that has it."""

    id: int
    list_no: str
    order_no: str
    state: str
    application_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A summary declaration; ``entries`` counts the customs declarations whose numbers are known."""

    id: int
    merchant_id: UUID
    state: str
    submission: int
    eport_no: str | None
    customs_no: str | None
    created_at: datetime
    updated_at: datetime
    actor: str
    message_type: str
    month: str
    key: Mapping[str, str]
    proposed: bool
    lists: int
    value: Decimal
    gross_weight: Decimal
    net_weight: Decimal
    entries: int

    @property
    def tab(self) -> str:
        """The tab it stands in."""
        return tab_of(SUMMARY, self.state)

    @property
    def changeable(self) -> bool:
        """Whether it may be changed, filed or given up now."""
        return may_change(self.state)


@dataclass(frozen=True, slots=True)
class SummedList:
    """A list in a summary, with the numbers of the customs declarations its lines went into."""

    id: int
    list_no: str
    order_no: str
    waybill_no: str
    currency: str
    total_value: Decimal
    lines: Sequence[Mapping[str, str]]
    entry_nos: Sequence[str]


@dataclass(frozen=True, slots=True)
class EntryView:
    """A customs declaration made of a summary."""

    decl_seq_no: str
    draft_no: str
    pre_entry_no: str
    entry_no: str
    entry_state: str
    told_at: datetime
    gross_weight: Decimal
    net_weight: Decimal
    lists: int
    items: int


@dataclass(frozen=True, slots=True)
class SummaryDetail:
    """A summary with everything in it; ``items`` are those of the customs declaration to be."""

    row: SummaryRow
    lists: Sequence[SummedList]
    items: Sequence[Item]
    entries: Sequence[EntryView]


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """Return when a month (``YYYY-MM``) begins and ends in Shanghai. Raises ``ValueError``."""
    begin = datetime.strptime(month, "%Y-%m").replace(tzinfo=SHANGHAI)
    end = (begin.replace(day=28) + timedelta(days=4)).replace(day=1)
    return begin.astimezone(UTC), end.astimezone(UTC)


def groups_of_month(connection: Connection, merchant: UUID, month: str) -> Sequence[Group]:
    """Return what a merchant may sum up of a month, the largest group first."""
    since, until = month_bounds(month)
    width = len(HEAD_KEY)
    rows = fetch(connection, _GROUPS, {"merchant": merchant, "since": since, "until": until})
    return [Group(dict(zip(HEAD_KEY, row[:width], strict=True)), *row[width:]) for row in rows]


def left_out(connection: Connection, merchant: UUID, month: str, limit: int = SHOWN_LEFT_OUT) -> Sequence[LeftOut]:
    """Return lists that cannot be summed up for a month: not closed yet, in a summary already, or on the other path."""
    since, until = month_bounds(month)
    rows = fetch(connection, _LEFT_OUT, {"merchant": merchant, "since": since, "until": until, "limit": limit})
    return [LeftOut(*row) for row in rows]


def open_months(connection: Connection, merchant: UUID) -> Sequence[str]:
    """Return the months that have closed lists nobody has summed up."""
    return [row[0] for row in fetch(connection, _MONTHS, {"merchant": merchant})]


def search_summaries(
    connection: Connection, merchant: UUID | None, tab: str = "", text: str = "", after: int | None = None, limit: int = 50
) -> Sequence[SummaryRow]:
    """Return summaries, the newest first; of a merchant, or with ``None`` of all. ``text``: any number of theirs, or the month."""
    statement = f"""SELECT {_COLUMNS} FROM {_FROM} WHERE {_MINE} AND {_STATES[tab]} AND {_TEXT}
        AND (%(after)s::bigint IS NULL OR a.id < %(after)s) ORDER BY a.id DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    values = {"merchant": merchant, "text": text, "after": after, "limit": limit}
    return [SummaryRow(*row) for row in fetch(connection, statement, values)]


def count_summaries(connection: Connection, merchant: UUID | None, text: str = "") -> Mapping[str, int]:
    """Count summaries by tab; ``""`` counts all."""
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in _STATES.values())
    statement = f"""SELECT {counts} FROM customs_application a JOIN summary_declaration y ON y.id = a.id
        WHERE {_MINE} AND {_TEXT}"""  # noqa: S608  # our own names
    return dict(zip(_STATES, fetch(connection, statement, {"merchant": merchant, "text": text})[0], strict=True))


def summary_detail(connection: Connection, merchant: UUID | None, application_id: int) -> SummaryDetail | None:
    """Return one summary in full; another merchant's looks like none."""
    statement = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {_MINE} AND a.id = %(id)s"  # noqa: S608  # our own names
    found = fetch(connection, statement, {"merchant": merchant, "id": application_id})
    if not found:
        return None
    row = SummaryRow(*found[0])
    values = {"id": application_id, "all": row.state == "dropped"}
    lists = [_summed(each) for each in fetch(connection, _LISTS, values)]
    items = items_of(line for each in lists for line in each.lines)
    return SummaryDetail(row, lists, items, [EntryView(*each) for each in fetch(connection, _ENTRIES, {"id": application_id})])


def summary_of_list(connection: Connection, declaration_id: int) -> int | None:
    """Return the summary a list stands in, if any."""
    found = fetch(connection, _OF_LIST, {"id": declaration_id})
    return found[0][0] if found else None


def entry_numbers(connection: Connection, declaration_ids: Sequence[int]) -> Mapping[tuple[int, int], str]:
    """Return the customs declaration's number of each line of lists that customs has told, by (list, line)."""
    return {(row[0], row[1]): row[2] for row in fetch(connection, _ENTRY_NOS, {"ids": list(declaration_ids)})}


def _summed(row: Sequence[Any]) -> SummedList:
    number, list_no, order_no, waybill_no, currency, value, lines, entry_nos = row
    return SummedList(number, list_no, order_no, waybill_no, currency, value, lines, sorted(entry_nos))
