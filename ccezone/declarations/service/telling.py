"""Who is told what customs decided about summary declarations and goods returns: the firm that applied."""

from ccezone.declarations.rules.applications import DRAFT, Kind, granted, may_change
from ccezone.declarations.service.applications import ApplicationMove, ApplicationsMoved
from ccezone.notices.service import Audience, Tidings, notify
from ccezone.storage import UnitOfWork

SUBJECTS = {Kind.SUMMARY: "summary", Kind.RETURN: "goods_return"}
"""What a message is about, by what was applied for."""


def tell_applications(uow: UnitOfWork, news: object) -> None:
    """Tell a firm of each application that customs granted or turned down, once a decision."""
    if not isinstance(news, ApplicationsMoved):
        return
    for move in news.moves:
        if outcome := _outcome(move):
            audience = Audience(enterprise_id=move.merchant_id)
            words: dict[str, object] = {"application": str(move.id)}
            notify(uow, audience, Tidings(f"{move.kind}_{outcome}", news.at, SUBJECTS[Kind(move.kind)], str(move.id), words))


def _outcome(move: ApplicationMove) -> str | None:
    """Say what is to be told of a step, if it is a decision of customs and not its repetition."""
    if granted(move.message_type, move.state):
        return None if granted(move.message_type, move.before) else "granted"
    if move.state == DRAFT or not may_change(move.state):
        return None
    return "rejected" if move.before == DRAFT or not may_change(move.before) else None
