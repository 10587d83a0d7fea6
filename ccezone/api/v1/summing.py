"""``/api/v1/summaries``, as firms write them: what may be summed up, a draft of it, filing it; by the services of the pages."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ccezone.accounts.service import record
from ccezone.api.operations import Example
from ccezone.api.problems import described
from ccezone.api.services import Caller, services
from ccezone.api.v1.applications import PLACE, READ, RESOURCE, WRITE, act, summary_shown
from ccezone.declarations.queries.summaries import Group, LeftOut, groups_of_month, left_out, open_months
from ccezone.declarations.rules.summaries import former_month
from ccezone.declarations.service.summaries import drop_summary, file_summary, leave_list_out, open_summary
from ccezone.kernel.errors import Fault, NotFound
from ccezone.storage import UnitOfWork
from schemas.rest.applications import Summary
from schemas.rest.applying import CandidatesQuery, LeaveOutBody, SummaryBody, SummaryCandidates
from schemas.rest.words import Words

__all__ = ["EXAMPLE_KEY", "EXAMPLE_LIST", "RESOURCE"]
EXAMPLE_LIST = "72057594037927935"
EXAMPLE_KEY = {
    "merchant_code": "3607960001",
    "transport_mode": "5",
    "owner_code": "3607960001",
    "country": "502",
    "port_code": "4003",
    "currency": "502",
    "trade_mode": "9610",
    "customs_code": "4003",
    "agent_code": "3607960001",
}
"""What an example names; tests put a list and a key that are there in their place."""
_LEADS = [(name, "application_id", "/id") for name in ("getSummary", "submitSummary", "leaveOutOfSummary", "dropSummary")]


@RESOURCE.get(
    "/summaries/candidates",
    "listSummaryCandidates",
    Words("可以汇总的清单", "What may be summed up"),
    details=Words(
        "按结关月份和归并条件分组；不能汇总的清单说明原因。", "By month and grouping key; lists that cannot go in say why."
    ),
    permission=READ,
    query=CandidatesQuery,
    answer=SummaryCandidates,
)
def get_candidates(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """What may be summed up of a month."""
    by.demand_whole(READ)
    firm = by.enterprise.id
    with services().database.reading() as connection:
        months = open_months(connection, firm)
        month = query["month"] or (months[0] if months else former_month(services().today()))
        groups, others = groups_of_month(connection, firm, month), left_out(connection, firm, month)
    told = {"groups": [_group(each) for each in groups], "left_out": [_other(each) for each in others]}
    return {"month": month, "months": months, **told}


@RESOURCE.post(
    "/summaries",
    "openSummary",
    Words("建立汇总申报", "Open a summary declaration"),
    details=Words(
        "把该月、该归并条件下尚未汇总的结关清单全部收入一份草稿；可再移出个别清单，然后提交。",
        "Takes all closed lists of the month and key that nobody has summed up into a draft; lists may be left out before filing.",
    ),
    permission=WRITE,
    body=SummaryBody,
    status=201,
    answer=Summary,
    links=_LEADS,
    examples=[Example("group", Words("一组清单", "One group"), lambda: {"month": "2026-01", "key": EXAMPLE_KEY})],
)
def post_summary(by: Caller, body: Mapping[str, Any]) -> dict[str, object]:
    """Open a draft of one group."""
    by.demand_whole(WRITE)
    work, firm = services(), by.enterprise.id
    with work.database.begin() as uow:
        number = open_summary(uow, firm, body["month"], body["key"], by.principal.actor, work.clock)
        record(uow, by.principal, "summary.open", f"summary:{number}", work.clock)
        return summary_shown(uow.connection, firm, number)


@RESOURCE.post(
    "/summaries/<int:application_id>/leave-out",
    "leaveOutOfSummary",
    Words("移出清单", "Take lists out"),
    details=Words(
        "只在海关未受理时；移出的清单可以另行汇总。有一份不在其中则全部不办理。",
        "While customs does not have it; what is taken out may go into another. All or none.",
    ),
    permission=WRITE,
    body=LeaveOutBody,
    answer=Summary,
    examples=[Example("one", Words("移出一份", "One list"), lambda: {"lists": [EXAMPLE_LIST]})],
    parameters=PLACE,
)
def post_leave_out(by: Caller, body: Mapping[str, Any], application_id: int) -> dict[str, object]:
    """Take lists out of a draft."""

    def verb(uow: UnitOfWork) -> None:
        work = services()
        for place, number in enumerate(body["lists"]):
            try:
                leave_list_out(uow, by.enterprise.id, application_id, int(number), by.principal.actor, work.clock)
            except NotFound as none:
                raise NotFound(*(_placed(fault, place) for fault in none.faults)) from none

    return act(by, "summary", "leave_out", application_id, verb)


@RESOURCE.post(
    "/summaries/<int:application_id>/submit",
    "submitSummary",
    Words("提交汇总申报", "File a summary declaration"),
    details=Words(
        "提交海关，或在退单后再次提交（CEB701）；回执见状态，报关单号见 declarations（CEB702、CEB792）。入队后答复 202。",
        "Files it, or again after it was turned down (CEB701); receipts show in its state, declaration numbers in `declarations` "
        "(CEB702, CEB792). 202 once queued.",
    ),
    permission=WRITE,
    status=202,
    answer=Summary,
    parameters=PLACE,
)
def post_submit(by: Caller, application_id: int) -> dict[str, object]:
    """File a summary; 202: it waits in the outbox."""
    work, firm, actor = services(), by.enterprise.id, by.principal.actor
    given = (work.vault, work.deliveries, firm, application_id, actor, work.clock)
    return act(by, "summary", "submit", application_id, lambda uow: file_summary(uow, *given))


@RESOURCE.post(
    "/summaries/<int:application_id>/drop",
    "dropSummary",
    Words("作废汇总申报", "Give a summary up"),
    details=Words("只在海关未受理时；其中的清单可以重新汇总。", "While customs does not have it; its lists may be summed up anew."),
    permission=WRITE,
    answer=Summary,
    parameters=PLACE,
)
def post_drop(by: Caller, application_id: int) -> dict[str, object]:
    """Give a summary up."""
    given = (by.enterprise.id, application_id, by.principal.actor, services().clock)
    return act(by, "summary", "drop", application_id, lambda uow: drop_summary(uow, *given))


def _placed(fault: Fault, place: int) -> Fault:
    """Point at the list in the body; a summary that is not there is the address's."""
    return Fault(f"/lists/{place}", fault.code, fault.params) if fault.code == "declaration_not_found" else fault


def _group(group: Group) -> dict[str, object]:
    return {**asdict(group), "key": dict(group.key)}


def _other(each: LeftOut) -> dict[str, object]:
    said = described(Fault("", each.reason))
    numbered = {"id": str(each.id), "summary_id": None if each.application_id is None else str(each.application_id)}
    return {**asdict(each), **numbered, "message": said["message"], "remedy": said["remedy"]}
