"""What the API's resources work with, and who is calling."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from flask import Blueprint, current_app, g, request
from flask.blueprints import BlueprintSetupState

from ccezone.accounts.queries import authenticate_token
from ccezone.accounts.rules import Permission, Principal
from ccezone.accounts.service import note_use
from ccezone.api.limiting import Budget
from ccezone.api.problems import Problem
from ccezone.bills.ports import Deliveries
from ccezone.enterprises.queries import Directory, EnterpriseView, directory
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault
from ccezone.matching.rules import MergeTerms
from ccezone.parameters.queries import CachedBook
from ccezone.storage import Connection, Database
from ccezone.storage.personal import PersonalVault

_EXTENSION = "ccezone_api"
_SCHEME = "Bearer "


@dataclass(frozen=True)
class Services:
    """Everything a resource may reach.

    ``merging`` gives the merge's terms on a day, ``book`` the dated parameters; ``sandbox`` says that callers may choose
    outcomes by order number.
    """

    database: Database
    vault: PersonalVault
    clock: Clock
    deliveries: Deliveries
    merging: Callable[[Connection, date], MergeTerms]
    book: CachedBook
    sandbox: bool
    budget: Budget = field(default_factory=Budget)

    def today(self) -> date:
        """Return the day in the zone."""
        return self.clock.now().astimezone(SHANGHAI).date()


def keep(blueprint: Blueprint, services: Services) -> None:
    """Hand the services to the application the blueprint will belong to."""

    def store(state: BlueprintSetupState) -> None:
        state.app.extensions[_EXTENSION] = services

    blueprint.record_once(store)


def services() -> Services:
    """Return the running application's services; within an idempotent request those that take part in its transaction."""
    return cast(Services, g.get("api_services") or current_app.extensions[_EXTENSION])


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, for which enterprise, and who else there is."""

    principal: Principal
    enterprise: EnterpriseView
    parties: Directory


def caller(permission: Permission | None = None) -> Caller:
    """Return who calls. Raises ``Problem`` 401 without a valid token, 403 without the permission, 429 for too many calls."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(_SCHEME):
        raise Problem(401, [Fault("", "unauthenticated")])
    work = services()
    with work.database.reading() as connection:
        principal = authenticate_token(connection, header.removeprefix(_SCHEME).strip(), work.clock.now())
        parties = directory(connection)
        book = work.book.current(connection)
    enterprise = parties.by_id.get(principal.enterprise_id) if principal and principal.enterprise_id else None
    if principal is None or enterprise is None or not enterprise.active:
        raise Problem(401, [Fault("", "unauthenticated")])
    g.principal = principal  # for the log
    work.budget.spend(principal.credential_id, book.integer("api.requests_per_minute", work.today()))
    if principal.credential_id is not None:
        note_use(work.database, principal.credential_id, work.clock)
    if permission is not None and not principal.may(permission):
        raise Problem(403, [Fault("", "not_permitted", {"permission": str(permission)})])
    return Caller(principal, enterprise, parties)
