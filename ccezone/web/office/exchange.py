"""Data catalogue and interface log: which data the hub holds, who delivered what over which interface, what became of it."""

from datetime import datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.clearance.queries.exchanges import exchanges_of, partner_exchanges, upstream_exchanges
from ccezone.enterprises.queries import enterprise
from ccezone.kernel.clock import SHANGHAI
from ccezone.statistics.queries.catalogue import catalogue
from ccezone.statistics.queries.column_words import OWN_WORDS
from ccezone.web.firm.bills.words import SOURCES
from ccezone.web.firm.declarations import words
from ccezone.web.firm.declarations.viewing import OFFICE
from ccezone.web.hub import hub
from ccezone.web.office.today import KINDS
from ccezone.web.shell.access import office_readers
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.i18n import language
from schemas.derive.labels import labels

blueprint = Blueprint("exchange", __name__, url_prefix="/office/exchange")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(Group.DATA, _l("数据交换日志"), "exchange.log", OFFICE, order=8, note=_l("各接入方经各接口报送的数据及结果")),
        MenuEntry(Group.DATA, _l("数据目录"), "exchange.sets", OFFICE, order=9, note=_l("平台汇集的数据、字段含义与来源报文")),
    ),
)
SPANS = (1, 7, 30)
DIRECTIONS = {"send": _l("发出"), "receive": _l("收取")}


@blueprint.get("")
@office_readers
def log() -> ResponseReturnValue:
    """Show what every partner delivered, and the hub's own calls of upstream systems."""
    days, since, until = _span()
    with hub().database.reading() as connection:
        partners, upstream = partner_exchanges(connection, since, until), upstream_exchanges(connection, since, until)
    tabs = [(_("近 %(n)s 日", n=n) if n > 1 else _("今日"), url_for("exchange.log", days=n), None, n == days) for n in SPANS]
    return render_template(
        "exchange/log.html", partners=partners, upstream=upstream, tabs=tabs, days=days, sources=SOURCES, directions=DIRECTIONS
    )


@blueprint.get("/of/<uuid:partner>")
@office_readers
def of(partner: UUID) -> ResponseReturnValue:
    """Show one partner's deliveries day by day."""
    days, since, until = _span()
    with hub().database.reading() as connection:
        firm = enterprise(connection, partner) or abort(404)
        rows = exchanges_of(connection, partner, since, until)
    tabs = [
        (_("近 %(n)s 日", n=n) if n > 1 else _("今日"), url_for("exchange.of", partner=partner, days=n), None, n == days)
        for n in SPANS
    ]
    return render_template(
        "exchange/partner.html", firm=firm, rows=rows, tabs=tabs, sources=SOURCES, kinds=KINDS, flows=words.FLOWS
    )


@blueprint.get("/catalogue")
@office_readers
def sets() -> ResponseReturnValue:
    """Show the data sets, each with its columns."""
    with hub().database.reading() as connection:
        found = catalogue(connection)
    named = [(each, [(name, *_named(each.message, name)) for name in each.columns]) for each in found]
    return render_template("exchange/catalogue.html", sets=named)


def _named(message: str, column: str) -> tuple[str, str]:
    """Return what the official message calls a column and which message that is, or what the hub calls it."""
    if message:
        known = labels(message).head.get(column) or labels(message).line.get(column)
        if known is not None:
            return known.text(language()), message
    zh, en = OWN_WORDS.get(column, ("", ""))
    return zh if language() == "zh" else en, ""


def _span() -> tuple[int, datetime, datetime]:
    """The days asked for: up to and with today."""
    days = request.args.get("days", "7")
    if days not in {str(each) for each in SPANS}:
        abort(400)
    today = hub().clock.now().astimezone(SHANGHAI).date()
    until = datetime.combine(today + timedelta(days=1), time.min, SHANGHAI)
    return int(days), until - timedelta(days=int(days)), until
