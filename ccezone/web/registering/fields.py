"""The fields of an application as a form draws them; which they are for whom stands in ``enterprises.rules.applying``."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.enterprises.queries.nodes import NodeView
from ccezone.enterprises.rules.applying import LICENCE_KINDS, MODES, TENURES, Asked, Section, asked_of
from ccezone.kernel.errors import Fault
from ccezone.web.registering.words import FIELD_NAMES, MODE_NAMES, ROLE_NAMES, TENURE_NAMES, licence_name
from ccezone.web.shell.forms import Field, Kind
from ccezone.web.shell.i18n import language
from schemas.codes import code_list

KINDS: dict[str, Kind] = {
    "contact_mail": "email",
    "node": "select",
    "warehouse_tenure": "select",
    "area_m2": "decimal",
    "clients_scope": "textarea",
    "shops": "textarea",
}
HELP: dict[str, LazyString] = {
    "uscc": _l("18 位，见营业执照；输入后即时校验。"),
    "customs_code": _l("10 位，见海关报关单位备案证明。"),
    "dxp_id": _l("已开通电子口岸数据交换通道的企业填写；没有可留空。"),
    "name_en": _l("用于英文界面和证书。"),
    "contact_mail": _l("接收审核结果；通过后作为首位管理员的登录名。"),
    "legal_representative": _l("姓名仅供审核，加密保存。"),
    "settlement_bank": _l("个体工商户备案后凭证书到该银行开立外汇结算账户。"),
    "website": _l("以 https:// 或 http:// 开头。"),
    "broker_customs": _l("例如：赣州海关。"),
    "shops": _l("每行一个平台或店铺。"),
    "warehouse_country": _l("国别（地区）代码。"),
}
AUTOCOMPLETE = {"name": "organization", "contact_phone": "tel", "contact_mail": "email", "contact_name": "name"}
ROLES = Field("roles", _l("企业类型"), "checkboxes", required=True, options=tuple(ROLE_NAMES.items()))
_LICENCES = tuple((kind, LazyString(licence_name, kind)) for kind in code_list(LICENCE_KINDS).codes)
LICENCE_FIELDS = (
    Field("kind", _l("证照种类"), "select", required=True, options=_LICENCES),
    Field("number", _l("证照编号"), required=True, max_length=60),
    Field("issued_by", _l("发证机关"), max_length=100),
    Field("issued_on", _l("发证日期"), "date"),
    Field("expires_on", _l("到期日期"), "date", help=_l("长期有效的留空。")),
)


def fields_of(roles: Collection[str], section: Section, nodes: Sequence[NodeView], today: date) -> tuple[Field, ...]:
    """Return the fields a section asks of somebody with these roles; nodes open today can be chosen."""
    fields = [_field(asked, roles) for asked in asked_of(roles, section)]
    english = language() == "en"
    options = tuple(
        (node.code, node.name_en if english and node.name_en else node.name)
        for node in nodes
        if node.open_on(today) and node.kind != "overseas"
    )
    fields = [replace(field, options=options) if field.name == "node" else field for field in fields]
    return (ROLES, *fields) if section == Section.IDENTITY else tuple(fields)


def day_or_none(typed: str, pointer: str) -> date | None:
    """Read a day as browsers send it. Raises ``ValueError`` of the pointer for anything else."""
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise BadDay(Fault(pointer, "bad_day", {"value": typed})) from None


class BadDay(Exception):
    """A typed day is none; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def _field(asked: Asked, roles: Collection[str]) -> Field:
    name = asked.name
    return Field(
        name,
        FIELD_NAMES[name],
        "checkboxes" if asked.several else KINDS.get(name, "text"),
        required=asked.required(roles),
        max_length=None if asked.several or KINDS.get(name) == "select" else asked.most,
        codes="countries" if name == "warehouse_country" else "",
        options=_options(name),
        help=HELP.get(name),
        autocomplete=AUTOCOMPLETE.get(name, "off"),
    )


def _options(name: str) -> tuple[tuple[str, LazyString], ...]:
    if name == "trade_modes":
        return tuple((mode, MODE_NAMES[mode]) for mode in MODES)
    if name == "warehouse_tenure":
        return tuple((tenure, TENURE_NAMES[tenure]) for tenure in TENURES)
    return ()
