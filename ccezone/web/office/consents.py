"""The office's view of consents: which firm let which bank see what, and every look of every partner."""

from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.consents.queries import (
    TABS,
    ConsentFilter,
    consent,
    count_consents,
    decision,
    decisions_of,
    reads,
    search_consents,
    steps_of,
)
from ccezone.web.hub import hub
from ccezone.web.partner import words
from ccezone.web.partner.bank import PAPER, today_of
from ccezone.web.shell.access import READERS, office_readers
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from ccezone.web.shell.scans import hand_out

blueprint = Blueprint("office_consents", __name__, url_prefix="/office/consents")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("数据授权与查询记录"),
            "office_consents.listing",
            READERS,
            order=28,
            note=_l("企业对银行的授权，各合作机构的每次查询"),
        ),
    ),
)


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List all consents by standing, the newest first."""
    tab = request.args.get("tab", "live")
    if tab not in TABS:
        abort(404)
    wanted = ConsentFilter(today_of(), text=searched())
    with hub().database.reading() as connection:
        rows = search_consents(connection, wanted, tab, after_id(), PAGE + 1)
        counts = count_consents(connection, wanted)
    shown = page(rows, lambda row: row.id)
    return render_template(
        "partner/office_consents.html", page=shown, tab=tab, counts=counts, words=words, today=today_of(), text=searched()
    )


@blueprint.get("/looks")
@office_readers
def looks() -> ResponseReturnValue:
    """Show every look of every partner, the last first."""
    refused = request.args.get("show") == "refused"
    with hub().database.reading() as connection:
        rows = reads(connection, text=searched(), only_refused=refused, after=after_id(), limit=PAGE + 1)
    shown = page(rows, lambda row: row.id)
    return render_template("partner/office_looks.html", page=shown, text=searched(), refused=refused, words=words)


@blueprint.get("/<uuid:consent_id>")
@office_readers
def detail(consent_id: UUID) -> ResponseReturnValue:
    """Show one consent with its story, looks and decisions."""
    with hub().database.reading() as connection:
        found = consent(connection, consent_id) or abort(404)
        shown = {
            "steps": steps_of(connection, consent_id),
            "decisions": decisions_of(connection, consent_id),
            "reads": reads(connection, consent_id=consent_id, limit=50),
        }
    return render_template("partner/office_consent.html", consent=found, words=words, today=today_of(), **shown)


@blueprint.get("/<uuid:consent_id>/decisions/<uuid:decision_id>/file")
@office_readers
def file(consent_id: UUID, decision_id: UUID) -> Response:
    """Hand out the document of a decision."""
    with hub().database.reading() as connection:
        found = decision(connection, decision_id)
    return hand_out(found.file_id if found and found.consent_id == consent_id else None, PAPER)
