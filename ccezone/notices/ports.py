"""What notices need from outside: somebody who carries mail, and somebody who calls webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID


class MailNotSent(Exception):
    """The mail server did not take the mail: try again later."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person: plain text, the same as HTML, and where to choose not to get such mail (for its header)."""

    to: str
    subject: str
    body: str
    html: str = ""
    choices_url: str = ""


class Postman(Protocol):
    """Hands mail to a mail server. Raises ``MailNotSent``."""

    def deliver(self, mail: Mail) -> None: ...


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a webhook: the event's id, its body byte for byte, the moment of the call, and the secrets that sign it."""

    url: str
    event_id: UUID
    at: datetime
    body: str
    secrets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook answered. Without a ``status`` nothing was answered, and ``error`` is a word for why.

    ``excerpt`` is the start of the answer's body, ``retry_after`` how long the receiver asks to be left alone.
    """

    status: int | None
    error: str = ""
    excerpt: str = ""
    milliseconds: int = 0
    retry_after: timedelta | None = None

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Caller(Protocol):
    """Calls webhooks, and never raises for what a receiver does."""

    def call(self, call: Call) -> Answer: ...
