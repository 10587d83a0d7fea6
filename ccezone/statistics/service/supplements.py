"""Feeds of what no list declares: taken once, line by line, taken back with a reason, and officers' word on what is e-commerce.

Lines are kept as reported; what they count as is made of them afterwards (``service.supplement_facts``).
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.nodes import nodes
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.statistics.rules.supplements import (
    FED,
    LONGEST,
    MOST_LINES,
    Known,
    Line,
    Method,
    Source,
    method_faults,
    read_line,
)
from ccezone.statistics.supplement_tables import SupplementBatch, SupplementDecision
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import copy_rows, fetch, run
from ccezone.storage.holding import hold
from schemas.codes import code_list

LONGEST_REASON = 500
MOST_REFUSALS = 1_000
_SAME = "SELECT id, lines, refused FROM supplement_batch WHERE digest = %(digest)s AND undone_at IS NULL"
_KEYS = """
SELECT hashtextextended(flow || ':' || number, 0)
FROM unnest(%(flows)s::text[], %(numbers)s::text[]) WITH ORDINALITY AS t (flow, number, position) ORDER BY position
"""
_UNDO = """
UPDATE supplement_batch SET undone_at = %(at)s, undone_by = %(by)s, undo_reason = %(reason)s
WHERE id = %(id)s AND undone_at IS NULL
"""
_KNOWN_FACT = "SELECT 1 FROM supplement_fact WHERE id = %(id)s"
_LAST = "SELECT recognised FROM supplement_decision WHERE fact_id = %(id)s ORDER BY id DESC LIMIT 1"
_LINE = (
    *("batch_id", "position", "key", "day", "flow", "trade_mode", "country", "hs_code", "node", "enterprise_code"),
    *("enterprise_id", "currency", "amount", "weight", "parcels", "waybill_no", "document_no", "order_no", "mark"),
)


@dataclass(frozen=True, slots=True)
class Feed:
    """Who reports what: a source of ``FED`` and a method, the sender's name, the period as said, the file's or message's name.

    ``provider_id``: the partner whose system sends it; the same said by another is another feed.
    """

    source: Source
    method: Method
    sender: str
    period: str
    name: str
    provider_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a feed. ``repeated``: it had been taken before, and nothing was done."""

    batch_id: UUID
    lines: int
    refused: int
    repeated: bool


def take(uow: UnitOfWork, feed: Feed, rows: Sequence[Mapping[str, str]], actor: str, clock: Clock) -> Taken:
    """Take a feed in: good rows are kept, bad ones refused row by row; the same feed twice changes nothing.

    ``rows`` have the names of ``rules.supplements.COLUMNS``. Raises ``Refused``: a feed that cannot be taken as a whole.
    """
    if faults := [*judge_feed(feed), *_size_faults(rows)]:
        raise Refused(*faults)
    digest = _digest(feed, rows)
    hold(uow.connection, "supplements", digest)
    if found := fetch(uow.connection, _SAME, {"digest": digest}):
        return Taken(found[0][0], found[0][1], found[0][2], repeated=True)
    known = _known(uow.connection, clock)
    read = [(number, read_line(number, row, feed.source, known)) for number, row in enumerate(rows, 1)]
    lines = [line for _number, line in read if isinstance(line, Line)]
    refusals = [{"row": number, "faults": _spelled(faults)} for number, faults in read if not isinstance(faults, Line)]
    batch = SupplementBatch(
        id=uuidv7(), source=feed.source, method=feed.method, sender=feed.sender.strip(), period=feed.period.strip(),
        name=feed.name.strip(), digest=digest, lines=len(lines), refused=len(refusals), refusals=refusals[:MOST_REFUSALS],
        taken_at=clock.now(), taken_by=actor, provider_id=feed.provider_id,
    )  # fmt: skip
    uow.session.add(batch)
    uow.session.flush()
    _keep(uow.connection, batch.id, feed.source, lines)
    return Taken(batch.id, len(lines), len(refusals), repeated=False)


def undo(uow: UnitOfWork, batch_id: UUID, reason: str, actor: str, clock: Clock) -> None:
    """Take a feed back: its lines stay and count no longer. Raises ``NotFound``, ``Refused``: no reason, or taken back before."""
    if faults := _reason_faults(reason):
        raise Refused(*faults)
    values = {"id": batch_id, "at": clock.now(), "by": actor, "reason": reason.strip()}
    if run(uow.connection, _UNDO, values):
        return
    if not fetch(uow.connection, "SELECT 1 FROM supplement_batch WHERE id = %(id)s", {"id": batch_id}):
        raise NotFound(Fault("", "not_found", {"value": str(batch_id)}))
    raise Refused(Fault("", "supplement_undone_before"))


def decide(uow: UnitOfWork, fact_id: str, recognised: bool | None, reason: str, actor: str, clock: Clock) -> None:
    """Say over the rules whether a fact is e-commerce trade; ``None`` lets the rules decide again.

    Raises ``NotFound``, ``Refused``: no reason, goods that came back, or what holds already.
    """
    if not fetch(uow.connection, _KNOWN_FACT, {"id": fact_id}):
        raise NotFound(Fault("", "not_found", {"value": fact_id}))
    faults = _reason_faults(reason)
    last = fetch(uow.connection, _LAST, {"id": fact_id})
    if fact_id.startswith("return:") or (last[0][0] if last else None) is recognised:
        faults.append(Fault("/recognised", "recognition_same"))
    if faults:
        raise Refused(*faults)
    word = (reason.strip(), clock.now(), actor)
    uow.session.add(
        SupplementDecision(id=uuidv7(), fact_id=fact_id, recognised=recognised, reason=word[0], at=word[1], actor=word[2])
    )
    uow.session.flush()


def row_faults(
    connection: Connection, source: Source, rows: Sequence[Mapping[str, str]], clock: Clock
) -> Mapping[int, Sequence[Fault]]:
    """Return what is wrong with rows, by their place from 0; good ones are left out."""
    known = _known(connection, clock)
    read = {place: read_line(place, row, source, known) for place, row in enumerate(rows)}
    return {place: faults for place, faults in read.items() if not isinstance(faults, Line)}


def judge_feed(feed: Feed) -> list[Fault]:
    """Return what is wrong with a feed as a whole, whatever its rows say."""
    faults = method_faults(feed.source, feed.method)
    if feed.source not in FED:
        faults.append(Fault("/source", "supplement_unknown", {"value": feed.source.value}))
    for name, text in (("sender", feed.sender), ("period", feed.period)):
        if not text.strip():
            faults.append(Fault(f"/{name}", "required"))
        elif len(text) > LONGEST:
            faults.append(Fault(f"/{name}", "too_long", {"max": str(LONGEST), "actual": str(len(text))}))
    return faults


def _size_faults(rows: Sequence[Mapping[str, str]]) -> list[Fault]:
    if not rows:
        return [Fault("/lines", "required")]
    return [Fault("/lines", "too_many_lines", {"max": str(MOST_LINES)})] if len(rows) > MOST_LINES else []


def _reason_faults(reason: str) -> list[Fault]:
    if not reason.strip():
        return [Fault("/reason", "required")]
    if len(reason) > LONGEST_REASON:
        return [Fault("/reason", "too_long", {"max": str(LONGEST_REASON), "actual": str(len(reason))})]
    return []


def _digest(feed: Feed, rows: Sequence[Mapping[str, str]]) -> str:
    """Digest what a feed says; what its file is called says nothing."""
    said = {name: value for name, value in asdict(feed).items() if name not in ("name", "provider_id")}
    if feed.provider_id is not None:
        said["provider"] = str(feed.provider_id)
    spelled = json.dumps([said, [dict(row) for row in rows]], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(spelled.encode()).hexdigest()


def _known(connection: Connection, clock: Clock) -> Known:
    places = frozenset(node.code for node in nodes(connection))
    today = clock.now().astimezone(SHANGHAI).date()
    return Known(_codes("countries"), _codes("currencies"), _codes("supervision_modes"), places, today)


def _codes(name: str) -> Collection[str] | None:
    known = code_list(name)
    return frozenset(known.codes) if known.complete else None


def _spelled(faults: Sequence[Fault]) -> list[dict[str, object]]:
    return [{"pointer": each.pointer, "code": each.code, "params": dict(each.params)} for each in faults]


def _keep(connection: Connection, batch_id: UUID, source: Source, lines: Sequence[Line]) -> None:
    numbers = {"flows": [line.flow for line in lines], "numbers": [line.number(source) for line in lines]}
    keys = [row[0] for row in fetch(connection, _KEYS, numbers)]
    firms = directory(connection)
    rows = []
    for key, line in zip(keys, lines, strict=True):
        said = asdict(line)
        firm = firms.find(line.enterprise_code) if line.enterprise_code else None
        values = {**said, "batch_id": batch_id, "key": key, "enterprise_id": firm.id if firm else None}
        rows.append([values[name] for name in _LINE])
    copy_rows(connection, "supplement_line", _LINE, rows)
