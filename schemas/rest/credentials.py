"""API credentials as the API takes and shows them; a token is shown once, where it is made."""

from marshmallow import Schema, fields

from schemas.rest.inputs import Input, Moment, refusals, text, whole
from schemas.rest.stored import shown_moment, shown_text, shown_texts
from schemas.rest.words import Words, labelled


class CredentialBody(Input):
    """A new credential."""

    name = text("用途说明", "What it is for", most=100, least=1)
    permissions = fields.List(
        fields.String(error_messages=refusals("not_text")),
        required=True,
        metadata=labelled("权限", "Permissions", help=Words("不超过本令牌自己的权限。", "None that this token lacks itself.")),
        error_messages=refusals("not_an_array"),
    )
    expires_at = Moment(load_default=None, allow_none=True, metadata=labelled("到期时间", "Expires at"))


class RotationBody(Input):
    """How long the present token shall live on beside the new one."""

    overlap_hours = whole("旧令牌继续有效的小时数", "Hours the old token works on", 0, 168, default=24)


class Credential(Schema):
    """A credential."""

    id = fields.UUID(required=True, metadata=labelled("标识", "Id"))
    name = shown_text("用途说明", "What it is for")
    hint = shown_text("令牌开头", "How its token begins")
    permissions = shown_texts("权限", "Permissions")
    created_at = shown_moment("发放时间", "Issued at")
    expires_at = shown_moment("到期时间", "Expires at", optional=True)
    revoked_at = shown_moment("吊销时间", "Revoked at", optional=True)
    rotated_at = shown_moment("更换时间", "Rotated at", optional=True)
    last_used_at = shown_moment("最近使用（精确到分钟）", "Last used, to the minute", optional=True)
    previous_hint = shown_text("旧令牌开头", "How the old token begins")
    previous_until = shown_moment("旧令牌有效至", "The old token works until", optional=True)


class IssuedCredential(Credential):
    """A credential with its token."""

    token = shown_text("令牌（只显示这一次）", "Token, shown this once")


class Credentials(Schema):
    """All credentials of the enterprise, the newest first."""

    credentials = fields.List(fields.Nested(Credential), required=True, metadata=labelled("凭证", "Credentials"))
