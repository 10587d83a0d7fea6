"""What a bank decides on a set of a firm's orders, on record for both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ccezone.accounts.rules import Permission, Principal
from ccezone.accounts.service import record
from ccezone.consents.queries import ConsentView
from ccezone.consents.rules import MOST_ORDERS, Outcome, decision_faults
from ccezone.consents.service.news import DecisionMade
from ccezone.consents.tables import BankDecision
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotAllowed, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.matching.queries import match
from ccezone.storage import UnitOfWork


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as the bank words it; ``reference`` is the bank's own number, ``orders`` the keys of what it decided on."""

    outcome: str
    reference: str
    words: str = ""
    orders: Sequence[int] = ()
    file_id: UUID | None = None


def decide(uow: UnitOfWork, consent: ConsentView, said: Decision, by: Principal, clock: Clock) -> UUID:
    """Record a bank's decision under a consent that ``look`` has just allowed. Raises ``Refused`` with all that is wrong."""
    if by.partner_id != consent.partner_id or not by.may(Permission.BANK_DECIDE):
        raise NotAllowed(Fault("", "not_allowed"))
    keys = list(dict.fromkeys(said.orders))
    faults = decision_faults(said.outcome, said.reference, said.words)
    if not keys or len(keys) > MOST_ORDERS or any(match(uow.connection, key, consent.enterprise_id) is None for key in keys):
        faults.append(Fault("/orders", "compare_orders_needed", {"most": str(MOST_ORDERS)}))
    if faults:
        raise Refused(*faults)
    row = BankDecision(
        id=uuidv7(), consent_id=consent.id, at=clock.now(), actor=by.actor, name=by.name, outcome=said.outcome,
        reference=said.reference.strip(), words=said.words.strip(), orders=[str(key) for key in keys], file_id=said.file_id,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    record(uow, by, "bank.decide", f"consent:{consent.id}", clock, {"decision": str(row.id), "outcome": said.outcome})
    uow.publish(DecisionMade(consent.id, consent.enterprise_id, consent.bank_zh, Outcome(said.outcome), row.reference, clock.now()))
    return row.id
