"""Faults as data: what is wrong, where, with which values. Texts in two languages live in ``schemas/codes/problems.csv``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    ``pointer`` is a JSON pointer into the document (``/lines/2/qty``, ``""`` for the whole of it),
    ``code`` the stable contract, ``params`` the values its text is filled with.
    """

    pointer: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A use case that is refused as a whole, with every reason that was found."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.pointer or '/'}: {fault.code}" for fault in faults))
        self.faults: Sequence[Fault] = faults


class NotFound(Refused):
    """The thing does not exist, or belongs to somebody else: the two look alike on purpose."""


class NotAllowed(Refused):
    """The person or credential may not do this."""


class Stale(Refused):
    """The thing was changed by somebody else since it was read."""
