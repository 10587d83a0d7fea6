"""Summary declarations and goods returns handed out as files; every file handed out is on record."""

from collections.abc import Callable

from flask import Response, abort, request

from ccezone.accounts.service import record
from ccezone.declarations.queries.application_sheets import (
    Spelling,
    returns_csv,
    returns_sheet,
    summaries_csv,
    summaries_sheet,
)
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage import Connection
from ccezone.web.firm.applications import returns, summaries, words
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firms_and_office
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.paging import searched

_TYPES = {"xlsx": XLSX, "csv": "text/csv"}


@summaries.blueprint.get("/file")
@firms_and_office
def summaries_file() -> Response:
    """Hand the summaries of a tab out: a workbook with the lists of each, or CSV."""
    tab, text = _tab(), searched()
    write = summaries_csv if _form() == "csv" else summaries_sheet
    return _handed("summaries", lambda connection, said: write(connection, viewer(), tab, text, said))


@returns.blueprint.get("/file")
@firms_and_office
def returns_file() -> Response:
    """Hand the goods returns of a tab out: a workbook with the goods of each, or CSV."""
    tab, text = _tab(), searched()
    write = returns_csv if _form() == "csv" else returns_sheet
    return _handed("goods-returns", lambda connection, said: write(connection, viewer(), tab, text, said))


def _handed(name: str, write: Callable[[Connection, Spelling], bytes]) -> Response:
    form = _form()
    with hub().database.reading() as connection:
        parties = directory(connection).by_id
        said = Spelling(lambda state: words.state(state)[0], lambda known: parties[known].name if known in parties else "")
        content = write(connection, said)
    with hub().database.begin() as uow:
        record(uow, current_principal(), "applications.download", name, hub().clock)
    day = hub().clock.now().astimezone(SHANGHAI).date()
    return attachment(content, f"{name}-{day:%Y%m%d}.{form}", _TYPES[form])


def _form() -> str:
    form = request.args.get("form", "xlsx")
    return form if form in _TYPES else abort(400)


def _tab() -> str:
    tab = request.args.get("tab", "")
    return tab if tab in words.TABS else abort(400)
