"""Drafts of declarations: kept as typed until filed, with a count of saves so that nobody overwrites another unknowingly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import orjson

from ccezone.declarations.tables import DeclarationDraft
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run
from ccezone.storage.personal import PersonalVault

KEPT_DELETED = timedelta(days=30)
MOST_NAME = 100
_FORGET = "DELETE FROM declaration_draft WHERE deleted_at < %(before)s"

Typed = Mapping[str, str]
"""What stands in a form, by the names of its fields; lines as ``lines-0-qty``."""


@dataclass(frozen=True, slots=True)
class Whose:
    """The enterprise a draft belongs to, and the person at work as others are told."""

    enterprise_id: UUID
    person: str


def start_draft(
    uow: UnitOfWork,
    vault: PersonalVault,
    whose: Whose,
    mode: tuple[str, str],
    typed: Typed,
    clock: Clock,
    *,
    name: str = "",
    template: bool = False,
) -> UUID:
    """Keep a new draft, or a template, of a mode (trade mode, flow); return its id."""
    now, draft_id = clock.now(), uuidv7()
    row = DeclarationDraft(
        id=draft_id,
        enterprise_id=whose.enterprise_id,
        trade_mode=mode[0],
        flow=mode[1],
        template=template,
        name=name.strip()[:MOST_NAME],
        order_no=_order_no(typed),
        typed=_sealed(vault, typed),
        created_at=now,
        created_by=whose.person,
        updated_at=now,
        updated_by=whose.person,
    )
    uow.session.add(row)
    return draft_id


def save_draft(
    uow: UnitOfWork, vault: PersonalVault, whose: Whose, draft_id: UUID, version: int, typed: Typed, clock: Clock
) -> int:
    """Keep what stands in a form now; return the new version, or the same when nothing changed.

    Raises ``NotFound``, ``Refused`` when it was filed, ``Stale`` when somebody saved another version since.
    """
    row = _own(uow, whose, draft_id)
    if row.version != version:
        raise Stale(Fault("", "changed_meanwhile"))
    if orjson.loads(vault.open_bytes(row.typed)) == dict(typed):
        return row.version
    row.version += 1
    row.typed, row.order_no = _sealed(vault, typed), _order_no(typed)
    row.updated_at, row.updated_by = clock.now(), whose.person
    return row.version


def rename_draft(uow: UnitOfWork, whose: Whose, draft_id: UUID, name: str) -> None:
    """Give a draft or template a name. Raises ``NotFound``, ``Refused`` when it was filed."""
    _own(uow, whose, draft_id).name = name.strip()[:MOST_NAME]


def delete_draft(uow: UnitOfWork, whose: Whose, draft_id: UUID, clock: Clock) -> None:
    """Put a draft away; it can be restored for thirty days, then it is forgotten with its personal values."""
    _own(uow, whose, draft_id).deleted_at = clock.now()


def forget_deleted_drafts(uow: UnitOfWork, clock: Clock) -> int:
    """Forget drafts that were put away thirty days ago; return their number."""
    return run(uow.connection, _FORGET, {"before": clock.now() - KEPT_DELETED})


def restore_draft(uow: UnitOfWork, whose: Whose, draft_id: UUID) -> None:
    """Bring a deleted draft back. Raises ``NotFound``."""
    row = uow.session.get(DeclarationDraft, draft_id, with_for_update=True)
    if row is None or row.enterprise_id != whose.enterprise_id:
        raise NotFound(Fault("", "not_found"))
    row.deleted_at = None


def close_draft(uow: UnitOfWork, whose: Whose, draft_id: UUID, version: int, order_key: int, clock: Clock) -> None:
    """Note that a draft was filed as an order. Raises ``NotFound``, ``Refused`` when that happened already, ``Stale``."""
    row = _own(uow, whose, draft_id)
    if row.version != version:
        raise Stale(Fault("", "changed_meanwhile"))
    row.filed_at, row.filed_key = clock.now(), order_key


def _own(uow: UnitOfWork, whose: Whose, draft_id: UUID) -> DeclarationDraft:
    row = uow.session.get(DeclarationDraft, draft_id, with_for_update=True)
    if row is None or row.enterprise_id != whose.enterprise_id or row.deleted_at is not None:
        raise NotFound(Fault("", "not_found"))
    if row.filed_at is not None:
        raise Refused(Fault("", "draft_filed", {"number": row.order_no}))
    return row


def _sealed(vault: PersonalVault, typed: Typed) -> bytes:
    return vault.seal_bytes(orjson.dumps(dict(typed)))


def _order_no(typed: Typed) -> str:
    return typed.get("order_no", "")[:60]
