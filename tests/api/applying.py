"""A summary declaration and a goods return of a firm's list, for the API's tests of every operation."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from ccezone.declarations.rules.applications import Kind
from ccezone.declarations.service import file_list
from ccezone.declarations.service.applications import open_application
from ccezone.storage.copying import run
from tests.declarations import filing, returning, summing
from tests.hub.bills import export_bills
from tests.hub.harness import Hub, ListRow

_KEY = """INSERT INTO summary_declaration (id, month, key, proposed) VALUES (%(id)s, '2026-01', '{"currency": "502"}', false)"""
_LIST = "INSERT INTO summary_list (application_id, declaration_id, list_no, live) VALUES (%(id)s, %(list)s, 'S1', false)"
_RETURN = """
INSERT INTO goods_return (id, declaration_id, flow, list_no, reason, head, relief, repayment)
VALUES (%(id)s, %(list)s, 'E', 'S1', 'test', '{}', false, 'none')
"""
_LINE = "INSERT INTO goods_return_line (application_id, line_no, quantity, amount) VALUES (%(id)s, 1, 1, 2)"


def applications_for_examples(hub: Hub, merchant: UUID) -> Mapping[str, int]:
    """The numbers of a ``summary`` and a ``return`` of the first list there is."""
    declaration = hub.rows("SELECT id FROM declaration_list ORDER BY id")[0][0]
    with hub.database.begin() as uow:
        now = hub.clock.now()
        summary = open_application(uow, Kind.SUMMARY, merchant, "CEB701Message", "3607960001", "test", now)
        back = open_application(uow, Kind.RETURN, merchant, "CEB213Message", "3607960001", "test", now)
        run(uow.connection, _KEY, {"id": summary})
        run(uow.connection, _LIST, {"id": summary, "list": declaration})
        run(uow.connection, _RETURN, {"id": back, "list": declaration})
        run(uow.connection, _LINE, {"id": back})
    return {"summary": summary, "return": back}


def closed_for_examples(hub: Hub, merchant: UUID) -> ListRow:
    """A list of the summary path that is closed, and in no summary or return; the same one each time."""
    bills = export_bills(9)
    known = [each for each in hub.lists() if each.order_no == bills[0]["order_no"]]
    if not known:
        hub.change("UPDATE declaration_defaults SET declaration_path = 'B'")
        hub.post(*bills)
        hub.merge()
        hub.change("UPDATE declaration_defaults SET declaration_path = 'A'")
        known = [each for each in hub.lists() if each.order_no == bills[0]["order_no"]]
        file_list(filing.desk(hub), known[0].id, merchant, "test", None)
        hub.dispatch()
        hub.answer(known[0], 2, 3, 120, 399, 400, 800, 899)
    hub.change("UPDATE summary_list SET live = false WHERE declaration_id = %(id)s", id=known[0].id)
    hub.change("UPDATE returned_quantity SET returned = 0 WHERE declaration_id = %(id)s", id=known[0].id)
    return known[0]


def application_for(hub: Hub, merchant: UUID, path: str) -> int:
    """The application an operation's example is about: one to look at, or a draft to do something with."""
    which = "return" if "goods-returns" in path else "summary"
    if path.endswith("}"):
        return applications_for_examples(hub, merchant)[which]
    item = closed_for_examples(hub, merchant)
    return summing.opened(hub, merchant) if which == "summary" else returning.opened(hub, item, replace(returning.wish(), head={}))
