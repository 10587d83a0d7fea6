"""The mock single window, beside the hub of a test."""

from tests.integrations.conftest import mock_database_url, window

__all__ = ["mock_database_url", "window"]
