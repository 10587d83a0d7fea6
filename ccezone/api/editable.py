"""Resources that callers change: who changes one must have read it (RFC 9110: ETag, If-Match; RFC 6585: 428).

with services().database.begin() as uow:
    hold(uow.connection, "products", by.enterprise.id, item_no)
    demand_match(current)          # what it is now, as it would be shown; None when there is none
    save(...)
return tagged(shown)
"""

import hashlib
import json
from collections.abc import Mapping

from flask import Response, jsonify, request

from ccezone.api.problems import Problem
from ccezone.kernel.errors import Fault

Shown = Mapping[str, object]


def etag(shown: Shown) -> str:
    """Return the tag of a representation: a digest of it."""
    spelled = json.dumps(shown, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(spelled.encode()).hexdigest()[:32]


def tagged(shown: Shown, status: int = 200) -> Response:
    """Return a representation with its ETag; 304 to a GET whose ``If-None-Match`` knows it already."""
    tag = etag(shown)
    if request.method == "GET" and request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = jsonify(shown)
        response.status_code = status
    response.set_etag(tag)
    return response


def demand_match(current: Shown | None) -> None:
    """Judge ``If-Match`` and ``If-None-Match`` of a change. Raises ``Problem`` 412, and 428 when what exists goes unnamed."""
    if current is None:
        if request.if_match:
            raise Problem(412, [Fault("", "precondition_failed")])
        return
    if request.if_none_match.star_tag:
        raise Problem(412, [Fault("", "precondition_failed")])
    if not request.if_match:
        raise Problem(428, [Fault("", "precondition_required")])
    if not (request.if_match.star_tag or request.if_match.contains(etag(current))):
        raise Problem(412, [Fault("", "precondition_failed")])
