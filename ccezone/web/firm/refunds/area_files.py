"""Special-area export handed out as workbooks; every file handed out is on record."""

from collections.abc import Callable

from flask import Response, abort, request

from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage import Connection
from ccezone.tax_refunds.queries.area import TABS, LotRow
from ccezone.tax_refunds.queries.area_sheet import Spelling, lots_sheet, summaries_sheet
from ccezone.web.firm.refunds import area
from ccezone.web.firm.refunds import area_words as words
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firms_and_office
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.paging import searched


@area.blueprint.get("/file")
@firms_and_office
def lots_file() -> Response:
    """Hand the lots of a tab out with their deliveries."""
    tab, text = request.args.get("tab", ""), searched()
    if tab not in TABS:
        abort(400)
    return _handed("special-area-lots", lambda connection, said: lots_sheet(connection, viewer(), tab, text, said))


@area.blueprint.get("/declarations/file")
@firms_and_office
def summaries_file() -> Response:
    """Hand consolidated declarations out with the deliveries of each."""
    text = searched()
    return _handed("special-area-declarations", lambda connection, said: summaries_sheet(connection, viewer(), text, said))


def _handed(name: str, write: Callable[[Connection, Spelling], bytes]) -> Response:
    with hub().database.reading() as connection:
        parties = directory(connection).by_id
        enterprise = lambda known: parties[known].name if known in parties else ""  # noqa: E731
        content = write(connection, Spelling(lambda state: str(words.STATES[state][0]), _use, enterprise))
    with hub().database.begin() as uow:
        record(uow, current_principal(), "special_area.download", name, hub().clock)
    day = hub().clock.now().astimezone(SHANGHAI).date()
    return attachment(content, f"{name}-{day:%Y%m%d}.xlsx", XLSX)


def _use(row: LotRow) -> str:
    return str(words.use(row)[0])
