"""Issuing papers that anybody can verify by their code: registration certificates, and whatever else the hub signs for."""

import hashlib
from collections.abc import Mapping, Sequence
from secrets import choice
from uuid import UUID

import orjson
from sqlalchemy import update

from ccezone.enterprises.tables import IssuedPaper
from ccezone.kernel.clock import Clock
from ccezone.storage import UnitOfWork

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another
_GROUPS, _GROUP = 4, 4
PaperFacts = Mapping[str, str | Sequence[str]]


def issue_paper(
    uow: UnitOfWork, kind: str, subject: str, facts: PaperFacts, by: str, clock: Clock, enterprise_id: UUID | None = None
) -> str:
    """Issue a paper; return its code (80 random bits, so that nobody meets one by guessing).

    ``facts`` are what the paper says and what anybody with the code may see: never personal values.
    """
    code = "-".join("".join(choice(LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    row = IssuedPaper(
        code=code,
        kind=kind,
        subject=subject,
        facts=dict(facts),
        digest=facts_digest(facts),
        enterprise_id=enterprise_id,
        issued_at=clock.now(),
        issued_by=by,
    )
    uow.session.add(row)
    uow.session.flush()
    return code


def revoke_papers(uow: UnitOfWork, kind: str, subject: str, by: str, reason: str, clock: Clock) -> int:
    """Revoke the live papers of one kind about a subject; return how many there were."""
    table = IssuedPaper.metadata.tables["issued_paper"]
    live = (table.c.kind == kind, table.c.subject == subject, table.c.revoked_at.is_(None))
    values = {"revoked_at": clock.now(), "revoked_by": by, "revoke_reason": reason}
    return uow.connection.execute(update(table).where(*live).values(values)).rowcount


def facts_digest(facts: PaperFacts) -> bytes:
    """Digest what a paper says: SHA-256 over its facts as JSON with sorted keys."""
    return hashlib.sha256(orjson.dumps(dict(facts), option=orjson.OPT_SORT_KEYS)).digest()
