"""The product master of an enterprise: how each item of its shop is declared."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.declarations.service import recheck_lists
from ccezone.enterprises import queries, service
from ccezone.enterprises.queries import ProductView
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.hub import hub
from ccezone.web.public.tariff import elements_of
from ccezone.web.shell.access import current_enterprise_id, firm_only
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
NUMBERS = frozenset(known.name for known in FIELDS if known.kind == "decimal")


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List the enterprise's products by number."""
    text, after = searched(), request.args.get("after", "")
    with hub().database.reading() as connection:
        rows = queries.search_products(connection, current_enterprise_id(), text, after, PAGE + 1)
    return render_template("firm/products.html", page=page(rows, lambda row: row.item_no), text=text)


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
    values = _submitted()
    with hub().database.reading() as connection:
        taken = queries.product(connection, current_enterprise_id(), texts(values)["item_no"])
    known = [Fault("/item_no", "item_taken", {"value": taken.item_no})] if taken else []
    return _save(values, None, known)


@blueprint.post("/<uuid:product_id>")
@firm_only
def change(product_id: UUID) -> ResponseReturnValue:
    """Change a product; its number stays."""
    known = _own(product_id)
    return _save({**_submitted(), "item_no": known.item_no}, known, [])


@blueprint.post("/<uuid:product_id>/remove")
@firm_only
def remove(product_id: UUID) -> ResponseReturnValue:
    """Take a product out of the master."""
    known = _own(product_id)
    with hub().database.begin() as uow:
        service.remove_product(uow, known.enterprise_id, known.item_no)
    flash(_("商品 %(item)s 已删除。", item=known.item_no))
    return redirect(url_for("products.listing"))


def _save(values: Values, known: ProductView | None, faults: list[Fault]) -> ResponseReturnValue:
    faults = [*faults, *faults_of_form(FIELDS, values)]
    if not values["specification"]:
        faults.append(Fault("/specification", "required"))
    try:
        if faults:
            raise Refused(*faults)
        with hub().database.begin() as uow:
            service.save_products(uow, current_enterprise_id(), [entry_of(texts(values))], hub().clock)
            recheck_lists(uow, current_enterprise_id(), hub().clock)
    except Refused as refused:
        return _show(Form(FIELDS, values, refused.faults), known, 422)
    flash(_("商品 %(item)s 已保存。", item=values["item_no"]))
    return redirect(url_for("products.listing"))


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
    """Fill the legal units in from the tariff where they were left empty."""
    values = dict(submitted(FIELDS))
    entry = hs_entry(str(values["hs_code"]))
    values["specification"] = stated_elements(entry) or values["specification"]
    if entry and not values["unit1"]:
        values["unit1"] = entry.unit1
        if values["qty2_per_unit"] and not values["unit2"]:
            values["unit2"] = entry.unit2
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
    return render_template("firm/product.html", form=form, product=known, hs=entry, entry=entry, elements=asked), status
