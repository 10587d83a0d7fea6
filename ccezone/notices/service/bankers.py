"""Telling a bank: its people who may decide for it."""

from uuid import UUID

from ccezone.accounts.queries import search_users
from ccezone.accounts.rules import Permission, UserStatus
from ccezone.notices.service.notifying import Audience, Tidings, notify
from ccezone.storage import UnitOfWork

_MOST = 200


def notify_bankers(uow: UnitOfWork, partner_id: UUID, tidings: Tidings) -> int:
    """Tell everybody of a bank who works and may decide for it; return how many were told. Raises ``KeyError``: unknown kind."""
    people = search_users(uow.connection, partner_id=partner_id, limit=_MOST)
    deciding = [each for each in people if each.status == UserStatus.ACTIVE and Permission.BANK_DECIDE in each.held]
    return sum(notify(uow, Audience(user_id=each.id), tidings) for each in deciding)
