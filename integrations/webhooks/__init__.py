"""Receivers of webhooks: whatever address a firm gave, called with suspicion."""

from integrations.webhooks.caller import HttpCaller

__all__ = ["HttpCaller"]
