"""Filling a declaration in: saved while typing, checked beside the form, lines that come, go and double."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ccezone.enterprises.queries import products_of
from ccezone.kernel.errors import Fault
from ccezone.web.firm.declaring import words
from ccezone.web.firm.declaring.comparing import compare
from ccezone.web.firm.declaring.forming import declaring_form
from ccezone.web.firm.declaring.opening import Diverged, Opened, declarant, opened, posted, save, spelled_base
from ccezone.web.firm.declaring.picking import PICKS, Found, find
from ccezone.web.firm.declaring.starting import blueprint
from ccezone.web.firm.declaring.typed import MOST_LINES, Typed, lines, totals, with_lines
from ccezone.web.firm.declaring.watching import Watched, watch
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, firm_only
from ccezone.web.shell.i18n import language
from schemas.codes import code_list


@blueprint.get("/<uuid:draft_id>")
@firm_only
def edit(draft_id: UUID) -> ResponseReturnValue:
    """Show a draft to fill it in; a filed one leads to its order."""
    page = opened(draft_id)
    if page.filed:
        return redirect(url_for("bills.detail", kind="order", key=page.row.filed_key))
    if page.deleted:
        return redirect(url_for("declaring.begin", deleted=draft_id))
    return show(page, page.typed, kept="kept" in request.args)


@blueprint.post("/<uuid:draft_id>")
@firm_only
def act(draft_id: UUID) -> ResponseReturnValue:
    """Save what was typed and do what was asked for: a line more or less, something picked, the check before filing."""
    page = opened(draft_id)
    wanted, _colon, argument = request.form.get("do", "save").partition(":")
    typed = _with_line(wanted, argument, posted(page))
    try:
        if wanted in PICKS:
            typed = PICKS[wanted](page, argument, typed)
        page = save(page, typed)
    except Diverged as diverged:
        return compare(diverged)
    if wanted == "check":
        return redirect(url_for("declaring.check", draft_id=draft_id))
    anchor = {"add_line": "line", "copy_line": "line", "remove_line": "goods", "take_product": "line"}.get(wanted)
    return show(page, page.typed, focus=anchor or "", found=find(page, wanted))


@blueprint.post("/<uuid:draft_id>/keep-up")
@firm_only
def keep_up(draft_id: UUID) -> ResponseReturnValue:
    """Save while typing, and show what the hub thinks of it: the part of the page that stands beside the form."""
    page = opened(draft_id)
    try:
        page = save(page, posted(page))
    except Diverged as diverged:
        return render_template("declaring/diverged.html", row=diverged.kept.row, words=words), 200
    return render_template("declaring/beside.html", **beside(page, page.typed), swapped=True)


def show(
    page: Opened,
    typed: Mapping[str, str],
    faults: Sequence[Fault] = (),
    status: int = 200,
    focus: str = "",
    found: Found | None = None,
    *,
    kept: bool = True,
) -> ResponseReturnValue:
    """Draw the form of a draft with what stands in it; ``kept`` tells the browser that what it sent is saved."""
    fixed = frozenset({"merchant_code", "merchant_name"} & typed.keys()) | _said_by_others(page, typed)
    form = declaring_form(page.shape, typed, faults, language(), fixed)
    content = render_template(
        "declaring/form.html",
        form=form,
        focus=focus,
        products=_products(typed),
        code_choices=_choices,
        found=found or Found(),
        kept=kept,
        **beside(page, typed),
    )
    return Response(content, status)


def beside(page: Opened, typed: Mapping[str, str]) -> dict[str, object]:
    """Return what a page about a draft needs to show what the hub thinks of it."""
    watched: Watched = watch(page.shape, typed, declarant())
    return {
        "page": page,
        "row": page.row,
        "shape": page.shape,
        "typed": typed,
        "base": spelled_base(page.typed),
        "totals": totals(page.shape, typed),
        "watched": watched,
        "words": words,
        "now": hub().clock.now(),
    }


def _with_line(wanted: str, argument: str, typed: Typed) -> Typed:
    rows = lines(typed)
    place = int(argument) if argument.isdecimal() and len(argument) < 5 else -1
    if wanted == "add_line":
        return with_lines(typed, [*(rows or [{}]), {}][:MOST_LINES])
    if wanted == "copy_line" and 0 <= place < len(rows):
        return with_lines(typed, [*rows[: place + 1], *rows[place:]][:MOST_LINES])
    if wanted == "remove_line" and 0 <= place < len(rows):
        return with_lines(typed, [row for number, row in enumerate(rows) if number != place])
    return typed


def _said_by_others(page: Opened, typed: Mapping[str, str]) -> frozenset[str]:
    """With an order picked, what it says is shown, and changed there, not here."""
    if not typed.get("order_key"):
        return frozenset()
    said = {asked.name for asked in page.shape.part("order")}
    rows = {f"lines-{number}-{asked.name}" for number in range(len(lines(typed))) for asked in page.shape.line}
    return frozenset(said | rows)


def _choices(name: str) -> Sequence[tuple[str, str]]:
    """Return a code list as suggestions, shared by all lines of a form."""
    codes = code_list(name)
    return [(code, f"{code} {codes.label(code, language())}") for code in codes.codes]


def _products(typed: Mapping[str, str]) -> Mapping[str, object]:
    """Return the products that lines name, by number: the form shows how each will be declared."""
    numbers = [row["item_no"] for row in lines(typed) if row.get("item_no")]
    with hub().database.reading() as connection:
        found = products_of(connection, [current_enterprise_id()], numbers) if numbers else {}
    return {item_no: product for (_merchant, item_no), product in found.items()}
