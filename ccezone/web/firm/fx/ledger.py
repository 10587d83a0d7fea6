"""Orders' money and banks' statements, for firms and the office."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from ccezone.enterprises.queries import directory
from ccezone.fx.queries.orders import TABS as ORDER_TABS
from ccezone.fx.queries.orders import count_orders, search_orders
from ccezone.fx.queries.statements import count_statements, parked_notices, search_statements
from ccezone.parameters.queries import book
from ccezone.web.firm.fx import words
from ccezone.web.firm.fx.receipts import blueprint, is_mine, today
from ccezone.web.firm.fx.terms import money_terms
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import firms_and_office, office_readers
from ccezone.web.shell.paging import PAGE, after_id, page, searched


@blueprint.get("/orders")
@firms_and_office
def orders() -> ResponseReturnValue:
    """List orders' money: expected, received, netted, settled, open, over; when it is due."""
    tab, given = request.args.get("tab", ""), request.args.get("after", "")
    known = not given or (given.removeprefix("-").isdecimal() and given.isascii() and len(given) <= 19)
    if tab not in ORDER_TABS or not known:
        abort(400)
    with hub().database.reading() as connection:
        terms = money_terms(connection, book(connection, hub().settings.zone), today())
        rows = search_orders(connection, viewer(), terms, tab, searched(), int(given) if given else None, PAGE + 1)
        counts = count_orders(connection, viewer(), terms)
        parties = directory(connection).by_id
    return render_template(
        "fx/orders.html", page=page(rows, lambda row: row.order_key), tab=tab, text=searched(), counts=counts, terms=terms,
        parties=parties, words=words,
    )  # fmt: skip


@blueprint.get("/statements")
@firms_and_office
def statements() -> ResponseReturnValue:
    """List banks' statements, parked ones with their reasons."""
    tab = request.args.get("tab", "")
    if tab not in words.STATEMENT_TABS:
        abort(400)
    with hub().database.reading() as connection:
        rows = search_statements(connection, viewer(), tab, searched(), after_id(), PAGE + 1)
        counts = count_statements(connection, viewer())
        parties = directory(connection).by_id
    return render_template(
        "fx/statements.html", page=page(rows, lambda row: row.id), tab=tab, text=searched(), counts=counts, parties=parties,
        words=words, mine=is_mine(),
    )  # fmt: skip


@blueprint.get("/notices")
@office_readers
def parked() -> ResponseReturnValue:
    """List what the bank told and nobody could place."""
    with hub().database.reading() as connection:
        rows = parked_notices(connection)
    return render_template("fx/parked.html", rows=rows, words=words)
