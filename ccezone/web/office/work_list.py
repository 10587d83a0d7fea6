"""The office's one work list: everything somebody must approve, of whatever kind, by who may see it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.shell.feature import Approval, Approvals, Stage


@dataclass(frozen=True, slots=True)
class Listed:
    """Something to approve, and of what kind it is."""

    kind: Approvals
    row: Approval

    @property
    def id(self) -> UUID:
        return self.row.id


@dataclass(frozen=True, slots=True)
class WorkList:
    """A page of the list, the kinds its reader sees, and how many there are by stage and, of this stage, by kind."""

    rows: Sequence[Listed]
    kinds: Sequence[Approvals]
    by_stage: Mapping[Stage, int]
    by_kind: Mapping[str, int]


def kinds_of(principal: Principal) -> Sequence[Approvals]:
    """Return the kinds somebody sees, in the order of the site's features."""
    kinds = [kind for feature in hub().features for kind in feature.approvals]
    return [kind for kind in kinds if principal.role in kind.seen_by and not (kind.of_zone and principal.node)]


def gathered(
    connection: Connection, principal: Principal, stage: Stage, only: str, text: str, after: UUID | None, limit: int
) -> WorkList:
    """Return a page over all kinds, or over the one named: waiting ones oldest first, others newest first."""
    kinds = kinds_of(principal)
    counts = {kind.kind: kind.count(connection, principal) for kind in kinds}
    shown = [kind for kind in kinds if only in ("", kind.kind)]
    by_stage: Counter[Stage] = Counter()
    for kind in shown:
        by_stage.update(counts[kind.kind])
    rows = [Listed(kind, row) for kind in shown for row in kind.rows(connection, principal, stage, text, after, limit)]
    rows.sort(key=lambda listed: listed.id, reverse=stage is not Stage.WAITING)
    return WorkList(rows[:limit], kinds, by_stage, {name: numbers.get(stage, 0) for name, numbers in counts.items()})


def waiting_for(connection: Connection, principal: Principal) -> int:
    """Return how many things wait for somebody's own decision."""
    kinds = [kind for kind in kinds_of(principal) if principal.role in kind.decided_by]
    return sum(_decidable(kind, connection, principal) for kind in kinds)


def _decidable(kind: Approvals, connection: Connection, principal: Principal) -> int:
    if kind.decidable is not None:
        return kind.decidable(connection, principal)
    return kind.count(connection, principal).get(Stage.WAITING, 0)
