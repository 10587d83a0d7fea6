"""Grades that others gave, beside what they answer to here by the table of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.credit.rules.recognition import Table, read_table, recognised_as
from ccezone.credit.rules.scoring import Grade
from ccezone.parameters.queries import book
from ccezone.parameters.rules import Parameter
from ccezone.storage.copying import fetch

TABLE_KEY = "credit.recognition.grades"
_GRADES = """
SELECT g.id, g.scheme, g.issuer, g.grade, g.valid_from, g.valid_to, g.document, g.file_id, g.note, g.recorded_at, g.recorded_by,
    r.recorded_at
FROM credit_foreign_grade g LEFT JOIN credit_foreign_grade r ON r.revokes = g.id
WHERE g.enterprise_id = %(id)s AND g.revokes IS NULL ORDER BY g.id DESC LIMIT 100
"""


@dataclass(frozen=True, slots=True)
class ForeignGradeView:
    """One grade of others; ``revoked_at``: since when it counts no more."""

    id: UUID
    scheme: str
    issuer: str
    grade: str
    valid_from: date
    valid_to: date | None
    document: str
    file_id: UUID | None
    note: str
    recorded_at: datetime
    recorded_by: str
    revoked_at: datetime | None

    def holds(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return self.revoked_at is None and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def foreign_grades(connection: Connection, enterprise_id: UUID) -> Sequence[ForeignGradeView]:
    """Return the grades others gave an enterprise, the last recorded first."""
    return [ForeignGradeView(*row) for row in fetch(connection, _GRADES, {"id": enterprise_id})]


def recognition_table(connection: Connection, zone: str, day: date) -> tuple[Parameter, Table]:
    """Return the table of a day: the parameter with its document and mark, and its lines."""
    row = book(connection, zone).row(TABLE_KEY, day)
    return row, read_table(book(connection, zone).texts(TABLE_KEY, day))


def ours(table: Table, given: ForeignGradeView) -> Grade | None:
    """Return what a grade of others answers to here."""
    return recognised_as(table, given.scheme, given.grade)
