"""Partners of the zone (platforms, merchants, payment and logistics enterprises): what they deliver, decoded."""

from integrations.partners.deliveries import CebDeliveries

__all__ = ["CebDeliveries"]
