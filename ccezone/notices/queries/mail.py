"""Read models of the mail queue, for the office: what went out, what waits, what was given up. Never what it said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_ROWS = """
SELECT m.id, m.kind, u.login, u.name,
    CASE WHEN m.sent_at IS NOT NULL THEN 'sent' WHEN m.due_at IS NOT NULL THEN 'waiting' ELSE 'given_up' END AS state,
    m.created_at, m.due_at, m.sent_at, m.attempts, m.last_error
FROM mail_message m LEFT JOIN user_account u ON u.id = m.user_id
"""
_LOG = f"""
WITH mail AS ({_ROWS})
SELECT * FROM mail
WHERE (%(after)s::uuid IS NULL OR id < %(after)s) AND (%(state)s = '' OR state = %(state)s)
    AND (%(text)s = '' OR position(lower(%(text)s) IN login) > 0 OR position(%(text)s IN name) > 0)
ORDER BY id DESC LIMIT %(limit)s
"""  # noqa: S608  # built from our own text only
_COUNTS = """
SELECT count(sent_at), count(due_at), count(*) FILTER (WHERE sent_at IS NULL AND due_at IS NULL) FROM mail_message
"""


@dataclass(frozen=True, slots=True)
class MailView:
    """One mail of the log; ``login`` is empty when it went to an address without an account."""

    id: UUID
    kind: str
    login: str | None
    name: str | None
    state: str
    created_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    attempts: int
    last_error: str


@dataclass(frozen=True, slots=True)
class MailCounts:
    """How many mails were sent, wait, were given up."""

    sent: int = 0
    waiting: int = 0
    given_up: int = 0


def mail_log(
    connection: Connection, state: str = "", text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[MailView]:
    """Return mails, newest first, after a cursor; of one state or of all."""
    values = {"state": state, "text": text.strip(), "after": after, "limit": limit}
    return [MailView(*row) for row in fetch(connection, _LOG, values)]


def mail_counts(connection: Connection) -> MailCounts:
    """Return the counts of all mails kept."""
    return MailCounts(*fetch(connection, _COUNTS)[0])
