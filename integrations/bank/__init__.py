"""The bank's channel. No public interface of one is known to us: addresses and bodies are ours, and the mock's."""

from integrations.bank.client import HttpBank

__all__ = ["HttpBank"]
