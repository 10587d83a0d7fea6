"""``/api/v1/credentials``: API credentials of the enterprise: issue, rotate with an overlap, revoke."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response

from ccezone.accounts import queries, service
from ccezone.accounts.rules import Permission
from ccezone.api.operations import Example, Resource
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection
from schemas.rest.credentials import Credential, CredentialBody, Credentials, IssuedCredential, RotationBody
from schemas.rest.words import Words

RESOURCE = Resource("凭证", "Credentials")
_LINKS = [(name, "credential_id", "/id") for name in ("getCredential", "rotateCredential", "revokeCredential")]
_ID = {"credential_id": {"description": Words("凭证", "Credential")}}
_KNOWN = {each.value for each in Permission}


@RESOURCE.get(
    "/credentials",
    "listCredentials",
    Words("凭证列表", "List credentials"),
    permission=Permission.CREDENTIALS_WRITE,
    answer=Credentials,
)
def get_credentials(by: Caller) -> dict[str, object]:
    """All credentials of the enterprise."""
    with services().database.reading() as connection:
        found = queries.credentials_of(connection, by.enterprise.id)
    return {"credentials": [asdict(each) for each in found]}


@RESOURCE.post(
    "/credentials",
    "issueCredential",
    Words("发放凭证", "Issue a credential"),
    permission=Permission.CREDENTIALS_WRITE,
    body=CredentialBody,
    status=201,
    links=_LINKS,
    answer=IssuedCredential,
    examples=[Example("erp", Words("ERP 系统", "An ERP"), lambda: {"name": "ERP", "permissions": ["bills:write", "bills:read"]})],
)
def post_credential(by: Caller, body: Mapping[str, Any]) -> dict[str, object]:
    """Issue a credential; its token is shown this once."""
    unknown = sorted({*body["permissions"]} - _KNOWN)
    if unknown:
        raise Refused(*(Fault("/permissions", "unknown_permission", {"value": each[:60]}) for each in unknown))
    work, granted = services(), [Permission(each) for each in body["permissions"]]
    with work.database.begin() as uow:
        issued = service.issue_credential(
            uow, by.enterprise.id, body["name"], granted, by.principal, work.clock, body["expires_at"]
        )
        uow.session.flush()
        return {**_shown(uow.connection, by, issued.id), "token": issued.token}


@RESOURCE.get(
    "/credentials/<uuid:credential_id>",
    "getCredential",
    Words("凭证", "A credential"),
    permission=Permission.CREDENTIALS_WRITE,
    answer=Credential,
    parameters=_ID,
)
def get_credential(by: Caller, credential_id: UUID) -> dict[str, object]:
    """One credential."""
    with services().database.reading() as connection:
        return _shown(connection, by, credential_id)


@RESOURCE.post(
    "/credentials/<uuid:credential_id>/rotate",
    "rotateCredential",
    Words("更换令牌", "Rotate a token"),
    details=Words("发放新令牌；旧令牌在所给小时数内继续有效。", "A new token; the old one works on for the hours given."),
    permission=Permission.CREDENTIALS_WRITE,
    body=RotationBody,
    answer=IssuedCredential,
    parameters=_ID,
    examples=[Example("day", Words("重叠一天", "A day's overlap"), lambda: {"overlap_hours": 24})],
)
def post_rotation(by: Caller, body: Mapping[str, Any], credential_id: UUID) -> dict[str, object]:
    """Give a credential a new token; it is shown this once."""
    work = services()
    with work.database.begin() as uow:
        hours = service.OVERLAP_HOURS if body["overlap_hours"] is None else body["overlap_hours"]
        issued = service.rotate_credential(uow, by.enterprise.id, credential_id, by.principal, work.clock, hours)
        uow.session.flush()
        return {**_shown(uow.connection, by, credential_id), "token": issued.token}


@RESOURCE.delete(
    "/credentials/<uuid:credential_id>",
    "revokeCredential",
    Words("吊销凭证", "Revoke a credential"),
    details=Words("数秒内失效；可再次吊销。", "It stops working within seconds; revoking again does no harm."),
    permission=Permission.CREDENTIALS_WRITE,
    status=204,
    parameters=_ID,
)
def delete_credential(by: Caller, credential_id: UUID) -> Response:
    """Revoke a credential, the caller's own too."""
    work = services()
    with work.database.begin() as uow:
        service.revoke_credential(uow, by.enterprise.id, credential_id, by.principal, work.clock)
    return Response(status=204)


def _shown(connection: Connection, by: Caller, credential_id: UUID) -> dict[str, object]:
    found = queries.credential(connection, by.enterprise.id, credential_id)
    if found is None:
        raise Problem(404, [Fault("", "not_found", {"value": str(credential_id)})])
    return asdict(found)
