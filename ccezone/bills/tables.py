"""Rows of the three bills: append-only versions (key, version), copied in as they arrive, and the batches they came in.

A batch names the bills it stored: one array instead of an index entry for each of them.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, Column, Identity, Index, LargeBinary, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import AMOUNT, DOCUMENT, KEY8, MOMENT, SEALED, SMALL


class IntakeBatch(SQLModel, table=True):
    """One delivery: a message, a JSON body, a form or a workbook. ``raw`` is the official message, sealed.

    ``bill_keys`` names each bill of which it stored a version.
    """

    __tablename__ = "intake_batch"
    __table_args__ = (
        Index("ix_intake_batch_submitter", "submitter_id", "id"),
        Index("ix_intake_batch_received_at", "received_at", postgresql_using="brin"),
    )

    id: UUID = Field(primary_key=True)
    submitter_id: UUID
    actor: str
    source: str
    kind: str
    flow: str = Field(sa_type=CHAR(1))
    message_type: str
    message_guid: str
    received_at: datetime = Field(sa_type=MOMENT)
    documents: int
    accepted: int
    replayed: int
    rejected: int
    signed: bool
    bill_keys: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    raw: bytes = Field(sa_type=SEALED)
    raw_sha256: bytes = Field(sa_type=LargeBinary)


class BatchFault(SQLModel, table=True):
    """One thing that is wrong with one document of a batch."""

    __tablename__ = "batch_fault"
    __table_args__ = (Index("ix_batch_fault_batch", "batch_id", "position"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    batch_id: UUID
    position: int
    document: str
    pointer: str
    code: str
    params: dict[str, str] = Field(sa_type=DOCUMENT)


class _Version(SQLModel):
    """What is known of every version of a bill: what it asks for and when, where it came from, a digest of what it says."""

    flow: str = Field(sa_type=CHAR(1))
    app_type: int = Field(sa_type=SMALL)
    app_time: str = Field(sa_type=CHAR(14))
    batch_id: UUID
    position: int = Field(sa_type=SMALL)
    submitter_id: UUID
    content: int = Field(sa_type=KEY8)


class OrderVersion(_Version, table=True):
    """An order (CEB303, CEB311) as one message told it. Personal values are sealed in ``personal``, compared by digest."""

    __tablename__ = "order_version"
    __table_args__ = (
        Index("ix_order_version_merchant", "merchant_id", "batch_id", "position"),
        Index("ix_order_version_order_no", "order_no_key"),
    )

    order_key: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    merchant_id: UUID
    guid: str
    order_no_key: int = Field(sa_type=KEY8)
    order_no: str
    order_type: str = Field(sa_type=CHAR(1))
    platform_code: str
    platform_name: str
    merchant_code: str
    merchant_name: str
    goods_value: Decimal = Field(sa_type=AMOUNT)
    freight: Decimal = Field(sa_type=AMOUNT)
    discount: Decimal = Field(sa_type=AMOUNT)
    tax_total: Decimal = Field(sa_type=AMOUNT)
    actual_paid: Decimal | None = Field(sa_type=AMOUNT)
    currency: str
    payment_enterprise_code: str | None
    payment_no: str | None
    buyer_name_digest: int | None = Field(sa_type=KEY8)
    buyer_id_digest: int | None = Field(sa_type=KEY8)
    buyer_telephone_digest: int | None = Field(sa_type=KEY8)
    consignee_digest: int | None = Field(sa_type=KEY8)
    consignee_telephone_digest: int | None = Field(sa_type=KEY8)
    consignee_address_digest: int | None = Field(sa_type=KEY8)
    personal: bytes | None = Field(sa_type=SEALED)
    lines: list[dict[str, Any]] = Field(sa_type=DOCUMENT)


class PaymentVersion(_Version, table=True):
    """A payment (CEB403, CEB411) as one message told it."""

    __tablename__ = "payment_version"
    __table_args__ = (
        Index("ix_payment_version_order", "order_key"),
        Index("ix_payment_version_number", "payment_no", postgresql_where="flow = 'E'"),  # export keys are not made of it alone
    )

    payment_key: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    guid: str
    order_key: int = Field(sa_type=KEY8)
    order_no: str
    platform_code: str
    merchant_code: str | None
    payment_enterprise_code: str | None
    payment_enterprise_name: str
    payment_no: str
    amount: Decimal = Field(sa_type=AMOUNT)
    currency: str
    paid_at: str = Field(sa_type=String(14))
    payer_name_digest: int | None = Field(sa_type=KEY8)
    payer_id_digest: int | None = Field(sa_type=KEY8)
    personal: bytes | None = Field(sa_type=SEALED)


class WaybillVersion(_Version, table=True):
    """A waybill (CEB505, CEB511) as one message told it."""

    __tablename__ = "waybill_version"
    __table_args__ = (Index("ix_waybill_version_order_no", "order_no_key", postgresql_where="order_no_key IS NOT NULL"),)

    waybill_key: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    guid: str
    order_no_key: int | None = Field(sa_type=KEY8)
    order_no: str | None
    carrier_code: str
    carrier_name: str
    waybill_no: str
    bill_no: str | None
    merchant_code: str | None
    freight: Decimal | None = Field(sa_type=AMOUNT)
    insurance: Decimal | None = Field(sa_type=AMOUNT)
    currency: str
    gross_weight: Decimal = Field(sa_type=AMOUNT)
    packages: int
    goods_info: str | None
    consignee_digest: int | None = Field(sa_type=KEY8)
    consignee_telephone_digest: int | None = Field(sa_type=KEY8)
    consignee_address_digest: int | None = Field(sa_type=KEY8)
    personal: bytes | None = Field(sa_type=SEALED)


class LinkVersion(_Version, table=True):
    """A shipping link: this order travels in this waybill, wholly or with these lines."""

    __tablename__ = "link_version"
    __table_args__ = (
        Index("ix_link_version_order", "order_key"),
        Index("ix_link_version_waybill", "waybill_key"),
    )

    link_key: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(sa_type=SMALL, primary_key=True, sa_column_kwargs={"autoincrement": False})
    order_key: int = Field(sa_type=KEY8)
    waybill_key: int = Field(sa_type=KEY8)
    order_no: str
    platform_code: str
    merchant_code: str
    carrier_code: str
    waybill_no: str
    lines: list[dict[str, Any]] = Field(sa_type=DOCUMENT)


class OrderLock(SQLModel, table=True):
    """An order whose goods were released: its bills may not change any more (set by the declaration)."""

    __tablename__ = "order_lock"

    order_key: int = Field(sa_type=KEY8, primary_key=True, sa_column_kwargs={"autoincrement": False})
    locked_at: datetime = Field(sa_type=MOMENT)


class WorkbookPart(SQLModel, table=True):
    """A stretch of an uploaded workbook that was taken in, in the transaction that took it in; its job names the whole.

    The counts are rows. ``findings`` are the rows that go back and the cells that were put right, sealed: they hold names.
    """

    __tablename__ = "workbook_part"

    job_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    batch_id: UUID
    documents: int
    accepted: int
    replayed: int
    rejected: int
    findings: bytes = Field(sa_type=SEALED)
    created_at: datetime = Field(sa_type=MOMENT, index=True)
