"""A declaration form: its bills go in as any bill does, what it says beyond them is kept as a wish; and a look ahead at both.

There is one path: the lists are prepared from the matched bills whether these came by form, workbook, JSON or message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.ports import Batch, Deliveries, Party, UnreadableDelivery
from ccezone.bills.queries import key_of
from ccezone.bills.rules import SENDERS, BillKind
from ccezone.bills.service import take_in
from ccezone.declarations.rules.conditions import Tested, digits_allowed
from ccezone.declarations.rules.facts import Missing
from ccezone.declarations.rules.modes import MODE
from ccezone.declarations.rules.wishes import Wish, wish_faults
from ccezone.declarations.service.composing import Composer, ListTerms, Prepared
from ccezone.declarations.service.gathering import existing_lists, gather_master_data, gather_parcels
from ccezone.declarations.service.wishing import save_wish
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.import_tax.queries import used
from ccezone.import_tax.rules import TaxAssessment
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound
from ccezone.matching.queries import MatchRow
from ccezone.matching.rules import MergeTerms
from ccezone.matching.service import Supposed, note_orders, preview
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

Body = Mapping[str, object]
ORDER, DECLARATION = "order", "declaration"
PARTS: Mapping[str, BillKind] = {
    ORDER: BillKind.ORDER,
    "payment": BillKind.PAYMENT,
    "waybill": BillKind.WAYBILL,
    "link": BillKind.LINK,
}
_OWNER = """
SELECT v.merchant_id, v.flow, v.order_type FROM order_version v WHERE v.order_key = %(key)s ORDER BY v.version DESC LIMIT 1
"""


class DeskTerms(Protocol):
    """The rules in force on a day."""

    def merging(self, connection: Connection, day: date) -> MergeTerms: ...
    def listing(self, connection: Connection, day: date) -> ListTerms: ...


@dataclass(frozen=True, slots=True)
class FormDesk:
    """What forms are judged, stored and looked ahead with."""

    database: Database
    vault: PersonalVault
    clock: Clock
    deliveries: Deliveries
    terms: DeskTerms

    @property
    def today(self) -> date:
        return self.clock.now().astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Form:
    """One transaction as typed. ``bodies`` holds the bills it states, by ``PARTS``, in the JSON shape (official element names).

    ``order_key`` names an order that is there already, and then ``bodies`` need not hold it.
    """

    flow: str
    wish: Wish
    bodies: Mapping[str, Body]
    order_key: int | None = None


@dataclass(frozen=True, slots=True)
class FormFault:
    """What is wrong with one part; its pointer has official names in bills, domain names in the ``declaration``."""

    part: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a form. With faults nothing at all was stored; ``order_key`` is where its lists will be found."""

    order_key: int | None
    faults: Sequence[FormFault]


@dataclass(frozen=True, slots=True)
class ListPreview:
    """One list as it would be composed now. ``missing`` keeps it from being filed; pointers have domain names.

    ``digits`` is how long a commodity code must be, ``used_before`` what the buyer used of the year so far (yuan).
    """

    waybill_key: int
    trade_mode: str
    path: str
    message_type: str
    head: Mapping[str, str]
    lines: Sequence[Mapping[str, str]]
    missing: Sequence[Missing]
    tests: Sequence[Tested]
    digits: int
    tax: TaxAssessment | None
    used_before: Decimal
    expected: bool


@dataclass(frozen=True, slots=True)
class FormPreview:
    """What would become of a form: what is wrong with its parts, what the merge would say, the lists that would be made."""

    order_key: int | None
    faults: Sequence[FormFault]
    match: MatchRow | None
    lists: Sequence[ListPreview]


class _Faulty(Exception):
    def __init__(self, faults: Sequence[FormFault]) -> None:
        super().__init__("a faulty form is not stored")
        self.faults = faults


def file_form(desk: FormDesk, firm: EnterpriseView, form: Form, actor: str) -> Filed:
    """Store a form in one transaction: its bills, and its wish. All of it or nothing.

    ``firm`` is the enterprise in whose name it is filed, ``actor`` the person or agent who does it. Raises ``NotFound`` when
    ``order_key`` is nobody's or another's.
    """
    faults, batches = _decoded(desk, firm, form)
    try:
        with desk.database.begin() as uow:
            key = _order_key(uow.connection, firm, form, batches)
            faults += _owner_faults(uow.connection, desk, firm, batches)
            faults += [FormFault(DECLARATION, fault) for fault in _wish_faults(uow.connection, form, key, batches)]
            if faults or key is None:
                return Filed(key, faults)
            inside = desk.database.joined(uow)
            for part, batch in batches.items():
                outcome = take_in(inside, desk.vault, desk.clock, firm, actor, batch)
                faults += [_told(desk, part, batch, each.fault) for each in outcome.faults]
            if faults:
                raise _Faulty(faults)
            now = desk.clock.now()
            save_wish(uow, key, firm.id, form.wish, actor, now)
            note_orders(uow, [key], now)
            return Filed(key, [])
    except _Faulty as faulty:
        return Filed(None, faulty.faults)


def preview_form(desk: FormDesk, firm: EnterpriseView, form: Form) -> FormPreview:
    """Say what would become of a form; nothing is kept. Bills in others' names are judged by their content alone."""
    faults, batches = _decoded(desk, firm, form)
    with desk.database.reading() as connection:
        key = _order_key(connection, firm, form, batches)
        faults += _owner_faults(connection, desk, firm, batches)
        supposed = {part: Supposed(_sender(connection, firm, batch), batch) for part, batch in batches.items()}
    if key is None:
        return FormPreview(None, faults, None, [])
    lists: list[ListPreview] = []

    def look(uow: UnitOfWork) -> None:
        found = [FormFault(DECLARATION, fault) for fault in _wish_faults(uow.connection, form, key, batches)]
        faults.extend(found)
        if not found:
            lists.extend(lists_to_be(desk, uow, firm.id, key, form.wish))

    seen = preview(desk.database, desk.vault, desk.clock, firm, key, list(supposed.values()), desk.terms.merging, look)
    for (part, each), found in zip(supposed.items(), seen.faults, strict=True):
        faults += [_told(desk, part, each.batch, fault.fault) for fault in found]
    return FormPreview(key, faults, seen.match, lists)


def lists_to_be(desk: FormDesk, uow: UnitOfWork, firm_id: UUID, order_key: int, wish: Wish) -> list[ListPreview]:
    """Compose the lists of an order as the wish wants them. It writes the wish: for use in a transaction that is undone."""
    save_wish(uow, order_key, firm_id, wish, "", desk.clock.now())
    parcels = gather_parcels(uow, desk.vault, [order_key], existing_lists(uow, [order_key]), expected=True)
    buyers = {parcel.buyer_digest for parcel in parcels if parcel.buyer_digest is not None}
    spent = used(uow.connection, buyers, desk.today.year) if buyers else {}
    before = dict(spent)
    terms, master = desk.terms.listing(uow.connection, desk.today), gather_master_data(uow, parcels)
    composer = Composer(terms, desk.clock.now(), master, spent, changing=True, telling=True)
    made = [prepared for parcel in parcels if (prepared := composer.compose(parcel)) is not None]
    return [_shown(desk, composer, item, before) for item in made]


def _shown(desk: FormDesk, composer: Composer, item: Prepared, before: Mapping[int, Decimal]) -> ListPreview:
    composition, parcel = item.composition, item.parcel
    expected = not parcel.waybill.waybill_no
    missing = [each for each in composition.missing if not (expected and each.name == "E06")]  # no weight is known yet
    document = {**composition.head, "cop_no": "0", "lines": composition.lines}
    if not expected and not any(each.kind in ("product", "defaults") for each in missing):
        faults = desk.deliveries.faults(item.mode.message_type, document)
        missing += [Missing("schema", fault.code, {"pointer": fault.pointer, **fault.params}) for fault in faults]
    digits = digits_allowed(item.mode, item.path, item.tests, composer.simple(item.mode))
    used_before = before.get(parcel.buyer_digest, Decimal(0)) if parcel.buyer_digest is not None else Decimal(0)
    return ListPreview(
        parcel.waybill_key, item.mode.trade_mode, item.path, item.mode.message_type, composition.head, composition.lines,
        missing, item.tests, digits, item.tax, used_before, expected,
    )  # fmt: skip


def _decoded(desk: FormDesk, firm: EnterpriseView, form: Form) -> tuple[list[FormFault], dict[str, Batch]]:
    """Decode the parts; those with faults are told of and left out."""
    party = Party(firm.uscc, firm.name, firm.dxp_id or "")
    faults: list[FormFault] = []
    batches: dict[str, Batch] = {}
    for part, kind in PARTS.items():
        body = form.bodies.get(part)
        if body is None:
            continue
        try:
            batch = desk.deliveries.documents(kind, form.flow, [body], party, "form")
        except UnreadableDelivery as unreadable:
            faults += [FormFault(part, fault) for _, fault in unreadable.found]
            continue
        wrong = [FormFault(part, fault) for document in batch.documents for fault in document.faults]
        faults += wrong
        if not wrong:
            batches[part] = batch
    return faults, batches


def _order_key(connection: Connection, firm: EnterpriseView, form: Form, batches: Mapping[str, Batch]) -> int | None:
    if form.order_key is not None:
        owner = fetch(connection, _OWNER, {"key": form.order_key})
        if not owner or owner[0][0] != firm.id:
            raise NotFound(Fault("", "order_not_found", {"id": str(form.order_key)}))
        return form.order_key
    order = batches.get(ORDER)
    values = order.documents[0].values if order else None
    return key_of(connection, BillKind.ORDER, form.flow, values) if values is not None else None


def _owner_faults(connection: Connection, desk: FormDesk, firm: EnterpriseView, batches: Mapping[str, Batch]) -> list[FormFault]:
    """A declaration is its merchant's: a form declares the firm's own orders only."""
    order = batches.get(ORDER)
    code = str((order.documents[0].values or {}).get("merchant_code", "")) if order else ""
    owner = directory(connection).find(code) if code else None
    if order is None or (owner is not None and owner.id == firm.id):
        return []
    return [_told(desk, ORDER, order, Fault("/merchant_code", "declares_for_another", {"code": code}))]


def _wish_faults(connection: Connection, form: Form, key: int | None, batches: Mapping[str, Batch]) -> Sequence[Fault]:
    if not form.wish.trade_mode:
        return []
    order = batches.get(ORDER)
    values = order.documents[0].values if order else None
    order_type = str(values.get("order_type", "")) if values else ""
    if not order_type and key is not None:
        found = fetch(connection, _OWNER, {"key": key})
        order_type = found[0][2] if found else ""
    mode = MODE.get((form.wish.trade_mode, form.flow))
    return wish_faults(form.wish, form.flow, order_type if mode and mode.flow == "E" else "")


def _sender(connection: Connection, firm: EnterpriseView, batch: Batch) -> EnterpriseView:
    """Suppose that a bill is sent by the enterprise it names as its sender, the firm itself where it may."""
    parties, values = directory(connection), batch.documents[0].values or {}
    named = []
    for name, role in SENDERS[batch.kind, batch.flow]:
        known = parties.find(str(values.get(name) or ""))
        if known is not None and role in known.roles:
            named.append(known)
    return next((each for each in named if each.id == firm.id), named[0] if named else firm)


def _told(desk: FormDesk, part: str, batch: Batch, fault: Fault) -> FormFault:
    pointer = desk.deliveries.pointer(batch.message_type, fault.pointer) if fault.pointer else ""
    return FormFault(part, replace(fault, pointer=pointer))
