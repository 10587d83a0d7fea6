"""The negative list and the red list: opened with evidence and document, appealed, confirmed, repaired, ended; every step kept."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.credit.queries.terms import CreditTerms, credit_terms
from ccezone.credit.rules.listing import FIRM_STEPS, IN_FORCE, ListingState, ListKind, Step, next_state
from ccezone.credit.rules.measures import LISTED
from ccezone.credit.service.judging import rejudge
from ccezone.credit.service.news import ListingMoved
from ccezone.credit.service.treating import set_registration_block
from ccezone.credit.tables import CreditListing, CreditListingStep
from ccezone.enterprises.queries import directory
from ccezone.enterprises.service.treating import NEGATIVE_LIST
from ccezone.kernel.check_digits import check_uscc
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch

OPENED = "open"
_EXPIRED = """
SELECT id FROM credit_listing WHERE state IN ('listed', 'repairing') AND listed_until < %(today)s ORDER BY id FOR UPDATE SKIP LOCKED
"""
_TABLE = CreditListing.metadata.tables["credit_listing"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom to put on a list, and why: ground in words, the document it rests on, perhaps evidence on record and a scan."""

    kind: ListKind
    uscc: str
    name: str
    ground: str
    document: str
    evidence_id: UUID | None = None
    file_id: UUID | None = None


def open_listing(uow: UnitOfWork, zone: str, proposal: Proposal, by: Principal | None, clock: Clock) -> UUID:
    """Begin a listing. On the negative list the firm is told and may appeal; the red list holds at once.

    Raises ``Refused``: wrong code, nothing named, or a listing of this kind that is still open.
    """
    uscc = proposal.uscc.strip().upper()
    known = directory(uow.connection).find(uscc)
    _refuse_bad(uow, proposal, uscc, known.name if known else proposal.name)
    today = clock.now().astimezone(SHANGHAI).date()
    terms = credit_terms(uow.connection, zone, today)
    red = proposal.kind is ListKind.RED
    row = CreditListing(
        id=uuidv7(),
        kind=proposal.kind.value,
        uscc=known.uscc if known else uscc,
        name=known.name if known else proposal.name.strip(),
        enterprise_id=known.id if known else None,
        state=(ListingState.LISTED if red else ListingState.NOTICED).value,
        ground=proposal.ground.strip(),
        document=proposal.document.strip(),
        evidence_id=proposal.evidence_id,
        appeal_until=None if red else today + timedelta(days=terms.appeal_days),
        listed_on=today if red else None,
        listed_until=_months_on(today, terms.listing_months) if red else None,
        ended_on=None,
        created_at=clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    _note(uow, row, OPENED, proposal.ground, by, clock, proposal.file_id)
    _apply(uow, zone, row, terms, clock)
    return row.id


def take_step(
    uow: UnitOfWork,
    zone: str,
    listing_id: UUID,
    step: Step,
    note: str,
    by: Principal | None,
    clock: Clock,
    file_id: UUID | None = None,
    enterprise_id: UUID | None = None,
) -> ListingState:
    """Take a step with a listing, with a reason; ``enterprise_id`` limits it to that firm's own, and to what firms may do.

    Raises ``NotFound``; ``Refused``: no reason, or not possible now.
    """
    row = uow.session.get(CreditListing, listing_id, with_for_update=True)
    own = enterprise_id is None or (row is not None and row.enterprise_id == enterprise_id)
    if row is None or not own:
        raise NotFound(Fault("", "not_found", {"value": str(listing_id)}))
    if enterprise_id is not None and step not in FIRM_STEPS:
        raise Refused(Fault("", "listing_step_impossible", {"state": row.state}))
    if not note.strip():
        raise Refused(Fault("/note", "reason_needed"))
    today = clock.now().astimezone(SHANGHAI).date()
    following = next_state(ListKind(row.kind), ListingState(row.state), step, today, row.appeal_until)
    if isinstance(following, Fault):
        raise Refused(following)
    terms = credit_terms(uow.connection, zone, today)
    row.state = following.value
    if row.enterprise_id is None and (known := directory(uow.connection).find(row.uscc)):
        row.enterprise_id = known.id  # registered since it was proposed
    if step is Step.CONFIRM:
        row.listed_on, row.listed_until = today, _months_on(today, terms.listing_months)
    if following in (ListingState.ENDED, ListingState.DROPPED):
        row.ended_on = today
    uow.session.add(row)
    uow.session.flush()
    _note(uow, row, step.value, note, by, clock, file_id)
    _apply(uow, zone, row, terms, clock)
    return following


def end_expired(database: Database, zone: str, clock: Clock) -> int:
    """Take off the lists whose time is over; return how many."""
    today = clock.now().astimezone(SHANGHAI).date()
    with database.begin() as uow:
        ids = [row[0] for row in fetch(uow.connection, _EXPIRED, {"today": today})]
        for each in ids:
            take_step(uow, zone, each, Step.END, "公示期满 / the listing's time is over", None, clock)
    return len(ids)


def _refuse_bad(uow: UnitOfWork, proposal: Proposal, uscc: str, name: str) -> None:
    faults = []
    if not check_uscc(uscc):
        faults.append(Fault("/uscc", "bad_uscc", {"value": uscc}))
    stated = {"name": name, "ground": proposal.ground, "document": proposal.document}
    faults += [Fault(f"/{field}", "required") for field, value in stated.items() if not value.strip()]
    open_one = select(_TABLE.c.id).where(
        _TABLE.c.uscc == uscc, _TABLE.c.kind == proposal.kind.value, _TABLE.c.state.not_in(("ended", "dropped"))
    )
    if not faults and uow.connection.execute(open_one).first():
        faults.append(Fault("/uscc", "listing_open_already"))
    if faults:
        raise Refused(*faults)


def _note(
    uow: UnitOfWork, row: CreditListing, step: str, note: str, by: Principal | None, clock: Clock, file_id: UUID | None
) -> None:
    now, actor = clock.now(), by.actor if by else "system"
    step_row = CreditListingStep(id=uuidv7(), listing_id=row.id, at=now, actor=actor, step=step, note=note.strip(), file_id=file_id)
    uow.session.add(step_row)
    uow.session.flush()
    record(uow, by, f"credit.listing.{step}", f"listing:{row.id}", clock, {"uscc": row.uscc, "kind": row.kind})
    until = (row.appeal_until if row.state == ListingState.NOTICED else row.listed_until) or ""
    uow.publish(ListingMoved(row.id, row.kind, step, row.state, row.name, row.enterprise_id, note.strip(), str(until), now))


def _apply(uow: UnitOfWork, zone: str, row: CreditListing, terms: CreditTerms, clock: Clock) -> None:
    """Let the listing act: on the enterprise, or, of whoever is not registered, on its registration."""
    if row.enterprise_id is not None:
        rejudge(uow, zone, [row.enterprise_id], clock)
    elif row.kind == ListKind.NEGATIVE:
        blocked = row.state in IN_FORCE and terms.measures[LISTED].registration_block
        set_registration_block(uow, row.uscc, NEGATIVE_LIST, clock, blocked=blocked)


def _months_on(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    first = date(number // 12, number % 12 + 1, 1)
    last = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)).day
    return first.replace(day=min(day.day, last))
