"""The product master of an enterprise: how each item of its shop is declared."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.queries import audit_of, credential, user
from ccezone.accounts.rules import Role
from ccezone.declarations.service import recheck_lists
from ccezone.enterprises import queries, service
from ccezone.enterprises.queries import Gap, ProductView
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection
from ccezone.web.firm.seen import demand_seen, version
from ccezone.web.hub import hub
from ccezone.web.public.tariff import elements_of
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, number, required_number, submitted, texts
from ccezone.web.shell.paging import PAGE, page, searched
from ccezone.web.shell.rendering import amount
from schemas.codes import HsEntry, hs_entry

blueprint = Blueprint("products", __name__, url_prefix="/firm/products")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.SPECIAL,
            _l("商品资料"),
            "products.listing",
            frozenset({Role.FIRM}),
            order=20,
            note=_l("维护商品编码、计量单位与申报品名"),
        ),
    ),
)
FIELDS = (
    Field("item_no", _l("企业商品货号"), required=True, max_length=20, help=_l("与订单中的货号一致；清单最多 20 个字符。")),
    Field("name", _l("企业商品名称"), required=True, max_length=250),
    Field("declared_name", _l("申报品名"), max_length=250, help=_l("留空时与企业商品名称相同。")),
    Field("hs_code", _l("商品编码"), required=True, max_length=60, help=_l("十位数字；也可输入品名，从下面的结果中选。")),
    Field("specification", _l("规格型号"), max_length=250, help=_l("填了下面的申报要素时可留空，由要素依次连成。")),
    Field("unit", _l("申报计量单位"), required=True, codes="units"),
    Field("unit1", _l("法定计量单位"), codes="units", help=_l("留空时按商品编码填入（2019 年税则）。")),
    Field("qty1_per_unit", _l("每申报单位的法定数量"), "decimal", required=True),
    Field("unit2", _l("第二法定计量单位"), codes="units"),
    Field("qty2_per_unit", _l("每申报单位的第二法定数量"), "decimal"),
    Field("net_weight", _l("每申报单位净重（千克）"), "decimal", required=True),
    Field("barcode", _l("条形码"), max_length=50, help=_l("没有时填“无”或留空。")),
    Field("origin_country", _l("原产国（地区）"), codes="countries"),
    Field("item_record_no", _l("账册备案料号"), max_length=30, help=_l("网购保税（1210）必填。")),
    Field("price_low", _l("参考价下限（元）"), "decimal"),
    Field("price_high", _l("参考价上限（元）"), "decimal"),
)
FEW = 4
GAPS: Mapping[str, LazyString] = {"": _l("全部"), "elements": _l("申报要素不全"), "record": _l("缺账册备案料号")}
MAY_LACK = frozenset({"GTIN", "CAS"})
"""Elements that name a product in a register, where it has a number there; it is complete without."""
ACTIONS: Mapping[str, LazyString] = {
    "product.add": _l("新增"),
    "product.change": _l("修改"),
    "product.remove": _l("删除"),
    "product.restore": _l("恢复"),
}
NUMBERS = frozenset(known.name for known in FIELDS if known.kind == "decimal")


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of a product: when, by whom, and which fields with what they said before and after."""

    at: datetime
    who: str
    action: LazyString | str
    fields: Sequence[tuple[LazyString | str, str]]


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List the enterprise's products by number."""
    text, after, gap = searched(), request.args.get("after", ""), request.args.get("gap", "")
    with hub().database.reading() as connection:
        missing = _gap(connection, gap)
        rows = queries.search_products(connection, current_enterprise_id(), text, after, PAGE + 1, missing)
    return render_template("firm/products.html", page=page(rows, lambda row: row.item_no), text=text, gap=gap, gaps=GAPS)


@blueprint.get("/new")
@firm_only
def blank() -> ResponseReturnValue:
    """Show an empty form, but for what the address already knows of the item (a list that lacks it links here)."""
    return _show(Form(FIELDS, {known.name: request.args.get(known.name, "")[:250] for known in FIELDS}), None)


@blueprint.get("/<uuid:product_id>")
@firm_only
def edit(product_id: UUID) -> ResponseReturnValue:
    """Show a product to change it."""
    known = _own(product_id)
    return _show(Form(FIELDS, _typed(known)), known)


@blueprint.post("/new")
@firm_only
def create() -> ResponseReturnValue:
    """Add a product; a number that is taken already is pointed out, not overwritten."""
    return _save(_submitted(), None)


@blueprint.post("/<uuid:product_id>")
@firm_only
def change(product_id: UUID) -> ResponseReturnValue:
    """Change a product; its number stays."""
    known = _own(product_id)
    return _save({**_submitted(), "item_no": known.item_no}, known)


@blueprint.post("/remove")
@firm_only
def remove() -> ResponseReturnValue:
    """Take products out of the master, with a way back on the next page."""
    numbers = request.form.getlist("item_no")
    with hub().database.begin() as uow:
        at = service.remove_products(uow, current_enterprise_id(), numbers, hub().clock, current_principal())
    if at is None:
        flash(_("请先勾选要删除的商品。"))
        return redirect(url_for("products.listing"))
    flash(
        _("商品 %(item)s 已删除。", item="、".join(numbers)) if len(numbers) < FEW else _("已删除 %(n)s 个商品。", n=len(numbers))
    )
    return redirect(url_for("products.listing", removed=at.isoformat()))


@blueprint.post("/restore")
@firm_only
def restore() -> ResponseReturnValue:
    """Put back what was taken out at one moment; lists that waited for it are checked again."""
    work = hub()
    try:
        moment = datetime.fromisoformat(request.form.get("removed", ""))
    except ValueError:
        abort(400)
    if moment.tzinfo is None:
        abort(400)
    with work.database.begin() as uow:
        number = service.restore_products(uow, current_enterprise_id(), moment, work.clock, current_principal())
        recheck_lists(uow, current_enterprise_id(), work.clock)
    flash(_("已恢复 %(number)s 个商品。", number=number))
    return redirect(url_for("products.listing"))


def _save(values: Values, known: ProductView | None) -> ResponseReturnValue:
    faults = faults_of_form(FIELDS, values)
    if not values["specification"]:
        faults.append(Fault("/specification", "required"))
    firm, work = current_enterprise_id(), hub()
    stands = known
    try:
        if faults:
            raise Refused(*faults)
        with work.database.begin() as uow:
            service.hold_products(uow, firm)
            stands = queries.product(uow.connection, firm, texts(values)["item_no"])
            if known is None and stands is not None:
                raise Refused(Fault("/item_no", "item_taken", {"value": stands.item_no}))
            demand_seen(stands)
            service.save_products(uow, firm, [entry_of(texts(values))], work.clock, current_principal())
            recheck_lists(uow, firm, work.clock)
    except Refused as refused:
        return _show(Form(FIELDS, values, refused.faults), known and stands, 422)
    flash(_("商品 %(item)s 已保存。", item=values["item_no"]))
    return redirect(url_for("products.listing"))


def _gap(connection: Connection, wanted: str) -> Gap | None:
    """What the list is narrowed to; how many elements a code asks for stands in the tariff."""
    if wanted == "record":
        return Gap(record_no=True)
    if wanted != "elements":
        return None
    entries = (hs_entry(code) for code in queries.hs_codes_of(connection, current_enterprise_id()))
    return Gap({entry.hs_code: sum(name not in MAY_LACK for name in entry.declaration_elements) for entry in entries if entry})


def entry_of(typed: Mapping[str, str]) -> service.ProductEntry:
    """Turn texts that ``faults_of_form`` found good into a product. Raises ``ValueError`` for a missing number."""
    return service.ProductEntry(
        item_no=typed["item_no"],
        name=typed["name"],
        declared_name=typed["declared_name"],
        hs_code=typed["hs_code"],
        specification=typed["specification"],
        unit=typed["unit"],
        unit1=typed["unit1"],
        unit2=typed["unit2"] or None,
        qty1_per_unit=required_number(typed["qty1_per_unit"]),
        qty2_per_unit=number(typed["qty2_per_unit"]),
        net_weight=required_number(typed["net_weight"]),
        barcode=typed["barcode"],
        origin_country=typed["origin_country"],
        item_record_no=typed["item_record_no"] or None,
        price_low=number(typed["price_low"]),
        price_high=number(typed["price_high"]),
    )


def _submitted() -> dict[str, str | Sequence[str]]:
    values = dict(submitted(FIELDS))
    values["specification"] = stated_elements(hs_entry(str(values["hs_code"]))) or values["specification"]
    return values


def stated_elements(entry: HsEntry | None) -> str:
    """Join the elements that were typed, in their official order; empty when none was."""
    if entry is None:
        return ""
    typed = [request.form.get(f"element-{at}", "").strip() for at in range(len(entry.declaration_elements))]
    return "|".join(typed) if any(typed) else ""


def _own(product_id: UUID) -> ProductView:
    with hub().database.reading() as connection:
        found = queries.product_by_id(connection, current_enterprise_id(), product_id)
    return found or abort(404)


def _typed(known: ProductView) -> dict[str, str]:
    return {
        name: ("" if value is None else amount(value).replace(",", "") if name in NUMBERS else str(value))
        for name, value in asdict(known).items()
    }


def _show(form: Form, known: ProductView | None, status: int = 200) -> ResponseReturnValue:
    entry = hs_entry(form.value("hs_code"))
    asked = elements_of(entry, form.value("specification"))
    unseen = any(fault.code == "changed_meanwhile" for fault in form.faults)
    body = render_template(
        "firm/product.html",
        form=form,
        product=known,
        hs=entry,
        entry=entry,
        elements=asked,
        version=version(known),
        stored=_typed(known) if known and unseen else None,
        history=_history(known) if known else [],
    )
    return body, status


def _history(known: ProductView) -> list[Entry]:
    """Who changed what of a product, the last first."""
    labels = {field.name: field.label for field in FIELDS}
    with hub().database.reading() as connection:
        found = audit_of(connection, queries.subject_of(known.id))
        names = {actor: _name(connection, actor) for actor in {entry.actor for entry in found}}
    return [
        Entry(
            entry.at,
            names[entry.actor],
            ACTIONS.get(entry.action, entry.action),
            [(labels.get(field, field), said) for field, said in sorted(entry.detail.items())],
        )
        for entry in found
    ]


def _name(connection: Connection, actor: str) -> str:
    kind, _colon, number = actor.partition(":")
    if kind == "user":
        person = user(connection, UUID(number))
        return person.name if person else ""
    if kind == "credential":
        token = credential(connection, current_enterprise_id(), UUID(number))
        return str(_("接口凭证 %(name)s", name=token.name if token else ""))
    return str(_("系统"))
