"""Use cases of statistical returns: compile and freeze, approve by a second officer, sign once, publish, correct.

What was frozen is never changed: a correction is another edition of the period, which supersedes when it is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ccezone.background.service import request_job
from ccezone.enterprises.service.papers import issue_paper, revoke_papers
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.statistics.queries.return_document import Wanted, document, parsed
from ccezone.statistics.queries.returns import ReturnView, editions, files, newest, published, return_by_id
from ccezone.statistics.rules.periods import Period
from ccezone.statistics.rules.returns import Series, State, canonical, digest, unbalanced
from ccezone.statistics.tables import ReturnFile, ReturnSnapshot, ReturnStep, StatisticalReturn
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run
from ccezone.storage.holding import hold

RENDER_JOB, SIGN_JOB = "return_rendering", "return_signing"
PAPER = "return"
FILES = ("zh.pdf", "en.pdf", "zh.xlsx", "en.xlsx")
SIGNED_FILES = ("zh.pdf", "en.pdf")
_MOVE = """
UPDATE statistical_return SET state = %(state)s, version = version + 1 WHERE id = %(id)s AND state = %(from)s
"""


@dataclass(frozen=True, slots=True)
class Order:
    """A return somebody asks for. ``names``: the zone's, zh and en; ``site``: where anybody verifies by code.

    ``reason`` says why a published return is corrected.
    """

    zone: str
    names: tuple[str, str]
    site: str
    kind: str
    period: str
    series: str = Series.PRELIMINARY
    reason: str = ""


def compile_return(uow: UnitOfWork, order: Order, by: str, clock: Clock) -> UUID:
    """Compile a return from the figures as they are, freeze it, and have it rendered; return its id. Raises ``Refused``."""
    hold(uow.connection, "returns", order.kind, order.period)
    period = _judged(order, clock.now().astimezone(SHANGHAI).date())
    latest = newest(uow.connection, order.kind, [period.name]).get(period.name)
    _judge_edition(order, latest)
    edition = _editions(uow, order, period) + 1
    wanted = Wanted(order.zone, order.names, period, Series(order.series), edition, order.reason.strip())
    told = document(uow.connection, wanted, clock.now())
    if wrong := unbalanced(told["tables"]):
        raise Refused(Fault("", "return_unbalanced", {"tables": ", ".join(wrong)}))
    return_id = uuidv7()
    facts = {"period": period.name, "return_kind": order.kind, "series": order.series, "edition": str(edition)}
    code = issue_paper(uow, PAPER, str(return_id), facts, by, clock)
    frozen = canonical({**told, "code": code, "address": f"{order.site.rstrip('/')}/verify/{code}"})
    _keep(uow, StatisticalReturn(
        id=return_id, kind=order.kind, period=period.name, edition=edition, series=order.series, reason=order.reason.strip(),
        state=State.COMPILED, code=code, compiled_at=clock.now(), compiled_by=by, version=1,
    ))  # fmt: skip
    _keep(uow, ReturnSnapshot(return_id=return_id, document=frozen, digest=digest(frozen)))
    _step(uow, return_id, by, "compile", clock, order.reason.strip())
    request_job(uow, RENDER_JOB, clock, arguments={"return": str(return_id)})
    return return_id


def approve_return(uow: UnitOfWork, return_id: UUID, version: int, by: str, clock: Clock) -> None:
    """Approve a rendered return, and have it signed. Raises ``NotAllowed`` for whoever compiled it, ``Refused``, ``Stale``."""
    found = _found(uow, return_id, version, State.COMPILED)
    if found.compiled_by == by:
        raise NotAllowed(Fault("", "return_own_work"))
    if {each.name for each in files(uow.connection, return_id)} < set(FILES):
        raise Refused(Fault("", "return_not_rendered"))
    _move(uow, found, State.APPROVED)
    _step(uow, return_id, by, "approve", clock)
    request_job(uow, SIGN_JOB, clock, arguments={"return": str(return_id)})


def refuse_return(uow: UnitOfWork, return_id: UUID, version: int, reason: str, by: str, clock: Clock) -> None:
    """Refuse a return: it is kept, and its period can be compiled again. Raises ``Refused``, ``Stale``."""
    found = _found(uow, return_id, version, State.COMPILED)
    if not reason.strip():
        raise Refused(Fault("/reason", "required"))
    _move(uow, found, State.REFUSED)
    revoke_papers(uow, PAPER, str(return_id), by, reason.strip(), clock)
    _step(uow, return_id, by, "refuse", clock, reason.strip())


def publish_return(uow: UnitOfWork, return_id: UUID, version: int, by: str, clock: Clock) -> None:
    """Publish a signed return; the edition before it is superseded and stays as it is. Raises ``Refused``, ``Stale``."""
    found = _found(uow, return_id, version, State.SIGNED)
    former = published(uow.connection, found.kind, found.period)
    if former is not None:
        _move(uow, former, State.SUPERSEDED)
        revoke_papers(uow, PAPER, str(former.id), by, found.spelled, clock)
        _step(uow, former.id, by, "supersede", clock, found.spelled)
    _move(uow, found, State.PUBLISHED)
    _step(uow, return_id, by, "publish", clock)


def keep_renderings(uow: UnitOfWork, return_id: UUID, made: Mapping[str, bytes], clock: Clock) -> None:
    """Keep what a snapshot was rendered to, with the digest that rendering it again must arrive at; once."""
    known = {each.name for each in files(uow.connection, return_id)}
    for name, content in made.items():
        if name not in known:
            _keep(uow, _file(return_id, name, "draft", content, digest(content), clock))
    if not known:
        _step(uow, return_id, "hub", "render", clock)


def keep_signed(uow: UnitOfWork, return_id: UUID, made: Mapping[str, bytes], signer: str, clock: Clock) -> None:
    """Keep the signed files of an approved return; it is signed once. Raises ``Refused``."""
    found = return_by_id(uow.connection, return_id)
    if found is None or found.state != State.APPROVED:
        raise Refused(Fault("", "return_wrong_state"))
    drafts = {each.name: each.digest for each in files(uow.connection, return_id) if each.stage == "draft"}
    for name, content in made.items():
        _keep(uow, _file(return_id, name, "signed", content, drafts[name], clock))
    _move(uow, found, State.SIGNED)
    _step(uow, return_id, "hub", "sign", clock, signer)


def _file(return_id: UUID, name: str, stage: str, content: bytes, unsigned: str, clock: Clock) -> ReturnFile:
    return ReturnFile(return_id=return_id, name=name, stage=stage, content=content, digest=unsigned, made_at=clock.now())


def _judged(order: Order, today: date) -> Period:
    try:
        period, series = parsed(order.kind, order.period), Series(order.series)
    except ValueError:
        raise Refused(Fault("/period", "return_bad_period", {"value": order.period})) from None
    if period.since > today:
        raise Refused(Fault("/period", "return_not_begun", {"period": period.name}))
    if series is Series.FINAL and period.until >= today:
        raise Refused(Fault("/series", "return_not_over", {"period": period.name, "until": str(period.until)}))
    return period


def _judge_edition(order: Order, latest: ReturnView | None) -> None:
    if latest is None:
        return
    if latest.state in (State.COMPILED, State.APPROVED, State.SIGNED):
        raise Refused(Fault("/period", "return_under_way", {"number": latest.spelled}))
    if not order.reason.strip():
        raise Refused(Fault("/reason", "return_reason_needed", {"number": latest.spelled}))


def _editions(uow: UnitOfWork, order: Order, period: Period) -> int:
    return max((each.edition for each in editions(uow.connection, order.kind, period.name)), default=0)


def _found(uow: UnitOfWork, return_id: UUID, version: int, state: State) -> ReturnView:
    found = return_by_id(uow.connection, return_id)
    if found is None:
        raise NotFound(Fault("", "return_not_found"))
    if found.state != state:
        raise Refused(Fault("", "return_wrong_state"))
    if found.version != version:
        raise Stale(Fault("", "changed_meanwhile"))
    return found


def _move(uow: UnitOfWork, found: ReturnView, state: State) -> None:
    if not run(uow.connection, _MOVE, {"id": found.id, "state": state.value, "from": found.state}):
        raise Stale(Fault("", "changed_meanwhile"))


def _keep(uow: UnitOfWork, row: StatisticalReturn | ReturnSnapshot | ReturnFile | ReturnStep) -> None:
    uow.session.add(row)
    uow.session.flush()


def _step(uow: UnitOfWork, return_id: UUID, actor: str, action: str, clock: Clock, note: str = "") -> None:
    _keep(uow, ReturnStep(id=uuidv7(), return_id=return_id, at=clock.now(), actor=actor, action=action, note=note))
