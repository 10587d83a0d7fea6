"""What may become of an alert, and who may be asked to work on it."""

from enum import StrEnum


class Agency(StrEnum):
    """Agencies that work on an alert together."""

    CUSTOMS = "customs"
    TAX = "tax"
    FOREIGN_EXCHANGE = "foreign_exchange"
    MARKET_SUPERVISION = "market_supervision"
    COMMERCE = "commerce"
    POST = "post"
    PUBLIC_SECURITY = "public_security"
    FINANCE = "finance"


class Disposition(StrEnum):
    """How an alert ends."""

    CONFIRMED = "confirmed"  # it was so; measures are taken
    REFERRED = "referred"  # handed to an agency that goes on by itself
    CORRECTED = "corrected"  # an error that the firm mended
    UNFOUNDED = "unfounded"  # nothing in it: the rule may want other thresholds


AGENCIES = frozenset(agency.value for agency in Agency)
DISPOSITIONS = frozenset(disposition.value for disposition in Disposition)
