"""Words of credit for pages of the office, of firms, and for everybody."""

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.credit.queries import EvidenceView
from ccezone.credit.rules.listing import Step
from ccezone.credit.rules.persons import PersonViewer
from ccezone.credit.rules.recognition import Scheme
from ccezone.credit.rules.scoring import INSIDE, Factor, Source
from ccezone.web.shell.rendering import code_name

TONES: Mapping[str, str] = {"AAA": "good", "AA": "good", "A": "info", "BBB": "warn", "BB": "bad", "listed": "bad", "red": "good"}
STATE_TONES: Mapping[str, str] = {"noticed": "warn", "appealed": "warn", "listed": "bad", "repairing": "warn"}
STEPS: Mapping[str, LazyString] = {
    "open": _l("发起"),
    Step.APPEAL: _l("申辩"),
    Step.DROP: _l("不予列入"),
    Step.CONFIRM: _l("决定列入"),
    Step.REPAIR: _l("申请信用修复"),
    Step.REFUSE_REPAIR: _l("不同意修复"),
    Step.END: _l("移出名单"),
}
VIEWS: Mapping[str, LazyString] = {
    "record": _l("信用记录"),
    "identity": _l("身份查询"),
    "goods": _l("商品查询"),
    "trade": _l("运输与贸易查询"),
}
VIEWERS: Mapping[str, LazyString] = {"public": _l("公众"), "agency": _l("管理部门"), "self": _l("本企业")}
SOURCES: Mapping[str, LazyString] = {
    Source.CUSTOMS.value: _l("海关部门"),
    Source.TAX.value: _l("税务部门"),
    Source.FX.value: _l("外汇管理部门"),
    Source.MARKET.value: _l("市场监管部门"),
}
SCHEMES: Mapping[str, LazyString] = {
    Scheme.ZONE.value: _l("其他综试区"),
    Scheme.AUTHORITY.value: _l("主管部门"),
    Scheme.RATER.value: _l("第三方机构"),
}
PERSON_VIEWERS: Mapping[str, LazyString] = {
    PersonViewer.OFFICE.value: _l("办公室因办事查询"),
    PersonViewer.SELF.value: _l("本人到场查询（已核验身份证件）"),
}
CHANNELS: Mapping[str, LazyString] = {"page": _l("查询页面"), "office": _l("管理端"), "api": _l("接口")}
BLOCKS: Mapping[str, LazyString] = {"negative_list": _l("已列入负面清单"), "grade": _l("信用等级措施")}
_INSIDE = frozenset(factor.value for factor in INSIDE)


def standing(code: str | None) -> str:
    """Name a standing."""
    return code_name(code or "none", "credit_standings", bare=True)


def factor(code: str) -> str:
    """Name a factor."""
    return code_name(code, "credit_factors", bare=True)


def value(of_factor: str, stated: str) -> str:
    """Write what evidence says: a class by its name, a share as a percentage."""
    if of_factor in _INSIDE:
        return f"{Decimal(stated) * 100:.2f}".rstrip("0").rstrip(".") + "%"
    return code_name(stated, "customs_credit_classes", bare=True) if of_factor == Factor.CUSTOMS_CLASS else stated


def counted(piece: EvidenceView) -> str:
    """Write the counts behind a share."""
    if "total" not in piece.detail:
        return ""
    count, total, since = (piece.detail[name] for name in ("count", "total", "since"))
    return str(_("%(count)s / %(total)s，自 %(since)s 起", count=count, total=total, since=since))


def share(number: Decimal) -> str:
    """Write a share as a percentage."""
    return f"{(number * 100).normalize():f}%"


def issuer(name: str) -> str:
    """Name who states evidence."""
    return str({"platform": _("本平台"), "inspection": _("联合查验")}.get(name, name))
