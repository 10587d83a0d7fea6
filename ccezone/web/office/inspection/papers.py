"""Documents of inspections."""

from uuid import UUID

from flask import Response

from ccezone.storage import UnitOfWork
from ccezone.web.shell.scans import hand_out, keep_scan

PURPOSE = "inspection"


def scan(uow: UnitOfWork, enterprise_id: UUID) -> UUID | None:
    """Keep the document a form brought, if it brought one. Raises ``Refused``: too large, or of no kind a scan has."""
    kept = keep_scan(uow, enterprise_id, PURPOSE)
    return kept[0] if kept else None


def handed_out(file_id: UUID) -> Response:
    """Return a document as a download; 404 for what is none of inspection. The caller has judged who may see it."""
    return hand_out(file_id, PURPOSE)
