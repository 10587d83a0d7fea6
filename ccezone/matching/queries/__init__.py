"""Read models of the merge: the board by verdict, one order's bills side by side, the book of rules in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills import queries as bills
from ccezone.bills.rules import BillKind
from ccezone.matching.rules import RULES_BY_ID, Comparison, MergeRule, Severity, Verdict
from ccezone.parameters.queries import book
from ccezone.parameters.rules import Parameter, in_force
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault, fold, mask
from schemas.codes.rules import RuleText, rule_texts

COUNTED_UP_TO = 10_000  # beyond it a tab says "more than": counting must not cost more than showing


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that an order breaks. ``left`` and ``right`` are the compared values, absent where they are sealed."""

    rule: MergeRule
    text: RuleText
    waybill_key: int | None
    left: str | None
    right: str | None

    @property
    def blocks(self) -> bool:
        return self.rule.severity == Severity.BLOCK


@dataclass(frozen=True, slots=True)
class MatchRow:
    """The merge's opinion of one order. ``since`` is when the first bill of it arrived."""

    order_key: int
    flow: str
    merchant_id: UUID | None
    order_no: str
    verdict: Verdict
    waiting: Sequence[str]
    differences: Sequence[Difference]
    fileable: bool
    reasons: Sequence[str]
    payments: Sequence[int]
    waybills: Sequence[int]
    merged_at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a bill says in one field (``name`` may be a sum of fields).

    A sealed value is masked; ``apart_at`` is the first character, from 1, in which it differs from the order's.
    """

    name: str
    value: str | None
    sealed: bool = False
    apart_at: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """What one bill says about a difference."""

    kind: BillKind
    key: int
    values: Sequence[Said]


@dataclass(frozen=True, slots=True)
class OpenedDifference:
    """A difference with what each bill says; ``left`` is the order, ``right`` the bills it disagrees with."""

    difference: Difference
    left: Side
    right: Sequence[Side]


@dataclass(frozen=True, slots=True)
class BookedRule:
    """A rule as the rule page shows it; ``merge`` and ``tolerance`` are there for rules of the merge."""

    text: RuleText
    merge: MergeRule | None
    tolerance: Parameter | None


_COLUMNS = """m.order_key, m.flow, m.merchant_id, m.order_no, m.verdict, m.waiting, m.differences, m.fileable, m.reasons,
    m.payments, m.waybills, m.merged_at, coalesce(
        (SELECT b.received_at FROM order_version v JOIN intake_batch b ON b.id = v.batch_id
         WHERE v.order_key = m.order_key AND v.version = 1),
        (SELECT min(b.received_at) FROM payment_version v JOIN intake_batch b ON b.id = v.batch_id WHERE v.order_key = m.order_key),
        m.merged_at)"""


def board(
    connection: Connection,
    viewer: UUID | None,
    verdict: Verdict,
    after: tuple[datetime, int] | None = None,
    *,
    text: str = "",
    waiting_for: str = "",
    limit: int = 50,
    flows: Sequence[str] = (),
) -> list[MatchRow]:
    """Return a merchant's orders of one verdict (``None``: everybody's), the last merged first, after a cursor.

    ``text`` is part of an order number; ``waiting_for`` keeps orders that wait for this (``link``, ``payment``); ``flows``
    keeps those an agent may see.
    """
    conditions = ["m.verdict = %(verdict)s"]
    if viewer:
        conditions.append("m.merchant_id = %(viewer)s")
    if text:
        conditions.append("position(lower(%(text)s) IN lower(m.order_no)) > 0")
    if waiting_for:
        conditions.append("m.waiting ? %(waiting_for)s")
    if flows:
        conditions.append("m.flow = ANY(%(flows)s)")
    if after:
        conditions.append("(m.merged_at, m.order_key) < (%(merged_at)s, %(key)s::bigint)")
    statement = f"""SELECT {_COLUMNS} FROM order_match m WHERE {" AND ".join(conditions)}
        ORDER BY m.merged_at DESC, m.order_key DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    values = {"verdict": verdict.value, "viewer": viewer, "text": text, "waiting_for": waiting_for, "limit": limit}
    merged_at, key = after or (None, None)
    more = {"merged_at": merged_at, "key": key, "flows": list(flows)}
    return [_match(row) for row in fetch(connection, statement, {**values, **more})]


def counts(connection: Connection, viewer: UUID | None, flows: Sequence[str] = ()) -> Mapping[Verdict, int]:
    """Count the orders of each verdict (of these flows), each up to ``COUNTED_UP_TO`` and one."""
    own = "AND m.merchant_id = %(viewer)s" if viewer else ""
    own += " AND m.flow = ANY(%(flows)s)" if flows else ""
    statement = f"""SELECT v, (SELECT count(*) FROM (
            SELECT FROM order_match m WHERE m.verdict = v {own} LIMIT %(most)s) AS counted)
        FROM unnest(%(verdicts)s::text[]) AS v"""  # noqa: S608  # our own names
    values = {"viewer": viewer, "flows": list(flows), "most": COUNTED_UP_TO + 1, "verdicts": [verdict.value for verdict in Verdict]}
    return {Verdict(row[0]): int(row[1]) for row in fetch(connection, statement, values)}


def count_waiting_for(connection: Connection, viewer: UUID | None, wanted: str, flows: Sequence[str] = ()) -> int:
    """Count the orders (of these flows) that wait for one kind of bill, up to ``COUNTED_UP_TO`` and one."""
    own = "AND m.merchant_id = %(viewer)s" if viewer else ""
    own += " AND m.flow = ANY(%(flows)s)" if flows else ""
    statement = f"""SELECT count(*) FROM (SELECT FROM order_match m
        WHERE m.verdict = 'waiting' AND m.waiting ? %(wanted)s {own} LIMIT %(most)s) AS counted"""  # noqa: S608  # our own names
    values = {"viewer": viewer, "wanted": wanted, "flows": list(flows), "most": COUNTED_UP_TO + 1}
    return int(fetch(connection, statement, values)[0][0])


def match(connection: Connection, order_key: int, viewer: UUID | None) -> MatchRow | None:
    """Return the merge's opinion of one order; another merchant's looks like none."""
    statement = f"""SELECT {_COLUMNS} FROM order_match m
        WHERE m.order_key = %(key)s AND (%(viewer)s::uuid IS NULL OR m.merchant_id = %(viewer)s)"""  # noqa: S608  # our own names
    rows = fetch(connection, statement, {"key": order_key, "viewer": viewer})
    return _match(rows[0]) if rows else None


def opened_differences(
    connection: Connection, vault: PersonalVault, found: MatchRow, viewer: UUID | None
) -> list[OpenedDifference]:
    """Return an order's differences with what each bill says, sealed values opened and masked.

    A waybill that this viewer may not see (a link to a stranger's parcel) says nothing.
    """
    return [_opened(connection, vault, found, difference, viewer) for difference in found.differences]


def rule_book(connection: Connection, zone: str, day: date) -> list[BookedRule]:
    """Return all cross-check rules, on and off, with the tolerance in force on a day."""
    parameters = book(connection, zone)
    booked = []
    for text in rule_texts().values():
        rule = RULES_BY_ID.get(text.id)
        tolerance = in_force(parameters.rows, rule.tolerance, day, zone) if rule and rule.tolerance else None
        booked.append(BookedRule(text, rule, tolerance))
    return booked


def _match(row: Sequence[Any]) -> MatchRow:
    """Rows of a driver are untyped; ``_COLUMNS`` names these in this order."""
    key, flow, merchant, order_no, verdict, waiting, differences, fileable, reasons, payments, parcels, merged_at, since = row
    waybills = [int(parcel["waybill"]) for parcel in parcels]
    found = [_difference(each) for each in differences if each["rule"] in RULES_BY_ID]
    return MatchRow(
        key, flow, merchant, order_no, Verdict(verdict), waiting, found, fileable, reasons, payments, waybills, merged_at, since
    )


def _difference(stored: Mapping[str, str | None]) -> Difference:
    rule, waybill = RULES_BY_ID[str(stored["rule"])], stored["waybill"]
    return Difference(rule, rule_texts()[rule.id], int(waybill) if waybill else None, stored["left"], stored["right"])


def _opened(
    connection: Connection, vault: PersonalVault, found: MatchRow, difference: Difference, viewer: UUID | None
) -> OpenedDifference:
    rule = difference.rule
    others = _other_bills(found, difference)
    seen = [(kind, key) for kind, key in others if bills.visible(connection, kind, key, viewer)]
    if rule.comparison != Comparison.PERSON:
        left = Side(BillKind.ORDER, found.order_key, [Said(rule.shown_left, difference.left)])
        return OpenedDifference(difference, left, [Side(*each, [Said(rule.shown_right, difference.right)]) for each in seen])
    names, other_names = rule.shown_left.split(" + "), rule.shown_right.split(" + ")
    ours = [bills.sealed_value(connection, vault, BillKind.ORDER, found.order_key, name) for name in names]
    left = Side(BillKind.ORDER, found.order_key, [_masked(*each) for each in zip(names, ours, strict=True)])
    right = []
    for kind, key in seen:
        theirs = [bills.sealed_value(connection, vault, kind, key, name) for name in other_names]
        said = [_masked(*each) for each in zip(other_names, theirs, ours, strict=True)]
        right.append(Side(kind, key, said))
    return OpenedDifference(difference, left, right)


def _masked(name: str, value: str | None, other: str | None = None) -> Said:
    if value is None:
        return Said(name, None, sealed=True)
    return Said(name, mask(value), sealed=True, apart_at=_apart_at(value, other) if other is not None else None)


def _apart_at(value: str, other: str) -> int | None:
    """Return the first character, from 1, in which two values differ, nothing when the merge holds them equal."""
    if fold(value) == fold(other):
        return None
    pairs = enumerate(zip_longest(value, other), 1)
    return next((place for place, (ours, theirs) in pairs if ours != theirs), None)


def _other_bills(found: MatchRow, difference: Difference) -> list[tuple[BillKind, int]]:
    if difference.rule.right_bill == "payment":
        return [(BillKind.PAYMENT, key) for key in found.payments]
    return [(BillKind.WAYBILL, difference.waybill_key)] if difference.waybill_key is not None else []


def order_numbers(connection: Connection, order_keys: Sequence[int]) -> Mapping[int, str]:
    """Return the merchants' own numbers of orders that were matched."""
    statement = "SELECT order_key, order_no FROM order_match WHERE order_key = ANY(%(keys)s)"
    return dict(fetch(connection, statement, {"keys": list(order_keys)}))
