"""Summary declarations (CEB701): closed lists of one grouping key together; customs tells the declarations it made (CEB792)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from ccezone.bills.ports import Deliveries
from ccezone.declarations.queries.summaries import CLOSED_IN_MONTH, groups_of_month, month_bounds
from ccezone.declarations.rules.applications import SUMMARY, Kind
from ccezone.declarations.rules.summaries import HEAD_KEY
from ccezone.declarations.service.applications import (
    changeable,
    drop_application,
    file_application,
    open_application,
    reopen_application,
)
from ccezone.declarations.service.submitting import refuse_blocked
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.outbox.service import record_event
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run, text_array
from ccezone.storage.personal import PersonalVault

_HEAD = "INSERT INTO summary_declaration (id, month, key, proposed) VALUES (%(id)s, %(month)s, %(key)s, %(proposed)s)"
_TAKE = f"""
INSERT INTO summary_list (application_id, declaration_id, list_no, live)
SELECT %(application)s, d.id, s.list_no, true
FROM declaration_list d JOIN declaration_state s ON s.id = d.id
WHERE d.merchant_id = %(merchant)s AND {CLOSED_IN_MONTH} AND d.content @> %(head)s AND d.currency = %(currency)s
"""  # noqa: S608  # our own names
_TRANSMITTER = f"""
SELECT d.transmitter_code FROM declaration_list d JOIN declaration_state s ON s.id = d.id
WHERE d.merchant_id = %(merchant)s AND {CLOSED_IN_MONTH} AND d.content @> %(head)s AND d.currency = %(currency)s LIMIT 1
"""  # noqa: S608  # our own names
_LEAVE_OUT = """
UPDATE summary_list SET live = false WHERE application_id = %(application)s AND declaration_id = %(list)s AND live
"""
_FREE = "UPDATE summary_list SET live = false WHERE application_id = %(application)s"
_LISTS = """
SELECT l.list_no, d.content FROM summary_list l JOIN declaration_list d ON d.id = l.declaration_id
WHERE l.application_id = %(application)s AND l.live ORDER BY l.list_no
"""
# The newest message tells the state; a number that was told once stays, whichever message comes last.
_ENTRY = """
INSERT INTO summary_entry (application_id, decl_seq_no, draft_no, pre_entry_no, entry_no, entry_state, told_at, gross_weight,
    net_weight)
VALUES (%(application)s, %(seq)s, %(draft)s, %(pre)s, %(entry)s, %(state)s, %(at)s, %(gross)s, %(net)s)
ON CONFLICT (application_id, decl_seq_no) DO UPDATE SET
    draft_no = coalesce(nullif(CASE WHEN excluded.told_at >= summary_entry.told_at THEN excluded.draft_no END, ''),
        nullif(summary_entry.draft_no, ''), excluded.draft_no),
    pre_entry_no = coalesce(nullif(CASE WHEN excluded.told_at >= summary_entry.told_at THEN excluded.pre_entry_no END, ''),
        nullif(summary_entry.pre_entry_no, ''), excluded.pre_entry_no),
    entry_no = coalesce(nullif(CASE WHEN excluded.told_at >= summary_entry.told_at THEN excluded.entry_no END, ''),
        nullif(summary_entry.entry_no, ''), excluded.entry_no),
    entry_state = CASE WHEN excluded.told_at >= summary_entry.told_at THEN excluded.entry_state ELSE summary_entry.entry_state END,
    told_at = greatest(excluded.told_at, summary_entry.told_at)
"""
_LINES = """
INSERT INTO summary_entry_line (declaration_id, line_no, application_id, decl_seq_no, item_no, hs_code)
SELECT l.declaration_id, t.line_no::smallint, %(application)s, %(seq)s, t.item_no::int, t.hs_code
FROM unnest(%(lists)s::text[], %(line_nos)s::text[], %(items)s::text[], %(codes)s::text[]) AS t (list_no, line_no, item_no, hs_code)
JOIN summary_list l ON l.application_id = %(application)s AND l.list_no = t.list_no AND l.live
ON CONFLICT (declaration_id, line_no) DO UPDATE SET application_id = excluded.application_id,
    decl_seq_no = excluded.decl_seq_no, item_no = excluded.item_no, hs_code = excluded.hs_code
"""
_OPEN_GROUPS = "SELECT DISTINCT merchant_id FROM declaration_list WHERE flow = 'E' AND declaration_path = 'B'"


@dataclass(frozen=True, slots=True)
class SummaryResult:
    """What one CEB792 tells of one customs declaration; ``lines`` name list, line, item and code."""

    id: int
    decl_seq_no: str
    draft_no: str
    pre_entry_no: str
    entry_no: str
    entry_state: str
    told_at: datetime
    gross_weight: Decimal
    net_weight: Decimal
    lines: Sequence[Mapping[str, str]]


def open_summary(
    uow: UnitOfWork, merchant_id: UUID, month: str, key: Mapping[str, str], actor: str, clock: Clock, *, proposed: bool = False
) -> int:
    """Open a draft of all free closed lists of a month with this grouping key; return its number.

    Raises ``Refused`` when there is none, or somebody else took them this moment.
    """
    since, until = month_bounds(month)
    if set(key) != set(HEAD_KEY):
        raise Refused(Fault("", "summary_nothing_to_sum"))
    head = Jsonb({name: value for name, value in key.items() if name != "currency"})
    chosen = {"merchant": merchant_id, "head": head, "currency": key["currency"], "since": since, "until": until}
    found = fetch(uow.connection, _TRANSMITTER, chosen)
    if not found:
        raise Refused(Fault("", "summary_nothing_to_sum"))
    number = open_application(uow, Kind.SUMMARY, merchant_id, SUMMARY, found[0][0], actor, clock.now())
    run(uow.connection, _HEAD, {"id": number, "month": month, "key": Jsonb(dict(key)), "proposed": proposed})
    try:
        run(uow.connection, _TAKE, {**chosen, "application": number})
    except UniqueViolation:
        raise Refused(Fault("", "summary_list_taken")) from None
    return number


def leave_list_out(uow: UnitOfWork, merchant_id: UUID, application_id: int, declaration_id: int, actor: str, clock: Clock) -> None:
    """Take a list out of a summary that customs does not have: it may go into another. Raises ``Refused``, ``NotFound``."""
    known = changeable(uow, Kind.SUMMARY, application_id, merchant_id)
    if not run(uow.connection, _LEAVE_OUT, {"application": application_id, "list": declaration_id}):
        raise NotFound(Fault("", "declaration_not_found", {"id": str(declaration_id)}))
    reopen_application(uow, known, actor, clock.now())


def file_summary(
    uow: UnitOfWork, vault: PersonalVault, deliveries: Deliveries, merchant_id: UUID, application_id: int, actor: str, clock: Clock
) -> None:
    """File a summary, or again after it was turned down. Raises ``Refused``, ``NotFound``."""
    known = changeable(uow, Kind.SUMMARY, application_id, merchant_id)
    refuse_blocked(uow, known.merchant_id)
    rows = fetch(uow.connection, _LISTS, {"application": application_id})
    if not rows:
        raise Refused(Fault("", "summary_nothing_to_sum"))
    head = rows[0][1]
    names = ("customs_code", "agent_code", "agent_name", "merchant_code", "merchant_name", "loct_no")
    said = {name: head[name] for name in names if head.get(name)}
    said |= {"decl_agent_code": head["agent_code"], "decl_agent_name": head["agent_name"], "cop_no": str(application_id)}
    said |= {"summary_flag": "2", "item_name_flag": "0", "msg_count": "1", "msg_seq_no": "1", "eport_no": known.eport_no or ""}
    lines = [{"list_no": list_no} for list_no, _ in rows]
    file_application(uow, vault, deliveries, known, {**said, "lines": lines}, actor, clock.now())


def drop_summary(uow: UnitOfWork, merchant_id: UUID, application_id: int, actor: str, clock: Clock) -> None:
    """Give a summary up that customs does not have; its lists are free again. Raises ``Refused``, ``NotFound``."""
    known = changeable(uow, Kind.SUMMARY, application_id, merchant_id)
    run(uow.connection, _FREE, {"application": application_id})
    drop_application(uow, known, actor, clock.now())


def apply_summary_results(uow: UnitOfWork, results: Sequence[SummaryResult], at: datetime) -> None:
    """Note the customs declarations a summary became; any order and any repetition of the messages end the same."""
    for result in sorted(results, key=lambda each: (each.id, each.decl_seq_no, each.told_at)):
        of = {"application": result.id, "seq": result.decl_seq_no}
        values = {"draft": result.draft_no, "pre": result.pre_entry_no, "entry": result.entry_no, "state": result.entry_state}
        weights = {"gross": result.gross_weight, "net": result.net_weight}
        run(uow.connection, _ENTRY, {**of, **values, **weights, "at": result.told_at})
        lines = list({(line["list_no"], line["line_no"]): line for line in result.lines}.values())
        columns = {"lists": "list_no", "line_nos": "line_no", "items": "gseqno", "codes": "hs_code"}
        told = {name: text_array(line[column] for line in lines) for name, column in columns.items()}
        if run(uow.connection, _LINES, {**of, **told}) < len(lines):
            record_event(uow, "application", result.id, at, "result_names_other_lists", "", {"decl_seq_no": result.decl_seq_no})


def propose_summaries(database: Database, clock: Clock, month: str) -> int:
    """Open a draft for every group of a month that nobody has summed up; return how many. The firm looks at them and files."""
    with database.reading() as connection:
        merchants = [row[0] for row in fetch(connection, _OPEN_GROUPS)]
        groups = [(merchant, group.key) for merchant in merchants for group in groups_of_month(connection, merchant, month)]
    for merchant, key in groups:
        with database.begin() as uow:
            open_summary(uow, merchant, month, key, "", clock, proposed=True)
    return len(groups)
