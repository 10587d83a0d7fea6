"""A bank tells of its own yuan borrowings of a firm, under a consent that opens the firm's money."""

from uuid import UUID

from ccezone.accounts.queries.partners import partner
from ccezone.accounts.rules import Principal
from ccezone.consents.queries import ConsentView, consent
from ccezone.consents.rules import DataKind
from ccezone.fx.queries.borrowing import borrowing
from ccezone.fx.rules.borrowing import Contract
from ccezone.fx.service.borrowing import Said, move_borrowing, register_borrowing
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import fetch

_HOLD = "SELECT id FROM data_consent WHERE id = %(id)s FOR SHARE"


def own_name(connection: Connection, by: Principal) -> str:
    """Return what a bank is called. Raises ``NotAllowed`` for somebody of no organisation."""
    found = partner(connection, by.partner_id) if by.partner_id else None
    if found is None:
        raise NotAllowed(Fault("", "not_allowed"))
    return found.name


def register_under_consent(
    uow: UnitOfWork, consent_id: UUID, contract: Contract, document: str, by: Principal, clock: Clock
) -> UUID:
    """Register a contract of the bank with the firm that consented.

    Raises ``NotFound`` for another bank's consent, ``Refused`` for one that is over or opens no money, and what
    ``register_borrowing`` raises.
    """
    firm = _opened(uow, consent_id, by, clock).enterprise_id
    return register_borrowing(uow, firm, contract, by.partner_id, document, by, clock)


def move_under_consent(
    uow: UnitOfWork, consent_id: UUID, borrowing_id: UUID, version: int, said: Said, by: Principal, clock: Clock
) -> None:
    """Say what became of a contract of the bank with the firm that consented. Raises as ``register_under_consent``."""
    firm = _opened(uow, consent_id, by, clock).enterprise_id
    if borrowing(uow.connection, borrowing_id, firm, by.partner_id) is None:
        raise NotFound(Fault("", "not_found", {"value": str(borrowing_id)}))
    move_borrowing(uow, borrowing_id, version, said, by, clock)


def _opened(uow: UnitOfWork, consent_id: UUID, by: Principal, clock: Clock) -> ConsentView:
    if by.partner_id is None:
        raise NotAllowed(Fault("", "not_allowed"))
    fetch(uow.connection, _HOLD, {"id": consent_id})  # a firm that withdraws waits for what is under way, and none follows
    found = consent(uow.connection, consent_id, bank=by.partner_id)
    if found is None:
        raise NotFound(Fault("", "not_found", {"value": str(consent_id)}))
    if not found.opens([DataKind.MONEY], clock.now().astimezone(SHANGHAI).date()):
        raise Refused(Fault("", "fx_borrowing_no_consent"))
    return found
