"""Upstream health for the office: how each system stands, who delivers and who has gone quiet, outage notices."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.service import record
from ccezone.cases.queries import CaseFilter, current_outages, past_outages, search_cases
from ccezone.cases.rules.upstream import SOURCES
from ccezone.cases.service import By, OutageEntry, end_outage, withdraw_outage, write_outage
from ccezone.clearance.queries import feeds, message_counts
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.web.firm.bills.words import SOURCES as DELIVERY_SOURCES
from ccezone.web.firm.declarations.viewing import OFFICE
from ccezone.web.hub import hub
from ccezone.web.office import upstream_standing as shown
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.moments import read_moment

blueprint = Blueprint("upstream", __name__, url_prefix="/office/upstream")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("上游系统"),
            "upstream.show",
            OFFICE,
            order=26,
            note=_l("单一窗口等系统与企业数据来源的状况，发布中断公告"),
        ),
    ),
)
_MOST_QUIET = 500


@blueprint.get("")
@office_readers
def show() -> ResponseReturnValue:
    """Show every system, every sender, and the notices."""
    now = hub().clock.now()
    with hub().database.reading() as connection:
        sources, limits = shown.sources(connection), shown.bounds(connection)
        quiet = search_cases(connection, CaseFilter(kind="feed_quiet"), limit=_MOST_QUIET)
        senders, messages = feeds(connection, now), message_counts(connection)
        current, past = current_outages(connection, now), past_outages(connection, now)
    return render_template(
        "upstream/office.html",
        sources=sources,
        limits=limits,
        senders=senders,
        quiet={each.enterprise_id: each.id for each in quiet},
        messages=messages,
        current=current,
        past=past,
        now=now,
        shown=shown,
        delivered_by=DELIVERY_SOURCES,
    )


@blueprint.get("/outages/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty notice that begins now."""
    begins = f"{hub().clock.now().astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
    return _form({"begins_at": begins, "source": SOURCES[0]}, ())


@blueprint.post("/outages/new")
@officer_only
def publish() -> ResponseReturnValue:
    """Publish a notice."""
    fields = _fields()
    values = texts(submitted(fields))
    surroundings, principal = hub(), current_principal()
    try:
        faults = faults_of_form(fields, values)
        begins, ends = _moments(values, faults)
        if faults or begins is None:
            raise Refused(*faults)
        words = {name: values[name] for name in ("source", "title_zh", "title_en", "text_zh", "text_en")}
        with surroundings.database.begin() as uow:
            entry = OutageEntry(**words, begins_at=begins, ends_at=ends)
            notice_id = write_outage(uow, entry, By.of(principal), surroundings.clock.now())
            record(uow, principal, "outage.publish", f"outage:{notice_id}", surroundings.clock)
    except Refused as refused:
        return _form(values, refused.faults, 422)
    flash(_("公告已发布。"))
    return redirect(url_for("upstream.show"))


@blueprint.post("/outages/<uuid:notice_id>/end")
@officer_only
def end(notice_id: UUID) -> ResponseReturnValue:
    """Say that an outage is over."""
    return _change(notice_id, "end", _("已标为恢复。"))


@blueprint.post("/outages/<uuid:notice_id>/withdraw")
@officer_only
def withdraw(notice_id: UUID) -> ResponseReturnValue:
    """Take a notice back."""
    return _change(notice_id, "withdraw", _("公告已撤回。"))


def _change(notice_id: UUID, action: str, said: str) -> ResponseReturnValue:
    surroundings, principal = hub(), current_principal()
    change = end_outage if action == "end" else withdraw_outage
    try:
        with surroundings.database.begin() as uow:
            change(uow, notice_id, By.of(principal), surroundings.clock.now())
            record(uow, principal, f"outage.{action}", f"outage:{notice_id}", surroundings.clock)
    except NotFound:
        said = _("没有这条生效中的公告。")
    flash(said)
    return redirect(url_for("upstream.show"))


def _form(values: dict[str, str], faults: Sequence[Fault], status: int = 200) -> ResponseReturnValue:
    return render_template("upstream/outage_form.html", form=Form(_fields(), values, faults)), status


def _fields() -> tuple[Field, ...]:
    return (
        Field(
            "source", _l("上游系统"), "select", required=True, options=tuple((each, shown.source_name(each)) for each in SOURCES)
        ),
        Field("begins_at", _l("开始时间"), "datetime", required=True, help=_l("北京时间。")),
        Field("ends_at", _l("预计恢复时间"), "datetime", help=_l("尚不清楚时留空。")),
        Field("title_zh", _l("标题（中文）"), required=True, max_length=100),
        Field("title_en", _l("标题（英文）"), required=True, max_length=200),
        Field(
            "text_zh", _l("内容（中文）"), "textarea", required=True, max_length=1000, help=_l("说明受影响的业务和企业应如何办理。")
        ),
        Field("text_en", _l("内容（英文）"), "textarea", required=True, max_length=2000),
    )


def _moments(values: dict[str, str], faults: list[Fault]) -> tuple[datetime | None, datetime | None]:
    """Read when an outage begins and ends; add to ``faults`` what is no time."""
    found: list[datetime | None] = []
    for name in ("begins_at", "ends_at"):
        try:
            found.append(read_moment(values[name], f"/{name}"))
        except Refused as refused:
            found.append(None)
            faults += refused.faults
    return found[0], found[1]
