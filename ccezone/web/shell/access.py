"""Who may open which page. Every route says so with one of the decorators here; a route that does not keeps the
application from starting (GB/T 22239-2019, 8.1.4.2 access control)."""

import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from flask import Flask, Response, abort, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.accounts import queries, service
from ccezone.accounts.rules import Principal, Role
from ccezone.enterprises.queries.nodes import nodes, subtree
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage import Connection
from ccezone.storage.reach import Reach
from ccezone.web.hub import hub, narrow_hub
from ccezone.web.shell import acting
from ccezone.web.shell.permits import about_the_firm, permitted

COOKIE = "ccezone_session"
EVERYBODY = frozenset(Role)
FIRM = frozenset({Role.FIRM})
OFFICERS = frozenset({Role.ZONE_OFFICER})
READERS = OFFICERS | {Role.AUDITOR}
"""Who reads the zone's business. The three administrators do not: their powers are apart from it."""

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")
View = Callable[Parameters, Returned]

_granted: WeakKeyDictionary[Callable[..., object], frozenset[Role] | None] = WeakKeyDictionary()


class UnguardedRoute(Exception):
    """A route does not say who may open it."""


def public(view: View[Parameters, Returned]) -> View[Parameters, Returned]:
    """Let everybody in, signed in or not."""
    _granted[view] = None
    return view


def signed_in(view: View[Parameters, Returned]) -> View[Parameters, Returned]:
    """Let in whoever is signed in: for pages about one's own account."""
    return _grant(view, EVERYBODY)


def firms_and_office(view: View[Parameters, Returned]) -> View[Parameters, Returned]:
    """Let in firms, each to its own, and whoever reads the zone's business; the administrators do not."""
    return _grant(view, FIRM | READERS)


def firm_only(view: View[Parameters, Returned]) -> View[Parameters, Returned]:
    """Let in users of enterprises; the view asks ``current_enterprise_id`` and shows that enterprise only."""
    return _grant(view, FIRM)


def officer_only(view: View[Parameters, Returned]) -> View[Parameters, Returned]:
    """Let in officers of the zone."""
    return _grant(view, OFFICERS)


def office_readers(view: View[Parameters, Returned]) -> View[Parameters, Returned]:
    """Let in officers and auditors: for pages that change nothing."""
    return _grant(view, READERS)


def roles_only(*roles: Role) -> Callable[[View[Parameters, Returned]], View[Parameters, Returned]]:
    """Let in these roles: for pages of the administrators."""

    def mark(view: View[Parameters, Returned]) -> View[Parameters, Returned]:
        return _grant(view, frozenset(roles))

    return mark


def granted(app: Flask, endpoint: str) -> frozenset[Role] | None:
    """Return the roles that may open an endpoint, ``None`` for everybody. Raises ``UnguardedRoute``."""
    if endpoint == "static":
        return None
    view = inspect.unwrap(app.view_functions[endpoint])
    try:
        return _granted[view]
    except KeyError:
        raise UnguardedRoute(
            f"{endpoint}: add @public, @signed_in, @firms_and_office, @firm_only, @officer_only, @office_readers or @roles_only"
        ) from None


def opens(principal: Principal, endpoint: str) -> bool:
    """Say whether somebody may open a page: by its roles, and for a firm's person by what they are permitted."""
    roles = granted(current_app, endpoint)
    return (roles is None or principal.role in roles) and permitted(principal, endpoint, reading=True)


def guard(app: Flask, judging_themselves: frozenset[str] = frozenset()) -> None:
    """Judge every request before its view, and refuse to start with a route that does not say who may open it.

    ``judging_themselves`` names the blueprints of the API, where tokens decide.
    """
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    guarded = {name: granted(app, name) for name in endpoints if name.split(".")[0] not in judging_themselves}

    @app.before_request
    def judge() -> ResponseReturnValue | None:
        if request.endpoint is None or request.endpoint == "static" or request.endpoint not in guarded:
            return None
        roles = guarded[request.endpoint]
        _recognise(needed=roles is not None)
        if roles is None:
            return None
        narrow_hub(g.get("reach"))
        return _let_in(roles)

    @app.after_request
    def note(response: Response) -> Response:
        principal = principal_or_none()
        if principal is not None and principal.acting and request.endpoint in guarded:
            acting.note_acting(principal, response.status_code)
        return response


def principal_or_none() -> Principal | None:
    """Return who is signed in, if anybody."""
    found: Principal | None = g.get("principal")
    return found


def current_principal() -> Principal:
    """Return who is signed in; 401 when nobody is."""
    found = principal_or_none()
    if found is None:
        abort(401)
    return found


def current_enterprise_id() -> UUID:
    """Return the enterprise the signed-in person acts for; 403 for the office."""
    found = current_principal().enterprise_id
    if found is None:
        abort(403)
    return found


def session_token() -> str:
    """Return the token of the browser's session, or nothing."""
    return request.cookies.get(COOKIE, "")


def _grant(view: View[Parameters, Returned], roles: frozenset[Role]) -> View[Parameters, Returned]:
    _granted[view] = roles
    return view


def _recognise(*, needed: bool) -> None:
    token = session_token()
    if not token or (not needed and request.endpoint in current_app.config["ANONYMOUS_ENDPOINTS"]):
        return
    database, clock = hub().database, hub().clock
    with database.reading() as connection:
        live = queries.authenticate_session(connection, token, clock.now())
        if live is None:
            return
        g.principal = acting.acting_principal(connection, live, clock.now().astimezone(SHANGHAI).date())
        g.reach = _reach(connection, live.principal)
    if g.principal is None:
        acting.stop_acting(token)
        g.principal = live.principal
        if request.method != "GET" and about_the_firm(request.endpoint or ""):
            abort(403)
    if clock.now() - live.last_seen_at >= service.SEEN_AGAIN:
        with database.begin() as uow:
            service.keep_alive(uow, token, live.last_seen_at, clock)


def _reach(connection: Connection, principal: Principal) -> Reach | None:
    """How far somebody of a node sees: its firms, and those of the nodes under it."""
    return Reach(subtree(nodes(connection), principal.node)) if principal.node else None


def _let_in(roles: frozenset[Role]) -> ResponseReturnValue | None:
    principal = principal_or_none()
    if principal is None:
        return _to_sign_in()
    endpoint, reading = request.endpoint or "", request.method == "GET"
    if principal.role not in roles or not permitted(principal, endpoint, reading=reading):
        abort(403)
    named = request.view_args or {}
    if "flow" in named and about_the_firm(endpoint) and not acting.reaches(principal, named["flow"], named.get("trade_mode", "")):
        abort(403)
    if not reading and about_the_firm(endpoint) and acting.wrong_firm(principal):
        flash(_("您已切换到另一企业，本次操作未执行。请切换回原企业后重新提交。"))
        abort(409)
    return None


def _to_sign_in() -> ResponseReturnValue:
    """Lead to signing in, and from there back to the page, or to that of the form that was sent, where it has its address."""
    adapter = current_app.create_url_adapter(request)
    opens = adapter is not None and "GET" in adapter.allowed_methods()
    wanted = request.full_path.rstrip("?") if opens else None
    place = url_for("sign_in.form", next=wanted)
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": place}
    return redirect(place)
