"""What credit decides about an enterprise, set on it from above: grade, blocks, fast lane, filing without a person."""

from dataclasses import dataclass
from uuid import UUID

from ccezone.enterprises.queries import forget_directory
from ccezone.enterprises.tables import RegistrationBlock
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run

NEGATIVE_LIST = "negative_list"
_SET = """
UPDATE enterprise SET credit_grade = %(grade)s, credit_block = %(block)s, fast_lane = %(fast)s, auto_submit_allowed = %(auto)s,
    updated_at = %(at)s
WHERE id = %(id)s
"""
_BLOCK = """
INSERT INTO registration_block (uscc, reason, since) VALUES (%(uscc)s, %(reason)s, %(at)s) ON CONFLICT (uscc) DO NOTHING
"""
_LIFT = "DELETE FROM registration_block WHERE uscc = %(uscc)s"


@dataclass(frozen=True, slots=True)
class Treatment:
    """A treatment in force. ``credit_block`` names why nothing may be filed, empty when it may."""

    credit_grade: str
    credit_block: str
    fast_lane: bool
    auto_submit_allowed: bool


def set_treatment(uow: UnitOfWork, enterprise_id: UUID, treatment: Treatment, clock: Clock) -> None:
    """Let an enterprise be treated so from now on."""
    values = {"grade": treatment.credit_grade, "block": treatment.credit_block, "fast": treatment.fast_lane}
    run(uow.connection, _SET, {**values, "auto": treatment.auto_submit_allowed, "id": enterprise_id, "at": clock.now()})
    forget_directory(uow.connection)


def block_registration(uow: UnitOfWork, uscc: str, reason: str, clock: Clock) -> None:
    """Let nobody with this code register or amend a registration."""
    run(uow.connection, _BLOCK, {"uscc": uscc, "reason": reason, "at": clock.now()})


def lift_registration_block(uow: UnitOfWork, uscc: str) -> None:
    """Let them register again."""
    run(uow.connection, _LIFT, {"uscc": uscc})


def refuse_blocked_registration(uow: UnitOfWork, uscc: str) -> None:
    """Raise ``Refused`` for a code whose registration is blocked."""
    found = uow.session.get(RegistrationBlock, uscc)
    if found is not None:
        raise Refused(Fault("/uscc", "credit_blocks_registration", {"reason": found.reason}))
