"""The API of a founded zone, over a test client, with a real database behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ccezone.accounts.rules import FIRM, Permission
from ccezone.accounts.service import issue_credential
from ccezone.api import Services, create_blueprints
from ccezone.web.shell.feature import Feature
from tests.hub.harness import Hub
from tests.web.conftest import a_site


@dataclass
class Api:
    """The API as one of the cast calls it."""

    app: Flask
    hub: Hub
    client: FlaskClient

    def token(self, key: str = "platform_export", permissions: frozenset[Permission] = FIRM) -> str:
        """Issue a token to one of the cast."""
        with self.hub.database.begin() as uow:
            return issue_credential(uow, self.hub.party(key).id, "test", permissions, None, self.hub.clock).token

    def post(
        self, path: str, body: bytes, sender: str = "platform_export", media_type: str = "application/xml", **headers: str
    ) -> TestResponse:
        """Post a body in the name of one of the cast; ``headers`` with underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            f"/api/v1{path}",
            data=body,
            headers={"Authorization": f"Bearer {self.token(sender)}", "Content-Type": media_type, **named},
        )

    def message(self, body: bytes, sender: str = "platform_export", **headers: str) -> TestResponse:
        """Post an official message."""
        return self.post("/messages", body, sender, **headers)


def problem(answer: TestResponse, status: int) -> list[Mapping[str, Any]]:
    """The errors of a problem+json, each complete."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json()
    assert (body["status"], bool(body["title"]), bool(body["detail"])) == (status, True, True)
    errors: list[Mapping[str, Any]] = body["errors"]
    assert errors
    for error in errors:
        assert {"pointer", "code", "message", "remedy"} <= error.keys()
        assert error["message"]
        assert error["remedy"]
        assert "{" not in error["message"] + error["remedy"], "every placeholder is filled"
    return errors


def an_api(hub: Hub) -> Api:
    """The API of a zone."""
    terms = hub.terms
    services = Services(hub.database, hub.vault, hub.clock, hub.deliveries, terms.merging, terms.book, sandbox=True)
    app = a_site(hub.database, hub.clock, *(Feature(blueprint) for blueprint in create_blueprints(services)))
    app.config.update(RATELIMIT_ENABLED=False)
    return Api(app, hub, app.test_client())


@pytest.fixture
def api(hub: Hub) -> Api:
    """The API of the zone."""
    return an_api(hub)
