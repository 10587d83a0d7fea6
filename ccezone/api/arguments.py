"""Reading queries and bodies by their schemas; whatever is wrong becomes faults at JSON pointers."""

from typing import Any, NoReturn

from flask import Request
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser

from ccezone.api.bodies import json_body, refuse_unstorable
from ccezone.api.problems import Problem
from ccezone.kernel.errors import Fault
from schemas.rest.faults import faults_of


class Arguments(FlaskParser):
    """webargs, speaking problem+json and refusing what it does not know."""

    def __init__(self) -> None:
        super().__init__(unknown=RAISE)

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Return the JSON of the body; it is always asked for."""
        return json_body()

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Return the query, when it can be stored and compared."""
        refuse_unstorable(req.args.to_dict())
        return super().load_querystring(req, schema)

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_more: Any) -> NoReturn:
        """Refuse with every fault there is."""
        messages = error.messages_dict
        if "query" in messages:
            raise Problem(422, [_of_query(fault) for fault in faults_of(messages["query"])])
        raise Problem(422, faults_of(messages.get("json", messages)))


def _of_query(fault: Fault) -> Fault:
    if fault.code == "unknown_element":
        return Fault(fault.pointer, "unknown_query", {"name": fault.params["element"]})
    return fault
