"""What a printed document is made of, in one language, before it is laid out: facts, tables, the steps of a story."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import orjson

from ccezone.bills.ports import Deliveries
from ccezone.storage import Connection
from ccezone.storage.personal import PersonalVault

Locale = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Facts:
    """Values with their labels; those without a value are left out."""

    title: str
    rows: Sequence[tuple[str, str]]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and whether it holds numbers."""

    label: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, of which the first heads its row where ``row_heads``. A cell may have several lines.

    ``marked`` are cells that stand out: (row, column), from 0.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    note: str = ""
    row_heads: bool = False
    marked: frozenset[tuple[int, int]] = frozenset()
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a story: when, what, and what was said of it."""

    at: str
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """A story in order."""

    title: str
    steps: Sequence[Step]
    kind: str = "steps"


Section = Facts | Table | Steps


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one language: what it is, its number, whose it is, its parts; ``contents``: it begins with a list of them."""

    title: str
    number: str
    party: str
    sections: Sequence[Section]
    contents: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where documents are read from, with whose eyes: an enterprise's, or (``None``) the office's."""

    connection: Connection
    vault: PersonalVault
    deliveries: Deliveries
    viewer: UUID | None


@dataclass(frozen=True, slots=True)
class Composed:
    """A document as it stands now.

    ``facts`` are what anybody with the code may see, never personal; ``content`` is all the document says, free of language
    and with personal values masked; ``document`` writes it in a language, personal values in clear when told to.
    """

    facts: Mapping[str, str]
    content: object
    document: Callable[[Locale, bool], Document]

    @property
    def sworn(self) -> dict[str, str]:
        """What is kept under the code: the facts, and a digest of the whole content."""
        packed = orjson.dumps(self.content, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME)
        kept = {name: value for name, value in self.facts.items() if value}
        return {**kept, "content": hashlib.sha256(packed).hexdigest()}


Composer = Callable[[Source, str], Composed | None]
"""Reads one kind of document by its subject; ``None``: there is none for this viewer."""


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
