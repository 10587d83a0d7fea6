"""What the queues need from the areas whose documents they watch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a case is to be kept about. ``since`` is the time of the newest fact in it.

    A case that an officer closed after ``since`` is not opened again: nothing has changed.
    """

    subject: int
    enterprise_id: UUID | None
    since: datetime
    detail: Mapping[str, object] = field(default_factory=dict)


class Detector(Protocol):
    """Watches one kind of trouble that shows in the state of documents."""

    @property
    def kind(self) -> str:
        """The queue (``rules.queues``)."""

    @property
    def subject_kind(self) -> str:
        """What the subjects are: ``list``, ``order``, ``receipt``, ``rejections``, ``sender``."""

    def find(self, connection: Connection, now: datetime, most: int) -> Sequence[Finding]:
        """Return what a case is due about, the oldest first."""

    def still(self, connection: Connection, now: datetime, subjects: Sequence[int]) -> Mapping[int, Mapping[str, object]]:
        """Return which of these subjects a case is still due about, each with its detail as it is now."""
