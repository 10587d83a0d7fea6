"""What pages of background jobs share: the part that changes while one waits, and the file that was made."""

from uuid import UUID

from flask import Response, abort, render_template, request

from ccezone.background.queries import JobView, job
from ccezone.cases.queries import file_of, read_file
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id
from ccezone.web.shell.files import attachment


def own_job(connection: Connection, job_id: UUID, kind: str) -> JobView:
    """Return a job of the firm that looks. 404 for another's, and for one of another kind."""
    known = job(connection, job_id, current_enterprise_id())
    if known is None or known.kind != kind:
        abort(404)
    return known


def shown(known: JobView, whole: str, part: str, **values: object) -> Response:
    """Show how far a job is; to htmx only ``part``, whose ``#moving`` it puts in place of the last one.

    While the job runs nothing else is swapped, so that no press of a button beside it is lost; once it is over, all of ``#job``
    is put in place, which asks no more.
    """
    if not request.headers.get("HX-Request"):
        return Response(render_template(whole, job=known, **values))
    answer = Response(render_template(part, job=known, **values))
    if known.over:
        answer.headers.update({"HX-Retarget": "#job", "HX-Reselect": "#job", "HX-Reswap": "outerHTML"})
    return answer


def file_made(connection: Connection, known: JobView) -> Response:
    """Hand out the file a job made. 404 where it made none, or for another's."""
    file = file_of(connection, known.file_id, current_enterprise_id()) if known.file_id else None
    if file is None:
        abort(404)
    return attachment(read_file(connection, hub().vault, file.id), file.name, file.media_type)
