"""``/api/v1/credit``: an enterprise's credit as far as the caller may see it, and ratings that registered raters state."""

from collections.abc import Mapping
from typing import Any

from flask import request

from ccezone.accounts.rules import Permission
from ccezone.api.operations import Example, Resource
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.credit.queries import CreditRecord
from ccezone.credit.rules.scoring import Factor
from ccezone.credit.rules.visibility import Viewer
from ccezone.credit.service import Look, Statement, look_up, rejudge, state
from ccezone.enterprises.rules import Role
from ccezone.kernel.errors import Fault
from schemas.codes import rows
from schemas.rest.credit import CreditAnswer, RatingAnswer, RatingBody
from schemas.rest.words import Words

RESOURCE = Resource("信用", "Credit")


def known_code() -> str:
    return next(row["uscc"] for row in rows("example_parties") if row["key"] == "oranges")


_CODE = {
    "uscc": {
        "description": Words("统一社会信用代码", "Unified social credit code"),
        "examples": {"oranges": {"value": known_code()}},
    }
}


def _rating() -> dict[str, object]:
    return {"value": "AA", "document": "评级报告 2026-001", "valid_from": "2026-01-01", "valid_to": None, "note": ""}


@RESOURCE.get(
    "/credit/<string:uscc>",
    "getCredit",
    Words("查询企业信用", "Look an enterprise's credit up"),
    details=Words(
        "只返回公开的内容；查询本企业返回全部。每次查询都有记录。`fields` 说明包含哪些内容。",
        "What is public, and everything of one's own enterprise. Every look is kept. `fields` says what is included.",
    ),
    answer=CreditAnswer,
    parameters=_CODE,
)
def get_credit(by: Caller, uscc: str) -> dict[str, object]:
    """One enterprise's credit."""
    work = services()
    own = uscc in (by.enterprise.uscc, by.enterprise.customs_code) and by.principal.scope is None
    look = Look(Viewer.SELF if own else Viewer.PUBLIC, "api", by.principal, request.remote_addr or "")
    with work.database.begin() as uow:
        found = look_up(uow, work.book.zone, uscc[:40], look, work.clock)
    if found is None:
        raise Problem(404, [Fault("", "not_found", {"value": uscc[:40]})])
    return _shown(found, look.viewer)


@RESOURCE.post(
    "/credit/<string:uscc>/ratings",
    "stateRating",
    Words("报送第三方评级", "State a third-party rating"),
    details=Words(
        "仅限备案为信用评级机构的企业；登记后立即重新评价，更正时报送新的评级。",
        "For enterprises registered as credit-rating bodies. The enterprise is judged again at once; a correction is a new rating.",
    ),
    permission=Permission.CREDIT_WRITE,
    body=RatingBody,
    status=201,
    answer=RatingAnswer,
    examples=[Example("rating", Words("一份评级", "A rating"), _rating)],
    parameters=_CODE,
)
def post_rating(by: Caller, body: Mapping[str, Any], uscc: str) -> dict[str, object]:
    """Record a rating in the rater's own name."""
    if Role.RATING not in by.enterprise.roles:
        raise Problem(403, [Fault("", "credit_raters_only")])
    rated = by.parties.find(uscc)
    if rated is None:
        raise Problem(404, [Fault("", "not_found", {"value": uscc[:40]})])
    if rated.id == by.enterprise.id:
        raise Problem(422, [Fault("", "credit_own_rating")])
    work = services()
    said = (body["value"], by.enterprise.name, body["document"], body["valid_from"], body["valid_to"], body["note"])
    with work.database.begin() as uow:
        number = state(uow, rated.id, Statement(Factor.THIRD_PARTY.value, *said), by.principal.actor, work.clock)
        rejudge(uow, work.book.zone, [rated.id], work.clock)
    return {"id": number, "uscc": rated.uscc}


def _shown(found: CreditRecord, viewer: Viewer) -> dict[str, object]:
    firm, score = found.enterprise, found.score
    return {
        "uscc": found.uscc,
        "name": found.name,
        "viewer": viewer.value,
        "fields": sorted(found.fields),
        "roles": sorted(firm.roles) if firm and found.shows("roles") else [],
        "grade": score.grade.value if score else None,
        "score": score.score if score and found.shows("score") else None,
        "day": score.day if score else None,
        "evidence": [
            {
                "factor": each.factor,
                "value": each.value,
                "issuer": each.issuer,
                "valid_from": each.valid_from,
                "valid_to": each.valid_to,
            }
            for each in found.evidence
        ],
        "listings": [
            {
                "kind": each.kind,
                "ground": each.ground,
                "document": each.document,
                "since": each.listed_on,
                "until": each.listed_until,
            }
            for each in found.listings
        ],
    }
