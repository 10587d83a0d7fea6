"""Risk alerts: those nobody has taken, mine, all; one with its evidence, the agencies on it, its history and its end."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.queries import names_of
from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.inspection.queries import orders_from
from ccezone.kernel.errors import Fault, Refused
from ccezone.risk.queries.alerts import AlertFilter, AlertView, alert, count_alerts, search_alerts
from ccezone.risk.queries.rulebook import rule
from ccezone.risk.rules.kinds import KINDS
from ccezone.risk.service import handling
from ccezone.storage import Connection, UnitOfWork
from ccezone.web.hub import hub
from ccezone.web.office.inspection import words as inspecting
from ccezone.web.office.risk import words
from ccezone.web.shell.access import OFFICERS, READERS, current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Field, Form, faults_of_form, posted_version, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page

blueprint = Blueprint("risk_alerts", __name__, url_prefix="/office/risk")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("风险预警"),
            "risk_alerts.listing",
            READERS,
            order=24,
            note=_l("规则发现的异常交易，承办、会办与办结"),
        ),
    ),
    todo=(
        Todo(
            _l("待承办的风险预警"),
            "risk_alerts.listing",
            OFFICERS,
            lambda connection, _principal: count_alerts(connection, "")["open"],
            urgent=True,
        ),
    ),
)
TABS: Mapping[str, Sequence[str]] = {"open": ["open"], "mine": ["handling"], "handling": ["handling"], "closed": ["closed"]}
_FOUND = (Field("found", _l("情况说明"), "textarea", required=True, max_length=handling.LONGEST),)
_ASK = (
    Field("agency", _l("会办部门"), "select", required=True, options=tuple(words.AGENCIES.items())),
    Field("asked", _l("需要核实的事项"), "textarea", max_length=handling.LONGEST),
)
_ANSWER = (
    Field("answering", _l("反馈部门"), "select", required=True, options=tuple(words.AGENCIES.items())),
    Field("opinion", _l("部门意见"), "select", required=True, options=tuple(words.DISPOSITIONS.items())),
    Field("told", _l("反馈内容"), "textarea", required=True, max_length=handling.LONGEST),
)
_END = (
    Field("disposition", _l("处置结果"), "select", required=True, options=tuple(words.DISPOSITIONS.items())),
    Field("cause", _l("原因与措施"), "textarea", required=True, max_length=handling.LONGEST),
)
FORMS: Mapping[str, Sequence[Field]] = {"note": _FOUND, "ask": _ASK, "answer": _ANSWER, "end": _END}


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List alerts of a tab, the newest first."""
    tab = request.args.get("tab", "open")
    if tab not in TABS:
        abort(400)
    wanted = AlertFilter(*(request.args.get(name, "")[:40] for name in ("kind", "level", "type")))
    actor = current_principal().actor
    with hub().database.reading() as connection:
        mine = actor if tab == "mine" else ""
        rows = search_alerts(connection, TABS[tab], wanted, owner=mine, after=after_id(), limit=PAGE + 1)
        counts = count_alerts(connection, actor, wanted)
        parties = directory(connection).by_id
        people = people_named(connection, [row.owner for row in rows])
    return render_template(
        "risk/alerts.html", page=page(rows, lambda row: row.id), tab=tab, counts=counts, wanted=wanted, parties=parties,
        people=people, words=words,
    )  # fmt: skip


@blueprint.get("/alerts/<uuid:alert_id>")
@office_readers
def detail(alert_id: UUID) -> ResponseReturnValue:
    """Show one alert."""
    return _show(_alert(alert_id))


@blueprint.post("/alerts/<uuid:alert_id>/take")
@officer_only
def take(alert_id: UUID) -> ResponseReturnValue:
    """Become its owner."""
    actor = current_principal().actor
    return _do(alert_id, "take", lambda uow, _v: handling.take_alert(uow, alert_id, actor, hub().clock))


@blueprint.post("/alerts/<uuid:alert_id>/note")
@officer_only
def note(alert_id: UUID) -> ResponseReturnValue:
    """Write down what was found out."""
    actor = current_principal().actor
    return _do(alert_id, "note", lambda uow, v: handling.note_alert(uow, alert_id, v["found"], actor, hub().clock))


@blueprint.post("/alerts/<uuid:alert_id>/agencies")
@officer_only
def ask(alert_id: UUID) -> ResponseReturnValue:
    """Ask an agency to work on it."""
    actor = current_principal().actor
    return _do(alert_id, "ask", lambda uow, v: handling.ask_agency(uow, alert_id, v["agency"], v["asked"], actor, hub().clock))


@blueprint.post("/alerts/<uuid:alert_id>/answers")
@officer_only
def answer(alert_id: UUID) -> ResponseReturnValue:
    """Write down what an agency answered."""
    actor = current_principal().actor

    def verb(uow: UnitOfWork, v: Mapping[str, str]) -> None:
        handling.answer_for_agency(uow, alert_id, v["answering"], v["opinion"], v["told"], actor, hub().clock)

    return _do(alert_id, "answer", verb)


@blueprint.post("/alerts/<uuid:alert_id>/end")
@officer_only
def end(alert_id: UUID) -> ResponseReturnValue:
    """Close it with its cause."""
    actor, version = current_principal().actor, posted_version()

    def verb(uow: UnitOfWork, v: Mapping[str, str]) -> None:
        handling.close_alert(uow, alert_id, version, v["disposition"], v["cause"], actor, hub().clock)

    return _do(alert_id, "end", verb)


def _do(alert_id: UUID, action: str, verb: Callable[[UnitOfWork, Mapping[str, str]], None]) -> ResponseReturnValue:
    """Do one thing to an alert, on record; whatever is wrong stands beside its form."""
    found, fields = _alert(alert_id), FORMS.get(action, ())
    values = texts(submitted(fields))
    faults: list[Fault] = faults_of_form(fields, values)
    try:
        if faults:
            raise Refused(*faults)
        with hub().database.begin() as uow:
            verb(uow, values)
            record(uow, current_principal(), f"risk_alert.{action}", f"risk_alert:{alert_id}", hub().clock)
    except Refused as refused:
        return _show(found, action, Form(fields, values, refused.faults), 422)
    flash(_("已登记。"))
    return redirect(url_for("risk_alerts.detail", alert_id=alert_id))


def _show(found: AlertView, action: str = "", tried: Form | None = None, status: int = 200) -> ResponseReturnValue:
    actors = [found.row.owner, *(step.actor for step in found.steps), *(each.asked_by for each in found.agencies)]
    with hub().database.reading() as connection:
        parties, inspections = directory(connection).by_id, orders_from(connection, f"risk_alert:{found.row.id}")
        people, made_by = people_named(connection, actors), rule(connection, found.row.rule_id)
    forms = {name: tried if tried is not None and name == action else Form(fields) for name, fields in FORMS.items()}
    return render_template(
        "risk/alert.html", alert=found, row=found.row, rule=made_by, parties=parties, people=people, forms=forms, words=words,
        inspections=inspections, inspecting=inspecting, tried=tried, made_as=KINDS[found.row.kind],
        mine=found.row.owner == current_principal().actor, address=evidence_address,
        named=lambda known: parties[UUID(known)].name if known and UUID(known) in parties else "—",
    ), status  # fmt: skip


def _alert(alert_id: UUID) -> AlertView:
    with hub().database.reading() as connection:
        return alert(connection, alert_id) or abort(404)


def people_named(connection: Connection, actors: Sequence[str | None]) -> Mapping[str, str]:
    """Return the names of people by how they are written down as actors."""
    ids = [UUID(actor.removeprefix("user:")) for actor in actors if actor and actor.startswith("user:")]
    return {f"user:{person}": name for person, name in names_of(connection, ids).items()}


def evidence_address(row: Mapping[str, str]) -> str:
    """Return where a bill or list of the evidence is to be seen."""
    if row["kind"] == "list":
        return url_for("declarations.detail", declaration_id=int(row["key"]))
    return url_for("bills.detail", kind=row["kind"], key=int(row["key"]))
