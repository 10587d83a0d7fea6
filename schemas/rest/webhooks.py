"""Webhook endpoints and their delivery log, as the API takes and shows them; a secret is shown once, where it is made."""

from marshmallow import Schema, fields

from schemas.codes import rows
from schemas.rest.answers import following
from schemas.rest.inputs import Input, Moment, choice, refusals, text
from schemas.rest.queries import Paging
from schemas.rest.stored import shown_count, shown_flag, shown_moment, shown_text, shown_texts
from schemas.rest.words import Words, labelled

_STATES = ("waiting", "delivered", "failed")
_KINDS = tuple(row["code"] for row in rows("webhook_kinds"))


class WebhookBody(Input):
    """What may be said of an endpoint."""

    url = text("推送地址（公网 https）", "Address, public and https", most=500, least=1)
    note = text("用途说明", "What it is for", most=100, default="")
    kinds = fields.List(
        fields.String(error_messages=refusals("not_text")),
        load_default=list,
        metadata=labelled(
            "事件类型（空为全部）", "Kinds of events; none means all", help=Words("、".join(_KINDS), ", ".join(_KINDS))
        ),
        error_messages=refusals("not_an_array"),
    )
    enabled = fields.Boolean(
        load_default=True,
        truthy={True},
        falsy={False},
        metadata=labelled("启用", "Enabled"),
        error_messages=refusals("bad_value"),
    )


class Webhook(Schema):
    """An endpoint."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    url = shown_text("推送地址", "Address")
    note = shown_text("用途说明", "What it is for")
    kinds = shown_texts("事件类型（空为全部）", "Kinds of events; none means all")
    enabled = shown_flag("启用", "Enabled")
    disabled_because = shown_text(
        "停用原因（by_hand 手动，gone 对方答复 410，failing 连续失败）", "Why it is disabled: by_hand, gone (410), failing"
    )
    created_at = shown_moment("创建时间", "Created at")
    updated_at = shown_moment("更改时间", "Changed at")
    former_secret_until = shown_moment("旧密钥同时签名至", "The former secret signs too until", optional=True)


class IssuedWebhook(Webhook):
    """An endpoint with the secret that signs its calls."""

    secret = shown_text("签名密钥（只显示这一次）", "Signing secret, shown this once")


class Webhooks(Schema):
    """All endpoints of the enterprise, the oldest first."""

    webhooks = fields.List(fields.Nested(Webhook), required=True, metadata=labelled("推送地址", "Endpoints"))


class DeliveriesQuery(Paging):
    """Which deliveries."""

    state = choice("状态", "State", ["", *_STATES], default="")
    kind = choice("事件类型", "Kind of event", ["", *_KINDS], default="")


class DeliveryRow(Schema):
    """One event for one endpoint."""

    event = fields.UUID(required=True, metadata=labelled("事件标识（webhook-id）", "Id of the event: webhook-id"))
    kind = shown_text("事件类型", "Kind of event")
    at = shown_moment("发生时间", "Happened at")
    state = shown_text("状态（waiting 待推送，delivered 已送达，failed 未送达）", "State: waiting, delivered, failed")
    attempts = shown_count("已尝试次数", "Attempts made")
    next_attempt_at = shown_moment("下次尝试", "Next attempt", optional=True)
    ended_at = shown_moment("结束时间", "Ended at", optional=True)
    last_status = fields.Integer(required=True, allow_none=True, metadata=labelled("最近答复状态码", "Status last answered"))
    last_error = shown_text("最近失败原因", "Why nothing was answered last", optional=True)


class DeliveryPage(Schema):
    """A page of the delivery log, the newest event first."""

    deliveries = fields.List(fields.Nested(DeliveryRow), required=True, metadata=labelled("推送记录", "Deliveries"))
    next = following()


class Attempt(Schema):
    """One call."""

    at = shown_moment("时间", "At")
    status = fields.Integer(required=True, allow_none=True, metadata=labelled("答复状态码", "Status answered"))
    error = shown_text("没有答复的原因", "Why nothing was answered")
    milliseconds = shown_count("毫秒", "Milliseconds")
    excerpt = shown_text("答复开头", "Start of the answer")


class DeliveryDetail(DeliveryRow):
    """A delivery with its body, byte for byte, and its latest attempts."""

    payload = shown_text("推送内容", "Body as it is sent")
    calls = fields.List(fields.Nested(Attempt), required=True, metadata=labelled("各次尝试，最新在前", "Attempts, newest first"))


class ReplayBody(Input):
    """Since when what failed is sent again."""

    since = Moment(required=True, metadata=labelled("从何时起的事件", "Events since"))


class Replayed(Schema):
    """How many events are sent again."""

    events = shown_count("重新推送的事件数", "Events sent again")


class SentTest(Schema):
    """A test event that was sent."""

    event = fields.UUID(required=True, metadata=labelled("事件标识（webhook-id）", "Id of the event: webhook-id"))
