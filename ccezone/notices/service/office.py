"""Messages of the office's own work: values and roles to decide, what was decided, and damage found in the audit trail."""

from ccezone.accounts.queries import names_of
from ccezone.accounts.rules import Role
from ccezone.accounts.rules.powers import RequestState
from ccezone.accounts.service import AuditChecked, RoleMoved
from ccezone.notices.service.notifying import Audience, Tidings, notify
from ccezone.parameters.queries import catalogue
from ccezone.parameters.rules.proposing import ProposalState
from ccezone.parameters.service import ProposalMoved
from ccezone.storage import UnitOfWork


def tell_proposal(uow: UnitOfWork, news: object) -> None:
    """Tell officers of a proposed value, and who proposed it of the decision."""
    if not isinstance(news, ProposalMoved) or news.state is ProposalState.WITHDRAWN:
        return
    params = {"name": f"{catalogue()[news.key].label_zh} ({news.key})", "reason": news.reason or "—"}
    kinds = {ProposalState.WAITING: "proposal_waiting", ProposalState.APPROVED: "proposal_approved"}
    tidings = Tidings(kinds.get(news.state, "proposal_refused"), news.at, "proposal", str(news.id), params)
    waiting = news.state is ProposalState.WAITING
    notify(uow, Audience(roles=(Role.ZONE_OFFICER,)) if waiting else Audience(user_id=news.proposed_by), tidings)


def tell_role(uow: UnitOfWork, news: object) -> None:
    """Tell security administrators of a role that is asked for, and who asked of the decision."""
    if not isinstance(news, RoleMoved) or news.state is RequestState.WITHDRAWN:
        return
    params = {"name": names_of(uow.connection, [news.user_id]).get(news.user_id, "—"), "reason": news.note or "—"}
    waiting = news.state is RequestState.WAITING
    tidings = Tidings("role_waiting" if waiting else f"role_{news.state}", news.at, "role_request", str(news.request_id), params)
    notify(uow, Audience(roles=(Role.SECURITY_ADMIN,)) if waiting else Audience(user_id=news.asked_by), tidings)


def tell_audit(uow: UnitOfWork, news: object) -> None:
    """Tell audit administrators of damage in the trail; that it is whole is no news."""
    if isinstance(news, AuditChecked) and news.found:
        params = {"number": str(news.found), "first": str(news.first)}
        notify(
            uow, Audience(roles=(Role.AUDIT_ADMIN,)), Tidings("audit_broken", news.at, "audit", str(news.verification_id), params)
        )
