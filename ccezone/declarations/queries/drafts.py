"""Drafts and templates of an enterprise: listed by their last save, opened with what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import Connection

from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

_COLUMNS = "id, trade_mode, flow, template, name, order_no, version, created_at, created_by, updated_at, updated_by, filed_key"
_ONE = f"""
SELECT typed, deleted_at, {_COLUMNS} FROM declaration_draft WHERE id = %(id)s AND enterprise_id = %(enterprise)s
"""  # noqa: S608  # our own names
_MANY = f"""
SELECT {_COLUMNS} FROM declaration_draft
WHERE enterprise_id = %(enterprise)s AND deleted_at IS NULL AND filed_at IS NULL AND template = %(template)s
ORDER BY updated_at DESC, id DESC LIMIT %(limit)s
"""  # noqa: S608  # our own names
_LAST = """
SELECT typed FROM declaration_draft
WHERE enterprise_id = %(enterprise)s AND trade_mode = %(mode)s AND flow = %(flow)s AND filed_at IS NOT NULL
ORDER BY filed_at DESC LIMIT 1
"""
MOST = 200


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One draft or template in a table; ``filed_key`` is the order it was filed as."""

    id: UUID
    trade_mode: str
    flow: str
    template: bool
    name: str
    order_no: str
    version: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    filed_key: int | None


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with what stands in it, personal values in clear: only for people of its enterprise."""

    row: DraftRow
    typed: Mapping[str, str]
    deleted: bool


def drafts_of(connection: Connection, enterprise_id: UUID, *, template: bool = False) -> Sequence[DraftRow]:
    """Return an enterprise's open drafts (or its templates), the one saved last first, 200 at most."""
    found = fetch(connection, _MANY, {"enterprise": enterprise_id, "template": template, "limit": MOST})
    return [DraftRow(*row) for row in found]


def draft(connection: Connection, vault: PersonalVault, enterprise_id: UUID, draft_id: UUID) -> DraftView | None:
    """Return one draft or template of an enterprise, deleted and filed ones too; another's looks like none."""
    found = fetch(connection, _ONE, {"enterprise": enterprise_id, "id": draft_id})
    if not found:
        return None
    typed, deleted_at, *row = found[0]
    return DraftView(DraftRow(*row), orjson.loads(vault.open_bytes(typed)), deleted_at is not None)


def last_filed(connection: Connection, vault: PersonalVault, enterprise_id: UUID, mode: tuple[str, str]) -> Mapping[str, str]:
    """Return what stood in the form that was filed last in a mode (trade mode, flow); nothing when there is none."""
    found = fetch(connection, _LAST, {"enterprise": enterprise_id, "mode": mode[0], "flow": mode[1]})
    typed: Mapping[str, str] = orjson.loads(vault.open_bytes(found[0][0])) if found else {}
    return typed
