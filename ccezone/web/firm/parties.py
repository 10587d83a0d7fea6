"""The party book: platforms, carriers, payment firms, warehouses, buyers and consignees that a firm names again and again."""

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.enterprises.queries.party_book import PartyView, party_of, search_parties
from ccezone.enterprises.rules.party_book import PEOPLE, PERSONAL, PartyKind
from ccezone.enterprises.service.party_book import PartyEntry, remove_party, restore_party, save_party
from ccezone.kernel.errors import Refused
from ccezone.storage import Connection
from ccezone.storage.personal import PersonalVault
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Reveal
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, page, searched

KINDS: Mapping[str, LazyString] = {
    PartyKind.PLATFORM: _l("电商平台"),
    PartyKind.CARRIER: _l("物流企业"),
    PartyKind.PAYMENT: _l("支付企业"),
    PartyKind.WAREHOUSE: _l("海外仓"),
    PartyKind.BUYER: _l("买家"),
    PartyKind.CONSIGNEE: _l("收货人"),
}


def _personal(connection: Connection, vault: PersonalVault, principal: Principal, party_id: UUID, field: str) -> str | None:
    found = party_of(connection, vault, principal.enterprise_id, party_id) if principal.enterprise_id else None
    return str(getattr(found, field)) if found else None


blueprint = Blueprint("parties", __name__, url_prefix="/firm/parties")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.SPECIAL,
            _l("往来方"),
            "parties.listing",
            frozenset({Role.FIRM}),
            order=22,
            note=_l("常用平台、物流、支付企业与收货人，填报时选用"),
        ),
    ),
    reveals=(Reveal("party", frozenset(PERSONAL), _personal),),
)
FIELDS = (
    Field("kind", _l("类型"), "select", required=True, options=tuple(KINDS.items())),
    Field("short_name", _l("简称"), required=True, max_length=60, help=_l("便于查找；请不要写个人姓名全称。")),
    Field("name", _l("名称"), required=True, max_length=100, help=_l("报文中使用的企业名称或姓名。")),
    Field("code", _l("编码"), max_length=50, help=_l("海关注册编码、统一社会信用代码或海外仓编号；个人不填。")),
    Field("country", _l("国家（地区）"), codes="countries"),
    Field("telephone", _l("电话"), max_length=50),
    Field("id_number", _l("证件号码"), max_length=60, help=_l("仅买家需要。")),
    Field("address", _l("地址"), "textarea", max_length=200),
    Field("note", _l("备注"), max_length=200),
)


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List the firm's parties by kind and short name."""
    text, kind = searched(), request.args.get("kind", "")
    kinds = [kind] if kind in KINDS else []
    with hub().database.reading() as connection:
        rows = search_parties(
            connection, hub().vault, current_enterprise_id(), text, kinds, request.args.get("after", "")[:100], PAGE + 1
        )
    found = page(rows, lambda row: row.cursor)
    return render_template("firm/parties.html", page=found, text=text, kind=kind, kinds=KINDS, people=PEOPLE)


@blueprint.get("/new")
@firm_only
def blank() -> ResponseReturnValue:
    """Show an empty party."""
    return _show(Form(FIELDS, {"kind": request.args.get("kind", "")}), None)


@blueprint.get("/<uuid:party_id>")
@firm_only
def edit(party_id: UUID) -> ResponseReturnValue:
    """Show a party to change it; whoever may not see people's data sees its page without it."""
    known = _own(party_id)
    values = {name: str(value) for name, value in asdict(known).items()}
    if not _may_see(known):
        values |= dict.fromkeys(PERSONAL, "")
    return _show(Form(FIELDS, values), known)


@blueprint.post("/new")
@firm_only
def create() -> ResponseReturnValue:
    """Add a party."""
    return _save(None)


@blueprint.post("/<uuid:party_id>")
@firm_only
def change(party_id: UUID) -> ResponseReturnValue:
    """Change a party."""
    return _save(_own(party_id))


@blueprint.post("/<uuid:party_id>/remove")
@firm_only
def remove(party_id: UUID) -> ResponseReturnValue:
    """Take a party out, with a way back on the next page."""
    known = _own(party_id)
    with hub().database.begin() as uow:
        remove_party(uow, current_enterprise_id(), party_id, hub().clock)
    flash(_("往来方 %(name)s 已删除。", name=known.short_name))
    return redirect(url_for("parties.listing", removed=party_id))


@blueprint.post("/<uuid:party_id>/restore")
@firm_only
def restore(party_id: UUID) -> ResponseReturnValue:
    """Undo a removal."""
    with hub().database.begin() as uow:
        restore_party(uow, current_enterprise_id(), party_id)
    flash(_("已恢复。"))
    return redirect(url_for("parties.listing"))


def _save(known: PartyView | None) -> ResponseReturnValue:
    values = submitted(FIELDS)
    typed = texts(values)
    if known is not None and not _may_see(known):
        abort(403)
    try:
        if faults := faults_of_form(FIELDS, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            save_party(uow, hub().vault, current_enterprise_id(), PartyEntry(**typed), hub().clock, known.id if known else None)
    except Refused as refused:
        return _show(Form(FIELDS, values, refused.faults), known, 422)
    flash(_("往来方 %(name)s 已保存。", name=typed["short_name"]))
    return redirect(url_for("parties.listing"))


def _may_see(known: PartyView) -> bool:
    return known.kind not in PEOPLE or current_principal().may(Permission.PERSONAL_REVEAL)


def _own(party_id: UUID) -> PartyView:
    with hub().database.reading() as connection:
        found = party_of(connection, hub().vault, current_enterprise_id(), party_id)
    return found or abort(404)


def _show(form: Form, known: PartyView | None, status: int = 200) -> ResponseReturnValue:
    return render_template("firm/party.html", form=form, party=known), status
