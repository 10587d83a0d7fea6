"""Making rules: draft, edit, try, publish with a date by a second officer, end. A live edition is never changed but in its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.risk.queries.rulebook import editions, rule, trials
from ccezone.risk.rules.kinds import KINDS, LEVELS, TYPES, Kind, read_thresholds
from ccezone.risk.tables import RiskRule
from ccezone.storage import UnitOfWork

_LONGEST = {"name": 100, "document": 300, "hs_code": 10, "country": 3}


@dataclass(frozen=True, slots=True)
class Wording:
    """What an officer writes of a rule. Thresholds as typed; ``scope``: ``flow``, ``hs_code`` (its beginning), ``country``."""

    name: str
    level: str
    type: str
    document: str
    thresholds: Mapping[str, str]
    scope: Mapping[str, str] = field(default_factory=dict)


def draft_rule(uow: UnitOfWork, kind: str, wording: Wording, actor: str, clock: Clock, family: UUID | None = None) -> UUID:
    """Draft a new rule, or (``family``) the next edition of one. Raises ``Refused`` with every reason, ``NotFound``."""
    if kind not in KINDS:
        raise NotFound(Fault("", "risk_kind_unknown", {"kind": kind}))
    number = uuidv7()
    former = editions(uow.connection, family) if family else []
    if family and (not former or former[0].kind != kind):
        raise NotFound(Fault("", "risk_rule_not_found"))
    if any(each.state == "draft" for each in former):
        raise Refused(Fault("", "risk_draft_there"))
    row = RiskRule(
        id=number,
        family=family or number,
        edition=max((each.edition for each in former), default=0) + 1,
        kind=kind,
        status="zone decision",
        state="draft",
        effective_from=None,
        effective_to=None,
        version=1,
        drafted_by=actor,
        drafted_at=clock.now(),
        published_by=None,
        published_at=None,
        **_worded(KINDS[kind], wording),
    )
    uow.session.add(row)
    uow.session.flush()
    return number


def change_draft(uow: UnitOfWork, rule_id: UUID, version: int, wording: Wording, actor: str, clock: Clock) -> None:
    """Word a draft anew. Raises ``Refused``, ``NotFound``, ``Stale`` when somebody changed it meanwhile."""
    row = _locked(uow, rule_id, "draft")
    if row.version != version:
        raise Stale(Fault("", "changed_meanwhile"))
    for name, value in _worded(KINDS[row.kind], wording).items():
        setattr(row, name, value)
    row.version += 1
    row.drafted_by, row.drafted_at = actor, clock.now()
    uow.session.flush()


def drop_draft(uow: UnitOfWork, rule_id: UUID) -> None:
    """Give a draft up; it stays on record. Raises ``NotFound``."""
    _locked(uow, rule_id, "draft").state = "dropped"
    uow.session.flush()


def publish_rule(uow: UnitOfWork, rule_id: UUID, effective_from: date, actor: str, clock: Clock) -> None:
    """Let a draft go live on a day, today at the earliest; the edition before it ends the day before.

    Somebody else than who drafted it decides, and a finished trial of exactly this draft must be there. Raises ``Refused``.
    """
    row = _locked(uow, rule_id, "draft")
    today = clock.now().astimezone(SHANGHAI).date()
    faults = [Fault("", "risk_four_eyes")] if actor == row.drafted_by else []
    faults += [] if _tried(uow, rule_id) else [Fault("", "risk_not_tried")]
    faults += [Fault("/effective_from", "risk_begins_past")] if effective_from < today else []
    if faults:
        raise Refused(*faults)
    _end_former(uow, row.family, effective_from - timedelta(days=1))
    row.state, row.effective_from, row.published_by, row.published_at = "live", effective_from, actor, clock.now()
    uow.session.flush()


def end_rule(uow: UnitOfWork, rule_id: UUID, last: date, clock: Clock) -> None:
    """Let a live edition end with a day, yesterday at the earliest; what it raised stays. Raises ``Refused``, ``NotFound``."""
    row = _locked(uow, rule_id, "live")
    today = clock.now().astimezone(SHANGHAI).date()
    if last < today - timedelta(days=1) or (row.effective_from is not None and last < row.effective_from):
        raise Refused(Fault("/effective_to", "ends_before_begin"))
    if row.effective_to is not None and row.effective_to < last:
        raise Refused(Fault("/effective_to", "risk_ended"))
    row.effective_to = last
    uow.session.flush()


def _tried(uow: UnitOfWork, rule_id: UUID) -> bool:
    """Say whether a trial of exactly this draft is finished."""
    drafted = rule(uow.connection, rule_id)
    done = (each for each in trials(uow.connection, rule_id) if each.finished_at)
    return drafted is not None and any(each.fingerprint == drafted.fingerprint for each in done)


def _end_former(uow: UnitOfWork, family: UUID, last: date) -> None:
    """End what is live on a later day; an edition that had not begun by then never does."""
    statement = select(RiskRule).where(RiskRule.family == family, RiskRule.state == "live").with_for_update()
    for former in uow.session.exec(statement):
        if former.effective_from is not None and former.effective_from > last:
            former.state = "dropped"
        elif former.effective_to is None or former.effective_to > last:
            former.effective_to = last
    uow.session.flush()


def _locked(uow: UnitOfWork, rule_id: UUID, state: str) -> RiskRule:
    statement = select(RiskRule).where(col(RiskRule.id) == rule_id, RiskRule.state == state).with_for_update()
    found = uow.session.exec(statement).first()
    if found is None:
        raise NotFound(Fault("", "risk_rule_not_found"))
    return found


def _worded(kind: Kind, wording: Wording) -> dict[str, Any]:
    thresholds, faults = read_thresholds(kind, wording.thresholds)
    scope = {name: value.strip() for name, value in wording.scope.items() if name in kind.scope and value.strip()}
    texts = {"name": wording.name.strip(), "document": wording.document.strip()}
    faults += [Fault(f"/{name}", "required") for name, text in texts.items() if not text]
    for name, text in {**texts, **scope}.items():
        most = _LONGEST.get(name, 1)
        if len(text) > most:
            faults.append(Fault(f"/{name}", "too_long", {"max": str(most), "actual": str(len(text))}))
    if wording.level not in LEVELS:
        faults.append(Fault("/level", "required"))
    if wording.type not in TYPES:
        faults.append(Fault("/type", "required"))
    if scope.get("hs_code") and not scope["hs_code"].isdecimal():
        faults.append(Fault("/hs_code", "not_a_number", {"value": scope["hs_code"]}))
    if scope.get("flow", "E") not in ("E", "I"):
        faults.append(Fault("/flow", "required"))
    if faults:
        raise Refused(*faults)
    return {**texts, "level": wording.level, "type": wording.type, "thresholds": thresholds, "scope": scope}
