"""Verifying papers by their code."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from ccezone.enterprises import tables  # noqa: F401 - declares the tables

REGISTRATION = "registration"
_papers = SQLModel.metadata.tables["issued_paper"]


@dataclass(frozen=True, slots=True)
class PaperView:
    """An issued paper. ``facts`` are what it says; anybody who holds the code may see them."""

    code: str
    kind: str
    subject: str
    facts: Mapping[str, Any]
    digest: bytes
    enterprise_id: UUID | None
    issued_at: datetime
    revoked_at: datetime | None
    revoke_reason: str

    @property
    def live(self) -> bool:
        """Say whether it still holds."""
        return self.revoked_at is None


def paper(connection: Connection, code: str) -> PaperView | None:
    """Return a paper by its code, however it was typed: lower case, with or without hyphens."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())[:32]
    spelled = "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
    row = connection.execute(_select().where(_papers.c.code == spelled)).mappings().one_or_none()
    return None if row is None else PaperView(**row)


def live_paper(connection: Connection, kind: str, subject: str) -> PaperView | None:
    """Return the newest paper of a kind about a subject that still holds."""
    live = (_papers.c.kind == kind, _papers.c.subject == subject, _papers.c.revoked_at.is_(None))
    statement = _select().where(*live).order_by(_papers.c.issued_at.desc()).limit(1)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else PaperView(**row)


def _select() -> Any:  # a Select of these columns; its type parameters say nothing
    return select(*(_papers.c[field.name] for field in fields(PaperView)))
