"""Files that firms send with their answers, handed out to the office and to the firm itself."""

from uuid import UUID

from flask import Response, abort

from ccezone.cases.queries import steps_of
from ccezone.web.hub import hub
from ccezone.web.shell.scans import hand_out

PURPOSE = "case"


def handed_out(case_id: UUID, file_id: UUID) -> Response:
    """Return a file of a case; 404 when it is none of it. The caller has judged who may see the case."""
    with hub().database.reading() as connection:
        known = {step.file_id for step in steps_of(connection, case_id)}
    return hand_out(file_id, PURPOSE) if file_id in known else abort(404)
