"""Preparing lists of matched orders, many at once: compose, tax, check, store, and file where the merchant wishes it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ccezone.declarations.rules.lifecycle import BEFORE_SENDING, ended_unsuccessfully
from ccezone.declarations.rules.wishes import Filing
from ccezone.declarations.service.composing import ZERO, Composer, ListTerms, Prepared
from ccezone.declarations.service.documents import content_digest, content_json, missing_json, tax_json
from ccezone.declarations.service.gathering import Existing, existing_lists, gather_master_data, gather_parcels
from ccezone.declarations.service.news import ListMove, ListsMoved
from ccezone.declarations.service.submitting import NEW, NewFiling, file_lists, mark_queued
from ccezone.enterprises.queries import Directory
from ccezone.import_tax.queries import used
from ccezone.import_tax.service import Cause, give_back
from ccezone.kernel.clock import SHANGHAI
from ccezone.matching.service import OrdersMerged
from ccezone.outbox.service import record_event
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import copy_rows, fetch, run
from ccezone.storage.personal import PersonalVault

_COLUMNS = (
    "id", "cop_no", "flow", "trade_mode", "declaration_path", "message_type", "order_key", "waybill_key", "merchant_id",
    "transmitter_code", "order_no", "waybill_no", "currency", "total_value", "content_digest", "content", "personal",
    "buyer_digest", "tax", "created_at", "attempt",
)  # fmt: skip
_STATE_COLUMNS = ("id", "state", "submission", "standing_seen", "missing", "updated_at")
_REBUILD = """
UPDATE declaration_list SET trade_mode = %(trade_mode)s, declaration_path = %(path)s, total_value = %(total_value)s,
    content_digest = %(digest)s, content = %(content)s, personal = %(personal)s, buyer_digest = %(buyer)s, tax = %(tax)s,
    transmitter_code = %(transmitter)s
WHERE id = %(id)s
"""
_REBUILT = "UPDATE declaration_state SET state = %(state)s, missing = %(missing)s, updated_at = %(at)s WHERE id = %(id)s"
_HOLD = """
UPDATE declaration_state SET state = 'held', updated_at = %(at)s
WHERE id = ANY(%(ids)s) AND state IN ('incomplete', 'ready', 'queued')
"""
NO_NUMBERS: Mapping[str, str] = {}
_Held = tuple[int, Existing]  # by order key


@dataclass
class Preparation:
    """One call's working set."""

    uow: UnitOfWork
    vault: PersonalVault
    terms: ListTerms
    at: datetime
    parties: Directory


def prepare_lists(uow: UnitOfWork, vault: PersonalVault, terms: ListTerms, news: OrdersMerged) -> None:
    """Prepare, mend or hold the lists of orders that were just matched, in the matching's own transaction."""
    fileable = [outcome.order_key for outcome in news.outcomes if outcome.fileable]
    existing = existing_lists(uow, [outcome.order_key for outcome in news.outcomes])
    parcels = gather_parcels(uow, vault, fileable, existing)
    buyers = {parcel.buyer_digest for parcel in parcels if parcel.buyer_digest is not None}
    year = news.at.astimezone(SHANGHAI).year
    spent = used(uow.connection, buyers, year) if buyers else {}
    composer = Composer(terms, news.at, gather_master_data(uow, parcels), spent)
    work = Preparation(uow, vault, terms, news.at, composer.master.parties)
    lists = [prepared for parcel in parcels if (prepared := composer.compose(parcel)) is not None]
    store_new(work, [item for item in lists if item.parcel.existing is None])
    mended = _mend(work, [item for item in lists if item.parcel.existing is not None])
    named = {(parcel.order_key, parcel.waybill_key) for parcel in parcels}
    held = _hold(uow, [(place[0], found) for place, found in existing.items() if place not in named], news.at)
    wanted = [item for item in lists if item.id and _filed_at_once(work, item)]
    mark_queued(uow, [filing_of(item, mended[item.id]) for item in wanted if item.id in mended], news.at)
    file_lists(uow, vault, [filing_of(item, mended.get(item.id, 0)) for item in wanted], news.at, actor="")
    _tell(uow, news, lists, {item.id for item in wanted}, held)


def _tell(uow: UnitOfWork, news: OrdersMerged, lists: Iterable[Prepared], filed: Collection[int], held: Iterable[_Held]) -> None:
    """Publish which lists are in another state than before."""
    merchants = {outcome.order_key: outcome.merchant_id for outcome in news.outcomes} if held else {}
    moves = [ListMove(existing.id, merchants[key], existing.state, "held") for key, existing in held]
    for item in lists:
        state = "queued" if item.id in filed else item.state
        before = item.parcel.existing.state if item.parcel.existing else ""
        if item.id and state != before:
            moves.append(ListMove(item.id, item.parcel.merchant_id, before, state))
    if moves:
        uow.publish(ListsMoved(news.at, moves))


def _filed_at_once(work: Preparation, item: Prepared) -> bool:
    wished = item.parcel.wish.filing
    merchant = work.parties.by_id.get(item.parcel.merchant_id)
    if item.composition.missing or wished == Filing.HOLD or (merchant is not None and not merchant.may_file):
        return False
    if wished == Filing.AT_ONCE:
        return True
    if merchant is not None and not merchant.auto_submit_allowed:
        return False
    return work.terms.auto_submit or (merchant is not None and merchant.auto_submit)


def filing_of(item: Prepared, submissions: int, app_type: int = NEW, numbers: Mapping[str, str] = NO_NUMBERS) -> NewFiling:
    """Make the next filing of a list that was filed so often; a change names the ``numbers`` customs gave it."""
    head = item.composition.head
    return NewFiling(
        item.id,
        submissions + 1,
        item.mode.message_type,
        item.transmitter_code,
        {**head, **{name: number for name, number in numbers.items() if number}} if numbers else head,
        item.composition.lines,
        item.parcel.buyer_digest if item.tax else None,
        item.tax.dutiable_price if item.tax else ZERO,
        app_type,
    )


def store_new(work: Preparation, lists: Sequence[Prepared]) -> None:
    """Store lists that are not there yet, and give them their numbers."""
    if not lists:
        return
    numbers = fetch(work.uow.connection, "SELECT nextval('declaration_id_seq') FROM generate_series(1, %(n)s)", {"n": len(lists)})
    for item, (number,) in zip(lists, numbers, strict=True):
        item.id = number
        item.composition.head["cop_no"] = cop_no(work.terms.zone, number)
    copy_rows(work.uow.connection, "declaration_list", _COLUMNS, (_row(work, item) for item in lists))
    states = ((item.id, *_first_state(work, item), 0, missing_json(item.composition), work.at) for item in lists)
    copy_rows(work.uow.connection, "declaration_state", _STATE_COLUMNS, states)


def _first_state(work: Preparation, item: Prepared) -> tuple[str, int]:
    """Return the state and the submission of a new list; one that is filed at once is written only once."""
    return ("queued", 1) if _filed_at_once(work, item) else (item.state, 0)


def cop_no(zone: str, number: int) -> str:
    """Spell a list's id as its enterprise number: two letters of the zone and sixteen digits (20 fit in CEB621)."""
    return f"{zone}{number:016d}"


def _row(work: Preparation, item: Prepared) -> tuple[object, ...]:
    parcel, head = item.parcel, item.composition.head
    content, personal = content_json(item.composition)
    return (
        item.id, head["cop_no"], parcel.order.flow, item.mode.trade_mode, item.declaration_path, item.mode.message_type,
        parcel.order_key, parcel.waybill_key, parcel.merchant_id, item.transmitter_code,
        parcel.order.order_no, parcel.waybill.waybill_no, parcel.order.currency, item.composition.total_value,
        content_digest(item.composition), content, work.vault.seal(personal) if personal else None, parcel.buyer_digest,
        tax_json(item.tax), work.at, item.attempt,
    )  # fmt: skip


def _mend(work: Preparation, lists: Iterable[Prepared]) -> dict[int, int]:
    """Rebuild lists whose bills changed before sending or after a rejection; return how often each was filed."""
    filed: dict[int, int] = {}
    replaced: list[Cause] = []
    for item in lists:
        existing = item.parcel.existing
        if existing is None:
            continue
        item.composition.head["cop_no"] = cop_no(work.terms.zone, existing.id)
        changed = content_digest(item.composition) != existing.content_digest
        waiting = existing.state in ("held", "incomplete") or (existing.state in BEFORE_SENDING and changed)
        if waiting or (ended_unsuccessfully(existing.state) and changed):
            item.id, filed[existing.id] = existing.id, existing.filings
            replaced += existing.cause
            _rebuild(work, item)
        elif changed:
            record_event(work.uow, "list", existing.id, work.at, "bills_changed_after_filing")
    give_back(work.uow, replaced, work.at)
    return filed


def rebuild(uow: UnitOfWork, vault: PersonalVault, item: Prepared) -> None:
    """Let a list that is there say what was composed anew."""
    content, personal = content_json(item.composition)
    values = {
        "id": item.id, "trade_mode": item.mode.trade_mode, "path": item.declaration_path,
        "total_value": item.composition.total_value, "digest": content_digest(item.composition),
        "content": content, "personal": vault.seal(personal) if personal else None,
        "buyer": item.parcel.buyer_digest, "tax": tax_json(item.tax),
        "transmitter": item.transmitter_code,
    }  # fmt: skip
    run(uow.connection, _REBUILD, values)


def _rebuild(work: Preparation, item: Prepared) -> None:
    rebuild(work.uow, work.vault, item)
    missing = missing_json(item.composition)
    run(work.uow.connection, _REBUILT, {"id": item.id, "state": item.state, "missing": missing, "at": work.at})


def _hold(uow: UnitOfWork, lists: Iterable[_Held], at: datetime) -> list[_Held]:
    """Stop lists that were not sent yet: their bills no longer agree, or no longer name their parcel.

    Return those that were not held before.
    """
    held = [entry for entry in lists if entry[1].state in BEFORE_SENDING]
    if held:
        run(uow.connection, _HOLD, {"ids": [existing.id for _, existing in held], "at": at})
        give_back(uow, [cause for _, existing in held for cause in existing.cause], at)
    return [entry for entry in held if entry[1].state != "held"]
