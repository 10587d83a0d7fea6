"""The API's blueprint: its services, its resources, and the shape of every error (RFC 9457)."""

from typing import Any, cast

import flask_smorest
from flask import Blueprint, Flask, current_app, json

from ccezone.api import problems
from ccezone.api.arguments import Arguments
from ccezone.api.mounting import mount
from ccezone.api.openapi import Description
from ccezone.api.operations import Resource
from ccezone.api.services import Services, keep
from ccezone.api.v1 import (
    area_declarations,
    background,
    batches,
    bills,
    codes,
    consented,
    credentials,
    credit,
    defaults,
    enterprise,
    evidence,
    feeds,
    forming,
    fx_handling,
    fx_ledger,
    fx_receipts,
    matches,
    messages,
    open_data,
    prerefunds,
    products,
    returning,
    sandbox,
    special_area,
    stored_bills,
    tax_refunds,
    uploads,
    webhooks,
)

__all__ = ["RESOURCES", "Services", "create_blueprints"]

DESCRIPTION = "ccezone_api_description"
"""Where an application keeps what gives its description in a language: ``app.extensions[DESCRIPTION]("en")``."""
RESOURCES: tuple[Resource, ...] = (
    enterprise.RESOURCE,
    messages.RESOURCE,
    bills.RESOURCE,
    stored_bills.RESOURCE,
    matches.RESOURCE,
    batches.RESOURCE,
    uploads.RESOURCE,
    forming.RESOURCE,
    products.RESOURCE,
    defaults.RESOURCE,
    codes.RESOURCE,
    open_data.RESOURCE,
    credentials.RESOURCE,
    credit.RESOURCE,
    evidence.RESOURCE,
    returning.RESOURCE,
    background.RESOURCE,
    consented.RESOURCE,
    feeds.RESOURCE,
    tax_refunds.RESOURCE,
    fx_receipts.RESOURCE,
    fx_handling.RESOURCE,
    fx_ledger.RESOURCE,
    prerefunds.RESOURCE,
    special_area.RESOURCE,
    area_declarations.RESOURCE,
    webhooks.RESOURCE,
    sandbox.RESOURCE,
)
"""All resources, in the order of the documentation: whoever adds one names it here."""


def create_blueprints(services: Services) -> tuple[Blueprint, Blueprint]:
    """Return the blueprints of ``/api/v1``, working with these services, and of its description, ``/api/openapi.json``."""
    api: Any = flask_smorest.Blueprint("api_v1", __name__, url_prefix="/api/v1")
    api.ARGUMENTS_PARSER = Arguments()
    keep(api, services)
    problems.install(api)
    for resource in RESOURCES:
        for operation in resource.operations:
            mount(api, operation)
    tags = tuple(resource.tag for resource in RESOURCES)
    api.record_once(lambda state: _describe(state.app, api, tags))
    return cast(Blueprint, api), _description()


def _describe(app: Flask, api: Any, tags: Any) -> None:
    app.extensions[DESCRIPTION] = Description(app, api, tags).document


def _description() -> Blueprint:
    blueprint = Blueprint("api_description", __name__, url_prefix="/api")

    @blueprint.get("/openapi.json")
    def document() -> Any:
        """The description, in the language that is asked for."""
        spoken = problems.locale()
        body = json.dumps(current_app.extensions[DESCRIPTION](spoken), ensure_ascii=False, sort_keys=False)
        headers = {"Content-Language": spoken, "Vary": "Accept-Language"}
        return current_app.response_class(body, mimetype="application/json", headers=headers)

    return blueprint
