"""The front door with the three service groups, the home of whoever is signed in, and the language switch."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts import service
from ccezone.accounts.queries.partners import partner
from ccezone.accounts.rules import OUTSIDE, Principal, Role
from ccezone.enterprises.queries import enterprise
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, principal_or_none, public, signed_in
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.i18n import COOKIE, LANGUAGES
from ccezone.web.shell.rendering import MenuGroup, menu
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
        organisation = partner(connection, principal.partner_id) if principal.partner_id else None
    shown = {"counted": counted, "enterprise": own, "organisation": organisation, "groups": desk_groups(principal)}
    return render_template("accounts/desk.html", **shown)


def desk_groups(principal: Principal) -> list[MenuGroup]:
    """Return the groups of a person's menu; a partner's own services stand first."""
    return sorted(menu(principal), key=lambda group: group.group is not Group.PARTNER and principal.role in OUTSIDE)


@blueprint.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Switch the language, for this browser and for the user."""
    chosen = request.form.get("language", "")
    response = redirect(without_language(local_place(request.form.get("next", ""))))
    if chosen in LANGUAGES:
        production = hub().settings.production
        response.set_cookie(COOKIE, chosen, max_age=_YEAR, samesite="Lax", httponly=True, secure=production)
        principal = principal_or_none()
        if principal and principal.user_id:
            with hub().database.begin() as uow:
                service.choose_locale(uow, principal.user_id, chosen)
    return response


def without_language(place: str) -> str:
    """Return an address without the language it names: the reader just chose another."""
    parts = urlsplit(place)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "lang"]
    return place if "lang=" not in parts.query else parts._replace(query=urlencode(kept)).geturl()


def local_place(wanted: str, otherwise: str = "home.front") -> str:
    """Return an address of this site: what was wanted when it is one, else the named page."""
    parts = urlsplit(wanted)
    stays = wanted.startswith("/") and not parts.scheme and not parts.netloc and "\\" not in wanted
    return wanted if stays and not wanted.startswith("//") else url_for(otherwise)
