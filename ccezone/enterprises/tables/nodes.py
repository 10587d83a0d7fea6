"""Rows of nodes: the hub, city and county branches, front windows, overseas nodes (N: 分平台, 前置服务窗口, 境外分节点)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Date, Text, Uuid
from sqlmodel import Field, SQLModel

from ccezone.storage.columns import MOMENT


class Node(SQLModel, table=True):
    """One node, in force from a day on (``open_to`` inclusive). ``code`` never changes: enterprises carry it."""

    __tablename__ = "node"
    __table_args__ = (
        CheckConstraint("kind IN ('hub', 'branch', 'window', 'overseas')", name="node_kind_known"),
        CheckConstraint("open_to >= open_from", name="node_days_in_order"),
        CheckConstraint("parent <> code", name="node_not_its_own_parent"),
    )

    id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    code: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    name_en: str = Field(default="", sa_type=Text)
    parent: str | None = Field(default=None, sa_column=Column(Text))
    address: str = Field(default="", sa_type=Text)
    country: str = Field(default="", sa_type=Text)
    document: str = Field(default="", sa_type=Text)
    open_from: date = Field(sa_column=Column(Date, nullable=False))
    open_to: date | None = Field(default=None, sa_column=Column(Date))
    created_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
    updated_at: datetime = Field(sa_column=Column(MOMENT, nullable=False))
