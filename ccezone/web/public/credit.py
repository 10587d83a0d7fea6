"""Credit look-up for everybody: what is public of an enterprise, the lists in force, and how credit is scored."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.credit.queries import credit_terms, published_weights, search_listings
from ccezone.credit.rules.listing import IN_FORCE, ListKind
from ccezone.credit.rules.measures import STANDINGS
from ccezone.credit.rules.visibility import Reach, Viewer
from ccezone.credit.service import Look, look_up
from ccezone.enterprises.queries import enterprise
from ccezone.web.hub import hub
from ccezone.web.office.credit import words
from ccezone.web.office.credit.reading import today
from ccezone.web.registering import words as registering
from ccezone.web.shell.access import READERS, principal_or_none, public
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from ccezone.web.shell.security import limiter

blueprint = Blueprint("credit", __name__, url_prefix="/credit")
FEATURE = Feature(
    blueprint,
    menu=(MenuEntry(Group.SPECIAL, _l("信用查询"), "credit.ask", order=94, note=_l("查询企业信用等级、信用名单，公布的评分办法")),),
)


@blueprint.get("")
@public
def ask() -> ResponseReturnValue:
    """Ask for a code; one that is typed leads to its page."""
    uscc = request.args.get("uscc", "").strip().upper()[:18]
    if uscc:
        return redirect(url_for("credit.show", uscc=uscc))
    return render_template("credit/public.html", uscc="", found=None, words=words)


@blueprint.get("/of/<uscc>")
@limiter.limit("30/minute")
@public
def show(uscc: str) -> ResponseReturnValue:
    """Show what this reader may see of whoever has this code; the look is kept, found or not."""
    uscc, look = uscc.strip().upper()[:18], _look()
    with hub().database.begin() as uow:
        found = look_up(uow, hub().settings.zone, uscc, look, hub().clock)
    shown = render_template("credit/public.html", uscc=uscc, found=found, words=words, viewer=look.viewer, registering=registering)
    return shown, 200 if found else 404


@blueprint.get("/lists")
@public
def lists() -> ResponseReturnValue:
    """Publish the negative and the red list, as far as they are public."""
    kind = request.args.get("kind", ListKind.NEGATIVE.value)
    kind = kind if kind in {each.value for each in ListKind} else ListKind.NEGATIVE.value
    with hub().database.reading() as connection:
        terms = credit_terms(connection, hub().settings.zone, today())
        open_to_all = terms.reaches["negative_list" if kind == ListKind.NEGATIVE else "red_list"] is Reach.PUBLIC
        states = [state.value for state in IN_FORCE]
        rows = search_listings(connection, states, kind, searched(), None, after_id(), PAGE + 1) if open_to_all else ()
    return render_template(
        "credit/public_lists.html", page=page(rows, lambda row: row.id), kind=kind, text=searched(), words=words, shown=open_to_all
    )


@blueprint.get("/rules")
@public
def rules() -> ResponseReturnValue:
    """Publish weights, scales, cut-offs and treatments in force, with documents and marks."""
    with hub().database.reading() as connection:
        terms = credit_terms(connection, hub().settings.zone, today())
        weights = published_weights(connection, hub().settings.zone, today())
    return render_template("credit/rules.html", terms=terms, weights=weights, words=words, standings=STANDINGS, today=today())


def _look() -> Look:
    """Say in which capacity somebody looks: the office as an agency, a firm at itself, else as anybody."""
    principal, address = principal_or_none(), request.remote_addr or ""
    if principal is None:
        return Look(Viewer.PUBLIC, "page", None, address)
    if principal.role in READERS:
        return Look(Viewer.AGENCY, "page", principal, address)
    asked = str((request.view_args or {}).get("uscc", "")).strip().upper()
    with hub().database.reading() as connection:
        own = enterprise(connection, principal.enterprise_id) if principal.enterprise_id and not principal.acting else None
    itself = own is not None and asked in (own.uscc, own.customs_code)
    return Look(Viewer.SELF if itself else Viewer.PUBLIC, "page", principal, address)
