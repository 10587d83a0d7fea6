"""Two people in one draft: the second to save sees who saved when and what differs, and chooses; nothing is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ccezone.web.firm.declaring import words
from ccezone.web.firm.declaring.forming import name_of
from ccezone.web.firm.declaring.opening import Diverged, changed, opened, save, stated
from ccezone.web.firm.declaring.starting import blueprint
from ccezone.web.firm.declaring.typed import known
from ccezone.web.shell.access import firm_only
from ccezone.web.shell.i18n import language


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the two wrote differently. ``theirs_only``: mine is as it was before either of us."""

    name: str
    label: str
    mine: str
    theirs: str
    before: str
    theirs_only: bool


def compare(diverged: Diverged) -> ResponseReturnValue:
    """Show both versions field by field, mine chosen where I changed it."""
    page = diverged.kept
    found = differences(diverged)
    content = render_template(
        "declaring/compare.html",
        page=page,
        row=page.row,
        words=words,
        differences=found,
        mine=orjson.dumps(diverged.mine).decode(),
        base=orjson.dumps(dict(diverged.base)).decode(),
    )
    return Response(content, 409)


def differences(diverged: Diverged) -> Sequence[Difference]:
    """Return the fields in which what is kept differs from what was typed here."""
    kept, mine, base = diverged.kept.typed, diverged.mine, diverged.base
    shape, spoken = diverged.kept.shape, language()
    return [
        Difference(
            name,
            name_of(shape, name, spoken),
            mine.get(name, ""),
            kept.get(name, ""),
            base.get(name, ""),
            mine.get(name, "") == base.get(name, ""),
        )
        for name in changed(kept, mine)
    ]


@blueprint.post("/<uuid:draft_id>/settle")
@firm_only
def settle(draft_id: UUID) -> ResponseReturnValue:
    """Save what was chosen, field by field; compare once more when somebody has saved again."""
    page, mine = opened(draft_id), stated("mine")
    typed = dict(page.typed)
    for name in changed(page.typed, mine):
        if request.form.get(f"pick-{name}", "mine") == "mine":
            typed[name] = mine.get(name, "")
    typed = known(page.shape, {name: value for name, value in typed.items() if value})
    try:
        save(page, typed)
    except Diverged as diverged:
        return compare(Diverged(diverged.kept, mine, diverged.base))
    return redirect(url_for("declaring.edit", draft_id=draft_id, kept=1))
