"""The front door with the three service groups, the home of whoever is signed in, and the language switch."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts import service
from ccezone.accounts.rules import Role
from ccezone.enterprises.queries import enterprise
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, principal_or_none, public, signed_in
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.i18n import COOKIE, LANGUAGES
from ccezone.web.shell.rendering import menu
from ccezone.web.shell.todo import waiting

blueprint = Blueprint("home", __name__)
FEATURE = Feature(
    blueprint,
    menu=(MenuEntry(Group.DATA, _l("待办事项"), "home.desk", frozenset(Role), order=1, note=_l("需要您现在处理的事项")),),
)
_YEAR = 365 * 24 * 3600


@blueprint.get("/")
@public
def front() -> ResponseReturnValue:
    """Show the three service groups; what needs an account leads to signing in."""
    groups = menu(principal_or_none(), everything=principal_or_none() is None)
    return render_template("public/front.html", groups=groups)


@blueprint.get("/home")
@signed_in
def desk() -> ResponseReturnValue:
    """Show what needs this person now."""
    principal = current_principal()
    with hub().database.reading() as connection:
        counted = waiting(connection, principal)
        own = enterprise(connection, principal.enterprise_id) if principal.enterprise_id else None
    return render_template("accounts/desk.html", counted=counted, enterprise=own, groups=menu(principal))


@blueprint.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Switch the language, for this browser and for the user."""
    chosen = request.form.get("language", "")
    response = redirect(local_place(request.form.get("next", "")))
    if chosen in LANGUAGES:
        production = hub().settings.production
        response.set_cookie(COOKIE, chosen, max_age=_YEAR, samesite="Lax", httponly=True, secure=production)
        principal = principal_or_none()
        if principal and principal.user_id:
            with hub().database.begin() as uow:
                service.choose_locale(uow, principal.user_id, chosen)
    return response


def local_place(wanted: str, otherwise: str = "home.front") -> str:
    """Return an address of this site: what was wanted when it is one, else the named page."""
    parts = urlsplit(wanted)
    stays = wanted.startswith("/") and not parts.scheme and not parts.netloc and "\\" not in wanted
    return wanted if stays and not wanted.startswith("//") else url_for(otherwise)
