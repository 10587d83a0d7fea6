"""People who sign in with one password, hashed once at little cost: hashing as the hub does takes a quarter of a second each."""

from functools import cache
from uuid import UUID

from argon2 import PasswordHasher

from ccezone.accounts.rules import UserStatus
from ccezone.accounts.service import Invitation, invite
from ccezone.kernel.clock import Clock
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch

PASSWORD = "three-parties-one-list"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def let_in(uow: UnitOfWork, invitation: Invitation, clock: Clock) -> UUID:
    """Add a user who can sign in with ``PASSWORD``. The hash names its own cost, so that comparing is cheap as well."""
    invite(uow, invitation, None, clock)
    statement = "UPDATE user_account SET password_hash = %(hash)s, status = %(status)s WHERE login = %(login)s RETURNING id"
    values = {"hash": _hash(), "status": UserStatus.ACTIVE.value, "login": invitation.login}
    found: UUID = fetch(uow.connection, statement, values)[0][0]
    return found


@cache
def _hash() -> str:
    return CHEAP.hash(PASSWORD)
