"""Closed lists of the summary path, and what customs says about summary declarations."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from ccezone.declarations.queries.summaries import SummaryDetail, groups_of_month, summary_detail
from ccezone.declarations.service.summaries import file_summary, open_summary
from ccezone.kernel.clock import wire_time_ms
from schemas.messages.ceb.codec import encode_document, wrap
from schemas.messages.ceb.samples import sample_envelope, sample_values
from tests.hub.bills import export_bills
from tests.hub.harness import Hub
from tests.hub.window import receipt

MONTH = "2026-01"
SELLER = "furniture"
_PATH_B = "UPDATE declaration_defaults SET declaration_path = 'B'"


def closed_lists(hub: Hub, number: int = 2, *, closed: bool = True) -> list[int]:
    """Export lists of the summary declaration that were released, and closed."""
    hub.change(_PATH_B)
    for each in range(1, 4 * number, 4):  # every fourth sample is the same merchant's
        hub.post(*export_bills(each))
    hub.merge()
    hub.dispatch()
    for item in hub.list_ids():
        hub.answer(item, 2, 3, 120, 399, 400, 800, *((899,) if closed else ()))
    return hub.list_ids()


def seller(hub: Hub) -> UUID:
    """The merchant of the samples' exports."""
    found: UUID = hub.rows("SELECT DISTINCT merchant_id FROM declaration_list WHERE flow = 'E'")[0][0]
    return found


def opened(hub: Hub, merchant: UUID | None = None) -> int:
    """A draft of the month's largest group."""
    owner = merchant or seller(hub)
    with hub.database.begin() as uow:
        group = groups_of_month(uow.connection, owner, MONTH)[0]
        return open_summary(uow, owner, MONTH, group.key, "clerk", hub.clock)


def file(hub: Hub, number: int) -> None:
    """File a summary and send it."""
    with hub.database.begin() as uow:
        file_summary(uow, hub.vault, hub.deliveries, seller(hub), number, "clerk", hub.clock)
    hub.dispatch()


def summed_up(hub: Hub, lists: int = 2) -> int:
    """A summary that customs has."""
    closed_lists(hub, lists)
    number = opened(hub)
    file(hub, number)
    return number


def view(hub: Hub, number: int) -> SummaryDetail:
    """A summary as its firm sees it."""
    with hub.database.reading() as connection:
        found = summary_detail(connection, seller(hub), number)
    assert found is not None
    return found


def answer(hub: Hub, number: int, *codes: int, sum_no: str | None = "S20260105000000001", filing: int | None = None) -> None:
    """Let customs answer a filing of a summary (the latest), a minute apart."""
    statement = """SELECT id FROM application_filing WHERE application_id = %(id)s AND number = coalesce(%(filing)s, number)
        ORDER BY number DESC LIMIT 1"""
    guid = hub.rows(statement, id=number, filing=filing)[0][0]
    for code in codes:
        hub.clock.advance(minutes=1)
        said = {"guid": str(guid).upper(), "sum_no": sum_no}
        hub.window.post(receipt("CEB702Message", code, hub.clock.now(), **said), "CEB702Message")
        hub.receive()


def result(hub: Hub, list_nos: Sequence[str], *, minutes: float = 0, sum_no: str = "S20260105000000001", **numbers: str) -> bytes:
    """A CEB792 that tells a customs declaration of these lists, at a time so many minutes from now."""
    facts = next(iter(sample_values("CEB792Message")))
    line = facts["lines"][0]  # type: ignore[index]  # a sample's values are objects
    lines = [{**line, "list_no": list_no, "gseqno": "1", "line_no": "1"} for list_no in list_nos]
    told = wire_time_ms(hub.clock.now() + timedelta(minutes=minutes))
    plain = {name: value for name, value in facts.items() if name not in ("dec_tmp_no", "dec_pre_no", "entry_id")}
    said = {**plain, "sum_no": sum_no, "op_date": told, "lines": lines, **numbers}
    return wrap("CEB792Message", [encode_document("CEB792Message", said)], sample_envelope("CEB792Message"))


def tell(hub: Hub, body: bytes) -> None:
    """Put a result into the mailbox and take it in."""
    hub.window.post(body, "CEB792Message")
    hub.receive()
