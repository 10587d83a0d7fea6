"""Looking somebody's credit up: what the viewer may see, and the look itself kept."""

from collections.abc import Collection
from dataclasses import dataclass

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.credit.queries.records import CreditRecord, credit_record
from ccezone.credit.rules.visibility import Viewer
from ccezone.credit.tables import CreditLookup
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, in which capacity, through which channel (``page``, ``api``, ``office``), from which network address."""

    viewer: Viewer
    channel: str
    principal: Principal | None = None
    address: str = ""


def look_up(uow: UnitOfWork, zone: str, uscc: str, look: Look, clock: Clock) -> CreditRecord | None:
    """Return an enterprise's credit as far as this viewer may see it; ``None`` for a code nobody is known by.

    The look is kept either way, in the transaction that shows it.
    """
    found = credit_record(uow.connection, zone, uscc, look.viewer, clock.now().astimezone(SHANGHAI).date())
    note_look(uow, uscc, look, found.fields if found else (), clock)
    return found


def note_look(uow: UnitOfWork, uscc: str, look: Look, fields: Collection[str], clock: Clock) -> None:
    """Keep that somebody looked, and which fields they were shown; of whoever is signed in the audit trail tells as well."""
    actor = look.principal.actor if look.principal else ""
    row = CreditLookup(
        id=uuidv7(),
        at=clock.now(),
        uscc=uscc,
        viewer=look.viewer.value,
        actor=actor,
        channel=look.channel,
        address=look.address,
        fields=sorted(fields),
    )
    uow.session.add(row)
    if look.principal is not None and look.viewer is not Viewer.SELF:
        record(uow, look.principal, "credit.lookup", f"uscc:{uscc}", clock, {"channel": look.channel, "viewer": look.viewer.value})
