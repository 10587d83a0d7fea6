"""``/api/v1/statistical-feeds``: data providers' systems send what no declaration list tells of, and read what became of it.

The same service as the office's page of supplementary statistics: good lines are kept, bad ones refused one by one, a parcel
counts once. The sender is the partner whose credential calls; nobody reads the feeds of another.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import record
from ccezone.api.operations import Example, Resource
from ccezone.api.paging import as_uuid, cut, read_cursor
from ccezone.api.problems import Problem, described
from ccezone.api.services import ProviderCaller, services
from ccezone.kernel.errors import Fault
from ccezone.statistics.queries.supplements import BatchView, batch, batches, refusals, standings
from ccezone.statistics.rules.supplements import LONGEST, Method, Source
from ccezone.statistics.service.supplements import Feed, take
from ccezone.storage import Connection
from schemas.rest.feeds import FeedAnswer, FeedBody, FeedPage, FeedsQuery
from schemas.rest.words import Words

RESOURCE = Resource("统计数据报送", "Statistical feeds")
_ID = {"feed_id": {"description": Words("批次标识", "The feed's id")}}
_PARCEL = {"day": "2026-01-01", "flow": "E", "country": "502", "hs_code": "610910", "currency": "142", "amount": "128.00"}
_NODE = {**_PARCEL, "amount": "5600.00", "parcels": "42", "document_no": "OW-2026-01-0001"}


@RESOURCE.post(
    "/statistical-feeds",
    "postStatisticalFeed",
    Words("报送统计数据", "Send a statistical feed"),
    details=Words(
        "仅限数据报送单位的凭证。合格的行计入，不合格的行逐行退回；同一包裹（运单号）只计一次；同样的内容再次报送答复 200，"
        "不重复计入。报送单位为凭证所属的机构。",
        "For credentials of data providers. Good lines count, bad ones are refused line by line; a parcel counts once, by its "
        "waybill. The same feed again is answered 200 and changes nothing. The sender is the partner whose credential calls.",
    ),
    permission=Permission.SUPPLEMENTS_WRITE,
    provider=True,
    body=FeedBody,
    answer=FeedAnswer,
    made=True,
    links=[("getStatisticalFeed", "feed_id", "/id")],
    examples=[
        Example(
            "mail",
            Words("邮件包裹", "Parcels of mail"),
            lambda: {"source": "mail", "period": "2026-01", "lines": [{**_PARCEL, "waybill_no": "RR000000001CN"}]},
        ),
        Example(
            "overseas_node",
            Words("海外仓汇总", "A warehouse abroad, by document"),
            lambda: {"source": "overseas_node", "period": "2026-01", "name": "OW-1", "lines": [_NODE]},
        ),
    ],
)
def post_feed(by: ProviderCaller, body: Mapping[str, Any]) -> Any:
    """Take a feed in, in the provider's own name."""
    work, sender = services(), by.provider.name[:LONGEST]
    feed = Feed(Source(body["source"]), Method(body["method"]), sender, body["period"], body["name"], by.provider.id)
    with work.database.begin() as uow:
        taken = take(uow, feed, body["lines"], by.principal.actor, work.clock)
        if not taken.repeated:
            said = {"source": feed.source.value, "lines": str(taken.lines), "refused": str(taken.refused)}
            record(uow, by.principal, "supplement.take", f"supplement:{taken.batch_id}", work.clock, said)
        answer = _whole(uow.connection, by, taken.batch_id, repeated=taken.repeated)
    return answer, 200 if taken.repeated else 201


@RESOURCE.get(
    "/statistical-feeds",
    "listStatisticalFeeds",
    Words("报送批次列表", "List feeds"),
    permission=Permission.SUPPLEMENTS_WRITE,
    provider=True,
    query=FeedsQuery,
    answer=FeedPage,
)
def get_feeds(by: ProviderCaller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of the provider's own feeds, the newest first."""
    after = read_cursor(query["after"], as_uuid)
    with services().database.reading() as connection:
        rows = batches(connection, query["source"], query["text"], after, query["limit"] + 1, by.provider.id)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"feeds": [_row(row) for row in page], "next": following}


@RESOURCE.get(
    "/statistical-feeds/<uuid:feed_id>",
    "getStatisticalFeed",
    Words("一批报送", "A feed"),
    permission=Permission.SUPPLEMENTS_WRITE,
    provider=True,
    answer=FeedAnswer,
    parameters=_ID,
)
def get_feed(by: ProviderCaller, feed_id: UUID) -> dict[str, object]:
    """One feed: how its lines stand, and why lines were refused."""
    with services().database.reading() as connection:
        return _whole(connection, by, feed_id, repeated=False)


def _whole(connection: Connection, by: ProviderCaller, feed_id: UUID, *, repeated: bool) -> dict[str, object]:
    found = batch(connection, feed_id, by.provider.id)
    if found is None:
        raise Problem(404, [Fault("", "not_found", {"value": str(feed_id)})])
    return {
        **_row(found),
        "repeated": repeated,
        "standings": [{"standing": name, "lines": number} for name, number in sorted(standings(connection, feed_id).items())],
        "errors": [error for each in refusals(connection, feed_id) for error in _errors(each)],
    }


def _errors(refused: Mapping[str, Any]) -> list[dict[str, object]]:
    """Point each fault of a refused line, which counts from 1, at its place in the body."""
    place = int(refused["row"]) - 1
    faults = [Fault(f"/lines/{place}{each['pointer']}", each["code"], each["params"]) for each in refused["faults"]]
    return [described(fault, {"position": place}) for fault in faults]


def _row(row: BatchView) -> dict[str, object]:
    return {
        "id": row.id, "number": row.spelled, "source": row.source, "method": row.method, "sender": row.sender,
        "period": row.period, "name": row.name, "lines": row.lines, "refused": row.refused, "taken_at": row.taken_at,
        "taken_back_at": row.undone_at, "taken_back_why": row.undo_reason,
    }  # fmt: skip
