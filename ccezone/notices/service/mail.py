"""The mail queue: a mail commits with what it tells of, and is sent by a worker, never by a web request."""

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import uuidv7
from ccezone.notices.ports import Mail, MailNotSent, Postman
from ccezone.notices.service.letters import html_of
from ccezone.notices.tables import MailMessage
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.personal import PersonalVault, SealBroken

GIVE_UP_AFTER = 8
FIRST_WAIT = timedelta(minutes=1)
_REFUSALS = 3


def queue_mail(
    uow: UnitOfWork, mail: Mail, vault: PersonalVault, clock: Clock, *, kind: str = "account", user_id: UUID | None = None
) -> None:
    """Put a mail into the queue; it goes out after this transaction commits. ``kind`` and ``user_id`` are for the log."""
    html = mail.html or html_of(mail.subject, mail.body)
    sealed = vault.seal({**asdict(mail), "html": html})
    now = clock.now()
    uow.session.add(MailMessage(id=uuidv7(), kind=kind, user_id=user_id, sealed=sealed, created_at=now, due_at=now))


def send_due(database: Database, postman: Postman, vault: PersonalVault, clock: Clock, limit: int = 200) -> int:
    """Send mail that is due, each in its own transaction; return how many went out.

    A mail the server refuses waits longer each time and is given up after eight attempts. After three refusals in one
    call the rest waits for the next: a server that is down need not be asked for every mail.
    """
    sent = refused = 0
    while sent + refused < limit and refused < _REFUSALS:
        outcome = _send_one(database, postman, vault, clock)
        if outcome is None:
            break
        sent, refused = sent + outcome, refused + (not outcome)
    return sent


def _send_one(database: Database, postman: Postman, vault: PersonalVault, clock: Clock) -> bool | None:
    now = clock.now()
    due = select(MailMessage).where(col(MailMessage.due_at) <= now).order_by(col(MailMessage.due_at)).limit(1)
    with database.begin() as uow:
        row = uow.session.exec(due.with_for_update(skip_locked=True)).first()
        if row is None or row.sealed is None:
            return None
        row.attempts += 1
        try:
            postman.deliver(Mail(**vault.open(row.sealed)))
        except (MailNotSent, SealBroken) as error:
            row.last_error = str(error)
            hopeful = isinstance(error, MailNotSent) and row.attempts < GIVE_UP_AFTER
            row.due_at = now + FIRST_WAIT * 2 ** (row.attempts - 1) if hopeful else None
            row.sealed = row.sealed if row.due_at else None
            return False
        row.sent_at, row.due_at, row.sealed, row.last_error = now, None, None, ""
        return True
