"""What an operation of the API says of itself, once: who may call it, what it takes and answers, with examples.

A resource's module collects its operations in ``Resource``; ``mounting`` puts them on the blueprint.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from marshmallow import Schema

from ccezone.accounts.rules import Permission
from schemas.rest.words import Words

View = TypeVar("View", bound=Callable[..., Any])
NOTHING = Words("", "")


@dataclass(frozen=True, slots=True)
class Example:
    """A request that works as it stands, and what it shows."""

    name: str
    words: Words
    value: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Media:
    """One media type of a body that the view reads itself. ``schema`` may hold marshmallow classes."""

    type: str
    schema: Mapping[str, object]
    examples: Sequence[Example] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. ``body`` is read by its schema, ``media`` by the view; ``answers`` are media types beside JSON.

    ``links`` say where its answer leads: operation, its parameter, and where in the answer the value stands.
    ``made`` says that it may answer 201 as well; ``public`` that nobody need say who calls, ``bank`` that
    banks call it, not firms, ``provider`` that data providers do.
    """

    method: str
    rule: str
    name: str
    view: Callable[..., Any]
    summary: Words
    tag: Words
    details: Words = NOTHING
    permission: Permission | None = None
    query: type[Schema] | None = None
    body: type[Schema] | None = None
    examples: Sequence[Example] = ()
    media: Sequence[Media] = ()
    status: int = 200
    answer: type[Schema] | None = None
    answers: Sequence[str] = ()
    problems: Sequence[int] = ()
    parameters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    links: Sequence[tuple[str, str, str]] = ()
    etag: bool = False
    made: bool = False
    public: bool = False
    bank: bool = False
    provider: bool = False


class Resource:
    """The operations of one resource, in the order of the documentation."""

    def __init__(self, zh: str, en: str) -> None:
        self.tag = Words(zh, en)
        self.operations: list[Operation] = []

    def get(self, rule: str, name: str, summary: Words, **more: Any) -> Callable[[View], View]:
        """Note an operation that reads."""
        return self._noted("GET", rule, name, summary, more)

    def post(self, rule: str, name: str, summary: Words, **more: Any) -> Callable[[View], View]:
        """Note an operation that may be asked for again by its ``Idempotency-Key``."""
        return self._noted("POST", rule, name, summary, more)

    def put(self, rule: str, name: str, summary: Words, **more: Any) -> Callable[[View], View]:
        """Note an operation that makes or replaces."""
        return self._noted("PUT", rule, name, summary, more)

    def delete(self, rule: str, name: str, summary: Words, **more: Any) -> Callable[[View], View]:
        """Note an operation that removes."""
        return self._noted("DELETE", rule, name, summary, more)

    def _noted(self, method: str, rule: str, name: str, summary: Words, more: Mapping[str, Any]) -> Callable[[View], View]:
        def note(view: View) -> View:
            self.operations.append(Operation(method, rule, name, view, summary, self.tag, **more))
            return view

        return note
