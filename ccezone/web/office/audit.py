"""The audit trail for the audit administrator: who saw and who changed what, exports, and the checks of its chain."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from ccezone.accounts.queries import search_users
from ccezone.accounts.queries.audit import AuditFilter, search_audit, verifications
from ccezone.accounts.rules import Role
from ccezone.accounts.service import record, request_audit_check, request_audit_export
from ccezone.accounts.service.exporting import CHECK, EXPORT
from ccezone.background.queries import JobView, job, jobs_of
from ccezone.cases.queries import file_of, read_file
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage import Connection
from ccezone.web.firm.jobs import STATES
from ccezone.web.hub import hub
from ccezone.web.office.audit_words import DAMAGES, KINDS, action_label, actions_of, actors, kind_of
from ccezone.web.shell.access import current_principal, roles_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.files import attachment
from ccezone.web.shell.paging import PAGE, page

blueprint = Blueprint("audit", __name__, url_prefix="/office/audit")
_READERS = frozenset({Role.AUDIT_ADMIN})
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(Group.GOVERNMENT, _l("审计日志"), "audit.listing", _READERS, order=80, note=_l("谁看过、谁改过什么")),
        MenuEntry(Group.GOVERNMENT, _l("日志校验"), "audit.checks", _READERS, order=81, note=_l("校验日志是否被篡改或删除")),
    ),
)
_FIELDS = ("person", "kind", "subject", "from", "to")
_MOST_PEOPLE = 200


@blueprint.get("")
@roles_only(*_READERS)
def listing() -> ResponseReturnValue:
    """Search the trail, the newest first. The search itself is recorded."""
    asked = _asked(request.args)
    before = _before()
    with hub().database.reading() as connection:
        rows = search_audit(connection, _filter(connection, asked), before, PAGE + 1)
        named = actors(connection, rows)
        last = next(iter(verifications(connection, 1)), None)
    if before is None:
        with hub().database.begin() as uow:
            record(uow, current_principal(), "audit.search", "audit:trail", hub().clock, {k: v for k, v in asked.items() if v})
    return render_template(
        "audit/listing.html",
        page=page(rows, lambda row: row.number),
        asked=asked,
        kinds=KINDS,
        kind_of=kind_of,
        action_label=action_label,
        named=named,
        last=last,
    )


@blueprint.post("/export")
@roles_only(*_READERS)
def export() -> ResponseReturnValue:
    """Ask for a file of everything that was searched for."""
    asked = _asked(request.form)
    with hub().database.begin() as uow:
        request_audit_export(uow, _filter(uow.connection, asked), current_principal(), hub().clock)
    flash(_("正在后台导出，完成后可在此下载。"))
    return redirect(url_for("audit.exports"))


@blueprint.get("/exports")
@roles_only(*_READERS)
def exports() -> ResponseReturnValue:
    """List the exports, the last first."""
    with hub().database.reading() as connection:
        rows = jobs_of(connection, None, [EXPORT], limit=PAGE)
    return render_template("audit/exports.html", rows=rows, states=STATES, expired=_expired)


@blueprint.get("/exports/<uuid:job_id>")
@roles_only(*_READERS)
def file(job_id: UUID) -> ResponseReturnValue:
    """Hand an export out; the download is recorded."""
    with hub().database.begin() as uow:
        known = job(uow.connection, job_id)
        if known is None or known.kind != EXPORT or known.file_id is None or _expired(known):
            abort(404)
        kept = file_of(uow.connection, known.file_id) or abort(404)
        record(uow, current_principal(), "audit.download", f"job:{job_id}", hub().clock)
        content = read_file(uow.connection, hub().vault, kept.id)
    return attachment(content, kept.name, kept.media_type)


@blueprint.get("/checks")
@roles_only(*_READERS)
def checks() -> ResponseReturnValue:
    """Show what the checks of the trail found, the last one on top."""
    with hub().database.reading() as connection:
        rows = verifications(connection)
        running = [each for each in jobs_of(connection, None, [CHECK], limit=5) if not each.over]
    return render_template("audit/checks.html", rows=rows, running=running, damages=DAMAGES)


@blueprint.post("/checks")
@roles_only(*_READERS)
def check() -> ResponseReturnValue:
    """Ask for a check now."""
    with hub().database.begin() as uow:
        request_audit_check(uow, current_principal(), hub().clock)
    flash(_("正在后台校验，稍后刷新查看结果。"))
    return redirect(url_for("audit.checks"))


def _asked(given: "MultiDict[str, str]") -> Mapping[str, str]:
    return {name: given.get(name, "").strip()[:100] for name in _FIELDS}


def _filter(connection: Connection, asked: Mapping[str, str]) -> AuditFilter:
    people = None
    if asked["person"]:
        people = [f"user:{each.id}" for each in search_users(connection, asked["person"], limit=_MOST_PEOPLE)]
        if asked["person"] in ("system", _("系统")):
            people.append("system")
    actions, alike, unlike = actions_of(asked["kind"]) if asked["kind"] in KINDS else (None, (), ())
    since, until = _midnight(asked["from"]), _midnight(asked["to"])
    end = until + timedelta(days=1) if until else None
    return AuditFilter(people, actions, asked["subject"], since, end, alike, unlike)


def _midnight(day: str) -> datetime | None:
    """The beginning of a day in Asia/Shanghai; 400 for what is no day."""
    if not day:
        return None
    try:
        begin = date.fromisoformat(day)
    except ValueError:
        abort(400)
    return datetime(begin.year, begin.month, begin.day, tzinfo=SHANGHAI)


def _before() -> int | None:
    given = request.args.get("after", "")
    if given and not (given.isascii() and given.isdecimal() and len(given) < 19):
        abort(400)
    return int(given) if given else None


def _expired(known: JobView) -> bool:
    until = known.result.get("expires_at")
    return until is None or datetime.fromisoformat(str(until)) <= hub().clock.now()
