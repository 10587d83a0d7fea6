"""Statistical returns in the office: the calendar, compiling, looking, approving by a second officer, publishing, correcting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.accounts.service import record
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.parameters.queries import book
from ccezone.printing.returns.words import number as written
from ccezone.reporting.queries.definitions import ZONE, due_day
from ccezone.statistics.queries.returns import (
    CRITERIA,
    ORIGIN,
    ReturnView,
    content,
    editions,
    files,
    first_month,
    newest,
    return_by_id,
    returns,
    snapshot,
    steps,
)
from ccezone.statistics.rules.periods import Kind, Period, latest
from ccezone.statistics.rules.returns import Series, State
from ccezone.statistics.rules.supplements import Source
from ccezone.statistics.service.returns import FILES, Order, approve_return, compile_return, publish_return, refuse_return
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.office import return_indicators
from ccezone.web.office import return_words as words
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.forms import Field, Form, faults_of_form, posted_version, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page
from ccezone.web.shell.rendering import money
from ccezone.web.zone import zone_name

blueprint = Blueprint("returns", __name__, url_prefix="/office/returns")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("统计报表"),
            "returns.listing",
            frozenset({Role.ZONE_OFFICER, Role.AUDITOR}),
            order=66,
            note=_l("周报至年报：编制、复核、签章、发布"),
        ),
    ),
)
_TYPES = {"pdf": "application/pdf", "xlsx": XLSX}
_FIELDS = (
    Field("kind", _l("报表种类"), "select", required=True, options=tuple(words.KINDS.items())),
    Field(
        "period",
        _l("报告期"),
        required=True,
        max_length=12,
        help=_l("周报如 2026-W47，月报 2026-11，季报 2026-Q4，半年报 2026-H2，年报 2026。"),
    ),
    Field(
        "series",
        _l("数据性质"),
        "select",
        required=True,
        options=tuple(words.SERIES.items()),
        help=_l("报告期结束后才能编制最终数。"),
    ),
    Field("reason", _l("更正原因"), "textarea", max_length=500, help=_l("报告期已有报表时必填：新版发布后取代旧版，旧版保留。")),
)
_SHOWN = {Kind.WEEKLY: 2, Kind.MONTHLY: 3, Kind.QUARTERLY: 2, Kind.HALF_YEAR: 1, Kind.YEARLY: 2}


@dataclass(frozen=True, slots=True)
class Due:
    """A period of the calendar: by which day its return is due, and the newest edition there is."""

    period: Period
    due_on: date
    found: ReturnView | None

    @property
    def done(self) -> bool:
        return self.found is not None and self.found.state == State.PUBLISHED


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """Show what is due, and all returns, the newest first."""
    kind = request.args.get("kind", "")
    if kind and kind not in list(Kind):
        abort(400)
    with hub().database.reading() as connection:
        calendar = _calendar(connection)
        rows = returns(connection, kind, "", after_id(), PAGE + 1)
    return render_template(
        "returns/listing.html", calendar=calendar, page=page(rows, lambda row: row.id), kind=kind, words=words, today=_today()
    )


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show the form for a return."""
    kind = request.args.get("kind") or Kind.MONTHLY
    usual = {"kind": kind, "period": request.args.get("period", "")[:12], "series": Series.PRELIMINARY.value}
    return render_template("returns/form.html", form=Form(_FIELDS, usual))


@blueprint.post("/new")
@officer_only
def create() -> ResponseReturnValue:
    """Compile a return from the figures as they are now."""
    values = submitted(_FIELDS)
    typed, principal = texts(values), current_principal()
    try:
        if faults := faults_of_form(_FIELDS, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            return_id = compile_return(uow, _order(typed), principal.actor, hub().clock)
            record(uow, principal, "return.compile", f"return:{return_id}", hub().clock, {"period": typed["period"]})
    except Refused as refused:
        return render_template("returns/form.html", form=Form(_FIELDS, values, refused.faults)), 422
    flash(_("报表已编制，数字已固定；文件正在生成。"))
    return redirect(url_for("returns.detail", return_id=return_id))


@blueprint.get("/<uuid:return_id>")
@office_readers
def detail(return_id: UUID) -> ResponseReturnValue:
    """Show a return: what it says, its files, its story, what is to be done next."""
    return _show(return_id)


@blueprint.post("/<uuid:return_id>/<any(approve, refuse, publish):deed>")
@officer_only
def decide(return_id: UUID, deed: str) -> ResponseReturnValue:
    """Approve, refuse or publish a return."""
    by, clock, version = current_principal(), hub().clock, posted_version()
    reason = request.form.get("reason", "")[:500]
    try:
        with hub().database.begin() as uow:
            if deed == "approve":
                approve_return(uow, return_id, version, by.actor, clock)
            elif deed == "refuse":
                refuse_return(uow, return_id, version, reason, by.actor, clock)
            else:
                publish_return(uow, return_id, version, by.actor, clock)
            record(uow, by, f"return.{deed}", f"return:{return_id}", clock, {"reason": reason} if reason else None)
    except Refused as refused:
        return _show(return_id, refused.faults)
    told = {"approve": _("已批准，正在签章。"), "refuse": _("已退回。"), "publish": _("已发布。")}
    flash(told[deed])
    return redirect(url_for("returns.detail", return_id=return_id))


@blueprint.get("/<uuid:return_id>/files/<name>")
@office_readers
def file(return_id: UUID, name: str) -> Response:
    """Hand out a file: signed where it is, else as drafted; each download is recorded."""
    if name not in FILES:
        abort(404)
    with hub().database.begin() as uow:
        found = return_by_id(uow.connection, return_id) or abort(404)
        made = content(uow.connection, return_id, name, "signed") or content(uow.connection, return_id, name, "draft")
        if made is None:
            abort(404)
        record(uow, current_principal(), "return.download", f"return:{return_id}", hub().clock, {"file": name})
    locale, suffix = name.split(".")
    return attachment(made, f"{found.spelled}-{found.period}-{locale}.{suffix}", _TYPES[suffix])


def _show(return_id: UUID, faults: Sequence[Fault] = ()) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = return_by_id(connection, return_id) or abort(404)
        told = orjson.loads(snapshot(connection, return_id))
        made = {each.name: each for each in files(connection, return_id)}
        story = steps(connection, return_id)
        others = [each for each in editions(connection, found.kind, found.period) if each.id != found.id]
    wanted = request.args.get("table", "mode")
    table = next((each for each in told["tables"] if each["name"] == wanted), None) or abort(400)
    page_values: Mapping[str, object] = {"told": told, "table": table, "files": made, "steps": story, "others": others}
    own = found.compiled_by == current_principal().actor
    body = render_template(
        "returns/detail.html", row=found, **page_values, words=words, own=own, faults=faults, ready=set(made) >= set(FILES),
        drill=_drill, names=FILES, yuan=lambda text: money(Decimal(text)), behind=return_indicators.drill,
        defined={each["key"]: each for each in told["definitions"]}, figure=written,
    )  # fmt: skip
    return body, 422 if faults else 200


def _drill(told: Mapping[str, Any], table: str, key: str, column: str) -> str:
    """Return the page of what stands behind an amount, lists or all sources; nothing where none counts them so."""
    flow = "E" if column.startswith("export") else "I"
    since = told["period"]["year_since" if column.endswith("_year") else "since"]
    whole = table == "total" or table == ORIGIN
    by, value = ("flow", flow) if whole else (CRITERIA.get(table, ""), key + flow)
    span = {"since": since, "until": told["period"]["until"], "by": by, "key": value}
    if not by:
        return ""
    if table == ORIGIN and key != Source.LISTS:
        return url_for("supplements.behind", **span, source=key)
    beyond = any(each["standing"] == "counted" for each in told["coverage"].get("others", ()))
    return url_for("supplements.behind" if beyond and table != ORIGIN else "monitor.goods", **span)


def _calendar(connection: Connection) -> Sequence[Due]:
    known, found, first = book(connection, hub().settings.zone), [], first_month(connection) or _today()
    for kind, number in _SHOWN.items():
        periods = [each for each in latest(kind, _today(), number) if each.until >= first]  # nothing is due of times before
        have = newest(connection, kind, [each.name for each in periods])
        found += [Due(each, due_day(known, ZONE, each), have.get(each.name)) for each in periods]
    return sorted(found, key=lambda each: (each.done, each.due_on))


def _order(typed: Mapping[str, str]) -> Order:
    zone = zone_name(hub().settings.zone)
    site = hub().settings.public_url
    return Order(hub().settings.zone, (zone.zh, zone.en), site, typed["kind"], typed["period"], typed["series"], typed["reason"])


def _today() -> date:
    return hub().clock.now().astimezone(SHANGHAI).date()
