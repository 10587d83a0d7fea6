"""Following summary declarations and goods returns: their receipts (CEB702, CEB214, CEB626), and what a summary became (CEB792)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from ccezone.clearance.service.resolving import SUMMARY_RESULTS, Resolved
from ccezone.declarations.rules.lifecycle import Mark
from ccezone.declarations.service.applications import ApplicationAnswer
from ccezone.declarations.service.following_applications import follow_answers
from ccezone.declarations.service.summaries import SummaryResult, apply_summary_results
from ccezone.storage import UnitOfWork


def follow_applications(uow: UnitOfWork, found: Sequence[Resolved], at: datetime) -> None:
    """Fold what customs answered into applications. A result proves that the summary was accepted, whatever else has come."""
    if not found:
        return
    results = [item for item in found if item.receipt.message_type in SUMMARY_RESULTS]
    answers = [_answer(item) for item in found if item.receipt.message_type not in SUMMARY_RESULTS]
    follow_answers(uow, answers, at)
    apply_summary_results(uow, [_result(item) for item in results], at)


def _answer(item: Resolved) -> ApplicationAnswer:
    keys, mark = item.receipt.keys, Mark(item.receipt.code, item.receipt.returned_at)
    return ApplicationAnswer(item.subject, item.submission, mark, keys.get("eport_no", ""), keys.get("sum_no", ""))


def _result(item: Resolved) -> SummaryResult:
    said = {name: str(value) for name, value in item.receipt.content.items() if name != "lines"}
    lines = item.receipt.content.get("lines")
    return SummaryResult(
        item.subject,
        said.get("decl_seq_no", ""),
        said.get("dec_tmp_no", ""),
        said.get("dec_pre_no", ""),
        said.get("entry_id", ""),
        said.get("dec_state", ""),
        item.receipt.returned_at,
        _weight(said, "gross_weight"),
        _weight(said, "net_weight"),
        [{name: str(value) for name, value in line.items()} for line in lines] if isinstance(lines, list) else [],
    )


def _weight(said: Mapping[str, str], name: str) -> Decimal:
    try:
        return Decimal(said.get(name) or 0)
    except InvalidOperation:
        return Decimal(0)
