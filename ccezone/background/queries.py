"""Read models of background jobs: what is under way for whom, and how far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.kernel.errors import Fault
from ccezone.storage.copying import fetch

_SELECT = """
SELECT id, kind, enterprise_id, user_id, arguments, state, steps_done, steps, result, file_id, faults,
    created_at, started_at, finished_at
FROM background_job
"""
_ONE = f"{_SELECT} WHERE id = %(id)s AND (%(enterprise)s::uuid IS NULL OR enterprise_id = %(enterprise)s)"
_OF = f"""
{_SELECT}
WHERE enterprise_id IS NOT DISTINCT FROM %(enterprise)s AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))
    AND (%(after)s::uuid IS NULL OR id < %(after)s)
ORDER BY id DESC LIMIT %(limit)s
"""
_OVER = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class JobView:
    """One job. ``steps`` is unknown (``None``) until the work has looked; ``result`` is filled at the end."""

    id: UUID
    kind: str
    enterprise_id: UUID | None
    user_id: UUID | None
    arguments: Mapping[str, Any]
    state: str
    steps_done: int
    steps: int | None
    result: Mapping[str, Any]
    file_id: UUID | None
    faults: Sequence[Fault]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def over(self) -> bool:
        return self.state in _OVER

    @property
    def percent(self) -> int | None:
        """Whole per cent done, ``None`` while the amount of work is unknown."""
        if self.state == "done":
            return 100
        return min(99, self.steps_done * 100 // self.steps) if self.steps else None


def job(connection: Connection, job_id: UUID, enterprise_id: UUID | None = None) -> JobView | None:
    """Return a job, ``None`` when there is none (for that enterprise, where one is named)."""
    rows = fetch(connection, _ONE, {"id": job_id, "enterprise": enterprise_id})
    return _view(rows[0]) if rows else None


def jobs_of(
    connection: Connection, enterprise_id: UUID | None, kinds: Sequence[str] = (), after: UUID | None = None, limit: int = 50
) -> Sequence[JobView]:
    """Return an enterprise's jobs (``None``: the office's), newest first, of some kinds or of all."""
    wanted = {"enterprise": enterprise_id, "kinds": list(kinds) or None, "after": after, "limit": limit}
    return [_view(row) for row in fetch(connection, _OF, wanted)]


def _view(row: tuple[Any, ...]) -> JobView:
    faults = [Fault(each["pointer"], each["code"], each["params"]) for each in row[10]]
    known = [*row]
    known[10] = faults
    return JobView(*known)
