"""The words that pages about the audit trail use: what an action is called, who acted, what is wrong with an entry."""

from collections.abc import Mapping, Sequence
from functools import cache
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.queries import names_of
from ccezone.accounts.queries.audit import AuditView
from ccezone.accounts.rules.chaining import Damage
from ccezone.enterprises.queries import directory
from ccezone.storage import Connection
from ccezone.web.shell.i18n import language
from schemas.codes import Row, rows

KINDS: Mapping[str, LazyString] = {
    "saw": _l("查看"),
    "changed": _l("办理与修改"),
    "entered": _l("登录与密码"),
    "granted": _l("用户与权限"),
}
DAMAGES: Mapping[Damage, LazyString] = {
    Damage.ALTERED: _l("内容已被篡改"),
    Damage.REMOVED: _l("记录已被删除"),
    Damage.FORGED: _l("与前后记录或以往校验不符"),
}
_ANY = ".*"


@cache
def _actions() -> Mapping[str, Row]:
    return {row["code"]: row for row in rows("audit_actions")}


def action_row(action: str) -> Row | None:
    """Return what is known of an action: itself, or the family (``application.*``, ``*.download``) it belongs to."""
    known = _actions()
    family, ending = action.partition(".")[0] + _ANY, "*." + action.rpartition(".")[2]
    return known.get(action) or known.get(family) or known.get(ending)


def action_label(action: str) -> str:
    """Name an action in the reader's language; one that is not known stands for itself."""
    known = action_row(action)
    return action if known is None else known["label_zh"] if language() == "zh" else known["label_en"]


def kind_of(action: str) -> str:
    """Return the kind of an action; what is not known is a change."""
    known = action_row(action)
    return "changed" if known is None else known["kind"]


def actions_of(kind: str) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Return the actions of a kind, the beginnings of its families, and the actions that begin so and are of another kind."""
    own = [code for code, row in _actions().items() if row["kind"] == kind]
    families = [code.removesuffix("*") for code in own if code.endswith(_ANY)]
    others = [code for code, row in _actions().items() if row["kind"] != kind]
    return [code for code in own if "*" not in code], families, others


def actors(connection: Connection, found: Sequence[AuditView]) -> Mapping[str, str]:
    """Name everybody who acted in these entries, and every user and enterprise they are about."""
    mentioned = {text for row in found for text in (row.actor, row.subject)}
    ids = {text: number for text in mentioned if (number := _id(text)) is not None}
    names = names_of(connection, list(ids.values()))
    firms = directory(connection).by_id
    named = {"system": _("系统")}
    for text, number in ids.items():
        if number in names:
            named[text] = names[number]
        elif number in firms:
            named[text] = firms[number].name
    return named


def _id(text: str) -> UUID | None:
    try:
        return UUID(text.partition(":")[2])
    except ValueError:
        return None
