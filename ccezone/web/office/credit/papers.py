"""Scans that belong to evidence and listings."""

from uuid import UUID

from flask import Response

from ccezone.storage import UnitOfWork
from ccezone.web.shell.scans import MOST_MB, hand_out, keep_scan

PURPOSE = "credit"
__all__ = ["MOST_MB", "PURPOSE", "handed_out", "scan"]


def scan(uow: UnitOfWork, enterprise_id: UUID | None) -> UUID | None:
    """Keep the scan a form brought, if it brought one. Raises ``Refused``: too large, or of no kind a scan has."""
    kept = keep_scan(uow, enterprise_id, PURPOSE)
    return kept[0] if kept else None


def handed_out(file_id: UUID | None) -> Response:
    """Return a scan as a download; 404 for what is none of credit. The caller has judged who may see it."""
    return hand_out(file_id, PURPOSE)
