"""The mock single window, and the site, beside the hub of a test."""

from tests.integrations.conftest import mock_database_url, window
from tests.web.conftest import app, cast, clock, signed_in

__all__ = ["app", "cast", "clock", "mock_database_url", "signed_in", "window"]
