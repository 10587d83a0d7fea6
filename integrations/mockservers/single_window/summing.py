"""What customs makes of a summary declaration: its own grouping into customs declarations, told in three stages (CEB792).

The key is that of GACC 2018 No. 194 (wording unverified), written here a second time on purpose: the hub's is not looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from integrations.mockservers.single_window.receipts import node
from integrations.mockservers.single_window.records import Record
from schemas.messages.ceb.definition import definition

SUMMARY_RESULT = "CEB792Message"
RESULTS = (7921, 7922, 7923)
"""Stages, as codes of the agenda that no receipt carries: draft number, pre-entry number, declaration number."""
_KEY = (
    *("merchant_code", "transport_mode", "owner_code", "country", "port_code"),
    *("customs_code", "trade_mode", "agent_code"),
)


def serial(list_no: str) -> int:
    """Return the serial number inside a list number; zero when it has none."""
    return int(list_no[9:]) if list_no[9:].isdecimal() else 0


def results(record: Record, lists: Sequence[Record], stage: int, time: str) -> Iterator[bytes]:
    """Write a CEB792 for every customs declaration the lists make together."""
    groups: dict[tuple[str, ...], list[Record]] = {}
    for each in lists:
        key = (*(each.head[name] for name in _KEY), each.lines[0]["currency"])
        groups.setdefault(key, []).append(each)
    for place, (_, members) in enumerate(sorted(groups.items())):
        yield node(definition(SUMMARY_RESULT), _head(record, members, place, stage, time), list(_lines(members)))


def _head(record: Record, members: Sequence[Record], place: int, stage: int, time: str) -> Mapping[str, str]:
    head, tail = record.head, f"{record.number % 10**6:06d}{place:03d}"
    parties = {name: head[name] for name in ("agent_code", "agent_name", "merchant_code", "merchant_name")}
    declarant = {name: head[name] for name in ("decl_agent_code", "decl_agent_name")}
    numbers = {"dec_tmp_no": f"T{record.day}{tail}"}
    if stage >= RESULTS[1]:
        numbers["dec_pre_no"] = f"P{record.day}{tail}"
    if stage >= RESULTS[2]:
        numbers["entry_id"] = f"{head['customs_code']}{record.day[:4]}0{tail}"
    weights = {name: str(sum(Decimal(each.head[name]) for each in members)) for name in ("gross_weight", "net_weight")}
    return {
        "guid": head["guid"],
        "customs_code": head["customs_code"],
        "sum_no": record.sum_no,
        "op_date": time,
        "decl_seq_no": f"D{record.day}{tail}",
        **numbers,
        "dec_state": str(RESULTS.index(stage) + 1),
        **parties,
        **declarant,
        **weights,
        "msg_count": "1",
        "msg_seq_no": "1",
    }


def _lines(members: Sequence[Record]) -> Iterator[Mapping[str, str]]:
    """Every line of every list, under the item of its code, final destination and unit."""
    keys = sorted({(line["hs_code"], line["country"], line["unit"]) for each in members for line in each.lines})
    items = {key: str(number) for number, key in enumerate(keys, start=1)}
    for each in members:
        for line in each.lines:
            yield {
                "list_no": each.list_no,
                "waybill_no": each.head["waybill_no"],
                "gseqno": items[line["hs_code"], line["country"], line["unit"]],
                "line_no": line["line_no"],
                "hs_code": line["hs_code"],
            }
