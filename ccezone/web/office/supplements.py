"""What counts beyond lists, in the office: feeds taken in by table, taken back with a reason, and what is e-commerce trade.

Facts behind a return's numbers open here, beside the lists they are added to.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.accounts.service import record
from ccezone.background.queries import JobView, job, jobs_of
from ccezone.cases.queries import file_of, read_file
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.statistics.queries import supplements as queries
from ccezone.statistics.queries.coverage import seen_others
from ccezone.statistics.queries.monitor import counted
from ccezone.statistics.rules import COUNTED, YUAN
from ccezone.statistics.rules.supplements import FED, Method, Source
from ccezone.statistics.service.feeding import JOB, Asker, upload_feed
from ccezone.statistics.service.supplements import Feed, decide, undo
from ccezone.web.firm.jobs import STATES
from ccezone.web.hub import hub
from ccezone.web.office import supplement_words as words
from ccezone.web.office.supplement_sheets import MOST_BATCHES, batches_file, lines_file
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from schemas.derive.workbook import FEED, template_of

blueprint = Blueprint("supplements", __name__, url_prefix="/office/supplements")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.DATA,
            _l("补充统计数据"),
            "supplements.listing",
            frozenset({Role.ZONE_OFFICER, Role.AUDITOR}),
            order=8,
            note=_l("邮件、快件、海外仓、直报、抽样：报送、去重、认定、撤销"),
        ),
    ),
)
_EXAMPLE = {
    "day": "2026-11-01", "flow": "E", "country": "502", "hs_code": "610910", "currency": "142", "amount": "128.00",
    "parcels": "1", "waybill_no": "RR000000001CN",
}  # fmt: skip
_FIELDS = (
    Field("source", _l("来源"), "select", required=True, options=tuple((s.value, words.SOURCES[s]) for s in FED)),
    Field("method", _l("方法"), "select", required=True, options=tuple(words.METHODS.items())),
    Field("sender", _l("报送单位"), required=True, max_length=64),
    Field("period", _l("所属期"), required=True, max_length=64, help=_l("如 2026-11，写在报送说明中；每行按自己的日期计入。")),
)
_WORDS = {"yes": True, "no": False, "rules": None}


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """Show the feeds, the newest first, what is being taken in, and the form for another."""
    return _listing(Form(_FIELDS, {"method": Method.ROLL_UP.value}))


@blueprint.post("")
@officer_only
def upload() -> ResponseReturnValue:
    """Keep a table and have it taken in; its page shows what became of each row."""
    values, by = submitted(_FIELDS), current_principal()
    file, said = request.files.get("file"), texts(values)
    try:
        faults = list(faults_of_form(_FIELDS, values))
        if file is None or not file.filename:
            faults.append(Fault("/file", "required"))
        if faults or file is None:
            raise Refused(*faults)
        feed = Feed(Source(said["source"]), Method(said["method"]), said["sender"], said["period"], file.filename or "")
        with hub().database.begin() as uow:
            asker = Asker(by.user_id, by.actor, language())
            job_id = upload_feed(uow, hub().vault, feed, file.read(), asker, hub().clock)
            record(uow, by, "supplement.upload", f"job:{job_id}", hub().clock, {"source": said["source"]})
    except Refused as refused:
        return _listing(Form(_FIELDS, values, refused.faults)), 422
    return redirect(url_for("supplements.progress", job_id=job_id), 303)


@blueprint.get("/template")
@office_readers
def template() -> Response:
    """Hand the template out."""
    return attachment(template_of(FEED, language(), _EXAMPLE), f"{FEED.label(language())}.xlsx", XLSX)


@blueprint.get("/jobs/<uuid:job_id>")
@office_readers
def progress(job_id: UUID) -> ResponseReturnValue:
    """Show how far an upload is, and what became of its rows."""
    return render_template("supplements/job.html", job=_job(job_id), states=STATES, words=words)


@blueprint.get("/jobs/<uuid:job_id>/file")
@office_readers
def result(job_id: UUID) -> Response:
    """Hand out the rows that go back."""
    known = _job(job_id)
    with hub().database.reading() as connection:
        file = file_of(connection, known.file_id) if known.file_id else None
        if file is None:
            abort(404)
        return attachment(read_file(connection, hub().vault, file.id), file.name, file.media_type)


@blueprint.get("/batches.<any(csv, xlsx):form>")
@office_readers
def export(form: str) -> Response:
    """Hand out all feeds that the filter shows."""
    with hub().database.reading() as connection:
        rows = queries.batches(connection, _source(), searched(), None, MOST_BATCHES)
    return batches_file(rows, form)


@blueprint.get("/<uuid:batch_id>/lines.<any(csv, xlsx):form>")
@office_readers
def export_lines(batch_id: UUID, form: str) -> Response:
    """Hand out one feed, line by line."""
    with hub().database.reading() as connection:
        found = queries.batch(connection, batch_id) or abort(404)
        lines, refused = queries.lines_of(connection, batch_id), queries.refusals(connection, batch_id)
    return lines_file(found, lines, refused, form)


@blueprint.get("/<uuid:batch_id>")
@office_readers
def detail(batch_id: UUID) -> ResponseReturnValue:
    """Show a feed: its lines and how they stand, the rows that were refused, and how it is taken back."""
    return _detail(batch_id)


@blueprint.post("/<uuid:batch_id>/undo")
@officer_only
def take_back(batch_id: UUID) -> ResponseReturnValue:
    """Take a feed back, with a reason."""
    by, reason = current_principal(), request.form.get("reason", "")[:600]
    try:
        with hub().database.begin() as uow:
            undo(uow, batch_id, reason, by.actor, hub().clock)
            record(uow, by, "supplement.undo", f"supplement:{batch_id}", hub().clock, {"reason": reason})
    except NotFound:
        abort(404)
    except Refused as refused:
        return _detail(batch_id, refused.faults)
    flash(_("已撤销，各表正在重算。"))
    return redirect(url_for("supplements.detail", batch_id=batch_id))


@blueprint.get("/facts")
@office_readers
def behind() -> ResponseReturnValue:
    """Show the facts behind a number, and what lists add to it."""
    since, until = _day("since"), _day("until")
    by, key = request.args.get("by", "every"), request.args.get("key", "")
    shown = {name: request.args.get(name, "") for name in ("source", "standing", "after")}
    if by not in COUNTED or by == "hour":
        abort(400)
    with hub().database.reading() as connection:
        rows = queries.facts(connection, since, until, by, key, **shown, limit=PAGE + 1)
        lists = [row for row in counted(connection, since, until, by) if row.key == key] if not shown["source"] else []
        seen = seen_others(connection, since, until)
    worth = sum((row.values.get(YUAN, Decimal(0)) for row in lists), Decimal(0))
    number = sum(row.lists for row in lists)
    return render_template(
        "supplements/facts.html", page=page(rows, lambda row: row.id), since=since, until=until, by=by, key=key, words=words,
        lists=(number, worth), seen=seen, standing=shown["standing"], source=shown["source"],
    )  # fmt: skip


@blueprint.get("/facts/<fact_id>")
@office_readers
def judge(fact_id: str) -> ResponseReturnValue:
    """Show one fact, by what it is recognised, and every officer's word on it."""
    return _fact(fact_id)


@blueprint.post("/facts/<fact_id>")
@officer_only
def override(fact_id: str) -> ResponseReturnValue:
    """Say over the rules whether a fact is e-commerce trade, or let the rules decide again."""
    by, word, reason = current_principal(), request.form.get("recognised", ""), request.form.get("reason", "")[:600]
    if word not in _WORDS:
        abort(400)
    try:
        with hub().database.begin() as uow:
            decide(uow, fact_id, _WORDS[word], reason, by.actor, hub().clock)
            record(uow, by, "supplement.decide", f"supplement:{fact_id}", hub().clock, {"decided": word})
    except NotFound:
        abort(404)
    except Refused as refused:
        return _fact(fact_id, refused.faults)
    flash(_("已记录，各表正在重算。"))
    return redirect(url_for("supplements.judge", fact_id=fact_id))


def _listing(form: Form) -> str:
    source, text = _source(), searched()
    with hub().database.reading() as connection:
        rows = queries.batches(connection, source, text, after_id(), PAGE + 1)
        jobs = [each for each in jobs_of(connection, None, [JOB], limit=5) if not each.over or each.faults]
    return render_template(
        "supplements/listing.html", page=page(rows, lambda row: row.id), form=form, source=source, text=text, words=words,
        fed=FED, jobs=jobs, states=STATES,
    )  # fmt: skip


def _source() -> str:
    source = request.args.get("source", "")
    return source if not source or source in FED else abort(400)


def _detail(batch_id: UUID, faults: Sequence[Fault] = ()) -> ResponseReturnValue:
    standing = request.args.get("standing", "")
    with hub().database.reading() as connection:
        found = queries.batch(connection, batch_id) or abort(404)
        rows = queries.facts_of(connection, batch_id, standing, request.args.get("after", ""), PAGE + 1)
        counts, refused = queries.standings(connection, batch_id), queries.refusals(connection, batch_id)
    told = [(each["row"], [Fault(f["pointer"], f["code"], f["params"]) for f in each["faults"]]) for each in refused[:PAGE]]
    body = render_template(
        "supplements/detail.html", batch=found, page=page(rows, lambda row: row.id), counts=counts, refused=told,
        standing=standing, words=words, faults=faults,
    )  # fmt: skip
    return body, 422 if faults else 200


def _fact(fact_id: str, faults: Sequence[Fault] = ()) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = queries.fact(connection, fact_id) or abort(404)
        story = queries.decisions(connection, fact_id)
    return render_template("supplements/fact.html", fact=found, story=story, words=words, faults=faults), 422 if faults else 200


def _job(job_id: UUID) -> JobView:
    with hub().database.reading() as connection:
        known = job(connection, job_id)
    return known if known is not None and known.kind == JOB else abort(404)


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        abort(400)
