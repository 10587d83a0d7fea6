"""Cursor paging: one row more than a page is asked for, and tells whether there is a next one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from flask import abort, request

Row = TypeVar("Row")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of rows; ``after`` opens the next one, ``None`` on the last; ``first`` says it is the first."""

    rows: Sequence[Row]
    after: str | None
    first: bool


def page(rows: Sequence[Row], cursor: Callable[[Row], object], size: int = PAGE) -> Page[Row]:
    """Cut rows fetched with ``size + 1`` to a page."""
    after = str(cursor(rows[size - 1])) if len(rows) > size else None
    return Page(rows[:size], after, not request.args.get("after"))


def after_id() -> UUID | None:
    """Return the cursor of the address as an id; 400 when it is none."""
    given = request.args.get("after", "")
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        abort(400)


def day_asked(name: str) -> date | None:
    """Return the day that the address names, ``None`` where it names none. 400 for what is no day."""
    given = request.args.get(name, "")
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        abort(400)


def searched() -> str:
    """Return what is searched for."""
    return request.args.get("q", "").strip()[:100]
