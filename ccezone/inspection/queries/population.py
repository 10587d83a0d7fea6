"""Whom a plan may draw: firms that are active, or lists released in a period; with the standing each firm has in credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Connection

from ccezone.credit.queries import standings
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage.copying import fetch

_FIRMS = """
SELECT uscc, id FROM enterprise
WHERE status = 'active' AND (%(role)s = '' OR %(role)s = ANY(roles)) AND (%(node)s = '' OR node = %(node)s)
ORDER BY uscc
"""
_LISTS = """
SELECT s.id::text, d.merchant_id FROM declaration_state s JOIN declaration_list d ON d.id = s.id
WHERE s.updated_at >= %(changed)s AND s.standing IN (800, 899) AND s.standing_at >= %(since)s AND s.standing_at < %(until)s
    AND (%(flow)s = '' OR d.flow = %(flow)s)
ORDER BY s.id
"""
_AHEAD = timedelta(days=1)  # customs' clock may be ahead of ours, never by more


@dataclass(frozen=True, slots=True)
class Found:
    """One object: a firm's code or a list's id, whose it is, and the standing of that firm (empty: none)."""

    subject: str
    enterprise_id: UUID
    standing: str


def population(connection: Connection, subject_kind: str, since: date, until: date, wanted: Mapping[str, str]) -> Sequence[Found]:
    """Return what a plan draws from: ``wanted`` may name role and node of firms, the flow of lists, one standing."""
    if subject_kind == "firm":
        rows = fetch(connection, _FIRMS, {"role": wanted.get("role", ""), "node": wanted.get("node", "")})
    else:
        begin, end = (datetime.combine(day, time.min, SHANGHAI) for day in (since, until + timedelta(days=1)))
        span = {"changed": begin - _AHEAD, "since": begin, "until": end}
        rows = fetch(connection, _LISTS, {**span, "flow": wanted.get("flow", "")})
    known, only = standings(connection), wanted.get("grade", "")
    found = [Found(subject, owner, known.get(owner, "")) for subject, owner in rows]
    return [each for each in found if not only or (each.standing or "none") == only]
