"""Scans that belong to evidence and listings: taken in by their bytes, handed out to whoever may see what they prove."""

from uuid import UUID

from flask import Response, abort, request

from ccezone.cases.queries import file_of, read_file
from ccezone.cases.rules import SCANS, file_faults, kind_of
from ccezone.cases.service import Upload, store_file
from ccezone.kernel.errors import Refused
from ccezone.storage import UnitOfWork
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal
from ccezone.web.shell.files import attachment

MOST_MB = 10
PURPOSE = "credit"


def scan(uow: UnitOfWork, enterprise_id: UUID | None) -> UUID | None:
    """Keep the scan a form brought, if it brought one. Raises ``Refused``: too large, or of no kind a scan has."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return None
    content = given.read()
    faults = file_faults(content, SCANS, MOST_MB * 1024 * 1024)
    kind = kind_of(content)
    if faults or kind is None:
        raise Refused(*faults)
    upload = Upload(given.filename, kind, content, PURPOSE, enterprise_id, current_principal().user_id)
    return store_file(uow, hub().vault, upload, hub().clock)


def handed_out(file_id: UUID | None) -> Response:
    """Return a scan as a download; 404 for what is none of credit. The caller has judged who may see it."""
    with hub().database.reading() as connection:
        known = file_of(connection, file_id) if file_id else None
        if known is None or known.purpose != PURPOSE:
            abort(404)
        return attachment(read_file(connection, hub().vault, known.id), known.name, known.media_type)
