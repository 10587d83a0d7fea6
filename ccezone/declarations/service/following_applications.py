"""Following applications: receipts make their states; what a released return brings about happens in the same transaction."""

from collections.abc import Sequence
from datetime import datetime

from ccezone.declarations.service.applications import ApplicationAnswer, apply_application_answers
from ccezone.storage import UnitOfWork


def follow_answers(uow: UnitOfWork, answers: Sequence[ApplicationAnswer], at: datetime) -> None:
    """Fold receipts into applications, in any order and however often."""
    apply_application_answers(uow, answers, at)
