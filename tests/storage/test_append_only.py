"""Ledgers and logs: the database itself forbids changing what was written."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ccezone.storage import Database

pytestmark = pytest.mark.storage

_ENTRY = "INSERT INTO event_log (subject_kind, subject, at, kind, actor, detail) VALUES ('list', 1, now(), 'tried', '', '{}')"


@pytest.mark.parametrize("change", ["UPDATE event_log SET kind = 'other'", "DELETE FROM event_log"])
def test_an_event_can_neither_be_changed_nor_removed(database: Database, change: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(_ENTRY))
    with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text(change))


LEDGERS = (
    *("audit_entry", "quota_entry", "event_log", "application_step", "case_step", "risk_step", "risk_background_check"),
    *("credit_evidence", "credit_listing_step", "credit_lookup", "credit_foreign_grade", "credit_person_evidence"),
    *("credit_person_look", "order_recognition", "return_snapshot", "return_file", "return_step", "fx_match", "fx_move", "fx_step"),
    *("leave_entry", "refund_pledge_step", "fx_borrowing_step", "promotion_voucher_step", "promotion_voucher_use"),
)


@pytest.mark.parametrize("table", LEDGERS)
def test_every_ledger_is_guarded(database: Database, table: str) -> None:
    with database.engine.begin() as connection:
        guards = connection.execute(text("SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:t AS regclass)"), {"t": table})
        assert "append_only" in {row[0] for row in guards}
