"""For whom a person works just now: their own firm, or another that authorised theirs, as far as that authority reaches.

The session remembers the authority; every request asks whether it still holds. One that has ended is never silently
exchanged for one's own firm in the middle of something: what was about to be done is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import flash, g, request
from flask_babel import gettext as _

from ccezone.accounts.queries import LiveSession
from ccezone.accounts.rules import Permission, Principal, Role, Scope
from ccezone.accounts.service import record, work_under
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.authorities import AuthorityView, authorities_in_force, authority
from ccezone.enterprises.rules.authority import AGENTS
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage import Connection
from ccezone.web.hub import hub

FIELD = "for_firm"
HEADER = "X-For-Firm"


@dataclass(frozen=True, slots=True)
class Choice:
    """A firm one may work for. ``authority_id`` empty: one's own."""

    authority_id: str
    name: str
    current: bool


def acting_principal(connection: Connection, live: LiveSession, today: date) -> Principal | None:
    """Return whom a session stands for: its user, or its user in another firm's name; ``None``: that authority has ended."""
    own = live.principal
    if live.acting_under is None:
        return own
    found = authority(connection, live.acting_under)
    if found is None or found.agent_id != own.enterprise_id or not found.in_force(today):
        return None
    return in_the_name_of(own, found)


def in_the_name_of(own: Principal, found: AuthorityView) -> Principal:
    """Return somebody as acting under an authority: what they may at home, as far as it was granted."""
    granted = frozenset(Permission(action) for action in found.actions)
    scope = Scope(found.id, frozenset(found.modes), frozenset(found.flows))
    return replace(own, enterprise_id=found.owner_id, permissions=own.permissions & granted, home_id=own.enterprise_id, scope=scope)


def flows_in_reach(principal: Principal) -> Sequence[str]:
    """Return the flows an agent is limited to; empty: no limit."""
    return sorted(principal.scope.flows) if principal.scope else ()


def reaches(principal: Principal, flow: str, mode: str = "") -> bool:
    """Say whether somebody may work on this flow (and mode) for the firm they act for; always for one's own firm."""
    scope = principal.scope
    return scope is None or (flow in scope.flows and (not mode or mode in scope.modes))


def stop_acting(token: str) -> None:
    """Go back to one's own firm: the authority has ended."""
    with hub().database.begin() as uow:
        work_under(uow, token, None)
    flash(_("委托授权已到期、被撤销或暂停，已切换回本企业。"))


def wrong_firm(principal: Principal) -> bool:
    """Say whether a page was drawn for another firm than the one now worked for: two tabs, one switched meanwhile."""
    drawn_for = request.headers.get(HEADER) or request.form.get(FIELD)
    return bool(drawn_for) and drawn_for != str(principal.enterprise_id)


def note_acting(principal: Principal, status: int) -> None:
    """Record what was done in another firm's name, in the trail of that firm."""
    if principal.scope is None or request.method == "GET" or status >= 400:
        return
    detail = {
        "endpoint": request.endpoint or "",
        "authority": str(principal.scope.authority_id),
        "agent": str(principal.home_id),
        **{name: str(value) for name, value in (request.view_args or {}).items()},
    }
    with hub().database.begin() as uow:
        record(uow, principal, "acting", f"enterprise:{principal.enterprise_id}", hub().clock, detail)


def choices(principal: Principal | None) -> Sequence[Choice]:
    """Return the firms somebody may work for, their own first; nothing for whoever has no choice. Asked once a request."""
    if principal is None or principal.role != Role.FIRM:
        return ()
    if "choices" not in g:
        g.choices = _choices(principal, principal.home_id or principal.enterprise_id)
    found: Sequence[Choice] = g.choices
    return found


def _choices(principal: Principal, home: UUID | None) -> Sequence[Choice]:
    with hub().database.reading() as connection:
        own = directory(connection).by_id.get(home) if home else None
        if own is None or not own.roles & AGENTS:
            return ()
        held = authorities_in_force(connection, own.id, hub().clock.now().astimezone(SHANGHAI).date())
    if not held:
        return ()
    under = principal.scope.authority_id if principal.scope else None
    return [Choice("", own.name, under is None), *(Choice(str(each.id), each.owner_name, each.id == under) for each in held)]
