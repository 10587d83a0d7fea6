"""Working on one exception case: hand it over, weigh it, note, ask the firm, close."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.service import record
from ccezone.cases.queries import colleagues
from ccezone.cases.rules.queues import Priority
from ccezone.cases.service import By, add_note, ask_firm, close_case, hand_over, prioritise
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import UnitOfWork
from ccezone.web.hub import hub
from ccezone.web.office.cases import words
from ccezone.web.office.cases.queues import blueprint, known_case, story
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts

Step = Callable[[UnitOfWork, By, dict[str, str]], None]


def fields_of(name: str) -> tuple[Field, ...]:
    """The fields of one of the forms beside a case."""
    note = (
        Field("note", _l("备注"), "textarea", required=True, max_length=2000, help=_l("只有办公室人员能看到，写入后不能修改。")),
    )
    question = _l("企业将在消息中心和邮件中收到，并在其工单页面答复。")
    return {
        "note": note,
        "ask": (Field("question", _l("问题"), "textarea", required=True, max_length=2000, help=question),),
        "priority": (
            Field(
                "priority",
                _l("优先级"),
                "select",
                required=True,
                options=tuple((str(int(each)), label) for each, label in words.PRIORITIES.items()),
            ),
        ),
        "hand": (
            Field("owner", _l("转交给"), "select", required=True, options=_officers()),
            Field("why", _l("说明"), max_length=500),
        ),
        "close": (
            Field("code", _l("办结原因"), "select", required=True, options=tuple(words.causes())),
            Field(
                "cause",
                _l("处理结果"),
                "textarea",
                required=True,
                max_length=500,
                help=_l("写明原因和已采取的措施；关闭后不能修改。"),
            ),
        ),
    }[name]


FORMS = ("note", "ask", "hand", "priority", "close")


@blueprint.get("/<uuid:case_id>")
@office_readers
def detail(case_id: UUID) -> ResponseReturnValue:
    """Show one case with its history and what can be done."""
    return _show(case_id, {})


@blueprint.post("/<uuid:case_id>")
@officer_only
def close(case_id: UUID) -> ResponseReturnValue:
    """Close a case with its cause."""

    def step(uow: UnitOfWork, by: By, typed: dict[str, str]) -> None:
        close_case(uow, case_id, by, typed["code"], typed["cause"], hub().clock.now())

    after = url_for("cases.following", after=case_id) if request.form.get("then") == "next" else url_for("cases.listing")
    return _do(case_id, "close", step, _("工单已关闭。"), after)


@blueprint.post("/<uuid:case_id>/note")
@officer_only
def note(case_id: UUID) -> ResponseReturnValue:
    """Add a note."""

    def step(uow: UnitOfWork, by: By, typed: dict[str, str]) -> None:
        add_note(uow, case_id, by, typed["note"], hub().clock.now())

    return _do(case_id, "note", step, _("备注已添加。"))


@blueprint.post("/<uuid:case_id>/ask")
@officer_only
def ask(case_id: UUID) -> ResponseReturnValue:
    """Ask the firm."""

    def step(uow: UnitOfWork, by: By, typed: dict[str, str]) -> None:
        ask_firm(uow, case_id, by, typed["question"], hub().clock.now())

    return _do(case_id, "ask", step, _("问题已发给企业。"))


@blueprint.post("/<uuid:case_id>/hand")
@officer_only
def hand(case_id: UUID) -> ResponseReturnValue:
    """Hand a case over to a colleague, or take it over."""

    def step(uow: UnitOfWork, by: By, typed: dict[str, str]) -> None:
        to = next((each for each in colleagues(uow.connection) if str(each.id) == typed["owner"]), None)
        if to is None:
            raise Refused(Fault("/owner", "case_owner"))
        hand_over(uow, case_id, by, By(f"user:{to.id}", to.name, to.id), typed["why"], hub().clock.now())

    return _do(case_id, "hand", step, _("工单已转交。"))


@blueprint.post("/<uuid:case_id>/priority")
@officer_only
def weigh(case_id: UUID) -> ResponseReturnValue:
    """Change how pressing a case is."""

    def step(uow: UnitOfWork, by: By, typed: dict[str, str]) -> None:
        try:
            chosen = Priority(int(typed["priority"]))
        except ValueError:
            raise Refused(Fault("/priority", "unknown_choice", {"value": typed["priority"]})) from None
        prioritise(uow, case_id, by, chosen, hub().clock.now())

    return _do(case_id, "priority", step, _("优先级已调整。"))


def _do(case_id: UUID, form: str, step: Step, said: str, after: str = "") -> ResponseReturnValue:
    """Do one step of an officer, on record; show the case again with what is wrong otherwise."""
    known_case(case_id)
    fields = fields_of(form)
    values = submitted(fields)
    faults: Sequence[Fault] = faults_of_form(fields, values)
    surroundings, principal = hub(), current_principal()
    try:
        if faults:
            raise Refused(*faults)
        with surroundings.database.begin() as uow:
            step(uow, By.of(principal), texts(values))
            record(uow, principal, f"case.{form}", f"case:{case_id}", surroundings.clock)
    except Refused as refused:
        return _show(case_id, {form: Form(fields, values, refused.faults)}, 422)
    flash(said)
    return redirect(after or url_for("cases.detail", case_id=case_id))


def _show(case_id: UUID, tried: Mapping[str, Form], status: int = 200) -> ResponseReturnValue:
    found = known_case(case_id)
    blank = {"priority": {"priority": str(found.priority)}, "hand": {"owner": str(found.owner_id or "")}}
    forms = {name: tried.get(name) or Form(fields_of(name), blank.get(name, {})) for name in FORMS}
    return render_template("cases/detail.html", forms=forms, address=words.address_of(found), **story(found)), status


def _officers() -> tuple[tuple[str, str], ...]:
    with hub().database.reading() as connection:
        return tuple((str(each.id), each.name) for each in colleagues(connection))
