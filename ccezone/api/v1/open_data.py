"""``/api/v1/open-data``: published statistics for everybody, without a token, as JSON and CSV at addresses that stay.

Any site may read them (CORS, GET only); answers may be kept for some minutes, and asked for again by ETag or date.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Response, request

from ccezone.api.operations import Resource
from ccezone.api.problems import Problem
from ccezone.api.services import services
from ccezone.kernel.errors import Fault
from ccezone.statistics.queries.open_data import TABLES, OpenTable, as_csv, as_json, entity_tag, rows_of
from ccezone.statistics.queries.open_figures import OpenFigures, open_figures
from schemas.rest.open_data import OpenCatalogue, OpenDictionary, OpenRows
from schemas.rest.words import Words

RESOURCE = Resource("开放数据", "Open data")
REQUESTS_PER_MINUTE = 300
"""From one address, in each web process."""
_KEPT_SECONDS = 300
_PROBLEMS = (422, 429)
_TABLE = {
    "table": {
        "description": Words("数据表", "Table"),
        "examples": {"months": {"value": "months"}, "national_regimes": {"value": "national_regimes"}},
    }
}


@RESOURCE.get(
    "/open-data",
    "listOpenData",
    Words("开放数据目录", "List the tables of open data"),
    details=Words(
        "无须令牌。取自已发布的统计月报；涉及企业过少的数字不公开。",
        "Needs no token. From published monthly returns; figures that rest on too few firms are withheld.",
    ),
    answer=OpenCatalogue,
    problems=_PROBLEMS,
    etag=True,
    public=True,
)
def get_catalogue() -> Response:
    """All tables with their addresses."""
    figures, licence = _read()
    shown = {
        **licence,
        "least_firms": figures.least,
        "changed_at": _moment(figures),
        "tables": [_head(each) for each in TABLES.values()],
    }
    return _answer(as_json(shown), "application/json", figures.changed_at)


@RESOURCE.get(
    "/open-data/<string:table>",
    "getOpenData",
    Words("开放数据（JSON）", "A table of open data as JSON"),
    answer=OpenRows,
    parameters=_TABLE,
    problems=_PROBLEMS,
    etag=True,
    public=True,
)
def get_table(table: str) -> Response:
    """All rows of a table."""
    known, (figures, _licence) = _known(table), _read()
    shown = {"name": known.name, "changed_at": _moment(figures), "rows": rows_of(known, figures)}
    return _answer(as_json(shown), "application/json", figures.changed_at if known.ours else None)


@RESOURCE.get(
    "/open-data/<string:table>.csv",
    "getOpenDataCsv",
    Words("开放数据（CSV）", "A table of open data as CSV"),
    answers=("text/csv",),
    parameters=_TABLE,
    problems=_PROBLEMS,
    etag=True,
    public=True,
)
def get_csv(table: str) -> Response:
    """All rows of a table, for spreadsheets."""
    known, (figures, _licence) = _known(table), _read()
    return _answer(as_csv(known, rows_of(known, figures)), "text/csv", figures.changed_at if known.ours else None)


@RESOURCE.get(
    "/open-data/<string:table>/dictionary",
    "getOpenDataDictionary",
    Words("开放数据的数据字典", "The data dictionary of a table"),
    answer=OpenDictionary,
    parameters=_TABLE,
    problems=_PROBLEMS,
    etag=True,
    public=True,
)
def get_dictionary(table: str) -> Response:
    """Fields, units, source, method, licence."""
    known, (_figures, licence) = _known(table), _read()
    shown = {
        "name": known.name, "label_zh": known.zh, "label_en": known.en, **_pair("source", known.source),
        **_pair("method", known.method), **licence,
        "fields": [{"name": f.name, "kind": f.kind, "unit": f.unit, "label_zh": f.zh, "label_en": f.en} for f in known.fields],
    }  # fmt: skip
    return _answer(as_json(shown), "application/json", None)


def _known(name: str) -> OpenTable:
    found = TABLES.get(name)
    if found is None:
        raise Problem(404, [Fault("", "not_found", {"value": name[:40]})])
    return found


def _read() -> tuple[OpenFigures, Mapping[str, str]]:
    """Return what is open and its licence, within what one address may ask for. Raises ``Problem`` 429."""
    work = services()
    work.budget.spend(f"open:{request.remote_addr}", REQUESTS_PER_MINUTE)
    with work.database.reading() as connection:
        figures = open_figures(connection, work.book.zone, work.today())
        book = work.book.current(connection)
    licence = {f"licence_{locale}": book.text(f"statistics.open_licence_{locale}", work.today()) for locale in ("zh", "en")}
    return figures, licence


def _answer(content: bytes, media_type: str, changed_at: datetime | None) -> Response:
    response = Response(content, mimetype=media_type)
    response.set_etag(entity_tag(content))
    response.last_modified = changed_at
    response.cache_control.public = True
    response.cache_control.max_age = _KEPT_SECONDS
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
    response.make_conditional(request)
    return response


def _head(table: OpenTable) -> Mapping[str, str]:
    place = f"/api/v1/open-data/{table.name}"
    labels = {"name": table.name, "label_zh": table.zh, "label_en": table.en}
    return {**labels, "json": place, "csv": f"{place}.csv", "dictionary": f"{place}/dictionary"}


def _pair(name: str, words: tuple[str, str]) -> Mapping[str, str]:
    return {f"{name}_zh": words[0], f"{name}_en": words[1]}


def _moment(figures: OpenFigures) -> str | None:
    return figures.changed_at.astimezone(UTC).isoformat() if figures.changed_at else None
