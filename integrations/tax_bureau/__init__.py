"""The tax bureau's refund channel. No public interface of one is known to us: addresses and bodies are ours, and the mock's."""

from integrations.tax_bureau.client import HttpTaxBureau

__all__ = ["HttpTaxBureau"]
