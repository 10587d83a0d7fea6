"""Rows of import tax: dated rates per commodity code, and the append-only ledger of buyers' yearly quota."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CHAR, CheckConstraint, Column, Numeric, Text
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, KEY8, MOMENT, SMALL

_PERCENT = Numeric(9, 5)


class TariffRateRow(SQLModel, table=True):
    """The rates of one ten-digit code from a day on; the newest that has begun is in force. Null: not known."""

    __tablename__ = "tariff_rate"
    __table_args__ = (
        CheckConstraint("consumption_pct >= 0 AND consumption_pct < 100", name="tariff_rate_consumption_below_100"),
        CheckConstraint(
            "(consumption_specific = 0) = (consumption_specific_measure IS NULL)",
            name="tariff_rate_specific_has_measure",
        ),
        CheckConstraint(
            "(consumption_threshold IS NULL) = (consumption_threshold_measure IS NULL)",
            name="tariff_rate_threshold_has_measure",
        ),
    )

    hs_code: str = Field(sa_column=Column(CHAR(10), primary_key=True))
    effective_from: date = Field(primary_key=True)
    vat_pct: Decimal | None = Field(default=None, sa_type=_PERCENT)
    vat_basis: str = ""
    consumption_pct: Decimal = Field(default=Decimal(0), sa_type=_PERCENT)
    consumption_specific: Decimal = Field(default=Decimal(0), sa_type=AMOUNT)
    consumption_specific_measure: str | None = None
    consumption_threshold: Decimal | None = Field(default=None, sa_type=AMOUNT)
    consumption_threshold_measure: str | None = None
    tariff_pct: Decimal | None = Field(default=None, sa_type=_PERCENT)
    refund_pct: Decimal | None = Field(default=None, sa_type=_PERCENT)
    refund_basis: str = ""
    source: str
    edition: str
    note: str = ""


class QuotaEntryRow(SQLModel, table=True):
    """One movement in a buyer's year. The business key is the primary key, so a replay cannot count twice.

    ``cause`` tells several movements of one list apart: 0 the list itself, else the digest of a return or cancellation.
    """

    __tablename__ = "quota_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('use', 'give_back')", name="quota_entry_kind"),
        CheckConstraint("amount >= 0", name="quota_entry_amount_not_negative"),
    )

    buyer_digest: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    year: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    declaration_id: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    cause: int = Field(default=0, sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    amount: Decimal = Field(sa_type=AMOUNT)
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))


TARIFF_RATE = SQLModel.metadata.tables["tariff_rate"]
