"""Changing a list that is there: before it is sent freely, afterwards as customs allows, as a change with its own receipts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.declarations.queries import ListDetail
from ccezone.declarations.rules.modes import MODE
from ccezone.declarations.rules.wishes import Wish
from ccezone.declarations.service import change_list
from ccezone.declarations.service.forming import DECLARATION
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.firm.declarations.viewing import is_mine, own_list
from ccezone.web.firm.declaring.documents import placed
from ccezone.web.firm.declaring.opening import declarant
from ccezone.web.firm.declaring.prefill import said
from ccezone.web.firm.declaring.shape import Asked, Shape, shape_of
from ccezone.web.firm.declaring.starting import blueprint
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.forms import Field, Form
from ccezone.web.shell.i18n import language


@dataclass(frozen=True, slots=True)
class _Changing:
    """A list, what may be stated of it, and what stands there now by the names of the form."""

    found: ListDetail
    shape: Shape
    standing: Mapping[str, str]

    @property
    def lines(self) -> Sequence[tuple[int, str]]:
        """The lines: their number in the list, and what they are."""
        return [(int(line["line_no"]), line.get("goods_name", "")) for line in self.found.lines]


@blueprint.get("/change/<int:declaration_id>")
@firm_only
def ask_change(declaration_id: int) -> ResponseReturnValue:
    """Show what a list says, to be changed, or say why it cannot be changed now."""
    changing = _opened(declaration_id)
    return _show(changing, changing.standing)


@blueprint.post("/change/<int:declaration_id>")
@firm_only
def change(declaration_id: int) -> ResponseReturnValue:
    """Change the list; what was filed is changed at customs."""
    changing, table = _opened(declaration_id), hub().forms
    typed = {name: request.form.get(name, "").strip() for name in changing.standing}
    if table is None:
        abort(503)
    try:
        sent = change_list(table, declaration_id, current_enterprise_id(), _wish(changing, typed), current_principal().actor)
    except Refused as refused:
        faults = [placed(changing.shape, DECLARATION, fault) for fault in refused.faults]
        return _show(changing, typed, faults, 422)
    flash(_("变更已提交，结果会显示在通关进度中。") if sent else _("已按您的更改重新生成清单，请稍后刷新查看。"))
    return redirect(url_for("declarations.detail", declaration_id=declaration_id))


def _opened(declaration_id: int) -> _Changing:
    declarant()
    found = own_list(declaration_id)
    if (found.row.trade_mode, found.row.flow) not in MODE:
        abort(404)
    if not is_mine(found):
        abort(403)
    shape = shape_of(found.row.trade_mode, found.row.flow)
    standing = {asked.name: said(found.head, asked) for asked in shape.part("list")}
    for number, line in enumerate(found.lines):
        standing |= {f"lines-{number}-{asked.name}": line.get(asked.attribute, "") for asked in shape.stated}
    return _Changing(found, shape, standing)


def _wish(changing: _Changing, typed: Mapping[str, str]) -> Wish:
    """Return what was changed: the rest stays as bills, products and defaults have it."""
    changed = {name: value for name, value in typed.items() if value != changing.standing[name]}
    head = {asked.attribute: changed[asked.name] for asked in changing.shape.part("list") if asked.name in changed}
    path = head.pop("declaration_path", "")
    rows: dict[int, dict[str, str]] = {}
    for place, (number, _name) in enumerate(changing.lines):
        row = {
            asked.attribute: changed[name] for asked in changing.shape.stated if (name := f"lines-{place}-{asked.name}") in changed
        }
        if row:
            rows[number] = row
    return Wish(path=path, head=head, lines=rows)


def _show(changing: _Changing, typed: Mapping[str, str], faults: Sequence[Fault] = (), status: int = 200) -> ResponseReturnValue:
    found, spoken = changing.found, language()

    def drawn(asked: Asked, prefix: str = "") -> Field:
        return asked.field(spoken, prefix)

    head = [drawn(asked) for asked in changing.shape.part("list")]
    rows = [[drawn(asked, f"lines-{place}-") for asked in changing.shape.stated] for place in range(len(found.lines))]
    refused = None if found.change.allowed else Fault("", found.change.reason, {"state": found.row.state})
    content = render_template(
        "declaring/change.html",
        list=found,
        form=Form([*head, *(field for row in rows for field in row)], typed, faults),
        head=head,
        rows=list(zip(changing.lines, rows, strict=True)),
        refused=refused,
    )
    return content, status
