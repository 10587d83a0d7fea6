"""Who is told of which news: people through the message centre, machines through webhooks, each in the transaction of the news.

News comes by the thousand, so it costs a look into memory where nobody is to be told, and one statement a call where somebody is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from ccezone.accounts.rules import Role
from ccezone.accounts.service import AuditChecked, Audited, RoleMoved
from ccezone.background.service import JobFinished
from ccezone.bills.service import BatchTakenIn
from ccezone.cases.rules.queues import QUEUES, StepKind
from ccezone.cases.service import CaseMoved, CaseOpened
from ccezone.consents.service import ConsentMoved, DecisionMade
from ccezone.consents.service.telling import tell_consent, tell_decision, tell_own_borrowing
from ccezone.credit.service import ListingMoved, StandingChanged
from ccezone.credit.service.telling import tell_listing, tell_standing
from ccezone.declarations.queries import list_numbers
from ccezone.declarations.rules.lifecycle import ended_unsuccessfully
from ccezone.declarations.service import ListMove, ListsMoved
from ccezone.declarations.service.applications import ApplicationsMoved
from ccezone.declarations.service.telling import tell_applications
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.applications import brief_of
from ccezone.enterprises.queries.nodes import watching
from ccezone.enterprises.rules.applying import LICENCE_KINDS
from ccezone.enterprises.service.reminding import LicenceEnding
from ccezone.fx.service.news import Answered, BorrowingMoved, DueTold
from ccezone.fx.service.telling import tell_answer, tell_borrowing, tell_dues
from ccezone.inspection.service import OrderMoved
from ccezone.inspection.service.telling import tell_order
from ccezone.matching.queries import order_numbers
from ccezone.matching.rules import Verdict
from ccezone.matching.service import MergeOutcome, OrdersMerged
from ccezone.notices.queries.webhooks import Watch
from ccezone.notices.service import Audience, Tally, Tidings, count, notify, tell_security
from ccezone.notices.service.office import tell_audit, tell_proposal, tell_role
from ccezone.notices.service.webhooks import tell, tell_many
from ccezone.parameters.service import ProposalMoved
from ccezone.reporting.service.news import ReportDue, ReportMoved
from ccezone.reporting.service.telling import tell_due, tell_moved
from ccezone.storage import UnitOfWork
from ccezone.storage.unit_of_work import Subscriptions
from ccezone.tax_refunds.service.area_dues import DeliveriesDue, tell_deliveries
from ccezone.tax_refunds.service.leave.news import PrerefundMoved, tell_prerefund
from ccezone.tax_refunds.service.pledges import PledgeMoved
from ccezone.tax_refunds.service.telling import ClaimMoved, tell_refund
from ccezone.tax_refunds.service.telling_pledges import tell_pledge
from ccezone.tax_refunds.service.telling_vouchers import tell_voucher
from ccezone.tax_refunds.service.vouchers import VoucherMoved

_APPLICATIONS = {
    "application.submitted": "registration_submitted",
    "application.resubmitted": "registration_submitted",
    "application.approved": "registration_approved",
    "application.returned": "registration_returned",
    "application.refused": "registration_refused",
}
_RELEASED = frozenset({"800", "899"})


@dataclass
class Announcer:
    """Turns news of areas into messages and webhook events."""

    watch: Watch = field(default_factory=Watch)

    def subscriptions(self) -> Subscriptions:
        """Whom to call for which news."""
        return {
            ListsMoved: [self._lists_moved],
            ApplicationsMoved: [tell_applications, self._applications_moved],
            OrdersMerged: [self._orders_merged],
            BatchTakenIn: [self._batch_taken_in],
            CaseOpened: [self._case_opened],
            CaseMoved: [_case_moved],
            JobFinished: [self._job_finished],
            Audited: [tell_security, _registration_moved],
            LicenceEnding: [_licence_ending],
            StandingChanged: [tell_standing],
            ListingMoved: [tell_listing],
            OrderMoved: [tell_order],
            ClaimMoved: [tell_refund],
            PrerefundMoved: [tell_prerefund],
            DeliveriesDue: [tell_deliveries],
            PledgeMoved: [tell_pledge],
            Answered: [tell_answer],
            DueTold: [tell_dues],
            BorrowingMoved: [tell_borrowing, tell_own_borrowing],
            VoucherMoved: [tell_voucher],
            ProposalMoved: [tell_proposal],
            RoleMoved: [tell_role],
            AuditChecked: [tell_audit],
            ConsentMoved: [tell_consent],
            DecisionMade: [tell_decision],
            ReportDue: [tell_due],
            ReportMoved: [tell_moved],
        }

    def _lists_moved(self, uow: UnitOfWork, news: object) -> None:
        if not isinstance(news, ListsMoved):
            return
        told = ((move.merchant_id, kind, move.id) for move in news.moves if move.merchant_id and (kind := _kind_of(move)))
        count(uow, _tallies(told), news.at)
        watched = self.watch.current(uow.connection)
        by_merchant: dict[UUID, list[ListMove]] = defaultdict(list)
        for move in news.moves if watched else ():
            if move.merchant_id is not None and move.merchant_id in watched:
                by_merchant[move.merchant_id].append(move)
        for merchant_id, moves in by_merchant.items():
            named = list_numbers(uow.connection, [move.id for move in moves])
            entries = [_list_entry(move, named[move.id]) for move in moves]
            tell_many(uow, watched[merchant_id], merchant_id, "list.state_changed", news.at, "lists", entries)

    def _applications_moved(self, uow: UnitOfWork, news: object) -> None:
        watched = self.watch.current(uow.connection) if isinstance(news, ApplicationsMoved) else {}
        if not isinstance(news, ApplicationsMoved) or not watched:
            return
        told: dict[UUID, list[Mapping[str, object]]] = defaultdict(list)
        for move in news.moves:
            if move.merchant_id in watched:
                told[move.merchant_id].append({"id": str(move.id), "kind": move.kind, "state": move.state, "before": move.before})
        for merchant_id, entries in told.items():
            tell_many(uow, watched[merchant_id], merchant_id, "application.state_changed", news.at, "applications", entries)

    def _orders_merged(self, uow: UnitOfWork, news: object) -> None:
        if not isinstance(news, OrdersMerged):
            return
        changed = [outcome for outcome in news.outcomes if outcome.changed and outcome.merchant_id is not None]
        conflicts = ((each.merchant_id, "merge_conflict", each.order_key) for each in changed if each.verdict == Verdict.CONFLICT)
        count(uow, _tallies(conflicts), news.at)
        watched = self.watch.current(uow.connection)
        by_merchant: dict[UUID, list[MergeOutcome]] = defaultdict(list)
        for outcome in changed if watched else ():
            if outcome.merchant_id is not None and outcome.merchant_id in watched:
                by_merchant[outcome.merchant_id].append(outcome)
        for merchant_id, outcomes in by_merchant.items():
            named = order_numbers(uow.connection, [outcome.order_key for outcome in outcomes])
            entries = [_order_entry(outcome, named[outcome.order_key]) for outcome in outcomes]
            tell_many(uow, watched[merchant_id], merchant_id, "order.verdict_changed", news.at, "orders", entries)

    def _batch_taken_in(self, uow: UnitOfWork, news: object) -> None:
        if isinstance(news, BatchTakenIn) and (watchers := self.watch.current(uow.connection).get(news.enterprise_id)):
            data = {
                "batch": str(news.batch_id),
                "kind": news.kind.value,
                "documents": news.documents,
                "accepted": news.accepted,
                "rejected": news.rejected,
            }
            tell(uow, watchers, news.enterprise_id, "batch.finished", news.at, data)

    def _case_opened(self, uow: UnitOfWork, news: object) -> None:
        if not isinstance(news, CaseOpened) or news.enterprise_id is None:
            return
        if not (news.kind in QUEUES and QUEUES[news.kind].computed):  # of what stands long the firm was told when it began
            params = {"subject": {"list": "case_kinds", "code": news.kind}}
            tidings = Tidings("case_opened", news.at, "case", str(news.case_id), params)
            notify(uow, Audience(enterprise_id=news.enterprise_id), tidings)
        if watchers := self.watch.current(uow.connection).get(news.enterprise_id):
            data = {"case": str(news.case_id), "kind": news.kind, "subject_kind": news.subject_kind, "subject": str(news.subject)}
            tell(uow, watchers, news.enterprise_id, "case.opened", news.at, data)

    def _job_finished(self, uow: UnitOfWork, news: object) -> None:
        if not isinstance(news, JobFinished):
            return
        params = {"job": {"list": "job_kinds", "code": news.kind}, "file": str(news.outcome.file_id or "")}
        kind = "job_done" if news.state == "done" else "job_failed"
        if news.user_id is not None:
            notify(uow, Audience(user_id=news.user_id), Tidings(kind, news.at, "job", str(news.job_id), params))
        if news.enterprise_id and (watchers := self.watch.current(uow.connection).get(news.enterprise_id)):
            data = {"job": str(news.job_id), "kind": news.kind, "state": news.state, "result": dict(news.outcome.result)}
            tell(uow, watchers, news.enterprise_id, "job.finished", news.at, data)


_OFFICERS = (Role.ZONE_OFFICER, Role.ADMIN)


def _case_moved(uow: UnitOfWork, news: object) -> None:
    """Tell the firm of questions and of the end of what it was asked about; the owner of answers and of what is handed over."""
    if not isinstance(news, CaseMoved):
        return
    party = directory(uow.connection).by_id.get(news.enterprise_id) if news.enterprise_id else None
    nodes = watching(uow.connection, party.node if party else "")
    owner = Audience(user_id=news.owner_id) if news.owner_id else Audience(roles=_OFFICERS, nodes=nodes)
    firm = Audience(enterprise_id=news.enterprise_id)
    told = {
        StepKind.ASKED: ("case_asked", firm),
        StepKind.ANSWERED: ("case_answered", owner),
        StepKind.HANDED: ("case_handed", owner) if news.owner_id else None,
        StepKind.CLOSED: ("case_closed", firm) if news.told else None,
    }.get(news.step)
    if told is not None:
        kind, audience = told
        params = {"subject": {"list": "case_kinds", "code": news.kind}, "name": party.name if party else "—"}
        notify(uow, audience, Tidings(kind, news.at, "case", str(news.case_id), params))


def _registration_moved(uow: UnitOfWork, news: object) -> None:
    """Tell the office of an application that came in, and a firm that has an account of what was decided."""
    if not isinstance(news, Audited) or news.action not in _APPLICATIONS:
        return
    uow.session.flush()
    application_id = news.subject.partition(":")[2]
    found = brief_of(uow.connection, UUID(application_id))
    kind = _APPLICATIONS[news.action]
    tidings = Tidings(kind, news.at, "application", application_id, {"name": found.name, "reason": found.note or "—"})
    if kind == "registration_submitted":
        notify(uow, Audience(roles=_OFFICERS, nodes=watching(uow.connection, found.node or "")), tidings)
    elif found.enterprise_id is not None:
        notify(uow, Audience(enterprise_id=found.enterprise_id), tidings)


def _licence_ending(uow: UnitOfWork, news: object) -> None:
    if isinstance(news, LicenceEnding):
        params = {"name": {"list": LICENCE_KINDS, "code": news.kind}, "date": f"{news.expires_on:%Y-%m-%d}"}
        tidings = Tidings("licence_expiring", news.at, "licence", str(news.licence_id), params)
        notify(uow, Audience(enterprise_id=news.enterprise_id), tidings)


def _kind_of(move: ListMove) -> str | None:
    """The kind of message a step of a list is counted under, if any."""
    if move.state in _RELEASED:
        return "list_released" if move.before not in _RELEASED else None
    if ended_unsuccessfully(move.state):
        return "list_rejected" if not ended_unsuccessfully(move.before) else None
    return "list_incomplete" if move.state == "incomplete" else None


def _tallies(told: Iterable[tuple[UUID | None, str, int]]) -> list[Tally]:
    """Add up what is told to whom; each with the id of one document."""
    numbers: Counter[tuple[UUID, str]] = Counter()
    samples: dict[tuple[UUID, str], int] = {}
    for enterprise_id, kind, document in told:
        if enterprise_id is not None:
            numbers[enterprise_id, kind] += 1
            samples[enterprise_id, kind] = document
    return [Tally(*key, number, str(samples[key])) for key, number in numbers.items()]


def _list_entry(move: ListMove, numbers: tuple[str, str]) -> Mapping[str, object]:
    order_no, waybill_no = numbers
    return {
        "id": str(move.id),
        "order_no": order_no,
        "waybill_no": waybill_no,
        "state": move.state,
        "before": move.before or None,
        "eport_no": move.eport_no,
        "list_no": move.list_no,
    }


def _order_entry(outcome: MergeOutcome, order_no: str) -> Mapping[str, object]:
    return {
        "id": str(outcome.order_key),
        "order_no": order_no,
        "flow": outcome.flow,
        "verdict": outcome.verdict.value,
        "fileable": outcome.fileable,
    }
