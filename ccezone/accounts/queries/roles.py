"""Read models of roles: what is asked for, and who of the office is what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_SELECT = """
SELECT r.id, r.user_id, u.login, u.name, u.role, r.role, r.reason, r.state, r.asked_by, r.asked_at, r.decided_by,
    r.decided_at, r.note
FROM role_request r JOIN user_account u ON u.id = r.user_id
"""
_ONE = f"{_SELECT} WHERE r.id = %(id)s"
_LIST = f"""
{_SELECT}
WHERE r.state = ANY(%(states)s) AND (%(text)s = '' OR strpos(lower(u.login || ' ' || u.name), lower(%(text)s)) > 0)
    AND (%(after)s::uuid IS NULL OR CASE WHEN %(oldest)s THEN r.id > %(after)s ELSE r.id < %(after)s END)
ORDER BY CASE WHEN %(oldest)s THEN r.id END, r.id DESC LIMIT %(limit)s
"""
_COUNTS = "SELECT state, count(*) FROM role_request GROUP BY state"


@dataclass(frozen=True, slots=True)
class RoleRequestView:
    """A role asked for (``wanted``) for somebody who is something now (``current``)."""

    id: UUID
    user_id: UUID
    login: str
    name: str
    current: str
    wanted: str
    reason: str
    state: str
    asked_by: UUID
    asked_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    note: str


def role_request(connection: Connection, request_id: UUID) -> RoleRequestView | None:
    """Return one request."""
    rows = fetch(connection, _ONE, {"id": request_id})
    return RoleRequestView(*rows[0]) if rows else None


def role_requests(
    connection: Connection,
    states: Sequence[str],
    text: str = "",
    after: UUID | None = None,
    limit: int = 50,
    *,
    oldest_first: bool = False,
) -> Sequence[RoleRequestView]:
    """Return requests in some states, for people whose login or name contains ``text``, after a cursor."""
    wanted = {"states": list(states), "text": text, "after": after, "limit": limit, "oldest": oldest_first}
    return [RoleRequestView(*row) for row in fetch(connection, _LIST, wanted)]


def count_role_requests(connection: Connection) -> Mapping[str, int]:
    """Return how many requests are in each state."""
    return dict(fetch(connection, _COUNTS))
