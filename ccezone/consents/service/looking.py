"""Looks of partners: under a consent that is held while the look lasts, or by competence; each is written down, also if refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ccezone.accounts.rules import Permission, Principal
from ccezone.consents.queries import ConsentView, consent
from ccezone.consents.rules import DataKind
from ccezone.consents.tables import PartnerRead
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch

LONGEST_WHAT = 4000  # fifty order numbers, in full
_HOLD = "SELECT id FROM data_consent WHERE id = %(id)s FOR SHARE"


@dataclass(frozen=True, slots=True)
class Look:
    """A look under a consent; unless it is ``allowed`` nothing may be shown. Commit either way: the look is on record."""

    consent: ConsentView
    allowed: bool


def look(uow: UnitOfWork, consent_id: UUID, kinds: Sequence[DataKind], what: str, by: Principal, clock: Clock) -> Look:
    """Judge and write down a bank's look at data of a firm. Raises ``NotFound`` for a consent that is not this bank's.

    The consent is held until the transaction ends: a firm that withdraws waits for the look that runs, and none follows.
    """
    if by.partner_id is None or not by.may(Permission.CONSENTED_READ):
        raise NotAllowed(Fault("", "not_allowed"))
    fetch(uow.connection, _HOLD, {"id": consent_id})
    found = consent(uow.connection, consent_id, bank=by.partner_id)
    if found is None:
        raise NotFound(Fault("", "not_found", {"value": str(consent_id)}))
    allowed = found.opens(kinds, clock.now().astimezone(SHANGHAI).date())
    for kind in kinds:
        _note(uow, by, found.enterprise_id, found.id, kind, what, clock, refused=not allowed)
    return Look(found, allowed)


def note_competent_look(uow: UnitOfWork, enterprise_id: UUID, kind: str, what: str, by: Principal, clock: Clock) -> None:
    """Write down what a tax officer or an agency's inspector looked at by their office's competence."""
    _note(uow, by, enterprise_id, None, kind, what, clock, refused=False)


def _note(
    uow: UnitOfWork,
    by: Principal,
    enterprise_id: UUID,
    consent_id: UUID | None,
    kind: str,
    what: str,
    clock: Clock,
    *,
    refused: bool,
) -> None:
    if by.partner_id is None:
        raise NotAllowed(Fault("", "not_allowed"))
    row = PartnerRead(
        id=uuidv7(), at=clock.now(), partner_id=by.partner_id, enterprise_id=enterprise_id, consent_id=consent_id, actor=by.actor,
        name=by.name, kind=kind, what=what[:LONGEST_WHAT], refused=refused,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
