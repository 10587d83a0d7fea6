"""Deciding by hand whether an order is cross-border e-commerce; the order's own page shows the rules, the word and its history."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.kernel.errors import NotFound, Refused
from ccezone.matching.service.recognising import override_recognition
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, officer_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.rendering import problem

blueprint = Blueprint("recognition", __name__, url_prefix="/office/recognition")
FEATURE = Feature(blueprint)
DECISIONS = {"yes": True, "no": False, "rules": None}


@blueprint.post("/<int(signed=True):order_key>")
@officer_only
def decide(order_key: int) -> ResponseReturnValue:
    """Record the officer's word, or let the rules decide again."""
    decided = request.form.get("recognised", "")
    if decided not in DECISIONS:
        abort(400)
    try:
        with hub().database.begin() as uow:
            said = (request.form.get("reason", ""), request.form.get("document", "")[:200])
            override_recognition(uow, order_key, DECISIONS[decided], *said, current_principal(), hub().clock)
    except NotFound:
        abort(404)
    except Refused as refused:
        flash(problem(refused.faults[0])[0])
        return redirect(url_for("matches.detail", order_key=order_key))
    flash(_("认定已记录。"))
    return redirect(url_for("matches.detail", order_key=order_key))
