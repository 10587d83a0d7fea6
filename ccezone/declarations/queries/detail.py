"""One list: what it declares, its tax, what it lacks, its submissions; personal values only through the vault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.declarations.queries.listing import COLUMNS, FROM, ListRow
from ccezone.declarations.queries.scope import OFFICE, Scope
from ccezone.declarations.rules.facts import Missing
from ccezone.declarations.rules.lifecycle import BEFORE_SENDING, may_submit
from ccezone.declarations.rules.windows import PENDING, Allowed, may_cancel, may_change, may_file_anew
from ccezone.kernel.errors import Fault
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault
from schemas.codes.rules import rule_texts

_OF_PARCEL = "(SELECT o.id FROM declaration_list o WHERE o.order_key = d.order_key AND o.waybill_key = d.waybill_key"
_ONE = f"""
SELECT d.content, d.personal, d.tax, s.missing, {_OF_PARCEL} AND o.attempt = d.attempt - 1),
    {_OF_PARCEL} AND o.attempt = d.attempt + 1), {COLUMNS} {FROM}
WHERE d.id = %(id)s AND """
_SUBMISSIONS = """
SELECT u.id, u.number, u.app_type, u.created_at, u.actor, m.id, m.created_at, m.sent_at, m.refused_code, m.refused_text, m.attempts,
    m.last_error
FROM submission u
LEFT JOIN submission_message c ON c.submission_id = u.id
LEFT JOIN outgoing_message m ON m.id = c.message_id
WHERE u.declaration_id = %(id)s ORDER BY u.number
"""
_OF_ORDER = f"SELECT {COLUMNS} {FROM} WHERE d.order_key = %(order)s AND "
_CANCELLATIONS = """
SELECT c.id, c.number, c.reason, c.state, c.code, c.returned_at, c.created_at, c.actor, m.id, m.sent_at, m.refused_code,
    m.refused_text
FROM cancellation c
LEFT JOIN submission_message s ON s.submission_id = c.id
LEFT JOIN outgoing_message m ON m.id = s.message_id
WHERE c.declaration_id = %(id)s ORDER BY c.number
"""
_PERSONAL = "SELECT d.personal FROM declaration_list d WHERE d.id = %(id)s AND "


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """One filing of a list and the message that carried it. ``actor`` is empty for an automatic filing."""

    id: UUID
    number: int
    app_type: int
    created_at: datetime
    actor: str
    message_id: UUID | None
    packed_at: datetime | None
    sent_at: datetime | None
    refused_code: str | None
    refused_text: str | None
    attempts: int | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class CancellationView:
    """One application to cancel a list. ``state``: queued, sent, or the deciding receipt's code (399 approved, 100 refused)."""

    id: UUID
    number: int
    reason: str
    state: str
    code: int | None
    returned_at: datetime | None
    created_at: datetime
    actor: str
    message_id: UUID | None
    sent_at: datetime | None
    refused_code: str | None
    refused_text: str | None

    @property
    def pending(self) -> bool:
        """Whether customs has not decided yet."""
        return self.state in PENDING


@dataclass(frozen=True, slots=True)
class ListDetail:
    """A list in full, under domain names; values are texts. ``personal`` is opened: pages mask it."""

    row: ListRow
    head: Mapping[str, str]
    lines: Sequence[Mapping[str, str]]
    personal: Mapping[str, str]
    tax: Mapping[str, Any] | None
    missing: Sequence[Missing]
    submissions: Sequence[SubmissionView]
    cancellations: Sequence[CancellationView] = ()
    former_id: int | None = None
    """The cancelled list this one was filed in place of."""
    next_id: int | None = None
    """The list that was filed in place of this one."""

    @property
    def pending(self) -> bool:
        """Whether an application to cancel it is on its way."""
        return any(each.pending for each in self.cancellations)

    @property
    def cancel(self) -> Allowed:
        """Whether it may be cancelled now, else why not (a problem code) and on what ground."""
        return may_cancel(self.row.state, self.row.list_no, self.pending)

    @property
    def change(self) -> Allowed:
        """Whether it may be changed now: freely before it is sent, else as customs allows."""
        return Allowed(True) if self.row.state in BEFORE_SENDING else may_change(self.row.state, self.pending)

    @property
    def may_submit(self) -> bool:
        """Whether a person may file it now."""
        return may_submit(self.row.state) or self.anew.allowed

    @property
    def anew(self) -> Allowed:
        """Whether a fresh list may be filed in place of it, else why not."""
        return may_file_anew(self.row.state, replaced=self.next_id is not None)


def list_detail(connection: Connection, vault: PersonalVault, scope: Scope, declaration_id: int) -> ListDetail | None:
    """Return one list in view; another's looks like none."""
    found = fetch(connection, _ONE + scope.condition, {**scope.values, "id": declaration_id})
    if not found:
        return None
    content, sealed, tax, missing, former, following, *row = found[0]
    head = {name: value for name, value in content.items() if name != "lines"}
    submissions = [SubmissionView(*each) for each in fetch(connection, _SUBMISSIONS, {"id": declaration_id})]
    personal = vault.open(sealed) if sealed else {}
    lacking = [Missing(entry["kind"], entry["name"], entry["params"]) for entry in missing]
    cancellations = [CancellationView(*each) for each in fetch(connection, _CANCELLATIONS, {"id": declaration_id})]
    shown = ListRow(*row), head, content["lines"], personal, tax, lacking, submissions, cancellations
    return ListDetail(*shown, former, following)


def lists_of_order(connection: Connection, order_key: int, scope: Scope = OFFICE) -> Sequence[ListRow]:
    """Return the lists made from an order, one for every waybill it travels in."""
    rows = fetch(connection, _OF_ORDER + scope.condition + " ORDER BY d.id", {**scope.values, "order": order_key})
    return [ListRow(*row) for row in rows]


def personal_value(connection: Connection, vault: PersonalVault, scope: Scope, declaration_id: int, field: str) -> str | None:
    """Return one personal value of a list in clear, ``None`` when there is none in view. The caller records the reading."""
    found = fetch(connection, _PERSONAL + scope.condition, {**scope.values, "id": declaration_id})
    return vault.open(found[0][0]).get(field) if found and found[0][0] else None


def missing_fault(missing: Missing) -> Fault:
    """Say what is missing as a fault, whose texts are in ``problems.csv``; a rule's own words come from ``rule_texts.csv``."""
    params = {name: str(value) for name, value in missing.params.items()}
    if missing.kind == "rule":
        words = rule_texts()[missing.name]
        values = ", ".join(f"{name} {value}" for name, value in params.items())
        spoken = {"text_zh": words.text_zh, "text_en": words.text_en, "remedy_zh": words.remedy_zh, "remedy_en": words.remedy_en}
        return Fault("", "list_rule", {"rule": missing.name, "values": values, **spoken})
    if missing.kind == "condition":
        failed = "unknown" if params["outcome"] == "unknown" else "failed"
        return Fault("", f"condition_{missing.name}_{failed}", params)
    if missing.kind == "hs_digits":
        return Fault(f"/{missing.name}", "hs_code_too_short", params)
    if missing.kind in ("tax", "schema"):
        return Fault(params.get("pointer", ""), missing.name, params)
    return Fault(f"/{missing.name}", f"missing_{missing.kind}", {"value": missing.name, **params})


def list_numbers(connection: Connection, ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """Return the order and the waybill number of lists."""
    statement = "SELECT id, order_no, waybill_no FROM declaration_list WHERE id = ANY(%(ids)s)"
    return {row[0]: (row[1], row[2]) for row in fetch(connection, statement, {"ids": list(ids)})}
