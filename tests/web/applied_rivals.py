"""What a rival summed up, takes back and has to repay: rows whose pages must look like none to anybody else."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from ccezone.declarations.rules.applications import Kind
from ccezone.declarations.service.applications import open_application
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run

_KEY = "INSERT INTO summary_declaration (id, month, key, proposed) VALUES (%(id)s, '2026-01', '{\"currency\": \"142\"}', false)"
_LIST = "INSERT INTO summary_list (application_id, declaration_id, list_no, live) VALUES (%(id)s, %(list)s, %(secret)s, true)"
_RETURN = """
INSERT INTO goods_return (id, declaration_id, flow, list_no, reason, head, relief, repayment)
VALUES (%(id)s, %(list)s, 'E', %(secret)s, %(secret)s, '{}', false, 'due')
"""
_CLAWBACK = """
INSERT INTO refund_clawback (id, merchant_id, claim_id, item_id, return_id, quantity, amount, state, opened_at, updated_at)
SELECT %(new)s, %(owner)s, c.claim_id, c.item_id, %(id)s, 1, 1, 'due', %(at)s, %(at)s FROM refund_claim_item c
JOIN refund_claim k ON k.id = c.claim_id WHERE k.merchant_id = %(owner)s LIMIT 1
"""
_CLAIMED = "SELECT id FROM refund_clawback WHERE merchant_id = %(owner)s"


def applied_rows(
    database: Database, rival_id: UUID, declaration_id: int, secret: str, clock: FixedClock
) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Let the rival, who claims a refund already, apply about a list; return the pages that show it."""
    with database.begin() as uow:
        summary = _opened(uow, Kind.SUMMARY, "CEB701Message", rival_id, clock)
        returned = _opened(uow, Kind.RETURN, "CEB213Message", rival_id, clock)
        of = {"list": declaration_id, "secret": secret}
        run(uow.connection, _KEY, {"id": summary})
        run(uow.connection, _LIST, {**of, "id": summary})
        run(uow.connection, _RETURN, {**of, "id": returned})
        run(uow.connection, _CLAWBACK, {"new": uuidv7(), "owner": rival_id, "id": returned, "at": clock.now()})
        owed = fetch(uow.connection, _CLAIMED, {"owner": rival_id})[0][0]
    one = {"application_id": str(summary)}
    back = {"application_id": str(returned)}
    return {
        **{f"summaries.{page}": [one] for page in ("detail", "submit", "drop")},
        "summaries.leave_out": [{**one, "declaration_id": str(declaration_id)}],
        **{f"goods_returns.{page}": [back] for page in ("detail", "edit", "change", "submit", "drop", "arrival")},
        **{f"goods_returns.{page}": [{"declaration_id": str(declaration_id)}] for page in ("blank", "begin")},
        **{f"clawbacks.{page}": [{"clawback_id": str(owed)}] for page in ("detail", "repay")},
    }


def _opened(uow: UnitOfWork, kind: Kind, message_type: str, owner: UUID, clock: FixedClock) -> int:
    return open_application(uow, kind, owner, message_type, "3607960001", "test", clock.now())
