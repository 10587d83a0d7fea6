"""The audit trail: who did what to whom, appended in the transaction that did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ccezone.accounts.rules import Principal
from ccezone.accounts.tables import AuditEntry
from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork

NOBODY = "system"


@dataclass(frozen=True, slots=True)
class Audited:
    """News: an entry was appended; whoever tells people of security hears of it."""

    at: datetime
    actor: str
    action: str
    subject: str


def record(
    uow: UnitOfWork,
    actor: Principal | None,
    action: str,
    subject: str,
    clock: Clock,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Append one entry. ``action`` is a stable word (``personal.reveal``), ``subject`` names the thing (``order:ID``).

    ``detail`` may name fields, never their personal values.
    """
    now, name = clock.now(), actor.actor if actor else NOBODY
    uow.session.add(AuditEntry(id=uuidv7(), at=now, actor=name, action=action, subject=subject, detail=dict(detail or {})))
    uow.publish(Audited(now, name, action, subject))
