"""For those who connect their systems: how to start, what to try, and the whole interface, generated from its description."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.kernel.clock import SHANGHAI
from ccezone.parameters.queries import book
from ccezone.web.hub import hub
from ccezone.web.public import api_reference
from ccezone.web.shell.access import public
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.i18n import Language, language
from schemas.codes import rows

DESCRIPTION = "ccezone_api_description"
"""Where the API leaves what gives its description in a language."""
blueprint = Blueprint("developer", __name__)
FEATURE = Feature(
    blueprint,
    menu=(MenuEntry(Group.SPECIAL, _l("接口接入"), "developer.start", order=82, note=_l("令牌、示例、试运行与全部接口文档")),),
)


@blueprint.get("/developer")
@public
def start() -> ResponseReturnValue:
    """Say how to connect a system."""
    surroundings = hub()
    day = surroundings.clock.now().astimezone(SHANGHAI).date()
    with surroundings.database.reading() as connection:
        parameters = book(connection, surroundings.settings.zone)
        limit = parameters.integer("api.requests_per_minute", day)
        hours = parameters.integer("api.idempotency_hours", day)
    return render_template(
        "developer/start.html", limit=limit, hours=hours, url=surroundings.settings.public_url.rstrip("/"), **_sandbox()
    )


@blueprint.get("/api/docs")
@public
def reference() -> ResponseReturnValue:
    """Show every operation of the interface."""
    document = _document()
    return render_template("developer/reference.html", document=document, groups=api_reference.groups(document), **_sandbox())


@blueprint.get("/api/docs/<name>")
@public
def shape(name: str) -> ResponseReturnValue:
    """Show one shape of the interface."""
    rows = api_reference.shape_rows(_document(), name)
    if rows is None:
        abort(404)
    return render_template("developer/shape.html", name=name, rows=rows)


def _document() -> Mapping[str, Any]:
    described = current_app.extensions.get(DESCRIPTION)
    if described is None:
        abort(404)
    return cast("Callable[[Language], Mapping[str, Any]]", described)(language())


def _sandbox() -> dict[str, object]:
    return {"sandbox": hub().settings.sandbox, "outcomes": rows("sandbox_outcomes")}
