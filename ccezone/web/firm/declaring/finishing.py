"""Check your answers, then submit: everything stated on one page, with a way back to each section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.web.firm.declaring import words
from ccezone.web.firm.declaring.editing import beside, show
from ccezone.web.firm.declaring.filing import file_draft
from ccezone.web.firm.declaring.forming import name_of
from ccezone.web.firm.declaring.opening import Opened, declarant, opened
from ccezone.web.firm.declaring.shape import SECTIONS, Asked
from ccezone.web.firm.declaring.starting import PERSONAL, blueprint
from ccezone.web.firm.declaring.typed import lines
from ccezone.web.firm.declaring.watching import Watched
from ccezone.web.shell.access import firm_only
from ccezone.web.shell.i18n import language
from ccezone.web.shell.rendering import code_name


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the field it was given in, what it is called, what was said."""

    name: str
    label: str
    text: str


@blueprint.get("/<uuid:draft_id>/check")
@firm_only
def check(draft_id: UUID) -> ResponseReturnValue:
    """Show everything stated before it is submitted."""
    page = opened(draft_id)
    if page.filed or page.deleted:
        return redirect(url_for("declaring.edit", draft_id=draft_id))
    surroundings = beside(page, page.typed)
    watched = surroundings["watched"]
    if isinstance(watched, Watched) and watched.blocking:
        return show(page, page.typed, watched.blocking, 422)
    said = {"answers": answers(page), "rows": rows(page), "personal": PERSONAL}
    return Response(render_template("declaring/check.html", **said, **surroundings))


@blueprint.post("/<uuid:draft_id>/submit")
@firm_only
def submit(draft_id: UUID) -> ResponseReturnValue:
    """File a draft as it was checked."""
    page, firm = opened(draft_id), declarant()
    if page.filed:
        return redirect(url_for("declaring.edit", draft_id=draft_id))
    if request.form.get("version") != str(page.row.version):
        flash(_("草稿在核对之后又有修改，请重新核对。"))
        return redirect(url_for("declaring.check", draft_id=draft_id))
    filed = file_draft(page, firm)
    if filed.faults:
        return show(page, page.typed, filed.faults, 422)
    flash(_("已提交。单据一致后生成清单，通关进度显示在清单申报页。"))
    return redirect(url_for("declarations.listing", q=page.typed.get("order_no", "")))


def answers(page: Opened) -> Mapping[str, Sequence[Answer]]:
    """Return what was said, by section, personal values masked by the page."""
    spoken = language()
    found: dict[str, list[Answer]] = {
        section: [_answer(asked, page.typed) for asked in page.shape.sections[section] if page.typed.get(asked.name)]
        for section in SECTIONS
    }
    for name in words.LABELS:
        value = page.typed.get(name, "")
        if value:
            said = words.FILINGS.get(value) or words.STATEMENTS.get(value) or value
            found["customs"].append(Answer(name, name_of(page.shape, name, spoken), str(said)))
    return found


def rows(page: Opened) -> Sequence[Sequence[Answer]]:
    """Return what was said of each line."""
    asked = (*page.shape.line, *page.shape.stated)
    return [
        [_answer(each, row, f"lines-{number}-") for each in asked if row.get(each.name)]
        for number, row in enumerate(lines(page.typed))
    ]


def _answer(asked: Asked, typed: Mapping[str, str], prefix: str = "") -> Answer:
    value = typed[asked.name]
    return Answer(prefix + asked.name, asked.label(language()), code_name(value, asked.codes) if asked.codes else value)
