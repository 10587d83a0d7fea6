"""What a group of pages brings to the site: its routes, its places in the menu, its counters of waiting work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask import Blueprint
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Principal, Role
from ccezone.storage import Connection
from ccezone.storage.personal import PersonalVault


class Group(StrEnum):
    """The three service groups of a pilot zone's platform, and what stands beside them."""

    DATA = "data"
    GOVERNMENT = "government"
    SPECIAL = "special"
    PARTNER = "partner"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page of the menu. ``roles`` empty: for everybody, signed in or not."""

    group: Group
    label: LazyString
    endpoint: str
    roles: frozenset[Role] = frozenset()
    order: int = 100
    note: LazyString | None = None


@dataclass(frozen=True, slots=True)
class Todo:
    """A counter under "needs you now"; it opens the rows it counts, and is silent at nought."""

    label: LazyString
    endpoint: str
    roles: frozenset[Role]
    count: Callable[[Connection, Principal], int]
    values: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Reveal:
    """How one kind of row shows a personal value in clear.

    ``read`` gets the row's id and the field's name and returns the value, or ``None`` when there is no such row
    for this person: someone else's looks like none.
    """

    kind: str
    fields: frozenset[str]
    read: Callable[[Connection, PersonalVault, Principal, UUID, str], str | None]


class Stage(StrEnum):
    """Where something that must be approved stands in the work list."""

    WAITING = "waiting"
    RETURNED = "returned"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Due:
    """By which day something is to be decided, and the working days left (below nought: overdue)."""

    day: date
    left: int


@dataclass(frozen=True, slots=True)
class Approval:
    """Something to approve, as the work list shows it. ``id`` is a version-7 UUID, so that ids follow time over all kinds.

    ``tone`` is that of the badge of its ``state``; ``own``: whoever looks asked for it and cannot decide it.
    """

    id: UUID
    title: str
    note: str
    address: str
    asked_by: str
    asked_at: datetime | None
    state: str
    tone: str
    due: Due | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Approvals:
    """One kind of things that somebody approves: who sees and who decides them, how many there are, and a page of them.

    ``decidable`` counts what waits and is not one's own, where somebody may not decide on that; without it, all that waits.
    ``of_zone``: about the zone as a whole, which a node's people do not open.
    ``rows`` gets the stage, what is searched for, the cursor and how many: waiting ones oldest first, others newest first.
    """

    kind: str
    label: LazyString
    seen_by: frozenset[Role]
    decided_by: frozenset[Role]
    count: Callable[[Connection, Principal], Mapping[Stage, int]]
    rows: Callable[[Connection, Principal, Stage, str, UUID | None, int], Sequence[Approval]]
    decidable: Callable[[Connection, Principal], int] | None = None
    of_zone: bool = False


@dataclass(frozen=True, slots=True)
class Feature:
    """A blueprint and what belongs to it; ``approvals`` join the office's one work list.

    An API blueprint (``url_prefix`` under ``/api``) judges access itself.
    """

    blueprint: Blueprint
    menu: tuple[MenuEntry, ...] = ()
    todo: tuple[Todo, ...] = ()
    reveals: tuple[Reveal, ...] = ()
    approvals: tuple[Approvals, ...] = ()
