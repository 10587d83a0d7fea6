"""``/api/v1/declaration-defaults``: what all lists of one mode and direction have in common."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Response

from ccezone.accounts.rules import Permission
from ccezone.api.editable import demand_match, tagged
from ccezone.api.operations import Example, Resource
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.declarations.service import recheck_lists
from ccezone.enterprises.queries import DefaultsView, defaults_of
from ccezone.enterprises.service import DefaultsEntry, hold_defaults, save_defaults
from ccezone.kernel.errors import Fault
from ccezone.storage import Connection
from schemas.rest.master_data import Defaults, DefaultsBody, DefaultsList
from schemas.rest.words import Words

RESOURCE = Resource("申报默认值", "Declaration defaults")
_MODE = {
    "trade_mode": {"description": Words("监管方式", "Supervision mode"), "examples": {"mode": {"value": "9610"}}},
    "flow": {"description": Words("进出口", "Direction"), "examples": {"flow": {"value": "E"}}},
}
_PATH = "/declaration-defaults/<string(maxlength=4):trade_mode>/<any(E, I):flow>"
_EXPORT = {
    "customs_code": "4003", "port_code": "4003", "agent_code": "3607986DYE", "agent_name": "申报代理企业",
    "transport_mode": "4", "owner_code": "NO", "owner_name": "生产企业", "pod": "502", "wrap_type": "2",
}  # fmt: skip


@RESOURCE.get(
    "/declaration-defaults",
    "listDefaults",
    Words("申报默认值列表", "List declaration defaults"),
    permission=Permission.PRODUCTS_READ,
    answer=DefaultsList,
)
def get_all(by: Caller) -> dict[str, object]:
    """All defaults of the caller."""
    with services().database.reading() as connection:
        found = defaults_of(connection, [by.enterprise.id])
    return {"defaults": [asdict(each) for _, each in sorted(found.items())]}


@RESOURCE.get(
    _PATH,
    "getDefaults",
    Words("申报默认值", "Declaration defaults"),
    permission=Permission.PRODUCTS_READ,
    answer=Defaults,
    parameters=_MODE,
    etag=True,
)
def get_defaults(by: Caller, trade_mode: str, flow: str) -> Response:
    """The defaults of one mode and direction, with their ETag."""
    with services().database.reading() as connection:
        found = _found(connection, by, trade_mode, flow)
    if found is None:
        raise Problem(404, [Fault("", "not_found", {"value": f"{trade_mode} {flow}"})])
    return tagged(_shown(found))


@RESOURCE.put(
    _PATH,
    "putDefaults",
    Words("保存申报默认值", "Save declaration defaults"),
    details=Words("没有时新增（201）；已有时须带 If-Match。", "Made when there are none (201); changing them needs If-Match."),
    permission=Permission.PRODUCTS_WRITE,
    body=DefaultsBody,
    answer=Defaults,
    parameters=_MODE,
    etag=True,
    made=True,
    examples=[Example("export", Words("9610 出口", "9610 export"), lambda: _EXPORT)],
)
def put_defaults(by: Caller, body: Mapping[str, Any], trade_mode: str, flow: str) -> Response:
    """Make or replace the defaults of one mode and direction; lists that waited for them are checked again."""
    work = services()
    with work.database.begin() as uow:
        hold_defaults(uow, by.enterprise.id, trade_mode, flow)
        known = _found(uow.connection, by, trade_mode, flow)
        demand_match(_shown(known) if known else None)
        save_defaults(uow, by.enterprise.id, DefaultsEntry(trade_mode=trade_mode, flow=flow, **body), work.clock)
        recheck_lists(uow, by.enterprise.id, work.clock)
        saved = _found(uow.connection, by, trade_mode, flow)
    if saved is None:
        raise Problem(404, [Fault("", "not_found", {"value": f"{trade_mode} {flow}"})])
    return tagged(_shown(saved), 200 if known else 201)


def _found(connection: Connection, by: Caller, trade_mode: str, flow: str) -> DefaultsView | None:
    return defaults_of(connection, [by.enterprise.id]).get((by.enterprise.id, trade_mode, flow))


def _shown(found: DefaultsView) -> dict[str, object]:
    shown: dict[str, object] = Defaults().dump(asdict(found))
    return shown
