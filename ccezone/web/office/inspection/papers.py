"""Documents of inspections: taken in by their bytes, handed out to whoever may see the order; days and times as forms send them."""

from datetime import date, datetime
from uuid import UUID

from flask import Response, abort, request

from ccezone.cases.queries import file_of, read_file
from ccezone.cases.rules import SCANS, file_faults, kind_of
from ccezone.cases.service import Upload, store_file
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import UnitOfWork
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal
from ccezone.web.shell.files import attachment

MOST_MB = 10
PURPOSE = "inspection"


def scan(uow: UnitOfWork, enterprise_id: UUID) -> UUID | None:
    """Keep the document a form brought, if it brought one. Raises ``Refused``: too large, or of no kind a scan has."""
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


def handed_out(file_id: UUID) -> Response:
    """Return a document as a download; 404 for what is none of inspection. The caller has judged who may see it."""
    with hub().database.reading() as connection:
        known = file_of(connection, file_id)
        if known is None or known.purpose != PURPOSE:
            abort(404)
        return attachment(read_file(connection, hub().vault, known.id), known.name, known.media_type)


def read_day(typed: str, pointer: str) -> date:
    """Read a day. Raises ``Refused``."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused(Fault(pointer, "bad_day", {"value": typed}) if typed else Fault(pointer, "required")) from None


def read_moment(typed: str, pointer: str) -> datetime | None:
    """Read a Shanghai time as browsers send it; nothing typed is none. Raises ``Refused``."""
    if not typed:
        return None
    try:
        return datetime.strptime(typed[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Refused(Fault(pointer, "moment_wrong", {"value": typed})) from None
