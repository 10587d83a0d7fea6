"""What credit needs from outside: somebody who asks the single window for an inspection share."""

from decimal import Decimal
from typing import Protocol


class TreatmentUnavailable(Exception):
    """The single window did not answer, or is down: ask again later."""


class TreatmentRefused(Exception):
    """The single window refuses the question for good."""


class TreatmentDesk(Protocol):
    """Asks the single window for a treatment. Raises ``TreatmentUnavailable`` or ``TreatmentRefused``."""

    def ask(self, code: str, inspection_share: Decimal) -> None:
        """Ask that this share (0 to 1) of an enterprise's lists be inspected; ``code`` is its customs code."""
