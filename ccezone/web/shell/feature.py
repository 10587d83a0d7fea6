"""What a group of pages brings to the site: its routes, its places in the menu, its counters of waiting work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Feature:
    """A blueprint and what belongs to it. An API blueprint (``url_prefix`` under ``/api``) judges access itself."""

    blueprint: Blueprint
    menu: tuple[MenuEntry, ...] = ()
    todo: tuple[Todo, ...] = ()
    reveals: tuple[Reveal, ...] = ()
