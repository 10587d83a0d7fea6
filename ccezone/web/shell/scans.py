"""Scans that forms bring: taken in by their bytes, kept for a purpose, handed out to whoever the caller lets see them."""

from uuid import UUID

from flask import Response, abort, request

from ccezone.cases.queries import FileView, file_of, read_file
from ccezone.cases.rules import SCANS, file_faults, kind_of
from ccezone.cases.service import Upload, store_file
from ccezone.kernel.errors import Refused
from ccezone.storage import UnitOfWork
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal
from ccezone.web.shell.files import attachment

MOST_MB = 10


def keep_scan(uow: UnitOfWork, enterprise_id: UUID | None, purpose: str) -> tuple[UUID, str] | None:
    """Keep the scan a form brought, if it brought one; return its id and name. Raises ``Refused``: too large, or no scan."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return None
    content = given.read()
    faults = file_faults(content, SCANS, MOST_MB * 1024 * 1024)
    kind = kind_of(content)
    if faults or kind is None:
        raise Refused(*faults)
    upload = Upload(given.filename, kind, content, purpose, enterprise_id, current_principal().user_id)
    return store_file(uow, hub().vault, upload, hub().clock), upload.name[-200:]


def hand_out(file_id: UUID | None, purpose: str) -> Response:
    """Return a scan as a download; 404 for what was kept for something else. The caller has judged who may see it."""
    with hub().database.reading() as connection:
        known: FileView | None = file_of(connection, file_id) if file_id else None
        if known is None or known.purpose != purpose:
            abort(404)
        return attachment(read_file(connection, hub().vault, known.id), known.name, known.media_type)
