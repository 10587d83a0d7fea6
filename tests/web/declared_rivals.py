"""What a rival is about to declare, and what it declared generally: rows whose pages must look like none to anybody else."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, record_general
from ccezone.declarations.service.drafts import Whose, start_draft
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault

_DRAFT = ("edit", "act", "keep_up", "again", "rename", "keep", "delete", "restore", "check", "submit", "settle")
_GENERAL = GeneralEntry(
    declaration_no="400320260000000009",
    flow="E",
    trade_mode="9710",
    customs_code="4003",
    declared_on=date(2026, 1, 4),
    currency="502",
    total_value=Decimal(1),
    lines=[GeneralLine("9403609990", "柜", Decimal(1), "011", Decimal(1))],
)


def declared_rows(database: Database, rival_id: UUID, secret: str, clock: FixedClock) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Keep a draft and a record of the rival; return the pages that show them."""
    with database.begin() as uow:
        typed = {"order_no": secret, "note": secret}
        draft_id = start_draft(uow, PersonalVault(bytes(32)), Whose(rival_id, "rival"), ("9610", "E"), typed, clock, name=secret)
    with database.reading() as connection:
        known = connection.exec_driver_sql("SELECT id FROM general_declaration").scalar()
    number = known or record_general(database, clock, rival_id, _GENERAL, "test")
    return {
        **{f"declaring.{page}": [{"draft_id": str(draft_id)}] for page in _DRAFT},
        **{f"general.{page}": [{"declaration_id": str(number)}] for page in ("detail", "amend", "remove", "paper")},
    }
