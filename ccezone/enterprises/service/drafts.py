"""Changing a draft: who may, its licences and files, and sending it to the office."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from uuid import UUID

import orjson

from ccezone.accounts.service import record
from ccezone.cases.rules import SCANS, FileKind, file_faults, kind_of
from ccezone.cases.service import Upload, let_go, store_file
from ccezone.enterprises.queries.applications import licence_of
from ccezone.enterprises.rules.applying import EDITABLE, LICENCE_KINDS, ApplicationState, Licence, fact_faults, licence_faults
from ccezone.enterprises.rules.changing import Stated
from ccezone.enterprises.service.treating import refuse_blocked_registration
from ccezone.enterprises.tables import Application, ApplicationStep
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.personal import PersonalVault
from schemas.codes import code_list

MOST_LICENCES = 20
MOST_FILES = 20
MEGABYTE = 1024 * 1024


def own_draft(
    uow: UnitOfWork, application_id: UUID, clock: Clock, version: int | None = None, *also: ApplicationState
) -> Application:
    """Return an application's row, locked, to be changed; count the change.

    Raises ``NotFound``, ``Refused`` when it is not being edited (or in one of the states ``also``), ``Stale``.
    """
    row = uow.session.get(Application, application_id, with_for_update=True)
    if row is None:
        raise NotFound(Fault("", "not_found"))
    if row.state not in EDITABLE | frozenset(also):
        raise Refused(Fault("", "application_not_editable", {"reference": row.reference}))
    if version is not None and row.version != version:
        raise Stale(Fault("", "changed_meanwhile"))
    row.version += 1
    row.updated_at = clock.now()
    return row


def add_licence(
    uow: UnitOfWork,
    vault: PersonalVault,
    application_id: UUID,
    licence: Licence,
    scan: tuple[str, bytes] | None,
    most_mb: int,
    clock: Clock,
) -> None:
    """Add a licence with its scan (file name, content). Raises ``Refused`` with pointers of one licence (``/number``)."""
    row = own_draft(uow, application_id, clock)
    faults = _licence_form_faults(licence)
    if scan:
        faults += file_faults(scan[1], SCANS, most_mb * MEGABYTE)
    if len(row.licences) >= MOST_LICENCES:
        faults.append(Fault("", "too_many_licences", {"max": str(MOST_LICENCES)}))
    if faults:
        raise Refused(*faults)
    file_id = str(_keep(uow, vault, scan, "licence", clock)) if scan else ""
    row.licences = [*row.licences, {**_spelled(licence), "file_id": file_id}]


def drop_licence(uow: UnitOfWork, application_id: UUID, position: int, clock: Clock) -> None:
    """Take a licence out of a draft. Raises ``NotFound``."""
    row = own_draft(uow, application_id, clock)
    if not 0 <= position < len(row.licences):
        raise NotFound(Fault("", "not_found"))
    gone = row.licences[position]
    row.licences = [each for at, each in enumerate(row.licences) if at != position]
    _forget(uow, row, gone.get("file_id", ""), clock)


def attach(
    uow: UnitOfWork, vault: PersonalVault, application_id: UUID, kind: str, scan: tuple[str, bytes], most_mb: int, clock: Clock
) -> None:
    """Attach a file: what it is, is told by its content. Raises ``Refused``: empty, too large, of another kind, too many."""
    row = own_draft(uow, application_id, clock)
    faults = file_faults(scan[1], SCANS, most_mb * MEGABYTE)
    if len(row.files) >= MOST_FILES:
        faults.append(Fault("/file", "too_many_files", {"max": str(MOST_FILES)}))
    if faults:
        raise Refused(*faults)
    file_id = _keep(uow, vault, scan, "application", clock)
    row.files = [*row.files, {"id": str(file_id), "kind": kind[:40], "name": scan[0][-200:], "size": len(scan[1])}]


def detach(uow: UnitOfWork, application_id: UUID, file_id: UUID, clock: Clock) -> None:
    """Take a file out of a draft. Raises ``NotFound``."""
    row = own_draft(uow, application_id, clock)
    left = [each for each in row.files if each["id"] != str(file_id)]
    if len(left) == len(row.files):
        raise NotFound(Fault("", "not_found"))
    row.files = left
    _forget(uow, row, str(file_id), clock)


def submit(
    uow: UnitOfWork, vault: PersonalVault, application_id: UUID, required: Collection[str], actor: str, clock: Clock
) -> None:
    """Send an application, or send it again. Raises ``Refused`` with everything that is missing or wrong."""
    row = own_draft(uow, application_id, clock)
    refuse_blocked_registration(uow, row.uscc)
    today = clock.now().astimezone(SHANGHAI).date()
    licences = [licence_of(each) for each in row.licences]
    faults = fact_faults({**row.facts, **vault.open(row.personal)}, row.roles) + licence_faults(licences, required, today)
    if faults:
        raise Refused(*faults)
    again = row.state == ApplicationState.RETURNED
    row.state, row.submitted_at = ApplicationState.SUBMITTED, clock.now()
    note_step(uow, vault, row, actor, "resubmitted" if again else "submitted", clock, keep=True)


def note_step(
    uow: UnitOfWork,
    vault: PersonalVault,
    row: Application,
    actor: str,
    action: str,
    clock: Clock,
    note: str = "",
    reasons: dict[str, str] | None = None,
    *,
    keep: bool = False,
) -> None:
    """Append a step to an application and to the audit trail; ``keep`` what is stated at this moment."""
    sealed = vault.seal_bytes(orjson.dumps(stated(row, vault))) if keep else None
    uow.session.add(
        ApplicationStep(
            id=uuidv7(),
            application_id=row.id,
            at=clock.now(),
            actor=actor,
            action=action,
            note=note,
            reasons=reasons or {},
            stated=sealed,
        )
    )
    record(uow, None, f"application.{action}", f"application:{row.id}", clock, {"by": actor})


def stated(row: Application, vault: PersonalVault) -> Stated:
    """Return all an application states, flat, to be compared with another stating."""
    return {
        **flat(row.roles, {**row.facts, **vault.open(row.personal)}, [licence_of(each) for each in row.licences]),
        **_files(row),
    }


def flat(roles: Sequence[str], facts: dict[str, str | list[str]], licences: Sequence[Licence]) -> dict[str, str | list[str]]:
    """Spell roles, facts and licences (one line of text each) as one stating; what is empty is left out."""
    lines = [
        "|".join((each.kind, each.number, each.issued_by, str(each.issued_on or ""), str(each.expires_on or "")))
        for each in licences
    ]
    everything: dict[str, str | list[str]] = {"roles": sorted(roles), **facts, "licences": lines}
    return {name: value for name, value in everything.items() if value}


def _files(row: Application) -> dict[str, list[str]]:
    return {"files": [f"{each['kind']}|{each['name']}" for each in row.files]} if row.files else {}


def _licence_form_faults(licence: Licence) -> list[Fault]:
    faults = [] if code_list(LICENCE_KINDS).contains(licence.kind) else [Fault("/kind", "unknown_licence", {"value": licence.kind})]
    if not licence.number.strip():
        faults.append(Fault("/number", "required"))
    if licence.issued_on and licence.expires_on and licence.expires_on < licence.issued_on:
        faults.append(Fault("/expires_on", "ends_before_begin"))
    return faults


def _spelled(licence: Licence) -> dict[str, str | None]:
    plain = {name: str(value) if value else None for name, value in asdict(licence).items()}
    return {**plain, "number": licence.number.strip(), "issued_by": licence.issued_by.strip()}


def _keep(uow: UnitOfWork, vault: PersonalVault, scan: tuple[str, bytes], purpose: str, clock: Clock) -> UUID:
    name, content = scan
    return store_file(uow, vault, Upload(name, kind_of(content) or FileKind.PDF, content, purpose), clock)


def _forget(uow: UnitOfWork, row: Application, file_id: str, clock: Clock) -> None:
    """Let a file go that the office has never seen; what was submitted once is kept with its step."""
    if file_id and row.submitted_at is None and row.kind == "registration":
        let_go(uow, UUID(file_id), clock)
