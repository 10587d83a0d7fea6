"""``/api/v1/webhooks``: where the enterprise's systems are told of what, the delivery log, replay, a test event."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from ccezone.accounts.rules import Permission
from ccezone.api.editable import demand_match, tagged
from ccezone.api.operations import Example, Resource
from ccezone.api.paging import as_uuid, cut, read_cursor
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.kernel.errors import Fault
from ccezone.notices.queries import webhooks as queries
from ccezone.notices.queries.webhooks import DeliveryView, EndpointView
from ccezone.notices.service import webhooks as service
from ccezone.storage import Connection
from ccezone.storage.holding import hold
from schemas.rest.webhooks import (
    DeliveriesQuery,
    DeliveryDetail,
    DeliveryPage,
    IssuedWebhook,
    ReplayBody,
    Replayed,
    SentTest,
    Webhook,
    WebhookBody,
    Webhooks,
)
from schemas.rest.words import Words

RESOURCE = Resource("事件推送", "Webhooks")
_ONCE = Words(
    "密钥只在答复中显示一次；请求按 Standard Webhooks 签名。",
    "Its secret is shown this once; calls are signed by Standard Webhooks.",
)
_MAY = Permission.WEBHOOKS_WRITE
_ID = {"webhook_id": {"description": Words("推送地址", "Endpoint")}}
_EVENT = {**_ID, "event_id": {"description": Words("事件（webhook-id）", "Event: webhook-id")}}
_ERP = {"url": "https://erp.example.com/hooks/ccezone", "note": "ERP", "kinds": ["list.state_changed", "batch.finished"]}
_LINKS = [(name, "webhook_id", "/id") for name in ("getWebhook", "putWebhook", "deleteWebhook", "testWebhook", "listDeliveries")]


@RESOURCE.get("/webhooks", "listWebhooks", Words("推送地址列表", "List endpoints"), permission=_MAY, answer=Webhooks)
def get_webhooks(by: Caller) -> dict[str, object]:
    """All endpoints of the enterprise."""
    with services().database.reading() as connection:
        return {"webhooks": [_plain(each) for each in queries.endpoints_of(connection, by.enterprise.id)]}


@RESOURCE.post(
    "/webhooks", "createWebhook", Words("新增推送地址", "Add an endpoint"), permission=_MAY, body=WebhookBody, status=201,
    details=_ONCE,
    answer=IssuedWebhook, links=_LINKS, examples=[Example("erp", Words("ERP 系统", "An ERP"), lambda: _ERP)],
)  # fmt: skip
def post_webhook(by: Caller, body: Mapping[str, Any]) -> dict[str, object]:
    """Add an endpoint."""
    work = services()
    with work.database.begin() as uow:
        hold(uow.connection, "webhooks", by.enterprise.id)
        issued = service.create_endpoint(
            uow,
            work.vault,
            by.enterprise.id,
            service.EndpointWish(**body),
            by.principal,
            work.clock,
            private_allowed=work.webhooks_private,
        )
        return {**_plain(_found(uow.connection, by, issued.endpoint_id)), "secret": issued.secret}


@RESOURCE.get(
    "/webhooks/<uuid:webhook_id>", "getWebhook", Words("推送地址", "An endpoint"), permission=_MAY, answer=Webhook,
    parameters=_ID, etag=True,
)  # fmt: skip
def get_webhook(by: Caller, webhook_id: UUID) -> Response:
    """One endpoint, with its ETag."""
    with services().database.reading() as connection:
        return tagged(_shown(_found(connection, by, webhook_id)))


@RESOURCE.put(
    "/webhooks/<uuid:webhook_id>", "putWebhook", Words("更改推送地址", "Change an endpoint"), permission=_MAY, body=WebhookBody,
    details=Words("须带 If-Match；重新启用后从新开始计失败。", "Needs If-Match; switched on again it starts afresh."),
    answer=Webhook, parameters=_ID, etag=True,
    examples=[Example("all", Words("推送全部事件", "All kinds of events"), lambda: {**_ERP, "kinds": []})],
)  # fmt: skip
def put_webhook(by: Caller, body: Mapping[str, Any], webhook_id: UUID) -> Response:
    """Change an endpoint."""
    work = services()
    with work.database.begin() as uow:
        hold(uow.connection, "webhooks", by.enterprise.id)
        demand_match(_shown(_found(uow.connection, by, webhook_id)))
        service.change_endpoint(
            uow,
            by.enterprise.id,
            webhook_id,
            service.EndpointWish(**body),
            by.principal,
            work.clock,
            private_allowed=work.webhooks_private,
        )
        return tagged(_shown(_found(uow.connection, by, webhook_id)))


@RESOURCE.delete(
    "/webhooks/<uuid:webhook_id>", "deleteWebhook", Words("删除推送地址", "Remove an endpoint"), permission=_MAY, status=204,
    details=Words("推送记录一并删除。", "Its delivery log goes with it."), parameters=_ID, etag=True,
)  # fmt: skip
def delete_webhook(by: Caller, webhook_id: UUID) -> Response:
    """Remove an endpoint."""
    work = services()
    with work.database.begin() as uow:
        hold(uow.connection, "webhooks", by.enterprise.id)
        demand_match(_shown(_found(uow.connection, by, webhook_id)))
        service.remove_endpoint(uow, by.enterprise.id, webhook_id, by.principal, work.clock)
    return Response(status=204)


@RESOURCE.post(
    "/webhooks/<uuid:webhook_id>/secret", "rotateWebhookSecret", Words("更换密钥", "Change the secret"), permission=_MAY,
    details=Words("24 小时内请求同时带新旧两个签名。", "For 24 hours calls carry a signature of each."),
    answer=IssuedWebhook, parameters=_ID,
)  # fmt: skip
def post_secret(by: Caller, webhook_id: UUID) -> dict[str, object]:
    """Give an endpoint a new secret."""
    work = services()
    with work.database.begin() as uow:
        issued = service.rotate_secret(uow, work.vault, by.enterprise.id, webhook_id, by.principal, work.clock)
        return {**_plain(_found(uow.connection, by, webhook_id)), "secret": issued.secret}


@RESOURCE.post(
    "/webhooks/<uuid:webhook_id>/test", "testWebhook", Words("发送测试", "Send a test"), permission=_MAY, status=202,
    answer=SentTest, parameters=_ID, links=[("getDelivery", "event_id", "/event")],
)  # fmt: skip
def post_test(by: Caller, webhook_id: UUID) -> dict[str, object]:
    """Send a test event."""
    work = services()
    with work.database.begin() as uow:
        return {"event": service.send_test(uow, by.enterprise.id, webhook_id, work.clock)}


@RESOURCE.post(
    "/webhooks/<uuid:webhook_id>/replay", "replayFailed", Words("补发未送达的事件", "Replay what failed"), permission=_MAY,
    body=ReplayBody, status=202, answer=Replayed, parameters=_ID,
    examples=[Example("since", Words("某时起", "Since a moment"), lambda: {"since": "2026-11-01T00:00:00+08:00"})],
)  # fmt: skip
def post_replays(by: Caller, body: Mapping[str, Any], webhook_id: UUID) -> dict[str, object]:
    """Deliver again every event since a moment that was given up."""
    work = services()
    with work.database.begin() as uow:
        number = service.replay_failed(uow, by.enterprise.id, webhook_id, body["since"], by.principal, work.clock)
        return {"events": number}


@RESOURCE.get(
    "/webhooks/<uuid:webhook_id>/deliveries", "listDeliveries", Words("推送记录", "Delivery log"), permission=_MAY,
    query=DeliveriesQuery, answer=DeliveryPage, parameters=_ID, links=[("getDelivery", "event_id", "/deliveries/0/event")],
)  # fmt: skip
def get_deliveries(by: Caller, query: Mapping[str, Any], webhook_id: UUID) -> dict[str, object]:
    """A page of an endpoint's delivery log."""
    after = read_cursor(query["after"], as_uuid)
    with services().database.reading() as connection:
        found = _found(connection, by, webhook_id)
        rows = queries.deliveries_of(connection, found.id, query["state"], query["kind"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.event_id)
    return {"deliveries": [_delivery(row) for row in page], "next": following}


@RESOURCE.get(
    "/webhooks/<uuid:webhook_id>/deliveries/<uuid:event_id>", "getDelivery", Words("一次推送", "A delivery"), permission=_MAY,
    answer=DeliveryDetail, parameters=_EVENT,
)  # fmt: skip
def get_delivery(by: Caller, webhook_id: UUID, event_id: UUID) -> dict[str, object]:
    """One delivery: its body and its attempts."""
    with services().database.reading() as connection:
        found = _found(connection, by, webhook_id)
        known = queries.delivery(connection, found.id, event_id)
        if known is None:
            raise Problem(404, [Fault("", "webhook_delivery_not_found", {"id": str(event_id)})])
        calls = queries.attempts_of(connection, found.id, event_id)
        return {**_delivery(known), "payload": queries.payload_of(connection, event_id), "calls": calls}


@RESOURCE.post(
    "/webhooks/<uuid:webhook_id>/deliveries/<uuid:event_id>/replay", "replayDelivery", Words("重新推送", "Replay a delivery"),
    permission=_MAY, status=202, answer=DeliveryDetail, parameters=_EVENT,
)  # fmt: skip
def post_replay(by: Caller, webhook_id: UUID, event_id: UUID) -> dict[str, object]:
    """Deliver one event again."""
    work = services()
    with work.database.begin() as uow:
        service.replay(uow, by.enterprise.id, webhook_id, event_id, by.principal, work.clock)
    return get_delivery(by, webhook_id, event_id)


def _found(connection: Connection, by: Caller, webhook_id: UUID) -> EndpointView:
    found = queries.endpoint(connection, by.enterprise.id, webhook_id)
    if found is None:
        raise Problem(404, [Fault("", "webhook_not_found", {"id": str(webhook_id)})])
    return found


def _plain(found: EndpointView) -> dict[str, object]:
    """What may be edited or is fixed; how calls fare is in the log, so that the ETag changes with edits alone."""
    return {
        "id": found.id,
        "url": found.url,
        "note": found.note,
        "kinds": found.kinds,
        "enabled": found.enabled,
        "disabled_because": found.disabled_because,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "former_secret_until": found.former_until,
    }


def _shown(found: EndpointView) -> dict[str, object]:
    shown: dict[str, object] = Webhook().dump(_plain(found))
    return shown


def _delivery(row: DeliveryView) -> dict[str, object]:
    return {
        "event": row.event_id,
        "kind": row.kind,
        "at": row.at,
        "state": row.state,
        "attempts": row.attempts,
        "next_attempt_at": row.due_at,
        "ended_at": row.ended_at,
        "last_status": row.status,
        "last_error": row.error,
    }
