"""What the API's resources work with, and who is calling."""

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, current_app, request
from flask.blueprints import BlueprintSetupState

from ccezone.accounts.queries import authenticate_token
from ccezone.accounts.rules import Permission, Principal
from ccezone.api.problems import Problem
from ccezone.bills.ports import Deliveries
from ccezone.enterprises.queries import Directory, EnterpriseView, directory
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault

_EXTENSION = "ccezone_api"
_SCHEME = "Bearer "


@dataclass(frozen=True)
class Services:
    """Everything a resource may reach."""

    database: Database
    vault: PersonalVault
    clock: Clock
    deliveries: Deliveries


def keep(blueprint: Blueprint, services: Services) -> None:
    """Hand the services to the application the blueprint will belong to."""

    def store(state: BlueprintSetupState) -> None:
        state.app.extensions[_EXTENSION] = services

    blueprint.record_once(store)


def services() -> Services:
    """Return the running application's services."""
    return cast(Services, current_app.extensions[_EXTENSION])


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, for which enterprise, and who else there is."""

    principal: Principal
    enterprise: EnterpriseView
    parties: Directory


def caller(permission: Permission) -> Caller:
    """Return who calls. Raises ``Problem`` 401 without a valid token, 403 without the permission."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(_SCHEME):
        raise Problem(401, [Fault("", "unauthenticated")])
    work = services()
    with work.database.reading() as connection:
        principal = authenticate_token(connection, header.removeprefix(_SCHEME).strip(), work.clock.now())
        parties = directory(connection)
    enterprise = parties.by_id.get(principal.enterprise_id) if principal and principal.enterprise_id else None
    if principal is None or enterprise is None or not enterprise.active:
        raise Problem(401, [Fault("", "unauthenticated")])
    if not principal.may(permission):
        raise Problem(403, [Fault("", "not_permitted", {"permission": str(permission)})])
    return Caller(principal, enterprise, parties)
