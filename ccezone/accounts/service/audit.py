"""The audit trail: who did what to whom, appended in the transaction that did it."""

from collections.abc import Mapping

from ccezone.accounts.rules import Principal
from ccezone.accounts.tables import AuditEntry
from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork

NOBODY = "system"


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
    uow.session.add(
        AuditEntry(
            id=uuidv7(),
            at=clock.now(),
            actor=actor.actor if actor else NOBODY,
            action=action,
            subject=subject,
            detail=dict(detail or {}),
        )
    )
