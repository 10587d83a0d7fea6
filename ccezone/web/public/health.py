"""Whether this process lives, whether it can serve, and its figures for Prometheus."""

from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ccezone.storage import readiness
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
    state = readiness(hub().database)
    served = state.reachable and state.migration == state.expected
    answer = {"database": "ok" if state.reachable else "unreachable", "migration": state.migration, "expected": state.expected}
    return jsonify(status="ok" if served else "unavailable", **answer), 200 if served else 503


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Figures in the Prometheus text format."""
    pages = (generate_latest(registry) for registry in current_app.extensions[METRICS])
    return Response(b"".join(pages), content_type=CONTENT_TYPE_LATEST)
