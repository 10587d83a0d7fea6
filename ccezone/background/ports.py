"""What does the work of a job, and what it is given to do it with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from ccezone.storage import UnitOfWork


class Cancelled(Exception):
    """Somebody asked the job to stop; raised by ``Work.reached``, to be let through."""


class LeaseLost(Exception):
    """Another worker took the job over, for this one was silent too long; to be let through."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended well: figures for its page, and the file it made (``StoredFile``)."""

    result: Mapping[str, object] = field(default_factory=dict)
    file_id: UUID | None = None


class Work(Protocol):
    """A running job as its handler sees it."""

    @property
    def job_id(self) -> UUID: ...
    @property
    def enterprise_id(self) -> UUID | None: ...
    @property
    def user_id(self) -> UUID | None: ...
    @property
    def arguments(self) -> Mapping[str, Any]: ...
    @property
    def checkpoint(self) -> Mapping[str, Any]:
        """How far the work had come when it was last interrupted; empty at the first attempt."""

    def reached(self, uow: UnitOfWork, done: int, of: int | None = None, checkpoint: Mapping[str, object] | None = None) -> None:
        """Note progress in the transaction that made it: both commit or neither does.

        Raises ``Cancelled`` or ``LeaseLost``, which end the transaction with nothing of it kept.
        """


Handler = Callable[[Work], Outcome]
"""Does one kind of job in transactions of its own, and may be called again after a crash: it goes on from the checkpoint."""
