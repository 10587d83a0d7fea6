"""How registration is spoken of: roles, fields, states, findings (GB 32100-2015; GACC 2018 No. 194)."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.enterprises.rules import Role, Status
from ccezone.enterprises.rules.applying import LICENCE_KINDS, ApplicationState, Section
from ccezone.enterprises.rules.checking import Finding
from ccezone.web.shell.i18n import language
from schemas.codes import code_list

ROLE_NAMES: dict[str, LazyString] = {
    Role.MERCHANT: _l("电商企业"),
    Role.PLATFORM: _l("电商平台"),
    Role.PAYMENT: _l("支付企业"),
    Role.CARRIER: _l("物流企业"),
    Role.EXPRESS: _l("受委托快件／邮政企业"),
    Role.AGENT: _l("报关企业"),
    Role.FOREIGN_TRADE_SERVICE: _l("外贸综合服务企业"),
    Role.TRADER: _l("个体工商户"),
    Role.BONDED: _l("区内企业"),
    Role.SITE: _l("监管场所经营人"),
    Role.PARK: _l("园区运营单位"),
    Role.OVERSEAS_WAREHOUSE: _l("海外仓经营企业"),
    Role.BANK: _l("银行"),
    Role.RATING: _l("信用评级机构"),
    Role.INSPECTION: _l("检验检测机构"),
}
ROLE_NOTES: dict[str, LazyString] = {
    Role.MERCHANT: _l("以自己的名义在网上销售进出口商品"),
    Role.PLATFORM: _l("为买卖双方提供网页空间、交易规则和信息服务"),
    Role.PAYMENT: _l("银行或持牌支付机构，提供跨境支付服务"),
    Role.CARRIER: _l("承运跨境包裹，传输运单"),
    Role.EXPRESS: _l("受委托传输订单、支付单的快件运营人或邮政企业"),
    Role.AGENT: _l("受企业委托办理清单申报"),
    Role.FOREIGN_TRADE_SERVICE: _l("为中小企业代办报关、退税、收汇"),
    Role.TRADER: _l("已办理市场主体登记的个人，备案后可开立外汇结算账户"),
    Role.BONDED: _l("在综合保税区内经营网购保税货物"),
    Role.SITE: _l("经营海关监管作业场所"),
    Role.PARK: _l("运营跨境电商产业园区"),
    Role.OVERSEAS_WAREHOUSE: _l("在境外自营、租用或合作经营仓库"),
    Role.BANK: _l("办理收结汇和融资业务"),
    Role.RATING: _l("出具信用评价"),
    Role.INSPECTION: _l("出具检验检测报告"),
}
STATUS_NAMES: dict[str, LazyString] = {
    Status.APPLIED: _l("待审核"),
    Status.ACTIVE: _l("正常"),
    Status.SUSPENDED: _l("已暂停"),
}
STATE_NAMES: dict[str, LazyString] = {
    ApplicationState.DRAFT: _l("填写中"),
    ApplicationState.SUBMITTED: _l("待审核"),
    ApplicationState.RETURNED: _l("退回补正"),
    ApplicationState.APPROVED: _l("已通过"),
    ApplicationState.REFUSED: _l("未通过"),
    ApplicationState.WITHDRAWN: _l("已撤回"),
}
STATE_TONES: Mapping[str, str] = {
    ApplicationState.DRAFT: "neutral",
    ApplicationState.SUBMITTED: "info",
    ApplicationState.RETURNED: "warn",
    ApplicationState.APPROVED: "good",
    ApplicationState.REFUSED: "bad",
    ApplicationState.WITHDRAWN: "neutral",
}
KIND_NAMES: dict[str, LazyString] = {"registration": _l("新备案"), "amendment": _l("变更")}
SECTION_NAMES: dict[str, LazyString] = {
    Section.IDENTITY: _l("企业身份"),
    Section.CONTACT: _l("法定代表人与联系人"),
    Section.BUSINESS: _l("业务情况"),
    Section.LICENCES: _l("证照"),
    Section.FILES: _l("其他附件"),
}
STEP_NAMES: dict[str, LazyString] = {
    "started": _l("开始变更"),
    "submitted": _l("提交申请"),
    "resubmitted": _l("补正后重新提交"),
    "returned": _l("退回补正"),
    "approved": _l("审核通过"),
    "refused": _l("审核不通过"),
    "withdrawn": _l("申请人撤回"),
}
FIELD_NAMES: dict[str, LazyString] = {
    "roles": _l("企业类型"),
    "uscc": _l("统一社会信用代码"),
    "name": _l("企业名称"),
    "name_en": _l("英文名称"),
    "customs_code": _l("海关注册编码"),
    "dxp_id": _l("报文传输编号（DXPID）"),
    "node": _l("所属节点"),
    "registered_address": _l("注册地址"),
    "legal_representative": _l("法定代表人"),
    "contact_name": _l("联系人"),
    "contact_phone": _l("联系电话"),
    "contact_mail": _l("联系邮箱"),
    "trade_modes": _l("拟开展的业务模式"),
    "goods_categories": _l("主要商品品类"),
    "shops": _l("网店或销售平台"),
    "settlement_bank": _l("外汇结算账户拟开户银行"),
    "website": _l("网站地址"),
    "icp_no": _l("网站备案号（ICP）"),
    "payment_scope": _l("支付业务范围"),
    "transport_scope": _l("承运方式与线路"),
    "broker_customs": _l("主要申报口岸"),
    "clients_scope": _l("代办服务内容"),
    "bonded_area": _l("所在特殊区域"),
    "ems_no": _l("电商账册编号"),
    "bank_code": _l("金融机构编码"),
    "rating_scope": _l("评级业务范围"),
    "inspection_scope": _l("检验检测范围"),
    "site_address": _l("经营场所地址"),
    "site_code": _l("监管作业场所编码"),
    "area_m2": _l("面积（平方米）"),
    "warehouse_country": _l("海外仓所在国（地区）"),
    "warehouse_address": _l("海外仓地址"),
    "warehouse_tenure": _l("海外仓使用方式"),
    "licences": _l("证照"),
    "files": _l("其他附件"),
}
TENURE_NAMES: dict[str, LazyString] = {"owned": _l("自有"), "leased": _l("租用"), "partner": _l("合作")}
MODE_NAMES: dict[str, LazyString] = {
    "9610": _l("9610 直邮"),
    "1210": _l("1210 保税"),
    "9710": _l("9710 B2B 直接出口"),
    "9810": _l("9810 出口海外仓"),
}
AUTHORITY_NAMES: dict[str, LazyString] = {
    "1": _l("机构编制部门"),
    "5": _l("民政部门"),
    "9": _l("市场监督管理（工商）部门"),
    "Y": _l("其他登记管理部门"),
}
HOLDER_NAMES: dict[str, LazyString] = {
    "11": _l("机关"),
    "12": _l("事业单位"),
    "51": _l("社会团体"),
    "52": _l("民办非企业单位"),
    "53": _l("基金会"),
    "91": _l("企业"),
    "92": _l("个体工商户"),
    "93": _l("农民专业合作社"),
}
FINDINGS: dict[str, LazyString] = {
    "uscc_wrong": _l("代码有误：%(reason)s"),
    "uscc_right": _l("校验码正确"),
    "uscc_authority": _l("登记管理部门：%(authority)s；机构类别：%(kind)s"),
    "uscc_place": _l("登记机关所在地：%(place)s（%(code)s）"),
    "uscc_elsewhere": _l("登记机关不在本区（本区代码以 %(prefix)s 开头）"),
    "uscc_registered": _l("该代码已备案：%(name)s"),
    "applied_twice": _l("同一代码另有申请在办：%(reference)s"),
    "not_a_trader_code": _l("申请为个体工商户，但代码不是个体工商户（92 开头）"),
    "trader_code": _l("代码为个体工商户（92 开头），但未选择个体工商户"),
    "customs_code_wrong": _l("海关注册编码有误：%(reason)s"),
    "customs_code_registered": _l("该海关注册编码已备案：%(name)s"),
    "same_place": _l("注册地与统一社会信用代码一致（%(customs)s）"),
    "other_place": _l("注册地（%(customs)s）与统一社会信用代码（%(uscc)s）不一致"),
    "same_name": _l("同名企业已备案：%(uscc)s"),
    "licence_number_agrees": _l("营业执照号与统一社会信用代码一致"),
    "licence_number_differs": _l("营业执照号 %(number)s 与统一社会信用代码不一致"),
    "licence_has_expired": _l("%(kind)s已于 %(day)s 到期"),
    "licence_expires_soon": _l("%(kind)s将于 %(day)s 到期"),
    "licence_missing": _l("缺少%(kind)s"),
    "login_taken": _l("联系邮箱已是平台用户的登录名，批准时无法邀请"),
}


def licence_name(kind: str) -> str:
    """Name a kind of licence in the reader's language."""
    return code_list(LICENCE_KINDS).label(kind, language())


def finding_words(found: Finding) -> str:
    """Say a finding in the reader's language, codes named."""
    params = dict(found.params)
    if "zh" in params:
        params["reason"] = params[language()]
    if found.code == "uscc_authority":
        unnamed = _("未收录的代码")
        params["kind"] = f"{params['kind'][1:]} {HOLDER_NAMES.get(params['kind'], unnamed)}"
        params["authority"] = f"{params['authority']} {AUTHORITY_NAMES.get(params['authority'], unnamed)}"
    elif found.code == "uscc_place":
        params["place"] = params["place"] or _("未收录的行政区划")
    elif "kind" in params:
        params["kind"] = licence_name(params["kind"])
    return str(FINDINGS[found.code]) % params


def value_words(field: str, value: str) -> str:
    """Say one value of a field: codes by name, a licence or file as a line of words."""
    names: Mapping[str, Mapping[str, LazyString]] = {
        "roles": ROLE_NAMES,
        "trade_modes": MODE_NAMES,
        "warehouse_tenure": TENURE_NAMES,
    }
    if field == "licences":
        kind, number, issuer, issued, expires = [*value.split("|"), "", "", "", ""][:5]
        days = f"{issued or '…'} — {expires or _('长期')}"
        return " ".join(part for part in (licence_name(kind), number, issuer, days) if part)
    if field == "files":
        return value.partition("|")[2]
    return str(names.get(field, {}).get(value, value))
