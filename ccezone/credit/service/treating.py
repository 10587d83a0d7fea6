"""Treating enterprises as their standing says: set on the enterprise, kept as history, asked of the single window."""

from datetime import timedelta
from uuid import UUID

from ccezone.credit.ports import TreatmentDesk, TreatmentRefused, TreatmentUnavailable
from ccezone.credit.queries.terms import CreditTerms
from ccezone.credit.rules.listing import IN_FORCE
from ccezone.credit.rules.measures import LISTED, Measures, measures_of, standing_of
from ccezone.credit.rules.scoring import Grade
from ccezone.credit.service.news import StandingChanged
from ccezone.credit.tables import CreditTreatment
from ccezone.enterprises.service.treating import (
    NEGATIVE_LIST,
    Treatment,
    block_registration,
    lift_registration_block,
    set_treatment,
)
from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import key8, uuidv7
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run

_STANDING = """
SELECT e.name, e.uscc, s.grade,
    EXISTS (SELECT FROM credit_listing l WHERE l.uscc = e.uscc AND l.kind = 'negative' AND l.state = ANY(%(in_force)s)),
    EXISTS (SELECT FROM credit_listing l WHERE l.uscc = e.uscc AND l.kind = 'red' AND l.state = ANY(%(in_force)s))
FROM enterprise e LEFT JOIN LATERAL (
    SELECT grade FROM credit_score WHERE enterprise_id = e.id ORDER BY day DESC LIMIT 1
) s ON true
WHERE e.id = %(id)s FOR NO KEY UPDATE OF e
"""
_LAST = """
SELECT grade, standing, inspection_share, auto_submit, fast_lane, registration_block, filing_block FROM credit_treatment
WHERE enterprise_id = %(id)s ORDER BY id DESC LIMIT 1
"""
_OVERTAKE = "UPDATE credit_treatment SET settled_at = %(at)s WHERE enterprise_id = %(id)s AND settled_at IS NULL"
_DUE = """
SELECT id, enterprise_id FROM credit_treatment WHERE settled_at IS NULL AND next_attempt_at <= %(at)s
ORDER BY next_attempt_at LIMIT %(limit)s
"""
_ALONE = "SELECT pg_try_advisory_xact_lock(%(key)s)"
_STILL = """
SELECT coalesce(e.customs_code, e.uscc), t.inspection_share, t.attempts
FROM credit_treatment t JOIN enterprise e ON e.id = t.enterprise_id WHERE t.id = %(id)s AND t.settled_at IS NULL
"""
_SETTLED = """
UPDATE credit_treatment SET settled_at = %(at)s, sent = %(sent)s, attempts = attempts + 1, last_error = %(error)s
WHERE id = %(id)s AND settled_at IS NULL
"""
_LATER = """
UPDATE credit_treatment SET attempts = attempts + 1, last_error = %(error)s, next_attempt_at = %(next)s
WHERE id = %(id)s AND settled_at IS NULL
"""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 300.0
_AWAY = -1


def treat(uow: UnitOfWork, enterprise_id: UUID, terms: CreditTerms, clock: Clock) -> bool:
    """Bring an enterprise's treatment up to its standing; say whether it changed. Without grade and listing nothing is done."""
    name, uscc, grade, listed, red = fetch(
        uow.connection, _STANDING, {"id": enterprise_id, "in_force": [state.value for state in IN_FORCE]}
    )[0]
    last = fetch(uow.connection, _LAST, {"id": enterprise_id})
    standing = standing_of(Grade(grade) if grade else None, listed=listed, red=red)
    if standing is None:
        if not last or last[0][1] == "":
            return False
        wanted = Measures(terms.measures[Grade.A].inspection_share, True, False, False, False)
    else:
        wanted = measures_of(standing, terms.measures)
    before = last[0] if last else None
    now_row = (grade or "", standing or "", *_facts(wanted))
    if before is not None and tuple(before) == now_row:
        return False
    _keep(uow, enterprise_id, grade or "", standing or "", wanted, clock)
    _set(uow, enterprise_id, uscc, grade or "", standing or "", wanted, clock)
    if before is None or before[1] != (standing or ""):
        uow.publish(StandingChanged(enterprise_id, name, before[1] if before else "", standing or "", clock.now()))
    return True


def _facts(wanted: Measures) -> tuple[object, ...]:
    return (wanted.inspection_share, wanted.auto_submit, wanted.fast_lane, wanted.registration_block, wanted.filing_block)


def _keep(uow: UnitOfWork, enterprise_id: UUID, grade: str, standing: str, wanted: Measures, clock: Clock) -> None:
    now = clock.now()
    run(uow.connection, _OVERTAKE, {"id": enterprise_id, "at": now})
    uow.session.add(
        CreditTreatment(
            id=uuidv7(),
            enterprise_id=enterprise_id,
            at=now,
            grade=grade,
            standing=standing,
            inspection_share=wanted.inspection_share,
            auto_submit=wanted.auto_submit,
            fast_lane=wanted.fast_lane,
            registration_block=wanted.registration_block,
            filing_block=wanted.filing_block,
            next_attempt_at=now,
            settled_at=None,
        )
    )
    uow.session.flush()


def _set(uow: UnitOfWork, enterprise_id: UUID, uscc: str, grade: str, standing: str, wanted: Measures, clock: Clock) -> None:
    block = (NEGATIVE_LIST if standing == LISTED else "grade") if wanted.filing_block else ""
    set_treatment(uow, enterprise_id, Treatment(grade, block, wanted.fast_lane, wanted.auto_submit), clock)
    set_registration_block(uow, uscc, NEGATIVE_LIST if standing == LISTED else "grade", clock, blocked=wanted.registration_block)


def set_registration_block(uow: UnitOfWork, uscc: str, reason: str, clock: Clock, *, blocked: bool) -> None:
    """Block or free the registration of a code, registered or not."""
    if blocked:
        block_registration(uow, uscc, reason, clock)
    else:
        lift_registration_block(uow, uscc)


def send_treatments(database: Database, desk: TreatmentDesk, clock: Clock, limit: int = 20) -> int:
    """Ask the single window for the shares that are due; return how many were settled. One that is away stops the round.

    While the question is out, an enterprise's treatments are asked for by nobody else, so that an older share never comes
    last; yet no row is locked, so that nobody who judges the enterprise waits for the single window.
    """
    with database.reading() as connection:
        due = fetch(connection, _DUE, {"at": clock.now(), "limit": limit})
    settled = 0
    for number, enterprise_id in due:
        with database.begin() as uow:
            outcome = _ask(uow, desk, clock, number, enterprise_id)
        if outcome == _AWAY:
            break
        settled += outcome
    return settled


def _ask(uow: UnitOfWork, desk: TreatmentDesk, clock: Clock, number: UUID, enterprise_id: UUID) -> int:
    """Ask for one treatment, unless somebody else does or it was overtaken: 1 when it is settled, ``_AWAY`` when nobody answers."""
    if not fetch(uow.connection, _ALONE, {"key": key8("treatment", str(enterprise_id))})[0][0]:
        return 0
    still = fetch(uow.connection, _STILL, {"id": number})
    if not still:
        return 0
    code, share, attempts = still[0]
    error = ""
    try:
        desk.ask(code, share)
    except TreatmentUnavailable as away:
        wait = timedelta(seconds=min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(attempts, 20)))
        run(uow.connection, _LATER, {"id": number, "error": str(away)[:500], "next": clock.now() + wait})
        return _AWAY
    except TreatmentRefused as refused:
        error = str(refused)[:500]
    run(uow.connection, _SETTLED, {"id": number, "at": clock.now(), "sent": not error, "error": error})
    return 1
