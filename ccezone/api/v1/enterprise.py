"""``GET /api/v1/enterprise``: whose token this is, and what it may."""

from ccezone.api.operations import Resource
from ccezone.api.services import Caller
from schemas.rest.master_data import Enterprise
from schemas.rest.words import Words

RESOURCE = Resource("企业", "Enterprise")


@RESOURCE.get(
    "/enterprise", "getEnterprise", Words("本企业与令牌的权限", "The enterprise, and what the token may"), answer=Enterprise
)
def get_enterprise(by: Caller) -> dict[str, object]:
    """The caller's enterprise."""
    known = by.enterprise
    return {
        "id": known.id,
        "uscc": known.uscc,
        "customs_code": known.customs_code,
        "name": known.name,
        "name_en": known.name_en,
        "roles": sorted(known.roles),
        "node": known.node,
        "status": known.status,
        "auto_submit": known.auto_submit,
        "permissions": sorted(by.principal.permissions),
    }
