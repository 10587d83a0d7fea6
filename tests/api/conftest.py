"""The API of a founded zone, over a test client, with a real database behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ccezone.accounts.rules import FIRM, Permission
from ccezone.accounts.service import IssuedCredential, issue_credential
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

    def issue(self, key: str, name: str = "test", permissions: frozenset[Permission] = FIRM) -> IssuedCredential:
        """Issue a credential to one of the cast."""
        with self.hub.database.begin() as uow:
            return issue_credential(uow, self.hub.party(key).id, name, permissions, None, self.hub.clock)

    def token(self, key: str = "platform_export", permissions: frozenset[Permission] = FIRM) -> str:
        """Issue a token to one of the cast."""
        return self.issue(key, "test", permissions).token

    def call(self, method: str, path: str, by: str = "furniture", body: object = None, **headers: str) -> TestResponse:
        """Call in the name of one of the cast, with a JSON body if any; ``headers`` with underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = named.pop("token", None) or self.token(by)
        more: dict[str, Any] = {} if body is None else {"json": body}
        return self.client.open(f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {bearer}", **named}, **more)

    def get(self, path: str, by: str = "furniture", **headers: str) -> TestResponse:
        """Read in the name of one of the cast."""
        return self.call("GET", path, by, **headers)

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


def an_api(hub: Hub, *, sandbox: bool = True) -> Api:
    """The API of a zone, and its pages."""
    terms = hub.terms
    services = Services(
        hub.database, hub.vault, hub.clock, hub.deliveries, terms.merging, terms.book, sandbox=sandbox, listing=terms.listing
    )
    features = (Feature(blueprint) for blueprint in create_blueprints(services))
    app = a_site(hub.database, hub.clock, *features, sandbox=sandbox)
    app.config.update(RATELIMIT_ENABLED=False)
    return Api(app, hub, app.test_client())


@pytest.fixture
def api(hub: Hub) -> Api:
    """The API of the zone."""
    return an_api(hub)


@pytest.fixture
def bare(hub: Hub) -> Api:
    """The API of the zone, where outcomes cannot be tried."""
    return an_api(hub, sandbox=False)
