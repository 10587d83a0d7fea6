"""A bank asks for a firm's refund account under a consent that opens the firm's claims; the firm agrees to the pledge itself."""

from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.consents.queries import consent
from ccezone.consents.rules import DataKind
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused
from ccezone.storage import UnitOfWork
from ccezone.tax_refunds.rules.pledges import Terms
from ccezone.tax_refunds.service.pledges import propose_pledge


def ask_pledge(uow: UnitOfWork, consent_id: UUID, terms: Terms, by: Principal, clock: Clock) -> UUID:
    """Let a bank ask. Raises ``NotFound`` for a consent that is not this bank's, ``Refused`` for one that is over or opens no
    claims, and what ``propose_pledge`` raises."""
    if by.partner_id is None:
        raise NotAllowed(Fault("", "not_allowed"))
    found = consent(uow.connection, consent_id, bank=by.partner_id)
    if found is None:
        raise NotFound(Fault("", "not_found", {"value": str(consent_id)}))
    if not found.opens([DataKind.CLAIMS], clock.now().astimezone(SHANGHAI).date()):
        raise Refused(Fault("", "pledge_without_consent"))
    return propose_pledge(uow, found.enterprise_id, consent_id, terms, by, clock)
