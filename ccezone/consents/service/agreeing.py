"""Coming to a consent and ending it: the bank asks, or the firm grants unasked; the firm answers, and withdraws at any time."""

from uuid import UUID

from sqlmodel import col, select

from ccezone.accounts.queries.partners import PartnerView, partner
from ccezone.accounts.rules import Permission, Principal
from ccezone.accounts.rules.partners import PartnerKind
from ccezone.accounts.service import record
from ccezone.consents.rules import LONGEST, ConsentState, Standing, Terms, standing, terms_faults
from ccezone.consents.service.news import ConsentMoved
from ccezone.consents.tables import ConsentStep, DataConsent
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.holding import hold


def ask_consent(uow: UnitOfWork, uscc: str, terms: Terms, by: Principal, clock: Clock) -> UUID:
    """Let a bank ask a firm, known by its code, for a consent. Raises ``Refused``: no such firm, asked already, bad terms."""
    if by.partner_id is None or not by.may(Permission.BANK_DECIDE):
        raise NotAllowed(Fault("", "not_allowed"))
    firm = directory(uow.connection).find(uscc.strip().upper())
    if firm is None or not firm.active:
        raise Refused(Fault("/uscc", "party_not_registered", {"code": uscc.strip()}))
    return _made(uow, firm.id, _bank(uow, by.partner_id), terms, ConsentState.ASKED, by, clock)


def grant_consent(uow: UnitOfWork, enterprise_id: UUID, partner_id: UUID, terms: Terms, by: Principal, clock: Clock) -> UUID:
    """Let a firm consent without being asked. Raises ``Refused``: no such bank, bad terms."""
    _permit_firm(by, enterprise_id)
    return _made(uow, enterprise_id, _bank(uow, partner_id), terms, ConsentState.GRANTED, by, clock)


def answer_consent(
    uow: UnitOfWork, enterprise_id: UUID, consent_id: UUID, version: int, agree: bool, words: str, by: Principal, clock: Clock
) -> None:
    """Agree to what a bank asks, or refuse it with a reason. Raises ``NotFound``, ``Stale``, ``Refused``: answered before, over."""
    _permit_firm(by, enterprise_id)
    row = _held(uow, enterprise_id, consent_id)
    today = clock.now().astimezone(SHANGHAI).date()
    if row.version != version:
        raise Stale(Fault("", "changed_meanwhile"))
    if standing(row.state, row.valid_from, row.valid_to, today) is not Standing.ASKED:
        raise Refused(Fault("", "consent_answered"))
    if not agree and not words.strip():
        raise Refused(Fault("/words", "required"))
    _move(uow, row, ConsentState.GRANTED if agree else ConsentState.REFUSED, words, by, clock)


def withdraw_consent(uow: UnitOfWork, enterprise_id: UUID, consent_id: UUID, words: str, by: Principal, clock: Clock) -> None:
    """End a consent at once: a look that runs is waited for, the next is refused. Raises ``NotFound``, ``Refused``: none given."""
    _permit_firm(by, enterprise_id)
    row = _held(uow, enterprise_id, consent_id)
    today = clock.now().astimezone(SHANGHAI).date()
    if standing(row.state, row.valid_from, row.valid_to, today) not in (Standing.LIVE, Standing.FUTURE):
        raise Refused(Fault("", "consent_not_given"))
    _move(uow, row, ConsentState.WITHDRAWN, words, by, clock)


def _made(uow: UnitOfWork, firm: UUID, bank: PartnerView, terms: Terms, state: ConsentState, by: Principal, clock: Clock) -> UUID:
    today = clock.now().astimezone(SHANGHAI).date()
    if faults := terms_faults(terms, today):
        raise Refused(*faults)
    hold(uow.connection, "consent", firm, bank.id)
    if state is ConsentState.ASKED and _asked(uow, firm, bank.id, today, terms):
        raise Refused(Fault("", "consent_asked_already"))
    row = DataConsent(
        id=uuidv7(), enterprise_id=firm, partner_id=bank.id, kinds=sorted({*terms.kinds}), purpose=terms.purpose,
        note=terms.note.strip(), valid_from=terms.valid_from, valid_to=terms.valid_to, state=state, made_at=clock.now(), version=1,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    _note(uow, row, state, terms.note, by, clock)
    uow.publish(ConsentMoved(row.id, firm, bank.name, state, clock.now()))
    return row.id


def _asked(uow: UnitOfWork, firm: UUID, bank: UUID, today: object, terms: Terms) -> bool:
    """Say whether this bank waits for an answer to the same question."""
    own = select(DataConsent).where(DataConsent.enterprise_id == firm, DataConsent.partner_id == bank)
    waiting = uow.session.exec(own.where(DataConsent.state == ConsentState.ASKED, col(DataConsent.valid_to) >= today)).all()
    return any(row.kinds == sorted({*terms.kinds}) and row.purpose == terms.purpose for row in waiting)


def _move(uow: UnitOfWork, row: DataConsent, state: ConsentState, words: str, by: Principal, clock: Clock) -> None:
    if len(words) > LONGEST:
        raise Refused(Fault("/words", "too_long", {"max": str(LONGEST), "actual": str(len(words))}))
    row.state = state
    row.version += 1
    uow.session.flush()
    _note(uow, row, state, words, by, clock)
    found = partner(uow.connection, row.partner_id)
    uow.publish(ConsentMoved(row.id, row.enterprise_id, found.name if found else "", state, clock.now()))


def _note(uow: UnitOfWork, row: DataConsent, state: ConsentState, words: str, by: Principal, clock: Clock) -> None:
    side = "bank" if by.partner_id else "firm"
    step = ConsentStep(
        id=uuidv7(), consent_id=row.id, at=clock.now(), actor=by.actor, name=by.name, side=side, action=state, note=words.strip()
    )
    uow.session.add(step)
    uow.session.flush()
    record(uow, by, f"consent.{state}", f"consent:{row.id}", clock, {"enterprise": str(row.enterprise_id)})


def _bank(uow: UnitOfWork, partner_id: UUID) -> PartnerView:
    found = partner(uow.connection, partner_id)
    if found is None or found.kind != PartnerKind.BANK or not found.active:
        raise Refused(Fault("/bank", "required"))
    return found


def _held(uow: UnitOfWork, enterprise_id: UUID, consent_id: UUID) -> DataConsent:
    row = uow.session.get(DataConsent, consent_id, with_for_update=True)
    if row is None or row.enterprise_id != enterprise_id:
        raise NotFound(Fault("", "not_found", {"value": str(consent_id)}))
    return row


def _permit_firm(by: Principal, enterprise_id: UUID) -> None:
    """A firm's own administrator speaks for it; an agent who acts for it does not."""
    if by.enterprise_id != enterprise_id or by.acting or not by.may(Permission.STAFF_WRITE):
        raise NotAllowed(Fault("", "not_allowed"))
