"""Cursor pages: rows, and the cursor of the next page (null on the last)."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from ccezone.api.problems import Problem
from ccezone.kernel.errors import Fault

Row = TypeVar("Row")
Cursor = TypeVar("Cursor")


def cut(rows: Sequence[Row], limit: int, cursor: Callable[[Row], object]) -> tuple[Sequence[Row], str | None]:
    """Cut rows fetched with ``limit + 1`` to a page, and return the cursor of the next."""
    return rows[:limit], str(cursor(rows[limit - 1])) if len(rows) > limit else None


def read_cursor(text: str, read: Callable[[str], Cursor]) -> Cursor | None:
    """Read a cursor; ``None`` for the first page. Raises ``Problem`` 422 when it is none of ours."""
    if not text:
        return None
    try:
        return read(text)
    except ValueError:
        raise Problem(422, [Fault("/after", "bad_cursor")]) from None


def as_uuid(text: str) -> UUID:
    """Read a cursor that is an id. Raises ``ValueError``."""
    return UUID(text)


def as_bigint(text: str) -> int:
    """Read a cursor that is a number the database can hold. Raises ``ValueError``."""
    number = int(text)
    if abs(number) >= 2**63:
        raise ValueError(text)
    return number
