"""What notices need from outside: somebody who carries mail."""

from dataclasses import dataclass
from typing import Protocol


class MailNotSent(Exception):
    """The mail server did not take the mail: try again later."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain-text mail to one person."""

    to: str
    subject: str
    body: str


class Postman(Protocol):
    """Hands mail to a mail server. Raises ``MailNotSent``."""

    def deliver(self, mail: Mail) -> None: ...
