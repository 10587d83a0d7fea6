"""Random inspections (双随机): a plan is drafted, frozen with its population and a committed secret, drawn, published, worked off.

Who freezes does not know the word that is called out at the draw, and who calls the word does not know the secret: neither can
choose what is drawn. What is published stays as it was, byte for byte.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from hmac import new as hmac
from uuid import UUID

from sqlmodel import col, select

from ccezone.credit.queries import credit_terms
from ccezone.credit.rules.visibility import Viewer, visible
from ccezone.enterprises.queries import directory
from ccezone.inspection.queries.draws import publication
from ccezone.inspection.queries.inspectors import InspectorView, serving
from ccezone.inspection.queries.population import Found, population
from ccezone.inspection.queries.terms import inspection_terms
from ccezone.inspection.rules.drawing import Candidate, Drawn, Frozen, Thing, commitment, draw, parse, published
from ccezone.inspection.rules.masking import firm_label, list_label
from ccezone.inspection.service.orders import Wanted, open_order
from ccezone.inspection.tables import InspectionObject, InspectionPlan, InspectionPublication
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import copy_rows
from ccezone.storage.personal import PersonalVault
from schemas.codes import code_list

MOST = 100_000
MOST_DRAWN = 1_000  # an order is opened for each while somebody waits
FROZEN, DRAWN = "frozen", "drawn"
_TYPES = ("uuid", "text", "text", "uuid", "text")
_COLUMNS = ("plan_id", "token", "subject", "enterprise_id", "grade")


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A plan as somebody drafts it. ``wanted`` filters the population (``queries.population``)."""

    title: str
    subject_kind: str
    since: date
    until: date
    due_on: date
    agencies: Sequence[str]
    each: int
    wanted: Mapping[str, str]


def draft_plan(uow: UnitOfWork, entry: PlanEntry, actor: str, clock: Clock) -> UUID:
    """Keep a draft. Raises ``Refused`` with everything that is wrong."""
    faults = _entry_faults(entry, clock.now().astimezone(SHANGHAI).date())
    if faults:
        raise Refused(*faults)
    row = InspectionPlan(
        id=uuidv7(), title=entry.title.strip(), subject_kind=entry.subject_kind, since=entry.since, until=entry.until,
        due_on=entry.due_on, wanted={name: value for name, value in entry.wanted.items() if value}, agencies=list(entry.agencies),
        each=entry.each, state="draft", secret=None, drafted_at=clock.now(), drafted_by=actor, frozen_at=None, drawn_at=None,
        version=1,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    return row.id


def _entry_faults(entry: PlanEntry, today: date) -> list[Fault]:
    faults = [] if entry.title.strip() else [Fault("/title", "required")]
    if entry.subject_kind not in ("firm", "list"):
        faults.append(Fault("/subject_kind", "required"))
    if entry.until < entry.since:
        faults.append(Fault("/until", "ends_before_begin"))
    if entry.due_on < today:
        faults.append(Fault("/due_on", "inspection_due_past"))
    if not entry.agencies:
        faults.append(Fault("/agencies", "inspection_agency_needed"))
    strangers = [each for each in entry.agencies if each not in code_list("inspection_agencies").codes]
    faults += [Fault("/agencies", "inspection_agency_unknown", {"value": each}) for each in strangers]
    if not 1 <= entry.each <= 9:
        faults.append(Fault("/each", "draw_inspectors_number"))
    return faults


def drop_plan(uow: UnitOfWork, plan_id: UUID, version: int) -> None:
    """Drop a draft. Raises ``NotFound``, ``Stale``, ``Refused``: it is published."""
    row = _held(uow, plan_id, version, "draft")
    row.state = "dropped"
    row.version += 1
    uow.session.flush()


def freeze(
    uow: UnitOfWork, vault: PersonalVault, zone: str, plan_id: UUID, version: int, actor: str, clock: Clock, most: int = MOST
) -> None:
    """Fix population, inspectors and shares, and publish them with the digest of a fresh secret.

    Raises ``NotFound``, ``Stale``, ``Refused``: nobody to draw from, too many, an agency with too few inspectors.
    """
    row = _held(uow, plan_id, version, "draft")
    today = clock.now().astimezone(SHANGHAI).date()
    found = population(uow.connection, row.subject_kind, row.since, row.until, row.wanted)
    people = serving(uow.connection, row.agencies, today)
    short = [agency for agency in row.agencies if sum(each.agency == agency for each in people) < row.each]
    faults = [Fault("", "draw_inspectors_short", {"agency": each}) for each in short]
    if not found or len(found) > most:
        faults.append(Fault("", "draw_population", {"number": str(len(found)), "max": str(most)}))
    if faults:
        raise Refused(*faults)
    salt, secret = secrets.token_bytes(32), secrets.token_hex(32)
    frozen, rows = _frozen(uow, zone, row, found, people, salt, today)
    copy_rows(uow.connection, "inspection_object", _COLUMNS, rows, _TYPES)
    row.secret = vault.seal_bytes(secret.encode())
    row.state, row.frozen_at = FROZEN, clock.now()
    row.version += 1
    _publish(uow, row.id, FROZEN, published(frozen, commitment(secret)), actor, clock)


def _frozen(
    uow: UnitOfWork, zone: str, row: InspectionPlan, found: Sequence[Found], people: Sequence[InspectorView], salt: bytes, day: date
) -> tuple[Frozen, list[tuple[object, ...]]]:
    terms = credit_terms(uow.connection, zone, day)
    ungraded = inspection_terms(uow.connection, zone, day).ungraded
    firms, fields = directory(uow.connection).by_id, visible(terms.reaches, Viewer.PUBLIC)
    things: list[Thing] = []
    rows: list[tuple[object, ...]] = []
    for each in found:
        firm, grade = firms.get(each.enterprise_id), each.standing or "none"
        token = hmac(salt, each.subject.encode(), sha256).hexdigest()[:20]
        label = firm_label(firm.name, firm.uscc, fields) if firm and row.subject_kind == "firm" else list_label(each.subject)
        recused = tuple(person.code for person in people if firm and firm.uscc in person.related)
        things.append(Thing(token, grade, label, recused))
        rows.append((row.id, token, each.subject, each.enterprise_id, grade))
    grades = sorted({thing.grade for thing in things})
    shares = {grade: f"{terms.measures[ungraded if grade == 'none' else grade].inspection_share:f}" for grade in grades}
    candidates = tuple(Candidate(person.code, person.agency) for person in people)
    things.sort(key=lambda thing: thing.token)
    span = (row.since.isoformat(), row.until.isoformat())
    return Frozen(row.number, row.title, *span, tuple(row.agencies), row.each, shares, candidates, tuple(things)), rows


def draw_plan(
    uow: UnitOfWork, vault: PersonalVault, plan_id: UUID, version: int, word: str, actor: str, clock: Clock, most: int = MOST_DRAWN
) -> int:
    """Draw with the word called out, publish, and open an order for every drawn object; return how many were drawn.

    Raises ``NotFound``, ``Stale``, ``Refused``: not frozen, no word, too many at once.
    """
    row = _held(uow, plan_id, version, FROZEN)
    said = word.strip()
    known = publication(uow.connection, plan_id, FROZEN)
    if not 1 <= len(said) <= 64:
        raise Refused(Fault("/word", "draw_word"))
    if row.secret is None or known is None:
        raise Refused(Fault("", "draw_state"))
    frozen, secret = parse(known.document), vault.open_bytes(row.secret).decode()
    drawn = draw(frozen, secret, said)
    if len(drawn) > most:
        raise Refused(Fault("", "draw_too_many", {"number": str(len(drawn)), "max": str(most)}))
    row.state, row.drawn_at = DRAWN, clock.now()
    row.version += 1
    _publish(uow, plan_id, DRAWN, published(frozen, commitment(secret), secret, said, drawn), actor, clock)
    for place, each in enumerate(drawn, 1):
        _order(uow, row, place, each, actor, clock)
    return len(drawn)


def _order(uow: UnitOfWork, plan: InspectionPlan, place: int, drawn: Drawn, actor: str, clock: Clock) -> None:
    """Open the order about a drawn object, to be done by the plan's day, or from tomorrow where that day has passed."""
    found = uow.session.get_one(InspectionObject, (plan.id, drawn.token))
    due = max(plan.due_on, clock.now().astimezone(SHANGHAI).date() + timedelta(days=1))
    origin = f"draw:{plan.id}"
    wanted = Wanted(
        plan.subject_kind, found.subject, plan.agencies, due, "drawn", origin, what=plan.title, inspectors=drawn.inspectors
    )
    found.place, found.order_id = place, open_order(uow, wanted, actor, clock)
    uow.session.flush()


def _publish(uow: UnitOfWork, plan_id: UUID, stage: str, document: bytes, actor: str, clock: Clock) -> None:
    digest = sha256(document).hexdigest()
    row = InspectionPublication(plan_id=plan_id, stage=stage, at=clock.now(), actor=actor, document=document, digest=digest)
    uow.session.add(row)
    uow.session.flush()


def _held(uow: UnitOfWork, plan_id: UUID, version: int, state: str) -> InspectionPlan:
    statement = select(InspectionPlan).where(col(InspectionPlan.id) == plan_id).with_for_update()
    row = uow.session.exec(statement).one_or_none()
    if row is None:
        raise NotFound(Fault("", "not_found", {"value": str(plan_id)}))
    if row.state != state:
        raise Refused(Fault("", "draw_state"))
    if row.version != version:
        raise Stale(Fault("", "changed_meanwhile"))
    return row
