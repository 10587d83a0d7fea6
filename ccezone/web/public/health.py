"""Whether this process lives, whether it can serve, and its figures for Prometheus."""

from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from ccezone.storage.migrating import current_head, pinned_head
from ccezone.web.hub import hub
from ccezone.web.shell.access import public
from ccezone.web.shell.feature import Feature

METRICS = "ccezone_metrics"

blueprint = Blueprint("health", __name__)
FEATURE = Feature(blueprint)


@blueprint.get("/health/live")
@public
def live() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/health/ready")
@public
def ready() -> ResponseReturnValue:
    """The database answers and stands at the migration this code was written for."""
    expected = pinned_head()
    try:
        with hub().database.reading() as connection:
            found = current_head(connection)
    except SQLAlchemyError:
        return jsonify(status="unavailable", database="unreachable"), 503
    if found != expected:
        return jsonify(status="unavailable", database="ok", migration=found, expected=expected), 503
    return jsonify(status="ok", database="ok", migration=found)


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Figures in the Prometheus text format."""
    pages = (generate_latest(registry) for registry in current_app.extensions[METRICS])
    return Response(b"".join(pages), content_type=CONTENT_TYPE_LATEST)
