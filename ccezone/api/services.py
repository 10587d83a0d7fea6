"""What the API's resources work with, and who is calling."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast
from uuid import UUID

from flask import Blueprint, current_app, g, request
from flask.blueprints import BlueprintSetupState

from ccezone.accounts.queries import authenticate_token
from ccezone.accounts.queries.partners import PartnerView, partner
from ccezone.accounts.rules import Permission, Principal, Scope
from ccezone.accounts.rules.partners import PartnerKind
from ccezone.accounts.service import note_use
from ccezone.api.limiting import Budget
from ccezone.api.problems import Problem
from ccezone.bills.ports import Deliveries
from ccezone.declarations.service import FormDesk, ListTerms
from ccezone.enterprises.queries import Directory, EnterpriseView, directory
from ccezone.enterprises.queries.authorities import authorities_in_force
from ccezone.enterprises.rules.authority import MODES
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault
from ccezone.matching.rules import MergeTerms
from ccezone.parameters.queries import CachedBook
from ccezone.storage import Connection, Database
from ccezone.storage.personal import PersonalVault

_EXTENSION = "ccezone_api"
_SCHEME = "Bearer "
_FLOWS = frozenset({"E", "I"})


@dataclass(frozen=True)
class Services:
    """Everything a resource may reach.

    ``merging`` gives the merge's terms on a day, ``listing`` those of lists, ``book`` the dated parameters; ``sandbox`` says
    that callers may choose outcomes by order number, ``webhooks_private`` that webhooks may call private addresses.
    """

    database: Database
    vault: PersonalVault
    clock: Clock
    deliveries: Deliveries
    merging: Callable[[Connection, date], MergeTerms]
    book: CachedBook
    sandbox: bool
    webhooks_private: bool = False
    listing: Callable[[Connection, date], ListTerms] = field(kw_only=True)
    budget: Budget = field(default_factory=Budget)

    @property
    def forms(self) -> FormDesk:
        """What declaration forms are judged, stored and looked ahead with."""
        return FormDesk(self.database, self.vault, self.clock, self.deliveries, self)

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

    @property
    def agent(self) -> EnterpriseView | None:
        """The agent who calls in the enterprise's name, if one does."""
        home = self.principal.home_id
        return self.parties.by_id.get(home) if home else None

    def flow_in_reach(self, asked: str) -> str:
        """Return the flow to look for: the one asked for, or the only one an agent is let see."""
        flows = sorted(self.principal.scope.flows) if self.principal.scope else []
        return flows[0] if len(flows) == 1 else asked

    def reaches(self, flow: str) -> bool:
        """Say whether the caller may work on this flow; an agent only as far as the authority goes."""
        scope = self.principal.scope
        return scope is None or flow in scope.flows

    @property
    def owner_id(self) -> UUID:
        """Whose idempotency keys these are."""
        return self.enterprise.id

    def demand_whole(self, permission: Permission) -> None:
        """Raise ``Problem`` 403 for an agent without an authority for both flows and all modes, as on the site."""
        scope = self.principal.scope
        if scope is not None and not (scope.flows >= _FLOWS and scope.modes >= frozenset(MODES)):
            raise Problem(403, [Fault("", "not_permitted", {"permission": str(permission)})])


@dataclass(frozen=True, slots=True)
class BankCaller:
    """A bank's system that calls, and the firms there are."""

    principal: Principal
    bank: PartnerView
    parties: Directory

    @property
    def owner_id(self) -> UUID:
        """Whose idempotency keys these are."""
        return self.bank.id


@dataclass(frozen=True, slots=True)
class ProviderCaller:
    """A data provider's system that calls."""

    principal: Principal
    provider: PartnerView

    @property
    def owner_id(self) -> UUID:
        """Whose idempotency keys these are."""
        return self.provider.id


def caller(permission: Permission | None = None) -> Caller:
    """Return who calls. Raises ``Problem`` 401 without a valid token, 403 without the permission, 429 for too many calls."""
    work = services()
    principal, parties = _authenticated(work)
    enterprise = parties.by_id.get(principal.enterprise_id) if principal.enterprise_id else None
    if principal.partner_id is not None:
        raise Problem(403, [Fault("", "not_permitted", {"permission": str(permission or "enterprise")})])
    if enterprise is None or not enterprise.active:
        raise Problem(401, [Fault("", "unauthenticated")])
    principal, enterprise = _in_the_name_of(work, principal, enterprise, parties)
    _let_in(work, principal, permission)
    return Caller(principal, enterprise, parties)


def bank_caller(permission: Permission | None) -> BankCaller:
    """Return which bank calls. Raises ``Problem`` as ``caller`` does; a firm's token lacks the permission."""
    work = services()
    principal, parties = _authenticated(work)
    return BankCaller(principal, _partner(work, principal, permission, PartnerKind.BANK), parties)


def provider_caller(permission: Permission | None) -> ProviderCaller:
    """Return which data provider calls. Raises ``Problem`` as ``caller`` does; the tokens of firms and banks are refused."""
    work = services()
    principal, _parties = _authenticated(work)
    return ProviderCaller(principal, _partner(work, principal, permission, PartnerKind.DATA_PROVIDER))


def _partner(work: Services, principal: Principal, permission: Permission | None, kind: PartnerKind) -> PartnerView:
    """Let a partner of a kind in. Raises ``Problem`` 429, 403."""
    _let_in(work, principal, permission)
    with work.database.reading() as connection:
        found = partner(connection, principal.partner_id) if principal.partner_id else None
    if found is None or found.kind != kind:
        raise Problem(403, [Fault("", "not_permitted", {"permission": str(permission or kind)})])
    return found


def _authenticated(work: Services) -> tuple[Principal, Directory]:
    """Return whose token the request bears. Raises ``Problem`` 401."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(_SCHEME):
        raise Problem(401, [Fault("", "unauthenticated")])
    with work.database.reading() as connection:
        principal = authenticate_token(connection, header.removeprefix(_SCHEME).strip(), work.clock.now())
        parties = directory(connection)
    if principal is None:
        raise Problem(401, [Fault("", "unauthenticated")])
    return principal, parties


def _let_in(work: Services, principal: Principal, permission: Permission | None) -> None:
    """Spend a call, note the use, judge the permission. Raises ``Problem`` 429, 403."""
    g.principal = principal  # for the log
    with work.database.reading() as connection:
        book = work.book.current(connection)
    work.budget.spend(principal.credential_id, book.integer("api.requests_per_minute", work.today()))
    if principal.credential_id is not None:
        note_use(work.database, principal.credential_id, work.clock)
    if permission is not None and not principal.may(permission):
        raise Problem(403, [Fault("", "not_permitted", {"permission": str(permission)})])


def _in_the_name_of(
    work: Services, principal: Principal, own: EnterpriseView, parties: Directory
) -> tuple[Principal, EnterpriseView]:
    """Let an agent's credential act for the firm that the header ``On-Behalf-Of`` names, as far as its authority reaches.

    Raises ``Problem`` 403 for a firm that gave none, or whose authority has ended.
    """
    code = request.headers.get("On-Behalf-Of", "").strip().upper()
    owner = parties.find(code) if code else own
    if owner is not None and owner.id == own.id:
        return principal, own
    with work.database.reading() as connection:
        held = authorities_in_force(connection, own.id, work.today()) if owner else ()
    found = next((each for each in held if owner is not None and each.owner_id == owner.id), None)
    if found is None or owner is None:
        raise Problem(403, [Fault("", "authority_ended", {"code": code})])
    granted = frozenset(Permission(action) for action in found.actions)
    scope = Scope(found.id, frozenset(found.modes), frozenset(found.flows))
    permissions = principal.permissions & granted
    return replace(principal, enterprise_id=owner.id, permissions=permissions, home_id=own.id, scope=scope), owner
