"""A summary declaration and a goods return of a firm's list, for the API's tests of every operation."""

from collections.abc import Mapping
from uuid import UUID

from ccezone.declarations.rules.applications import Kind
from ccezone.declarations.service.applications import open_application
from ccezone.storage.copying import run
from tests.hub.harness import Hub

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
