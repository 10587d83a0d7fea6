"""Read models of applications: the office's work list, one in full with its steps, and what the register knows about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from ccezone.accounts.queries import user_by_login
from ccezone.enterprises.queries.enterprises import directory
from ccezone.enterprises.rules.applying import EDITABLE, Facts, Licence
from ccezone.enterprises.rules.changing import Stated
from ccezone.enterprises.rules.checking import Known
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

_COLUMNS = """
id, reference, kind, state, enterprise_id, roles, uscc, name, facts->>'node', version, created_at, updated_at, submitted_at,
decided_at
"""
_ROWS = f"""
SELECT {_COLUMNS} FROM application
WHERE state = ANY(%(states)s) AND (%(text)s = '' OR strpos(upper(reference || ' ' || name || ' ' || uscc), upper(%(text)s)) > 0)
  AND (%(enterprise)s::uuid IS NULL OR enterprise_id = %(enterprise)s)
  AND (%(after)s::uuid IS NULL OR CASE WHEN %(oldest)s THEN id > %(after)s ELSE id < %(after)s END)
ORDER BY CASE WHEN %(oldest)s THEN id END, id DESC LIMIT %(limit)s
"""  # noqa: S608  # column names are our own
_ONE = f"SELECT {_COLUMNS}, facts, licences, files, personal, locale FROM application WHERE id = %(id)s"  # noqa: S608
_STEPS = "SELECT id, at, actor, action, note, reasons, stated FROM application_step WHERE application_id = %(id)s ORDER BY id"
_COUNTS = "SELECT state, count(*) FROM application GROUP BY state"
_OPEN_TWINS = """
SELECT reference FROM application
WHERE uscc = %(uscc)s AND uscc <> '' AND id <> %(id)s AND state IN ('submitted', 'returned') ORDER BY id
"""
_AMENDMENT = """
SELECT id FROM application
WHERE kind = 'amendment' AND enterprise_id = %(enterprise)s AND state IN ('draft', 'submitted', 'returned')
"""

_BRIEF = """
SELECT a.enterprise_id, a.name, coalesce((
    SELECT s.note FROM application_step s WHERE s.application_id = a.id ORDER BY s.id DESC LIMIT 1
), ''), coalesce(e.node, a.facts ->> 'node') FROM application a LEFT JOIN enterprise e ON e.id = a.enterprise_id
WHERE a.id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application as a list shows it."""

    id: UUID
    reference: str
    kind: str
    state: str
    enterprise_id: UUID | None
    roles: list[str]
    uscc: str
    name: str
    node: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None

    @property
    def editable(self) -> bool:
        """Say whether the applicant may change it now."""
        return self.state in EDITABLE


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file of an application. ``size`` in bytes."""

    id: UUID
    kind: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """One application in full; ``personal`` is in clear and masked by whoever shows it."""

    row: ApplicationRow
    facts: Facts
    licences: Sequence[Licence]
    files: Sequence[AttachedFile]
    personal: Mapping[str, str]
    locale: str

    @property
    def all_facts(self) -> Facts:
        """Facts and personal values together."""
        return {**self.facts, **self.personal}

    def file(self, file_id: UUID) -> AttachedFile | None:
        """Return one of its files."""
        return next((known for known in self.files if known.id == file_id), None)


@dataclass(frozen=True, slots=True)
class Brief:
    """An application in a line; without ``enterprise_id`` nobody has an account yet. ``node``: the firm's, or what it chose."""

    enterprise_id: UUID | None
    name: str
    note: str
    node: str | None = None


@dataclass(frozen=True, slots=True)
class StepView:
    """One step. ``stated`` is what a submission said, ``reasons`` what a return asked for, by field."""

    id: UUID
    at: datetime
    actor: str
    action: str
    note: str
    reasons: Mapping[str, str]
    stated: Stated | None


def search_applications(
    connection: Connection,
    states: Collection[str],
    text: str = "",
    enterprise_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
    *,
    oldest_first: bool = False,
) -> Sequence[ApplicationRow]:
    """Return applications of these states, newest first (or oldest), after a cursor; of one enterprise or of all."""
    values = {"states": list(states), "text": text, "enterprise": enterprise_id, "after": after, "limit": limit}
    values["oldest"] = oldest_first
    return [ApplicationRow(*row) for row in fetch(connection, _ROWS, values)]


def count_applications(connection: Connection) -> Mapping[str, int]:
    """Count applications by state."""
    return dict(fetch(connection, _COUNTS))


def application(connection: Connection, vault: PersonalVault, application_id: UUID) -> ApplicationView | None:
    """Return one application."""
    found = fetch(connection, _ONE, {"id": application_id}, binary=True)
    if not found:
        return None
    *columns, facts, licences, files, personal, locale = found[0]
    attached = [AttachedFile(UUID(each["id"]), each["kind"], each["name"], each["size"]) for each in files]
    held = [licence_of(each) for each in licences]
    return ApplicationView(ApplicationRow(*columns), facts, held, attached, vault.open(bytes(personal)), locale)


def brief_of(connection: Connection, application_id: UUID) -> Brief:
    """Return whose application this is, and what was said at its latest step."""
    return Brief(*fetch(connection, _BRIEF, {"id": application_id})[0])


def steps_of(connection: Connection, vault: PersonalVault, application_id: UUID) -> Sequence[StepView]:
    """Return the steps of an application, oldest first."""
    rows = fetch(connection, _STEPS, {"id": application_id}, binary=True)
    return [
        StepView(step_id, at, actor, action, note, reasons, stated_of(vault, sealed))
        for step_id, at, actor, action, note, reasons, sealed in rows
    ]


def open_amendment(connection: Connection, enterprise_id: UUID) -> UUID | None:
    """Return the amendment an enterprise is working on or waiting for, if any."""
    found = fetch(connection, _AMENDMENT, {"enterprise": enterprise_id})
    return found[0][0] if found else None


def known_of(connection: Connection, found: ApplicationView, place_prefix: str = "") -> Known:
    """Return what the register knows about what an application states."""
    own = found.row.enterprise_id
    others = [each for each in directory(connection).by_id.values() if each.id != own]
    customs, name = str(found.facts.get("customs_code", "")), str(found.facts.get("name", ""))
    twins = fetch(connection, _OPEN_TWINS, {"uscc": found.row.uscc, "id": found.row.id})
    user = user_by_login(connection, found.personal.get("contact_mail", ""))
    return Known(
        same_uscc=next((each.name for each in others if each.uscc == found.row.uscc), ""),
        same_customs_code=next((each.name for each in others if customs and each.customs_code == customs), ""),
        same_name=next((each.uscc for each in others if name and each.name == name and each.uscc != found.row.uscc), ""),
        open_applications=[row[0] for row in twins],
        login_taken=user is not None and (own is None or user.enterprise_id != own),
        place_prefix=place_prefix,
    )


def licence_of(stored: Mapping[str, Any]) -> Licence:
    """Read a licence as it is kept in an application."""
    return Licence(
        kind=stored["kind"],
        number=stored["number"],
        issued_by=stored.get("issued_by", ""),
        issued_on=_day(stored.get("issued_on")),
        expires_on=_day(stored.get("expires_on")),
        file_id=stored.get("file_id", ""),
    )


def stated_of(vault: PersonalVault, sealed: bytes | None) -> Stated | None:
    """Open what a step stated."""
    if sealed is None:
        return None
    stated: Stated = orjson.loads(vault.open_bytes(bytes(sealed)))
    return stated


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
