"""What templates may use: amounts, Shanghai times, masks, code names, texts of faults, menu, language, zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import Flask, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.local import LocalProxy

from ccezone.accounts.rules import Principal, Role
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.demo_clock import DemoClock
from ccezone.kernel.errors import Fault
from ccezone.kernel.money import decimals_of, round_half_up
from ccezone.storage.personal import mask
from ccezone.web.hub import hub
from ccezone.web.shell.access import opens, principal_or_none
from ccezone.web.shell.acting import choices
from ccezone.web.shell.feature import Group, MenuEntry
from ccezone.web.shell.i18n import language
from ccezone.web.shell.laws import cited
from ccezone.web.zone import zone_name
from schemas.codes import code_list
from schemas.codes.problems import text

GROUPS: Mapping[Group, tuple[LazyString, LazyString]] = {
    Group.DATA: (_l("数据服务"), _l("三单数据申报、比对与查询")),
    Group.GOVERNMENT: (_l("政务服务"), _l("清单申报、通关状态与企业备案")),
    Group.SPECIAL: (_l("特色服务"), _l("数据标准、商品资料与帮助")),
    Group.PARTNER: (_l("合作机构服务"), _l("银行、税务、查验部门依授权或职责查询和办理")),
}
ROLES: Mapping[Role, LazyString] = {
    Role.FIRM: _l("企业用户"),
    Role.ZONE_OFFICER: _l("综试区管理人员"),
    Role.AUDITOR: _l("审计人员"),
    Role.ADMIN: _l("系统管理员"),
    Role.SECURITY_ADMIN: _l("安全管理员"),
    Role.AUDIT_ADMIN: _l("审计管理员"),
    Role.BANK: _l("银行人员"),
    Role.TAX_OFFICER: _l("税务人员"),
    Role.AGENCY: _l("查验部门人员"),
    Role.UNASSIGNED: _l("未授权"),
}


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """A service group with the entries one reader sees."""

    group: Group
    label: LazyString
    note: LazyString
    entries: list[MenuEntry]


def install(app: Flask) -> None:
    """Give templates their filters and globals."""
    app.jinja_env.filters.update(
        yes_no=yes_no, money=money, amount=amount, moment=moment, day=day, mask=mask, code_name=code_name, problem=problem, law=law
    )
    app.jinja_env.globals.update(language=language, role_names=ROLES, another_page=another_page)
    app.jinja_env.globals["acting_choices"] = lambda: choices(principal_or_none())
    app.jinja_env.globals["may_open"] = may_open
    app.jinja_env.globals["principal"] = LocalProxy(principal_or_none)  # imported macros see globals only
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def surroundings() -> dict[str, object]:
        principal = principal_or_none()
        spoken = language()
        zone = zone_name(hub().settings.zone)
        return {
            "principal": principal,
            "menu": menu(principal),
            "zone_name": zone.full(spoken),
            "zone_short": zone.short(spoken),
            "demo_stands_at": demo_stands_at(),
        }


def menu(principal: Principal | None, *, everything: bool = False) -> list[MenuGroup]:
    """Return the three service groups with the pages this person may open (``everything``: all of them)."""
    entries = sorted((entry for feature in hub().features for entry in feature.menu), key=lambda entry: entry.order)
    seen = [entry for entry in entries if (everything and entry.group is not Group.PARTNER) or _seen_by(entry, principal)]
    groups = (MenuGroup(group, *words, [entry for entry in seen if entry.group is group]) for group, words in GROUPS.items())
    return [group for group in groups if group.entries]


def money(value: Decimal | None, currency: str = "", *, reckoned: bool = False) -> str:
    """Write an amount with separators and at least two decimals, and its currency (code ``142`` is the yuan).

    What was stated is shown as exactly as it is; what was ``reckoned`` into its currency is rounded half up to that one's decimals.
    """
    if value is None:
        return "—"
    least = decimals_of(currency) if reckoned else 2
    shown = _grouped(round_half_up(value, Decimal(1).scaleb(-least)) if reckoned else value, least)
    return f"{shown} {code_name(currency, 'currencies', bare=True)}" if currency else shown


def amount(value: Decimal | int | None) -> str:
    """Write a quantity with separators, without trailing noughts."""
    return "—" if value is None else _grouped(Decimal(value), least=0)


def moment(value: datetime | None) -> str:
    """Write a time in Asia/Shanghai, to the second."""
    return "—" if value is None else f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def day(value: datetime | None) -> str:
    """Write the day of a time in Asia/Shanghai."""
    return "—" if value is None else f"{value.astimezone(SHANGHAI):%Y-%m-%d}"


def code_name(code: str | None, list_name: str, *, bare: bool = False) -> str:
    """Write a code with its name in the reader's language (``bare``: the name alone); an unknown code stands alone."""
    if not code:
        return "—"
    name = code_list(list_name).label(code, language())
    return name if bare or name == code else f"{code} {name}"


def problem(fault: Fault) -> tuple[str, str]:
    """Return message and remedy of a fault in the reader's language."""
    return text(fault, language())


def law(source: str) -> str:
    """Cite a legal source in the reader's language."""
    return cited(source, language())


def another_page(**changes: str | None) -> str:
    """Return the address of this page with other query values."""
    values = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in values.items() if value}
    return url_for(request.endpoint or "home.public", **{**(request.view_args or {}), **kept})


def demo_stands_at() -> datetime | None:
    """Return where the demo's clock stands while its month is loaded, ``None`` otherwise."""
    clock = hub().traffic
    return clock.standing_at if isinstance(clock, DemoClock) else None


def may_open(endpoint: str) -> bool:
    """Say whether the reader may open a page, so that none is offered that would be refused."""
    principal = principal_or_none()
    return principal is not None and opens(principal, endpoint)


def yes_no(value: bool) -> str:
    """Write a yes or no."""
    return str(gettext("是") if value else gettext("否"))


def _seen_by(entry: MenuEntry, principal: Principal | None) -> bool:
    if entry.roles and (principal is None or principal.role not in entry.roles):
        return False
    return principal is None or opens(principal, entry.endpoint)


def _grouped(value: Decimal, least: int) -> str:
    whole, _, decimals = f"{value:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}" + (f".{decimals}" if decimals else "")
