"""The API's blueprint: its services, its resources, and the shape of every error (RFC 9457)."""

from flask import Blueprint

from ccezone.api import problems
from ccezone.api.services import Services, keep
from ccezone.api.v1 import batches, bills, declarations, messages, orders

__all__ = ["Services", "create_blueprint"]


def create_blueprint(services: Services) -> Blueprint:
    """Return the blueprint of ``/api/v1``, working with these services."""
    blueprint = Blueprint("api_v1", __name__, url_prefix="/api/v1")
    keep(blueprint, services)
    problems.install(blueprint)
    for resource in (messages, bills, batches, orders, declarations):
        resource.register(blueprint)
    return blueprint
