"""Products by the sheet: a template to fill, all products to download, upload, and the rows that go back to be mended."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.background.queries import jobs_of
from ccezone.enterprises.queries import search_products
from ccezone.enterprises.service.product_sheets import JOB, MOST_ROWS, SheetUpload, upload_products
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.firm.progress import file_made, own_job, shown
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page
from schemas.derive.workbook import PRODUCTS, template_of

blueprint = Blueprint("product_sheets", __name__, url_prefix="/firm/products/sheets")
FEATURE = Feature(blueprint)
EXAMPLE: Mapping[str, str] = {
    "name": "实木床",
    "declared_name": "",
    "hs_code": "9403509990",
    "specification": "无品牌|不适用|橡木|是|无|180*200cm||",
    "unit": "011",
    "unit1": "011",
    "unit2": "035",
    "qty1_per_unit": "1",
    "qty2_per_unit": "9.5",
    "net_weight": "9.5",
    "item_record_no": "",
}
"""The example row of the template: a product as one is filled in."""


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """Offer the template, the download and the upload form; list what was uploaded, the last first."""
    return _listing()


@blueprint.get("/template")
@firm_only
def blank() -> ResponseReturnValue:
    """Hand out the template."""
    content = template_of(PRODUCTS, language(), EXAMPLE)
    return attachment(content, f"{PRODUCTS.label(language())}-{_('模板')}.xlsx", XLSX)


@blueprint.get("/export")
@firm_only
def export() -> ResponseReturnValue:
    """Hand out all products as the sheet they are uploaded by."""
    with hub().database.reading() as connection:
        found = search_products(connection, current_enterprise_id(), limit=None)
    rows = [{name: _cell(value) for name, value in asdict(row).items()} for row in found]
    return attachment(template_of(PRODUCTS, language(), rows=rows), f"{PRODUCTS.label(language())}.xlsx", XLSX)


@blueprint.post("")
@firm_only
def upload() -> ResponseReturnValue:
    """Keep a sheet and have it taken in; its page shows what becomes of it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _listing(Fault("/file", "required"))
    given = SheetUpload(current_enterprise_id(), current_principal().user_id, file.filename, file.read(), language())
    try:
        with hub().database.begin() as uow:
            job_id = upload_products(uow, hub().vault, hub().clock, given)
    except Refused as refused:
        return _listing(refused.faults[0])
    return redirect(url_for("product_sheets.detail", job_id=job_id), 303)


@blueprint.get("/<uuid:job_id>")
@firm_only
def detail(job_id: UUID) -> ResponseReturnValue:
    """Show what became of a sheet; to htmx only the part that changes."""
    with hub().database.reading() as connection:
        known = own_job(connection, job_id, JOB)
    return shown(known, "firm/product_sheet.html", "firm/product_sheet_progress.html")


@blueprint.get("/<uuid:job_id>/result")
@firm_only
def result(job_id: UUID) -> ResponseReturnValue:
    """Hand out the rows that go back."""
    with hub().database.reading() as connection:
        return file_made(connection, own_job(connection, job_id, JOB))


def _listing(fault: Fault | None = None) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        rows = jobs_of(connection, current_enterprise_id(), [JOB], after_id(), PAGE + 1)
    listed = page(rows, lambda row: row.id)
    return render_template("firm/product_sheets.html", page=listed, fault=fault, most=MOST_ROWS), 422 if fault else 200


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
